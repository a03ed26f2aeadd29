"""What is looked for in a notebook, rule by rule."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import msgspec

from trainboard.notebooks import Rule
from trainboard.notebooks.code import Code
from trainboard.notebooks.credentials import list_credentials
from trainboard.notebooks.reading import Cell, Notebook

MANY_BYTES = 100_000
"""Stored outputs from which on they are in the way of a review."""

_PATH = re.compile(
    r"(?<![\w./:~-])/(home|Users|root|mnt|dbfs|Volumes|content/drive)/"
    r"|(?<![A-Za-z0-9])([A-Z]):\\{1,2}(?:Users|\w{1,30}\\)",
    re.ASCII,
)
_INSTALL = re.compile(
    r"(?m)^[ \t]*+[!%][ \t]*+(?:\w{1,20}(?:\.exe)? -m )?(?:uv )?(?:pip3?|conda|mamba) (?:install|add)\b"
)
_ROW = "<tr"
_TABLE = re.compile(r"<table\b|class=\"dataframe", re.IGNORECASE)
_CHANCE = re.compile(
    r"\b(?:np|numpy)\.random\.(?!seed|default_rng|Generator|RandomState)|\brandom\.(?:random|randint|choice|"
    r"choices|shuffle|sample|uniform)\(|\btrain_test_split\(|\btorch\.rand"
)
_SEED = re.compile(r"seed|random_state\s{0,4}=|default_rng\(\s{0,4}\d")


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was found once.

    `trace` tells it from others of its rule, wherever it stands; it may be a secret, and is not to be kept.
    """

    rule: Rule
    cell: int = 0
    detail: str = ""
    trace: str = ""
    amount: int = 1


def list_hits(notebook: Notebook, codes: Sequence[Code], long_outside: int) -> Iterator[Hit]:
    """All that is found, in no order; `codes` are those of the cells of code, in order.

    More lines than `long_outside` outside of functions are remarked on.
    """
    cells = [cell for cell in notebook.cells if cell.is_code]
    sources = ((cell, cell.source) for cell in notebook.cells)
    outputs = ((cell, text) for cell in cells for output in cell.outputs for text in output.texts)
    yield from _credentials(sources, "source")
    yield from _credentials(outputs, "output")
    for cell, code in zip(cells, codes, strict=True):
        yield from _of_cell(cell, code)
    yield from _runs([cell for cell in cells if cell.source.strip()])
    yield from _outputs(cells)
    yield from _whole(cells, codes, long_outside)


def _credentials(texts: Iterable[tuple[Cell, str]], where: str) -> Iterator[Hit]:
    for cell, text in texts:
        for kind, secret in list_credentials(text):
            yield Hit(rule=Rule.CREDENTIAL, cell=cell.number, detail=f"{kind} in its {where}", trace=secret)


def _of_cell(cell: Cell, code: Code) -> Iterator[Hit]:
    if code.is_broken:
        yield Hit(rule=Rule.BROKEN_CELL, cell=cell.number, trace=cell.source)
    for match in _INSTALL.finditer(cell.source):
        yield Hit(rule=Rule.INSTALL, cell=cell.number, trace=match[0])
    for match in _PATH.finditer(cell.source):
        detail = f"{match[2]}:" if match[2] else f"/{match[1]}"
        yield Hit(rule=Rule.ABSOLUTE_PATH, cell=cell.number, detail=detail, trace=detail)
    for output in cell.outputs:
        if output.error is not None:
            yield Hit(rule=Rule.ERROR, cell=cell.number, trace=output.error)
        if _TABLE.search(output.html):
            rows = max(1, output.html.count(_ROW) - 1)
            yield Hit(rule=Rule.TABLE, cell=cell.number, amount=rows)


def _runs(cells: Sequence[Cell]) -> Iterator[Hit]:
    """How the cells were run; nothing where all were cleared, as before a commit they should be."""
    ran = [(cell.number, cell.run) for cell in cells if cell.run is not None]
    if not ran:
        return
    yield from (Hit(rule=Rule.NEVER_RUN, cell=cell.number) for cell in cells if cell.run is None)
    highest = [0, *accumulate((run for _, run in ran), max)]
    late = [number for (number, run), before in zip(ran, highest, strict=False) if run < before]
    yield from (Hit(rule=Rule.OUT_OF_ORDER, cell=number) for number in late)
    if not late and [run for _, run in ran] != list(range(1, len(ran) + 1)):
        yield Hit(rule=Rule.GAPS)


def _outputs(cells: Sequence[Cell]) -> Iterator[Hit]:
    stored = sum(cell.output_bytes for cell in cells)
    if stored > MANY_BYTES:
        yield Hit(rule=Rule.OUTPUTS, amount=stored)


def _whole(cells: Sequence[Cell], codes: Sequence[Code], long_outside: int) -> Iterator[Hit]:
    outside = sum(code.outside for code in codes)
    if outside > long_outside:
        share = f"{outside / sum(code.lines for code in codes):.0%}"
        yield Hit(rule=Rule.OUTSIDE, amount=outside, detail=share)
    chance = [cell.number for cell in cells if _CHANCE.search(cell.source)]
    if chance and not any(_SEED.search(cell.source) for cell in cells):
        yield Hit(rule=Rule.NO_SEED, cell=chance[0])
