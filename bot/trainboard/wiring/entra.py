"""Tokens of Microsoft Entra at the door: whose are believed, and where the keys behind them are fetched.

Source: Microsoft, "OpenID Connect on the Microsoft identity platform", "Action groups" (secure webhook) and
"Publish events to Microsoft Entra protected endpoints".
"""

from collections.abc import Iterable

from trainboard.settings import RunsSource
from trainboard.settings.entra_callers import list_audience_names
from trainboard.settings.monitors import AzureMonitorSource, EventGridSource
from trainboard.wiring.key_sets import fetch_keys
from trainboard_webhooks.entra import EntraTrust
from trainboard_webhooks.signing_keys import SigningKeys

_CALLERS = {
    "azure-monitor": "461e8683-5575-4561-ac7f-899cc907d62a",
    "event-grid": "4962773b-9cdb-44cf-a8bf-237846a00ab7",
}


def list_issuers(sources: Iterable[object]) -> dict[str, str]:
    """Who signs tokens with which runs are reported, each with the address of its keys."""
    return {
        _issuer_of(source): _keys_of(source)
        for source in sources
        if isinstance(source, RunsSource) and source.entra_tenant
    }


def find_trust(source: object) -> EntraTrust | None:
    """Whose tokens the settings of a source believe, None if they believe none.

    The keys of those that report runs are fetched beforehand, so that the first job need not come again.
    """
    if isinstance(source, RunsSource) and source.entra_tenant:
        principals = tuple(each.lower() for each in source.entra_principals)
        trust = _make_trust(source, callers=principals, objects=principals)
        trust.keys.refresh()
        return trust
    if isinstance(source, AzureMonitorSource | EventGridSource) and source.entra_tenant:
        return _make_trust(source, callers=(_CALLERS[source.kind],), role=source.entra_role)
    return None


def _make_trust(
    source: RunsSource | AzureMonitorSource | EventGridSource,
    callers: tuple[str, ...],
    objects: tuple[str, ...] = (),
    role: str = "",
) -> EntraTrust:
    address = _keys_of(source)
    return EntraTrust(
        issuers=(f"https://sts.windows.net/{source.entra_tenant.lower()}/", _issuer_of(source)),
        audiences=list_audience_names(source.entra_audience),
        callers=callers,
        objects=objects,
        role=role,
        keys=SigningKeys(lambda: fetch_keys(address)),
    )


def _issuer_of(source: RunsSource | AzureMonitorSource | EventGridSource) -> str:
    """The tenant's name in tokens of version 2."""
    return f"{source.entra_authority}/{source.entra_tenant.lower()}/v2.0"


def _keys_of(source: RunsSource | AzureMonitorSource | EventGridSource) -> str:
    return f"{source.entra_authority}/{source.entra_tenant.lower()}/discovery/v2.0/keys"
