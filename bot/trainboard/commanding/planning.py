"""Commands that say something of the plan of an experiment, and what takes that back."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from trainboard.facts import RecordPlanWord, TrackExperiment
from trainboard.grammar.declaration import Asking, CommandError, Outcome, Plan, Undo
from trainboard.handlers.plans import note_tracking, note_word
from trainboard.linking import name_board
from trainboard.plan_sections import MAX_NAME_CHARACTERS
from trainboard.plans import PlanWord, Subject
from trainboard.policy import Project
from trainboard.read import Read, TrackedItem
from trainboard.rendering.inert import inert_code


def get_experiment(asking: Asking) -> TrackedItem:
    """The work item of an experiment that the comment stands on.

    Raises:
        CommandError: it is none.
    """
    if asking.item is None:
        raise CommandError("This is no work item of an experiment.")
    return asking.item


def find_obstacle(read: Read, project: Project, ref: str, names: Sequence[str], number: int) -> str:
    """Why the work item cannot show the experiment of that name from sprint `number` on, in Markdown.

    Empty where it can. It shows one experiment and no pattern, and each is shown in one place.
    """
    return _object_to_names(names) or _find_other(read, project, ref, names[0], number)


def _object_to_names(names: Sequence[str]) -> str:
    if len(names) > 1:
        return "A work item shows one experiment: leave one name there."
    if len(names[0]) > MAX_NAME_CHARACTERS:
        return f"The name of an experiment has at most {MAX_NAME_CHARACTERS} characters."
    if "*" in names[0]:
        return f"{inert_code(names[0])} is a pattern: write the name of one experiment."
    return ""


def _find_other(read: Read, project: Project, ref: str, name: str, number: int) -> str:
    """What else the work item is, or where else the experiment is shown."""
    board = name_board(project.tracker)
    shown = read.find_item_by_ref(board, ref)
    if shown is not None and shown.state != "gone":
        return f"This shows experiment {inert_code(shown.experiment)} already."
    if read.find_problem_by_ref(board, ref):
        return "This is a bug that was made of alerts."
    if read.has_report_at(board, ref):
        return "This is the report of a sprint."
    if read.find_refactoring_by_ref(board, ref):
        return "This is about a notebook that becomes scripts."
    known = read.find_item(project.name, name, number)
    if known is not None and known.state != "gone":
        return f"Work item {inert_code(known.ref)} shows that experiment in this sprint."
    return ""


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
