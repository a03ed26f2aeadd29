"""Service hooks: what there is to subscribe to, the subscriptions, and what became of deliveries."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from fakes.azure_devops import deliveries
from fakes.azure_devops.refusals import Refused, bad_argument, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import identity_ref, iso, links
from fakes.azure_devops.state import NO_ID, Identity, make_id

DELIVERY = ("subscriptionId", "notificationId")
MASK = "********"
ITEM_VERSIONS = ("1.0", "1.0-preview.1", "1.0-preview.2", "3.1-preview.3", "5.1-preview.3")
ITEM_INPUTS = ("areaPath", "workItemType")
GIT_INPUTS = ("repository", "branch", "pullrequestCreatedBy", "pullrequestReviewersContains")
RUN_INPUTS = ("pipelineId", "runStateId", "runResultId")
STAGE_INPUTS = ("pipelineId", "stageNameId", "stageStateId", "stageResultId")
CHECK_INPUTS = ("pipelineId", "stageName", "environmentName")
EVENTS = {
    "workitem.created": ("tfs", ITEM_VERSIONS, (*ITEM_INPUTS, "tag", "linksChanged")),
    "workitem.updated": ("tfs", ITEM_VERSIONS, (*ITEM_INPUTS, "tag", "linksChanged", "changedFields")),
    "workitem.commented": ("tfs", ITEM_VERSIONS, (*ITEM_INPUTS, "tag")),
    "workitem.deleted": ("tfs", ITEM_VERSIONS, ITEM_INPUTS),
    "workitem.restored": ("tfs", ITEM_VERSIONS, ITEM_INPUTS),
    "git.repo.renamed": ("tfs", ("1.0-preview.1",), ("repository",)),
    "git.repo.statuschanged": ("tfs", ("1.0-preview.1",), ("repository",)),
    "git.repo.deleted": ("tfs", ("1.0-preview.1",), ("repository",)),
    "git.push": ("tfs", ("1.0",), ("repository", "branch", "pushedBy")),
    "git.pullrequest.created": ("tfs", ("1.0",), GIT_INPUTS),
    "git.pullrequest.updated": ("tfs", ("1.0",), (*GIT_INPUTS, "notificationType")),
    "git.pullrequest.merged": ("tfs", ("1.0",), (*GIT_INPUTS, "mergeResult")),
    "ms.vss-code.git-pullrequest-comment-event": ("tfs", ("1.0", "2.0"), ("repository", "branch")),
    "build.complete": ("tfs", ("1.0", "2.0"), ("definitionName", "buildStatus")),
    "ms.vss-pipelines.run-state-changed-event": ("pipelines", ("5.1-preview.1",), RUN_INPUTS),
    "ms.vss-pipelines.stage-state-changed-event": ("pipelines", ("5.1-preview.1",), STAGE_INPUTS),
    "ms.vss-pipelines.job-state-changed-event": (
        "pipelines",
        ("5.1-preview.1",),
        (*STAGE_INPUTS, "jobNameId", "jobStateId", "jobResultId"),
    ),
    "ms.vss-pipelinechecks-events.approval-pending": ("pipelines", ("5.1-preview.1",), CHECK_INPUTS),
    "ms.vss-pipelinechecks-events.approval-completed": ("pipelines", ("5.1-preview.1",), CHECK_INPUTS),
}
PUBLISHERS = {"tfs": "Azure DevOps Services", "pipelines": "Pipelines"}
STATES = {"enabled", "onProbation", "disabledByUser", "disabledBySystem", "disabledByInactiveIdentity"}
CONSUMER_INPUTS = (
    *("url", "httpHeaders", "basicAuthUsername", "basicAuthPassword", "acceptUntrustedCerts"),
    *("resourceDetailsToSend", "messagesToSend", "detailedMessagesToSend"),
)


@dataclass
class Subscription:
    """A subscription; `held_until` is when one on probation may try again."""

    id: str
    by: Identity
    created_at: datetime
    modified_at: datetime
    publisher: str = ""
    event: str = ""
    version: str = ""
    publisher_inputs: dict[str, str] = field(default_factory=dict)
    consumer_inputs: dict[str, str] = field(default_factory=dict)
    status: str = "enabled"
    probation_retries: int = 0
    last_retry_at: datetime | None = None
    held_until: datetime | None = None

    def enable(self):
        """Trust it again."""
        self.status, self.probation_retries, self.held_until = "enabled", 0, None


@route("GET", "hooks.publishers")
def get_publishers(org, asked):
    wanted = asked.values.get("publisherId")
    if wanted is None:
        return [_render_publisher(org, name) for name in PUBLISHERS]
    if wanted not in PUBLISHERS:
        raise not_found("PublisherNotFoundException", f"The publisher '{wanted}' could not be found.")
    return _render_publisher(org, wanted)


def _render_publisher(org, name):
    url = f"{org.url}/_apis/hooks/publishers/{name}"
    return {
        "id": name,
        "url": url,
        "_links": links(self=url),
        "name": PUBLISHERS[name],
        "description": "",
        "supportedEvents": [_render_event(url, event) for event in EVENTS if EVENTS[event][0] == name],
        "inputDescriptors": [_render_input("projectId")],
    }


def _render_event(url, event):
    publisher, versions, inputs = EVENTS[event]
    return {
        "publisherId": publisher,
        "id": event,
        "url": f"{url}/eventTypes/{event}",
        "name": event,
        "description": "",
        "supportedResourceVersions": list(versions),
        "inputDescriptors": [_render_input(name) for name in inputs],
    }


def _render_input(name):
    return {
        "id": name,
        "name": name,
        "description": "",
        "type": "string",
        "inputMode": "textBox",
        "isConfidential": False,
        "useInDefaultDescription": False,
    }


@route("GET", "hooks.eventTypes")
def get_event_types(org, asked):
    publisher = asked.values["publisherId"]
    url = f"{org.url}/_apis/hooks/publishers/{publisher}"
    return [_render_event(url, event) for event in EVENTS if EVENTS[event][0] == publisher]


@route("GET", "hooks.subscriptions")
def get_subscriptions(org, asked):
    """One subscription, or those that the query's ids are true of."""
    if "subscriptionId" in asked.values:
        return render(org, _find(org, asked))
    found = [render(org, each) for each in org.subscriptions.values()]
    for name in ("publisherId", "eventType", "consumerId", "consumerActionId"):
        wanted = asked.query.get(name.lower())
        found = [each for each in found if wanted in {None, each[name]}]
    return found


