"""Bytes that a fuzzer makes up, given to whatever reads what strangers send.

A target is one thing that reads, with what must be true of it for any bytes. The modules in `targets` are
found by themselves. `python -m fuzz` drives them with Atheris; the tests replay what it kept, without it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random

from fuzz import targets


def repeat(data: bytes, size: int) -> bytes:
    """The bytes over and over."""
    return (data * (size // len(data) + 1))[:size]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One thing that reads bytes of strangers.

    `check` raises for bytes of which something that must be true is not. `seeds` are bytes to begin with,
    `words` what is put into them. `change` makes other bytes of some that are still of the form, where a
    fuzzer that knows nothing of it would rarely find such; `stretch` makes an input about so many bytes long.
    """

    name: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...] = ()
    change: Callable[[bytes, Random], bytes] | None = None
    stretch: Callable[[bytes, int], bytes] = repeat
    most_bytes: int = 4096


@cache
def list_targets() -> dict[str, Target]:
    """All targets by their names."""
    modules = [import_module(each.name) for each in iter_modules(targets.__path__, f"{targets.__name__}.")]
    return {target.name: target for module in modules for target in module.TARGETS}


def to_text(data: bytes) -> str:
    """Any text that a message can hold: what is no UTF-8 becomes lone surrogates or signs of replacement."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
