"""The people whom a command names."""

from trainboard.grammar.declaration import Asking, Call, CommandError
from trainboard.grammar.values import User

_ME = "me"


def name_people(call: Call, asking: Asking) -> tuple[str, ...]:
    """Their names at the platform, each once; none where nobody was named.

    Raises:
        CommandError: one is named by an id alone, which trackers do not take.
    """
    users = [each for each in call.find("user", tuple) or () if isinstance(each, User)]
    if any(user.is_id for user in users):
        raise CommandError("Write the name by which they sign in, and not a mention.")
    names = (asking.who if user.name.casefold() == _ME else user.name for user in users)
    return tuple(dict.fromkeys(names))
