"""What every effect has."""

from typing import ClassVar

import msgspec

from trainboard.budgets import Lane


class EffectValue(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="kind", omit_defaults=True):
    """A `paced` one waits between two applications, at most `longest_pace_seconds`.

    A failed one waits at most `longest_pause_seconds`.

    Its calls go in `lane`: when a platform's budget runs low, the more urgent lanes still go out. A
    `chore` changes nothing that people see; it is forgotten with the tick that asked for it.
    """

    lane: ClassVar[Lane] = Lane.CHATTER
    paced: ClassVar[bool] = False
    longest_pace_seconds: ClassVar[float] = 3600.0
    chore: ClassVar[bool] = False
    longest_pause_seconds: ClassVar[float] = 900.0
