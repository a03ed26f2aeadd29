"""A report or digest in short, for chats and mail, where tables and long lists are no use.

Its words are raw: whoever renders it makes them harmless in his own way.
"""

from collections.abc import Sequence

import msgspec

from trainboard.rendering.numbers import count, minute
from trainboard.rendering.report.words import count_points, days, say, say_or_na
from trainboard.report.building import Report
from trainboard.report.digest import Digest
from trainboard.report.happenings import Standing

MOST_LINES = 20
NOTHING = "Nothing changed."
NO_ITEM = "No item changed"
_BUGS = {"made": "opened", "reopened": "opened again", "closed": "closed"}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A work item in one line. `url` is its address, empty where it has none."""

    title: str
    url: str = ""
    rest: str = ""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Work items below a title of ours; `more` counts those that are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says in short. `url` is its page, None where that has no public address."""

    title: str
    sentence: str
    figures: tuple[tuple[str, str], ...] = ()
    lists: tuple[Listed, ...] = ()
    url: str | None = None
    footer: str = ""


def brief_report(report: Report, url: str | None, ending: str = "") -> Brief:
    """The report in short; `ending` says since when it is final, empty while it is not."""
    scope = report.scope
    all_items = scope.completed.count + scope.carried.count
    state = "ended" if report.is_over else "under way"
    figures = [
        ("Committed", count_points(scope.committed.points)),
        ("Added", count_points(scope.added.points)),
        ("Removed", count_points(scope.removed.points)),
        ("Completed", count_points(scope.completed.points)),
        ("Carried" if report.is_over else "Open", count_points(scope.carried.points)),
        ("Of what was committed", "n/a" if report.say_do is None else f"{say(report.say_do)} %"),
        ("Velocity, mean of three", say_or_na(report.velocity.mean_of_three)),
    ]
    return Brief(
        title=f"{report.sprint.name} of {report.project}",
        sentence=(
            f"{scope.completed.count} of {count(all_items, 'item')} done, "
            f"{say(scope.completed.points)} of {say(scope.final)} points. "
            f"{report.sprint.start} to {report.sprint.end}, {state}."
        ),
        figures=tuple(figures),
        lists=_lists([("Open at the end" if report.is_over else "Open", scope.carried.items)]),
        url=url,
        footer=ending or f"As known at {minute(report.at)} UTC.",
    )


def brief_digest(digest: Digest, url: str | None) -> Brief:
    """The digest in short."""
    said = [
        ("Done", digest.done),
        ("Started", digest.started),
        ("Opened again", digest.reopened),
        ("New in the sprint", digest.added),
        ("Out of the sprint", digest.removed),
        (f"Started more than {days(digest.old_after)} days ago", digest.old),
    ]
    news = [f"{len(items)} {title.lower()}" for title, items in said[:-1] if items]
    others = [
        ("Runs that ended", ", ".join(f"{amount} {status}" for status, amount in digest.runs.items())),
        ("Bugs of alerts", ", ".join(f"{amount} {_BUGS[kind]}" for kind, amount in digest.bugs.items())),
    ]
    left = f"{count(digest.left.count, 'item')} left, {count_points(digest.left.points)}."
    old = () if digest.old_after is not None else (("Old", "n/a (nobody told when work was started)"),)
    return Brief(
        title=f"{digest.project}: {digest.sprint.name}, since {minute(digest.since)} UTC",
        sentence=f"{', '.join(news) or NO_ITEM}. {left}" if not digest.is_quiet else f"{NOTHING} {left}",
        figures=(*(each for each in others if each[1]), *old),
        lists=_lists(said),
        url=url,
        footer=f"Until {minute(digest.until)} UTC.",
    )


def _lists(said: Sequence[tuple[str, Sequence[Standing]]]) -> tuple[Listed, ...]:
    return tuple(
        Listed(
            title=title,
            lines=tuple(_line(each) for each in items[:MOST_LINES]),
            more=max(0, len(items) - MOST_LINES),
        )
        for title, items in said
        if items
    )


def _line(each: Standing) -> Line:
    points = "no estimate" if each.points is None else count_points(each.points)
    return Line(title=each.title or each.item, url=each.url, rest=points)
