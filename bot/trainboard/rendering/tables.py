"""Tables of Markdown; what stands in a cell has been made harmless before."""

from collections.abc import Iterable, Sequence


def table_head(title: str, columns: Sequence[str], numbers: Iterable[int]) -> str:
    """A title and the head of its table; the columns with these indexes stand to the right."""
    marks = ["---:" if index in numbers else "---" for index in range(len(columns))]
    return "\n".join([title, "", table_row(columns), table_row(marks)])


def table_row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"
