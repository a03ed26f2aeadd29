"""Commands that end an experiment, whatever its runs say."""

from collections.abc import Iterator

from trainboard.commanding.editing import edit
from trainboard.commanding.planning import say
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, CommandError, Outcome
from trainboard.plans import INCONCLUSIVE

LONGEST_REASON = 300


def end(call: Call, asking: Asking, conclusion: str) -> Iterator[Outcome]:
    """The conclusion stands on the work item, which is closed.

    Args:
        call: gives a `reason`.
        asking: who says so, and of which item.
        conclusion: of `plans`.
    """
    reason = call.find("reason", str) or ""
    if len(reason) > LONGEST_REASON:
        raise CommandError(f"The reason must have at most {LONGEST_REASON} characters, not {len(reason):,}.")
    yield from say(asking, f"end the experiment as {conclusion}", "conclusion", conclusion, reason=reason)
    change = ItemEdit(state="closed", closed_as="not planned" if conclusion == INCONCLUSIVE else "done")
    yield from edit(asking, f"close this as {change.closed_as}", change, ItemEdit(state="open"))
