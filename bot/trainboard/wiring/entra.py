"""Tokens of Microsoft Entra at the door: whose are believed, and where the keys behind them are fetched.

Source: Microsoft, "OpenID Connect on the Microsoft identity platform", "Action groups" (secure webhook) and
"Publish events to Microsoft Entra protected endpoints".
"""

import re

from trainboard.settings.monitors import AzureMonitorSource, EventGridSource
from trainboard.wiring.key_sets import fetch_keys
from trainboard_webhooks.entra import EntraTrust
from trainboard_webhooks.signing_keys import SigningKeys

_CALLERS = {
    "azure-monitor": "461e8683-5575-4561-ac7f-899cc907d62a",
    "event-grid": "4962773b-9cdb-44cf-a8bf-237846a00ab7",
}
_CLIENT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def find_trust(source: object) -> EntraTrust | None:
    """Whose tokens the settings of a source believe, None if they believe none."""
    if not isinstance(source, AzureMonitorSource | EventGridSource) or not source.entra_tenant:
        return None
    tenant, authority = source.entra_tenant.lower(), source.entra_authority
    address = f"{authority}/{tenant}/discovery/v2.0/keys"
    return EntraTrust(
        issuers=(f"https://sts.windows.net/{tenant}/", f"{authority}/{tenant}/v2.0"),
        audiences=_names_of(source.entra_audience),
        callers=(_CALLERS[source.kind],),
        role=source.entra_role,
        keys=SigningKeys(lambda: fetch_keys(address)),
    )


def _names_of(audience: str) -> tuple[str, ...]:
    """An application with its usual URI is called by either, as the version of the token has it."""
    client_id = audience.removeprefix("api://")
    return (client_id, f"api://{client_id}") if _CLIENT_ID.fullmatch(client_id) else (audience,)
