"""Commands that say whose a work item is."""

from collections.abc import Callable, Iterator

from msgspec import UNSET

from trainboard.commanding.editing import edit
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, CommandError, Outcome
from trainboard.grammar.values import User
from trainboard.rendering.inert import inert

_ME = "me"


def change_people(
    call: Call, asking: Asking, plan: str, change: Callable[[tuple[str, ...]], ItemEdit]
) -> Iterator[Outcome]:
    """The people whom the command names, or who gives it, become assignees or cease to be.

    Args:
        call: names them.
        asking: who commands it, and of which item.
        plan: what it does; the names follow.
        change: what to change, by their names.
    """
    names = _name_people(call, asking) or (asking.who,)
    seen = asking.given.hint.item
    back = ItemEdit(assignees=seen.assignees) if seen and seen.assignees is not UNSET else None
    shown = ", ".join(inert(name, 80) for name in names)
    yield from edit(asking, f"{plan} {shown}", change(names), back)


def _name_people(call: Call, asking: Asking) -> tuple[str, ...]:
    """Their names at the platform, each once; none where nobody was named.

    Raises:
        CommandError: one is named by an id alone, which trackers do not take.
    """
    users = [each for each in call.find("user", tuple) or () if isinstance(each, User)]
    if any(user.is_id for user in users):
        raise CommandError("Write the name by which they sign in, and not a mention.")
    names = (asking.who if user.name.casefold() == _ME else user.name for user in users)
    return tuple(dict.fromkeys(names))
