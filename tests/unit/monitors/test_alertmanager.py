"""What an Alertmanager says that it has."""

import json

import pytest
import responses

from trainboard.alerts import AlertLinks
from trainboard.errors import PermanentError, TransientError
from trainboard.monitors.alertmanager import GRAFANA, AlertmanagerMonitor
from trainboard.outbound import Outbound
from trainboard_webhooks.alert_groups import read_group

URL = "http://alertmanager.example:9093"
ALERT = {
    "annotations": {"summary": "AUC is low", "runbook_url": "https://runbooks.example/auc"},
    "fingerprint": "4591c3b1eeb41040",
    "startsAt": "2026-11-23T17:07:57.493Z",
    "endsAt": "2026-11-23T17:22:57.493Z",
    "status": {"state": "suppressed", "silencedBy": ["x"], "inhibitedBy": []},
    "generatorURL": "http://prometheus.example/graph",
    "labels": {"alertname": "AucLow", "severity": "warning"},
}
GROUPS = [
    {"labels": {"alertname": "AucLow"}, "receiver": {"name": "trainboard"}, "alerts": [ALERT]},
    {"labels": {}, "receiver": {"name": "mail"}, "alerts": [ALERT]},
]


def monitor(receiver="", path=""):
    server = Outbound("Alertmanager", URL, token="t0ken")
    return AlertmanagerMonitor(name="alertmanager/prod", server=server, receiver=receiver, path=path)


@responses.activate
def test_its_groups_are_read():
    """With what is silenced there; the token goes along."""
    got = responses.get(f"{URL}/api/v2/alerts/groups", json=GROUPS)
    groups = monitor("trainboard").list_groups({})
    alert = groups[0].alerts[0]
    assert (1, {"alertname": "AucLow"}) == (len(groups), groups[0].labels)
    assert ("4591c3b1eeb41040", "AucLow", True, True) == (
        alert.fingerprint,
        alert.rule,
        alert.firing,
        alert.suppressed,
    )
    links = AlertLinks(runbook="https://runbooks.example/auc", generator="http://prometheus.example/graph")
    assert links == alert.links
    assert "Bearer t0ken" == got.calls[0].request.headers["Authorization"]


@responses.activate
def test_grafana_speaks_the_same_below_its_own_path():
    """Without a receiver all groups count, and none tells what is new."""
    responses.get(f"{URL}{GRAFANA}/api/v2/alerts/groups", json=GROUPS)
    found = monitor(path=GRAFANA)
    assert (2, False) == (len(found.list_groups({})), found.names_groups)


@responses.activate
@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"status": 401}, TransientError, "check the token"),
        ({"status": 404}, TransientError, "no Alertmanager API"),
        ({"status": 302, "headers": {"Location": "/login"}}, TransientError, "redirects are not followed"),
        ({"status": 500}, TransientError, "server's log"),
        ({"status": 400}, PermanentError, "does not understand"),
        ({"body": "<html>"}, TransientError, "no login page"),
        ({"json": [{"labels": {}}]}, TransientError, "Alertmanager's JSON"),
        ({"json": [GROUPS[0] | {"alerts": [ALERT | {"startsAt": "soon"}]}]}, TransientError, "no time"),
    ],
)
def test_a_failed_look_is_never_an_empty_list(answer, error, words):
    """It raises, with what to do, and the doctor says so too."""
    responses.get(f"{URL}/api/v2/alerts/groups", **answer)
    with pytest.raises(error, match=words):
        monitor().list_groups({})
    assert ["failing"] == [finding.grade for finding in monitor().examine()]


@responses.activate
def test_a_monitor_that_answers():
    """The doctor says how many alerts it has."""
    responses.get(f"{URL}/api/v2/alerts/groups", json=GROUPS)
    assert ["alertmanager/prod answers: it has 2 alerts."] == [each.message for each in monitor().examine()]


@responses.activate
@pytest.mark.parametrize(("path", "told"), [("", {"version": "4"}), (GRAFANA, {"version": "1", "orgId": 1})])
@pytest.mark.parametrize("name", ["AucLow", "DatasourceNoData"])
def test_a_list_tells_of_the_alert_that_a_message_told_of(path, told, name):
    """Its beginning to the microsecond, its rule and what is broken, or it would be another alert."""
    labels = {"alertname": name, "rulename": "Drift"}
    alert = {"fingerprint": "f1", "labels": labels, "startsAt": "2026-11-23T16:53:44.239086923Z"}
    private = {"__alert_rule_uid__": "u1"} if path else {}
    state = {"status": {"state": "active"}, "labels": labels | private}
    listed = [{"labels": {}, "receiver": {"name": "trainboard"}, "alerts": [alert | state]}]
    responses.get(f"{URL}{path}/api/v2/alerts/groups", json=listed)
    body = json.dumps(told | {"alerts": [alert | {"status": "firing"}]}).encode()
    assert read_group(body, "x/prod").alerts == monitor(path=path).list_groups({})[0].alerts
