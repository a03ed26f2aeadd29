"""The table of what each tracker can is what the code says of itself."""

import os
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from trainboard import trackers
from trainboard.diagnosis import Examinable
from trainboard.settings import Settings, projects_of
from trainboard_webhooks import sources

PAGE = Path(__file__).parents[3] / "docs" / "trackers.md"
BEGIN, END = "<!-- capabilities -->\n", "<!-- /capabilities -->"
PLACES = {
    "local": "local",
    "github": "github:acme/churn",
    "azure_boards": "azure-boards:acme/Churn/Churn Team",
}
SENDERS = {"github": "github", "azure_boards": "azure-devops"}


def find_tracker(name):
    """The class in the tracker's module that keeps the protocol."""
    module = import_module(f"{trackers.__name__}.{name}")
    [found] = [each for each in vars(module).values() if isinstance(each, type) and hasattr(each, "traits")]
    return found


def is_named_on_github(place):
    """True if a pull request on GitHub names a work item of that tracker."""
    project = {"name": "churn", "tracker": place, "code": "github:acme/churn"}
    organization = {"organization_url": "https://dev.azure.com/acme"}
    [made] = projects_of(Settings.model_validate({"projects": [project], "azure_devops": organization}))
    return made.mention is not None


def rows(name):
    """What is said of one tracker, by the row of the table."""
    tracker = find_tracker(name)
    traits = tracker.traits
    yield "settings", f"`{PLACES[name].partition(':')[0]}`"
    yield "text of a work item or comment", f"{traits.max_body_bytes:,} bytes"
    yield "title of a work item", f"{traits.max_title_characters:,} characters"
    yield "people whom it is given to", str(traits.max_assignees)
    yield "keeps a sprint's first day", say(traits.iteration_has_start)
    yield "keeps a sprint's description", say(traits.iteration_has_description)
    yield "knows a closed sprint from an open one", say(traits.iteration_closes)
    yield "webhooks tell what people change", say(SENDERS.get(name) in sources())
    yield "`trainboard doctor` looks at it", say(issubclass(tracker, Examinable))
    yield "is named in pull requests on GitHub", say(is_named_on_github(PLACES[name]))


def say(holds):
    return "yes" if holds else "no"


def render_table():
    """The table, with a column for each tracker."""
    columns = [dict(rows(name)) for name in PLACES]
    head = f"| | {' | '.join(f'`{each}`' for each in PLACES)} |"
    body = [f"| {row} | {' | '.join(column[row] for column in columns)} |" for row in columns[0]]
    return "\n".join([head, "| --- |" + " --- |" * len(columns), *body, ""])


def test_the_page_says_what_each_tracker_can():
    """docs/trackers.md holds the table that the code makes; TRAINBOARD_UPDATE_GOLDEN=1 writes it."""
    before, mark, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    expected = before + mark + render_table() + rest[rest.index(END) :]
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(expected, encoding="utf-8")
    assert expected == PAGE.read_text(encoding="utf-8")


def test_every_tracker_has_its_column():
    """A new tracker says here what it can."""
    assert set(PLACES) == {module.name for module in iter_modules(trackers.__path__)}


@pytest.mark.parametrize("name", SENDERS)
def test_every_sender_is_a_source(name):
    """What is said to send webhooks has a folder that reads them."""
    assert SENDERS[name] in sources()
