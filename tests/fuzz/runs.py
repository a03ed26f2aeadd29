"""Runs of the fuzzer, each in a process of its own, whose words are read."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from fuzz import Target

SLOW_SECONDS = 60
_PROGRESS = re.compile(r"^#\d+\s.*?cov: (\d+) ft: (\d+)", re.MULTILINE)
_RUNS = re.compile(r"stat::number_of_executed_units: (\d+)\nstat::average_exec_per_sec: *(\d+)")
_EXCEPTION = re.compile(r"=== Uncaught Python exception: ===\n(.*?)\n\n", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What came of fuzzing a target: `inputs` each reached something new when they came.

    `speed` counts runs a second.
    """

    runs: int
    speed: int
    edges: int
    features: int
    inputs: list[bytes]
    findings: list[str]


def fuzz(target: Target, kept: Iterable[bytes], seconds: int) -> Run:
    """Fuzz a target for a time, or until the first finding."""
    with tempfile.TemporaryDirectory(prefix="trainboard-fuzz-") as folder:
        seeds, corpus = _fill(folder, "seeds", target.seeds()), _fill(folder, "corpus", kept)
        words = Path(folder) / "words"
        words.write_text("\n".join(map(_quote, target.words)) + "\n")
        said = _drive(
            target,
            *(corpus, seeds, *([f"-dict={words}"] if target.words else [])),
            *(f"-max_len={target.most_bytes}", "-print_final_stats=1"),
            *(f"-max_total_time={seconds}", f"-timeout={SLOW_SECONDS}", f"-artifact_prefix={folder}/found-"),
        )
        findings = [_tell(path, said) for path in Path(folder).glob("found-*")]
        inputs = list(_read(corpus))
    edges, features = map(int, (_PROGRESS.findall(said) or [(0, 0)])[-1])
    runs = _RUNS.search(said)
    if runs is None:
        raise RuntimeError(f"the fuzzer of {target.name} did not run: {said[-2000:]}")
    return Run(
        runs=int(runs[1]),
        speed=int(runs[2]),
        edges=edges,
        features=features,
        inputs=inputs,
        findings=findings,
    )


def _fill(folder: str, name: str, inputs: Iterable[bytes]) -> str:
    path = Path(folder) / name
    path.mkdir()
    for data in inputs:
        (path / sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    return str(path)


def _read(folder: str) -> Iterator[bytes]:
    return (path.read_bytes() for path in sorted(Path(folder).iterdir()))


def _drive(target: Target, *arguments: str) -> str:
    command = [sys.executable, "-m", "fuzz.driving", target.name, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    return f"{(done.stderr + done.stdout).decode(errors='replace')}\n(exit {done.returncode})"


def _tell(path: Path, said: str) -> str:
    raised = _EXCEPTION.search(said)
    why = raised[1].strip() if raised else f"more than {SLOW_SECONDS} seconds"
    return f"{path.name}: {path.read_bytes()!r}\n{why}"


def _quote(word: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'
