"""Who is in which group of an organisation, also through other groups.

Source: "Azure DevOps Services REST API Reference", "Identities - Read Identities".
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from trainboard.azure_devops.calls import Call, Many
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.faults import NotSignedInError
from trainboard.errors import PermanentError

AT_ONCE = 40
MOST = 200
SCOPE = "Give the token the scope Identity (read), vso.identity, or put people themselves into the team."


class IdentityJson(msgspec.Struct, frozen=True, rename="camel"):
    """A person or group with the groups that it is in, directly or through others, by their descriptors.

    None in place of these: that was not told.
    """

    id: str
    descriptor: str = ""
    member_of: list[str] | None = None


def read_identities(organization: Organization, ids: Iterable[str]) -> Mapping[str, IdentityJson]:
    """Those people and groups by their ids in small letters; who is not there is left out. One call."""
    wanted = ",".join(dict.fromkeys(each.casefold() for each in ids))
    found = organization.read(
        Call(doing="see who is in a group"),
        lambda to: to.identity.read_identities(identity_ids=wanted, query_membership="ExpandedUp"),
        Many[IdentityJson | None],
    )
    return {each.id.casefold(): each for each in found.value if each is not None}


def is_in_any(organization: Organization, person: str, groups: Sequence[str]) -> bool:
    """True if the person is in one of the groups, False if surely in none. One call for forty groups.

    Args:
        organization: where they are.
        person: an id.
        groups: ids.

    Raises:
        PermanentError: it cannot be found out. The sentence says what is missing.
        TransientError: Azure DevOps does not answer.
    """
    if len(groups) > MOST:
        raise PermanentError(f"More than {MOST} groups are in the team: so many are not looked through.")
    known = _read_with_groups(organization, person, groups)
    found = known.get(person.casefold())
    names = [known[each.casefold()].descriptor if each.casefold() in known else "" for each in groups]
    above = None if found is None else found.member_of
    if above is not None and not set(above).isdisjoint(filter(None, names)):
        return True
    if above is None or not all(names):
        raise PermanentError("Azure DevOps does not tell who is in the groups that are in the team.")
    return False


def _read_with_groups(
    organization: Organization, person: str, groups: Sequence[str]
) -> Mapping[str, IdentityJson]:
    known: dict[str, IdentityJson] = {}
    try:
        for start in range(0, len(groups), AT_ONCE):
            known |= read_identities(organization, [person, *groups[start : start + AT_ONCE]])
    except (NotSignedInError, PermanentError) as error:
        raise PermanentError(f"{error} {SCOPE}") from error
    return known
