"""Text cut to a size at the borders of its parts, never inside a line."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from trainboard.rendering.numbers import count

_NOTE_BYTES = 600
_MOST_NEWEST = 10

Thing = TypeVar("Thing")


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a text. `rows` may be cut from the end, `head` and `tail` stay or go with the block.

    `name` is what a reader is told is missing; it is our own word and at most 40 characters long.
    """

    name: str
    head: str
    rows: tuple[str, ...] = ()
    tail: str = ""

    def text(self, rows: int) -> str:
        """The block with its first `rows` rows."""
        body = "\n".join([self.head, *self.rows[:rows]])
        return f"{body}\n\n{self.tail}" if self.tail else body


def newest_block(name: str, things: Sequence[Thing], say: Callable[[Thing], str], earlier: str) -> Block:
    """A list below that name of the last ten, the newest first, and how many `earlier` ones there are.

    Empty where there is none.
    """
    shown = things[-_MOST_NEWEST:]
    rows = tuple(f"- {say(each)}" for each in reversed(shown))
    hidden = len(things) - len(shown)
    tail = f"{count(hidden, earlier)} not shown." if hidden else ""
    return Block(name=name, head=f"#### {name}\n" if rows else "", rows=rows, tail=tail)


def fit(blocks: Sequence[Block], max_bytes: int) -> str:
    """The blocks with blank lines between, in at most `max_bytes` of UTF-8.

    Where they do not fit, the first is kept first, then the last, then the others in order, tables
    as far as they fit; a line at the end says what was left out. Blocks without text are skipped.

    Raises:
        ValueError: not even the first block fits.
    """
    blocks = [block for block in blocks if block.head]
    whole = "\n\n".join(block.text(len(block.rows)) for block in blocks)
    if _size(whole) <= max_bytes:
        return whole
    left = max_bytes - _NOTE_BYTES
    texts, missing = {}, []
    for index in dict.fromkeys((0, len(blocks) - 1, *range(len(blocks)))):
        rows = _rows_that_fit(blocks[index], left)
        if rows is not None:
            texts[index] = blocks[index].text(rows)
            left -= _size(texts[index]) + 2
        if rows is None or rows < len(blocks[index].rows):
            missing.append(_missing(blocks[index], rows))
    if 0 not in texts:
        raise ValueError(f"a work item's text needs more than {max_bytes} bytes")
    note = f"_Left out to stay within the size that the tracker allows: {', '.join(missing)}._"
    return "\n\n".join([*(texts[index] for index in sorted(texts)), note])


def _rows_that_fit(block: Block, max_bytes: int) -> int | None:
    left = max_bytes - _size(block.text(0))
    if left < 0:
        return None
    for number, row in enumerate(block.rows):
        left -= _size(row) + 1
        if left < 0:
            return number or None
    return len(block.rows)


def _missing(block: Block, rows: int | None) -> str:
    if rows is None:
        return block.name
    return f"{len(block.rows) - rows} rows of {block.name}"


def _size(text: str) -> int:
    return len(text.encode())
