"""The state of one account's budget, and the arithmetic on it. No clock, no lock, no storage."""

from bisect import insort
from collections.abc import Iterable
from datetime import datetime
from math import ceil

import msgspec

from trainboard.budgets import Deferral, Lane, Notice, Quota, Window

SHARES = (100, 95, 90, 80, 70)
"""How much of a window each lane may fill, in percent."""

QUOTA_SHARES = (100, 99, 98, 97, 95)
"""How much of the platform's quota each lane may use up, in percent."""

SLACK_SECONDS = 15
"""A call may arrive so much later than it was admitted, and clocks of machines may differ by as much.

So long a spend counts beyond its window, and so far back a clock may seem to step and is believed.
"""

UNNAMED_SECONDS = 60.0
LONGEST_UNNAMED_SECONDS = 3600.0
KEPT_PROMISES = 500

Tally = list[tuple[int, int]]
"""Unix seconds and how many calls were admitted in each, oldest first."""


class Left(msgspec.Struct, kw_only=True):
    """What is left of the platform's quota, until Unix time `resets_at`."""

    limit: float
    remaining: float
    resets_at: float
    call_cost: float


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """How full a window is."""

    window: Window
    used: int


class Account(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What an account has spent and was told. All times are Unix seconds.

    `promises` holds for each lane the moments that deferred writes were told to come back at; `unnamed`
    counts limits in a row that named no time; `admitted` and `deferred` count calls by lane, for ever.
    """

    windows: tuple[Window, ...] = ()
    seen_at: float = 0.0
    reads: Tally = []
    writes: Tally = []
    promises: list[list[int]] = msgspec.field(default_factory=lambda: [[] for _ in Lane])
    blocked_until: float = 0.0
    unnamed: int = 0
    quota: Left | None = None
    admitted: list[int] = msgspec.field(default_factory=lambda: [0 for _ in Lane])
    deferred: list[int] = msgspec.field(default_factory=lambda: [0 for _ in Lane])

    def admit(self, now: datetime, lane: Lane, *, writes: bool) -> Deferral | None:
        """Count a call, or say how long it must wait."""
        at = self._heed_clock(now)
        self.seen_at = max(self.seen_at, at)
        self._forget(at)
        deferral = self._find_block(at, lane) or self._find_full(at, lane, writes=writes)
        if deferral is not None:
            self.deferred[lane] += 1
            return deferral
        self.admitted[lane] += 1
        _count(self.writes if writes else self.reads, ceil(at))
        if self.quota is not None:
            self.quota.remaining -= self.quota.call_cost
        if writes and self.promises[lane] and self.promises[lane][0] <= at:
            del self.promises[lane][0]
        return None

    def note(self, now: datetime, notice: Notice) -> float | None:
        """Learn from an answer; how many seconds the call that it refused must wait, None if it did not."""
        at = self._heed_clock(now)
        self._learn(at, notice.quota)
        wait = notice.wait_seconds
        if notice.limited and wait is None:
            if self.blocked_until <= at or self.unnamed == 0:  # others were under way with the first
                self.unnamed += 1
            wait = min(UNNAMED_SECONDS * 2.0 ** min(self.unnamed - 1, 32), LONGEST_UNNAMED_SECONDS)
        else:
            self.unnamed = 0
        if wait is not None:
            self.blocked_until = max(self.blocked_until, at + wait)
        return wait if notice.limited else None

    def blocked_seconds(self, now: datetime) -> float:
        """How long nothing at all may be sent, 0 if something may."""
        return max(0.0, self.blocked_until - now.timestamp())

    def find_remaining(self, now: datetime) -> float | None:
        """Calls that the platform still grants, None if it is not known."""
        left = self.quota
        if left is None or left.resets_at <= now.timestamp():
            return None
        return left.remaining / left.call_cost

    def list_used(self, now: datetime) -> list[Used]:
        """How full each window is."""
        at = now.timestamp()
        return [Used(window=window, used=self._used(window, at)) for window in self.windows]

    def _heed_clock(self, now: datetime) -> float:
        """The moment in Unix seconds. A clock that was set back takes everything along."""
        at = now.timestamp()
        back = int(self.seen_at - at - SLACK_SECONDS)
        if back > 0:
            self.seen_at -= back
            self.blocked_until -= back
            self.reads = [(second - back, calls) for second, calls in self.reads]
            self.writes = [(second - back, calls) for second, calls in self.writes]
            self.promises = [[second - back for second in lane] for lane in self.promises]
            if self.quota is not None:
                self.quota.resets_at -= back
        return at

    def _forget(self, at: float) -> None:
        _prune(self.reads, at, max((each.seconds for each in self.windows if each.read), default=0))
        _prune(self.writes, at, max((each.seconds for each in self.windows), default=0))
        for lane in self.promises:
            while lane and lane[0] + SLACK_SECONDS < at:
                del lane[0]
        if self.quota is not None and self.quota.resets_at <= at:
            self.quota = None

    def _find_block(self, at: float, lane: Lane) -> Deferral | None:
        if self.blocked_until > at:
            return Deferral(self.blocked_until - at, "the platform asked us to slow down")
        left = self.quota
        if (
            left is not None
            and left.remaining - left.call_cost < left.limit * (100 - QUOTA_SHARES[lane]) / 100
        ):
            return Deferral(left.resets_at - at, "what the platform grants is used up")
        return None

    def _find_full(self, at: float, lane: Lane, *, writes: bool) -> Deferral | None:
        full = next((each for each in self.windows if self._is_full(each, at, lane, writes=writes)), None)
        if full is None:
            return None
        moment = self._promise(at, lane) if writes else self._free_at(full, at, lane, full.read, ())
        return Deferral(moment - at, f"the {full.name.replace('_', ' of one ')} are used up")

    def _is_full(self, window: Window, at: float, lane: Lane, *, writes: bool) -> bool:
        cost = window.write if writes else window.read
        return cost > 0 and self._used(window, at) + cost > _share(window, lane)

    def _used(self, window: Window, at: float) -> int:
        since = at - window.seconds - SLACK_SECONDS
        reads = _calls_after(self.reads, since) if window.read else 0
        return reads * window.read + _calls_after(self.writes, since) * window.write

    def _promise(self, at: float, lane: Lane) -> int:
        """When a write that must wait will find room, behind those that wait already.

        Without this all would come back at the moment at which there is room for one. Who comes while
        a promise is due is taken for the one to whom it was made, and keeps its place.
        """
        mine = self.promises[lane]
        due = [second for second in mine if second <= at]
        ahead = [*(due[1:] if due else mine), *(each for above in self.promises[:lane] for each in above)]
        moment = ceil(max(self._free_at(each, at, lane, each.write, ahead) for each in self.windows))
        del mine[: len(due[:1])]
        insort(mine, moment)
        del mine[:-KEPT_PROMISES]
        return moment

    def _free_at(self, window: Window, at: float, lane: Lane, cost: int, ahead: Iterable[int]) -> float:
        """When the window has room for `cost`, if all that come back before take theirs."""
        lasts = window.seconds + SLACK_SECONDS
        spends = [(second + lasts, calls * window.read) for second, calls in self.reads]
        spends += [(second + lasts, calls * window.write) for second, calls in self.writes]
        spends += [(second + lasts, window.write) for second in ahead]
        standing = sorted(each for each in spends if each[0] > at)
        over = sum(amount for _, amount in standing) + cost - _share(window, lane)
        moment = at
        for ends, amount in standing:
            if over <= 0:
                break
            over -= amount
            moment = ends
        return moment

    def _learn(self, at: float, quota: Quota | None) -> None:
        """Of one period the least that was said counts: answers overtake each other."""
        if quota is None:
            return
        told = Left(
            limit=quota.limit,
            remaining=quota.remaining,
            resets_at=at + quota.resets_in_seconds,
            call_cost=quota.call_cost,
        )
        known = self.quota
        if known is None or known.resets_at + SLACK_SECONDS < told.resets_at:
            self.quota = told
        else:
            known.remaining = min(known.remaining, told.remaining)


def _share(window: Window, lane: Lane) -> int:
    return window.most * SHARES[lane] // 100


def _count(tally: Tally, second: int) -> None:
    """One call more, never before the last one: another process's clock may be ahead."""
    last, calls = tally[-1] if tally else (second, 0)
    if tally and second <= last:
        tally[-1] = (last, calls + 1)
    else:
        tally.append((second, 1))


def _prune(tally: Tally, at: float, seconds: int) -> None:
    gone = 0
    while gone < len(tally) and tally[gone][0] + seconds + SLACK_SECONDS <= at:
        gone += 1
    del tally[:gone]


def _calls_after(tally: Tally, since: float) -> int:
    total = 0
    for second, calls in reversed(tally):
        if second <= since:
            break
        total += calls
    return total
