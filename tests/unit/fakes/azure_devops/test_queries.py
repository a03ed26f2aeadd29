"""The stand-in answers queries as Azure DevOps does, and refuses what it does not understand."""

import pytest
from azure.devops.v7_1.work.models import TeamContext
from azure.devops.v7_1.work_item_tracking.models import Wiql

from fakes.azure_devops.asking import refuse


@pytest.fixture
def items(org, clock):
    """Four items of different days, the last in another project."""
    org.add_project("Rank'ing", "Agile")
    org.person_adds_iteration("Churn", "Sprint 1")
    org.person_creates("Churn", "Alpha", System_Tags="tb; mlab:1")
    clock.forward(days=1)
    org.person_creates(
        "Churn", "Beta", kind="Bug", System_Tags="mlab:12", System_IterationPath="Churn\\Sprint 1"
    )
    clock.forward(hours=1)
    org.person_creates("Churn", "Gamma", System_AssignedTo="ana@acme.example", who=org.bot)
    org.person_closes(3)
    org.person_creates("Rank'ing", "It's")
    return org


def ask(wit, text, *, top=None, has_time=False, team=True):
    """The numbers of what is found."""
    context = TeamContext(project="Churn", team="Churn Team") if team else None
    query = Wiql(f"SELECT [System.Id] FROM WorkItems{text}")
    return [each.id for each in wit.query_by_wiql(query, context, has_time, top).work_items]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("[System.TeamProject] = @project", [1, 2, 3]),
        ("[System.TeamProject] = 'Rank''ing'", [4]),
        ("[System.Title] = 'it''s'", [4]),
        ("[System.Tags] CONTAINS 'mlab:1'", [1]),
        ("[System.Tags] NOT CONTAINS 'mlab:1'", [2, 3, 4]),
        ("[System.Tags] CONTAINS 'tb' AND [System.Tags] CONTAINS 'MLAB:1'", [1]),
        ("[System.Id] IN (1, 3)", [1, 3]),
        ("[System.Id] NOT IN (1, 3)", [2, 4]),
        ("[System.Id] > 2", [3, 4]),
        ("[System.Id] >= 2 AND [System.Id] <= 3", [2, 3]),
        ("[System.State] <> 'Closed' AND [System.WorkItemType] = 'User Story'", [1, 4]),
        ("[System.State] = 'Closed' OR [System.WorkItemType] = 'Bug'", [2, 3]),
        ("[System.State] = 'Closed' OR [System.Id] = 1 AND [System.Id] = 2", [3]),
        ("([System.State] = 'Closed' OR [System.Id] = 1) AND [System.Id] < 2", [1]),
        ("NOT [System.Id] = 1 AND NOT ([System.Id] = 2)", [3, 4]),
        ("[System.Title] CONTAINS 'AMM'", [3]),
        ("[System.IterationPath] UNDER 'Churn'", [1, 2, 3]),
        ("[System.IterationPath] UNDER 'Churn\\Sprint 1'", [2]),
        ("[System.IterationPath] = @currentIteration", [2]),
        ("[System.CreatedDate] >= '2026-11-19'", [2, 3, 4]),
        ("[System.CreatedDate] = '2026-11-18'", [1]),
        ("[System.ChangedDate] >= @today", [2, 3, 4]),
        ("[System.ChangedDate] < @today - 0", [1]),
        ("[System.ChangedDate] > @today-2", [1, 2, 3, 4]),
        ("[System.AssignedTo] = 'ana@acme.example'", [3]),
        ("[System.CreatedBy] = @me", [3]),
        ("[Microsoft.VSTS.Common.Priority] = 2", [1, 2, 3, 4]),
    ],
)
def test_condition(items, wit, condition, found):
    """A condition is true of these."""
    assert found == ask(wit, f" WHERE {condition}")


def test_query_is_of_all_projects(items, wit):
    """A project in the path narrows nothing down, and what is deleted is not found."""
    items.person_deletes(1)
    assert [2, 3, 4] == ask(wit, "")


def test_order(items, wit):
    """The order is the one asked for, and a top cuts it off."""
    assert [4, 3, 2] == ask(wit, " ORDER BY System.Id DESC", top=3)
    assert [1, 3, 4, 2] == ask(wit, " ORDER BY [System.WorkItemType] DESC, [System.Title] ASC")
    assert [3] == ask(wit, " WHERE [System.Id] < 4 ORDER BY [System.AssignedTo] DESC", top=1)


def test_times_need_their_precision(items, wit):
    """A date with a time is refused, unless the request says that it has times."""
    condition = " WHERE [System.CreatedDate] > '2026-11-19T10:30:00Z'"
    message = refuse("SyntaxException", ask, wit, condition)
    assert "You cannot supply a time with the date" in message
    assert [3, 4] == ask(wit, condition, has_time=True)
    assert [2, 3, 4] == ask(wit, " WHERE [System.CreatedDate] >= '2026-11-19'", has_time=True)
    assert [2, 3, 4] == ask(wit, " WHERE [System.CreatedDate] >= @today", has_time=True)


@pytest.mark.parametrize(
    "text",
    [
        " WHERE [System.Odd] = 1",
        " WHERE [System.Title] = 'it's'",
        " WHERE [System.Title] LIKE 'a'",
        " WHERE [System.Title] =",
        " WHERE [System.Title] = AND",
        " WHERE [System.Id] = 'one'",
        " WHERE [System.ChangedDate] > 'soon'",
        " WHERE ([System.Id] = 1",
        " WHERE [System.Id] = 1 2",
        " WHERE [System.Id] = @odd",
        " WHERE [System.Id] IN 1",
        " ORDER [System.Id]",
        " ASOF '2026-11-18'",
        f" WHERE [System.Title] = '{'x' * 32_000}'",
    ],
)
def test_what_is_not_understood_is_refused(items, wit, text):
    """Nothing is guessed."""
    refuse("SyntaxException", ask, wit, text)


@pytest.mark.parametrize("text", ["UPDATE x", "SELECT [System.Id] FROM WorkItemLinks"])
def test_no_query_at_all(wit, text):
    """Only flat queries of work items are known here."""
    refuse("SyntaxException", wit.query_by_wiql, Wiql(text))


def test_empty_query_is_refused(wit):
    """There must be a query."""
    refuse("ArgumentException", wit.query_by_wiql, Wiql())


def test_team_macro_needs_a_team(items, wit):
    """Without a team there is no current iteration."""
    refuse("SyntaxException", ask, wit, " WHERE [System.IterationPath] = @currentIteration", team=False)


def test_results_have_a_limit(items, wit):
    """Too many results are an error, unless fewer are asked for."""
    items.limits.results = 3
    message = refuse("WorkItemTrackingQueryResultSizeLimitExceededException", ask, wit, "")
    assert message.startswith("VS402337")
    assert [1, 2, 3] == ask(wit, "", top=3)


def test_tags_are_listed(items, wit):
    """A project's tags are those that were ever used."""
    assert ["mlab:1", "mlab:12", "tb"] == [each.name for each in wit.get_tags("Churn")]
