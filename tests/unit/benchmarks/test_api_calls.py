"""What each operation asks of a platform is as little as it can be."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- api calls -->\n", "<!-- /api calls -->"


@pytest.fixture
def api_calls(monkeypatch):
    """The benchmark as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import api_calls

    return api_calls


def test_no_operation_takes_more_calls_than_it_may(api_calls):
    """And the page shows what was counted; TRAINBOARD_UPDATE_GOLDEN=1 writes it."""
    found = api_calls.measure_all()
    before, mark, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    expected = f"{before}{mark}{api_calls.render_table(found)}\n{rest[rest.index(END) :]}"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(expected, encoding="utf-8")
    assert [] == list(api_calls.list_over(found))
    assert expected == PAGE.read_text(encoding="utf-8")


def test_too_many_calls_are_told(api_calls):
    """A benchmark that cannot fail would prove nothing."""
    found = {
        platform: {name: goals[place] for name, goals in api_calls.OPERATIONS.items()}
        for place, platform in enumerate(("GitHub", "Azure DevOps"), start=1)
    }
    found["GitHub"]["comment"] = api_calls.Calls(reads=1, writes=1)
    assert ["comment, GitHub: 1 / 1 / 0, and 0 / 1 / 0 would do"] == list(api_calls.list_over(found))
