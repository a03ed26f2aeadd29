"""`/baseline`: say what an experiment is compared with."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import say
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import TEXT
from trainboard.plans import read_baseline
from trainboard.rendering.inert import inert_code

_NONE = "none"


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """Targets of the form `improves baseline` are reckoned from it."""
    text = call.find("baseline", str) or ""
    if text.strip().lower() == _NONE:
        yield from say(asking, "compare the experiment with what is written above", "baseline", "")
        return
    baseline = read_baseline(text)
    if not baseline:
        raise CommandError(
            "A baseline is `champion`, `alias:` and an alias, `run:` and the id of a run, or numbers such as "
            "`val_auc=0.91, rmse=3.2`."
        )
    yield from say(asking, f"compare the experiment with {inert_code(baseline)}", "baseline", baseline)


COMMAND = Command(
    name="baseline",
    summary="say what this experiment is compared with",
    parameters=(
        Parameter(name="baseline", about="an alias, a run, numbers, or none", type=TEXT, required=True),
    ),
    surfaces=ITEMS,
    role=Role.WRITE,
    guarded=True,
    examples=("/baseline champion", "/baseline run:4f2a91", "/baseline val_auc=0.91, rmse=3.2"),
    run=run,
)
