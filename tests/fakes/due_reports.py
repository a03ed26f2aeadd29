"""Reports that are due, kept and said, as tests have them."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from fakes.hostile import infect
from fakes.read import NOW, POLICY
from trainboard.facts import ClaimReport
from trainboard.iterations import iteration
from trainboard.report.building import History, build
from trainboard.report.digest import digest
from trainboard.report.happenings import Happening, Past
from trainboard.store import report_places
from trainboard.store.report_places import ReportPlace

CLAIMED = ClaimReport(
    key="one", project="churn", number=1, report="sprint", target="tracker", state="asked", due_at=NOW, at=NOW
)
KNOWN_SINCE = NOW - timedelta(days=20)


def put_report(connection, ref="9"):
    """The report of sprint 1 is kept in a work item."""
    place = ReportPlace(
        project="churn",
        number=1,
        target="tracker",
        place="local:churn",
        ref=ref,
        url="",
        digest="",
        written_at=NOW,
    )
    report_places.put(connection, place)


def past(title="Clean the labels", items=3, **first):
    """Items of sprint 1, of which the first was done an hour ago."""
    planned = [
        Happening(
            item=str(number),
            at=NOW - timedelta(days=12),
            title=title,
            sprint=1,
            points=Decimal(number),
            url=f"https://github.com/acme/churn/issues/{number}",
        )
        for number in range(1, items + 1)
    ]
    done = Happening(item="1", at=NOW - timedelta(hours=1), state="done", **first)
    return Past([*planned, done])


def make_report(title="Clean the labels", items=3, project="churn"):
    """The report of sprint 1."""
    return build(History(project=project, past=past(title, items), known_since=KNOWN_SINCE), POLICY, 1, NOW)


def make_digest(title="Clean the labels", items=3, hours=24):
    """What is new in sprint 1 since yesterday."""
    since = NOW - timedelta(hours=hours)
    return digest("churn", past(title, items), iteration(POLICY, 1), since, NOW, KNOWN_SINCE)


def make_hostile(made, text):
    """The report or digest with that in each of its texts but the time zone and our own sentences."""
    full = infect(made, text)
    ours = {"forecast": made.forecast} if hasattr(made, "forecast") else {}
    return replace(full, sprint=replace(full.sprint, timezone="UTC"), **ours)
