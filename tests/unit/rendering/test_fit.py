"""Text is cut at the borders of its parts, and says so."""

import pytest

from trainboard.rendering.fit import Block, fit

ROWS = tuple(f"| {number} | {'x' * 96} |" for number in range(20))
BLOCKS = [
    Block(name="headline", head="# Head"),
    Block(name="Runs", head="## Runs", rows=ROWS, tail="5 more."),
    Block(name="Nothing", head=""),
    Block(name="Notes", head="## Notes " + "y" * 500),
    Block(name="Links", head="Links"),
]


def test_what_fits_is_whole():
    """Blocks stand in order with a blank line between; a tail stands apart from its table."""
    blocks = [
        BLOCKS[0],
        Block(name="Runs", head="## Runs", rows=("| 1 |",), tail="5 more."),
        BLOCKS[2],
        BLOCKS[4],
    ]
    assert "# Head\n\n## Runs\n| 1 |\n\n5 more.\n\nLinks" == fit(blocks, 1000)


@pytest.mark.parametrize("max_bytes", range(640, 2900, 37))
def test_what_does_not_fit_is_cut_between_rows(max_bytes):
    """The size is kept, every line is a whole one, and the first and last block stay."""
    text = fit(BLOCKS, max_bytes)
    allowed = {line for block in BLOCKS for line in block.text(20).split("\n")}
    lines = text.split("\n")
    assert len(text.encode()) <= max_bytes
    assert [] == [line for line in lines if line not in allowed and not line.startswith("_Left out")]
    assert ("# Head", True) == (lines[0], "Links" in lines)


def test_the_reader_is_told_what_is_missing():
    """Rows are counted; a block that went as a whole is named."""
    text = fit(BLOCKS, 1400)
    assert text.endswith(
        "_Left out to stay within the size that the tracker allows: 13 rows of Runs, Notes._"
    )
    assert [] == [line for line in text.split("\n") if line.startswith("| 7")]


def test_a_table_of_which_no_row_fits_goes_as_a_whole():
    """A head without rows tells nothing."""
    assert (
        "# Head\n\nLinks\n\n_Left out to stay within the size that the tracker allows: Runs, Notes._"
        == fit(BLOCKS, 680)
    )


def test_the_first_block_alone_must_fit():
    """There is nothing to leave out then."""
    with pytest.raises(ValueError, match="more than 100 bytes"):
        fit(BLOCKS, 100)


def test_a_single_block_is_cut_once():
    """The first is the last as well."""
    text = fit([Block(name="Runs", head="## Runs", rows=ROWS)], 1000)
    assert (1, 1) == (text.count("## Runs"), text.count("_Left out"))


def test_bytes_count_and_not_characters():
    """A character outside ASCII takes more room."""
    rows = tuple("模型" * 20 for _ in range(20))
    assert len(fit([Block(name="Runs", head="x", rows=rows)], 1500).encode()) <= 1500
