"""An experiment of which a rule of its plan holds is concluded, once."""

from msgspec.structs import replace
from sqlalchemy import Connection

from trainboard.applying import Outside
from trainboard.applying.asking import Due, ask
from trainboard.decision_rules import find_end
from trainboard.effects import EndExperiment
from trainboard.experiment_view import ExperimentView
from trainboard.facts import RecordPlanWord
from trainboard.plans import CONCLUDED, INCONCLUSIVE, PlanWord
from trainboard.store import plan_words
from trainboard.store.items import KnownItem
from trainboard.work_items import WorkItem


def end_by_rule(
    connection: Connection, known: KnownItem, item: WorkItem, view: ExperimentView, outside: Outside
) -> tuple[ExperimentView, Due]:
    """The view with the conclusion that a rule comes to, which is noted; the open item shall be closed then.

    Where anybody ever concluded it, or took a conclusion back, people decide.
    """
    may_end = item.state == "open" and view.is_settled
    rule = find_end(view.rules, view.judgements, view.usage) if may_end else None
    tracked = known.item
    if rule is None or plan_words.find_conclusion(connection, tracked.tracker, tracked.ref) is not None:
        return view, {}
    word = PlanWord(
        subject="conclusion",
        value=CONCLUDED if rule.concludes else INCONCLUSIVE,
        reason=rule,
        by="",
        at=outside.clock(),
    )
    plan_words.record(connection, RecordPlanWord(tracker=tracked.tracker, ref=tracked.ref, word=word))
    due = EndExperiment(project=tracked.project, experiment=tracked.experiment, number=tracked.number)
    return replace(view, conclusion=word), ask(connection, [due], outside)
