"""Commands that say something of the plan of an experiment, and what takes that back."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from trainboard.facts import RecordPlanWord, TrackExperiment
from trainboard.grammar.declaration import Asking, CommandError, Outcome, Plan, Undo
from trainboard.handlers.plans import note_tracking, note_word
from trainboard.plans import PlanWord, Subject
from trainboard.read import TrackedItem
from trainboard.rendering.inert import inert_code


def get_experiment(asking: Asking) -> TrackedItem:
    """The work item of an experiment that the comment stands on.

    Raises:
        CommandError: it is none.
    """
    if asking.item is None:
        raise CommandError("This is no work item of an experiment.")
    return asking.item


def list_words(asking: Asking) -> Sequence[PlanWord]:
    """What was commanded here before."""
    item = get_experiment(asking)
    return asking.read.list_plan_words(item.tracker, item.ref)


def say(
    asking: Asking, plan: str, subject: Subject, value: str, *, key: str = "", reason: str = ""
) -> Iterator[Outcome]:
    """The word, the item shown anew, and what was said before, which undoes it.

    Args:
        asking: who commands it, and of which item.
        plan: what it does, as in `Plan`.
        subject: what it is about.
        value: what is said; nothing takes back what was said before.
        key: tells what it is about from others on the same subject.
        reason: why, in the person's own words.
    """
    item = get_experiment(asking)
    word = PlanWord(
        subject=subject, key=key, value=value, reason=reason, by=asking.who, at=asking.given.created_at
    )
    same = [each for each in list_words(asking) if (each.subject, each.key) == (subject, key)]
    before = same[-1] if same else PlanWord(subject=subject, key=key, by=asking.who, at=word.at)
    yield Plan(plan)
    yield from note_word(RecordPlanWord(tracker=item.tracker, ref=item.ref, word=word), asking.read)
    yield Undo(RecordPlanWord(tracker=item.tracker, ref=item.ref, word=before))


def track(asking: Asking, experiment: str, number: int, *, stopped: bool = False) -> Iterator[Outcome]:
    """The item shows the experiment from that sprint on, or no longer, and what takes that back."""
    fact = TrackExperiment(
        project=asking.project.name,
        experiment=experiment,
        number=number,
        tracker=asking.board,
        ref=asking.origin.ref,
        by=asking.who,
        at=asking.given.created_at,
        stopped=stopped,
    )
    shown = f"the runs of experiment {inert_code(experiment)}"
    yield Plan(f"show {shown} here no longer" if stopped else f"show {shown} here")
    yield from note_tracking(fact)
    yield Undo(replace(fact, stopped=not stopped))
