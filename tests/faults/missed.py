"""Deliveries never come: what is in front of the bot drops them, and nobody sends them again."""

from contextlib import contextmanager
from datetime import timedelta

import structlog

from faults import fault
from faults.patience import PUBLIC_URL
from faults.stages import AZURE, GITHUB

GAP = "listener gap"


@fault("GitHub's webhooks are dropped on their way", places=(GITHUB,))
def dropped(stage):
    """The App's list of deliveries tells what they were; log, metric and page name the gap."""
    hook = stage.platform.hook
    with structlog.testing.capture_logs() as lines, _instead(stage.bot, hook.sends):
        yield
        stage.passes(600)
    stage.expect("the log names the gap", any(GAP in line["event"] for line in lines))
    metrics = stage.bot.http.get("/metrics").text
    stage.expect("a metric counts the gap", 'trainboard_listener_gaps{source="github"}' in metrics)
    page = " ".join(stage.bot.http.get("/deliveries").text.split())
    stage.expect("a page shows the gap", "recovered" in page)
    sent_again = [call for call in stage.platform.calls("POST") if "hook" in call]
    stage.expect("nothing is sent again", not sent_again)


@fault("GitHub never sends its webhooks", places=(GITHUB,))
def never_sent(stage):
    """Nor does it remember them: comments are found where they stand."""
    with _instead(stage.bot, lambda _event, _document: None):
        yield
    stage.passes(600)


@contextmanager
def _instead(bot, hear):
    """What GitHub says is heard by another one while the block runs."""

    def github_says(event, document, **_):
        hear(event, document)
        return 202

    bot.github_says = github_says
    yield
    del bot.github_says


@fault("service hooks of Azure DevOps are on probation", places=(AZURE,))
def on_probation(stage):
    """The bot finds out after an hour, and finds in the organisation what they did not tell; they go on."""
    azure = stage.platform
    inputs = {
        "url": f"{PUBLIC_URL}/webhooks/azure-devops",
        "basicAuthUsername": "hooks",
        "basicAuthPassword": stage.team.password,
    }
    for each in azure.subscriptions.values():
        each.consumer_inputs = inputs
    _look_at_hooks(stage)
    for each in azure.subscriptions.values():
        each.status, each.probation_retries = "onProbation", 1
        each.last_retry_at, each.held_until = azure.now, azure.now + timedelta(hours=2)
    yield
    for _ in range(2):
        _look_at_hooks(stage)
    for each in azure.subscriptions.values():
        each.enable()
    page = " ".join(stage.bot.http.get("/deliveries").text.split())
    stage.expect("a page shows the gap", "recovered" in page)


def _look_at_hooks(stage):
    stage.bot.bot.schedule.tick_hooks()
    stage.passes(600)
