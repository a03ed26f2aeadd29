"""Whom Microsoft Entra speaks of: audiences and principals that settings name."""

import re
from typing import Annotated

from pydantic import AfterValidator

from trainboard.settings.values import matching

_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_CLIENT_ID = re.compile(_ID)
_EXCHANGE, _EXCHANGE_ID = "api://azureadtokenexchange", "fb60f99c-7a34-4190-8149-302f77469936"


def list_audience_names(audience: str) -> tuple[str, ...]:
    """What tokens call it: an application with its usual URI either way, as the token's version has it."""
    client_id = audience.removeprefix("api://")
    if not _CLIENT_ID.fullmatch(client_id):
        return (audience,)
    return (client_id.lower(), f"api://{client_id.lower()}")


def _check_audience(value: str) -> str:
    """Tokens for the exchange of tokens are given to every service that federates: any could replay one.

    Source: Microsoft, "Workload identity federation": `api://AzureADTokenExchange`, of other clouds
    `api://AzureADTokenExchangeUSGov` and `api://AzureADTokenExchangeChina`; tokens of version 2 name its id.
    """
    if value.casefold().startswith(_EXCHANGE) or _EXCHANGE_ID in list_audience_names(value):
        raise ValueError(
            "must not be that of the exchange of tokens: whoever is given such a token could use it here; "
            "register an application that stands for this service"
        )
    return value


AudienceOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(
            rf"(?:api://[!-~]{{1,250}}|{_ID})?",
            "must be the client id of an application, or its application id URI, like api://trainboard",
        )
    ),
    AfterValidator(_check_audience),
]
PrincipalId = Annotated[
    str,
    AfterValidator(
        matching(
            _ID,
            "must be the id of an object or an application, like 3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60",
        )
    ),
]
