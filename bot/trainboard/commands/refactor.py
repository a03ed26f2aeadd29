"""`/refactor`: have a work item in which a notebook becomes scripts."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from trainboard.commanding.asked import PULL_REQUESTS, get_pull_request
from trainboard.comments import Role
from trainboard.effects import AskRefactoring
from trainboard.grammar.declaration import (
    Answer,
    Asking,
    Call,
    Command,
    CommandError,
    Outcome,
    Parameter,
    Plan,
    Undo,
)
from trainboard.grammar.near import list_near
from trainboard.grammar.values import TEXT
from trainboard.notebooks import NotebookReview
from trainboard.rendering.inert import NO_NAME, inert_code, link

_MAX_NAMED = 5
_PATH_CHARACTERS = 120
_QUOTES = "`'\""


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """One for each notebook of the repository, however often and by whomever it is asked for."""
    pull_request = get_pull_request(asking)
    reviews = asking.read.list_notebooks(pull_request.code, pull_request.number)
    path = _choose(call.find("path", str), reviews, asking)
    project = asking.project
    known = asking.read.find_refactoring(project.name, pull_request.code, path)
    if known is not None and known.state == "open":
        name = link(f"#{known.ref}", known.url, may_refer=True)
        yield Answer(f"{_show(path)} has a work item: {name}.")
        return
    verb = "open" if known is not None and known.state == "closed" else "make"
    yield Plan(f"{verb} the work item in which {_show(path)} becomes scripts")
    effect = AskRefactoring(
        project=project.name,
        code=pull_request.code,
        path=path,
        asked=asking.key,
        pull_request=pull_request.number,
        number=asking.read.current_iteration(project.name).number,
    )
    yield effect
    yield Undo(replace(effect, undoes=asking.key))


def _choose(said: str | None, reviews: Sequence[NotebookReview], asking: Asking) -> str:
    """The path that is meant.

    Raises:
        CommandError: none is, or several may be.
    """
    paths = [each.notebook.path for each in reviews]
    if not paths:
        raise CommandError("No notebook of this pull request was looked at yet. Try again in a minute.")
    if said is None:
        return _choose_offered(reviews, paths, asking)
    wanted = said.strip().strip(_QUOTES).strip().removeprefix("./")
    if wanted in paths:
        return wanted
    alike = [path for path in paths if _ends_like(path, wanted)]
    if len(alike) == 1:
        return alike[0]
    near = alike or (list_near(wanted, paths) if len(wanted) <= _PATH_CHARACTERS else [])
    meant = f" Did you mean {_name_all(near)}?" if near else f" It changes {_name_all(paths)}."
    raise CommandError(f"This pull request changes no notebook {_show(wanted)}.{meant}")


def _choose_offered(reviews: Sequence[NotebookReview], paths: Sequence[str], asking: Asking) -> str:
    longest = asking.project.refactor_above
    offered = [each.notebook.path for each in reviews if each.review.outside > longest]
    if len(offered) == 1:
        return offered[0]
    if offered:
        raise CommandError(f"Which one? Add the path of one of {_name_all(offered)}.")
    raise CommandError(
        f"No notebook here has more than {longest:,} lines outside of functions. "
        f"Add the path of the one that you mean: {_name_all(paths)}."
    )


def _ends_like(path: str, wanted: str) -> bool:
    """True if `wanted` is the path, or its end, in whatever letters."""
    return f"/{path}".casefold().endswith(f"/{wanted}".casefold())


def _name_all(paths: Sequence[str]) -> str:
    hidden = len(paths) - _MAX_NAMED
    return ", ".join(map(_show, paths[:_MAX_NAMED])) + (f" and {hidden:,} more" if hidden > 0 else "")


def _show(path: str) -> str:
    return inert_code(path, _PATH_CHARACTERS) or NO_NAME


COMMAND = Command(
    name="refactor",
    summary="make a work item in which a notebook becomes scripts, or open the one that there is",
    parameters=(
        Parameter(name="path", about="the notebook's path; not needed if one is offered", type=TEXT),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.WRITE,
    examples=("/refactor", "/refactor notebooks/explore.ipynb"),
    run=run,
)
