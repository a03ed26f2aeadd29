import subprocess
import sys
from pathlib import Path

import pytest

from trainboard_webhooks import Credential, github

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
PROGRAMS = sorted(path.name for path in BENCHMARKS.glob("*.py") if "__main__" in path.read_text())

ASK_ALL = """
import contextlib, runpy, sys
for program in sys.argv[1:]:
    sys.argv = [program, "--help"]
    with contextlib.suppress(SystemExit):
        runpy.run_path(program, run_name="__main__")
"""


@pytest.fixture(autouse=True)
def _benchmarks_on_path(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_every_benchmark_tells_its_options():
    """Each starts without a peer, and can be made short; one process asks all, because they load the same."""
    said = subprocess.run(
        [sys.executable, "-c", ASK_ALL, *PROGRAMS],
        cwd=BENCHMARKS,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    helps = said.stdout.split("usage: ")[1:]
    assert PROGRAMS == [each.split(" ", 1)[0] for each in helps if "--quick" in each]


def test_the_page_lists_every_benchmark():
    """The README of the benchmarks and `make bench` name each of them."""
    page, makefile = (BENCHMARKS / "README.md").read_text(), (BENCHMARKS.parent / "Makefile").read_text()
    assert [] == [each for each in PROGRAMS if f"`python benchmarks/{each}`" not in page]
    assert [] == [each for each in PROGRAMS if f"$(BIN)/python benchmarks/{each}" not in makefile]


def test_every_request_is_a_signed_delivery_of_its_own():
    """What is sent passes the source's own check, and no two have an id or a body in common."""
    import corpus

    seen = set()
    for number in range(len(corpus.examples()) + 1):
        name, request = corpus.request(number)
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
        headers = {name.lower(): value for name, value in lines}
        assert Credential("", (corpus.SECRET,)) == github.verify(
            headers, body, [Credential("", (corpus.SECRET,))], 0
        )
        assert name == github.identify(headers, body).id
        assert str(len(body)) == headers["content-length"]
        seen |= {name, body}
    assert 2 * (len(corpus.examples()) + 1) == len(seen)


def test_requests_are_read_from_any_place(tmp_path):
    """A load that goes on where another one ended sends what comes next."""
    import corpus

    requests = corpus.write_requests(tmp_path, 5)
    assert [corpus.request(number) for number in (3, 4)] == list(requests.since(3))


def note(number, what="ended", at=0.0):
    import joblog

    return joblog.Note(at, 1, what, number)


def test_a_later_job_that_ends_first_is_an_inversion():
    """Of one entity, jobs must end in their order; those of others and repeated ends do not count."""
    import joblog

    assert 0 == joblog.inversions([note(0), note(1), note(2), note(0), note(3)], entities=2)
    assert 1 == joblog.inversions([note(2), note(1), note(0)], entities=2)


def test_a_job_that_begins_again_is_repeated():
    """Every beginning beyond the first is counted."""
    import joblog

    notes = [note(1, "began"), note(1, "began"), note(2, "began"), note(1, "began"), note(1)]
    assert 2 == joblog.repeated(notes)


def test_notes_are_read_as_they_were_written(tmp_path):
    """A log of jobs is read line by line; without one, nothing began."""
    import joblog

    log = tmp_path / "jobs.log"
    assert [] == joblog.read_notes(log)
    log.write_text("1.500000 7 began 3\n2.000000 7 ended 3\n")
    assert [joblog.Note(1.5, 7, "began", 3), joblog.Note(2.0, 7, "ended", 3)] == joblog.read_notes(log)
