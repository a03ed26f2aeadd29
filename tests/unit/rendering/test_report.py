"""A report in the Markdown of each place, and its items for spreadsheets."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.hostile import LINES, TEXTS
from fakes.reports import full_report
from trainboard.rendering.report import bars, mermaid
from trainboard.rendering.report.dialects import (
    AZURE_BOARDS,
    AZURE_WIKI,
    DIALECTS,
    GITHUB,
    PLAIN,
    dialect_of,
)
from trainboard.rendering.report.formulas import FORMULAS
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.report.rows import render_csv

PAGE = "https://bot.example.com/sprints/churn/7"
QUOTED = r'"[^"\n`]+"'
NUMBERS = r"\[-?[\d.]+(?:, -?[\d.]+)*\]"
XYCHART = re.compile(
    rf"xychart-beta\n    title {QUOTED}\n    x-axis \[{QUOTED}(?:, {QUOTED})*\]\n"
    rf'    y-axis "Points" 0 --> [\d.]+\n    bar {NUMBERS}(?:\n    line {NUMBERS})?'
)


def list_diagrams(text, opening="```mermaid", closing="```"):
    return re.findall(rf"^{re.escape(opening)}\n(.*?)\n{re.escape(closing)}$", text, re.DOTALL | re.MULTILINE)


def test_github_draws_charts_and_folds_tables():
    """In the language of every version of Mermaid, with blank lines around what is folded."""
    said = render_report(full_report(), GITHUB)
    diagrams = list_diagrams(said)
    assert ["Burndown of Sprint 7", "Burn-up of Sprint 7", "Velocity of churn"] == [
        re.search('title "(.*)"', each)[1] for each in diagrams
    ]
    assert all(XYCHART.fullmatch(each) for each in diagrams)
    assert 2 == said.count("<details><summary>The figures</summary>\n\n| ")
    assert 2 == said.count(" |\n\n</details>\n\n")


def test_a_burndown_is_drawn_as_far_as_the_days_are_over():
    """Ten points on seven days: each bar has a value, and so has the line."""
    [diagram, *_] = list_diagrams(render_report(full_report(), GITHUB))
    bar, line = (re.search(rf"{name} \[(.*)\]", diagram)[1].split(", ") for name in ("bar", "line"))
    assert ["14", "14", "14", "13", "11", "8", "8", "8"] == bar
    assert ["12.6", "11.2", "9.8", "8.4", "7", "7", "7", "5.6"] == line


def test_azure_boards_draws_with_characters():
    """It knows no Mermaid; it folds tables."""
    said = render_report(full_report(), AZURE_BOARDS)
    assert "mermaid" not in said
    assert "      14 ████████████████████████ Mon 2026-11-09" in said
    assert "       8 ██████████████░░░░░░░░░░ Mon 2026-11-16" in said
    assert "<details><summary>The figures</summary>\n\n| Day |" in said


def test_a_wiki_of_azure_draws_a_pie():
    """And no chart, which it does not know."""
    said = render_report(full_report(), AZURE_WIKI)
    assert ['pie title Points\n    "Done: 6" : 6\n    "Open: 8" : 8'] == list_diagrams(
        said, "::: mermaid", ":::"
    )
    assert "xychart" not in said
    assert "████" in said


def test_plain_text_has_neither():
    """A terminal shows no HTML."""
    said = render_report(full_report(), PLAIN)
    assert [] == [each for each in ("<details>", "mermaid", ":::") if each in said]
    assert "| 2026-11-09 (Mon) | 14 | 12.6 | 5 |" in said


@pytest.mark.parametrize(
    ("tracker", "dialect"),
    [("github:acme/churn", GITHUB), ("azure-boards:acme/Churn/Team", AZURE_BOARDS), ("local:churn", PLAIN)],
)
def test_each_tracker_has_its_dialect(tracker, dialect):
    """The local board shows HTML as text."""
    assert dialect == dialect_of(tracker)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_without_estimates_items_are_drawn(dialect):
    """A chart of points would be flat, and a pie of nothing is none."""
    said = render_report(full_report(estimated=False), dialect)
    assert [] == [each for each in ("xychart", "pie") if each in said]
    assert "       5 ████████████████████████ Mon 2026-11-09" in said


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_body_is_cut_at_a_section(dialect):
    """What does not fit is named, and where to read it; no table is broken."""
    report = full_report(items=400, is_over=True)
    whole = render_report(report, dialect, PAGE)
    for most in (60_000, 6_000, 2_000):
        said = render_report(report, dialect, PAGE, most)
        assert len(said.encode()) <= most
        assert said.startswith("## Sprint 7 of churn")
        assert f"[All of it, with charts]({PAGE})" in said
        assert [] == [line for line in said.splitlines() if line.startswith("|") and line not in whole]
        assert said.count("<details>") == said.count("</details>")
    assert "_Left out to stay within the size that the tracker allows:" in said


def test_a_sprint_that_is_over_says_what_it_carried_on():
    """And what was carried on before: the last item of a sprint is never done."""
    said = render_report(full_report(is_over=True))
    assert "**3 of 5 items done, 6 of 14 points, 2 carried over, 1 of them not for the first time**" in said
    assert "carried over" not in render_report(full_report())


def test_without_a_public_address_nothing_is_linked():
    """Nobody could follow it."""
    assert render_report(full_report(), GITHUB).endswith("Made from the history at 2026-11-16 23:00 UTC.")


@given(text=TEXTS | st.sampled_from(LINES))
def test_names_stay_inside_their_quotes(text):
    """Whatever sprints and projects are called, the diagram is one, and so is its fence."""
    known = full_report()
    ended = tuple(replace(each, name=text) for each in known.velocity.sprints)
    report = replace(
        known,
        project=text,
        sprint=replace(known.sprint, name=text),
        velocity=replace(known.velocity, sprints=ended),
    )
    drawn = [mermaid.draw_burndown(report), mermaid.draw_burn_up(report), mermaid.draw_velocity(report)]
    assert all(XYCHART.fullmatch(each) for each in drawn)
    assert [] == [each for each in drawn if "%%" in each or ":::" in each]
    lines = bars.draw_velocity(report).splitlines()
    assert ("```text", "```", 8) == (lines[0], lines[-1], len(lines))
    assert all(re.match(r" +\d+(?:\.\d)? [█░]{24} ?", line) for line in lines[1:-1])


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@sum", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20sum"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\x00", "\u3000", "\u200b", "\ufeff"])
def test_no_cell_is_a_formula(sign, before):
    """Not behind white space either, nor in letters of full width."""
    known = full_report()
    items = tuple(replace(each, title=before + sign) for each in known.scope.completed.items)
    scope = replace(known.scope, completed=replace(known.scope.completed, items=items))
    rows = list(csv.reader(io.StringIO(render_csv(replace(known, scope=scope)))))
    done = [row for row in rows if row[4] == "completed"]
    assert done
    assert [] == [row for row in done if not row[1].startswith("'")]


def test_the_documentation_computes_the_same():
    """docs/reports.md has a row for each formula of the pages."""
    text = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")
    assert [] == [name for name, told in FORMULAS.items() if f"| {name} | {told} |" not in text]


def test_a_cell_stays_on_one_line():
    """And keeps its words."""
    known = full_report()
    items = tuple(replace(each, title='Mend,\r\n "all"') for each in known.scope.completed.items)
    scope = replace(known.scope, completed=replace(known.scope.completed, items=items))
    assert ',"Mend, ""all""",done,' in render_csv(replace(known, scope=scope))
