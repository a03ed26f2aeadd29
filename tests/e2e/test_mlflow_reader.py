"""The reader against a real MLflow server."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from msgspec import UNSET

from peers.mlflow import mlflow_server
from trainboard.errors import TransientError
from trainboard.experiments import Cursor
from trainboard.experiments.mlflow import MlflowReader

pytestmark = pytest.mark.peer

MINUTE = 60_000
NUMBERS = count(1)


@pytest.fixture(scope="module")
def server():
    with mlflow_server() as server:
        yield server


@pytest.fixture(scope="module")
def trained(server):
    """The ids of runs that MLflow's own client made: plain, failing, diverging, sweep."""
    what = ("plain trained 2", "failing trained", "diverging trained", "sweep trained 4")
    plain, failing, diverging, sweep = server.train(
        *what, MLFLOW_RUN_CONTEXT='{"plan.issue": "acme/churn#42"}'
    )
    return {"plain": plain, "failing": failing, "diverging": diverging, "sweep": sweep}


@pytest.fixture(scope="module")
def found(server, trained):
    """The reports of those runs by a first reading."""
    reader = MlflowReader(name="mlflow/prod", url=server.url, experiments=("train*",))
    return begin(reader, now_ms() - 10 * MINUTE)[1]


@pytest.fixture
def experiment():
    """The name of an experiment that is the test's alone."""
    return f"churn-{next(NUMBERS)}"


@pytest.fixture
def reader(server, experiment):
    return MlflowReader(name="mlflow/prod", url=server.url, experiments=(experiment,))


def now_ms():
    return int(time.time() * 1000)


def begin(reader, since_ms=0):
    """The cursor after a first full reading, and its reports by run id."""
    pages = list(reader.list_since(since_ms, Cursor()))
    return pages[-1].cursor, by_id(pages)


def by_id(pages):
    return {report.run.id: report for page in pages for report in page.reports}


def test_first_reading(server, trained, found):
    """The first reading finds every run with what its training logged."""
    assert {run_id for run_ids in trained.values() for run_id in run_ids} == set(found)
    first = found[trained["plain"][0]]
    assert ("mlflow:prod", "trained", "plain-0", "finished") == (
        first.source,
        first.experiment.name,
        first.run.name,
        first.run.status.value,
    )
    assert ({"val_auc": 0.9, "loss": 0.3}, {"depth": "0", "rate": "0.1"}) == (first.metrics, first.params)
    [dataset] = first.datasets
    assert ("events", "abc123", "https://example.org/events.csv", "training") == (
        dataset.name,
        dataset.digest,
        dataset.uri,
        dataset.context,
    )
    assert first.run.started_at <= first.run.ended_at
    assert f"{server.url}/#/experiments/{first.experiment.id}/runs/{first.run.id}" == first.run.url


def test_failed_run(trained, found):
    """A training that raised an error is told as failed."""
    [run_id] = trained["failing"]
    assert "failed" == found[run_id].run.status.value


def test_numbers_that_are_none(trained, found):
    """NaN and infinite values, which MLflow tells as a word and as the largest number, are null."""
    [run_id] = trained["diverging"]
    assert {"loss": None, "gradient": None, "val_auc": 0.5} == found[run_id].metrics


def test_sweep(trained, found):
    """The trials of a sweep belong together under the parent's name, the parent itself stands alone."""
    parent, *trials = trained["sweep"]
    groups = [found[run_id].run.group for run_id in trials]
    assert [(parent, "sweep", "grid", 4)] * 4 == [(g.id, g.kind, g.name, g.planned) for g in groups]
    assert UNSET is found[parent].run.group


def test_links_by_environment(trained, found):
    """A plan that is named in the environment of a training stands in its reports."""
    assert {"acme/churn#42"} == {report.links.issue for report in found.values()}


def test_news(server, reader, experiment):
    """After the first reading the next one finds what came since, the one after that nothing else."""
    experiment_id = server.create_experiment(experiment)
    cursor, _ = begin(reader)
    run_id = server.create_run(experiment_id, start_ms=now_ms(), end_ms=now_ms(), metrics={"val_auc": 0.5})
    pages = list(reader.list_new(cursor))
    assert {run_id: {"val_auc": 0.5}} == {key: report.metrics for key, report in by_id(pages).items()}
    assert {run_id} == set(by_id(reader.list_new(pages[-1].cursor)))


def test_slow_clock(server, reader, experiment):
    """A run is found although its machine's clock is five minutes behind the others'."""
    experiment_id = server.create_experiment(experiment)
    now = now_ms() - MINUTE
    server.create_run(experiment_id, start_ms=now - MINUTE, end_ms=now)
    cursor, _ = begin(reader)
    assert now == cursor.ended_ms
    slow = server.create_run(experiment_id, start_ms=now - 9 * MINUTE, end_ms=now - 5 * MINUTE)
    assert slow in by_id(reader.list_new(cursor))


def test_fast_clock(server, reader, experiment):
    """A run with an end in the future does not hide the runs that end before it."""
    experiment_id = server.create_experiment(experiment)
    now = now_ms()
    server.create_run(experiment_id, start_ms=now, end_ms=now + 600 * MINUTE)
    cursor, _ = begin(reader)
    run_id = server.create_run(experiment_id, start_ms=now, end_ms=now + 1)
    assert run_id in by_id(reader.list_new(cursor))


