"""Bicep as far as it can be read by another parser than its compiler, which is in no registry of Python."""

import re
from pathlib import Path
from typing import Any

from pycep import BicepParser

Document = dict[str, Any]


def parse(file: Path) -> Document:
    """Parameters, variables, resources, modules and outputs of a file, by their names."""
    return BicepParser().parse(text=file.read_text())


def resolve(value: Any, document: Document) -> Any:
    """A value with what its expressions may come to: the first of two branches, what is known of lists."""
    if isinstance(value, list):
        return [resolve(each, document) for each in value]
    if not isinstance(value, dict):
        named = document.get("variables", {}).get(value) if isinstance(value, str) else None
        return value if named is None else resolve(named["value"], document)
    if "operator" in value:
        return resolve(value["operator"]["operands"].get("true_value"), document)
    if "loop_type" in value:
        return [resolve(value["config"], document)]
    if "function" in value:
        given = [resolve(each, document) for each in value["function"].get("parameters", {}).values()]
        return [each for one in given if isinstance(one, list) for each in one]
    return {key: resolve(each, document) for key, each in value.items()}


def list_secure(text: str) -> set[str]:
    """Parameters that are marked as secrets."""
    return set(re.findall(r"@secure\(\)\n(?:@.*\n)*param (\w+) ", text))
