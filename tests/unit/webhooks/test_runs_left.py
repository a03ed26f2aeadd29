"""Reports that runs of pipelines left in files: the platform is believed before what they say."""

import json

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from trainboard.errors import PayloadError
from trainboard.run_origins import RunOrigin
from trainboard_webhooks.runs import MAX_BODY_BYTES, read_left

ORIGIN = RunOrigin(
    source="ado:acme/Churn",
    run_id="77",
    repository="acme/Churn/churn",
    commit="a" * 40,
    url="https://dev.azure.com/acme/Churn/_build/results?buildId=77",
    branch="main",
    by="Ana",
    attempt=2,
)
REPORT = {"run": {"status": "finished"}, "experiment": {"name": "churn-xgb"}, "metrics": {"val_auc": 0.9}}
LIE = {
    "source": "gha:evil/other",
    "run": {"id": "1", "status": "finished", "attempt": 9, "user": "root"},
    "experiment": {"name": "churn-xgb"},
    "links": {
        "repo": "evil/other",
        "commit": "f" * 40,
        "branch": "prod",
        "pr": 99,
        "ci_url": "https://evil.example",
        "issue": "#42",
    },
}


def read(report, origin=ORIGIN, name="trainboard-run/trainboard-run"):
    return read_left(json.dumps(report).encode(), origin, name)


def test_what_the_platform_tells_need_not_be_said():
    """The smallest report says how the run went, of which experiment."""
    read_report = read(REPORT)
    assert ("ado:acme/Churn", "77/trainboard-run/trainboard-run") == (read_report.source, read_report.run.id)
    assert {"val_auc": 0.9} == read_report.metrics


def test_the_platform_is_believed_before_the_report():
    """Only what it does not know stays as it was said."""
    report = read(LIE)
    links = report.links
    assert ("ado:acme/Churn", "77/1", "Ana", 2) == (
        report.source,
        report.run.id,
        report.run.user,
        report.run.attempt,
    )
    assert (ORIGIN.repository, ORIGIN.commit, "main", UNSET, ORIGIN.url, "#42", UNSET) == (
        links.repo,
        links.commit,
        links.branch,
        links.pr,
        links.ci_url,
        links.issue,
        links.dirty,
    )


@pytest.mark.parametrize("said", [{}, {"dirty": False}, {"dirty": True}])
def test_loose_code_is_never_a_clean_commit(said):
    """A run of a pull request says nothing of the commit that it names."""
    report = read(REPORT | {"links": said}, replace(ORIGIN, is_loose=True, pull_request=5))
    assert (True, 5) == (report.links.dirty, report.links.pr)


def test_texts_of_the_platform_fit():
    """Names have their longest length in a report, whatever a platform allows; nothing stays empty."""
    long = replace(ORIGIN, branch="b" * 300, by="n" * 300, source="ado:" + "s" * 600, url="")
    report = read(REPORT, long, "x" * 300)
    assert [250, 256, 512, 256] == [
        len(each) for each in (report.links.branch, report.run.user, report.source, report.run.id)
    ]
    assert UNSET is report.links.ci_url


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the body is empty"),
        (b"[]", "no run event"),
        (b'{"run": []}', "no run event"),
        (b'{"run": {"status": "finished"}}', "experiment"),
        (json.dumps(REPORT | {"metrcs": {}}).encode(), 'unknown key "metrcs"'),
        (json.dumps(REPORT | {"time": "2026"}).encode(), "time with an offset"),
        (b" " * (MAX_BODY_BYTES + 1), "more than 262,144 bytes"),
    ],
)
def test_what_is_no_report_is_refused(body, said):
    """As it would be at the door, with the reason."""
    with pytest.raises(PayloadError, match=said):
        read_left(body, ORIGIN, "x")
