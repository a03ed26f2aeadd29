"""Patches say what they shall and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from trainboard.errors import PermanentError
from trainboard.trackers.azure_boards import patches
from trainboard.trackers.azure_boards.escaping import split_tags
from trainboard.trackers.azure_boards.patches import (
    change_tags,
    set_fields,
    set_markdown,
    to_assignee,
)

TAGS = st.lists(st.sampled_from(["ml", "ML", "tb:experiment", "Theirs", "x y", "é"]), max_size=5)


def shown(patch):
    return [(each.op, each.path, each.value) for each in patch]


@given(TAGS, TAGS, TAGS)
def test_tags_are_added_and_taken_whatever_their_case(held, add, remove):
    """What is taken is gone, what is added is there, and what nobody named is as it was."""
    held = split_tags("; ".join({tag.casefold(): tag for tag in held}.values()))
    changed = change_tags(held, add, remove)
    after = held if changed is UNSET else split_tags(changed)
    gone = {tag.casefold() for tag in remove}
    folded = [tag.casefold() for tag in after]
    assert len(folded) == len(set(folded))
    assert set(folded) == ({tag.casefold() for tag in [*held, *add]} - gone)
    kept = [tag for tag in held if tag.casefold() not in gone]
    assert kept == list(after[: len(kept)])


def test_fields_that_are_not_named_stay():
    """An unset field is not in the patch, an empty one is emptied."""
    patch = set_fields({"System.Title": "t", "System.AssignedTo": "", "System.State": UNSET})
    assert [("add", "/fields/System.Title", "t"), ("add", "/fields/System.AssignedTo", "")] == shown(patch)


def test_format_and_revision():
    """A field is turned to Markdown by its name, and a revision is tested before all."""
    assert [("add", "/multilineFieldsFormat/System.Description", "Markdown")] == shown(
        set_markdown("System.Description")
    )
    assert [("test", "/rev", 3)] == shown(patches.test_rev(3))


def test_one_person_or_nobody():
    """An item is given to one person, or to nobody."""
    assert ("ana@x", "") == (to_assignee(("ana@x",)), to_assignee(()))
    with pytest.raises(PermanentError):
        to_assignee(("ana@x", "ben@x"))
