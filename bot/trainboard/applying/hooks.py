"""The hooks that feed a source shall work, and what they did not tell shall be in the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from trainboard.applying import Outside
from trainboard.applying.looking_back import ON_ITS_WAY, OVERLAP, LookBack
from trainboard.effects import KeepHooks
from trainboard.errors import PermanentError, TrainboardError
from trainboard.hooks import REPAIRABLE, Hook, Hooks
from trainboard.store import gaps, hook_states
from trainboard.store.gaps import Look

APPLIES = KeepHooks

KEPT = timedelta(days=7)
"""So far back is asked what changed."""

SHORTEST_PROBATION = timedelta(minutes=20)
"""Azure DevOps drops events for at least so long. Source: "Troubleshoot service hooks"."""

_log = structlog.get_logger(__name__)


def apply(effect: KeepHooks, outside: Outside) -> None:
    """Mend what does not work; where something did not, fetch what it did not tell.

    That something may be missing is written down before anything is mended, so that a process which
    dies in between is followed by one that looks back as far. After a repair the next look looks back
    once more: what happened just before may not be listed yet. A refusal is written down and not tried
    again before the next look.
    """
    hooks = outside.hooks.get(effect.source)
    if hooks is None:
        return
    with outside.database.read() as connection:
        look = gaps.get_look(connection, effect.source)
    keeping = _Keeping(effect.source, hooks, outside, look, outside.clock())
    try:
        keeping.run()
    except TrainboardError as error:
        with outside.database.write() as connection:
            gaps.fail(connection, effect.source, outside.clock(), str(error))
        if not isinstance(error, PermanentError):
            raise
        _log.warning("hooks could not be kept", sender=effect.source, reason=str(error))


@dataclass
class _Keeping:
    source: str
    hooks: Hooks
    outside: Outside
    look: Look
    now: datetime

    def run(self) -> None:
        """Look, mend, look back, and note how far we came."""
        found = self.hooks.list_all()
        broken = [hook for hook in found if self._is_broken(hook, found)]
        doubtful_since = self._find_doubt(broken)
        with self.outside.database.write() as connection:
            hook_states.record(connection, self.source, found, self.now)
            if doubtful_since is not None:
                gaps.doubt(connection, self.source, doubtful_since)
        failure = self._mend(broken)
        if doubtful_since is not None:
            self._look_back(doubtful_since)
        until = self.now - ON_ITS_WAY
        with self.outside.database.write() as connection:
            gaps.advance(connection, self.source, until, doubtful_since=until if broken else None)
        if failure is not None:
            raise failure

    def _is_broken(self, hook: Hook, found: Sequence[Hook]) -> bool:
        """What people switched off is theirs; where no hook was ever made, nobody asked us for any."""
        asked = any(each.place == hook.place and each.id is not None for each in found)
        return asked and hook.state in REPAIRABLE

    def _find_doubt(self, broken: Sequence[Hook]) -> datetime | None:
        """From when on something may be missing: also where a hook may have failed and recovered unseen."""
        if self.look.doubtful_since is not None:
            return self.look.doubtful_since
        until = self.look.until
        unseen = until is not None and self.now - until > SHORTEST_PROBATION
        return (until or self.now - KEPT) if broken or unseen else None

    def _mend(self, broken: Sequence[Hook]) -> TrainboardError | None:
        """Mend each; the first refusal, if there is one."""
        failure: TrainboardError | None = None
        for hook in broken:
            try:
                mended = self.hooks.repair(hook)
            except PermanentError as error:
                failure = failure or error
                continue
            with self.outside.database.write() as connection:
                hook_states.note_repair(connection, self.source, mended, self.now)
            _log.warning("hook mended", sender=self.source, place=hook.place, hook=hook.name, was=hook.state)
        return failure

    def _look_back(self, doubtful_since: datetime) -> None:
        look_back = LookBack(self.source, self.hooks, self.outside, self.look, self.now)
        horizon = self.now - KEPT
        missing = look_back.list_missing(max(doubtful_since - OVERLAP, horizon))
        if doubtful_since < horizon:
            look_back.note_blindness(doubtful_since, horizon)
        try:
            look_back.fetch(missing)
        finally:
            look_back.report()
