"""Jobs without any secret leave reports of their runs in artifacts, on GitHub and on Azure DevOps."""

import json

import pytest
from sqlalchemy import text

from fakes.azure_devops.faults import Fault
from fakes.clock import FakeClock
from fakes.conversation import RUNS_SOURCE
from fakes.result_files import junit
from fakes.teams import on_azure_devops, on_github
from trainboard.applying import run_reports

SOURCE = {"kind": "artifacts", "name": "ci", "project": "churn", "experiments": ["churn-*"]}
PUSHED = "b" * 40
PLATFORMS = pytest.mark.parametrize("platform", [on_github, on_azure_devops], ids=["github", "azure devops"])


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def start(request, talk):
    """Starts a team with these keys of its source of artifacts."""
    opened = []

    def start(**source):
        world = request.param(talk, FakeClock(), sources=[RUNS_SOURCE, SOURCE | source])
        opened.append(world)
        return world.__enter__()

    yield start
    for world in opened:
        world.__exit__(None, None, None)


@pytest.fixture
def team(start):
    return start()


def report(**more):
    """A file that a job wrote, which says no more than it must."""
    return json.dumps(
        {"run": {"status": "finished"}, "experiment": {"name": "churn-xgb"}, "metrics": {"val_auc": 0.9}}
        | more
    )


def platform_of(team):
    return "github" if hasattr(team, "github") else "azure devops"


def known(team):
    """What is known of runs, by experiment and id."""
    with team.bot.bot.database.read() as connection:
        rows = connection.execute(text("SELECT document FROM runs ORDER BY experiment, run_id")).scalars()
        return [json.loads(row) for row in rows]


def told_of_runs(team):
    """How many reports came in."""
    query = "SELECT count(*) FROM deliveries WHERE source = 'poll/artifacts/ci'"
    with team.bot.bot.database.read() as connection:
        return connection.execute(text(query)).scalar()


def looks(team):
    """How often the platform was asked what a run left, and for an archive."""
    calls = team.platform.calls()
    lists = sum(each.endswith("/artifacts") or each == "GET build.artifacts" for each in calls)
    return lists, sum(each.endswith("/zip") or each == "GET pipelines.artifacts" for each in calls)


def test_a_run_is_known_without_a_secret(team):
    """It stands on the work item as any other, with what the platform says of it and not the file."""
    lies = {
        "repo": "evil/other",
        "commit": "f" * 40,
        "branch": "x",
        "pr": 9,
        "ci_url": "https://evil.example",
    }
    team.leaves("trainboard-run", {"deep/trainboard-run.json": report(source="gha:evil/other", links=lies)})
    team.ends_run(branch="main")

    [item] = team.bot.items()
    assert "**1 run: 1 finished**" in item.body
    [run] = known(team)
    links = run["links"]
    assert (PUSHED, "main", None, None) == (
        links["commit"],
        links["branch"],
        links.get("pr"),
        links.get("dirty"),
    )
    assert "evil" not in json.dumps(run)
    assert run["run"]["id"].endswith("/trainboard-run/deep/trainboard-run")
    assert run["source"] in {"gha:acme/churn", "ado:acme/Churn"}
    assert (1, 1) == looks(team)


def test_a_matrix_leaves_many_reports(team):
    """In one artifact or in several: each is a run of its own, and other files are none."""
    team.leaves("trainboard-run-0", {"a.json": report(), "b.json": report(), "notes.txt": "{}"})
    team.leaves("Trainboard-Run-1", {"a.json": report(run={"id": "seed-3", "status": "failed"})})
    team.leaves("model", {"a.json": report()})
    team.ends_run(branch="main")

    assert 3 == len(known(team))
    [item] = team.bot.items()
    assert "**3 runs: 2 finished, 1 failed**" in item.body
    assert (1, 2) == looks(team)


def test_what_a_pull_request_says_is_never_evidence(team):
    """Whoever opened it wrote what ran: its numbers are shown, and its gate waits for others."""
    ref = team.plans("val_auc >= 0.92")
    team.opens("Widen the trees", f"Closes #{ref}", "src/train.py")
    team.leaves("trainboard-run", {"r.json": report(metrics={"val_auc": 0.99}, links={"dirty": False})})
    team.ends_run()

    mine = [each for each in known(team) if each["source"] != "mlflow:prod"]
    assert [(team.head, True)] == [(each["links"]["commit"], each["links"]["dirty"]) for each in mine]
    team.goes_by()
    assert "0.99" in team.item
    assert {"waiting"} == set(team.gates)


