"""The report that options make."""

from datetime import UTC, datetime

import msgspec
import pytest

from trainboard.report_run import UsageError
from trainboard.report_run.ci import Job
from trainboard.report_run.report import MOST_BYTES, encode, make_report
from trainboard.report_run.usage import parse_arguments
from trainboard_webhooks.runs import decode

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
JUNIT = (
    '<testsuites><testsuite><testcase time="1.5"/><testcase><failure/></testcase></testsuite></testsuites>'
)


def made(*arguments, job=Job(), environ=None):  # noqa: B008  a value
    """The document and the remarks, as the service reads it."""
    options = parse_arguments(["--experiment", "churn", "--run-id", "r1", *arguments], "report-run")
    report, remarks = make_report(options, job, environ or {}, NOW)
    return msgspec.to_builtins(decode(encode(report, remarks))), remarks


def test_the_smallest_report():
    """Experiment and run are enough; it ended just now."""
    document, remarks = made("--source", "cli:ana")
    assert [] == remarks
    assert {
        "source": "cli:ana",
        "run": {"id": "r1", "status": "finished", "ended_at": "2026-11-18T09:00:00Z"},
        "experiment": {"name": "churn"},
        "time": "2026-11-18T09:00:00Z",
    } == document


def test_every_option_stands_in_the_report(tmp_path):
    """What is said arrives, as the service understands it."""
    (tmp_path / "m.json").write_text('{"val_auc": 0.92}')
    (tmp_path / "j.xml").write_text(JUNIT)
    document, remarks = made(
        *("--source", "gha:acme/churn", "--attempt", "2", "--name", "deeper", "--state", "failed"),
        *("--stage", "validate", "--started-at", "2026-11-18T09:30:00+01:00", "--ended-at", "1795077000"),
        *("--user", "ana", "--run-url", "https://ci.example.com/1", "--error", "out of memory"),
        *("--group", "s1", "--planned", "40", "--mlflow-run", "abc", "--metrics", str(tmp_path / "m.json")),
        *("--metric", "loss=nan", "--param", "lr=0.10", "--param", "opt=a=b", "--tag", "team=ml"),
        *("--junit", str(tmp_path / "j.xml"), "--model", "churn-clf:4", "--model-alias", "champion"),
        *("--dataset", "events:2026-11", "--dataset", "labels", "--gpus", "2", "--cost", "12.50:EUR"),
        *("--repo", "acme/churn", "--commit", "ABCDEF1", "--branch", "deeper", "--dirty", "--pr", "7"),
        *("--issue", "acme/churn#42", "--cpu-seconds", "5", "--energy-kwh", "0.5", "--co2e-kg", "0.25"),
    )
    assert [] == remarks
    assert {
        "source": "gha:acme/churn",
        "time": "2026-11-18T09:00:00Z",
        "run": {
            "id": "r1",
            "status": "failed",
            "attempt": 2,
            "name": "deeper",
            "url": "https://ci.example.com/1",
            "started_at": "2026-11-18T08:30:00Z",
            "ended_at": "2026-11-19T08:30:00Z",
            "user": "ana",
            "group": {"id": "s1", "kind": "sweep", "planned": 40},
            "error": {"message": "out of memory"},
        },
        "experiment": {"name": "churn"},
        "stage": "validate",
        "links": {
            "repo": "acme/churn",
            "issue": "acme/churn#42",
            "pr": 7,
            "commit": "abcdef1",
            "branch": "deeper",
            "dirty": True,
        },
        "metrics": {
            "val_auc": 0.92,
            "loss": None,
            "tests/total": 2.0,
            "tests/failed": 1.0,
            "tests/skipped": 0.0,
            "tests/seconds": 1.5,
        },
        "params": {"lr": "0.10", "opt": "a=b"},
        "tags": {"team": "ml", "mlflow.run_id": "abc"},
        "datasets": [{"name": "events", "version": "2026-11"}, {"name": "labels"}],
        "model": {"name": "churn-clf", "version": "4", "alias": "champion"},
        "cost": {
            "amount": 12.5,
            "currency": "EUR",
            "gpu_seconds": 172800.0,
            "cpu_seconds": 5.0,
            "energy_kwh": 0.5,
            "co2e_kg": 0.25,
        },
    } == document


def test_the_job_says_what_options_do_not():
    """An option beats what continuous integration tells."""
    job = Job("gha:a/b", "1/train", 3, "ana", "a/b", "c" * 40, "main", 7, "https://ci/1")
    document, _ = made("--branch", "mine", job=job)
    assert ("gha:a/b", 3, "https://ci/1") == (
        document["source"],
        document["run"]["attempt"],
        document["run"]["url"],
    )
    assert {
        "repo": "a/b",
        "commit": "c" * 40,
        "branch": "mine",
        "pr": 7,
        "ci_url": "https://ci/1",
    } == document["links"]


