"""What proves who is who ends, and another one takes its place."""

import base64

from pydantic import SecretStr

from fakes.conversation import RUNS_SECRET
from faults import fault
from faults.stages import AZURE, GITHUB, LOCAL

NEW_SECRET = "whsec_" + base64.b64encode(b"another of twenty-four b").decode()
NEW_TOKEN = "a-new-pat-of-the-bot"


@fault("tokens of the GitHub App are revoked every seventh minute", places=(GITHUB,))
def app_tokens_revoked(stage):
    """Another one is to be had at once."""

    def revoke():
        tokens = stage.platform.tokens
        for token in [each for each in tokens if each.startswith("ghs_")]:
            del tokens[token]

    with stage.every(7, revoke):
        yield


@fault("the token of Azure DevOps is revoked, and replaced an hour later", places=(AZURE,))
def token_replaced(stage):
    """Somebody writes another one into the settings and starts the bot again."""
    who = stage.platform.tokens.pop(stage.platform.token)
    yield
    stage.platform.tokens[NEW_TOKEN] = who
    settings = stage.bot.settings
    renewed = settings.azure_devops.model_copy(update={"token": SecretStr(NEW_TOKEN)})
    stage.bot.changes(azure_devops=renewed)


@fault("the secret of the jobs is rotated", places=(LOCAL,))
def secret_rotated(stage):
    """Both are believed for an hour, in which one job after the other takes the new one."""
    [source] = stage.bot.settings.sources
    old = source.secrets
    new = (SecretStr(NEW_SECRET),)
    stage.bot.changes(sources=(source.model_copy(update={"secrets": (*old, *new)}),))

    def next_job():
        stage.bot.secret = NEW_SECRET if stage.bot.secret == RUNS_SECRET else RUNS_SECRET

    with stage.every(1, next_job):
        yield
    stage.bot.secret = NEW_SECRET
    stage.bot.changes(sources=(source.model_copy(update={"secrets": new}),))
    stage.expect("nobody was refused", not stage.bot.refused)
