"""The hooks of projects: listed, mended, and what they did not tell."""

import msgspec
import pytest

from trainboard.azure_devops.changes import SUBSCRIPTION
from trainboard.azure_devops.hook_events import HOOK_EVENTS, RELEASE
from trainboard.azure_devops.service_hooks import ServiceHooks
from trainboard.azure_devops.subscriptions import Target
from trainboard.errors import DoubtError, PermanentError, TransientError
from trainboard.hooks import Hook, HookState

URL = "https://dev.azure.com/acme"
PROJECT_ID = "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c"
SUBSCRIPTIONS = f"{URL}/_apis/hooks/subscriptions"
TARGET = Target(url="https://bot.acme.example/webhooks/azure-devops", user="trainboard", password="s")
EVENTS = [event for event in HOOK_EVENTS if event.publisher != RELEASE]
BY_NAME = {event.name: event for event in EVENTS}
MISSING = Hook(
    place="Churn",
    name="workitem.updated",
    state=HookState.MISSING,
    detail="There is no such subscription.",
)


def subscription(name="workitem.updated", id_="s1", **parts):
    """As the service shows it."""
    event = BY_NAME[name]
    return {
        "id": id_,
        "status": "enabled",
        "publisherId": event.publisher,
        "eventType": event.event,
        "resourceVersion": event.version,
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": {"projectId": PROJECT_ID, **event.filters},
        "consumerInputs": {**TARGET.inputs, "basicAuthPassword": "********"},
    } | parts


@pytest.fixture
def hooks(organization):
    return ServiceHooks(organization, {"Churn": ("model",)}, TARGET)


@pytest.fixture
def project(web):
    """A project whose organisation offers all but classic releases."""
    offered = [
        {"id": name, "supportedEvents": [{"id": each.event} for each in EVENTS if each.publisher == name]}
        for name in ("tfs", "pipelines")
    ]
    web.get(f"{URL}/_apis/hooks/publishers", json={"count": 2, "value": offered})
    web.get(f"{URL}/_apis/projects/Churn", json={"id": PROJECT_ID, "name": "Churn"})
    return web


@pytest.fixture
def listed(project):
    """Says which subscriptions there are."""
    return lambda *found: project.get(SUBSCRIPTIONS, json={"count": len(found), "value": list(found)})


def states(hooks):
    return {hook.name: (hook.state, hook.detail) for hook in hooks.list_all()}


def test_what_is_needed_is_what_is_offered(hooks, listed):
    """Classic releases are switched off here: they are not waited for."""
    listed()
    assert {event.name: (HookState.MISSING, MISSING.detail) for event in EVENTS} == states(hooks)


def test_each_hook_says_how_it_stands(hooks, listed):
    """In a sentence, with what the service tells."""
    listed(
        subscription(),
        subscription(
            "workitem.created",
            status="onProbation",
            probationRetries=3,
            lastProbationRetryDate="2026-11-18T09:30:00Z",
        ),
        subscription("workitem.deleted", status="onProbation", probationRetries="1"),
        subscription("workitem.restored", status="disabledByInactiveIdentity"),
        subscription("workitem.commented", status="disabledByUser"),
        subscription("build.complete", resourceVersion="1.0"),
    )
    found = states(hooks)
    assert (HookState.WORKING, "") == found["workitem.updated"]
    on_probation = "It is on probation after 3 of 7 tries, the last at 2026-11-18 09:30 UTC."
    assert (HookState.FAILING, on_probation) == found["workitem.created"]
    assert (HookState.FAILING, "It is on probation after 1 of 7 tries.") == found["workitem.deleted"]
    stopped = (HookState.STOPPED, "Its status is disabledByInactiveIdentity.")
    assert stopped == found["workitem.restored"]
    assert (HookState.SWITCHED_OFF, "Its status is disabledByUser.") == found["workitem.commented"]
    wrong = "It asks for version 1.0 of the resource and not for 2.0."
    assert (HookState.WRONG, wrong) == found["build.complete"]


