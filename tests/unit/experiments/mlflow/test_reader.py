"""The reader over a small MLflow: nothing is lost, nothing runs for ever."""

import random
from datetime import timedelta

import msgspec
import pytest

from fakes.mlflow import a_run
from trainboard.errors import TransientError
from trainboard.experiments import Cursor, Page
from trainboard.experiments.mlflow import MlflowReader

NOW_MS = 1795435200000
MINUTE = 60_000
HOUR = 60 * MINUTE


def ids(pages):
    return [[report.run.id for report in page.reports] for page in pages]


def all_ids(pages):
    return [run_id for page in ids(pages) for run_id in page]


def statuses(pages):
    return {report.run.id: report.run.status.value for page in pages for report in page.reports}


def test_idle(server, reader, clock):
    """A tracker with nothing new yields one page without reports."""
    assert int(clock().timestamp() * 1000) == NOW_MS
    cursor = Cursor(ended_ms=NOW_MS - MINUTE)
    assert [Page(reports=(), cursor=cursor)] == list(reader.list_new(cursor))


def test_ended_since_with_overlap(server, reader):
    """A run counts as new up to 15 minutes before the cursor, as its client's clock may be slow."""
    server.runs = [
        a_run("old", end_time=NOW_MS - 26 * MINUTE),
        a_run("slow", end_time=NOW_MS - 25 * MINUTE),
        a_run("new", end_time=NOW_MS - 5 * MINUTE),
    ]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS - 10 * MINUTE)))
    assert [["slow", "new"], []] == ids(pages)
    assert [Cursor(ended_ms=NOW_MS - 5 * MINUTE)] * 2 == [page.cursor for page in pages]


def test_cursor_never_goes_back(server, reader):
    """A run found by the overlap does not move the cursor back."""
    server.runs = [a_run("slow", end_time=NOW_MS - 12 * MINUTE)]
    cursor = Cursor(ended_ms=NOW_MS - 2 * MINUTE)
    assert {cursor} == {page.cursor for page in reader.list_new(cursor)}


def test_clock_that_is_fast(server, reader):
    """An end in the future does not move the cursor beyond the moment of the reading."""
    server.runs = [a_run("fast", end_time=NOW_MS + 5 * HOUR)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS - MINUTE)))
    assert [["fast"], []] == ids(pages)
    assert NOW_MS == pages[-1].cursor.ended_ms


def test_own_clock_that_is_fast(server, reader):
    """The tracker's own word for the moment counts if it is earlier than ours."""
    server.headers = {"Date": "Mon, 23 Nov 2026 11:00:00 GMT"}
    server.runs = [a_run("r1", end_time=NOW_MS)]
    pages = list(reader.list_new(Cursor(ended_ms=1)))
    assert NOW_MS - HOUR == pages[-1].cursor.ended_ms


def test_quiet_tracker_is_left_alone(server, reader):
    """After a complete reading the cursor is at most an hour old, so old runs do not come for ever."""
    server.runs = [a_run("r1", end_time=NOW_MS - 48 * HOUR)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS - 48 * HOUR)))
    assert [["r1"], []] == ids(pages)
    assert NOW_MS - HOUR == pages[-1].cursor.ended_ms
    assert [[]] == ids(reader.list_new(pages[-1].cursor))


def test_many_new_runs(server, reader):
    """More runs than a page holds come in pages of 200, each with a cursor that is true."""
    server.runs = [a_run(f"r{n:03}", end_time=NOW_MS - HOUR + n) for n in range(450)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
    assert [f"r{n:03}" for n in range(450)] == all_ids(pages)
    ends = [NOW_MS - HOUR + n for n in (199, 398, 449, 449)]
    assert ends == [page.cursor.ended_ms for page in pages]


def test_many_runs_of_one_moment(server, reader):
    """Runs that ended in the same millisecond all come, once, however many they are."""
    server.runs = [a_run(f"r{n:04}", end_time=NOW_MS - HOUR) for n in range(950)]
    server.runs += [a_run(f"s{n:04}", end_time=NOW_MS - MINUTE) for n in range(50)]
    found = all_ids(reader.list_new(Cursor(ended_ms=NOW_MS - HOUR)))
    assert sorted(run["info"]["run_id"] for run in server.runs) == sorted(found)


def test_starts_are_told_once(server, reader):
    """A run that has begun is reported, and not again while it goes on."""
    server.runs = [a_run("r1", status="RUNNING"), a_run("r2", status="SCHEDULED", start_time=5)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS)))
    assert {"r1": "running", "r2": "queued"} == statuses(pages)
    assert Cursor(ended_ms=NOW_MS, running=("r1", "r2")) == pages[-1].cursor
    assert [[]] == ids(reader.list_new(pages[-1].cursor))


