"""Problems and storms as the pages show them."""

from datetime import timedelta

import pytest
from msgspec import structs

from fakes.alerts import DOOR, TOLD
from trainboard.alerts import Severity
from trainboard.facts import RecordStorm
from trainboard.store import alert_history, alert_log, problems
from trainboard.store.alert_log import ProblemFilter

NOW = TOLD.at


@pytest.fixture
def told(write):
    """Notes that a problem is told of, and gives it what else is known of it; answers its key."""

    def tell(name, *, fingerprint="f1", firing=True, minutes=0, **changes):
        key = f"alert:{name}"
        alert = structs.replace(TOLD.alerts[0], fingerprint=fingerprint, firing=firing)
        at = NOW + timedelta(minutes=minutes)
        problems.record(write, structs.replace(TOLD, key=key, alerts=(alert,), at=at))
        if changes:
            problems.put(write, problems.find(write, key), **changes)
        return key

    return tell


def storm(write, *keys):
    """The problems are shown by one storm."""
    fact = RecordStorm(project="churn", door=DOOR, key="storm:x", rule="FeatureDrift", members=keys, at=NOW)
    problems.record_storm(write, fact)


def keys(write, **wanted):
    """What is on the page, without what all keys begin with."""
    page = alert_log.list_page(write, ProblemFilter(**wanted))
    return [line.problem.key.partition(":")[2] for line in page.lines]


def test_open_problems_come_first(write, told):
    """The worst first, then the latest; of the others those that ended last."""
    ended = {"state": "closed", "closed_at": NOW + timedelta(hours=1), "severity": Severity.CRITICAL}
    told("ended", **ended)
    told("ended-last", **(ended | {"closed_at": NOW + timedelta(hours=2)}))
    told("waiting")
    told("warning", state="open", severity=Severity.WARNING)
    told("critical", state="open", severity=Severity.CRITICAL)
    told("later", minutes=5, state="open", severity=Severity.CRITICAL)
    told("deleted", state="gone", closed_at=NOW)

    everything = ["later", "critical", "warning", "waiting", "ended-last", "ended", "deleted"]
    assert everything == keys(write)
    assert everything[:4] == keys(write, state="open")
    assert everything[4:] == keys(write, state="closed")
    assert [] == keys(write, project="ranking")
    assert (4, 0) == (alert_log.count_open(write, "churn"), alert_log.count_open(write, "ranking"))


def test_what_has_no_bug_is_asked_for_by_itself(write, told):
    """It was over before one was made, or a storm shows it."""
    told("brief")
    told("brief", firing=False, minutes=1)
    storm(write, told("member"))

    assert {"brief", "member"} == set(keys(write, state="without"))
    assert ["x"] == keys(write)


def test_a_page_says_whether_there_is_more(write, told):
    """The last one is as long as what is left."""
    for number in range(3):
        told(f"p{number}", minutes=number)
    pages = [alert_log.list_page(write, ProblemFilter(page=page, limit=2)) for page in (1, 2, 3)]

    assert [(2, True), (1, False), (0, False)] == [(len(each.lines), each.has_more) for each in pages]


def test_a_page_goes_on_behind_the_last_problem_of_the_one_before(write, told):
    """In the order of the whole, whatever comes on top meanwhile."""
    for number in range(5):
        told(f"p{number}", minutes=number // 2)
    problem = problems.find(write, "alert:p1")
    problems.put(write, problem, state="closed", closed_at=NOW)
    whole = keys(write)
    found, place = [], None
    for number in range(len(whole)):
        page = alert_log.list_page(write, ProblemFilter(after=place, limit=1))
        found += [each.problem.key.partition(":")[2] for each in page.lines]
        assert page.has_more == (number < len(whole) - 1)
        place = page.last
        told(f"new{number}", minutes=60)
    assert (5, "p1") == (len(whole), whole[-1])
    assert whole == [each for each in found if each in whole]


def test_alerts_are_counted_for_each_problem(write, told):
    """Those of a storm are those of its members."""
    told("a")
    told("a", fingerprint="f2")
    told("a", fingerprint="f2", firing=False, minutes=1)
    storm(write, told("s1"), told("s2"))
    problems.put(write, problems.find(write, "storm:x"), state="open")
    counts = {
        line.problem.key: (line.firing, line.alerts)
        for line in alert_log.list_page(write, ProblemFilter(state="open")).lines
    }

    assert {"alert:a": (1, 2), "storm:x": (2, 2)} == counts


def test_the_details_of_a_storm_are_its_members(write, told):
    """Each of them names the storm."""
    storm(write, told("s1"), told("s2"))
    details = alert_log.find_details(write, "storm:x")
    member = alert_log.find_details(write, "alert:s1")

    assert ["alert:s1", "alert:s2"] == [line.problem.key for line in details.members]
    assert [1, 1] == [line.firing for line in details.members]
    assert (2, 2) == (len(details.episodes), details.line.firing)
    assert ("storm:x", ()) == (member.storm.key, member.members)
    assert None is alert_log.find_details(write, "alert:nobody")


def test_a_long_life_is_cut(write, told, monkeypatch):
    """The latest stand first; what is left out is counted, without the times that it was told of."""
    monkeypatch.setattr(alert_log, "MAX_MOMENTS", 3)
    for number in range(3):
        told("a", minutes=2 * number)
        told("a", firing=False, minutes=2 * number + 1)
    details = alert_log.find_details(write, "alert:a")

    assert (["over", "began", "over"], 3) == ([each.kind for each in details.moments], details.more_moments)


def test_moments_are_counted_by_source(write, told):
    """From one number on, up to another."""
    key = told("a", state="open")
    middle = alert_history.find_latest(write)
    problems.note(write, problems.find(write, key), "closed", NOW, "not planned")

    assert {("alertmanager", "told"): 1} == alert_history.count(write, 0, middle)
    assert {("alertmanager", "not planned"): 1} == alert_history.count(write, middle)
    assert ({"alertmanager": 1}, {"alertmanager": 1}) == (
        alert_history.count_firing(write),
        alert_history.count_open(write),
    )