def _find(org, asked):
    found = org.subscriptions.get(asked.values["subscriptionId"])
    if found is None:
        text = f"The subscription with id {asked.values['subscriptionId']} could not be found."
        raise not_found("SubscriptionNotFoundException", text)
    return found


@route("POST", "hooks.subscriptions")
def create(org, asked):
    number = make_id("subscription", org.new_id("subscription"))
    subscription = Subscription(number, asked.who, org.now, org.now)
    _change(org, subscription, asked.json or {})
    org.subscriptions[number] = subscription
    return render(org, subscription)


@route("PUT", "hooks.subscriptions")
def replace(org, asked):
    """Enabling one that was off or on probation makes it start anew."""
    subscription = _find(org, asked)
    _change(org, subscription, asked.json or {})
    subscription.modified_at = org.now
    return render(org, subscription)


def _change(org, subscription, wanted):
    event = wanted.get("eventType")
    if event not in EVENTS:
        raise _bad_subscription(f"The event type '{event}' could not be found.")
    publisher, versions, inputs = EVENTS[event]
    if wanted.get("publisherId") != publisher:
        raise _bad_subscription(f"The event type '{event}' is not one of '{wanted.get('publisherId')}'.")
    if wanted.get("resourceVersion", versions[-1]) not in versions:
        raise _bad_subscription(f"The resource version '{wanted['resourceVersion']}' is not supported.")
    if (wanted.get("consumerId"), wanted.get("consumerActionId")) != ("webHooks", "httpRequest"):
        raise _bad_subscription("The consumer or its action could not be found.")
    given = {name: value for name, value in (wanted.get("publisherInputs") or {}).items() if value}
    if strange := set(given) - {"projectId", "tfsSubscriptionId", *inputs}:
        raise _bad_subscription(f"The input '{min(strange)}' is not one of '{event}'.")
    subscription.publisher, subscription.event = publisher, event
    subscription.version = wanted.get("resourceVersion", versions[-1])
    subscription.publisher_inputs = given
    subscription.consumer_inputs = _check_consumer(org, subscription, wanted.get("consumerInputs") or {})
    _change_status(subscription, wanted.get("status", "enabled"))


def _change_status(subscription, status):
    if status not in STATES:
        raise _bad_subscription(f"The status '{status}' is not valid.")
    if status == "enabled":
        subscription.enable()
    subscription.status = status


def _check_consumer(org, subscription, inputs):
    """A masked secret that comes back stays what it was."""
    if strange := set(inputs) - set(CONSUMER_INPUTS):
        raise _bad_subscription(f"The input '{min(strange)}' is not one of httpRequest.")
    if not inputs.get("url", "").startswith(("http://", "https://")):
        raise _bad_subscription("The input 'url' needs a URL.")
    if not org.hooks_may_be_local and _is_local(inputs["url"]):
        raise _bad_subscription("The input 'url' must not be localhost or in a special range of addresses.")
    password = inputs.get("basicAuthPassword", "")
    if len(password) > 256 or " " in password:
        raise _bad_subscription("The input 'basicAuthPassword' is too long or has spaces.")
    kept = subscription.consumer_inputs.get("basicAuthPassword", "")
    return dict(inputs) | ({"basicAuthPassword": kept} if password == MASK else {})


