"""Teams of organisations: whether they are there, and who is in them.

Source: GitHub Docs, "REST API endpoints for team members", "Get team membership for a user"; "REST API
endpoints for teams", "Get a team by name".
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import msgspec

from trainboard.errors import MissingError, PermanentError
from trainboard.github.calls import Call
from trainboard.github.client import Client
from trainboard.github.credentials import NotGrantedError

PERMISSIONS = {"members": "read", "metadata": "read"}
"""What it takes to see who is in a team."""

_ACTIVE = "active"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


class MembershipJson(msgspec.Struct, frozen=True):
    """Whether somebody is in a team, or was only invited."""

    state: str


def is_team_name(name: str) -> bool:
    """True for `organisation/slug`, whether or not there is such a team."""
    return _NAME.fullmatch(name) is not None


def is_member(client: Client, team: str, login: str) -> bool:
    """True if that account is in the team or in one below it; whoever was only invited is not.

    False too where there is no such team: see `check_team`. One call.

    Args:
        client: signs in with `PERMISSIONS`.
        team: `organisation/slug`.
        login: the account's name.

    Raises:
        PermanentError: we may not see that.
    """
    path = f"{_name(team)}/memberships/{quote(login, safe='')}"
    call = Call(doing=f"see whether {login} is in team {team}", path=path)
    with _permission_named():
        try:
            return client.get(call, MembershipJson).state == _ACTIVE
        except MissingError:
            return False


def check_team(client: Client, team: str) -> None:
    """That the team is there, and that we may see it. One call.

    Raises:
        MissingError: it is not there, or not shown to us.
        PermanentError: we may not see that.
    """
    with _permission_named():
        client.get(Call(doing=f"see team {team}", path=_name(team)), msgspec.Raw)


def _name(team: str) -> str:
    organization, _, slug = team.partition("/")
    return f"/orgs/{quote(organization, safe='')}/teams/{quote(slug, safe='')}"


@contextmanager
def _permission_named() -> Iterator[None]:
    try:
        yield
    except MissingError:
        raise
    except (NotGrantedError, PermanentError) as error:
        raise PermanentError(f"{error} Grant the App Members: read.") from error
