"""The ways in that need Microsoft Entra, and the keys that go with each."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from trainboard.settings.section import Section
from trainboard.settings.values import OptionalSecret

Identity = Literal["managed-identity", "workload-identity", "service-principal"]
Auth = Literal["token", "managed-identity", "workload-identity", "service-principal"]
Misfit = tuple[str, str]
"""A key, and what is wrong with it as the rest of a sentence."""

TenantId = Annotated[
    str,
    Field(
        description="Tenant of the service principal; of a workload identity, if not from the environment."
    ),
]
ClientId = Annotated[
    str,
    Field(
        description="Application of the service principal; of a workload identity, if not from the "
        "environment; of a managed identity that the user assigned."
    ),
]
ClientSecret = Annotated[OptionalSecret, Field(description="Secret of the service principal.")]

_BESIDE: dict[Auth, dict[str, bool]] = {
    "token": {},
    "managed-identity": {"client_id": False},
    "workload-identity": {"tenant_id": False, "client_id": False},
    "service-principal": {"tenant_id": True, "client_id": True, "client_secret": True},
}
"""The keys that go with each way in; True for one that it cannot do without."""


def list_misfits(section: Section, auth: Auth) -> Iterator[Misfit]:
    """Keys of the section that another way in has, and keys that this one lacks."""
    set_keys = {key for key in _BESIDE["service-principal"] if getattr(section, key)}
    beside = _BESIDE[auth]
    yield from ((key, f'does not go with auth = "{auth}"') for key in sorted(set_keys - beside.keys()))
    lacking = [key for key, is_needed in beside.items() if is_needed and key not in set_keys]
    yield from (("auth", f'is "{auth}" and needs "{key}" too') for key in lacking)
