"""A run was reported: what is noted and what becomes of its experiment's work item."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import UNSET, structs

from fakes.read import CHURN, DOOR, NOW, FakeRead, item
from trainboard.counterparts import Counterpart
from trainboard.effects import (
    CarryExperimentItem,
    EnsureExperimentItem,
    EnsureIteration,
    EnsureMention,
    ReadRun,
)
from trainboard.events import RunReported
from trainboard.facts import RecordRun
from trainboard.handlers.runs import LATE, react
from trainboard.iterations import SprintPolicy
from trainboard.policy import Door, Project
from trainboard.read import Home
from trainboard.runs import ExperimentName, Links, RunFacts, RunReport, RunStatus

SPRINT_2 = NOW + timedelta(days=14)
SPRINT_2_START = datetime(2026, 11, 23, tzinfo=UTC)


def report(status="running", *, experiment="churn-xgb", ended_at=UNSET, links=UNSET):
    run = RunFacts(id="r1", status=RunStatus(status), ended_at=ended_at)
    return RunReport(source="mlflow:prod", run=run, experiment=ExperimentName(name=experiment), links=links)


def outcomes(said, read, door="mlflow/prod"):
    return list(react(RunReported(door=door, report=said), read))


def recorded(said, number, *, planned=True, at=NOW):
    return RecordRun(project="churn", number=number, planned=planned, at=at, report=said)


def ensured(number):
    return EnsureExperimentItem(project="churn", experiment="churn-xgb", number=number)


def carried(origin, number):
    return CarryExperimentItem(project="churn", experiment="churn-xgb", origin=origin, number=number)


def sprint(number):
    return EnsureIteration(project="churn", number=number)


def test_an_unknown_door_is_nothing_to_us():
    """A source that was taken out of the settings tells nothing."""
    assert [] == outcomes(report(), FakeRead(), door="mlflow/gone")


def test_an_experiment_that_nobody_planned_is_only_noted():
    """Its runs are kept, and no work item is made."""
    said = report(experiment="scratch")

    assert [recorded(said, 1, planned=False)] == outcomes(said, FakeRead())


@pytest.mark.parametrize("wish", [True, False])
def test_what_people_wish_goes_before_the_settings(wish):
    """One of no glob is shown where somebody tracks it, and one of a glob is not where somebody let it go."""
    experiment = "scratch" if wish else "churn-xgb"
    said = report(experiment=experiment)
    first, *rest = outcomes(said, FakeRead(tracked={("churn", experiment): wish}))
    assert recorded(said, 1, planned=wish) == first
    assert wish == any(isinstance(each, EnsureExperimentItem) for each in rest)


def test_the_first_run_makes_the_sprint_and_the_item():
    """The sprint comes before the item that stands in it."""
    said = report()

    assert [recorded(said, 1), sprint(1), ensured(1)] == outcomes(said, FakeRead())


def test_a_sprint_that_the_tracker_has_is_not_asked_for():
    """Only the item is missing."""
    said = report()

    assert [recorded(said, 1), ensured(1)] == outcomes(said, FakeRead(iterations=[("churn", 1)]))


def test_a_known_item_is_brought_up_to_date():
    """Nothing else is asked for, also if it was closed."""
    said = report("finished", ended_at=NOW - timedelta(minutes=1))

    assert [recorded(said, 1), ensured(1)] == outcomes(said, FakeRead(items=[item(state="closed")]))


def test_a_run_counts_in_the_sprint_in_which_it_ended():
    """What was reported a little late still changes the item of the earlier sprint."""
    said = report("failed", ended_at=SPRINT_2_START - timedelta(seconds=1))
    read = FakeRead(now=SPRINT_2, items=[item(number=1)])

    assert [recorded(said, 1, at=SPRINT_2), ensured(1)] == outcomes(said, read)


def test_a_run_that_ended_just_before_the_sprint_did_gets_its_item_there():
    """For a day the earlier sprint is still news."""
    said = report("finished", ended_at=SPRINT_2_START - timedelta(seconds=1))
    now = SPRINT_2_START + LATE - timedelta(seconds=2)

    assert [recorded(said, 1, at=now), sprint(1), ensured(1)] == outcomes(said, FakeRead(now=now))


def test_a_run_of_long_ago_makes_no_item():
    """Reading the history of a run tracker does not fill the board."""
    said = report("finished", ended_at=SPRINT_2_START - timedelta(seconds=1))
    now = SPRINT_2_START + LATE

    assert [recorded(said, 1, at=now)] == outcomes(said, FakeRead(now=now))


def test_a_run_that_goes_on_counts_now():
    """It has not ended, whatever its start or an end that it claims."""
    said = report("running", ended_at=NOW - timedelta(days=30))

    assert [recorded(said, 1), sprint(1), ensured(1)] == outcomes(said, FakeRead())


def test_a_run_that_ended_at_nobody_knows_when_counts_now():
    """A sender that tells no end does it right when it reports."""
    said = report("killed")

    assert [recorded(said, 1), sprint(1), ensured(1)] == outcomes(said, FakeRead())


def test_a_clock_of_the_future_counts_now():
    """A sender whose clock is ahead makes no sprint of its own, nor one that no calendar has."""
    last = datetime.max.replace(tzinfo=UTC)
    east = Project(
        name="churn",
        tracker=CHURN.tracker,
        sprint=SprintPolicy(timezone="Asia/Tokyo", first_start=NOW.date()),
    )
    for ended_at in (NOW + timedelta(days=20), last):
        said = report("finished", ended_at=ended_at)
        assert [recorded(said, 1), sprint(1), ensured(1)] == outcomes(said, FakeRead(projects=[east]))


def test_an_open_item_of_an_earlier_sprint_is_carried_first():
    """The last of them moves into the sprint, before it shows the new run."""
    said = report()
    known = [item(number=-1), item(number=0), item("churn-other", number=0), item(number=-2, state="closed")]

    assert [recorded(said, 1), sprint(1), carried(0, 1), ensured(1)] == outcomes(said, FakeRead(items=known))


def test_a_closed_item_of_an_earlier_sprint_stays_there():
    """The experiment gets a new one."""
    said = report()

    assert [recorded(said, 1), sprint(1), ensured(1)] == outcomes(
        said, FakeRead(items=[item(number=0, state="closed")])
    )


MENTIONED = Project(
    name="churn",
    tracker="azure-boards:acme/Churn/Team",
    code="github:acme/churn",
    mention="AB#{ref}",
    sprint=CHURN.sprint,
)
MENTION = EnsureMention(project="churn", experiment="churn-xgb", number=1, pull_request=7)


def mentions(links, *, project=MENTIONED, **known):
    said = report(links=links)
    read = FakeRead(projects=(project,), **known)
    return [effect for effect in outcomes(said, read) if isinstance(effect, EnsureMention)]


@pytest.mark.parametrize("repository", ["acme/churn", "Acme/Churn"])
def test_a_pull_request_names_the_item_of_its_runs(repository):
    """Where the tracker reads descriptions, the one that a run came from is to name the work item."""
    assert [MENTION] == mentions(Links(repo=repository, pr=7))


def test_a_pull_request_is_asked_for_one_name_once():
    """Whoever takes the name out again is not told another time."""
    assert [] == mentions(Links(repo="acme/churn", pr=7), applied={MENTION.key})


@pytest.mark.parametrize(
    "links", [UNSET, Links(), Links(pr=7), Links(repo="acme/churn"), Links(repo="other/churn", pr=7)]
)
def test_a_run_of_no_pull_request_here_names_nothing(links):
    """A run says where to look; only the project's own repository is written to."""
    assert [] == mentions(links)


