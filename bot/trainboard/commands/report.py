"""`/report`: what a sprint came to, or what is new in it."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from trainboard.comments import Role
from trainboard.errors import MissingError
from trainboard.grammar.declaration import Answer, Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import NAME, choice
from trainboard.iterations import midnight, works_on
from trainboard.rendering.inert import inert, link
from trainboard.rendering.report.brief import brief_digest
from trainboard.rendering.report.brief_text import render_brief
from trainboard.rendering.report.dialects import dialect_of
from trainboard.rendering.report.kept import fit_report
from trainboard.rendering.report.markdown import render_report

MOST_BYTES = 20_000
_DAYS_BACK = 14


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The report as it is now, whatever is scheduled."""
    try:
        number = _find_number(call.find("sprint", str), asking)
        said = _say_digest(number, asking) if call.find("daily", bool) else _say_report(number, asking)
    except MissingError as error:
        raise CommandError(inert(str(error), 400)) from error
    yield Answer(said)


def _say_report(number: int, asking: Asking) -> str:
    report = asking.read.make_report(asking.project.name, number)
    url = asking.read.find_report_url(asking.project.name, number)
    text = fit_report(render_report(report, dialect_of(asking.project.tracker)), MOST_BYTES)
    return f"{text}\n\nKept as {link('a work item', url, may_refer=True)}." if url else text


def _say_digest(number: int, asking: Asking) -> str:
    policy = asking.project.sprint
    local = asking.read.now.astimezone(ZoneInfo(policy.timezone)).date()
    days = (local - timedelta(days=n) for n in range(1, _DAYS_BACK))
    last = next((day for day in days if works_on(policy, day)), local - timedelta(days=1))
    since = midnight(last, policy.timezone)
    return render_brief(brief_digest(asking.read.make_digest(asking.project.name, number, since), None))


def _find_number(word: str | None, asking: Asking) -> int:
    current = asking.read.current_iteration(asking.project.name).number
    if word in {None, "current"}:
        return current
    if word == "last":
        return current - 1
    return asking.read.find_sprint(asking.project.name, word or "")


COMMAND = Command(
    name="report",
    summary="tell what a sprint came to so far, or what is new in it",
    parameters=(
        Parameter(
            name="sprint",
            about="its name or number; not needed for the one under way",
            type=choice("current", "last", other=NAME),
        ),
        Parameter(name="daily", about="for what changed since the last working day began"),
    ),
    role=Role.ANYONE,
    in_place=True,
    examples=("/report", "/report last", '/report "Sprint 12"', "/report --daily"),
    run=run,
)
