"""Text made to fit."""

import pytest

from trainboard.repositories.lines import cut, to_line


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("", 5, ""),
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "abcd…"),
        ("abc def", 5, "abc…"),
        ("🚀🚀🚀", 2, "🚀…"),
    ],
)
def test_long_text_is_cut(text, most, expected):
    """What is left out shows as an ellipsis, and never makes the text longer."""
    assert expected == cut(text, most)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" a\n\tb  c ", "a b c"), ("\n", ""), ("a\u2028b", "a b"), ("word " * 9, "word word w…")],
)
def test_a_line_is_one(text, expected):
    """Whatever breaks it."""
    assert expected == to_line(text, 12)
