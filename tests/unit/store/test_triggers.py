"""Runs that people asked for, as rows."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.code import NOW
from fakes.pipelines import RUN, WHOLE, trigger
from trainboard.facts import RecordCheck
from trainboard.policy import Keep
from trainboard.pull_requests import CheckState
from trainboard.store import moves, pull_requests, triggers
from trainboard.store.retention import list_heaps
from trainboard.triggers import Origin, RunName

LONG_AGO = NOW - timedelta(days=1)


def test_what_was_asked_for_is_found_by_its_key_its_place_and_its_run(write):
    """Whatever letters a place is written in."""
    asked = trigger(origin=Origin(place="azure-boards:acme/Churn/Team", ref="5"))
    triggers.put(write, asked)
    assert asked == triggers.find(write, asked.key)
    assert [asked] == list(triggers.list_of_origin(write, "azure-boards:acme/churn/team", "5"))
    assert asked == triggers.find_of_run(write, RunName("github:Acme/Churn", "7"))
    assert None is triggers.find_of_run(write, RunName("github:acme/churn", "8"))
    assert [] == list(triggers.list_of_origin(write, "azure-boards:acme/churn/team", "6"))


def test_a_wish_is_one_row(write):
    """The latest that is known of it stays."""
    triggers.put(write, trigger(run=None))
    triggers.put(write, trigger())
    assert [trigger()] == list(triggers.list_of_origin(write, "local:churn", "1"))


def test_those_of_one_place_stand_in_order(write):
    """The first at the beginning."""
    later = trigger(key="a", at=NOW + timedelta(minutes=1), run=None)
    for each in (later, trigger()):
        triggers.put(write, each)
    assert [trigger(), later] == list(triggers.list_of_origin(write, "local:churn", "1"))


def test_those_of_a_time_are_of_one_project(write):
    """The time is half open."""
    asked = [trigger(key=str(n), at=NOW + timedelta(minutes=n), run=None) for n in range(3)]
    for each in (*asked, trigger(key="other", project="ranking", run=None)):
        triggers.put(write, each)
    found = triggers.list_asked(write, "churn", NOW, NOW + timedelta(minutes=2))
    assert {"0", "1"} == {each.key for each in found}


def test_only_the_whole_of_a_run_is_followed(write):
    """A run that nobody asked for is nothing to us."""
    triggers.put(write, trigger())
    triggers.follow(write, replace(WHOLE, series="", state=CheckState.FAILED))
    triggers.follow(write, replace(WHOLE, run=8, state=CheckState.FAILED))
    triggers.follow(write, WHOLE)
    assert WHOLE.state is triggers.find_of_run(write, RUN).check


def test_what_was_told_before_a_run_was_known_is_found(write):
    """Of that run alone."""
    for told in (WHOLE, replace(WHOLE, run=8, suite="901"), replace(WHOLE, name="job", series="", suite="7")):
        pull_requests.record(write, RecordCheck(check=told))
    assert [WHOLE] == list(triggers.list_told(write, "github:acme/churn", RUN, LONG_AGO))
    assert [] == list(triggers.list_told(write, "github:acme/churn", RUN, NOW + timedelta(minutes=1)))


def test_it_follows_a_repository_to_its_new_name(write):
    """What is told of its runs and on its pull requests is found under the new name."""
    origin = Origin(place="github:acme/churn", ref="7", is_pull_request=True)
    triggers.put(write, trigger(origin=origin))
    assert moves.follow(write, "github:acme/churn", "github:acme/attrition")
    [found] = triggers.list_of_origin(write, "github:acme/attrition", "7")
    assert RunName("github:acme/attrition", "7") == found.run
    assert "github:acme/attrition" == found.origin.place


def test_it_is_kept_as_long_as_what_was_said_of_code(write):
    """Then it goes."""
    triggers.put(write, trigger())
    for days, left in ((89, 1), (91, 0)):
        heaps = {heap.name: heap for heap in list_heaps(Keep(), NOW + timedelta(days=days))}
        heap = heaps["triggers"]
        heap.remove(write, heap.list_keys(write, None, 9))
        assert left == len(triggers.list_of_origin(write, "local:churn", "1"))