def test_a_tracker_that_reads_no_descriptions_is_named_nowhere():
    """Without a form for it there is nothing to write."""
    assert [] == mentions(Links(repo="acme/churn", pr=7), project=CHURN)


SOURCE = "azureml:/subscriptions/s/workspaces/ws"
READING = Door(name="azure-ml/ws", project="churn", polled=True, reads=SOURCE)
EVENTS = Door(name="event-grid/ws", project="churn")


def heard(doors=(READING, EVENTS), door=EVENTS.name, **fields):
    """The report that is kept of one that ended five minutes ago, as its teller says, and that one."""
    ended_at = NOW - timedelta(minutes=5)
    said = report("finished", experiment="scratch", ended_at=ended_at, links=Links(commit="a" * 40))
    said = structs.replace(said, **{"source": SOURCE, "time": ended_at} | fields)
    [kept] = outcomes(said, FakeRead(doors=doors), door=door)
    return kept.report, said


def test_the_end_and_the_code_of_a_run_are_told_by_who_reads_it():
    """An event tells only when it was sent, and what Azure noted: the reading knows both better."""
    kept, _ = heard()
    assert (RunStatus.FINISHED, UNSET, UNSET) == (kept.run.status, kept.run.ended_at, kept.links)


@pytest.mark.parametrize(
    "told",
    [
        {"doors": (EVENTS,)},
        {"doors": (structs.replace(READING, polled=False), EVENTS)},
        {"door": READING.name},
        {"source": "azureml:/subscriptions/s/workspaces/other"},
    ],
)
def test_where_nobody_knows_better_all_that_is_told_is_kept(told):
    """That is the end and the code as far as they are known."""
    kept, said = heard(**told)
    assert said == kept


