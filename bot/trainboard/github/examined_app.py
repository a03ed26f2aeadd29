"""A look at the App itself: may it do what is asked of it, does it hear of it, and where is it installed."""

from collections.abc import Collection, Iterator

from trainboard.diagnosis import Finding, failing, note
from trainboard.github.apps import (
    AppJson,
    HookJson,
    InstallationJson,
    Needs,
    find_hook,
    get_app,
    list_installations,
)
from trainboard.github.client import Client

_JSON = "json"


class ExaminedApp:
    """Keeps `trainboard.diagnosis.Examinable`: three calls.

    Args:
        client: signs in as the App.
        needs: what the settings ask of it.
        owners: the accounts whose repositories the settings name.
        webhook_url: where its deliveries are to go, empty if the settings do not say.
        has_secret: whether the settings name a secret of its webhook.
    """

    def __init__(
        self, client: Client, *, needs: Needs, owners: Collection[str], webhook_url: str, has_secret: bool
    ) -> None:
        self._client = client
        self._needs = needs
        self._owners = owners
        self._webhook_url = webhook_url
        self._has_secret = has_secret

    def examine(self) -> Iterator[Finding]:
        """What it lacks, each with the page on which it is mended."""
        app = get_app(self._client)
        lacks = [
            *self._list_lacks(app),
            *self._list_excess(app),
            *self._list_faults(app, find_hook(self._client)),
            *self._list_uninstalled(app, list_installations(self._client)),
        ]
        yield from lacks
        if not any(lack.fix for lack in lacks):
            yield Finding(message=f"The App {app.name} may do, and hears, what the settings ask for.")

    def list_lacks(self, app: AppJson) -> list[Finding]:
        """Permissions and events that are not in the App's own settings."""
        return list(self._list_lacks(app))

    def _list_lacks(self, app: AppJson) -> Iterator[Finding]:
        if lacking := self._needs.list_lacking(app.permissions):
            yield failing(
                f"The App {app.name} lacks permissions: {', '.join(lacking)}.",
                f"Grant them at {app.permissions_url} and accept that where the App is installed.",
            )
        if unheard := self._needs.list_unheard(app.events):
            yield failing(
                f"The App {app.name} is not subscribed to {', '.join(unheard)}.",
                f'Tick them below "Subscribe to events" at {app.permissions_url}; an event shows once its '
                "permission is granted.",
            )

    def _list_excess(self, app: AppJson) -> Iterator[Finding]:
        """Whoever gets hold of the key may do all that the App may."""
        if excess := self._needs.list_excess(app.permissions):
            yield note(
                f"The App {app.name} may do what nothing in the settings asks for: {', '.join(excess)}.",
                f"Take that away at {app.permissions_url}, unless something else uses the App.",
            )

    def _list_faults(self, app: AppJson, hook: HookJson | None) -> Iterator[Finding]:
        where = f"at {app.settings_url}"
        if hook is None or not hook.url:
            yield failing(
                f"The App {app.name} has no webhook.",
                f'Tick "Active" below "Webhook" and set the URL {self._webhook_url} {where}.',
            )
            return
        if not self._webhook_url:
            yield note(
                f"The App's webhook goes to {hook.url}; whether that is this server is not known.",
                "Set server.public_url to the address under which this server is reached.",
            )
        elif hook.url.rstrip("/") != self._webhook_url:
            yield failing(
                f"The App's webhook goes to {hook.url} and not to {self._webhook_url}.",
                f"Set the webhook's URL {where}, or correct server.public_url.",
            )
        yield from self._list_faults_of_trust(hook, where)

    def _list_faults_of_trust(self, hook: HookJson, where: str) -> Iterator[Finding]:
        if hook.content_type and hook.content_type != _JSON:
            yield failing(
                f"The App's webhook sends {hook.content_type}, which is refused.",
                f"Set the content type application/json {where}.",
            )
        if not hook.secret:
            yield failing(
                "The App's webhook has no secret, so its deliveries are refused.",
                f"Set the secret {where} to one of github.webhook_secrets.",
            )
        if not self._has_secret:
            yield failing(
                "The settings name no secret of GitHub's webhook, so its deliveries are refused.",
                f"Set github.webhook_secrets to the secret that is set {where}.",
            )
        if str(hook.insecure_ssl) not in {"0", "0.0"}:
            yield note(
                "GitHub does not check the certificate of this server.", f"Enable SSL verification {where}."
            )

    def _list_uninstalled(self, app: AppJson, installed: Collection[InstallationJson]) -> Iterator[Finding]:
        known = {each.account.login.casefold() for each in installed if each.account is not None}
        for owner in self._owners:
            if owner.casefold() not in known:
                yield failing(
                    f"The App {app.name} is not installed on {owner}.", f"Install it at {app.installing_url}."
                )
        for each in installed:
            yield from self._judge(app, each)

    def _judge(self, app: AppJson, installation: InstallationJson) -> Iterator[Finding]:
        where = installation.account.login if installation.account is not None else str(installation.id)
        if where.casefold() not in {owner.casefold() for owner in self._owners}:
            return
        if installation.suspended_at is not None:
            yield failing(
                f"The App {app.name} is suspended on {where}.",
                f"Unsuspend it at {installation.html_url}.",
            )
        granted = [
            text
            for text in self._needs.list_lacking(installation.permissions)
            if text not in self._needs.list_lacking(app.permissions)
        ]
        if granted:
            yield failing(
                f"Nobody has accepted on {where} what the App asks for anew: {', '.join(granted)}.",
                f"Review and accept it at {installation.html_url}.",
            )
