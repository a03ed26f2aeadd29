"""Text made to fit where a platform shows a gate."""

ELLIPSIS = "…"


def cut(text: str, most: int) -> str:
    """`text`, at most `most` characters of it, with an ellipsis where some were left out."""
    return text if len(text) <= most else text[: most - len(ELLIPSIS)].rstrip() + ELLIPSIS


def to_line(text: str, most: int) -> str:
    """`text` on one line, cut."""
    return cut(" ".join(text.split()), most)
