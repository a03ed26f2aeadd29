"""What the settings name, made into adapters: trackers, readers, ledgers, and who may send."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from trainboard.budgets import Budgets
from trainboard.errors import TrainboardError
from trainboard.experiments import RunReader
from trainboard.ledgers import Ledger
from trainboard.policy import Project
from trainboard.settings import MlflowSource, Settings
from trainboard.store.database import Database
from trainboard.trackers import Tracker
from trainboard_webhooks import Credential as Sender

Clock = Callable[[], datetime]


class WiringError(TrainboardError):
    """The settings are valid each by itself, but a part that they name cannot be made of them."""


def trackers(
    settings: Settings, projects: Iterable[Project], database: Database, clock: Clock, budgets: Budgets
) -> dict[str, Tracker]:
    """The tracker of each project, by the project's name. Their calls are counted in `budgets`."""
    from trainboard.trackers.local import LocalTracker

    on_github = {
        p.name: p.tracker.removeprefix("github:") for p in projects if p.tracker.startswith("github:")
    }
    made: dict[str, Tracker] = {
        p.name: LocalTracker(database, p.name, clock) for p in projects if p.name not in on_github
    }
    return {**made, **(_github(settings, on_github, clock, budgets) if on_github else {})}


def _github(
    settings: Settings, repositories: Mapping[str, str], clock: Clock, budgets: Budgets
) -> Mapping[str, Tracker]:
    """Trackers that share one credential."""
    from trainboard.trackers.github import AppCredential, Credential, GitHubTracker, TokenCredential

    github = settings.github
    credential: Credential
    if github.app_id is not None and github.private_key is not None:
        credential = AppCredential(github.app_id, github.private_key.get_secret_value(), budgets)
    elif github.token is not None:
        credential = TokenCredential(github.token.get_secret_value(), budgets)
    else:
        raise WiringError(
            f"Project {next(iter(repositories))} lives on GitHub, and the settings name no way in: "
            "set github.app_id and github.private_key, or github.token."
        )
    return {
        name: GitHubTracker(repository=repository, credential=credential, api_url=github.api_url, clock=clock)
        for name, repository in repositories.items()
    }


def readers(settings: Settings, clock: Clock) -> dict[str, RunReader]:
    """The readers of run trackers, by the name of their source."""
    polled = [source for source in settings.sources if isinstance(source, MlflowSource) and source.url]
    return {f"mlflow/{source.name}": _mlflow_reader(source, clock) for source in polled}


def _mlflow_reader(source: MlflowSource, clock: Clock) -> RunReader:
    from trainboard.experiments.mlflow import MlflowReader

    return MlflowReader(
        name=f"mlflow/{source.name}",
        url=source.url,
        experiments=source.experiments,
        token=source.token.get_secret_value() if source.token else "",
        username=source.username,
        password=source.password.get_secret_value() if source.password else "",
        clock=clock,
    )


def ledgers(settings: Settings, clock: Clock, budgets: Budgets) -> dict[str, Ledger]:
    """What senders remember, by source: GitHub tells it to an App only."""
    github = settings.github
    if github.app_id is None or github.private_key is None:
        return {}
    from trainboard.trackers.github import AppCredential
    from trainboard.trackers.github.app_deliveries import AppDeliveries
    from trainboard_webhooks.github import KINDS

    app = AppCredential(github.app_id, github.private_key.get_secret_value(), budgets)
    return {"github": AppDeliveries(app.sign_in_as_app(github.api_url, clock), KINDS)}


def credentials(settings: Settings) -> Mapping[str, list[Sender]]:
    """What senders prove themselves with, by the first part of their path."""
    found: dict[str, list[Sender]] = {}
    github = tuple(secret.get_secret_value() for secret in settings.github.webhook_secrets)
    if github:
        found["github"] = [Sender("", github)]
    for source in settings.sources:
        values = tuple(secret.get_secret_value() for secret in source.secrets)
        if values:
            found.setdefault(source.kind, []).append(Sender(source.name, values))
    return found
