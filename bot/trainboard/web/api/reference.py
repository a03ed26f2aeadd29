"""The operations as a page of the documentation, in Markdown."""

from collections.abc import Iterable, Iterator

from trainboard.web.api.description import list_schemas
from trainboard.web.api.operations import SCOPES, Operation
from trainboard.web.api.outline import group_operations, list_values, say_bounds


def render_reference(operations: Iterable[Operation]) -> str:
    """Scopes, operations under their headings, and the values of their answers."""
    listed = tuple(operations)
    lines = ["## Scopes", "", "| scope | is for |", "| --- | --- |"]
    lines += [f"| `{scope}` | {text} |" for scope, text in SCOPES.items()]
    for group, members in group_operations(listed).items():
        lines += ["", f"## {group}"]
        for each in members:
            lines += _render(each)
    lines += ["", "## Values"]
    for value in list_values(list_schemas(listed)):
        lines += ["", f"### {value.name}", "", value.about, "", "| member | is |", "| --- | --- |"]
        lines += [f"| `{name}` | {_cell(told)} |" for name, told in value.members]
    return "\n".join(lines)


def _render(operation: Operation) -> Iterator[str]:
    yield from ("", f"### {operation.method} {operation.path}", "", operation.summary)
    if operation.description:
        yield from ("", operation.description)
    formats = ", ".join(f"`{each}`" for each in operation.media_types)
    yield from ("", f"Scope `{operation.scope}`; answers with `{operation.answers.__name__}` as {formats}.")
    if operation.parameters:
        yield from ("", "| parameter | in | is | |", "| --- | --- | --- | --- |")
    for each in operation.parameters:
        cells = (f"`{each.name}`", each.place, say_bounds(each.schema), each.description)
        yield f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
