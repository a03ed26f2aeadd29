"""The Python of a cell: how much of it stands outside of functions, and whether it is Python at all."""

import ast
import re
from collections.abc import Iterable, Iterator

import msgspec

MOST_CHARACTERS = 100_000
"""A longer cell is not parsed."""

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_FOR_PYTHON = frozenset({"capture", "debug", "prun", "time", "timeit"})
_CELL_MAGIC = re.compile(r"%%(\w*)")
_LINE_MAGIC = re.compile(r"[ \t]*+[%!?]")
_ASSIGNED_MAGIC = re.compile(r"([ \t]*+[^\s=%!'\"#][^=%!'\"#]*+=[ \t]*+)[%!]")
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_IMPORTS = ast.Import | ast.ImportFrom


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of code in a cell, and those of them outside of functions and classes, imports left out."""

    lines: int = 0
    outside: int = 0
    functions: int = 0
    is_broken: bool = False


def read_code(source: str) -> Code:
    """What the source of a cell is; commands to IPython and to the shell are no code, and no fault."""
    if not source.strip():
        return Code()
    lines = source.split("\n")
    first = next(number for number, line in enumerate(lines) if line.strip())
    lines = [line.removeprefix(_indent(lines[first])) for line in lines]
    if magic := _CELL_MAGIC.match(lines[first].strip()):
        if magic[1] not in _FOR_PYTHON:
            return Code()
        lines[first] = ""
    written = {number for number, line in enumerate(lines, 1) if _is_code(line)}
    if len(source) > MOST_CHARACTERS:
        return Code(lines=len(written), outside=len(written))
    tree = _parse("\n".join(lines)) or _parse("\n".join(_without_magic(lines)))
    if tree is None:
        return Code(lines=len(written), outside=len(written), is_broken=True)
    elsewhere = set(_lines_of(each for each in tree.body if isinstance(each, _SCOPES | _IMPORTS)))
    return Code(
        lines=len(written),
        outside=len(written - elsewhere),
        functions=sum(isinstance(each, _SCOPES) for each in tree.body),
    )


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _is_code(line: str) -> bool:
    words = line.strip()
    return bool(words) and not words.startswith(("#", "%", "!"))


def _parse(source: str) -> ast.Module | None:
    """The syntax tree, None where there is none, or too deep a one."""
    try:
        tree = compile(source, "cell", "exec", flags=_FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if isinstance(tree, ast.Module) else None


def _without_magic(lines: Iterable[str]) -> Iterator[str]:
    """The lines as Python reads them; their number stays."""
    goes_on, indent = False, ""
    for line in lines:
        indent = indent if goes_on else _indent(line)
        assigned = _ASSIGNED_MAGIC.match(line)
        is_magic = goes_on or _LINE_MAGIC.match(line) or line.rstrip().endswith("?")
        goes_on = bool(is_magic or assigned) and line.rstrip().endswith("\\")
        if is_magic:
            yield f"{indent}pass"
        else:
            yield f"{assigned[1]}None" if assigned else line


def _lines_of(statements: Iterable[ast.stmt]) -> Iterator[int]:
    for each in statements:
        decorators = getattr(each, "decorator_list", [])
        first = min([each.lineno, *(decorator.lineno for decorator in decorators)])
        yield from range(first, (each.end_lineno or each.lineno) + 1)
