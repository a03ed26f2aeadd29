"""What is wrong with settings, in sentences that name the file, the line and the key."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from trainboard.errors import TrainboardError
from trainboard.settings.lines import Path
from trainboard.settings.model import Settings
from trainboard.settings.values import MisfitError, did_you_mean

_SENTENCES = {
    "date_from_datetime_inexact": "must be a date without a time of day",
    "date_from_datetime_parsing": "must be a date, like 2026-01-05",
    "date_type": "must be a date, like 2026-01-05",
    "finite_number": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "model_attributes_type": "must be a table",
    "model_type": "must be a table",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "string_type": "must be text",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "tuple_type": "must be a list",
    "union_tag_invalid": "must be one of {expected_tags}",
}
Place = tuple[str, int | None]


class Finding(NamedTuple):
    """One thing that is wrong: `where` is a file or an environment variable, `line` counts from 1."""

    where: str
    line: int | None
    message: str

    def __str__(self) -> str:
        return ": ".join([self.where if self.line is None else f"{self.where}:{self.line}", self.message])


class SettingsError(TrainboardError):
    """The settings cannot be used.

    Args:
        findings: all that is wrong, in the order of the sections; none holds a value of a secret.
    """

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def findings_of(error: ValidationError, locate: Callable[[Path], Place]) -> list[Finding]:
    """Each thing that pydantic complains about, once, in our words.

    Args:
        error: what validation of `Settings` raised.
        locate: the file and line, or the variable, that a path comes from.
    """
    errors = error.errors(include_url=False, include_input=False)
    places = [found["loc"] for found in errors]
    return [
        Finding(*locate(path), message)
        for found in errors
        if not _follows(found["type"], found["loc"], places)
        for path, message in _complaints(found["type"], found["loc"], found.get("ctx", {}), found["msg"])
    ]


def _follows(kind: str, loc: Path, places: list[Path]) -> bool:
    """True for what goes away with another error: a list is too short because an entry is wrong."""
    below = any(place != loc and place[: len(loc)] == loc for place in places)
    return kind == "default_factory_not_called" or (kind == "too_short" and below)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The sections that a key of that type holds: none for a plain value, several for a choice of kinds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def _complaints(kind: str, loc: Path, context: dict[str, Any], text: str) -> Iterator[tuple[Path, str]]:
    path, table = _walk(loc)
    error = context.get("error")
    if kind == "extra_forbidden":
        yield path, _unknown(path, table)
    elif kind == "missing":
        yield path, f'"{path[-1]}" is missing in {_section(path[:-1])}'
    elif kind == "union_tag_not_found":
        yield path, f'"kind" is missing in {_section(path)}'
    elif kind == "union_tag_invalid":
        yield (*path, "kind"), f"{_label((*path, 'kind'))} {_sentence(kind, context, text)}"
    elif isinstance(error, MisfitError):
        for below, predicate in error.findings:
            yield (*path, *below), f"{_label((*path, *below))} {predicate}"
    elif kind == "tuple_type" and len(path) == 1:
        yield path, f"[{path[0]}] must be a list of tables: write [[{path[0]}]]"
    else:
        yield path, f"{_label(path)} {error or _sentence(kind, context, text)}"


def _sentence(kind: str, context: dict[str, Any], text: str) -> str:
    known = _SENTENCES.get(kind)
    return f"cannot be used: {text}" if known is None else known.format(**context).replace("'", '"')


def _walk(loc: Path) -> tuple[Path, type[BaseModel]]:
    """The path in the file, which has no kinds of sources, and the section that it ends in."""
    path: Path = ()
    table: type[BaseModel] = Settings
    models: list[type[BaseModel]] = [Settings]
    for part in loc:
        if isinstance(part, str) and len(models) > 1:
            models = [model for model in models if part in get_args(model.model_fields["kind"].annotation)]
        else:
            path = (*path, part)
            models = models_in(table.model_fields[part].annotation) if part in table.model_fields else models
        table = models[0] if models else table
    return path, table


def _unknown(path: Path, table: type[BaseModel]) -> str:
    name = str(path[-1])
    near = did_you_mean(name, list(table.model_fields))
    if len(path) == 1:
        return f'unknown section or key "{name}" at the top{near}'
    kinds = get_args(table.model_fields["kind"].annotation) if "kind" in table.model_fields else ()
    of_kind = "".join(f' of kind "{kind}"' for kind in kinds)
    return f'unknown key "{name}" in {_section(path[:-1])}{of_kind}{near}'


def _label(path: Path) -> str:
    """A key with its section; a path that ends in a place of a list is an entry of the key before it."""
    *above, last = path
    if isinstance(last, int) and len(above) > 1:
        return f"entry {last + 1} of {_label(tuple(above))}"
    if len(path) == 1 or isinstance(last, int):
        return _section(path)
    return f'"{last}" in {_section(tuple(above))}'


def _section(path: Path) -> str:
    keys = ".".join(part for part in path if isinstance(part, str))
    return f"[[{keys}]]" if isinstance(path[-1], int) else f"[{keys}]"