def test_a_missing_one_is_made(hooks, project):
    """With the version, the filters and the password; it stands as the answer says."""
    project.post(SUBSCRIPTIONS, json=subscription("git.pullrequest.updated PushNotification", "s9"))
    wanted = Hook(place="Churn", name="git.pullrequest.updated PushNotification", state=HookState.MISSING)
    made = hooks.repair(wanted)
    assert (HookState.WORKING, "s9") == (made.state, made.id)
    assert {
        "publisherId": "tfs",
        "eventType": "git.pullrequest.updated",
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": {"projectId": PROJECT_ID, "notificationType": "PushNotification"},
        "consumerInputs": TARGET.inputs,
        "status": "enabled",
    } == msgspec.json.decode(project.calls[-1].request.body)


def test_a_broken_one_is_put_in_its_place(hooks, project):
    """Its id stays, and its password is told anew: the one that the service has may be wrong."""
    project.put(f"{SUBSCRIPTIONS}/s1", json=subscription())
    mended = hooks.repair(Hook(place="Churn", name="workitem.updated", state=HookState.FAILING, id="s1"))
    sent = msgspec.json.decode(project.calls[-1].request.body)
    assert ("s1", HookState.WORKING) == (mended.id, mended.state)
    assert ("s1", "enabled", "s") == (
        sent["id"],
        sent["status"],
        sent["consumerInputs"]["basicAuthPassword"],
    )


def test_a_missing_one_is_not_made_where_it_would_not_be_believed(organization):
    """Who writes down ids has to write down the new one."""
    pinned = ServiceHooks(organization, {"Churn": ()}, TARGET, pinned=True)
    with pytest.raises(
        PermanentError, match=r"workitem.updated is missing, .* Run `trainboard init --azure`."
    ):
        pinned.repair(MISSING)


@pytest.mark.parametrize("method", ["list", "make"])
def test_who_may_not_is_told_what_is_needed(hooks, project, method):
    """The refusal itself names no permission."""
    refusal = {"message": "Access denied.", "typeKey": "SubscriptionPermissionException"}
    project.get(SUBSCRIPTIONS, status=403, json=refusal)
    project.post(SUBSCRIPTIONS, status=403, json=refusal)
    with pytest.raises(PermanentError, match='"View subscriptions" and "Edit subscriptions" in the project'):
        hooks.list_all() if method == "list" else hooks.repair(MISSING)


def test_silence_after_making_one_is_a_doubt(hooks, project):
    """It may have been made: list again."""
    project.post(SUBSCRIPTIONS, status=503)
    with pytest.raises(DoubtError, match="subscribe to workitem"):
        hooks.repair(MISSING)


def test_one_that_is_gone_is_looked_for_again(hooks, project):
    """Somebody deleted it since it was listed; the next look makes it anew."""
    project.put(f"{SUBSCRIPTIONS}/s1", status=404, json={"message": "gone"})
    with pytest.raises(TransientError, match="mend the subscription to workitem"):
        hooks.repair(Hook(place="Churn", name="workitem.updated", state=HookState.FAILING, id="s1"))


def test_an_organisation_without_events(hooks, web):
    """Nothing that we know is offered there: the address may be wrong."""
    web.get(f"{URL}/_apis/hooks/publishers", json={"count": 1, "value": [{"id": "tfs"}]})
    with pytest.raises(PermanentError, match=r"offers none of the events .* azure_devops.organization_url"):
        hooks.list_all()


def test_a_project_that_is_not_there(hooks, project):
    """Its name is in the sentence."""
    project.replace("GET", f"{URL}/_apis/projects/Churn", status=404, json={"message": "TF200016"})
    project.get(SUBSCRIPTIONS, json={"count": 0, "value": []})
    with pytest.raises(TransientError, match="find the project Churn"):
        hooks.list_all()


def notification(number=4, event=None, **parts):
    details = {"event": event} if event else None
    made = {"id": number, "subscriptionId": "S1", "createdDate": "2026-11-18T10:05:00Z"}
    return made | {"details": details} | parts


def event(kind, **resource):
    return {"id": "e1", "eventType": kind, "publisherId": "tfs", "resource": resource}


@pytest.fixture
def nothing_else(project):
    """Only work item 7 changed: it was made."""
    fields = {"System.ChangedDate": "2026-11-18T10:04:00Z"}
    made = {"values": [{"id": 7, "rev": 1, "fields": fields}], "isLastBatch": True}
    project.post(f"{URL}/Churn/_apis/wit/reporting/workItemRevisions", json=made)
    project.get(f"{URL}/Churn/_apis/build/Builds", json={"count": 0, "value": []})
    project.options(f"{URL}/_apis", json={"count": 0, "value": []})
    for _ in range(6):
        project.get(f"{URL}/Churn/_apis/pipelines/approvals", json={"count": 0, "value": []})
    return project