def test_forks_are_heard_only_where_that_is_wanted(start):
    """What a stranger makes up is not even shown, unless somebody said so."""
    team = start()
    team.opens("Widen the trees", "", "src/train.py")
    team.leaves("trainboard-run", {"r.json": report()})
    team.ends_run(fork=True)
    assert ([], 0) == (known(team), looks(team)[1])

    willing = start(forks=True)
    willing.opens("Widen the trees", "", "src/train.py")
    willing.leaves("trainboard-run", {"r.json": report(links={"dirty": False})})
    willing.ends_run(fork=True)
    [run] = known(willing)
    assert (willing.head, True) == (run["links"]["commit"], run["links"]["dirty"])


def test_what_is_told_again_is_done_once(team):
    """A run that is told of twice is read at most once more, and its reports come in once."""
    team.leaves("trainboard-run", {"r.json": report()})
    team.ends_run(branch="main")
    before = known(team)
    team.ends_run(branch="main", attempt=2)
    team.ends_run(branch="main", attempt=2)
    assert [before[0]["run"]["id"]] == [each["run"]["id"] for each in known(team)]
    assert 2 == known(team)[0]["run"]["attempt"]
    assert 2 == told_of_runs(team)


def test_a_crash_before_the_reports_are_kept(team, monkeypatch):
    """They are read again, and come in once."""
    make, crashes = run_reports.polled.make_delivery, [RuntimeError("the process ends")]

    def crash(*arguments, **more):
        if crashes:
            raise crashes.pop()
        return make(*arguments, **more)

    monkeypatch.setattr(run_reports.polled, "make_delivery", crash)
    team.leaves("trainboard-run", {"r.json": report()})
    team.ends_run(branch="main")
    for _ in range(5):
        team.goes_by()
    assert ([], 1, 1) == (crashes, told_of_runs(team), len(known(team)))


BOMB = {f"{number}.json": b" " * (300 * 1024) for number in range(999)}


@pytest.mark.parametrize(
    ("files", "unread"),
    [
        ({"r.json": report(metrcs={}), "s.json": "["}, 2),
        (BOMB, 1),
    ],
    ids=["no reports", "bomb"],
)
def test_what_is_no_report_is_told(team, files, unread):
    """On the pull request, and what can be read counts; a run that puts it right takes it back."""
    team.opens("Widen the trees", "", "src/train.py")
    team.leaves("trainboard-run-bad", files)
    team.leaves("trainboard-run-good", {"r.json": report()})
    team.ends_run()
    said = f"{unread} result file{'s' if unread > 1 else ''} could not be read"
    assert said in team.comment
    assert ["churn-xgb"] == [each["experiment"]["name"] for each in known(team)]

    if platform_of(team) == "github":
        team.run += 1
    team.leaves("trainboard-run-bad", {"r.json": report()})
    team.ends_run()
    assert "could not be read" not in team.comment


@pytest.mark.parametrize("how", ["gone", "down"])
def test_an_archive_that_does_not_come(team, how):
    """One that is gone is told; for a platform that is down the bot tries again."""
    team.opens("Widen the trees", "", "src/train.py")
    team.leaves("trainboard-run", {"r.json": report()}, gone=how == "gone")
    if how == "down":
        fail_once(team)
    team.ends_run()
    for _ in range(5):
        team.goes_by()
    assert (how == "down") == bool(known(team))
    assert (how == "gone") == ("1 result file could not be read" in team.comment)


def fail_once(team):
    """The next list of artifacts cannot be had."""
    if platform_of(team) == "github":
        team.github.next_fault(502, path="/artifacts")
    else:
        team.azure.faults.add(Fault(status=503, body="down"), path="(?i)/artifacts")


@PLATFORMS
def test_nobody_looks_where_none_are_wanted(talk, platform):
    """Without such a source a run costs what it did before."""
    with platform(talk, FakeClock(), result_artifacts=[]) as team:
        team.leaves("trainboard-run", {"r.json": report()})
        team.ends_run(branch="main")
        assert ((0, 0), []) == (looks(team), known(team))


def test_results_of_tests_and_reports_share_one_look(team):
    """GitHub is asked once what a run left, and Azure DevOps for its artifacts only for the reports."""
    team.opens("Widen the trees", "", "src/train.py")
    team.leaves("junit", {"junit.xml": junit([("a", "Passed")])})
    team.leaves("trainboard-run", {"r.json": report()})
    team.ends_run()
    assert 1 == len(known(team))
    assert 1 == looks(team)[0]
