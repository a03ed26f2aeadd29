"""What is started."""

from datetime import datetime
from typing import ClassVar

from trainboard.budgets import Lane
from trainboard.effects.value import EffectValue
from trainboard.triggers import Argument, Origin


class StartPipeline(EffectValue, frozen=True, kw_only=True):
    """One run of a declared pipeline was started for whoever asked, or it is known why not.

    `asked` tells who asked for it and in which place of what was said: the id of a delivery or comment, and
    an index. `environment` is what it changes, empty where that is not known. Make it with
    `trainboard.run_requests.ask_for_run`.
    """

    project: str
    pipeline: str
    origin: Origin
    by: str
    asked: str
    at: datetime
    arguments: tuple[Argument, ...] = ()
    commit: str | None = None
    skipped: tuple[str, ...] = ()
    environment: str = ""

    lane: ClassVar[Lane] = Lane.COMMAND
    longest_pause_seconds: ClassVar[float] = 300.0

    @property
    def mailbox(self) -> str:
        """Each is started by itself."""
        return f"start:{self.project}/{self.asked}"

    @property
    def key(self) -> str:
        """One for each time that somebody asked."""
        return f"start-pipeline:{self.project}/{self.asked}"
