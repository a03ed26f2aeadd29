"""What the environment puts in the place of keys of the file: TRAINBOARD_<SECTION>__<KEY>."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

from trainboard.settings.findings import Finding
from trainboard.settings.lines import Path
from trainboard.settings.model import Settings
from trainboard.settings.values import did_you_mean

PREFIX = "TRAINBOARD_"
_BETWEEN = "__"


class Overrides(NamedTuple):
    """The overridden keys as a tree, the variables that they come from, and variables of no known section."""

    tree: dict[str, Any]
    variables: dict[Path, str]
    strangers: list[Finding]

    def find_variable(self, path: Path) -> str | None:
        """The variable that sets `path` or something around it; None if none does."""
        around = (path[:length] for length in range(len(path), 0, -1))
        return next((self.variables[prefix] for prefix in around if prefix in self.variables), None)

    def find_sibling(self, path: Path) -> str | None:
        """A variable that sets something in the same entry of a list, or else in the same section."""
        names = (
            name
            for length in (2, 1)
            for other, name in self.variables.items()
            if other[:length] == path[:length]
        )
        return next(names, None)


def read(environ: Mapping[str, str]) -> Overrides:
    """The variables that override keys. An empty one counts as not set.

    A key of a list of tables is named by its place, from 0: `TRAINBOARD_PROJECTS__0__TRACKER`.
    """
    given = {name.lower(): value for name, value in environ.items() if name.startswith(PREFIX) and value}
    paths = {_path_of(name): name for name in environ if name.lower() in given}
    strangers = [
        Finding(
            name,
            None,
            f'there is no section "{path[0]}"{did_you_mean(str(path[0]), list(Settings.model_fields))}',
        )
        for path, name in paths.items()
        if len(path) > 1 and path[0] not in Settings.model_fields
    ]
    ours = {path: name for path, name in paths.items() if path[0] in Settings.model_fields}
    return Overrides(_Variables(given)(), ours, strangers)


def merge(below: Any, above: Any) -> Any:
    """`above` laid over `below`: tables key by key, tables with places over a list, all else replaces."""
    if isinstance(below, list) and isinstance(above, dict):
        return _merge_places(below, above)
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: merge(below.get(key), value) for key, value in above.items()}}
    return merge([], above) if below is None and _has_places(above) else above


def _merge_places(below: list[Any], above: dict[str, Any]) -> Any:
    if not _has_places(above):
        return above
    entries: list[Any] = list(below)
    for place, value in sorted((int(key), value) for key, value in above.items()):
        if place > len(entries):
            return above
        entries[place : place + 1] = [merge(entries[place] if place < len(entries) else None, value)]
    return entries


def _has_places(above: Any) -> bool:
    return isinstance(above, dict) and bool(above) and all(key.isdecimal() for key in above)


def _path_of(name: str) -> Path:
    parts = name.lower().removeprefix(PREFIX.lower()).split(_BETWEEN)
    return tuple(int(part) if part.isdecimal() else part for part in parts)


class _Variables(EnvSettingsSource):
    """The variables of a mapping, where pydantic-settings knows those of the process only."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(
            cast("type[BaseSettings]", Settings), env_prefix=PREFIX, env_nested_delimiter=_BETWEEN
        )
        self.env_vars = given

    def next_field(
        self,
        field: FieldInfo | Any | None,
        key: str,
        case_sensitive: bool | None = None,  # noqa: FBT001
    ) -> FieldInfo | None:
        annotation = field.annotation if isinstance(field, FieldInfo) else field
        if key.isdecimal() and get_origin(annotation) is tuple:
            entry: FieldInfo = get_args(annotation)[0]
            return entry
        return super().next_field(field, key, case_sensitive)

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        with suppress(ValueError):
            return super().decode_complex_value(field_name, field, value)
        return value
