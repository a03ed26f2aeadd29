"""`/snooze`: leave a bug alone for a while, whatever fires."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trainboard.commanding.asked import ITEMS, get_problem
from trainboard.comments import Role
from trainboard.facts import AnswerProblem
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter, Plan, Undo
from trainboard.grammar.values import DATE, DURATION, TEXT, either
from trainboard.rendering.numbers import minute


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The bug is not edited, commented on or opened again until then; it still closes when all is over."""
    problem, now = get_problem(asking), asking.read.now
    until = _find_end(call, asking)
    if until <= now:
        raise CommandError("That is over already.")
    yield Plan(f"leave this alone until {minute(until)} UTC, unless it is over before")
    yield AnswerProblem(key=problem.key, at=asking.given.created_at, quiet_until=until)
    yield Undo(AnswerProblem(key=problem.key, at=asking.given.created_at, quiet_until=now))


def _find_end(call: Call, asking: Asking) -> datetime:
    length = call.values["until"]
    if isinstance(length, timedelta):
        return asking.given.created_at + length
    day = call.find("until", date) or asking.read.now.date()
    return datetime.combine(day, time.min, ZoneInfo(asking.project.sprint.timezone)).astimezone(UTC)


COMMAND = Command(
    name="snooze",
    summary="leave this alone for a while, whatever fires",
    parameters=(
        Parameter(
            name="until", about="how long, or until which day", type=either(DURATION, DATE), required=True
        ),
        Parameter(name="reason", about="why", type=TEXT),
    ),
    surfaces=ITEMS,
    role=Role.WRITE,
    examples=("/snooze 2h", "/snooze 2030-01-31 the vendor knows"),
    run=run,
)