def test_what_only_the_teller_knows_is_kept():
    """A job that reports its own run says when it ended, and which pull request it is of."""
    links = Links(commit="a" * 40, pr=7)
    kept, said = heard(time=NOW, links=links)
    assert said == kept


JOBS = Door(name="runs/ci", project="churn", experiments=("churn-*",))
OTHERS = Door(name="mlflow/other", project="other", polled=True)
LISTENED = Door(name="mlflow/quiet", project="churn")
NAMED = Counterpart("mlflow", "x1")


def of_job(tags=UNSET, links=UNSET, status="finished"):
    run = RunFacts(id="9/train", status=RunStatus(status))
    name = ExperimentName(name="churn-xgb")
    return RunReport(source="gha:acme/churn", run=run, experiment=name, tags=tags, links=links)


def job_outcomes(said, doors=(DOOR, JOBS, OTHERS, LISTENED), **known):
    return outcomes(said, FakeRead(doors=doors, iterations=[("churn", 1)], **known), door="runs/ci")


NAMING = of_job({"mlflow.run_id": "x1"})


def test_a_run_that_a_job_names_is_read():
    """By the trackers of the project that are read, and by no others."""
    fact, *effects = job_outcomes(NAMING)
    assert NAMED == fact.counterpart
    assert [ensured(1), ReadRun(door="mlflow/prod", run="x1")] == effects


def test_what_a_job_named_before_it_goes_on_to_mean():
    """A later report need not say it again."""
    said = of_job()
    known = {("churn", "gha:acme/churn", "9/train"): NAMED}
    fact, *effects = job_outcomes(said, counterparts=known)
    assert (NAMED, ReadRun(door="mlflow/prod", run="x1")) == (fact.counterpart, effects[-1])


@pytest.mark.parametrize("doors", [(JOBS,), (JOBS, OTHERS, LISTENED)])
def test_without_a_tracker_to_read_a_job_is_its_own_run(doors):
    """A name is a tag then."""
    fact, *effects = job_outcomes(NAMING, doors=doors)
    assert (None, [ensured(1)]) == (fact.counterpart, effects)


def test_a_tracker_s_run_names_none():
    """Whatever tags it has."""
    said = structs.replace(report(), tags={"wandb.run_id": "y", "mlflow.run_id": "x1"})
    fact, *_ = outcomes(said, FakeRead())
    assert fact.counterpart is None


def test_a_job_of_a_known_run_stands_on_its_item():
    """Not on one of the job's own experiment, where the two have other names."""
    home = {("churn", NAMED): Home("churn-nn", 1, planned=True)}
    known = {"homes": home, "items": [item("churn-nn"), item("churn-xgb", ref="2")]}
    _, *effects = job_outcomes(NAMING, **known)
    shown = EnsureExperimentItem(project="churn", experiment="churn-nn", number=1)
    assert [shown, ReadRun(door="mlflow/prod", run="x1")] == effects
    assert [effects[1]] == job_outcomes(NAMING, homes=home)[1:]


def test_the_pull_request_of_a_job_names_the_item_of_the_run():
    """The job knows from which one it came; a run that nobody planned is named nowhere."""
    said = of_job({"mlflow.run_id": "x1"}, Links(repo="acme/churn", pr=7))
    for planned in (True, False):
        home = {("churn", NAMED): Home("churn-nn", 1, planned=planned)}
        effects = job_outcomes(said, homes=home, projects=(MENTIONED,))
        mention = EnsureMention(project="churn", experiment="churn-nn", number=1, pull_request=7)
        assert planned == (mention in effects)


def test_the_item_of_a_job_is_told_anew_when_its_run_is_known():
    """It counted that run until now."""
    alone = {
        ("churn", Counterpart("mlflow", "r1")): [
            ("churn-ci", 1),
            ("churn-xgb", 1),
            ("churn-xgb", 2),
            ("gone", 1),
        ]
    }
    known = {"alone": alone, "items": [item(), item("churn-ci", ref="2"), item(number=2, ref="3")]}
    _, *effects = outcomes(report(), FakeRead(**known))
    other = EnsureExperimentItem(project="churn", experiment="churn-ci", number=1)
    assert [ensured(1), other, ensured(2)] == effects
