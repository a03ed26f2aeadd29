"""Where reports are sent to, as the settings name it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from trainboard.budgets import Budgets
from trainboard.policy import Project
from trainboard.posting import Post
from trainboard.posting.chat import ChatPost
from trainboard.posting.folder import FolderPost
from trainboard.posting.mail import MailPost, MailServer
from trainboard.rendering.report.slack import render_slack
from trainboard.rendering.report.teams import render_teams
from trainboard.settings import Mail, Report, Settings, find_azure_place
from trainboard.wikis import Wiki

Clock = Callable[[], datetime]


def posts(settings: Settings, clock: Clock) -> dict[str, Post]:
    """What reports are sent by, by the name of the target. Nothing is asked."""
    return {
        target: post
        for report in settings.reports
        for target in report.deliver
        if (post := _open(target, report, settings.mail, clock)) is not None
    }


def wikis(settings: Settings, projects: Iterable[Project], clock: Clock, budgets: Budgets) -> dict[str, Wiki]:
    """The wiki of each project that has reports there, by the project's name."""
    places = {
        project.name: place.project
        for project in projects
        if any("wiki" in schedule.targets for schedule in project.reports)
        if (place := find_azure_place(project.tracker) or find_azure_place(project.code or ""))
    }
    if not places:
        return {}
    from trainboard.wiring import azure_devops

    made = azure_devops.wikis(settings.azure_devops, places.values(), clock, budgets)
    return {name: made[place] for name, place in places.items()}


def _open(target: str, report: Report, mail: Mail, clock: Clock) -> Post | None:
    """None for the tracker and the wiki, which are no posts."""
    kind, _, rest = target.partition(":")
    match kind:
        case "slack" | "teams":
            return _open_chat(kind, target, report.address_of(target))
        case "mail":
            return MailPost(name=target, receiver=rest, server=_server(mail), clock=clock)
        case "file":
            return FolderPost(name=target, folder=Path(rest))
        case _:
            return None


def _open_chat(kind: str, target: str, address: str) -> Post:
    if kind == "slack":
        return ChatPost(name=target, kind="Slack", url=address, render=render_slack)
    return ChatPost(name=target, kind="Teams", url=address, render=render_teams)


def _server(mail: Mail) -> MailServer:
    return MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.sender,
        user=mail.user,
        password=mail.password.get_secret_value() if mail.password else "",
    )
