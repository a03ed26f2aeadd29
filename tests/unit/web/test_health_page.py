"""The page that tells people how the bot is doing."""

from datetime import timedelta

from fakes.board import NOW, PROJECTS, came
from fakes.html import words
from trainboard.budgets import Lane, Window
from trainboard.hooks import Hook, HookState
from trainboard.store import cursors, hook_states
from trainboard.store.budgets import StoredBudgets
from trainboard.web.app import create_app
from trainboard.web.pages import pages

WINDOW = Window(name="writes_minute", seconds=60, most=10)


def test_nothing_happened_yet(web):
    """Each part says so."""
    page = words(web.text("/health"))
    assert "Deliveries 0 0 0 Effects 0 0 0 No delivery waits." in page
    assert "mlflow/prod not read yet never nothing" in page
    assert "No account of a platform was used in the last days." in page
    assert "Hooks" not in page


def test_what_waits_too_long_is_said(web, database, clock):
    """A worker may be missing: who looks is told what to look at."""
    with database.write() as connection:
        came(connection)
    assert "Is a worker running?" not in words(web.text("/health"))
    clock.forward(minutes=6)
    page = words(web.text("/health"))
    assert "Is a worker running?" in page
    assert "Deliveries 1 0 0" in page


def test_a_tracker_that_does_not_answer_is_said(web, database):
    """With since when, and what it said, which is text from outside."""
    with database.write() as connection:
        cursors.fail(connection, "mlflow/prod", NOW, "refused <b>all</b>")
    page = web.text("/health")
    assert "since 2026-03-04 12:00 UTC: refused &lt;b&gt;all&lt;/b&gt;" in words(page)
    assert "unreachable" in page


def test_what_platforms_grant_is_said(web, database, clock):
    """What is used of our windows, and that one is nearly full."""
    budget = StoredBudgets(database, clock).of("github:bot", (WINDOW,))
    budget.admit("write", Lane.COMMAND, writes=True)
    assert "github:bot free 1 of 10 writes of one minute n/a 0" in words(web.text("/health"))
    for _ in range(8):
        budget.admit("write", Lane.COMMAND, writes=True)
    assert "github:bot nearly full 9 of 10 writes of one minute" in words(web.text("/health"))


def test_hooks_that_do_not_work_are_said(web, database):
    """By source; one that people switched off is none of them."""
    hooks = [
        Hook(place="acme/Churn", name="created", state=HookState.WORKING, id="1"),
        Hook(place="acme/Churn", name="updated", state=HookState.SWITCHED_OFF, id="2"),
    ]
    with database.write() as connection:
        hook_states.record(connection, "azure-devops", hooks, NOW)
    assert "azure-devops working 1 switched off, 1 working 0" in words(web.text("/health"))
    with database.write() as connection:
        hook_states.note_repair(
            connection,
            "azure-devops",
            Hook(place="acme/Churn", name="updated", state=HookState.FAILING, id="2"),
            NOW + timedelta(minutes=1),
        )
    assert "azure-devops not all work 1 failing, 1 working 1" in words(web.text("/health"))


def test_settings_that_changed_are_told_on_every_page(database, clock):
    """Where everybody looks, and not only there."""
    made = pages(database, PROJECTS, {}, clock, access="public", find_change=lambda: "The settings <file>.")
    client = create_app(made).test_client()
    for path in ("/health", "/deliveries", "/alerts"):
        assert "The settings &lt;file&gt;." in client.get(path).text
