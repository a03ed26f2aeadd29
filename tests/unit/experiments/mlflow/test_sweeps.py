"""Parents of nested runs: known from the page, looked up a few at a time, never from elsewhere."""

import msgspec
import pytest

from fakes.mlflow import a_run
from trainboard.experiments.mlflow import sweeps
from trainboard.experiments.mlflow.answers import Run
from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.experiments.mlflow.sweeps import Parents
from trainboard.outbound import Outbound


def read(run_id, parent="", **facts):
    tags = facts.pop("tags", {}) | ({"mlflow.parentRunId": parent} if parent else {})
    return msgspec.convert(a_run(run_id, tags=tags, **facts), Run)


@pytest.fixture
def parents(server):
    return Parents(MlflowClient(Outbound("MLflow", server.url)))


def test_parent_in_the_page(server, parents):
    """A parent in the same page is known without a question, reduced to its name and plan."""
    parent = read("p", run_name="grid", params={"a": "1"}, tags={"plan.sweep.planned": "3", "x": "y"})
    parents.remember([parent, read("c", "p")])
    found = parents.find(read("c", "p"))
    assert ("grid", {"plan.sweep.planned": "3"}, ()) == (found.info.run_name, found.tags, found.data.params)
    assert [] == server.asked


def test_parent_elsewhere(server, parents):
    """A parent that was not read is looked up once, whether it is there or not."""
    server.runs = [a_run("p", run_name="grid")]
    for _ in range(2):
        parents.remember([read("c", "p"), read("d", "gone")])
    assert "grid" == parents.find(read("c", "p")).info.run_name
    assert None is parents.find(read("d", "gone"))
    assert [{"run_id": "p"}, {"run_id": "gone"}] == server.questions("runs/get")


def test_no_parent(parents):
    """A run that is not nested has none."""
    parents.remember([read("c")])
    assert None is parents.find(read("c"))


def test_parent_in_a_foreign_experiment(server, parents):
    """The name of a run in another experiment is not told."""
    server.runs = [a_run("p", run_name="secret", experiment_id="2")]
    parents.remember([read("c", "p")])
    assert None is parents.find(read("c", "p"))


def test_many_parents(server, parents):
    """One page causes twenty questions at most; later pages go on."""
    page = [read(f"c{n}", f"p{n}") for n in range(30)]
    for asked in (20, 30, 30):
        parents.remember(page)
        assert asked == len(server.questions("runs/get"))


def test_memory_is_bounded(server, parents, monkeypatch):
    """Once it holds too many runs it starts anew."""
    monkeypatch.setattr(sweeps, "MAX_KNOWN", 1)
    parents.remember([read("p", run_name="grid"), read("q")])
    parents.remember([read("r")])
    assert {"r"} == set(parents._known)
