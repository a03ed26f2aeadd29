"""Text from outside on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.rendering.terminal import hide_secrets, make_line, make_printable, render_table


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain text, ünïcode 漢字 🦄", "plain text, ünïcode 漢字 🦄"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]52;c;cm0gLXJm\x07", "\\x1b]52;c;cm0gLXJm\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("over\rwritten\b", "over\\rwritten\\x08"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("half \ud800", "half \\ud800"),
        ("line\u2028end", "line\\u2028end"),
    ],
)
def test_what_a_terminal_acts_upon_is_shown_as_its_escape(text, printed):
    """Letters, line ends and tabs stay."""
    assert printed == make_printable(text)


@given(st.text())
def test_nothing_that_steers_is_left(text):
    """Whatever it holds."""
    assert all(
        letter in "\n\t" or letter.isprintable() or letter.isspace() for letter in make_printable(text)
    )
    assert not {"\x1b", "\x9b", "\r", "\x07", "\x7f"} & set(make_printable(text))
    assert 1 >= len(make_line(text).splitlines())


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1" * 18,
        "github_pat_" + "b2" * 30,
        "whsec_" + "c3" * 16,
        "Bearer abcdefghijklmnop",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0NzExIn0.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIE",
    ],
)
def test_credentials_are_left_out(secret):
    """What stands around them stays."""
    assert "before [secret]" == hide_secrets(f"before {secret}")
    assert "[secret]" == make_printable(secret)


@pytest.mark.parametrize("piece", ["eyJ", "eyJ-", "eyJ.", "a.", "Bearer ", "-----BEGIN ", "github_pat_"])
def test_a_text_of_half_credentials_takes_no_long(piece):
    """A body of megabytes is read in one go, whatever it begins with again and again."""
    assert isinstance(hide_secrets(piece * 300_000), str)


def test_columns_are_as_wide_as_their_longest_text():
    """Line ends within a cell do not break the table."""
    table = render_table(["NO", "WHAT"], [["1", "a\nb"], ["1000", "c"]])
    assert "NO    WHAT\n1     a b\n1000  c" == table
