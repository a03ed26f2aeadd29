"""Somebody asks for a run of a pipeline: it is started once, and people see what came of it."""

from itertools import count

import pytest
from msgspec.structs import replace

from fakes import starting
from fakes.mortal import outlives_steps
from trainboard.triggers import TriggerState


@pytest.fixture(params=sorted(starting.ALL))
def asked(request, talk):
    """A bot that may start a pipeline, on each platform."""
    with starting.ALL[request.param](talk) as world:
        world.begins()
        yield world


def test_a_process_may_die_between_any_two_steps(asked, monkeypatch):
    """No run is started twice; one that is not there is said to be in doubt, where nobody can tell."""
    unsure = 0
    for fatal in count(1):
        before = asked.count()
        key = asked.asks(f"comment-{fatal}", dataset="2026-11")
        has_lived = outlives_steps(asked.bot.settle, monkeypatch, fatal)
        asked.bot.restart()
        asked.goes_by(minutes=7, times=2)
        state, started = asked.find(key).state, asked.count() - before
        assert state in {TriggerState.STARTED, TriggerState.UNSURE}
        if asked.proves or state is TriggerState.STARTED:
            assert (TriggerState.STARTED, 1) == (state, started)
        assert started <= 1
        unsure += state is TriggerState.UNSURE
        if has_lived:
            break
    assert fatal > 4
    assert (unsure == 0) == asked.proves


@pytest.fixture(params=["azure", "event", "workflow"])
def marked(request, talk):
    """A bot on each platform whose runs carry our mark."""
    with starting.ALL[request.param](talk) as world:
        world.begins()
        yield world


def test_an_answer_that_gets_lost_is_looked_for(marked):
    """The platform did the work and never said so: the run is found, and shown once."""
    marked.lose_answer()
    key = marked.asks(dataset="2026-11")
    marked.bot.settle()
    assert (TriggerState.ASKED, 1) == (marked.find(key).state, marked.count())
    marked.goes_by()
    assert (TriggerState.STARTED, 1) == (marked.find(key).state, marked.count())
    assert 1 == marked.text.count("asked for by ana")


def test_an_answer_that_gets_lost_without_a_mark_is_told_as_a_doubt(talk):
    """Nobody can tell whether it was started: it is not started again, and people are told where to look."""
    with starting.by_unmarked_workflow(talk) as world:
        world.begins()
        world.lose_answer()
        key = world.asks()
        world.bot.settle()
        world.goes_by(times=6)
        assert (TriggerState.UNSURE, 1) == (world.find(key).state, world.count())
        page = "https://github.com/acme/churn/actions/workflows/retrain.yml"
        assert f"may have started: [look here]({page})" in world.text


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_fails_is_a_doubt_too(talk, status):
    """What it did before is not known; nothing carries our mark, and it is not started again."""
    with starting.by_workflow(talk) as world:
        world.begins()
        world.github.next_fault(status, method="POST")
        key = world.asks()
        world.bot.settle()
        world.goes_by(times=6)
        assert (TriggerState.UNSURE, 0) == (world.find(key).state, world.count())
        assert "It is not started again by itself" in world.text


def test_azure_is_asked_again_when_the_run_is_surely_not_there(talk):
    """There a run is listed before its start is answered: after a while without it, it is started anew."""
    with starting.on_azure(talk) as world:
        world.begins()
        world.azure.faults.add(starting.azure_faults.unavailable(), method="POST", path="runs")
        key = world.asks()
        world.bot.settle()
        assert 0 == world.count()
        world.goes_by(times=6)
        assert (TriggerState.STARTED, 1) == (world.find(key).state, world.count())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"archived": True}, "archived"),
        ({"push": False}, "not accessible"),
        ({"refs": ("trunk",)}, "No ref found for: main"),
        ({"workflows": {}}, "404"),
    ],
)
def test_a_refusal_is_told_and_not_tried_again(talk, change, words):
    """With what GitHub says and what to do about it, on the work item, if that is not archived too."""
    with starting.by_workflow(talk) as world:
        world.begins()
        original = {name: getattr(world.github.churn, name) for name in change}
        for name, value in change.items():
            setattr(world.github.churn, name, value)
        key = world.asks()
        world.bot.settle()
        for name, value in original.items():
            setattr(world.github.churn, name, value)
        world.goes_by(times=3)
        found = world.find(key)
        assert (TriggerState.REFUSED, 0) == (found.state, world.count())
        assert words in found.reason
        if "archived" not in change:
            assert "✗ not started." in world.text


def test_a_missing_input_is_told(talk):
    """The workflow wants more than the settings declare."""
    with starting.by_workflow(talk) as world:
        world.begins()
        world.github.churn.workflows["retrain.yml"].inputs["seed"] = True
        key = world.asks()
        world.bot.settle()
        assert "Required input 'seed' not provided" in world.find(key).reason


