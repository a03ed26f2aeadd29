"""Service hooks that fail are mended over HTTP, and what they did not tell is worked on, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fakes.hooked import EVENTS, PASSWORD, SOURCE, opened
from trainboard.store import gaps
from trainboard.store.models import DeliveryRow


@pytest.fixture
def world(talk, tmp_path):
    with opened(talk, tmp_path / "azure.db") as world:
        yield world


def test_a_project_gets_all_that_it_needs(world):
    """At the versions that we read, with the password; a second time nothing is made."""
    made = {(each.event, each.version) for each in world.azure.subscriptions.values()}
    assert ({(each.event, each.version) for each in EVENTS}, len(EVENTS)) == (
        made,
        len(world.azure.subscriptions),
    )
    inputs = {each.consumer_inputs["basicAuthPassword"] for each in world.azure.subscriptions.values()}
    assert {PASSWORD} == inputs
    world.looks(minutes=10)
    assert len(EVENTS) == len(world.azure.subscriptions)


def test_what_works_comes_in(world):
    """A person makes an item and edits it: the bot is told of both."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.azure.person_retitles(item.id, "Try a wider tree")
    assert {202} == {status for _, status in world.azure.deliver()}
    assert ["opened 1", "edited 1"] == world.told()


def test_a_quiet_look_asks_two_questions(world):
    """What is offered, and what there is."""
    world.looks(minutes=10)
    assert ["GET hooks.publishers 200", "GET hooks.subscriptions 200"] == sorted(
        map(str, world.azure.requests)
    )


def test_a_probation_is_ended(world):
    """What was dropped meanwhile is worked on once, in the words of the hooks."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.azure.deliver()
    world.bot.clock.forward(minutes=1)
    world.restrict("workitem.created", "workitem.updated", "workitem.commented")
    world.bot.clock.forward(minutes=1)
    world.azure.person_retitles(item.id, "Try a wider tree")
    world.azure.person_comments(item.id, "Looks good.")
    other = world.azure.person_creates("Churn", "Try two trees")
    assert [] == world.azure.deliver()

    world.looks(minutes=10)
    assert "enabled" == world.find("workitem.updated").status
    assert sorted(["opened 1", "edited 1", "commented 1", f"opened {other.id}"]) == sorted(world.told())
    gap = world.find_gap()
    assert (SOURCE, 3, 3) == (gap.source, gap.missing, gap.recovered)

    told = world.told()
    for _ in range(3):
        world.looks(minutes=10)
    assert (told, 3) == (world.told(), world.find_gap().missing)


def test_commands_of_which_nobody_told_are_obeyed(world):
    """On a work item and on a pull request, once."""
    azure = world.azure
    azure.find_team(azure.find_project("Churn"), "Churn Team").admins.add(azure.ana.id)
    item = azure.person_creates("Churn", "Try a deeper tree")
    pull = azure.person_opens_pull(azure.repository, "Deeper", source="refs/heads/deeper")
    while azure.deliver():
        world.bot.settle()
    world.restrict_all()
    world.bot.clock.forward(minutes=1)
    azure.person_comments(item.id, "<div>/label data</div>", who=azure.ana)
    azure.person_comments_on_pull(pull, "/help", who=azure.ana)
    assert [] == azure.deliver()
    for _ in range(3):
        world.looks(minutes=10)
    assert "data" in item.tags
    azure.person_untags(item.id, "data")
    world.looks(minutes=10)
    assert "data" not in item.tags
    said = [each.content for thread in pull.threads for each in thread.comments if each.by == azure.bot]
    assert 1 == sum("What you may command on this pull request" in each for each in said)


def test_what_was_thrown_away_is_told(world):
    """The feed of revisions knows the bin."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.azure.deliver()
    world.bot.clock.forward(minutes=1)
    world.restrict("workitem.deleted")
    world.bot.clock.forward(minutes=1)
    world.azure.person_deletes(item.id)
    for _ in range(2):
        world.looks(minutes=10)
    assert [f"opened {item.id}", f"deleted {item.id}"] == world.told()


def test_what_comes_in_after_all_counts_once(world):
    """A notification that waited for its retry comes after the look that found what it tells of."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.answers = [503]
    assert [503] == [status for _, status in world.azure.deliver()]
    world.restrict("workitem.updated")
    world.looks(minutes=10)
    assert [f"opened {item.id}"] == world.told()
    assert [200] == [status for _, status in world.azure.deliver()]
    assert [f"opened {item.id}"] == world.told()


def test_what_was_refused_is_taken_as_it_was_sent(world):
    """A proxy answered 500: the notification is kept over there, with all that it held."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.answers = [500]
    assert [500] == [status for _, status in world.azure.deliver()]
    assert "onProbation" == world.find("workitem.created").status
    world.looks(minutes=10)
    assert [f"opened {item.id}"] == world.told()
    with world.bot.bot.database.read() as connection:
        ids = connection.execute(
            select(DeliveryRow.delivery_id).where(DeliveryRow.kind == "workitem.created")
        )
        [only] = ids.scalars()
    assert only.startswith(world.find("workitem.created").id)