def _is_local(url):
    host = urlsplit(url).hostname
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _bad_subscription(text):
    return bad_argument(text, "SubscriptionInputException")


@route("DELETE", "hooks.subscriptions")
def delete(org, asked):
    del org.subscriptions[_find(org, asked).id]
    return Answer(None, 204)


def render(org, subscription):
    url = f"{org.url}/_apis/hooks/subscriptions/{subscription.id}"
    inputs = dict(subscription.consumer_inputs)
    if inputs.get("basicAuthPassword"):
        inputs["basicAuthPassword"] = MASK
    answer = {
        "id": subscription.id,
        "url": url,
        "status": subscription.status,
        "publisherId": subscription.publisher,
        "eventType": subscription.event,
        "subscriber": None,
        "resourceVersion": subscription.version,
        "eventDescription": "",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "actionDescription": f"To host {urlsplit(inputs['url']).hostname}",
        "createdBy": identity_ref(org, subscription.by),
        "createdDate": iso(subscription.created_at),
        "modifiedBy": identity_ref(org, subscription.by),
        "modifiedDate": iso(subscription.modified_at),
        "publisherInputs": dict(subscription.publisher_inputs),
        "consumerInputs": inputs,
        "_links": links(self=url, notifications=f"{url}/notifications"),
    }
    if subscription.probation_retries:
        answer["probationRetries"] = subscription.probation_retries
        answer["lastProbationRetryDate"] = iso(subscription.last_retry_at)
    return answer


@route("GET", "hooks.notifications")
def get_notifications(org, asked):
    """One notification of a subscription, or its newest ones."""
    subscription = _find(org, asked)
    found = [each for each in org.notifications if each.subscription is subscription]
    if "notificationId" in asked.values:
        chosen = [each for each in found if str(each.id) == asked.values["notificationId"]]
        if not chosen:
            raise not_found("NotificationNotFoundException", "The notification could not be found.")
        return render_notification(chosen[0], details=True)
    wanted = {"status": asked.query.get("status"), "result": asked.query.get("result")}
    shown = _choose(found, wanted, asked.number("maxResults", 100))
    return [render_notification(each, details=True) for each in shown]


def _choose(found, wanted, most):
    chosen = [
        each
        for each in reversed(found)
        if all(value in {None, getattr(each, name)} for name, value in wanted.items())
    ]
    return chosen[:most]


@route("POST", "hooks.query")
def query(org, asked):
    """Notifications of several subscriptions between two moments."""
    wanted = asked.json or {}
    numbers = wanted.get("subscriptionIds") or list(org.subscriptions)
    since, until = wanted.get("minCreatedDate"), wanted.get("maxCreatedDate")
    found = [
        each
        for each in org.notifications
        if each.subscription.id in numbers
        and (not since or each.created_at >= datetime.fromisoformat(since))
        and (not until or each.created_at <= datetime.fromisoformat(until))
    ]
    chosen = {"status": wanted.get("status"), "result": wanted.get("resultType")}
    shown = _choose(found, chosen, wanted.get("maxResults") or 100)
    results = [render_notification(each, details=bool(wanted.get("includeDetails"))) for each in shown]
    return wanted | {"results": results, "summary": [_summarize(found, number) for number in numbers]}


def _summarize(found, number):
    results = [each.result for each in found if each.subscription.id == number]
    counts = [{"result": name, "notificationCount": results.count(name)} for name in sorted(set(results))]
    return {"subscriptionId": number, "results": counts}


def render_notification(notification, *, details):
    answer = {
        "id": notification.id,
        "subscriptionId": notification.subscription.id,
        "subscriberId": NO_ID,
        "eventId": notification.event_id,
        "status": notification.status,
        "result": notification.result,
        "createdDate": iso(notification.created_at),
        "modifiedDate": iso(notification.modified_at),
    }
    return answer | {"details": _render_details(notification)} if details else answer


def _render_details(notification):
    subscription = notification.subscription
    event = {name: value for name, value in notification.body.items() if name not in DELIVERY}
    return {
        "eventType": subscription.event,
        "publisherId": subscription.publisher,
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "consumerInputs": {"url": subscription.consumer_inputs["url"]},
        "publisherInputs": dict(subscription.publisher_inputs),
        "requestAttempts": notification.attempts,
        "request": notification.request,
        "response": notification.response,
        "errorMessage": notification.error,
        "queuedDate": iso(notification.created_at),
        "event": event,
    }


@route("POST", "hooks.test")
def test(org, asked):
    """What the button `Test` does: a made-up event goes out at once, whatever the subscription says."""
    wanted = (asked.json or {}).get("details") or {}
    if wanted.get("eventType") not in EVENTS:
        raise Refused(400, "SubscriptionInputException", "The event type could not be found.")
    subscription = Subscription(NO_ID, asked.who, org.now, org.now)
    _change(org, subscription, wanted)
    notification = deliveries.test(org, subscription)
    return render_notification(notification, details=True)
