"""A notebook compared with what it was before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trainboard.notebooks import LONG_OUTSIDE, Finding, Review, Rule, Severity
from trainboard.notebooks.code import Code, read_code
from trainboard.notebooks.reading import Notebook, UnreadableError, parse_notebook
from trainboard.notebooks.rules import Hit, list_hits

MOST_FINDINGS = 100
MOST_CELLS = 20
"""So many cells are named for each finding; `amount` counts all."""

_GRAVITY = {severity: place for place, severity in enumerate(Severity)}
_AMOUNTS = {Rule.OUTPUTS, Rule.OUTSIDE}
_GROWTH = 1.1
"""An amount that grew less than by a tenth was there before."""


def review_notebook(text: str, before: str | None = None, *, long_outside: int = LONG_OUTSIDE) -> Review:
    """What is to be said of the notebook in `text`, which was `before` in the base; None: it is new.

    More lines than `long_outside` outside of functions are remarked on.
    """
    try:
        notebook = parse_notebook(text)
    except UnreadableError as error:
        return Review(trouble=str(error))
    codes = _read_codes(notebook)
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    hits = list(list_hits(notebook, codes, long_outside))
    return Review(
        findings=tuple(_findings(hits, _list_earlier(before, long_outside)))[:MOST_FINDINGS],
        cells=len(notebook.cells),
        lines=sum(code.lines for code in codes),
        outside=sum(code.outside for code in codes),
        functions=sum(code.functions for code in codes),
        images=sum(output.images for output in outputs),
        output_bytes=sum(cell.output_bytes for cell in notebook.cells),
    )


def _read_codes(notebook: Notebook) -> Sequence[Code]:
    sources = (cell.source for cell in notebook.cells if cell.is_code)
    return [read_code(source) if notebook.is_python else Code() for source in sources]


def _list_earlier(before: str | None, long_outside: int) -> Sequence[Hit]:
    """What was found then; nothing where there was nothing that can be read."""
    try:
        notebook = parse_notebook(before or "")
    except UnreadableError:
        return ()
    return list(list_hits(notebook, _read_codes(notebook), long_outside))


def _findings(hits: Iterable[Hit], earlier: Iterable[Hit]) -> Iterator[Finding]:
    """One for each rule and detail, apart by whether it was there before; the gravest first."""
    groups: dict[tuple[Rule, str, bool], list[Hit]] = {}
    for hit, before in _compare(hits, earlier):
        groups.setdefault((hit.rule, hit.detail, before), []).append(hit)
    order = list(Rule)
    for rule, detail, before in sorted(
        groups, key=lambda each: (each[2], _GRAVITY[each[0].severity], order.index(each[0]), each[1])
    ):
        found = groups[rule, detail, before]
        cells = sorted({hit.cell for hit in found if hit.cell})[:MOST_CELLS]
        amount = sum(hit.amount for hit in found)
        yield Finding(rule=rule, detail=detail, cells=tuple(cells), amount=amount, before=before)


def _compare(hits: Iterable[Hit], earlier: Iterable[Hit]) -> Iterator[tuple[Hit, bool]]:
    """Each hit with whether it was there before; what was there once explains one of it and no more."""
    pool: Counter[tuple[Rule, str]] = Counter()
    for hit in earlier:
        pool[hit.rule, hit.trace] += int(hit.amount * _GROWTH) if hit.rule in _AMOUNTS else hit.amount
    for hit in hits:
        before = pool[hit.rule, hit.trace] >= hit.amount
        if before:
            pool[hit.rule, hit.trace] -= hit.amount
        yield hit, before