@pytest.fixture
def quiet(monkeypatch):
    """No pull requests, no pushes."""
    monkeypatch.setattr(
        "trainboard.azure_devops.changes.repositories.list_changes", lambda *_, **__: iter(())
    )


@pytest.mark.usefixtures("quiet")
def test_what_was_refused_comes_as_it_was_sent(hooks, listed, nothing_else, clock):
    """With the ids under which it would have come; what changed besides is made up."""
    listed(
        subscription(id_="S1"), subscription(id_="theirs", consumerInputs={"url": "https://other.example"})
    )
    refused = event("workitem.updated", workItemId=3, rev=2, id=9)
    nothing_else.post(
        f"{URL}/_apis/hooks/notificationsQuery",
        json={"results": [notification(4, refused), notification(5)]},
    )
    sent, made_up = hooks.list_sent(clock())
    query = next(each.request for each in nothing_else.calls if "notificationsQuery" in each.request.url)
    asked = msgspec.json.decode(query.body)
    assert (["S1"], "failed", True) == (
        asked["subscriptionIds"],
        asked["resultType"],
        asked["includeDetails"],
    )
    assert ("s1/4", "workitem.updated") == (sent.id, sent.kind)
    assert refused | {"subscriptionId": "s1", "notificationId": 4} == msgspec.json.decode(sent.message.body)
    assert ("workitem.created", sent.message) == (made_up.kind, hooks.find_message(sent))


@pytest.mark.usefixtures("quiet")
def test_what_was_refused_is_not_made_up(hooks, listed, nothing_else, clock):
    """What was to be sent tells more than what stands in the project."""
    listed(subscription())
    refused = event("workitem.created", id=7, rev=1)
    nothing_else.post(f"{URL}/_apis/hooks/notificationsQuery", json={"results": [notification(4, refused)]})
    assert ["s1/4"] == [each.id for each in hooks.list_sent(clock())]


@pytest.mark.usefixtures("quiet")
def test_what_is_made_up_is_the_same_each_time(hooks, listed, nothing_else, clock):
    """Its ids come from what it tells of, so that it is known again. Without hooks nothing was refused."""
    for _ in range(2):
        listed()
    first, second = (list(hooks.list_sent(clock())) for _ in range(2))
    assert first == second
    [sent] = first
    body = msgspec.json.decode(sent.message.body)
    assert sent.id == f"{body['subscriptionId']}/{body['notificationId']}"
    assert (str(SUBSCRIPTION), "5.1-preview.3", f"{URL}/") == (
        body["subscriptionId"],
        body["resourceVersion"],
        body["resourceContainers"]["collection"]["baseUrl"],
    )


@pytest.mark.parametrize("resource", ["a text", None, 5])
@pytest.mark.usefixtures("quiet")
def test_an_odd_notification_is_told_as_it_is(hooks, listed, nothing_else, clock, resource):
    """What it means is found out where every delivery is read."""
    listed(subscription())
    odd = notification(4, {"eventType": "workitem.created", "resource": resource})
    nothing_else.post(f"{URL}/_apis/hooks/notificationsQuery", json={"results": [odd]})
    assert 2 == len(list(hooks.list_sent(clock())))


@pytest.mark.usefixtures("quiet")
def test_a_build_that_was_refused_is_not_made_up(hooks, listed, nothing_else, clock):
    """And by its end: it may run again."""
    listed(subscription())
    ended = {"id": 31, "finishTime": "2026-11-18T10:04:00Z", "status": "completed", "result": "failed"}
    refused = notification(4, event("build.complete", **ended))
    nothing_else.post(f"{URL}/_apis/hooks/notificationsQuery", json={"results": [refused]})
    nothing_else.replace("GET", f"{URL}/Churn/_apis/build/Builds", json={"count": 1, "value": [ended]})
    kinds = [each.kind for each in hooks.list_sent(clock())]
    assert 1 == kinds.count("build.complete")
