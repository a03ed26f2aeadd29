"""Who may command: do we see the teams that count, and those that rules name."""

from collections.abc import Iterator, Mapping

from trainboard.conversations import Conversation
from trainboard.diagnosis import Examinable, Finding, failing, note
from trainboard.doctor import Subject
from trainboard.errors import LimitedError, TrainboardError
from trainboard.policy import Project

_FIX = "Correct the rule in the settings, or let us see the team. Until then it lets nobody in by that team."


def check(subject: Subject) -> Iterator[Finding]:
    """What each place finds whose teams give roles, and what stands in the way of each team of a rule."""
    try:
        conversations = subject.conversations()
    except TrainboardError:
        yield note("Not looked at: not every place can be reached.", "See what the other checks say.")
        return
    examined = [each for each in conversations.values() if isinstance(each, Examinable)]
    yield from dict.fromkeys(finding for each in examined for finding in each.examine())
    named = [(project, team) for project in subject.projects for team in project.commands.list_teams(None)]
    for project, team in named:
        yield _look(project, team, conversations)
    if not examined and not named:
        yield Finding(message="No team decides who may command.")


def _look(project: Project, team: str, conversations: Mapping[str, Conversation]) -> Finding:
    try:
        found = any(each.check_team(team) for each in _list_places(project, conversations))
    except LimitedError:
        raise
    except TrainboardError as error:
        return failing(f"Team {team}, which a rule of {project.name} names: {error}", _FIX)
    if not found:
        return failing(f"Nobody can be asked for team {team}, which a rule of {project.name} names.", _FIX)
    return Finding(message=f"We see who is in team {team}, which a rule of {project.name} names.")


def _list_places(project: Project, conversations: Mapping[str, Conversation]) -> list[Conversation]:
    """Where people command of the project. On Azure Boards a place has the work items of several teams."""
    names = (project.tracker, project.tracker.rpartition("/")[0], project.code or "")
    found = (conversations.get(name.casefold()) for name in dict.fromkeys(names))
    return [each for each in found if each is not None]