def test_run_ends(server, reader):
    """A run that was running and has ended leaves the cursor with the page that tells its end."""
    server.runs = [a_run("r1", end_time=NOW_MS)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1", "r2"))))
    assert [("r2",), ()] == [page.cursor.running for page in pages]
    assert [] == [q for q in server.questions("runs/get") if q["run_id"] == "r1"]


def test_run_ends_between_two_questions(server, reader):
    """A run that is still running at the first question and has ended at the second counts as ended."""
    server.runs = [a_run("r1", status="RUNNING", end_time=NOW_MS)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS)))
    assert [["r1"], []] == ids(pages)
    assert () == pages[-1].cursor.running


def test_run_that_ended_without_a_time(server, reader):
    """A run that runs no more is looked up, as an end without a time or long ago is in no page."""
    server.runs = [a_run("r1", status="FAILED"), a_run("r2", end_time=NOW_MS - 9 * HOUR)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1", "r2"))))
    assert {"r1": "failed", "r2": "finished"} == statuses(pages)
    assert () == pages[-1].cursor.running


def test_deleted_run(server, reader):
    """A run that was deleted while it ran is reported as killed."""
    server.runs = [a_run("r1", status="RUNNING", lifecycle_stage="deleted")]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1",))))
    assert {"r1": "killed"} == statuses(pages)
    assert () == pages[-1].cursor.running


def test_run_gone_for_good(server, reader):
    """A run of which the tracker knows nothing any more is forgotten."""
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1",))))
    assert [Page(reports=(), cursor=Cursor(ended_ms=NOW_MS))] == pages


def test_run_that_a_page_missed(server, reader):
    """A run that the search left out but that still runs stays in the cursor."""
    server.runs = [a_run("r1", status="RUNNING", experiment_id="9")]
    server.hidden = {"9": "churn-us"}
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1",))))
    assert [Page(reports=(), cursor=Cursor(ended_ms=NOW_MS, running=("r1",)))] == pages


def test_run_of_a_deleted_experiment(server, reader):
    """A run that vanished with its experiment is reported under the experiment's name."""
    server.experiments = {}
    server.hidden = {"9": "churn-us"}
    server.runs = [a_run("r1", status="RUNNING", experiment_id="9", lifecycle_stage="deleted")]
    [page] = reader.list_new(Cursor(ended_ms=7, running=("r1",)))
    assert [("churn-us", "killed")] == [(r.experiment.name, r.run.status.value) for r in page.reports]
    assert Cursor(ended_ms=7) == page.cursor


@pytest.mark.parametrize("hidden", [{"9": "fraud"}, {}])
def test_run_of_a_foreign_experiment(server, reader, hidden):
    """A run whose experiment no pattern matches, or that we may not see, is forgotten unread."""
    server.hidden = hidden
    server.runs = [a_run("r1", status="RUNNING", experiment_id="9")]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS, running=("r1",))))
    assert [Page(reports=(), cursor=Cursor(ended_ms=NOW_MS))] == pages


def test_list_since(server, reader):
    """The full reading takes what started or ended since, and its last cursor leads on."""
    since_ms = NOW_MS - 9 * HOUR
    server.runs = [
        a_run("before", start_time=since_ms - 5, end_time=since_ms - 1),
        a_run("long", start_time=since_ms - 5, end_time=since_ms),
        a_run("inside", start_time=since_ms, end_time=NOW_MS - 2 * MINUTE),
        a_run("going", start_time=since_ms + 9, status="RUNNING"),
    ]
    pages = list(reader.list_since(since_ms, Cursor(running=("inside", "other"))))
    assert [["inside", "going"], ["long"], []] == ids(pages)
    assert [Cursor(running=("inside", "other"))] * 2 == [page.cursor for page in pages[:2]]
    assert Cursor(ended_ms=NOW_MS - 2 * MINUTE, running=("going", "other")) == pages[-1].cursor


def test_list_since_in_pages(server, reader):
    """A full reading asks for 1000 runs at a time and loses none that started together."""
    server.runs = [a_run(f"r{n:04}", start_time=7 + n // 1500, end_time=9) for n in range(2600)]
    pages = list(reader.list_since(5, Cursor()))
    assert 2600 == len(set(all_ids(pages))) == len(all_ids(pages))
    assert {1000} == {question["max_results"] for question in server.questions("runs/search")}


def test_only_matching_experiments(server, make_reader):
    """Experiments are chosen by shell patterns, in which letter case counts."""
    server.experiments = {"1": "churn-eu", "2": "Churn-us", "3": "fraud", "4": "risk"}
    server.runs = [a_run(f"r{n}", experiment_id=f"{n}", end_time=NOW_MS) for n in (1, 2, 3, 4)]
    reader = make_reader(experiments=("churn-*", "r[ai]sk"))
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS)))
    assert [["r1", "r4"], []] == ids(pages)


