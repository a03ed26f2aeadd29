"""Whatever people write, it is read without an error, and what is answered commands nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.commands import EXAMPLES, read_comment
from fakes.hostile import TEXTS, list_harms
from trainboard.comments import Surface
from trainboard.grammar import values
from trainboard.grammar.lines import MAX_CHARACTERS, Markup, find_command_lines, list_told, newly_added
from trainboard.grammar.values import Type, choice, either
from trainboard.grammar.words import split_words
from trainboard.rendering.commands import render_refusals

NAMES = st.sampled_from(
    [*(command.name for command in EXAMPLES), "trainboard", "trainboard help", "trainboard x", "statsu"]
)
COMMENTS = st.lists(st.builds("/{} {}".format, NAMES, TEXTS) | TEXTS, max_size=14).map("\n".join)
TYPES = [
    *(value for value in vars(values).values() if isinstance(value, Type)),
    choice("next", "backlog", other=values.NAME),
    choice("none"),
    either(values.DURATION, values.DATE),
]


@pytest.mark.parametrize("markup", Markup)
@given(before=COMMENTS | TEXTS, after=COMMENTS | TEXTS)
def test_lines_of_any_text_are_found(markup, before, after):
    """A line begins with its name, and says where that ends; what an edit adds was found."""
    old, new = find_command_lines(before, markup), find_command_lines(after, markup)
    for line in [*old, *new, *list_told(after + "\n" + "a" * MAX_CHARACTERS, markup)]:
        assert line.text.startswith("/")
        assert len(line.text.splitlines()) == 1
        assert line.name == line.name.lower()
        assert 0 < line.start <= len(line.text)
    assert [] == [line for line in newly_added(old, new) if line not in new]
    assert [] == newly_added(new, new)


@given(text=TEXTS, start=st.integers(0, 5))
def test_words_of_any_text_are_parted(text, start):
    """Each word lies behind the one before it, its value within it, and no sign is lost."""
    words = split_words(text, start)
    at = min(start, len(text))
    for word in words:
        assert "" == text[at : word.start].strip(" ,")
        assert word.start <= word.value_start <= word.end <= len(text)
        assert word.start < word.end
        assert word.start <= word.pointed <= word.end
        at = word.end
    assert "" == text[at:].strip(" ,")


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
@given(text=TEXTS | st.from_regex(r"\A[-+@#]?\w*[-.@<>=]{0,2}\w*\Z"))
def test_a_type_reads_any_text(kind, text):
    """What it is not is None; what it is, is no longer than what was written, and a time is within a year."""
    value = kind.read(text)
    if isinstance(value, str):
        assert len(value) <= len(text)
        assert [] == [sign for sign in value if sign in "\r\n\x00\x85\u2028\u2029"]
    if isinstance(value, timedelta):
        assert timedelta(0) < value <= values.LONGEST_DURATION
    assert isinstance(
        value, str | float | int | date | timedelta | None | values.User | values.ModelVersion
    ) or (kind is values.TARGET)


@pytest.mark.parametrize("markup", Markup)
@given(text=COMMENTS, surface=st.sampled_from(Surface))
def test_what_is_refused_is_told_and_commands_nothing(markup, text, surface):
    """Why lines were not run is said with their words, which do nothing to this bot or another."""
    reading = read_comment(text, markup, surface, EXAMPLES)
    said = render_refusals(reading.refusals)
    assert bool(said) == bool(reading.refusals)
    assert [] == list_harms(said)
    assert said == said.encode().decode()
