"""Who did something in an organisation, and who we are there.

Source: "Azure DevOps Services REST API Reference", "Connection Data".
"""

import msgspec

from trainboard.approvals import Person
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization

_GROUPS = frozenset({"aadgp", "vssgp"})
_SERVICES = frozenset({"aadsp", "s2s", "svc"})


class Identity(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody; `unique_name` is the address that they sign in with."""

    id: str = ""
    unique_name: str = ""


class Author(Identity, frozen=True, rename="camel"):
    """Somebody who wrote something; what stands before the dot of `descriptor` is their kind."""

    descriptor: str = ""

    @property
    def is_service(self) -> bool:
        """True for what is surely no person: a principal, a build service or Azure DevOps itself."""
        return self.descriptor.partition(".")[0] in _SERVICES


class Member(Author, frozen=True, rename="camel"):
    """Somebody in a team, or a group of people. Servers of old tell no `descriptor`."""

    is_container: bool = False

    @property
    def is_group(self) -> bool:
        """True for a group of Azure DevOps or of Microsoft Entra."""
        return self.is_container or self.descriptor.partition(".")[0] in _GROUPS


class Account(Identity, frozen=True, rename="camel"):
    """The account that signs in, with the name that people see."""

    provider_display_name: str = ""


class ConnectionJson(msgspec.Struct, frozen=True, rename="camel"):
    """Who we are."""

    authenticated_user: Account


def to_person(author: Author | None) -> Person | None:
    """The person, None for what is surely none."""
    if author is None or author.is_service:
        return None
    return Person(id=author.id, name=author.unique_name)


def is_by(author: Identity | None, me: Identity) -> bool:
    """True if `author` is the account that we are; ids are compared, for names are shared."""
    return author is not None and author.id.casefold() == me.id.casefold()


def read_me(organization: Organization) -> Account:
    """The account that signs in. One call."""
    call = Call(doing=f"see who we are in {organization.url}")
    found = organization.read(call, lambda to: to.location.get_connection_data(), ConnectionJson)
    return found.authenticated_user
