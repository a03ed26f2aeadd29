"""Subscriptions that a project needs, compared with those that it has."""

import pytest
from msgspec.structs import replace

from trainboard.azure_devops.hook_events import HOOK_EVENTS, HookEvent
from trainboard.azure_devops.subscriptions import Match, Subscription, Target, compare
from trainboard.hooks import HookState

PROJECT = "6CE954B1-ce1f-45d1-b94d-e6bf2464ba2c"
TARGET = Target(url="https://bot.acme.example/webhooks/azure-devops", user="trainboard", password="s")
UPDATED = HookEvent(publisher="tfs", event="workitem.updated", version="5.1-preview.3")
PUSHED, VOTED = (
    HookEvent(publisher="tfs", event="git.pullrequest.updated", version="1.0", notification_type=kind)
    for kind in ("PushNotification", "ReviewerVoteNotification")
)


def subscription(wanted=UPDATED, *, id_="s1", **parts):
    """One that is as it should be, but for the parts."""
    inputs = {key: value for key, value in TARGET.inputs.items() if key != "basicAuthPassword"}
    made = Subscription(
        id=id_,
        publisher=wanted.publisher,
        event=wanted.event,
        version=wanted.version,
        status="enabled",
        consumer="webHooks",
        action="httpRequest",
        publisher_inputs={"projectId": PROJECT.lower(), "tfsSubscriptionId": "9e1c", **wanted.filters},
        consumer_inputs={**inputs, "basicAuthPassword": "********"},
    )
    return replace(made, **parts)


def match(found, wanted=UPDATED, *faults):
    return Match(project_id=PROJECT, wanted=wanted, found=found, faults=faults)


def judge(found, wanted=UPDATED):
    """The state and the faults of the only subscription."""
    [only] = compare([wanted], PROJECT, [found], TARGET)
    return only.state, only.faults


def test_what_is_there_is_found():
    """By event, project and address; what the service adds to the inputs says nothing."""
    found = subscription()
    assert [match(found)] == compare([UPDATED], PROJECT, [found], TARGET)
    assert HookState.WORKING is match(found).state


@pytest.mark.parametrize(
    "parts",
    [
        {"publisher_inputs": {"projectId": "another"}},
        {"publisher_inputs": {}},
        {"consumer_inputs": {**TARGET.inputs, "url": "https://hooks.slack.example/azure"}},
        {"consumer_inputs": {}},
        {"consumer": "jenkins"},
        {"action": "other"},
        {"event": "workitem.created"},
        {"publisher": "pipelines"},
    ],
)
def test_what_is_not_ours_is_not_looked_at(parts):
    """Another project, address or tool: then ours is missing."""
    assert [match(None)] == compare([UPDATED], PROJECT, [subscription(**parts)], TARGET)
    assert HookState.MISSING is match(None).state


def test_an_address_may_be_written_in_two_ways():
    """Hosts have no upper and lower case, and a slash at the end is none."""
    url = "HTTPS://Bot.Acme.Example/webhooks/azure-devops/"
    found = subscription(consumer_inputs={**TARGET.inputs, "url": url})
    assert (HookState.WORKING, ()) == judge(found)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("enabled", HookState.WORKING),
        ("onProbation", HookState.FAILING),
        ("disabledBySystem", HookState.STOPPED),
        ("disabledByInactiveIdentity", HookState.STOPPED),
        ("disabledByUser", HookState.SWITCHED_OFF),
        ("a status of tomorrow", HookState.SWITCHED_OFF),
    ],
)
def test_what_a_status_means(status, state):
    """What nobody knows is taken for somebody's choice, and left alone."""
    assert (state, ()) == judge(subscription(status=status))


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"version": "1.0"}, "asks for version 1.0 of the resource and not for 5.1-preview.3"),
        ({"version": ""}, "asks for version ? of the resource and not for 5.1-preview.3"),
        (
            {"publisher_inputs": {"projectId": PROJECT, "areaPath": "Churn", "workItemType": ""}},
            "is narrowed by areaPath = Churn and not by nothing",
        ),
        ({"consumer_inputs": {**TARGET.inputs, "basicAuthUsername": "ana"}}, "signs in as somebody else"),
        (
            {"consumer_inputs": {**TARGET.inputs, "resourceDetailsToSend": "minimal"}},
            "sends less than the whole resource",
        ),
    ],
)
def test_what_is_wrong(parts, fault):
    """The version and the filters decide what we are told."""
    assert (HookState.WRONG, (fault,)) == judge(subscription(**parts))


def test_what_says_nothing_else_is_right():
    """A flag that is off narrows nothing, and whole resources are what is sent by itself."""
    inputs = {key: value for key, value in TARGET.inputs.items() if key != "resourceDetailsToSend"}
    publisher_inputs = {"projectId": PROJECT, "linksChanged": "false"}
    found = subscription(consumer_inputs=inputs, publisher_inputs=publisher_inputs)
    assert (HookState.WORKING, ()) == judge(found)


def test_what_does_not_work_is_that_first():
    """One on probation that is wrong besides is put right with it; one that is off by choice stays off."""
    assert HookState.FAILING is judge(subscription(status="onProbation", version="1.0"))[0]
    assert HookState.SWITCHED_OFF is judge(subscription(status="disabledByUser", version="1.0"))[0]


def test_subscriptions_to_one_event_are_told_apart():
    """Each kind of update has its own; one for all of them is put in the place of one that is missing."""
    votes, all_ = subscription(VOTED, id_="votes"), subscription(VOTED, id_="all")
    all_ = replace(all_, publisher_inputs={"projectId": PROJECT})
    fault = "is narrowed by nothing and not by notificationType = PushNotification"
    expected = [match(all_, PUSHED, fault), match(votes, VOTED)]
    assert expected == compare([PUSHED, VOTED], PROJECT, [all_, votes], TARGET)


def test_of_several_the_best_is_taken():
    """The right one before the wrong one, then the one that works; the others are left alone."""
    wrong, off, works = (
        subscription(id_="wrong", version="1.0"),
        subscription(id_="off", status="disabledBySystem"),
        subscription(id_="works"),
    )
    assert [match(works)] == compare([UPDATED], PROJECT, [wrong, off, works], TARGET)
    assert [match(off)] == compare([UPDATED], PROJECT, [wrong, off], TARGET)


def test_a_whole_set_matches_itself():
    """What was made for each event is found for each event, in whatever order it is listed."""
    made = [subscription(event, id_=event.name) for event in HOOK_EVENTS]
    matches = compare(HOOK_EVENTS, PROJECT, reversed(made), TARGET)
    assert [(event.name, HookState.WORKING) for event in HOOK_EVENTS] == [
        (each.found.id, each.state) for each in matches
    ]


def test_the_events_differ_in_their_names():
    """Hooks are told apart by them."""
    assert len(HOOK_EVENTS) == len({event.name for event in HOOK_EVENTS})


def test_what_the_consumer_is_told():
    """The password, whole resources, and no messages."""
    expected = {
        "url": TARGET.url,
        "basicAuthUsername": "trainboard",
        "basicAuthPassword": "s",
        "resourceDetailsToSend": "all",
        "messagesToSend": "none",
        "detailedMessagesToSend": "none",
    }
    assert expected == TARGET.inputs
