"""Files that pipelines leave behind and repositories hold: results of tests, coverage, notebooks."""

import json
from collections.abc import Iterator
from contextlib import suppress
from random import Random

from fakes.notebooks import code, notebook
from fuzz import Target, to_text
from fuzz.json_changes import change_json, stretch_json
from trainboard.notebooks.reviewing import MOST_CELLS, MOST_FINDINGS, review_notebook
from trainboard.result_files import MOST_NAME_CHARACTERS, MOST_NAMES, Coverage, Tally, UnreadableError
from trainboard.result_files.reading import read_archive, read_file

NAMES = ("a.xml", "a.json", "a.info", "a.zip")
JUNIT = b"""<?xml version="1.0"?><testsuites tests="3"><testsuite name="s"><testcase name="a" time="0.5"/>
<testcase classname="c" status="notrun"><failure message="x">y</failure></testcase>
<testcase><skipped/></testcase></testsuite></testsuites>"""
COBERTURA = b"""<coverage lines-valid="4" lines-covered="3"><packages><package><classes>
<class filename="a.py"><lines>
<line number="1" hits="2"/><line number="2" hits="0"/></lines></class></classes></package></packages>
</coverage>"""
LCOV = b"TN:\nSF:a.py\nDA:1,2\nDA:2,0\nLF:2\nLH:1\nend_of_record\nSF:b.py\nLF:3\nLH:3\nend_of_record\n"
TOTALS = b'{"meta": {"version": "7"}, "totals": {"covered_lines": 3, "num_statements": 4}}'


def check_results(data: bytes) -> None:
    """Counts that can be, a few short names, or UnreadableError; and always the same."""
    name, content = NAMES[data[0] % len(NAMES)] if data else NAMES[0], data[1:]
    with suppress(UnreadableError):
        if name.endswith(".zip"):
            found = read_archive(content)
            assert found == read_archive(content)
            check_told(found.tests)
            check_told(found.coverage)
        else:
            told = read_file(name, content)
            assert told == read_file(name, content)
            check_told(told)


def check_told(told: Tally | Coverage | None) -> None:
    """What is told of tests or lines can be shown."""
    if isinstance(told, Tally):
        assert min(told.passed, told.failed, told.errors, told.skipped) >= 0
        assert len(told.failing) <= min(MOST_NAMES, told.failed + told.errors)
        assert all(len(name) <= MOST_NAME_CHARACTERS for name in told.failing)
        assert told.seconds is None or 0 <= told.seconds < float("inf")
    if isinstance(told, Coverage):
        assert 0 <= told.covered <= told.valid
        assert told.percent is None or 0 <= told.percent <= 100


def check_notebook(data: bytes) -> None:
    """A review is short, the same each time, and finds nothing new in what did not change."""
    text = to_text(data)
    review = review_notebook(text)
    assert review == review_notebook(text)
    assert len(review.findings) <= MOST_FINDINGS
    assert all(len(finding.cells) <= MOST_CELLS for finding in review.findings)
    assert 0 <= review.outside <= review.lines
    assert bool(review.trouble) <= (not review.findings)
    assert () == review_notebook(text, text).brought


def list_results() -> Iterator[bytes]:
    """A file of each form."""
    yield from (bytes([place]) + each for place, each in ((0, JUNIT), (0, COBERTURA), (1, TOTALS), (2, LCOV)))


def list_notebooks() -> Iterator[bytes]:
    """Notebooks of both formats, with all that is looked for."""
    cells = [
        code("!pip install x\nkey = 'AKIAABCDEFGHIJKLMNOP'\npd.read_csv('/home/runner/x')", 3),
        code("train(df", 2),
        code("def f():\n    return np.random.rand()\n%%time\nx = !ls", 1),
    ]
    yield notebook(*cells).encode()
    sheet = [
        {"cell_type": "code", "input": ["a = 1\n"], "prompt_number": 1, "outputs": [{"output_type": "pyerr"}]}
    ]
    yield json.dumps({"worksheets": [{"cells": sheet}], "nbformat": 3}).encode()
    yield b"version https://git-lfs.github.com/spec/v1\noid sha256:0"


def change_notebook(data: bytes, random: Random) -> bytes:
    """A notebook that is wrong in a few places."""
    return change_json(data, random)


TARGETS = [
    Target(
        name="results",
        check=check_results,
        seeds=list_results,
        words=(
            *(
                "<testcase ",
                "<failure>",
                "<!DOCTYPE a [",
                "<!ENTITY a 'b'>",
                "&a;",
                "time='",
                'hits="',
                "1e999",
                "nan",
            ),
            *(
                "end_of_record\n",
                "DA:",
                "LF:",
                "SF:",
                "PK\x03\x04",
                "PK\x05\x06",
                '"totals":',
                "<?xml encoding='",
                "utf-16",
            ),
        ),
    ),
    Target(
        name="notebooks",
        check=check_notebook,
        seeds=list_notebooks,
        words=(
            "%%",
            "!",
            "AKIA",
            "password='",
            "eyJ",
            '"""',
            "def f(",
            "lambda:",
            "\\n",
            "-----BEGIN ",
            "/home/",
        ),
        change=change_notebook,
        stretch=stretch_json,
        most_bytes=16 * 1024,
    ),
]