@pytest.mark.parametrize("status", ["disabledBySystem", "disabledByInactiveIdentity"])
def test_what_was_given_up_is_enabled(world, status):
    """And what it did not tell is worked on."""
    world.find("workitem.created").status = status
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.looks(minutes=10)
    assert "enabled" == world.find("workitem.created").status
    assert [f"opened {item.id}"] == world.told()


def test_what_was_deleted_is_made_anew(world):
    """With its version and filters; the other subscriptions stay as they are."""
    gone = next(
        each
        for each in world.azure.subscriptions.values()
        if each.publisher_inputs.get("notificationType") == "PushNotification"
    )
    before = set(world.azure.subscriptions)
    del world.azure.subscriptions[gone.id]
    world.looks(minutes=10)
    [new] = set(world.azure.subscriptions) - before
    made = world.azure.subscriptions[new]
    assert (gone.event, gone.version, gone.publisher_inputs) == (
        made.event,
        made.version,
        made.publisher_inputs,
    )


def test_what_asks_for_something_else_is_put_right(world):
    """Somebody chose another version, and an area, on the page of the service hooks."""
    found = world.find("workitem.updated")
    found.version, found.publisher_inputs["areaPath"] = "1.0", "Churn"
    world.looks(minutes=10)
    assert ("5.1-preview.3", None) == (found.version, found.publisher_inputs.get("areaPath"))


def test_what_people_switched_off_stays_off(world):
    """It is their choice."""
    world.find("workitem.updated").status = "disabledByUser"
    world.looks(minutes=10)
    assert "disabledByUser" == world.find("workitem.updated").status


def test_hooks_of_other_tools_are_not_touched(world):
    """Even if they are on probation."""
    theirs = world.find("git.push")
    theirs.consumer_inputs["url"] = "https://hooks.slack.example/azure"
    theirs.status = "onProbation"
    world.looks(minutes=10)
    assert "onProbation" == theirs.status
    assert 2 == sum(each.event == "git.push" for each in world.azure.subscriptions.values())


def test_builds_pull_requests_and_approvals_are_looked_for(world):
    """All that was dropped, each once; what came in before the gap stays one."""
    azure = world.azure
    first = azure.queue(azure.pipeline)
    azure.finish_build(first)
    azure.deliver()
    world.bot.clock.forward(minutes=1)
    events = sorted({each.event for each in EVENTS})
    world.restrict(*events)
    for other in azure.subscriptions.values():
        other.status, other.held_until = "onProbation", world.bot.clock() + timedelta(minutes=20)
    second = azure.queue(azure.pipeline)
    environment = azure.add_environment("Churn", "production", [azure.ana])
    approval = azure.wait_for_approval(second, azure.pipeline.stages[-1], environment, [azure.ana])
    azure.decide(approval, "approved", azure.ana)
    azure.finish_build(second)
    azure.person_pushes(azure.repository)
    pull = azure.person_opens_pull(azure.repository, "Deeper", source="refs/heads/deeper")
    azure.person_comments_on_pull(pull, "Looks good.")
    azure.person_ends_pull(pull)
    assert [] == azure.deliver()

    for _ in range(3):
        world.looks(minutes=10)
    counted = {
        kind: world.came(kind)
        for kind in (
            "build.complete",
            "ms.vss-pipelines.run-state-changed-event",
            "git.push",
            "git.pullrequest.created",
            "git.pullrequest.merged",
            "ms.vss-code.git-pullrequest-comment-event",
            "ms.vss-pipelinechecks-events.approval-completed",
        )
    }
    assert {
        "build.complete": 2,
        "ms.vss-pipelines.run-state-changed-event": 3,
        "git.push": 1,
        "git.pullrequest.created": 1,
        "git.pullrequest.merged": 1,
        "ms.vss-code.git-pullrequest-comment-event": 1,
        "ms.vss-pipelinechecks-events.approval-completed": 1,
    } == counted


def test_a_token_that_expired(world):
    """The look fails with a sentence, and is made up for when somebody put a new one in."""
    world.restrict("workitem.created")
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    identity = world.azure.tokens.pop(world.azure.token)
    world.looks(minutes=10)
    with world.bot.bot.database.read() as connection:
        assert "Could not" in gaps.get_look(connection, SOURCE).error
    world.azure.tokens[world.azure.token] = identity
    for _ in range(2):
        world.looks(minutes=10)
    assert [f"opened {item.id}"] == world.told()
