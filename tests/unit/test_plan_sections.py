"""The headings of a plan, and the form that has them."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from trainboard.plan_sections import HINTS, Heading, by_section, find_section, list_names
from trainboard.plans import make_plan
from trainboard.spending import parse_budget
from trainboard.targets import parse_targets
from trainboard.work_items import EXPERIMENT_LABEL

ROOT = Path(__file__).parents[2]
FORM = ROOT / "bot/trainboard/forms/experiment.yml"


@pytest.fixture(scope="module")
def form():
    """What GitHub reads of it."""
    return yaml.safe_load(FORM.read_text(encoding="utf-8"))


def fields(form):
    return {each["attributes"]["label"]: each for each in form["body"] if each["type"] != "markdown"}


def test_the_form_is_one_that_github_takes():
    """By the schema that editors judge such forms by."""
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-issue-forms"]
    done = subprocess.run([*check, str(FORM)], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr), done.stdout


def test_the_form_asks_for_every_section_in_order(form):
    """Its labels become the headings that are read, and it gives the label that makes a plan."""
    assert list(map(str, Heading)) == list(fields(form))
    assert [EXPERIMENT_LABEL] == form["labels"]


def test_what_the_form_shows_as_an_example_is_read(form):
    """Whoever writes it so is understood; a field that is rendered as code would hide its lines."""
    shown = {label: each["attributes"]["placeholder"] for label, each in fields(form).items()}
    assert 3 == len(parse_targets(shown["Targets"]))
    assert 2 == len(parse_targets(shown["Guard-rails"]))
    assert all(map(parse_budget, shown["Budget"].splitlines()))
    body = "\n\n".join(f"### {label}\n\n{text}" for label, text in shown.items())
    plan = make_plan(body, ())
    assert ("champion", 5, 4) == (plan.baseline, len(plan.targets), len(plan.budget))
    assert [] == [each for each in fields(form).values() if "render" in each["attributes"]]


def test_hints_say_nothing_themselves():
    """What nobody filled in is empty, also where an editor made HTML of it or GitHub a word of its own."""
    for hint in ("_{}_", "*{}*", "{}"):
        body = "\n\n".join(f"### {each}\n\n{hint.format(HINTS[each])}" for each in Heading)
        assert ([], make_plan("", ())) == (list_names(body), make_plan(body, ()))
    body = "\n\n".join(f"### {each}\n\n_No response_" for each in Heading)
    assert ([], make_plan("", ())) == (list_names(body), make_plan(body, ()))


@pytest.mark.parametrize(
    "title", ["## Guard-rails", "### guardrails ###", "# Guard rails", "###### GUARD_RAILS"]
)
def test_a_heading_is_known_however_it_is_written(title):
    """People write the word in many ways."""
    text = f"{title}\na <= 1\n### Next\nb <= 1"
    assert "a <= 1" == find_section(text, Heading.GUARD_RAILS).strip()


def test_names_are_those_of_the_experiment():
    """Each once, without what Markdown puts around them."""
    text = "### Experiment\n\n- `churn-xgb`\nchurn-xgb\nb c\n\n### Targets\nx"
    assert ["churn-xgb", "b c"] == list_names(text)
    assert [] == list_names("Experiment: churn-xgb")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("### Targets", "Targets"),
        ("   # Targets ##  ", "Targets"),
        ("#\tTargets#", "Targets"),
        ("####### Targets", ""),
        ("#Targets", ""),
        ("#", ""),
        ("## ##", ""),
        ("# " + "t" * 200, "t" * 200),
        ("# " + "t" * 201, ""),
        ("#" + " " * 50_000 + "t" * 201, ""),
        ("# t" + " " * 50_000 + "u" * 200, ""),
        ("# " + "# " * 20_000 + "t" * 201, ""),
    ],
)
def test_what_is_a_heading(line, title):
    """Up to six signs, a blank and at most 200 characters; what is none is seen at once, however long."""
    assert [title] == [name for name, _ in by_section(line)]
