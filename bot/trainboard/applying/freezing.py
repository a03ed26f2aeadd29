"""What a sprint came to, kept for good."""

from trainboard.applying import Outside
from trainboard.applying.report_letters import freeze
from trainboard.effects import FreezeReport

APPLIES = FreezeReport


def apply(effect: FreezeReport, outside: Outside) -> None:
    """Keep it, unless it is kept.

    Raises:
        NotYetError: nobody could look yet at what stood in the sprint at its end.
    """
    freeze(effect.project, effect.number, outside)
