"""Whose word counts, and how far up it leads."""

from hypothesis import given
from hypothesis import strategies as st

from trainboard.item_links import MOST_STEPS, Link, LinkSource, combine

BOARD = "github:acme/plans"


def link(ref, source=LinkSource.WORDS, by=""):
    return Link(tracker=BOARD, ref=ref, source=source, by=by)


def above(pairs):
    """What stands above which item, as `combine` asks for it."""

    def list_parents(items):
        refs = [ref for _, ref in items]
        return [link(parent, LinkSource.CHILD, child) for child, parent in pairs if child in refs]

    return list_parents


def combined(found, unlinked=(), pairs=()):
    return combine(found, [(BOARD, ref) for ref in unlinked], above(pairs))


def test_an_item_stands_once_with_its_strongest_source():
    """A person's word says more than a run."""
    found = [link("1", LinkSource.RUN), link("1", LinkSource.PERSON, "ada"), link("2")]

    assert (link("1", LinkSource.PERSON, "ada"), link("2")) == combined(found)


def test_what_is_above_an_item_is_linked_too():
    """Up to the top, each naming the item below it; who names it directly names it directly."""
    pairs = [("1", "2"), ("2", "3"), ("9", "8")]

    assert (link("1"), link("2", LinkSource.CHILD, "1"), link("3", LinkSource.CHILD, "2")) == combined(
        [link("1")], pairs=pairs
    )
    assert (link("1"), link("2"), link("3", LinkSource.CHILD, "2")) == combined(
        [link("1"), link("2")], pairs=pairs
    )


def test_what_was_unlinked_leads_nowhere():
    """Neither to itself nor to what is above it, whoever else names it."""
    pairs = [("1", "2"), ("3", "4")]

    assert (link("3"), link("4", LinkSource.CHILD, "3")) == combined([link("1"), link("3")], "1", pairs)
    assert (link("1"),) == combined([link("1")], "2", pairs)


def test_items_above_each_other_in_a_circle_come_to_an_end():
    """And so does a chain that is longer than any tracker lets it be."""
    circle = [("1", "2"), ("2", "1")]
    chain = [(str(number), str(number + 1)) for number in range(1, 30)]

    assert ["1", "2"] == [each.ref for each in combined([link("1")], pairs=circle)]
    assert MOST_STEPS + 1 == len(combined([link("1")], pairs=chain))


REFS = st.sampled_from("12345")
LINKS = st.builds(link, REFS, st.sampled_from(LinkSource), st.sampled_from(["", "ada", "bob"]))


@given(st.lists(LINKS), st.lists(REFS), st.lists(st.tuples(REFS, REFS)), st.randoms())
def test_the_order_makes_no_difference(found, unlinked, pairs, random):
    """Shuffled and doubled, the same links come of it."""
    expected = combined(found, unlinked, pairs)
    for each in (found, unlinked, pairs):
        each.extend(list(each))
        random.shuffle(each)

    assert expected == combined(found, unlinked, pairs)
    assert not {each.ref for each in expected} & set(unlinked)
