"""The review of notebooks, as Markdown that GitHub and Azure Repos both show."""

from collections.abc import Iterator, Sequence

from trainboard.notebooks import MOST_NOTEBOOKS, Finding, NotebookReview, Rule, Severity
from trainboard.pull_request_view import PullRequestView
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import NO_NAME, code_cell, inert_code, link
from trainboard.rendering.numbers import count
from trainboard.rendering.tables import table_head, table_row

_PATH_CHARACTERS = 120
_MAX_ROWS = 40
_MAX_PRESSING = 10
_MAX_CELLS = 8
_MAX_OFFERS = 3
_COMMAND_CHARACTERS = 200

_MARKS = {Severity.PRESSING: "✗ ", Severity.WARNING: "", Severity.HINT: "hint: "}

_ADVICE = {
    Rule.CREDENTIAL: "Revoke it: it stays in the history. Read it from the environment instead.",
    Rule.ERROR: "Mend the cell, run all, and commit what works.",
    Rule.TABLE: "Clear the output: who reads the repository reads the data.",
    Rule.OUT_OF_ORDER: "Restart the kernel and run all from top to bottom.",
    Rule.BROKEN_CELL: "Mend it, or make it Markdown.",
    Rule.ABSOLUTE_PATH: "Use a path below the repository, or a setting.",
    Rule.OUTPUTS: "Strip outputs before a commit, such as with `nbstripout`.",
    Rule.INSTALL: "Put the package among the project's dependencies.",
    Rule.NEVER_RUN: "Restart the kernel and run all, or delete them.",
    Rule.GAPS: "Restart the kernel and run all: something was run and deleted.",
    Rule.NO_SEED: "Set a seed, so that another run says the same.",
    Rule.OUTSIDE: "Move code into functions of a script: see below.",
}


def notebooks_block(view: PullRequestView, changed_alone: str) -> Block:
    """What a look at the changed notebooks tells; `changed_alone` names those that no script came with."""
    alone = f"Changed without a script: {changed_alone}." if changed_alone else ""
    rows = list(_rows(view.notebooks))
    shown, hidden = tuple(rows[:_MAX_ROWS]), len(rows) - _MAX_ROWS
    parts = [alone, *_sentences(view), *_pressing(view.notebooks)]
    if not any(parts):
        return Block(name="Notebooks", head="")
    offers = "\n\n".join(_offers(view))
    head = "\n\n".join(["#### Notebooks", *filter(None, parts)])
    if not rows:
        return Block(name="Notebooks", head="\n\n".join(filter(None, [head, offers])))
    opening = f"<details><summary>{count(len(rows), 'finding')}</summary>"
    table = table_head(f"{head}\n\n{opening}", ("Notebook", "Cells", "Found", "What to do"), ())
    more = f"{count(hidden, 'more finding')} not shown.\n\n" if hidden > 0 else ""
    tail = "\n\n".join(filter(None, [f"{more}</details>", offers]))
    return Block(name="Notebooks", head=table, rows=shown, tail=tail)


def _sentences(view: PullRequestView) -> Iterator[str]:
    looked = [each.review for each in view.notebooks if not each.review.trouble]
    brought = sum(len(review.brought) for review in looked)
    before = sum(len(review.findings) for review in looked) - brought
    if looked:
        found = f"{count(brought, 'finding')} of this change" if brought else "nothing to mend in this change"
        older = f", {before:,} that stood there before" if before else ""
        yield f"{count(len(looked), 'notebook')} looked at without running: {found}{older}."
    for each in view.notebooks:
        if each.review.trouble:
            yield f"{_name(each)} was not looked at: {each.review.trouble}."
    if (hidden := len(view.paths.notebooks) - MOST_NOTEBOOKS) > 0:
        yield f"{count(hidden, 'more notebook')} not looked at: {MOST_NOTEBOOKS} of a pull request are."