def test_no_experiment_matches(server, make_reader):
    """Without experiments no search is sent and the cursor stays, as one may appear later."""
    reader = make_reader(experiments=("nothing",))
    assert [Page(reports=(), cursor=Cursor(ended_ms=5))] == list(reader.list_new(Cursor(ended_ms=5)))
    assert [Page(reports=(), cursor=Cursor(ended_ms=5))] == list(reader.list_since(1, Cursor(ended_ms=5)))
    assert [] == server.questions("runs/search")


def test_experiments_are_remembered(server, reader, clock):
    """Names are looked up again after a minute, and at once for a full reading."""
    for minutes, looked_up in ((0, 1), (0.9, 1), (0.1, 2)):
        clock.now += timedelta(minutes=minutes)
        list(reader.list_new(Cursor(ended_ms=NOW_MS)))
        assert looked_up == len(server.questions("experiments/search"))
    list(reader.list_since(NOW_MS, Cursor()))
    assert 3 == len(server.questions("experiments/search"))


def test_many_experiments(server, reader):
    """Experiments are searched by the hundred, and only the last page moves the cursor."""
    server.experiments = {str(n): f"churn-{n}" for n in range(250)}
    server.experiments_per_page = 99
    server.runs = [a_run(f"r{n}", experiment_id=str(n), end_time=NOW_MS - n) for n in (3, 120, 249)]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS - 9)))
    assert [["r3"], ["r120"], ["r249"], []] == ids(pages)
    assert [NOW_MS - 9] * 3 + [NOW_MS - 3] == [page.cursor.ended_ms for page in pages]
    assert [100, 100, 50] * 2 == [len(q["experiment_ids"]) for q in server.questions("runs/search")]


def test_experiments_in_a_circle(server, reader, monkeypatch):
    """A server whose pages of experiments never end is given up."""
    monkeypatch.setattr(server, "_page", lambda *_: (200, {}, '{"next_page_token": "7"}'))
    with pytest.raises(TransientError, match="circle"):
        list(reader.list_new(Cursor()))


def test_sweep(server, reader):
    """The runs of a sweep carry its name and plan; the parent itself is an ordinary run."""
    nested = {"mlflow.parentRunId": "p"}
    server.runs = [
        a_run("p", run_name="grid", status="RUNNING", tags={"plan.sweep.planned": "20"}),
        a_run("c", end_time=NOW_MS, tags=nested),
    ]
    pages = list(reader.list_new(Cursor(ended_ms=NOW_MS)))
    groups = {report.run.id: report.run.group for page in pages for report in page.reports}
    assert ("p", "sweep", "grid", 20) == (
        groups["c"].id,
        groups["c"].kind,
        groups["c"].name,
        groups["c"].planned,
    )
    assert not groups["p"]


def test_source_without_a_slash(server, make_reader):
    """A source that is called just so lends its name to the reports."""
    server.runs = [a_run("r1", end_time=NOW_MS)]
    pages = list(make_reader(name="lab").list_new(Cursor(ended_ms=NOW_MS)))
    assert "mlflow:lab" == pages[0].reports[0].source


def test_run_that_cannot_be_told(server, reader):
    """A run in a state that is not known yet is left out, the others are told."""
    server.runs = [a_run("r1", end_time=NOW_MS, status="DREAMING"), a_run("r2", end_time=NOW_MS)]
    assert [["r2"], []] == ids(reader.list_new(Cursor(ended_ms=NOW_MS)))


def test_own_clock(server):
    """Without another clock the reader looks at the real one."""
    reader = MlflowReader(name="mlflow/prod", url=server.url, experiments=("churn-*",))
    [page] = reader.list_since(0, Cursor())
    assert page.cursor.ended_ms > 1_700_000_000_000


@pytest.mark.parametrize("seed", range(5))
def test_no_run_escapes_late_clocks(server, reader, clock, seed):
    """Of 200 runs, a quarter of them ended by clocks up to five minutes late, each is told, and the same."""
    server.runs.clear()
    chance, told = random.Random(seed), set()
    cursor = list(reader.list_since(NOW_MS, Cursor()))[-1].cursor
    for number in range(200):
        clock.now += timedelta(seconds=chance.uniform(0, 20))
        late_ms = chance.randrange(5 * MINUTE) if number % 4 == 0 else 0
        end_ms = int(clock.now.timestamp() * 1000) - late_ms
        server.runs.append(a_run(f"r{number}", start_time=end_ms - MINUTE, end_time=end_ms))
        if number == 199 or chance.random() < 0.3:
            pages = list(reader.list_new(cursor))
            told.update(msgspec.json.encode(report) for page in pages for report in page.reports)
            cursor = pages[-1].cursor
    found = sorted(msgspec.json.decode(each)["run"]["id"] for each in told)
    assert sorted(f"r{number}" for number in range(200)) == found
