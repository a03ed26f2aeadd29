"""`/sprint`: put a work item into another sprint; plan the next one; set and judge goals."""

from collections.abc import Iterator

from msgspec import UNSET, UnsetType

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.commanding.goals import talk_of_goal
from trainboard.comments import Role
from trainboard.effects import SuggestPlan
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter, Plan
from trainboard.grammar.values import NAME, TEXT, choice
from trainboard.iterations import iteration
from trainboard.rendering.inert import inert, inert_code


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """A plan or a goal, as the first word says; else the item is in the sprint of that name.

    A sprint of the project's that is not there yet is made.
    """
    word, text, of = (call.find(name, str) or "" for name in ("sprint", "text", "of"))
    if word == "goal":
        yield from talk_of_goal(text, _get_number(of, asking) if of else None, asking)
    elif text:
        raise CommandError("It takes no more than this. Quote what has spaces in it.")
    elif word == "plan":
        yield from _plan(_get_number(of or "next", asking), asking)
    elif of:
        raise CommandError(
            f"{inert_code('of=')} goes with {inert_code('goal')} and {inert_code('plan')} only."
        )
    else:
        yield from _move(word, asking)


def _plan(number: int, asking: Asking) -> Iterator[Outcome]:
    current = asking.read.current_iteration(asking.project.name).number
    if number <= current:
        raise CommandError("Only a sprint that has not begun can be planned.")
    yield Plan("tell what fits into the sprint, and change nothing")
    yield SuggestPlan(project=asking.project.name, number=number, origin=asking.origin, asked=asking.key)


def _move(word: str, asking: Asking) -> Iterator[Outcome]:
    back = _find_back(asking)
    if word == "backlog":
        yield from edit(asking, "take this out of its sprint", ItemEdit(sprint=None), back)
        return
    number = _get_number(word, asking)
    name = asking.read.find_iteration_name(asking.project.name, number)
    shown = name or iteration(asking.project.sprint, number).name
    yield from edit(asking, f"put this into {inert(shown)}", ItemEdit(sprint=number), back)


def _find_back(asking: Asking) -> ItemEdit | None:
    """What puts it back where it is, None where that is not known."""
    seen = asking.given.hint.item
    if seen is None or (seen.iteration is UNSET and seen.sprint is UNSET):
        return None
    if seen.iteration is not UNSET:
        return ItemEdit(iteration=seen.iteration)
    number = asking.read.find_iteration(asking.project.name, seen.sprint or "") if seen.sprint else None
    return ItemEdit(sprint=number) if number is not None or not seen.sprint else None


def _get_number(word: str, asking: Asking) -> int:
    number = _find_number(word, asking)
    if isinstance(number, UnsetType):
        known = asking.read.list_iteration_names(asking.project.name)
        names = ", ".join(inert(name) for name in known) or "none"
        raise CommandError(f"There is no sprint {inert_code(word)}. Known are: {names}.")
    return number


def _find_number(word: str, asking: Asking) -> int | UnsetType:
    current = asking.read.current_iteration(asking.project.name).number
    if word in {"current", "next"}:
        return current + (word == "next")
    found = asking.read.find_iteration(asking.project.name, word)
    if found is not None:
        return found
    ahead = (current + step for step in range(asking.project.create_ahead + 1))
    named = (each for each in ahead if _is_named(word, each, asking))
    return next(named, UNSET)


def _is_named(word: str, number: int, asking: Asking) -> bool:
    return iteration(asking.project.sprint, number).name.casefold() == word.casefold()


COMMAND = Command(
    name="sprint",
    summary="put this into another sprint, or into none; tell what fits into the next; set and judge goals",
    parameters=(
        Parameter(
            name="sprint",
            about="where it goes; or what is wanted of the sprint as a whole",
            type=choice("next", "current", "backlog", "plan", "goal", other=NAME),
            required=True,
        ),
        Parameter(
            name="text",
            about="with `goal`: the goal; or `met` or `missed` with a reason; nothing asks for it",
            type=TEXT,
        ),
        Parameter(
            name="of",
            about="with `goal` and `plan`: which sprint is meant, where that is another than usual",
            type=choice("next", "current", other=NAME),
            option=True,
        ),
    ),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=(
        "/sprint next",
        "/sprint backlog",
        '/sprint "Sprint 12"',
        "/sprint plan",
        "/sprint goal of=next Beat the baseline on the new labels",
        "/sprint goal met two seeds agree",
    ),
    run=run,
)
