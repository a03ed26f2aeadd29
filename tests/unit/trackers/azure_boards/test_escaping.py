"""What comes from outside means itself in a query, a patch, a URL and a list of tags, or is refused."""

import re
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.azure_devops.ids import to_id
from trainboard.errors import MissingError, PermanentError
from trainboard.trackers.azure_boards.escaping import (
    check_guid,
    check_node_name,
    check_segment,
    check_tag,
    check_text,
    check_title,
    join_tags,
    path_of_field,
    quote_wiql,
    split_tags,
)

ODD = st.text(st.sampled_from("ab'\"\\/;,:[]<>&#$|?*+.~ \n\t\0\x85%éß🚀"), max_size=12)
ANY = st.one_of(ODD, st.text(max_size=40))


@given(ANY)
def test_wiql_string_ends_where_it_should(text):
    """A quoted text is one string of WIQL that reads as the text, or it is refused."""
    try:
        quoted = quote_wiql(text)
    except PermanentError:
        assert re.search(r"[\x00-\x1f\x7f-\x9f]", text)
        return
    assert re.fullmatch("'(?:[^']|'')*'", quoted)
    assert text == quoted[1:-1].replace("''", "'")


@given(ANY)
def test_field_path_has_two_steps(name):
    """A path of a patch leads to a field and nowhere else, or the name is refused."""
    try:
        path = path_of_field(name)
    except PermanentError:
        return
    assert ["", "fields", name] == path.split("/")
    assert set(name) <= set(ascii_letters + "_.0123456789")


@pytest.mark.parametrize("name", ["Title", "System.", ".Title", "System.Title/0", "System~1Title", "Ü.x", ""])
def test_field_name_that_is_none_is_refused(name):
    """What is not the reference name of a field is no part of a patch."""
    with pytest.raises(PermanentError):
        path_of_field(name)


@given(ANY)
def test_segment_stays_one(name):
    """A name that may stand in a URL is no way up, and holds nothing that parts a path."""
    try:
        checked = check_segment(name, "project")
    except ValueError:
        return
    assert name == checked
    assert name not in {"", ".", ".."}
    assert not set("/\\\n\0") & set(name)


@given(st.lists(ANY, max_size=8))
def test_tags_come_back(tags):
    """Tags that are joined are split into the same, each once whatever its case, or they are refused."""
    try:
        joined = join_tags(tags)
    except PermanentError:
        return
    once = {tag.casefold(): tag for tag in reversed(tags)}
    assert sorted(once.values()) == sorted(split_tags(joined))


@pytest.mark.parametrize("tag", ["a;b", "a,b", "", " a", "a ", "a\nb", "x" * 401])
def test_tag_that_would_change_is_refused(tag):
    """A tag that Azure Boards would split, trim or cut is not sent."""
    with pytest.raises(PermanentError, match="cannot be a tag"):
        check_tag(tag)


def test_too_many_tags_are_refused():
    """An item carries a hundred tags and no more."""
    assert 100 == len(split_tags(join_tags(f"t{number}" for number in range(100))))
    with pytest.raises(PermanentError, match="at most 100 tags, not 101"):
        join_tags(f"t{number}" for number in range(101))


@given(ANY)
def test_iteration_name_is_one_step_of_a_path(name):
    """A name that an iteration may have parts no path and is not trimmed."""
    try:
        checked = check_node_name(name)
    except PermanentError:
        return
    assert name == checked == name.strip()
    assert not set('\\/:*?"<>|#$&+\n') & set(name)


@pytest.mark.parametrize("name", ["", ".", "..", "con", "COM1", "a/b", "a\\b", "x" * 256, " a"])
def test_iteration_name_that_is_none_is_refused(name):
    """Azure Boards has no iteration of such a name, and the sentence says which setting to change."""
    with pytest.raises(PermanentError, match="Change name_template"):
        check_node_name(name)


@given(ANY)
def test_ref_is_a_number(ref):
    """Only digits are a number, and only ones that the service can hold."""
    try:
        number = to_id(ref, "work item")
    except MissingError:
        return
    assert 0 <= number < 2**31


@given(ANY)
def test_guid_is_one_segment(ref):
    """Only a GUID passes for one, which parts no path."""
    try:
        checked = check_guid(ref, "iteration")
    except MissingError:
        return
    assert set(checked.lower()) <= set("0123456789abcdef-")


def test_large_numbers_are_missing():
    """The largest number is one, the next is none, and neither costs a call."""
    assert 2**31 - 1 == to_id("2147483647", "work item")
    for ref in ("2147483648", "9" * 5000):
        with pytest.raises(MissingError):
            to_id(ref, "work item")


def test_title_is_one_line():
    """Breaks of a title become blanks; one that is empty or too long is refused and never cut."""
    assert "a b" == check_title(" a\nb\t")
    assert "x" * 255 == check_title("x" * 255)
    for title in ("", " \n", "x" * 256):
        with pytest.raises(PermanentError):
            check_title(title)


def test_text_keeps_its_lines():
    """Lines and tabs stay, signs that no text field keeps go, and a text is never cut."""
    assert "a\r\n\tb" == check_text("a\r\n\0\tb\x1b")
    with pytest.raises(PermanentError, match="up to 1000000 characters"):
        check_text("x" * 1_000_001)
