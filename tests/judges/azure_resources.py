"""Properties of Azure's resources, judged by the types that Microsoft's own clients send."""

import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from azure.mgmt.appcontainers import models as app_models
from azure.mgmt.appcontainers import types as app_types
from azure.mgmt.postgresqlflexibleservers import models as database_models
from azure.mgmt.postgresqlflexibleservers import types as database_types
from typing_extensions import is_typeddict  # theirs are not those of the standard library

SCALE_RULE = "scale rule"
KINDS = {
    SCALE_RULE: app_types.ScaleRule,
    "Microsoft.App/containerApps": app_types.ContainerApp,
    "Microsoft.App/jobs": app_types.Job,
    "Microsoft.App/managedEnvironments": app_types.ManagedEnvironment,
    "Microsoft.DBforPostgreSQL/flexibleServers": database_types.Server,
    "Microsoft.DBforPostgreSQL/flexibleServers/databases": database_types.Database,
}
OF_BICEP = {"parent", "scope"}


def find_strangers(kind: str, resource: dict[str, Any]) -> list[str]:
    """Paths of the properties that the kind of resource does not have.

    What an expression comes to is not known, and taken for right.
    """
    model = KINDS[kind]
    return list(_strangers(model, {k: v for k, v in resource.items() if k not in OF_BICEP}, kind))


def _strangers(model: Any, value: Any, at: str) -> Iterator[str]:
    if typing.get_origin(model) is list:
        [inner] = typing.get_args(model)
        for number, each in enumerate(value if isinstance(value, list) else ()):
            yield from _strangers(inner, each, f"{at}[{number}]")
    elif is_typeddict(model) and isinstance(value, dict):
        known = _members(model)
        for key, each in value.items():
            if key in known:
                yield from _strangers(known[key], each, f"{at}.{key}")
            else:
                yield f"{at}.{key}"


def _members(model: type) -> dict[str, Any]:
    """What the type has, those of the types that it stands on included."""
    here, models = _modules(model)
    return typing.get_type_hints(model, vars(models) | vars(here))


def _modules(model: type) -> tuple[ModuleType, ModuleType]:
    apart = model.__module__.startswith(app_types.__name__)
    return (app_types, app_models) if apart else (database_types, database_models)
