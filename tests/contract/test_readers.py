"""What every reader of runs does, whatever tracker it reads."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from fakes import azure_ml, mlflow, wandb
from trainboard.errors import LimitedError, TransientError
from trainboard.experiments import Cursor, RegisteredVersion
from trainboard.experiments.azure_ml import AzureMlReader
from trainboard.experiments.mlflow import MlflowReader
from trainboard.experiments.wandb import WandbReader

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "hush-hush"


def ms(at):
    return int(at.timestamp() * 1000)


class MlflowWorld:
    """A small MLflow with experiments `churn-eu` and `other`."""

    has_aliases = True

    def __init__(self, http, clock):
        self.server = mlflow.FakeMlflow(experiments={"churn-eu": "churn-eu", "other": "other"})
        self.server.listen(http)
        self.url, self.clock = self.server.url, clock

    def reader(self):
        return MlflowReader(
            name="mlflow/prod", url=self.url, experiments=("churn-*",), token=SECRET, clock=self.clock
        )

    def put(
        self, run_id, status="finished", *, started, ended=None, experiment="churn-eu", name="", metrics=()
    ):
        self.remove(run_id)
        facts = {"end_time": ms(ended)} if ended and status != "running" else {}
        told = {
            key: {"NaN": "NaN", "inf": 1.7976931348623157e308}.get(value, value)
            for key, value in dict(metrics).items()
        }
        self.server.runs.append(
            mlflow.a_run(
                run_id,
                experiment_id=experiment,
                status=status.upper(),
                start_time=ms(started),
                run_name=name,
                metrics=told,
                **facts,
            )
        )

    def put_version(self, version, run_id, *, at):
        """A version of the model, made by a run; what the model is called."""
        self.server.models.setdefault("churn-clf", {})
        told = {"creation_timestamp": ms(at), "run_id": run_id or ""}
        self.server.versions["churn-clf", str(version)] = told
        return "churn-clf", str(version)

    def point(self, alias, version):
        """The alias points at that version, at nothing where it is None."""
        self.server.models["churn-clf"].pop(alias, None)
        if version is not None:
            self.server.models["churn-clf"][alias] = version

    def remove(self, run_id):
        self.server.runs = [run for run in self.server.runs if run["info"]["run_id"] != run_id]


class AzureMlWorld(MlflowWorld):
    """A small workspace of Azure Machine Learning with the same experiments."""

    has_aliases = False

    def __init__(self, http, clock):
        experiments = {"churn-eu": "churn-eu", "other": "other"}
        self.server = azure_ml.FakeAzureMl(experiments=experiments, token=SECRET)
        self.server.listen(http)
        self.url, self.clock = self.server.url, clock

    def reader(self):
        return AzureMlReader(
            name="azure-ml/prod",
            workspace=azure_ml.WORKSPACE,
            token=azure_ml.Tokens(SECRET),
            experiments=("churn-*",),
            clock=self.clock,
        )


class UntimedFirstWorld(AzureMlWorld):
    """The same, where runs that have not ended are put before the others."""

    def __init__(self, http, clock):
        super().__init__(http, clock)
        self.server.untimed_first = True


class WandbWorld:
    """A small W&B with projects `churn-eu` and `other`."""

    has_aliases = True

    def __init__(self, http, clock):
        self.server = wandb.FakeWandb(projects={"churn-eu": [], "other": []})
        self.server.listen(http)
        self.url, self.clock = self.server.url, clock

    def reader(self):
        return WandbReader(
            name="wandb/prod",
            url=self.url,
            entity="acme",
            api_key=SECRET,
            experiments=("churn-*",),
            clock=self.clock,
        )

    def put(
        self, run_id, status="finished", *, started, ended=None, experiment="churn-eu", name="", metrics=()
    ):
        self.remove(run_id)
        told = {
            key: {"NaN": "NaN", "inf": "Infinity"}.get(value, value) for key, value in dict(metrics).items()
        }
        heard = ended or started
        self.server.projects[experiment].append(
            wandb.a_run(
                run_id,
                state=status,
                createdAt=f"{started:%Y-%m-%dT%H:%M:%S}Z",
                heartbeatAt=f"{heard:%Y-%m-%dT%H:%M:%S}",
                displayName=name,
                summary=told,
            )
        )

    def put_version(self, version, run_id, *, at):
        """A version of the model, made by a run; what the model is called."""
        model = self.server.put_model("acme/churn-eu/churn-clf")
        while len(model.versions) < version:
            model.add(None)
        return "churn-eu/churn-clf", model.add(run_id, at=f"{at:%Y-%m-%dT%H:%M:%S}")

    def point(self, alias, version):
        """The alias points at that version, at nothing where it is None."""
        model = self.server.put_model("acme/churn-eu/churn-clf")
        model.aliases.pop(alias, None)
        if version is not None:
            model.aliases[alias] = int(version.removeprefix("v"))

    def remove(self, run_id):
        for runs in self.server.projects.values():
            runs[:] = [run for run in runs if run["name"] != run_id]


@pytest.fixture
def clock():
    """Stands still."""
    return lambda: NOW


WORLDS = {
    "mlflow": MlflowWorld,
    "azure_ml": AzureMlWorld,
    "azure_ml_untimed_first": UntimedFirstWorld,
    "wandb": WandbWorld,
}


@pytest.fixture(params=WORLDS.values(), ids=WORLDS)
def world(request, clock):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        made = request.param(http, clock)
        made.http = http
        yield made


def told(pages):
    """Runs and their states over all pages, in order, and the last cursor."""
    pages = list(pages)
    found = [(report.run.id, report.run.status.value) for page in pages for report in page.reports]
    return found, pages[-1].cursor


def reports(pages):
    return [report for page in pages for report in page.reports]


def test_the_first_look_tells_of_all_that_started_or_ended_since(world):
    """And of nothing older; what follows begins where it left off."""
    since = NOW - timedelta(days=7)
    world.put("old", started=since - 2 * MINUTE, ended=since - MINUTE)
    world.put("over", started=since - MINUTE, ended=NOW - 90 * MINUTE)
    world.put("new", "failed", started=NOW - 80 * MINUTE, ended=NOW - 70 * MINUTE)
    world.put("on", "running", started=NOW - MINUTE)
    reader = world.reader()
    found, cursor = told(reader.list_since(ms(since), Cursor()))
    assert [("new", "failed"), ("on", "running"), ("over", "finished")] == sorted(found)
    assert 1 == len(cursor.running)
    found, after = told(reader.list_new(cursor))
    assert [] == [each for each in found if each[0] == "on"]
    assert cursor.running == after.running


def test_an_idle_tracker_tells_nothing(world):
    """The cursor stays."""
    cursor = Cursor(ended_ms=ms(NOW - MINUTE))
    assert ([], cursor) == told(world.reader().list_new(cursor))


def test_a_run_is_told_at_its_start_and_at_its_end(world):
    """And not in between, nor is it forgotten when nothing is heard of it."""
    reader, start = world.reader(), NOW - 60 * MINUTE
    world.put("r1", "running", started=start)
    found, cursor = told(reader.list_new(Cursor(ended_ms=ms(start))))
    assert [("r1", "running")] == found
    found, cursor = told(reader.list_new(cursor))
    assert [] == found
    assert 1 == len(cursor.running)
    world.put("r1", started=start, ended=NOW - 50 * MINUTE, metrics={"auc": 0.9})
    found, cursor = told(reader.list_new(cursor))
    assert ([("r1", "finished")], ()) == (found, cursor.running)


def test_a_run_that_went_silent_is_looked_up(world):
    """Its end is told also where it lies behind all that is looked at."""
    reader, start = world.reader(), NOW - timedelta(days=2)
    world.put("r1", "running", started=start)
    world.put("r2", started=NOW - 10 * MINUTE, ended=NOW - 5 * MINUTE)
    _, cursor = told(reader.list_since(ms(start), Cursor()))
    world.put("r1", "failed", started=start, ended=start + MINUTE)
    found, cursor = told(reader.list_new(cursor))
    assert ("r1", "failed") in found
    assert () == cursor.running


def test_a_run_that_was_deleted_does_not_run_for_ever(world):
    """It is looked for no longer."""
    reader = world.reader()
    world.put("r1", "running", started=NOW - timedelta(days=2))
    _, cursor = told(reader.list_since(ms(NOW - timedelta(days=3)), Cursor()))
    world.remove("r1")
    found, cursor = told(reader.list_new(cursor))
    assert ([], ()) == (found, cursor.running)


def test_late_runs_are_told(world):
    """Clocks differ: a look goes back behind the one before, and no cursor gets ahead of now."""
    world.put("late", started=NOW - 20 * MINUTE, ended=NOW - 14 * MINUTE)
    world.put("fast", started=NOW - 20 * MINUTE, ended=NOW + 60 * MINUTE)
    found, cursor = told(world.reader().list_new(Cursor(ended_ms=ms(NOW - 2 * MINUTE))))
    assert [("fast", "finished"), ("late", "finished")] == sorted(found)
    assert cursor.ended_ms <= ms(NOW)


def test_other_experiments_are_not_told(world):
    """Only what the settings name."""
    world.put("r1", started=NOW - 2 * MINUTE, ended=NOW - MINUTE, experiment="other")
    assert [] == told(world.reader().list_new(Cursor(ended_ms=ms(NOW - 5 * MINUTE))))[0]


def test_all_pages_are_read(world):
    """Each run once."""
    for number in range(450):
        world.put(f"r{number:03}", started=NOW - 9 * MINUTE, ended=NOW - 8 * MINUTE)
    found, _ = told(world.reader().list_new(Cursor(ended_ms=ms(NOW - 10 * MINUTE))))
    assert [f"r{number:03}" for number in range(450)] == sorted(run for run, _ in found)


def test_what_a_run_holds_is_data(world):
    """Numbers that are not finite are null, texts are cut and otherwise stay as they are."""
    evil = "@everyone fixes #1 <img src=x>\n/promote " + "x" * 300
    metrics = {"auc": 0.9, "loss": "NaN", "grad": "inf", "big": 1e308}
    world.put("r1", started=NOW - 2 * MINUTE, ended=NOW - MINUTE, name=evil, metrics=metrics)
    [report] = reports(world.reader().list_new(Cursor(ended_ms=ms(NOW - 5 * MINUTE))))
    assert {"auc": 0.9, "loss": None, "grad": None, "big": 1e308} == report.metrics
    assert evil[:250] == report.run.name
    assert ("churn-eu", "train") == (report.experiment.name, report.stage)
    assert (NOW - 2 * MINUTE, NOW - MINUTE) == (report.run.started_at, report.run.ended_at)
    assert report.run.url.startswith("http")


def test_a_thousand_metrics_are_cut(world):
    """A report holds 500."""
    metrics = {f"m{number:04}": number for number in range(1000)}
    world.put("r1", started=NOW - 2 * MINUTE, ended=NOW - MINUTE, metrics=metrics)
    [report] = reports(world.reader().list_new(Cursor(ended_ms=ms(NOW - 5 * MINUTE))))
    assert 500 == len(report.metrics)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": "<html>Sign in</html>", "content_type": "text/html"},
        {"status": 200, "body": ""},
        {"status": 200, "body": "[" * 100_000},
        {"status": 302, "headers": {"Location": "https://login.example.com"}},
        {"status": 401, "body": "{}"},
        {"status": 403, "body": "Invalid Host header - possible DNS rebinding attack detected"},
        {"status": 404, "body": "not found"},
        {"status": 500, "body": "oops"},
        {"body": requests.ConnectionError("gone")},
    ],
    ids=lambda answer: str(answer.get("status", "nothing")),
)
def test_a_tracker_that_is_not_well_is_asked_again(world, answer):
    """The sentence names where, and never what was sent to prove who asks."""
    world.http.reset()
    for method in ("GET", "POST"):
        world.http.add(method, url=re.compile(f"{world.url}/.*"), **answer)
    with pytest.raises(TransientError) as caught:
        list(world.reader().list_new(Cursor()))
    assert world.url in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_tracker_that_asks_for_a_pause_gets_it(world):
    """As long as it says."""
    world.http.reset()
    for method in ("GET", "POST"):
        pattern = re.compile(f"{world.url}/.*")
        world.http.add(method, url=pattern, status=429, headers={"Retry-After": "7"}, body=json.dumps({}))
    with pytest.raises(LimitedError) as caught:
        list(world.reader().list_new(Cursor()))
    assert 7 == caught.value.retry_after_seconds


def test_a_registry_without_models_tells_nothing(world):
    """No alias is made up, and none is said to be gone."""
    reader = world.reader()
    assert {} == reader.read_registry().aliases
    assert reader.find_version("churn-eu/churn-clf", "v4") is None


def test_a_run_is_read_by_its_id(world):
    """It is told as a page would tell it, also while it goes on."""
    world.put("r1", started=NOW - 2 * MINUTE, ended=NOW - MINUTE, metrics={"auc": 0.9})
    world.put("r2", "running", started=NOW - 2 * MINUTE)
    reader = world.reader()
    [listed, _] = sorted(reports(reader.list_since(0, Cursor())), key=lambda report: report.run.id)
    assert listed == reader.find_run("r1")
    assert "running" == reader.find_run("r2").run.status


def test_a_run_of_another_experiment_is_not_read(world):
    """Whoever names it could read with our eyes what the settings leave out."""
    world.put("r1", started=NOW - 2 * MINUTE, ended=NOW - MINUTE, experiment="other")
    assert world.reader().find_run("r1") is None


@pytest.mark.parametrize(
    "run_id",
    ["gone", "../../2.0/mlflow/experiments/search", "r1?run_id=r2", "r1&run_id=r2", "r1/../r2", "r1\r\nX: y"],
)
def test_an_id_is_a_text_to_the_tracker(world, run_id):
    """None is a path, a query or a second question; what is not there is None."""
    for each in ("r1", "r2"):
        world.put(each, started=NOW - 2 * MINUTE, ended=NOW - MINUTE)
    assert world.reader().find_run(run_id) is None
    paths = {call.request.url.partition("?")[0] for call in world.http.calls}
    assert not any("experiments/search/" in path or ".." in path for path in paths)


def test_a_run_is_asked_for_again_where_the_tracker_is_away(world):
    """That it is away is not that there is no such run."""
    world.http.reset()
    for method in ("GET", "POST"):
        world.http.add(method, url=re.compile(f"{world.url}/.*"), body=requests.ConnectionError("gone"))
    with pytest.raises(TransientError):
        world.reader().find_run("r1")


def test_aliases_are_told_with_the_versions_that_they_point_at(world):
    """As they are now; a model whose aliases are gone is told without any."""
    if not world.has_aliases:
        pytest.skip("its registry has no aliases that could be read")
    model, first = world.put_version(3, "r1", at=NOW - 60 * MINUTE)
    _, second = world.put_version(4, "r2", at=NOW - 30 * MINUTE)
    reader = world.reader()
    assert {model: {}} == reader.read_registry().aliases
    world.point("champion", first)
    world.point("staging", second)
    assert {model: {"champion": first, "staging": second}} == reader.read_registry().aliases
    world.point("champion", second)
    world.point("staging", None)
    assert {model: {"champion": second}} == reader.read_registry().aliases
    assert NOW == reader.read_registry().at


def test_a_version_tells_when_and_by_which_run_it_was_made(world):
    """None is made up for one that no run made, or that is not there."""
    model, by_run = world.put_version(3, "r1", at=NOW - 60 * MINUTE)
    _, by_hand = world.put_version(4, None, at=NOW - 30 * MINUTE)
    reader = world.reader()
    assert RegisteredVersion(at=NOW - 60 * MINUTE, run_id="r1") == reader.find_version(model, by_run)
    assert RegisteredVersion(at=NOW - 30 * MINUTE) == reader.find_version(model, by_hand)
    assert None is reader.find_version(model, "v99")
    assert None is reader.find_version("nobody-knows", by_run)


@pytest.mark.parametrize("ask", ["read_registry", "find_version"])
@pytest.mark.parametrize("body", ["<html>Sign in</html>", "", "[" * 100_000, "[]"])
def test_a_registry_that_answers_nonsense_is_asked_again(world, ask, body):
    """Rather than that all aliases are said to be gone."""
    if ask == "read_registry" and not world.has_aliases:
        pytest.skip("its registry is not read")
    world.http.reset()
    for method in ("GET", "POST"):
        world.http.add(method, url=re.compile(f"{world.url}/.*"), body=body)
    asked = ("churn-eu/churn-clf", "v3") if ask == "find_version" else ()
    with pytest.raises(TransientError) as caught:
        getattr(world.reader(), ask)(*asked)
    assert SECRET not in str(caught.value)
