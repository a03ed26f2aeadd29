"""Who looks at the pages or asks the API, and what they may do."""

from enum import StrEnum
from typing import Literal

import msgspec

Scope = Literal[
    "board:read",
    "alerts:read",
    "calendar:read",
    "code:read",
    "deliveries:read",
    "deliveries:replay",
    "health:read",
    "metrics:read",
    "reports:read",
]
"""What a program may do."""

Right = Scope | Literal["settings:read"]
"""What a person may do as well."""


class Role(StrEnum):
    """What somebody who signed in may do: look, or also what changes something."""

    VIEWER = "viewer"
    OPERATOR = "operator"


_LOOK: frozenset[Right] = frozenset(
    {
        "board:read",
        "alerts:read",
        "calendar:read",
        "code:read",
        "deliveries:read",
        "health:read",
        "reports:read",
    }
)
_OPERATE: frozenset[Right] = frozenset({"deliveries:replay", "settings:read"})

RIGHTS: dict[Role, frozenset[Right]] = {Role.VIEWER: _LOOK, Role.OPERATOR: _LOOK | _OPERATE}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who proved who they are. `subject` is their id there, which no other person gets."""

    way: str
    subject: str
    name: str
    role: Role


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks just now.

    `person` is None for a program, which is called `name`. `projects` are the only ones that it may ask
    about, None for all. `csrf` goes into every form of the person's pages.
    """

    name: str
    rights: frozenset[Right]
    projects: frozenset[str] | None = None
    person: Person | None = None
    csrf: str = ""