def test_variables_name_experiment_and_run():
    """A step may have them in its environment."""
    options = parse_arguments(["--state", "running"], "report-run")
    environ = {"TRAINBOARD_EXPERIMENT": "churn", "TRAINBOARD_RUN_ID": "r9"}
    report, _ = make_report(options, Job(), environ, NOW)
    assert ({"id": "r9", "status": "running"}, {"name": "churn"}) == (report["run"], report["experiment"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--experiment", ""], "What is the experiment"),
        (["--experiment", "x" * 251], "at most 250"),
        (["--run-id", ""], "--run-id"),
        (["--source", "acme"], "--source is 'acme'"),
        (["--commit", "HEAD"], "no hash"),
        (["--metric", "auc=high"], "no number"),
        (["--planned", "4"], "needs --group"),
        (["--model-alias", "champion"], "needs --model"),
        (["--gpus", "2"], "needs --started-at"),
        (["--gpus", "2", "--gpu-seconds", "3"], "choose one"),
        (["--gpus", "2", "--started-at", "2027-01-01T00:00:00Z"], "ended before it started"),
        (["--ended-at", "yesterday"], "no time"),
        (["--ended-at", "2026-01-05T09:00:00"], "no time"),
        (["--param", "a=" + "x" * 6001], "at most 6,000"),
        (["--tag", "a=" + "x" * 5001], "at most 5,000"),
        ([part for n in range(501) for part in ("--param", f"p{n}=1")], "at most 500"),
        (["--metrics", "/nowhere/m.json"], "/nowhere/m.json cannot be read"),
        (["--junit", "/nowhere/j.xml"], "/nowhere/j.xml cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(arguments, said):
    """Each is refused with a sentence."""
    with pytest.raises(UsageError, match=said):
        made(*arguments)


@pytest.mark.parametrize(
    "arguments", [["--state", "done"], ["--param", "x"], ["--cost", "5"], ["--pr", "-1"], ["--gpus", "nan"]]
)
def test_options_of_another_form_are_wrong_usage(arguments, capsys):
    """The parser of the options says which."""
    with pytest.raises(SystemExit) as caught:
        made(*arguments)
    assert 2 == caught.value.code
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("success", "finished"),
        ("failure", "failed"),
        ("cancelled", "killed"),
        ("Succeeded", "finished"),
        ("SucceededWithIssues", "finished"),
        ("Failed", "failed"),
        ("Canceled", "killed"),
        ("running", "running"),
    ],
)
def test_the_status_of_a_job_is_a_state(status, state):
    """GitHub Actions and Azure Pipelines have their own words."""
    document, _ = made("--state", status)
    assert state == document["run"]["status"]


@pytest.mark.parametrize("state", ["failed", "killed"])
def test_a_failed_run_may_lack_its_files(state):
    """It failed before it wrote them, and that is worth a report."""
    document, remarks = made("--state", state, "--metrics", "/nowhere/m.json")
    assert state == document["run"]["status"]
    assert ["/nowhere/m.json cannot be read: No such file or directory."] == remarks


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<a/>",
        "no XML",
        '<!DOCTYPE a [<!ENTITY b "c">]><testsuite>&b;</testsuite>',
        "<testsuite>" * 200,
        '<coverage line-rate="1" lines-covered="1" lines-valid="1"/>',
    ],
)
def test_results_that_are_none_are_wrong_usage(tmp_path, content):
    """No entity is taken, and nothing else than JUnit's."""
    (tmp_path / "j.xml").write_text(content)
    with pytest.raises(UsageError, match=r"j\.xml"):
        made("--junit", str(tmp_path / "j.xml"))


def test_several_files_of_results_are_added_up(tmp_path):
    """A job may test in several steps."""
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(JUNIT)
    document, _ = made("--junit", str(tmp_path / "a.xml"), "--junit", str(tmp_path / "b.xml"))
    assert (4, 2, 3.0) == tuple(
        document["metrics"][f"tests/{kind}"] for kind in ("total", "failed", "seconds")
    )


def test_a_body_that_would_be_too_large_loses_metrics(tmp_path):
    """It is said how many; the service takes what is left."""
    names = {f"{number:03}" + "\U0001f600" * 245: number for number in range(500)}
    (tmp_path / "m.json").write_bytes(msgspec.json.encode(names))
    document, remarks = made("--metrics", str(tmp_path / "m.json"))
    assert 250 == len(document["metrics"])
    assert ["The report would be too large: 250 metrics are left out."] == remarks


def test_a_body_that_is_too_large_without_metrics_is_refused():
    """Parameters are never dropped without a word."""
    params = [part for number in range(60) for part in ("--param", f"p{number}=" + "x" * 6000)]
    with pytest.raises(UsageError, match=f"at most {MOST_BYTES:,}"):
        made(*params)


def test_bytes_that_are_no_text_are_sent_as_question_marks():
    """What a shell hands over need not be UTF-8."""
    document, _ = made("--name", "caf\udce9")
    assert "caf?" == document["run"]["name"]
