"""A pull request of an invented repository, and what is said of its commits."""

from datetime import UTC, datetime, timedelta

from fakes.read import item
from trainboard.metric_gate import Evidence
from trainboard.pull_requests import (
    Approval,
    Check,
    CheckState,
    Deployment,
    DeploymentState,
    PullRequest,
)
from trainboard.runs import ExperimentName, Links, RunFacts, RunReport, RunStatus
from trainboard.targets import parse_targets

CODE = "github:acme/churn"
HEAD, OLD_HEAD, MERGED = "abc1234" + "0" * 33, "01d1234" + "0" * 33, "def5678" + "0" * 33
OPENED = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def pull_request(**fields):
    """An open pull request, number 7."""
    values = {
        "code": CODE,
        "number": 7,
        "title": "Widen the trees",
        "state": "open",
        "head": HEAD,
        "branch": "widen-the-trees",
        "base": "main",
        "at": OPENED,
        "url": "https://github.com/acme/churn/pull/7",
    }
    return PullRequest(**(values | fields))


def check(name="test", state="passed", **fields):
    """A check of the head commit."""
    values = {"code": CODE, "commit": HEAD, "at": OPENED} | fields
    return Check(name=name, state=CheckState(state), **values)


def deployment(environment="staging", state="succeeded", *, minutes=60, **fields):
    """A deployment of the merge commit, so long after the opening."""
    values = {"code": CODE, "ref": f"{environment}/{minutes}", "commit": MERGED} | fields
    at = OPENED + timedelta(minutes=minutes)
    return Deployment(environment=environment, state=DeploymentState(state), at=at, **values)


def approval(environment="production", state="pending", **fields):
    """An approval that the merge commit waits for."""
    values = {"code": CODE, "ref": f"approval/{environment}", "commit": MERGED, "at": OPENED} | fields
    return Approval(environment=environment, state=state, **values)


def run(id_="r1", metrics=None, status="finished", *, commit=HEAD, **links):
    """A run of that commit."""
    return RunReport(
        source="mlflow:prod",
        run=RunFacts(id=id_, status=RunStatus(status), url=f"https://mlflow.example.com/runs/{id_}"),
        experiment=ExperimentName(name="churn-xgb"),
        metrics=metrics or {},
        links=Links(commit=commit, **links),
    )


def evidence(targets="val_auc >= 0.92", runs=(), models=(), **fields):
    """The linked experiment `churn-xgb` with its targets as people wrote them."""
    values = {
        "ref": "12",
        "title": "Experiment: churn-xgb",
        "url": "https://github.com/acme/churn/issues/12",
    } | fields
    return Evidence(
        item=item(**values),
        targets=tuple(parse_targets(targets)),
        runs=tuple(runs),
        models=tuple(models),
    )
