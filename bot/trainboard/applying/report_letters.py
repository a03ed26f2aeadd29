"""What a report says, made from what the store knows when it goes out."""

import hashlib
from datetime import timedelta

import msgspec

from trainboard.applying import Outside
from trainboard.effects import EnsureReport
from trainboard.errors import MissingError, NotYetError
from trainboard.iterations import iteration
from trainboard.posting import Letter
from trainboard.rendering.report.brief import brief_digest, brief_report
from trainboard.rendering.report.brief_text import render_brief
from trainboard.rendering.report.dialects import AZURE_WIKI, PLAIN, Dialect, dialect_of
from trainboard.rendering.report.kept import fit_report, say_final
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.values import report_values
from trainboard.report.building import Report
from trainboard.store import cursors, report_snapshots, reports
from trainboard.store.report_snapshots import Snapshot

PATIENCE = timedelta(days=1)
"""So long a sprint is not final while nobody could look at what stands in it."""
AGAIN_SECONDS = 600.0
_MOST_BYTES = 10_000_000


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A letter with the name of its sprint, and its text without what says that it is final, the `ending`."""

    letter: Letter
    sprint: str
    text: str
    ending: str = ""
    is_quiet: bool = False


def write_letter(effect: EnsureReport, outside: Outside) -> Written:
    """The report as it is now, the final one, or the digest.

    Raises:
        NotYetError: nothing is known yet of what stands in the sprints.
    """
    try:
        return _write_digest(effect, outside) if effect.report == "daily" else write_report(effect, outside)
    except MissingError as error:
        raise NotYetError(str(error), retry_after_seconds=AGAIN_SECONDS) from error


def write_report(effect: EnsureReport, outside: Outside) -> Written:
    """The report of the sprint, also where the effect is a digest."""
    snapshot = freeze(effect.project, effect.number, outside) if effect.is_final else None
    at = snapshot.frozen_at if snapshot else outside.clock()
    with outside.database.read() as connection:
        report = reports.make(connection, outside.projects[effect.project], effect.number, at)
    text = snapshot.markdown if snapshot else _render(report, _choose_dialect(effect, outside), outside)
    ending = say_final(snapshot.frozen_at, snapshot.sha256) if snapshot else ""
    letter = Letter(
        key=effect.key,
        name=f"{effect.project}-sprint-{effect.number}",
        brief=brief_report(report, _page_url(effect, outside), ending),
        markdown=fit_report(text, _MOST_BYTES, ending),
    )
    return Written(letter=letter, sprint=report.sprint.name, text=text, ending=ending)


def freeze(project: str, number: int, outside: Outside) -> Snapshot:
    """What the sprint came to, kept from now on if it was not before.

    Raises:
        MissingError: nothing is known of what stands in the project's sprints.
        NotYetError: nobody could look yet at what stood in it at its end.
    """
    with outside.database.read() as connection:
        known = report_snapshots.find(connection, project, number)
    if known is not None:
        return known
    policy, now = outside.projects[project], outside.clock()
    ends_at = iteration(policy.sprint, number).ends_at
    with outside.database.read() as connection:
        seen_at = cursors.get(connection, f"history/{project}").read_at
        if (seen_at is None or seen_at < ends_at) and now < ends_at + PATIENCE:
            raise NotYetError(f"sprint {number} was not looked at since", retry_after_seconds=AGAIN_SECONDS)
        report = reports.make(connection, policy, number, now)
    document = msgspec.json.encode(report_values(report), order="sorted")
    snapshot = Snapshot(
        project=project,
        number=number,
        frozen_at=now,
        sha256=hashlib.sha256(document).hexdigest(),
        document=document.decode(),
        markdown=_render(report, dialect_of(outside.trackers[project].name), outside),
    )
    with outside.database.write() as connection:
        report_snapshots.add(connection, snapshot)
        return report_snapshots.find(connection, project, number) or snapshot


def _choose_dialect(effect: EnsureReport, outside: Outside) -> Dialect:
    if effect.target == "wiki":
        return AZURE_WIKI
    return dialect_of(outside.trackers[effect.project].name) if effect.target == "tracker" else PLAIN


def _render(report: Report, dialect: Dialect, outside: Outside) -> str:
    page_url = outside.page_url(f"/sprints/{report.project}/{report.sprint.number}")
    return render_report(report, dialect, page_url, _MOST_BYTES)


def _write_digest(effect: EnsureReport, outside: Outside) -> Written:
    since = effect.since or effect.at - timedelta(days=1)
    project = outside.projects[effect.project]
    with outside.database.read() as connection:
        made = reports.make_digest(connection, project, effect.number, since, effect.at)
    brief = brief_digest(made, _page_url(effect, outside))
    letter = Letter(
        key=effect.key,
        name=f"{effect.project}-daily-{effect.period[:10]}",
        brief=brief,
        markdown=render_brief(brief),
    )
    return Written(letter=letter, sprint=made.sprint.name, text=letter.markdown, is_quiet=made.is_quiet)


def _page_url(effect: EnsureReport, outside: Outside) -> str | None:
    return outside.page_url(f"/sprints/{effect.project}/{effect.number}")
