"""What an operation of the API is, and how a function declares itself to be one."""

import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from http import HTTPStatus
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Literal, TypeVar, get_args, get_type_hints

import msgspec

Scope = Literal[
    "alerts:read",
    "board:read",
    "code:read",
    "deliveries:read",
    "deliveries:replay",
    "health:read",
    "reports:read",
]
Method = Literal["GET", "POST"]
SCOPES: dict[Scope, str] = {
    "alerts:read": "Problems that monitors tell of.",
    "board:read": "Projects, sprints, the board, experiments and their runs.",
    "code:read": "Pull requests and deployments.",
    "deliveries:read": "What came in, with its bodies, and what came of it.",
    "deliveries:replay": "Working on a delivery once more.",
    "health:read": "What cannot be read, and what was missed.",
    "reports:read": "What sprints came to, and where reports went.",
}
JSON = "application/json"

_Answer = TypeVar("_Answer")
_Asked = TypeVar("_Asked")
_DECLARED = "__operation__"


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is no JSON; `filename` is what a browser saves it as."""

    body: str
    media_type: str
    filename: str


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an operation is asked by: `schema` is JSON Schema, `place` is `path` or `query`."""

    name: str
    place: Literal["path", "query"]
    description: str
    schema: dict[str, Any]
    required: bool


class Operation:
    """Something that programs can read, or, by POST, have done.

    Args:
        run: answers it, from the site and an instance of `asks`.
        path: its address, with parameters in braces.
        method: by which it is asked.
        scope: what a token must allow.
        group: under which heading it is described.
        media_types: what it answers with beside JSON.
    """

    def __init__(
        self,
        run: Callable[..., Any],
        path: str,
        *,
        method: Method,
        scope: Scope,
        group: str,
        media_types: tuple[str, ...],
    ) -> None:
        hints = get_type_hints(run, include_extras=True)
        self.run = run
        self.path = path
        self.method = method
        self.scope = scope
        self.group = group
        self.media_types = (JSON, *media_types)
        self.name: str = run.__name__
        self.asks: type[msgspec.Struct] = hints[list(inspect.signature(run).parameters)[1]]
        self.answers: type[msgspec.Struct] = _without_text(hints["return"])
        self.summary, _, description = inspect.cleandoc(run.__doc__ or "").partition("\n\n")
        self.description = description

    @property
    def endpoint(self) -> str:
        """Its name in Flask, within the blueprint."""
        return f"api_{self.name}"

    @property
    def status(self) -> HTTPStatus:
        """That of its answer: what is done is done after it."""
        return HTTPStatus.OK if self.method == "GET" else HTTPStatus.ACCEPTED

    @property
    def rule(self) -> str:
        """Its address as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def is_paged(self) -> bool:
        """True if its answer may have a next page."""
        return "next" in self.answers.__struct_fields__

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it is asked by, those of the path first."""
        _, schemas = msgspec.json.schema_components([self.asks])
        asked = schemas[self.asks.__name__]
        made = [
            self._describe(name, schema, asked.get("required", ()))
            for name, schema in asked["properties"].items()
        ]
        return tuple(sorted(made, key=lambda each: each.place))

    def _describe(self, name: str, schema: dict[str, Any], required: tuple[str, ...]) -> Parameter:
        in_path = f"{{{name}}}" in self.path
        shown = _without_null(schema)
        description = shown.pop("description", "") or schema.get("description", "")
        return Parameter(
            name=name,
            place="path" if in_path else "query",
            description=description,
            schema=shown,
            required=in_path or name in required,
        )


def operation(
    path: str, *, scope: Scope, group: str, method: Method = "GET", media_types: tuple[str, ...] = ()
) -> Callable[[Callable[[Any, _Asked], _Answer]], Callable[[Any, _Asked], _Answer]]:
    """Declare the function as the operation of that path. Its docstring and its types describe it."""

    def declare(run: Callable[[Any, _Asked], _Answer]) -> Callable[[Any, _Asked], _Answer]:
        made = Operation(run, path, method=method, scope=scope, group=group, media_types=media_types)
        setattr(run, _DECLARED, made)
        return run

    return declare


def list_operations(package: ModuleType) -> Iterator[Operation]:
    """The operations that the modules of the package declare."""
    for info in iter_modules(package.__path__, f"{package.__name__}."):
        for value in vars(import_module(info.name)).values():
            declared = getattr(value, _DECLARED, None)
            if declared is not None:
                yield declared


def _without_text(answers: Any) -> type[msgspec.Struct]:
    """The type of the JSON, of a union with `Text` too."""
    found: type[msgspec.Struct] = next((each for each in get_args(answers) if each is not Text), answers)
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """In an address nothing can be null: what may be is what may be left out."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    kept = {name: value for name, value in schema.items() if name != "anyOf" and value is not None}
    if len(choices) == 1:
        return {**kept, **choices[0]}
    enum = schema.get("enum")
    return kept if enum is None else kept | {"enum": [each for each in enum if each is not None]}
