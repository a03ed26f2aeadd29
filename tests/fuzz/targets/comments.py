"""What people write into comments: which lines of it command, and what they are answered."""

from collections.abc import Iterator

from fakes.commands import EXAMPLES
from fakes.foreign_bots import SAMPLES, WORD_SAMPLES
from fakes.hostile import MARKS, list_harms
from fuzz import Target, to_text
from trainboard.comments import Surface
from trainboard.grammar.lines import MAX_CHARACTERS, Markup, find_command_lines, list_told, newly_added
from trainboard.grammar.reading import MAX_COMMANDS, read_lines
from trainboard.rendering.commands import render_refusals

KINDS = [(markup, surface) for markup in Markup for surface in Surface]


def check(data: bytes) -> None:
    """Lines are found where they stand, mean the same each time, and what is answered commands nothing."""
    markup, surface = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    text = to_text(data[1:])
    lines = find_command_lines(text, markup)
    for line in lines:
        assert line.text.startswith("/")
        assert len(line.text.splitlines()) == 1
        assert line.name == line.name.lower()
        assert 0 < line.start <= len(line.text)
    assert [] == newly_added(lines, lines)
    assert lines == list_told(text, markup) or len(text) > MAX_CHARACTERS
    reading = read_lines(lines, surface, EXAMPLES)
    assert reading == read_lines(lines, surface, EXAMPLES)
    assert len(reading.calls) + len(reading.refusals) <= MAX_COMMANDS + 1
    said = render_refusals(reading.refusals)
    assert bool(said) == bool(reading.refusals)
    assert [] == list_harms(said)
    said.encode()


def list_seeds() -> Iterator[bytes]:
    """Examples of every command, and what commands other bots."""
    texts = [example for command in EXAMPLES for example in command.examples]
    texts += [text for texts in [*SAMPLES.values(), *WORD_SAMPLES.values()] for text in texts]
    for place, text in enumerate(texts):
        yield bytes([place % len(KINDS)]) + text.encode()
    yield b"\x00> quoted\n\n```\n/close\n```\n- /close\n\n/close <!-- /close --> `x\n/reopen"
    yield b"\x03<div><p>/close x</p><pre>/close</pre><blockquote>/reopen</blockquote><br>/status&nbsp;x</div>"


TARGETS = [
    Target(
        name="comments",
        check=check,
        seeds=list_seeds,
        words=(*MARKS.split(" "), *(f"\n/{command.name} " for command in EXAMPLES), "&#47;", "<p>", "\r\n"),
    )
]
