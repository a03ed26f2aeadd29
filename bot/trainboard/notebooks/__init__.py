"""Notebooks (`.ipynb`) looked at without running them: what a change brings that others trip over.

A notebook comes from whoever may push, so nothing of it is run or imported, and no time grows faster than
its size. What is found names a place and a kind; no text of the notebook is kept.
"""

from enum import StrEnum

import msgspec

MOST_BYTES = 2_000_000
"""A larger notebook is not read."""

TOO_LARGE = f"it has more than {MOST_BYTES // 1_000_000} MB"

MOST_NOTEBOOKS = 20
"""Of more notebooks of a pull request none is read."""

LONG_OUTSIDE = 100
"""With more lines outside of functions a script is offered, where nobody set another number."""


class Severity(StrEnum):
    """How much it matters; `PRESSING` may not wait."""

    PRESSING = "pressing"
    WARNING = "warning"
    HINT = "hint"


class Rule(StrEnum):
    """What is looked for."""

    CREDENTIAL = "credential"
    ERROR = "error"
    TABLE = "table"
    OUT_OF_ORDER = "out of order"
    BROKEN_CELL = "broken cell"
    ABSOLUTE_PATH = "absolute path"
    OUTPUTS = "outputs"
    INSTALL = "install"
    NEVER_RUN = "never run"
    GAPS = "gaps"
    NO_SEED = "no seed"
    OUTSIDE = "outside"

    @property
    def severity(self) -> Severity:
        """How much a finding of this rule matters."""
        if self is Rule.CREDENTIAL:
            return Severity.PRESSING
        return Severity.HINT if self in _HINTS else Severity.WARNING


_HINTS = {Rule.INSTALL, Rule.NEVER_RUN, Rule.GAPS, Rule.NO_SEED, Rule.OUTSIDE}


class ChangedNotebook(msgspec.Struct, frozen=True, kw_only=True):
    """A notebook that a pull request changes: `blob` names its content.

    Where the platform has no name for that, it is the commit. `former` is its path in the base, None where
    it is new.
    """

    path: str
    blob: str
    former: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in `cells`, which are counted from 1; none where it is the notebook as a whole.

    `detail` is of our own words, `amount` how often, or how much by the rule: bytes of outputs, lines
    outside of functions, of which `detail` is the share. `before`: it stood in the base already.
    """

    rule: Rule
    detail: str = ""
    cells: tuple[int, ...] = ()
    amount: int = 1
    before: bool = False


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a notebook tells; the gravest findings stand first.

    `trouble` says why it could not be looked at, empty if it could. `lines` are those of code, `outside`
    those of them that stand in no function or class, imports left out.
    """

    findings: tuple[Finding, ...] = ()
    trouble: str = ""
    cells: int = 0
    lines: int = 0
    outside: int = 0
    functions: int = 0
    images: int = 0
    output_bytes: int = 0

    @property
    def brought(self) -> tuple[Finding, ...]:
        """What was not in the base."""
        return tuple(finding for finding in self.findings if not finding.before)

    @property
    def pressing(self) -> tuple[Finding, ...]:
        """What was brought and may not wait."""
        return tuple(each for each in self.brought if each.rule.severity is Severity.PRESSING)


class NotebookReview(msgspec.Struct, frozen=True, kw_only=True):
    """The review of a notebook of a pull request, compared with branch `base`."""

    notebook: ChangedNotebook
    base: str
    review: Review


def is_notebook(path: str) -> bool:
    """True for the paths of notebooks."""
    return path.casefold().endswith(".ipynb")
