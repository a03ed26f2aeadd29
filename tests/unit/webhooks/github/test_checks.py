"""GitHub: what is said of a commit, and that the order in which it arrives does not matter."""

import json
from pathlib import Path

import pytest

from trainboard.errors import PayloadError
from trainboard.events import CheckReported, PipelineRunEnded
from trainboard.pull_requests import CheckState
from trainboard_webhooks import github

FIXTURES = Path(github.__file__).parent / "fixtures"


def fixture(name):
    return json.loads((FIXTURES / f"{name}.json").read_text())


FAILED, STATUS, RUN = map(fixture, ["check_run__failed", "status__pending", "workflow_run__failed"])


def check(kind, body):
    [told] = [event for event in parse(kind, body) if isinstance(event, CheckReported)]
    return told.check


def parse(kind, body):
    return github.parse("github", kind, json.dumps(body).encode())


def check_run(**changes):
    return check("check_run", FAILED | {"check_run": FAILED["check_run"] | changes})


def workflow_run(workflow=RUN["workflow"], **changes):
    body = RUN | {"workflow": workflow, "workflow_run": RUN["workflow_run"] | changes}
    return check("workflow_run", body)


@pytest.mark.parametrize(
    ("status", "conclusion", "state"),
    [
        ("queued", None, CheckState.QUEUED),
        ("requested", None, CheckState.QUEUED),
        ("pending", None, CheckState.QUEUED),
        ("status of tomorrow", None, CheckState.QUEUED),
        ("waiting", None, CheckState.WAITING),
        ("in_progress", None, CheckState.RUNNING),
        ("completed", "success", CheckState.PASSED),
        ("completed", "failure", CheckState.FAILED),
        ("completed", "startup_failure", CheckState.FAILED),
        ("completed", "neutral", CheckState.NEUTRAL),
        ("completed", "skipped", CheckState.NEUTRAL),
        ("completed", "cancelled", CheckState.CANCELLED),
        ("completed", "timed_out", CheckState.TIMED_OUT),
        ("completed", "stale", CheckState.TIMED_OUT),
        ("completed", "action_required", CheckState.WAITING),
        ("completed", "conclusion of tomorrow", CheckState.NEUTRAL),
        ("completed", None, CheckState.NEUTRAL),
    ],
)
def test_state(status, conclusion, state):
    """Each status and conclusion has its state; what is not known yet is never passed."""
    assert state == check_run(status=status, conclusion=conclusion).state
    assert state == workflow_run(status=status, conclusion=conclusion).state


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({}, "2026-01-12T07:04:31Z"),
        ({"completed_at": None}, "2026-01-12T07:01:10Z"),
        ({"completed_at": None, "started_at": None}, "2026-01-12T07:04:31Z"),
    ],
)
def test_time_of_a_check_run(changes, at):
    """Its end, else its start, else when its suite was touched."""
    assert at == check_run(**changes).at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_check_run_needs_a_time():
    """Without any time the delivery is refused, and says what it lacks."""
    with pytest.raises(PayloadError, match="started_at must be a time"):
        check_run(completed_at=None, started_at=None, check_suite=None)


def test_little_is_needed_of_a_check_run():
    """App, suite, output and page may be missing."""
    found = check_run(app=None, check_suite=None, output=None, html_url=None)
    assert ("", "", "", "") == (found.reporter, found.suite, found.summary, found.url)


def test_an_app_without_a_slug_is_named_by_its_name():
    """Old deliveries have no slug."""
    assert "Linter" == check_run(app={"name": "Linter"}).reporter


def test_a_long_output_is_cut():
    """Of the 65,535 characters that an output may have, the beginning is kept."""
    found = check_run(output={"title": "412 findings", "summary": "x" * 65_535})
    assert "412 findings\n\n" + "x" * 986 == found.summary


def test_a_long_name_is_shortened():
    """Two long names stay two."""
    names = [check_run(name="x" * 5000 + end).name for end in "ab"]
    assert ([200, 200], 2) == ([len(name) for name in names], len(set(names)))


def test_a_status_has_a_known_state():
    """There are four states of a status."""
    with pytest.raises(PayloadError, match="state must be pending"):
        check("status", STATUS | {"state": "fine"})


def test_each_status_of_a_context_is_a_run_of_it():
    """A later status of one context has a greater number, so that `pending` can follow `error`."""
    found = [check("status", fixture(f"status__{name}")) for name in ("pending", "error")]
    assert 1 == len({(it.name, it.suite) for it in found})
    assert found[0].run < found[1].run


@pytest.mark.parametrize(
    ("workflow", "name", "expected"),
    [
        (RUN["workflow"], "Tests", "Tests (workflow)"),
        (RUN["workflow"], None, "CI (workflow)"),
        (None, "", ".github/workflows/ci.yml (workflow)"),
    ],
)
def test_name_of_a_workflow(workflow, name, expected):
    """Its name, else its file; it never looks like that of a job."""
    assert expected == workflow_run(workflow, name=name).name


def test_a_workflow_without_any_name():
    """It still is a check."""
    assert "unnamed (workflow)" == workflow_run(None, name=None, path=None).name


def test_a_run_speaks_for_its_jobs():
    """A run and the jobs of it are of one suite, and only the run names its series."""
    job, run = check("check_run", FAILED), check("workflow_run", RUN)
    assert (job.suite, "", "88100011 on pull_request") == (run.suite, job.series, run.series)


@pytest.mark.parametrize(
    ("changes", "branch"),
    [
        ({"event": "push", "head_branch": "main"}, "main"),
        ({"event": "pull_request", "head_branch": "main"}, ""),
        ({"event": "pull_request_target", "head_branch": "main"}, ""),
        ({"event": "push", "head_branch": "main", "head_repository": {"id": 1}}, ""),
        ({"event": "push", "head_branch": "main", "head_repository": None}, ""),
        ({"event": "push", "head_branch": None}, ""),
    ],
)
def test_a_fork_runs_no_branch_of_ours(changes, branch):
    """Only a run of the repository's own branch, for no pull request, speaks for the branch."""
    *_, told = parse("workflow_run", RUN | {"workflow_run": RUN["workflow_run"] | changes})
    assert branch == told.run.branch


@pytest.mark.parametrize(("status", "ends"), [("completed", True), ("in_progress", False), ("queued", False)])
def test_a_run_ends_once(status, ends):
    """Only the end of a run is a reason to look for what it left."""
    told = parse("workflow_run", RUN | {"workflow_run": RUN["workflow_run"] | {"status": status}})
    assert ends == any(isinstance(event, PipelineRunEnded) for event in told)


@pytest.mark.parametrize("name", ["check_run__own_gate", "status__own_gate"])
def test_own_checks_are_not_heard(name):
    """What the bot reports itself does not come back to it."""
    body = (FIXTURES / f"{name}.json").read_bytes()
    assert [] == list(github.parse("github", name.partition("__")[0], body))
