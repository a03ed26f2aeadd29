"""`/sprint`: put a work item into another sprint."""

from collections.abc import Iterator

from msgspec import UNSET, UnsetType

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import NAME, choice
from trainboard.iterations import iteration
from trainboard.rendering.inert import inert, inert_code


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The item is in the sprint, which is made if it is one of the project's and is not there yet."""
    word = call.find("sprint", str) or ""
    back = _find_back(asking)
    if word == "backlog":
        yield from edit(asking, "take this out of its sprint", ItemEdit(sprint=None), back)
        return
    number = _find_number(word, asking)
    if isinstance(number, UnsetType):
        known = asking.read.list_iteration_names(asking.project.name)
        names = ", ".join(inert(name) for name in known) or "none"
        raise CommandError(f"There is no sprint {inert_code(word)}. Known are: {names}.")
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
    summary="put this into another sprint, or into none",
    parameters=(
        Parameter(
            name="sprint",
            about="where it goes",
            type=choice("next", "current", "backlog", other=NAME),
            required=True,
        ),
    ),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/sprint next", "/sprint backlog", '/sprint "Sprint 12"'),
    run=run,
)
