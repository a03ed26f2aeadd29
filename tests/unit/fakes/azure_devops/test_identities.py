"""The stand-in knows people, groups and what they may do as Azure DevOps does."""

import pytest

from fakes.azure_devops.asking import refuse
from fakes.azure_devops.state import Identity

CSS = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3"
AREA = "vstfs:///Classification/Node/area"


@pytest.fixture
def group(org):
    return org.add_identity(
        Identity("Contributors", "contributors", "group", members=frozenset({org.ana.id}))
    )


def test_identities_are_read(org, clients, group):
    """By id, by either descriptor or by mail; what is unknown is null."""
    read = clients.identity.read_identities
    ana = read(search_filter="General", filter_value="ANA@acme.example", query_membership="ExpandedUp")[0]
    assert (org.ana.id, "Ana Example", 1) == (ana.id, ana.provider_display_name, len(ana.member_of))
    assert [ana.id] == [each.id for each in read(descriptors=ana.descriptor)]
    assert [ana.id] == [each.id for each in read(subject_descriptors=ana.subject_descriptor)]
    assert [ana.id, None] == [each and each.id for each in read(identity_ids=f"{org.ana.id},{org.url}")]
    assert [] == read(identity_ids=org.ana.id)[0].member_of
    assert "Ana Example" == clients.identity.read_identity(org.ana.id).provider_display_name
    refuse("IdentityNotFoundException", clients.identity.read_identity, "odd")
    refuse("ArgumentException", read)


def test_memberships(org, clients, group):
    """Both ways, and as a question that is answered by its status alone."""
    up = clients.graph.list_memberships(org.ana.descriptor)
    down = clients.graph.list_memberships(group.descriptor, direction="down")
    pair = (group.descriptor, org.ana.descriptor)
    assert [pair] == [(each.container_descriptor, each.member_descriptor) for each in up]
    assert [pair] == [(each.container_descriptor, each.member_descriptor) for each in down]
    clients.graph.check_membership_existence(org.ana.descriptor, group.descriptor)
    with pytest.raises(Exception, match="404"):
        clients.graph.check_membership_existence(org.ben.descriptor, group.descriptor)
    refuse("GraphSubjectNotFoundException", clients.graph.list_memberships, "aad.odd")


def test_descriptors_and_keys(org, clients):
    """One leads to the other."""
    assert org.ana.descriptor == clients.graph.get_descriptor(org.ana.id).value
    assert org.ana.id == clients.graph.get_storage_key(org.ana.descriptor).value
    refuse("StorageKeyNotFoundException", clients.graph.get_descriptor, "odd")


def test_permissions_of_others(org, clients):
    """They are told by the descriptor; nothing is told of somebody without any."""
    org.grant(CSS, AREA, org.ana, 48)
    people = {
        each.id: each.descriptor
        for each in clients.identity.read_identities(identity_ids=f"{org.ana.id},{org.ben.id}")
    }
    found = clients.security.query_access_control_lists(
        CSS, f"{AREA}:below", descriptors=",".join(people.values()), include_extended_info=True
    )[0]
    assert 48 == found.aces_dictionary[people[org.ana.id]].extended_info.effective_allow
    assert None is found.aces_dictionary[people[org.ben.id]].extended_info.effective_allow


def test_permissions_of_the_caller(org, clients):
    """The caller asks for itself."""
    org.grant(CSS, AREA, org.bot, 48)
    assert [True, False] == clients.security.has_permissions(CSS, 32, f"{AREA},other")


def test_namespaces(clients):
    """A namespace names its permissions."""
    found = clients.security.query_security_namespaces(CSS)
    assert 32 == {each.name: each.bit for each in found[0].actions}["WORK_ITEM_WRITE"]
