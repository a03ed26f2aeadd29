"""Who may send, as the settings name them."""

from collections.abc import Iterable, Mapping

from pydantic import SecretStr

from trainboard.settings import (
    AlertmanagerSource,
    ArtifactsSource,
    AzureMlSource,
    DvcliveSource,
    GrafanaSource,
    RunsSource,
    Settings,
    Source,
)
from trainboard.wiring.entra import find_trust
from trainboard.wiring.jobs import make_trusts
from trainboard_webhooks import Credential as Sender
from trainboard_webhooks.job_tokens import JobTrust


def credentials(settings: Settings) -> Mapping[str, list[Sender]]:
    """What senders prove themselves with, by the first part of their path."""
    found: dict[str, list[Sender]] = {}
    if github := _texts(settings.github.webhook_secrets):
        found["github"] = [Sender("", github)]
    azure = settings.azure_devops
    if passwords := _texts([azure.webhook_password, azure.previous_webhook_password]):
        hooks = frozenset(each.lower() for each in azure.subscriptions)
        found["azure-devops"] = [Sender("", passwords, azure.webhook_user, hooks)]
    jobs = make_trusts(settings)
    for source in settings.sources:
        sender = _sender(source, jobs)
        if sender.secrets or sender.entra or sender.jobs:
            found.setdefault(source.kind, []).append(sender)
    return found


def _sender(source: Source, jobs: Mapping[str, JobTrust]) -> Sender:
    match source:
        case RunsSource():
            trust = jobs.get(source.name)
            return Sender(
                source.name,
                _texts(source.secrets),
                entra=find_trust(source),
                jobs=trust,
                repository=source.repository,
            )
        case DvcliveSource():
            return Sender(source.name, _texts(source.secrets), repository=source.repository)
        case GrafanaSource() if source.hmac_secrets:
            return Sender(
                source.name,
                _texts(source.hmac_secrets),
                signature_header=source.hmac_header,
                stamp_header=source.hmac_timestamp_header,
            )
        case AlertmanagerSource() | GrafanaSource():
            return Sender(source.name, _texts(source.secrets), source.user)
        case AzureMlSource() | ArtifactsSource():
            return Sender(source.name, ())
        case _:
            return Sender(source.name, _texts(source.secrets), entra=find_trust(source))


def _texts(secrets: Iterable[SecretStr | None]) -> tuple[str, ...]:
    return tuple(secret.get_secret_value() for secret in secrets if secret is not None)
