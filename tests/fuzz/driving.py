"""One process that fuzzes one target: Atheris around it, whose arguments are those of libFuzzer.

It is run as `python -m fuzz.driving TARGET <arguments>`.
"""

import sys
from random import Random

import atheris

with atheris.instrument_imports(include=["trainboard", "trainboard_webhooks"]):
    from fuzz import Target, list_targets

    TARGETS = list_targets()

BY_FORM = 0.75
"""The share of inputs that are changed by their form, where a target knows it."""


def main(name: str, *arguments: str) -> None:
    """Fuzz until libFuzzer ends the process."""
    target = TARGETS[name]
    changing = {"custom_mutator": make_mutator(target)} if target.change else {}
    atheris.Setup([name, *arguments], target.check, **changing)
    atheris.Fuzz()


def make_mutator(target: Target):
    """What makes the next input of one: by its form, or as libFuzzer does."""

    def mutate(data: bytes, most_bytes: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < BY_FORM:
            return target.change(data, random)[:most_bytes]
        return atheris.Mutate(data, most_bytes)

    return mutate


if __name__ == "__main__":
    main(*sys.argv[1:])
