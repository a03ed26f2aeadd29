"""What there is to command. Each module is one command: it has `COMMAND`, and is found by itself."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from trainboard.grammar.declaration import Registry


@cache
def load() -> Registry:
    """All commands."""
    modules = (import_module(info.name) for info in iter_modules(__path__, f"{__name__}."))
    return Registry(tuple(module.COMMAND for module in modules))