def test_life_of_a_run(server, reader, experiment):
    """A run is told at its start and at its end, and as killed if it is deleted in between."""
    experiment_id = server.create_experiment(experiment)
    cursor, _ = begin(reader)
    now = now_ms()
    finished, deleted, silent = (server.create_run(experiment_id, start_ms=now) for _ in range(3))
    pages = list(reader.list_new(cursor))
    assert {"running"} == {report.run.status.value for report in by_id(pages).values()}
    cursor = pages[-1].cursor
    assert {finished, deleted, silent} == set(cursor.running)
    server.end_run(finished, end_ms=now_ms())
    server.call("POST", "runs/delete", run_id=deleted)
    server.call("POST", "runs/update", run_id=silent, status="KILLED")
    pages = list(reader.list_new(cursor))
    statuses = {run_id: report.run.status.value for run_id, report in by_id(pages).items()}
    assert {finished: "finished", deleted: "killed", silent: "killed"} == statuses
    assert () == pages[-1].cursor.running


def test_deleted_experiment(server, reader, experiment):
    """Runs that vanish with their experiment are told as killed, under its name."""
    experiment_id = server.create_experiment(experiment)
    run_id = server.create_run(experiment_id, start_ms=now_ms())
    cursor, _ = begin(reader)
    server.call("POST", "experiments/delete", experiment_id=experiment_id)
    fresh = MlflowReader(name="mlflow/prod", url=server.url, experiments=(experiment,))
    report = by_id(fresh.list_new(cursor))[run_id]
    assert ("killed", experiment) == (report.run.status.value, report.experiment.name)


def test_nothing_is_lost(server, reader, experiment):
    """Of 300 runs, most of which ended in the same two milliseconds, all come, however they are read."""
    experiment_id = server.create_experiment(experiment)
    now = now_ms() - MINUTE
    ends = [now - 2] * 230 + [now - 1] * 50 + list(range(now - 300, now - 280))
    created = {server.create_run(experiment_id, start_ms=now - 900, end_ms=end) for end in ends}
    cursor, found = begin(reader)
    assert created == set(found)
    pages = list(reader.list_new(cursor))
    assert created == set(by_id(pages))
    assert 300 == sum(len(page.reports) for page in pages)
    assert now - 1 == pages[-1].cursor.ended_ms


def test_only_ours(server, reader, experiment):
    """Runs of experiments that no pattern matches are not read."""
    experiment_id = server.create_experiment(f"{experiment}-other")
    server.create_run(experiment_id, start_ms=now_ms(), end_ms=now_ms())
    assert {} == begin(reader)[1]


def test_refused_host(server):
    """A server that refuses the host name in its address is reported with the setting to change."""
    # A way to write 127.0.0.1 that MLflow does not know as this machine.
    reader = MlflowReader(name="mlflow/prod", url=f"http://127.1:{server.port}", experiments=("*",))
    with pytest.raises(TransientError, match="set MLFLOW_SERVER_ALLOWED_HOSTS"):
        list(reader.list_new(Cursor()))


def test_wrong_path(server):
    """An address with a path that is not the server's is reported as such."""
    reader = MlflowReader(name="mlflow/prod", url=f"{server.url}/elsewhere", experiments=("*",))
    with pytest.raises(TransientError, match="no MLflow API"):
        list(reader.list_new(Cursor()))


@contextmanager
def listening(heard, arrived):
    """The address of a server that keeps each body and the names of its headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(202)
            self.end_headers()
            heard.append((json.loads(body), {name.lower() for name in self.headers}))
            arrived.release()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        threading.Thread(target=listener.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{listener.server_port}/hook"
        finally:
            listener.shutdown()


def test_webhook(server, reader, experiment):
    """A webhook made through the harness is heard, and its run can be read."""
    heard, arrived = [], threading.Semaphore(0)
    with listening(heard, arrived) as url:
        server.create_webhook(url, "a-secret-of-some-length", ["model_version.created"])
        [[_, run_id]] = server.train(f"register {experiment} champion")
        assert arrived.acquire(timeout=60)
    [(event, headers)] = heard
    assert (experiment, run_id) == (event["data"]["name"], event["data"]["run_id"])
    assert "x-mlflow-signature" in headers
    assert run_id in begin(reader)[1]


def test_the_registry_is_read_with_the_aliases_of_all_models(server, reader, experiment):
    """By the server's own time; which run made a version is told, and an alias that is cleared is gone."""
    home = server.create_experiment(experiment)
    run_id = server.create_run(home, start_ms=now_ms())
    names = [f"{experiment}-a", f"{experiment}-b"]
    for name in names:
        server.call("POST", "registered-models/create", name=name)
    source = f"mlflow-artifacts:/{home}/{run_id}/artifacts"
    server.call("POST", "model-versions/create", name=names[0], source=source, run_id=run_id)
    server.call("POST", "registered-models/alias", name=names[0], alias="champion", version="1")

    found = reader.read_registry()
    assert [{"champion": "1"}, {}] == [found.aliases[name] for name in names]
    assert abs(found.at.timestamp() - time.time()) < 60
    assert run_id == reader.find_version(names[0], "1").run_id
    assert None is reader.find_version(names[0], "2")

    server.call("DELETE", "registered-models/alias", name=names[0], alias="champion")
    assert {} == reader.read_registry().aliases[names[0]]
