"""A comment may command something: have it read where it stands."""

from collections.abc import Iterator

from trainboard import commands
from trainboard.comments import Hint
from trainboard.effects import FindComments, ObeyComment
from trainboard.events import CommentsDue, CommentWritten
from trainboard.linking import name_board
from trainboard.policy import Project
from trainboard.read import Read
from trainboard.triggers import Origin

HANDLES = (CommentWritten, CommentsDue)

_BOARDS = "azure-boards:"


def react(event: CommentWritten | CommentsDue, read: Read) -> Iterator[ObeyComment | FindComments]:
    """One look at the comment; nothing where no project lives, or where nothing is meant for us."""
    if isinstance(event, CommentsDue):
        yield FindComments(place=event.place)
        return
    project = find_project(event.hint.origin, read)
    if project is not None and _is_ours(event.hint):
        effect = ObeyComment(project=project.name, hint=event.hint)
        if not read.was_applied(effect.key):
            yield effect


def _is_ours(hint: Hint) -> bool:
    """Whether a look is worth it: most commands are other bots'."""
    registry = commands.load()
    names = {line.partition(" ")[0] for line in hint.lines}
    return hint.is_addressed or any(registry.find(name) or registry.list_near(name) for name in names)


def find_project(origin: Origin, read: Read) -> Project | None:
    """Whose the pull request or the work item is; of several the first that the settings name."""
    if origin.is_pull_request:
        return next(iter(read.list_projects_of_code(origin.place)), None)
    board = name_board(origin.place)
    item = read.find_item_by_ref(board, origin.ref)
    problem = read.find_problem_by_ref(board, origin.ref)
    known = item or problem
    if known is not None:
        return read.get_project(known.project)
    boards = (each for each in read.list_projects() if _is_board(each, origin))
    return next(boards, None)


def _is_board(project: Project, origin: Origin) -> bool:
    """A tracker of Azure Boards is a team's of the project that its work items live in."""
    tracker, place = project.tracker.casefold(), origin.place.casefold()
    return tracker == place or (place.startswith(_BOARDS) and tracker.startswith(f"{place}/"))
