"""Fuzz some targets, or all, each for a time, and print a table of what came of it."""

import argparse
import importlib.util
import sys

from fuzz import Target, list_targets
from fuzz.growth import find_growth
from fuzz.kept import keep, list_kept
from fuzz.runs import Run, fuzz

HEADER = ("target", "runs", "runs/s", "inputs", "edges", "features", "growth", "findings")


def main() -> int:
    """The number of targets with findings."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", choices=[[], *list_targets()], help="all, where none is named")
    parser.add_argument("--seconds", type=int, default=60, help="how long each is fuzzed")
    parser.add_argument(
        "--keep", action="store_true", help="keep inputs that reach something new in the corpus"
    )
    asked = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.exit("fuzz: Atheris is missing: pip install --group fuzz (it has no wheel for every Python)")
    print(row(HEADER), row("---" for _ in HEADER), sep="\n", flush=True)
    return sum(run(list_targets()[name], asked) for name in asked.target or list_targets())


def run(target: Target, asked: argparse.Namespace) -> bool:
    """Fuzz one; true if something was found."""
    found = fuzz(target, list_kept(target.name), asked.seconds)
    if asked.keep:
        keep(target.name, found.inputs)
    print(row(cells(target, found)), *found.findings, sep="\n", flush=True)
    return bool(found.findings)


def cells(target: Target, found: Run) -> tuple[str, ...]:
    """What the table says of a run."""
    growth = find_growth(target, [*target.seeds(), *found.inputs])
    counts = (found.runs, found.speed, len(found.inputs), found.edges, found.features)
    return (target.name, *(f"{count:,}" for count in counts), f"{growth:.2f}", str(len(found.findings)))


def row(cells) -> str:
    """A row of a table of Markdown."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
