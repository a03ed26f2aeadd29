"""The work item in which a notebook becomes scripts: its title, its checklist, and the bot's part."""

from collections.abc import Sequence

from trainboard.pull_requests import PullRequest
from trainboard.refactoring import Doubt, Figures, Merge, Refactoring
from trainboard.rendering.inert import NO_NAME, inert_code, link, plain
from trainboard.rendering.metric_gate import SHORT_COMMIT
from trainboard.rendering.numbers import count
from trainboard.rendering.tables import table_head, table_row

_TITLE_PATH_CHARACTERS = 150
_PATH_CHARACTERS = 300
_NAME_CHARACTERS = 80
_MAX_MERGES = 10

CHECKLIST = """\
What stands above the bot's part is yours: tick, add and strike out.

- [ ] functions are extracted into a package, which the notebook imports
- [ ] `ruff check` finds nothing, in the package nor in the notebook, which it reads too
- [ ] unit tests call the functions with a few rows
- [ ] parameters and paths come from configuration
- [ ] the notebook is thin: it calls functions and shows what they return
- [ ] outputs are stripped, such as with `nbstripout`
- [ ] the notebook is paired with a script, such as with `jupytext --set-formats ipynb,py:percent`"""
"""What people find in a new item."""


def render_refactoring_title(path: str) -> str:
    """A new item's title, not Markdown, at most 200 characters. Of a long path the end tells most."""
    name = plain(path, len(path) * 2 + 1) or NO_NAME
    if len(name) > _TITLE_PATH_CHARACTERS:
        name = f"…{name[-_TITLE_PATH_CHARACTERS + 1 :].lstrip()}"
    return f"Refactor {name} into scripts"


def render_refactoring(known: Refactoring, merges: Sequence[Merge], long_outside: int) -> str:
    """The bot's part of the item. `merges` are those that link it, in order of time."""
    name = inert_code(known.path, _PATH_CHARACTERS) or NO_NAME
    parts = [f"### Notebook\n\n{name} of {inert_code(known.code, _NAME_CHARACTERS)}"]
    parts += [_render_figures(known.figures)] if known.figures else []
    parts.append(
        "This is closed when a pull request that links it is merged with lint and tests green at its head. "
        f"Where nobody tells of lint, at most {count(long_outside, 'line')} of the notebook may be left "
        "outside of functions."
    )
    rows = [_say_merge(each, known) for each in merges[-_MAX_MERGES:]]
    return "\n\n".join([*parts, *(["\n".join(rows)] if rows else [])])


def render_closed_with(merge: Merge) -> str:
    """A comment: the platform closed the item with a merge that did not end the work."""
    return (
        f"{_name(merge.pull_request)} was merged and this was closed with it, though {_say_doubts(merge)}. "
        f"It stays closed; {inert_code('/reopen')} opens it again."
    )


def _render_figures(figures: Figures) -> str:
    share = f" ({figures.outside / figures.lines:.0%})" if figures.lines else ""
    commit = inert_code(figures.commit[:SHORT_COMMIT])
    title = f"As pull request {figures.pull_request} left it at {commit}:"
    rows = (
        ("lines of code outside of functions", f"{figures.outside:,} of {figures.lines:,}{share}"),
        ("functions and classes", f"{figures.functions:,}"),
        ("cells", f"{figures.cells:,}"),
        ("stored outputs", f"{figures.output_bytes:,} bytes"),
    )
    return "\n".join([table_head(title, ("Of the notebook", "Now"), (1,)), *map(table_row, rows)])


def _say_merge(merge: Merge, known: Refactoring) -> str:
    name = _name(merge.pull_request)
    if merge.doubts and merge.is_final:
        verb = "Still open" if known.state == "open" else "Not done by it"
        return f"- {verb}: {name} was merged, but {_say_doubts(merge)}."
    if merge.doubts:
        return f"- {name} was merged; {_say_doubts(merge)}."
    green = "lint and tests" if merge.has_lint else "tests"
    return f"- Done: {name} was merged with {green} green."


def _say_doubts(merge: Merge) -> str:
    final = [each for each in merge.doubts if each is not Doubt.NOT_ENDED]
    return " and ".join(final or merge.doubts)


def _name(told: PullRequest) -> str:
    return link(f"pull request {told.number}", told.url, _NAME_CHARACTERS, may_refer=True)
