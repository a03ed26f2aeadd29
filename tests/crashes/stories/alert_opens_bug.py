"""An alert fires."""

import json

WORLDS = ("local", "github", "azure-devops", "emulate")
SOURCES = [{"kind": "alertmanager", "name": "prod", "project": "churn", "secrets": ["s3cret"]}]
LABELS = {"alertname": "FeatureDrift", "model": "churn", "severity": "error"}


def begins(team):
    """All is well."""
    team.bot.forward(seconds=61)
    return team


def happens(team):
    """Alertmanager tells that it fires."""
    tell(team, "firing")


def tell(team, status):
    """Alertmanager tells of the only alert that it has."""
    now = team.bot.clock().isoformat()
    ends = now if status == "resolved" else "0001-01-01T00:00:00Z"
    words = {
        "labels": LABELS,
        "annotations": {"summary": "The ages drift"},
        "fingerprint": "1c35983c456010c2",
    }
    started = team.bot.clock().date().isoformat()
    alert = words | {"status": status, "startsAt": f"{started}T00:00:00Z", "endsAt": ends, "generatorURL": ""}
    message = {
        "version": "4",
        "status": status,
        "receiver": "trainboard",
        "groupKey": '{}:{model="churn"}',
        "truncatedAlerts": 0,
        "groupLabels": {"model": "churn"},
        "commonLabels": LABELS,
        "commonAnnotations": words["annotations"],
        "externalURL": "http://alertmanager.example:9093",
        "alerts": [alert],
    }
    answer = team.bot.http.post(
        "/webhooks/alertmanager/prod",
        data=json.dumps(message).encode(),
        headers={"Authorization": "Bearer s3cret"},
        content_type="application/json",
    )
    assert answer.status_code == 202
    team.bot.settle()