def _pressing(reviews: Sequence[NotebookReview]) -> Iterator[str]:
    found = [(each, finding) for each in reviews for finding in each.review.pressing]
    for each, finding in found[:_MAX_PRESSING]:
        yield f"**✗ {_name(each)}, {_cells(finding)}: {_say(finding)}.** {_ADVICE[finding.rule]}"


def _rows(reviews: Sequence[NotebookReview]) -> Iterator[str]:
    """What this change brings comes first."""
    found = [(each, finding) for each in reviews for finding in each.review.findings]
    for each, finding in sorted(found, key=lambda pair: pair[1].before):
        mark = "was there before: " if finding.before else _MARKS[finding.rule.severity]
        path = code_cell(each.notebook.path, _PATH_CHARACTERS) or NO_NAME
        yield table_row((path, _numbers(finding), f"{mark}{_say(finding)}", _ADVICE[finding.rule]))


def _offers(view: PullRequestView) -> Iterator[str]:
    """What stands in a work item already is not offered again."""
    known = {each.path: each for each in view.refactorings if each.state != "gone"}
    for path in sorted(known)[:_MAX_OFFERS]:
        item = known[path]
        name = link(f"#{item.ref}", item.url, may_refer=True)
        yield f"{_show_path(path)} becomes scripts in work item {name}: {item.state}."
    open_ones = {path for path, item in known.items() if item.state == "open"}
    long = [each for each in view.offered if each.notebook.path not in open_ones]
    for each in long[:_MAX_OFFERS]:
        yield _offer(each, is_only=len(view.offered) == 1)


def _offer(offered: NotebookReview, *, is_only: bool) -> str:
    review = offered.review
    functions = count(review.functions, "function")
    outside = f"{review.outside:,} of {count(review.lines, 'line')} outside of functions, {functions}"
    command = _command(offered.notebook.path, is_only=is_only)
    how = command or f"{inert_code('/refactor')} and the end of its path"
    return f"{_name(offered)} has {outside}. For a work item with the steps to scripts, write {how}."


def _command(path: str, *, is_only: bool) -> str:
    """What makes its work item; empty where the path cannot be shown as it has to be written."""
    shown = inert_code(f"/refactor {path}", _COMMAND_CHARACTERS)
    if shown == f"`/refactor {path}`":
        return shown
    return inert_code("/refactor") if is_only else ""


def _name(review: NotebookReview) -> str:
    return _show_path(review.notebook.path)


def _show_path(path: str) -> str:
    return inert_code(path, _PATH_CHARACTERS) or NO_NAME


def _cells(finding: Finding) -> str:
    return f"cell{'' if len(finding.cells) == 1 else 's'} {_numbers(finding)}"


def _numbers(finding: Finding) -> str:
    shown = ", ".join(map(str, finding.cells[:_MAX_CELLS]))
    return f"{shown}, …" if len(finding.cells) > _MAX_CELLS else shown


def _say(finding: Finding) -> str:
    """What was found, in words of ours."""
    amount = finding.amount
    match finding.rule:
        case Rule.CREDENTIAL:
            return f"what looks like {finding.detail}"
        case Rule.OUTPUTS:
            return f"{amount / 1000:,.0f} kB of stored outputs"
        case Rule.TABLE:
            return f"{count(amount, 'row')} of a table in the output"
        case Rule.OUTSIDE:
            share = f", {finding.detail} of all" if finding.detail else ""
            return f"{count(amount, 'line')} of code outside of functions{share}"
        case Rule.ABSOLUTE_PATH:
            return f"a path of one machine, {inert_code(finding.detail)}"
        case _:
            return _WORDS[finding.rule]


_WORDS = {
    Rule.ERROR: "an error in the output",
    Rule.OUT_OF_ORDER: "run before a cell above it",
    Rule.BROKEN_CELL: "no valid Python",
    Rule.INSTALL: "a package is installed",
    Rule.NEVER_RUN: "not run, where others are",
    Rule.GAPS: "numbers of runs with gaps",
    Rule.NO_SEED: "chance without a seed",
}
