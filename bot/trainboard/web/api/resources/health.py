"""What cannot be read, what was missed, and what was given up."""

import msgspec

from trainboard.hooks import HookState
from trainboard.runs import Time
from trainboard.store import cursors, gaps, hook_states
from trainboard.store.gaps import Gap
from trainboard.web.api.asking import Nothing
from trainboard.web.api.operations import operation
from trainboard.web.api.resources.board import Reader, reader_of
from trainboard.web.site import Site

MAX_GAPS = 50


class ReaderOutage(msgspec.Struct, frozen=True, kw_only=True):
    """A run tracker that cannot be read since then; `reason` is what the last look met."""

    door: str
    since: Time
    reason: str


class MissedTime(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which `missing` deliveries did not reach us, of which some were recovered.

    What was sent before `blind_until` nobody can tell; null where all is known.
    """

    number: int
    source: str
    began_at: Time
    ended_at: Time
    found_at: Time
    blind_until: Time | None
    missing: int
    recovered: int


class SenderLook(msgspec.Struct, frozen=True, kw_only=True):
    """How far a sender's own memory was looked through, and since when it does not answer."""

    source: str
    until: Time | None
    unreachable_since: Time | None
    error: str | None


class HookCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many webhooks of a source stand in a state."""

    source: str
    state: HookState
    count: int


class BoardLack(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a project board lacks, and how a person adds it."""

    message: str
    fix: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong just now, of all projects.

    `dead_deliveries` and `failed_effects` count what was given up. `gaps` are the last fifty, the latest
    first.
    """

    readers: tuple[Reader, ...]
    outages: tuple[ReaderOutage, ...]
    dead_deliveries: int
    failed_effects: int
    lacks: tuple[BoardLack, ...]
    gaps: tuple[MissedTime, ...]
    senders: tuple[SenderLook, ...]
    hooks: tuple[HookCount, ...]


@operation("/api/v1/health", scope="health:read", group="Health")
def get_health(site: Site, _: Nothing) -> Health:
    """Run trackers that cannot be read, deliveries that were missed, hooks, and what was given up.

    Whether the service itself is ready says `/readyz`, without a token.
    """
    with site.database.read() as connection:
        troubles = site.find_troubles(connection)
        readers = site.list_readers(connection)
        missed = gaps.list_latest(connection, MAX_GAPS)
        looks = gaps.list_looks(connection)
        hooks = hook_states.count_states(connection)
        outages = cursors.list_outages(connection, [each.door for each in readers])
    return Health(
        readers=tuple(map(reader_of, readers)),
        outages=tuple(ReaderOutage(**msgspec.structs.asdict(each)) for each in outages),
        dead_deliveries=troubles.dead_deliveries,
        failed_effects=troubles.failed_effects,
        lacks=tuple(BoardLack(message=each.message, fix=each.fix) for each in troubles.lacks),
        gaps=tuple(map(_gap, missed)),
        senders=tuple(
            SenderLook(
                source=source,
                until=look.until,
                unreachable_since=look.unreachable_since,
                error=look.error,
            )
            for source, look in sorted(looks.items())
        ),
        hooks=tuple(
            HookCount(source=source, state=HookState(state), count=count)
            for (source, state), count in sorted(hooks.items())
        ),
    )


def _gap(gap: Gap) -> MissedTime:
    told = msgspec.structs.asdict(gap)
    del told["fates"]
    return MissedTime(**told, missing=gap.missing, recovered=gap.recovered)
