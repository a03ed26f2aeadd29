"""Reports in artifacts, which strangers may have made."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from fakes.result_files import zipped
from trainboard.applying.run_reports import MOST_ARTIFACTS, MOST_REPORTS, read_reports
from trainboard.errors import MissingError, TransientError
from trainboard.events import decode
from trainboard.pipelines import Artifact
from trainboard.policy import Door
from trainboard.results import EndedRun
from trainboard_webhooks.runs import read_left

RUN = EndedRun(
    code="github:acme/churn",
    commit="a" * 40,
    pipeline="github-actions/3",
    run=77,
    at=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    url="https://github.com/acme/churn/actions/runs/77",
    source="gha:acme/churn",
    ran="pushed",
)
DOOR = Door(name="artifacts/ci", project="churn", artifacts=("trainboard-run*",))
REPORT = json.dumps({"run": {"status": "finished"}, "experiment": {"name": "churn-xgb"}})
OUTSIDE = SimpleNamespace(read_report=read_left)


def artifact(name="trainboard-run", age=1, **more):
    return Artifact(ref=name, name=name, age=age, **{"size_bytes": 10, "commit": RUN.commit} | more)


class Kept:
    """Archives by the name of their artifact; what is an error is raised."""

    def __init__(self, contents):
        self._contents = contents

    def read_artifact(self, found, _most_bytes):
        content = self._contents[found.name]
        if isinstance(content, Exception):
            raise content
        return content if isinstance(content, bytes) else zipped(content)


def read(contents, *, found=None, run=RUN, door=DOOR):
    """What is left of these archives, each in an artifact of its own."""
    found = [artifact(name, age) for age, name in enumerate(contents)] if found is None else found
    return read_reports(run, door, found, Kept(contents), OUTSIDE)


def reports(left):
    return [decode(each.body).report for each in left.deliveries]


def test_every_report_is_a_delivery_of_its_source():
    """What is about one experiment is worked on in order; the same report has the same id."""
    left = read({"trainboard-run": {"r.json": REPORT}})
    [delivery] = left.deliveries
    assert ("poll/artifacts/ci", "run", "artifacts/ci/churn-xgb", 0) == (
        delivery.source,
        delivery.kind,
        delivery.entity,
        left.unread,
    )
    assert [delivery] == read({"trainboard-run": {"r.json": REPORT}}).deliveries


def test_files_without_an_id_are_runs_of_their_own():
    """By where they lie, whether a platform packs a folder around them or not."""
    files = {"a/run.json": REPORT, "trainboard-run/b/run.json": REPORT, "../../etc/run.json": REPORT}
    ids = [each.run.id for each in reports(read({"trainboard-run": files}))]
    assert ["a/run", "b/run", "../../etc/run"] == [each.removeprefix("77/trainboard-run/") for each in ids]


def test_only_what_is_wanted_is_read():
    """By the artifact's name, and of its files those that end in .json, in whatever letters."""
    contents = {"Trainboard-Run-2": {"a/R.JSON": REPORT, "notes.txt": "{"}, "model": PermissionError()}
    assert ["77/Trainboard-Run-2/a/R"] == [each.run.id for each in reports(read(contents))]
    assert read({"model": {"r.json": REPORT}}) is None


@pytest.mark.parametrize(
    ("content", "unread"),
    [
        ({}, 0),
        ({"r.json": "{"}, 1),
        ({"r.json": ""}, 1),
        ({"r.json": '{"run": {"id": "\\ud800"}}'}, 1),
        ({"r.json": "[" * 100_000}, 1),
        ({"r.json": " " * (256 * 1024) + REPORT, "s.json": "[]"}, 2),
        ({f"{number}.json": b" " * (300 * 1024) for number in range(999)}, 1),
        ({f"{number}.json": "{}" for number in range(1_001)}, 1),
        (b"no archive", 1),
        (MissingError("gone"), 1),
    ],
    ids=["empty", "cut", "blank", "surrogate", "deep", "large", "bomb", "many", "no archive", "gone"],
)
def test_what_cannot_be_read_is_counted(content, unread):
    """It stops nothing that can be."""
    left = read({"trainboard-run-bad": content, "trainboard-run-good": {"r.json": REPORT}})
    assert (["77/trainboard-run-good/r"], unread) == ([each.run.id for each in reports(left)], unread)
    assert unread == left.unread


@pytest.mark.parametrize("wrong", [{"is_gone": True}, {"size_bytes": 10**9}, {"commit": "b" * 40}])
def test_an_artifact_that_is_not_worth_a_download(wrong):
    """It expired, is too large, or is of another commit than the run that ended."""
    assert 1 == read({"trainboard-run": AssertionError("read")}, found=[artifact(**wrong)]).unread


def test_there_is_an_end_to_it():
    """Artifacts and reports beyond a number are not read."""
    many = {f"trainboard-run-{number:02}": {"r.json": REPORT} for number in range(MOST_ARTIFACTS + 2)}
    left = read(many)
    assert (MOST_ARTIFACTS, 2) == (len(left.deliveries), left.unread)
    left = read({"trainboard-run": {f"{number}.json": REPORT for number in range(MOST_REPORTS + 3)}})
    assert (MOST_REPORTS, 3) == (len(left.deliveries), left.unread)


def test_a_host_that_is_down_may_be_asked_again():
    """Nothing is taken to be broken by it."""
    with pytest.raises(TransientError):
        read({"trainboard-run": TransientError("down")})


def test_a_later_artifact_has_the_last_word():
    """Two attempts may report one run under names of their own."""
    first, second = (
        json.dumps(json.loads(REPORT) | {"run": {"id": "train", "status": status}})
        for status in ("failed", "finished")
    )
    found = [artifact("trainboard-run-9", 1), artifact("trainboard-run-10", 2)]
    left = read({"trainboard-run-9": {"r.json": first}, "trainboard-run-10": {"r.json": second}}, found=found)
    assert ["failed", "finished"] == [each.run.status for each in reports(left)]


@pytest.mark.parametrize(
    ("ran", "foreign", "forks", "dirty"),
    [
        ("pushed", False, False, None),
        ("proposed", False, False, True),
        ("foreign", True, False, ...),
        ("pushed", True, False, ...),
        ("foreign", False, False, ...),
        ("foreign", True, True, True),
        ("pushed", True, True, True),
    ],
)
def test_whose_code_ran(ran, foreign, forks, dirty):
    """Only what was pushed is a clean commit; one word for a fork is enough, and forks must be wanted."""
    door = replace(DOOR, forks=forks)
    contents = {"trainboard-run": {"r.json": REPORT}}
    left = read(contents, found=[artifact(is_foreign=foreign)], run=replace(RUN, ran=ran), door=door)
    if dirty is ...:
        assert left is None
    else:
        [report] = reports(left)
        assert dirty == (report.links.dirty or None)