def test_azure_refuses_for_good(talk):
    """Who may not queue builds is told so, and nothing is started when the right comes later."""
    with starting.on_azure(talk) as world:
        world.begins()
        world.definition.may_run = False
        key = world.asks()
        world.bot.settle()
        world.definition.may_run = True
        world.goes_by(times=3)
        assert (TriggerState.REFUSED, 0) == (world.find(key).state, world.count())
        assert "Queue builds" in world.text


def test_what_nobody_could_start_for_an_hour_is_given_up(talk):
    """Nobody expects a run of this morning's wish at night."""
    with starting.by_workflow(talk) as world:
        world.begins()
        key = world.asks()
        limit = {"Retry-After": "600"}
        for _ in range(8):
            body = {"message": "You have exceeded a secondary rate limit."}
            world.github.next_fault(403, headers=limit, body=body, method="POST")
            world.goes_by(minutes=11)
        world.goes_by(minutes=11)
        assert (TriggerState.REFUSED, 0) == (world.find(key).state, world.count())
        assert "Not within an hour." in world.find(key).reason


def test_what_an_app_may_not_do_yet_is_told_while_it_is_tried(talk):
    """An operator who grants it within the hour gets the run."""
    with starting.by_app(talk) as world:
        world.begins()
        key = world.asks()
        world.bot.settle()
        assert (TriggerState.ASKED, 0) == (world.find(key).state, world.count())
        world.goes_by()
        assert "not started yet." in world.text
        assert "actions" in world.text
        world.github.granted |= {"actions": "write", "contents": "write"}
        world.goes_by(minutes=10)
        assert (TriggerState.STARTED, 1) == (world.find(key).state, world.count())
        assert "not started yet" not in world.text


def test_an_enterprise_server_of_old_is_asked_in_its_own_words(talk):
    """It does not tell which run it started: that is found by the mark."""
    with starting.by_workflow(talk) as world:
        world.github.knows_run_details = False
        world.begins()
        key = world.asks()
        world.bot.settle()
        world.goes_by()
        found, [run] = world.find(key), world.github.churn.runs
        assert (TriggerState.STARTED, str(run.id)) == (found.state, found.run.run)


def test_the_same_wish_twice_is_one_run(asked):
    """Also when it is told again after the run was started, as a replay does."""
    for _ in range(2):
        key = asked.asks()
        asked.bot.settle()
        asked.goes_by()
        asked.asks()
    asked.goes_by()
    assert (TriggerState.STARTED, 1) == (asked.find(key).state, asked.count())


def test_a_pipeline_that_the_settings_lost_is_refused(talk):
    """Between the wish and its turn an operator took it away."""
    with starting.locally(talk) as world:
        world.begins()
        key = world.asks()
        world.bot.bot.outside.projects["churn"] = replace(world.project, pipelines=())
        world.bot.settle()
        assert "The settings name no pipeline retrain of churn." == world.find(key).reason


def test_a_run_is_followed_to_its_end(talk):
    """What GitHub tells of the run is shown where it was asked for."""
    with starting.by_workflow(talk) as world:
        world.begins()
        key = world.asks()
        world.bot.settle()
        [run] = world.github.churn.runs
        world.goes_by()
        assert f"[run {run.id}](https://github.com/acme/churn/actions/runs/{run.id}) started" in world.text
        world.tells_of(run, "in_progress", None)
        world.goes_by()
        assert f"actions/runs/{run.id}) running" in world.text
        world.tells_of(run, "completed", "success")
        world.goes_by()
        assert f"actions/runs/{run.id}) ✓ passed" in world.text
        assert "passed" == world.find(key).check
        assert 1 == world.text.count("asked for by ana")


def test_a_run_that_is_told_of_before_its_number_is_known(talk):
    """The webhook may be faster than the answer."""
    with starting.by_workflow(talk) as world:
        world.begins()
        world.lose_answer()
        world.asks()
        world.bot.settle()
        [run] = world.github.churn.runs
        world.tells_of(run, "completed", "failure")
        world.goes_by(times=2)
        assert f"actions/runs/{run.id}) ✗ failed" in world.text


def test_a_run_of_azure_is_followed_to_its_end(talk):
    """What Azure Pipelines tell of the run is shown where it was asked for."""
    with starting.on_azure(talk) as world:
        world.begins()
        key = world.asks()
        world.bot.settle()
        [build] = world.azure.find_project("Churn").builds.values()
        for stage in ("Build", "Deploy"):
            world.azure.finish_stage(build, stage)
        world.azure.finish_build(build)
        world.tells_of(build)
        world.goes_by(times=2)
        assert "passed" == world.find(key).check
        assert f"_build/results?buildId={build.id}) ✓ passed" in world.text


def test_a_run_is_shown_on_the_pull_request_it_was_asked_from(talk):
    """In the bot's one comment there."""
    with starting.by_workflow(talk) as world:
        world.begins()
        pull = world.opens_pull()
        commit = pull.commits[-1]
        world.asks(origin=starting.pull_request_origin(pull), commit=commit)
        world.bot.settle()
        world.goes_by()
        [run] = world.github.churn.runs
        [comment] = pull.comments
        assert commit == run.inputs["commit"]
        assert 1 == comment.body.count(f"actions/runs/{run.id}")
