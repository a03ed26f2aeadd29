"""From a gauge that a real Prometheus scrapes to a bug that closes itself, with the example that we ship."""

import pytest
import requests

from peers.alertmanager import monitoring
from peers.service import free_port, running_service

pytestmark = pytest.mark.peer

TOKEN = "a-token-of-alertmanager"


def settings(alertmanager):
    """One project; its Alertmanager tells of alerts, and is looked at every second."""
    return f"""
[engine]
edit_interval_seconds = 1
poll_interval_seconds = 1
[[projects]]
name = "churn"
[[sources]]
kind = "alertmanager"
name = "prod"
project = "churn"
secrets = ["{TOKEN}"]
url = "{alertmanager}"
receiver = "trainboard"
bugs = {{ hold_minutes = 0, debounce_seconds = 1, edit_seconds = 1 }}
"""


def problems(service):
    """What is known of each model's drift."""
    told = requests.get(f"{service.url}/api/v1/alerts", timeout=10).json()
    return {each["labels"]["model"]: each for each in told["problems"]}


def is_so(service, model, **expected):
    """What is known of the model's drift, if it is all that; else nothing."""
    found = problems(service).get(model, {})
    return found if all(found.get(name) == value for name, value in expected.items()) else None


def labels_of(service, problem):
    """The words of the bug's page."""
    return requests.get(service.url + problem["url"], timeout=10).text


def test_alerts_fire_join_are_silenced_and_end(tmp_path):
    """One bug for each model, through a kill of the service, closed when its drift is gone."""
    port = free_port()
    door = f"http://127.0.0.1:{port}/webhooks/alertmanager/prod"
    with monitoring(door, TOKEN) as watched:
        watched.drift = {("churn", "age"): 0.5}
        with running_service(tmp_path, settings(watched.alertmanager), port) as service:
            first = service.wait_for("a bug", lambda: is_so(service, "churn", state="open", firing=1))
            watched.drift[("churn", "income")] = 0.6
            service.wait_for("a second alert of it", lambda: is_so(service, "churn", firing=2))
            service.process.kill()
            service.process.wait()
            watched.drift[("ranking", "clicks")] = 0.9
        with running_service(tmp_path, settings(watched.alertmanager), port) as service:
            service.wait_for("a bug of another model", lambda: is_so(service, "ranking", state="open"))
            assert is_so(service, "churn", ref=first["ref"], state="open")

            watched.silence(alertname="FeatureDrift", model="ranking")
            ranking = problems(service)["ranking"]
            service.wait_for("the silence", lambda: "tb:silenced" in labels_of(service, ranking))
            watched.drift = {("churn", "age"): 0.1, ("churn", "income"): 0.6}
            service.wait_for("one alert to end", lambda: is_so(service, "churn", state="open", firing=1))
            watched.drift = {}
            for model in ("churn", "ranking"):
                service.wait_for(
                    f"the end of {model}",
                    lambda model=model: is_so(service, model, state="closed", closed_as="resolved"),
                )
            assert {"1", "2"} == {each["ref"] for each in problems(service).values()}
            assert 2 == len(requests.get(f"{service.url}/api/v1/alerts", timeout=10).json()["problems"])
            assert "Traceback" not in service.log()
