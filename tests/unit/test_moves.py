"""Repositories change their names, in chains, back, and beside each other; the settings have to follow."""

from datetime import timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from fakes.code import NOW
from fakes.read import CHURN
from trainboard.events import RepositoryMoved
from trainboard.moves import find_last, list_former, list_outdated, say_what, say_what_to_do


def moved(old, new, hours=0):
    """A repository of GitHub that got another name."""
    at = NOW + timedelta(hours=hours)
    return RepositoryMoved(old=f"github:{old}", new=f"github:{new}", at=at)


CHAIN = [moved("acme/a", "acme/b"), moved("Acme/B", "acme/c", 1), moved("x/y", "x/z", 2)]
BACK = [moved("acme/a", "acme/b"), moved("acme/b", "acme/a", 1)]


@pytest.mark.parametrize(
    ("moves", "address", "former"),
    [
        (CHAIN, "github:ACME/c", ("github:Acme/B", "github:acme/a")),
        (CHAIN, "github:acme/a", ()),
        (BACK, "github:acme/a", ("github:acme/b",)),
        ([], "local:churn", ()),
    ],
)
def test_former_names(moves, address, former):
    """The last one first, in whatever order the moves were heard."""
    assert {former} == {list_former(each, address) for each in permutations(moves)}


@pytest.mark.parametrize(
    ("moves", "address", "last"),
    [
        (CHAIN, "github:acme/A", CHAIN[1]),
        (CHAIN, "github:acme/b", CHAIN[1]),
        (CHAIN, "github:acme/c", None),
        (BACK, "github:acme/a", None),
    ],
)
def test_the_last_name(moves, address, last):
    """None for a repository that has its name still, or again."""
    assert {last} == {find_last(each, address) for each in permutations(moves)}


def test_what_has_to_be_changed_in_the_settings():
    """The tracker and the code of a project, in one sentence each; what is one place is told once."""
    churn = replace(CHURN, tracker="github:acme/a", code="github:x/y")
    both = replace(CHURN, name="both", tracker="github:x/y", code="github:x/y")
    outdated = list(list_outdated(CHAIN, [churn, both, CHURN]))

    told = [(each.project, each.key, each.move) for each in outdated]
    expected = [("churn", "tracker", CHAIN[1]), ("churn", "code", CHAIN[2]), ("both", "tracker", CHAIN[2])]
    assert expected == told
    happened, change = say_what(outdated[0]), say_what_to_do(outdated[0])
    assert (
        "github:acme/a is called github:acme/c now: what its webhooks tell belongs to no project." == happened
    )
    assert change.startswith(
        "Write tracker = \"github:acme/c\" for the project 'churn' in trainboard.toml and "
    )
