"""A notebook's JSON as cells.

Whatever of it is of another shape than the format's counts as empty, as long as there are cells at all.

Source: "The Notebook file format", nbformat 4.5; nbformat 3, where cells stand in worksheets.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from trainboard.notebooks import MOST_BYTES, TOO_LARGE

POINTER = "version https://git-lfs.github.com/spec/"
"""Source: Git LFS Specification, "The pointer"."""

_IMAGES = ("image/", "png", "jpeg", "svg")
_TEXTS = ("text/", "application/", "image/svg", "html", "json", "latex", "javascript", "svg")

_SAID = ("text", "evalue", "traceback")


class UnreadableError(ValueError):
    """There is no notebook in it; the message says why in three or four words."""


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell left behind: the text that people see, and the name of the error that ended it."""

    texts: tuple[str, ...] = ()
    html: str = ""
    images: int = 0
    error: str | None = None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell, counted from 1; `run` tells which of all runs of the kernel its last one was."""

    number: int
    source: str
    is_code: bool
    run: int | None = None
    outputs: tuple[Output, ...] = ()
    output_bytes: int = 0


class Notebook(msgspec.Struct, frozen=True, kw_only=True):
    """The cells from top to bottom."""

    cells: tuple[Cell, ...]
    is_python: bool = True


def parse_notebook(text: str) -> Notebook:
    """The notebook in `text`.

    Raises:
        UnreadableError: there is none, or it is too large.
    """
    if len(text) > MOST_BYTES:
        raise UnreadableError(TOO_LARGE)
    if text.startswith(POINTER):
        raise UnreadableError("it is kept in Git LFS")
    try:
        document = json.loads(text)
        cells = tuple(_cells(document))
    except (ValueError, RecursionError) as error:
        raise UnreadableError("it is no valid JSON") from error
    if not isinstance(document, dict) or not _has_cells(document):
        raise UnreadableError("it has no cells")
    return Notebook(cells=cells, is_python=_is_python(document))


def _has_cells(document: Mapping[str, Any]) -> bool:
    return isinstance(document.get("cells"), list) or isinstance(document.get("worksheets"), list)


def _cells(document: object) -> Iterator[Cell]:
    for number, cell in enumerate(_list_cells(document), 1):
        outputs = cell.get("outputs")
        yield Cell(
            number=number,
            source=_join(cell.get("source", cell.get("input"))),
            is_code=cell.get("cell_type") == "code",
            run=_number(cell.get("execution_count", cell.get("prompt_number"))),
            outputs=tuple(map(_output, _dicts(outputs))),
            output_bytes=_count_bytes(outputs) if outputs else 0,
        )


def _list_cells(document: object) -> Iterator[Mapping[str, Any]]:
    for holder in _dicts([document]):
        yield from _dicts(holder.get("cells"))
        for sheet in _dicts(holder.get("worksheets")):
            yield from _dicts(sheet.get("cells"))


def _output(output: Mapping[str, Any]) -> Output:
    data = output.get("data")
    shown = data if isinstance(data, dict) else output
    is_error = _join(output.get("output_type")) in {"error", "pyerr"}
    return Output(
        texts=tuple(filter(None, [*(_join(output.get(part)) for part in _SAID), *_texts(shown)])),
        html=_join(shown.get("text/html", shown.get("html"))),
        images=sum(kind.startswith(_IMAGES) for kind in shown),
        error=_join(output.get("ename")) if is_error else None,
    )


def _texts(shown: Mapping[str, Any]) -> Iterator[str]:
    for kind, value in shown.items():
        if value and kind.startswith(_TEXTS):
            yield _join(value) if isinstance(value, str | list) else json.dumps(value, ensure_ascii=False)


def _count_bytes(outputs: object) -> int:
    return len(json.dumps(outputs, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _join(value: object) -> str:
    """Text, which may stand in a list of its lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _dicts(value: object) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else ()


def _is_python(document: Mapping[str, Any]) -> bool:
    """True where nobody says that it is another language."""
    [metadata] = _dicts([document.get("metadata")]) or [{}]
    named = [
        _join(each.get(key))
        for kind, key in (("kernelspec", "language"), ("language_info", "name"))
        for each in _dicts([metadata.get(kind)])
    ]
    return all(name.casefold().startswith(("python", "ipython")) for name in named if name)
