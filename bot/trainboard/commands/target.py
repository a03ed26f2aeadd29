"""`/target`: say what an experiment must reach."""

from collections.abc import Iterator

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.planning import get_experiment, list_words, say
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Confirm, Outcome, Parameter
from trainboard.grammar.values import TARGET
from trainboard.plans import write_key
from trainboard.rendering.inert import inert_code
from trainboard.targets import Target, is_easier


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """It counts before what is written above of the same metric, split and direction."""
    target = call.find("target", Target)
    if target is None:
        raise CommandError("Say what is to be reached, such as `val_f1 >= 0.9`.")
    key, item = write_key(target), get_experiment(asking)
    if call.find("drop", bool):
        yield from _drop(key, asking)
        return
    known = [judgement.target for judgement in asking.read.list_judgements_of_item(item)]
    before = next((each for each in known if write_key(each) == key), None)
    plan = f"hold the experiment to {inert_code(str(target))}"
    if before is not None and is_easier(target, before):
        plan += f", which is easier than {inert_code(str(before))}"
        yield Confirm()
    yield from say(asking, plan, "target", str(target), key=key)


def _drop(key: str, asking: Asking) -> Iterator[Outcome]:
    said = [word for word in list_words(asking) if (word.subject, word.key) == ("target", key) and word.value]
    if not said:
        raise CommandError("No such target was commanded. What is written in the text is taken out there.")
    yield Confirm()
    shown = inert_code(said[-1].value)
    yield from say(asking, f"hold the experiment to {shown} no more", "target", "", key=key)


COMMAND = Command(
    name="target",
    summary="say what this experiment must reach",
    parameters=(
        Parameter(name="target", about="a metric, a comparison and a number", type=TARGET, required=True),
        Parameter(name="drop", about="take back the target of that metric that was commanded"),
    ),
    surfaces=ITEMS,
    role=Role.WRITE,
    guarded=True,
    examples=(
        "/target val_auc >= 0.92",
        "/target rmse improves champion by >= 2%, lower is better",
        "/target val_auc >= 0.92 over n>=3 seeds",
        "/target --drop val_auc >= 0.92",
    ),
    run=run,
)
