"""`config/alertmanager.example.yml` is what Alertmanager understands, and what its source needs.

Source: Prometheus Alertmanager, "Configuration", "<route>", "<webhook_config>" and "<http_config>".
"""

from pathlib import Path

import yaml

from trainboard_webhooks.alertmanager import NAME

EXAMPLE = yaml.safe_load((Path(__file__).parents[2] / "config" / "alertmanager.example.yml").read_text())
ROUTE = {
    "receiver",
    "group_by",
    "continue",
    "matchers",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "mute_time_intervals",
    "active_time_intervals",
    "routes",
}
WEBHOOK = {"send_resolved", "http_config", "url", "url_file", "max_alerts", "timeout", "payload"}
HTTP = {"basic_auth", "authorization", "oauth2", "tls_config", "proxy_url", "http_headers"}


def test_it_has_keys_of_alertmanager_only():
    """Alertmanager does not start with a key that it does not know."""
    receiver = EXAMPLE["receivers"][0]
    assert {"route", "receivers"} == set(EXAMPLE)
    assert {"name", "webhook_configs"} == set(receiver)
    webhook = receiver["webhook_configs"][0]
    assert set() == set(EXAMPLE["route"]) - ROUTE
    assert set() == set(webhook) - WEBHOOK
    assert set() == set(webhook["http_config"]) - HTTP
    assert {"credentials_file"} == set(webhook["http_config"]["authorization"])


def test_it_sends_everything_to_the_source():
    """The end of an alert too, and no message that leaves alerts out."""
    receiver = EXAMPLE["receivers"][0]
    webhook = receiver["webhook_configs"][0]
    assert receiver["name"] == EXAMPLE["route"]["receiver"]
    assert f"https://trainboard.example.com/webhooks/{NAME}/prod" == webhook["url"]
    assert (True, 0) == (webhook["send_resolved"], webhook["max_alerts"])
