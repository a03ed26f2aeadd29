"""The whole bot with a board of GitHub Projects: items stand there as they are, and people may move them."""

import json
from datetime import date

import pytest
from structlog.testing import capture_logs

from fakes.alerts import AlertTalk, alert
from fakes.clock import FakeClock
from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub, read_timeout
from fakes.github.keys import make_pem
from fakes.github.projects import Card, add_iteration, add_project, node_id, rewrite
from fakes.mortal import outlives_steps
from trainboard.rendering.words import say_effect
from trainboard.store import history

MOST_STEPS = 60
BOARD = {"project": "acme/12"}
SECRETS = {"webhook_secrets": ["github webhook secret"]}


@pytest.fixture
def begin(talk):
    """Makes a bot whose project has a board; `bot.github` is the GitHub, `bot.board` the board there."""
    begun = []

    def make(*, board=BOARD, github=None, **project):
        given = PROJECT | {"tracker": "github:acme/churn", "board": board} | project
        bot = talk(projects=[given], github=(github or {"token": FakeGitHub.token}) | SECRETS)
        bot.github = FakeGitHub(clock=bot.clock)
        bot.board = add_project(bot.github)
        running = bot.github.running()
        running.__enter__()
        begun.append((bot, running))
        bot.ticks()
        return bot

    yield make
    for bot, running in reversed(begun):
        running.__exit__(None, None, None)
        bot.bot.outside.trackers["churn"].close()
        bot.bot.outside.boards["churn"].close()


@pytest.fixture
def bot(begin):
    """A bot with a board."""
    return begin()


def asked(bot, since=0):
    """How often GraphQL was asked."""
    return bot.github.calls()[since:].count("POST /graphql")


def closes(bot, issue, state="closed"):
    """A person closes the issue, or opens it again; GitHub tells of it."""
    bot.clock.forward(minutes=1)
    issue.state, issue.updated_at = state, bot.clock()
    action = "closed" if state == "closed" else "reopened"
    document = {
        "action": action,
        "issue": bot.github.shapes.issue(bot.github.churn, issue),
        "repository": bot.github.shapes.repository(bot.github.churn),
        "sender": bot.github.shapes.user("ana"),
    }
    assert 202 == bot.github_says("issues", document)
    bot.forward(minutes=5)


def reported(bot):
    """An experiment with a run and its issue."""
    bot.reports(run(metrics={"val_auc": 0.93}))
    [issue] = bot.github.churn.issues.values()
    return issue


def test_a_new_item_stands_on_the_board_in_three_calls(bot):
    """It is looked for, added, and both its values are set at once."""
    issue = reported(bot)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)
    assert 3 == asked(bot)


def test_nothing_new_asks_nothing(bot):
    """Runs that change no state, and the clock, ask the board nothing."""
    reported(bot)
    before = asked(bot)

    bot.reports(run("r2"))
    bot.forward(days=1)
    bot.reports(run("r3"))

    assert before == asked(bot)


def test_another_state_is_one_call(bot):
    """What is closed is done, and what is opened again is not."""
    issue = reported(bot)
    before = asked(bot)

    closes(bot, issue)

    assert ("Sprint 1", "Done") == bot.board.shown(issue)
    assert before + 1 == asked(bot)

    closes(bot, issue, "open")

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)


def test_what_is_carried_over_moves_to_the_next_iteration(bot):
    """In the next sprint it waits for its first run there."""
    issue = reported(bot)

    bot.forward(days=14)
    bot.forward(minutes=5)

    assert ("Sprint 2", "Todo") == bot.board.shown(issue)


def test_a_persons_move_stays_until_the_item_changes(bot):
    """News of the same state moves nothing; another state does."""
    issue = reported(bot)
    bot.board.move(issue, "Status", "Todo")
    bot.board.move(issue, "Iteration", "Sprint 2")

    bot.reports(run("r2"))
    bot.forward(days=1)
    assert ("Sprint 2", "Todo") == bot.board.shown(issue)

    closes(bot, issue)
    assert ("Sprint 2", "Done") == bot.board.shown(issue)


def test_what_people_put_there_keeps_what_they_set(begin):
    """Of a card that people made only what is empty is filled."""
    bot = begin(board={"project": ""})
    issue = reported(bot)
    bot.board.cards.append(Card(f"PVTI_{bot.github.new_id()}", node_id(issue)))
    bot.board.move(issue, "Status", "Todo")
    settle_with_board(bot)

    assert ("Sprint 1", "Todo") == bot.board.shown(issue)


def settle_with_board(bot):
    """The operator names a board, and the bot is started again."""
    given = PROJECT | {"tracker": "github:acme/churn", "board": BOARD}
    bot.settings = type(bot.settings).model_validate(bot.settings.model_dump() | {"projects": [given]})
    bot.restart()
    bot.forward(minutes=5)


def test_what_there_was_before_is_put_on_a_new_board(begin):
    """A board that is named later gets what is open; what ended in former sprints is not dug out."""
    bot = begin(board={"project": ""})
    first = reported(bot)
    closes(bot, first)
    bot.forward(days=14)
    bot.reports(run("r2", "churn-mlp", ended="2026-12-02T09:00:00Z"))
    second = bot.github.churn.issues[2]

    settle_with_board(bot)

    assert [None, ("Sprint 2", "In Progress")] == [bot.board.shown(first), bot.board.shown(second)]


def test_a_card_that_people_took_off_stays_off(bot):
    """One look finds it gone; after that nothing is asked."""
    issue = reported(bot)
    bot.board.cards.clear()

    closes(bot, issue)
    closes(bot, issue, "open")
    before = asked(bot)
    closes(bot, issue)

    assert bot.board.shown(issue) is None
    assert before == asked(bot)


def test_an_issue_that_graphql_does_not_know_yet_is_put_there_soon(bot):
    """What was made a second ago is not everywhere yet; that is no reason to leave it off."""
    late = {"data": {"owner": None, "repository": {"issue": None}}}
    answered = bot.github.answer
    lagging = iter([True])

    def answer(request):
        status, headers, text = answered(request)
        if "BoardAndItem" in str(request.body) and next(lagging, False):
            late["data"]["owner"] = json.loads(text)["data"]["owner"]
            text = json.dumps(late | {"errors": [{"type": "NOT_FOUND", "path": ["repository", "issue"]}]})
        return status, headers, text

    bot.github.answer = answer
    with bot.github.running():
        issue = reported(bot)
        assert bot.board.shown(issue) is None
        bot.forward(minutes=10)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)


def test_an_archived_card_is_left_alone(bot):
    """When people take it out of the archive, the next change is shown."""
    issue = reported(bot)
    card = bot.board.card_of(issue)
    card.archived = True
    closes(bot, issue)
    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)

    card.archived = False
    closes(bot, issue, "open")
    closes(bot, issue)
    assert ("Sprint 1", "Done") == bot.board.shown(issue)


def test_a_missing_iteration_is_named_and_never_made(bot):
    """The status is set and the rest said; a person adds the iteration, and the item moves into it."""
    add = bot.board.fields[1].iterations
    del add[0]
    with capture_logs() as logs:
        issue = reported(bot)
    assert (None, "In Progress") == bot.board.shown(issue)
    [said] = [entry for entry in logs if "has no iteration for Sprint 1" in entry["event"]]
    assert "clears the iteration of every item" in said["fix"]
    before = asked(bot)
    bot.forward(minutes=30)
    assert before == asked(bot)

    add_iteration(bot.github, bot.board, "Sprint 1", date(2026, 11, 9))
    bot.forward(hours=1)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)


def test_an_iteration_that_begins_with_the_sprint_is_its_own(bot):
    """Whatever it is called; of the same name with other days is another."""
    names = bot.board.fields[1].iterations
    names[0]["title"] = "The long one"
    names[1]["title"] = "Sprint 1"

    assert ("The long one", "In Progress") == bot.board.shown(reported(bot))


def test_new_ids_of_iterations_are_looked_up(bot):
    """Somebody wrote the iterations by the API: all ids are others, and none is asked for in vain twice."""
    issue = reported(bot)
    held = bot.board.fields[1]
    rewrite(
        bot.github,
        bot.board,
        held,
        [{k: v for k, v in each.items() if k != "id"} for each in held.iterations],
    )

    bot.forward(days=14)
    bot.forward(minutes=5)

    assert ("Sprint 2", "Todo") == bot.board.shown(issue)


def test_an_option_that_is_not_there_is_left_alone(begin):
    """The iteration is set; the state too, once there is an option for it."""
    bot = begin(board=BOARD | {"doing": "Training"})
    issue = reported(bot)
    assert ("Sprint 1", None) == bot.board.shown(issue)

    bot.board.fields[2].options.append({"id": "abc", "name": "training"})
    bot.forward(hours=2)

    assert ("Sprint 1", "training") == bot.board.shown(issue)


def test_a_field_of_another_name_is_not_set(bot):
    """A renamed field is missing, and nothing else is harmed by it."""
    bot.board.fields[2].name = "Stage"

    assert ("Sprint 1", None) == bot.board.shown(reported(bot))


@pytest.mark.parametrize("harm", ["deleted", "unscoped", "read only"])
def test_a_board_that_refuses_is_asked_once_an_hour(bot, harm):
    """Work items go on without it; when it takes us again, all is shown."""
    project = dict(bot.github.projects)
    if harm == "deleted":
        bot.github.projects.clear()
    elif harm == "unscoped":
        bot.github.project_scopes.clear()
    else:
        bot.board.writable = False
    issue = reported(bot)
    before = asked(bot)
    bot.reports(run("r2", "churn-mlp"))
    bot.forward(minutes=30)
    assert before == asked(bot)
    assert not bot.board.cards
    page = bot.http.get("/projects/churn/sprints/1").get_data(as_text=True)
    assert "Could not" in page

    bot.github.projects |= project
    bot.github.project_scopes = {"read", "write"}
    bot.board.writable = True
    bot.forward(hours=1)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)
    assert 2 == len(bot.board.cards)


def test_an_app_without_the_permission_loses_the_board_alone(begin):
    """Its issues are made; the page says what lacks, and once it is granted the board fills."""
    bot = begin(github={"app_id": 4711, "private_key": make_pem()})
    del bot.github.granted["organization_projects"]
    issue = reported(bot)
    page = bot.http.get("/projects/churn/sprints/1").get_data(as_text=True)
    assert "organization_projects: write" in page

    bot.github.granted["organization_projects"] = "write"
    bot.forward(hours=2)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)


def test_all_items_of_the_sprint_are_shown_where_that_is_wanted(begin):
    """Those that people made too, once an hour; what they set on the board stays."""
    bot = begin(board=BOARD | {"items": "all"})
    issue = bot.github.person_opens(bot.github.churn, "Look at the data")
    issue.milestone = 1
    bot.bot.schedule.tick_history()
    bot.settle()
    assert ("Sprint 1", "Todo") == bot.board.shown(issue)

    bot.board.move(issue, "Status", "In Progress")
    bot.clock.forward(hours=1)
    bot.bot.schedule.tick_history()
    bot.settle()
    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)

    bot.github.person_changes(issue, state="closed")
    bot.clock.forward(hours=1)
    bot.bot.schedule.tick_history()
    bot.settle()
    assert ("Sprint 1", "Done") == bot.board.shown(issue)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_does_no_harm(bot, at, done):
    """Whichever of the calls it is, and whether it was done: one card, with both values."""
    bot.github.next_fault(error=read_timeout(), after_commit=done, path="/graphql", skip=at)
    issue = reported(bot)
    bot.forward(minutes=10)

    assert ("Sprint 1", "In Progress") == bot.board.shown(issue)
    assert 1 == len(bot.board.cards)


def test_one_card_wherever_the_process_dies(bot, monkeypatch):
    """Death between every two steps: another process goes on, and no card is made twice or half."""
    for fatal in range(1, MOST_STEPS):
        bot.reports(run(f"r{fatal}", f"churn-{fatal}"), settle=False)
        has_lived = outlives_steps(bot.settle, monkeypatch, fatal)
        bot.restart()
        bot.forward(minutes=10)
        issue = bot.github.churn.issues[fatal]
        assert ("Sprint 1", "In Progress") == bot.board.shown(issue)
        assert fatal == len(bot.board.cards)
        if has_lived:
            break
    assert 20 < fatal < MOST_STEPS - 1


@pytest.fixture
def alarmed(tmp_path):
    """A bot with an Alertmanager, whose bugs stand on a board."""
    given = PROJECT | {"tracker": "github:acme/churn", "board": BOARD}
    github = FakeGitHub(clock=FakeClock())
    with github.running():
        talk = AlertTalk(
            f"sqlite:///{tmp_path}/alarmed.db",
            clock=github._clock,
            projects=[given],
            github={"token": FakeGitHub.token} | SECRETS,
        )
        talk.github, talk.board = github, add_project(github)
        yield talk
        talk.bot.outside.trackers["churn"].close()
        talk.bot.outside.boards["churn"].close()
        talk.close()


def test_a_bug_stands_on_the_board(alarmed):
    """In the sprint that it was made in, as something to do; and as done when it is over."""
    alarmed.tells(alert())
    alarmed.forward(seconds=3)
    [issue] = alarmed.github.churn.issues.values()
    assert ("Sprint 1", "Todo") == alarmed.board.shown(issue)

    alarmed.tells(alert(firing=False))
    alarmed.forward(minutes=11)

    assert "closed" == issue.state
    assert ("Sprint 1", "Done") == alarmed.board.shown(issue)


def test_a_bug_of_the_backlog_has_no_iteration(alarmed):
    """One that is not bad enough for a sprint shows its state alone; one that somebody answers is begun."""
    alarmed.tells(alert(severity="info"))
    alarmed.forward(seconds=3)
    [issue] = alarmed.github.churn.issues.values()
    assert (None, "Todo") == alarmed.board.shown(issue)

    alarmed.clock.forward(minutes=2)
    closes(alarmed, issue, "open")

    assert (None, "In Progress") == alarmed.board.shown(issue)


def test_a_project_of_a_user_is_a_board_too(bot):
    """A token reaches it."""
    bot.github.users.add("acme")

    assert ("Sprint 1", "In Progress") == bot.board.shown(reported(bot))


def test_hostile_names_on_the_board_do_nothing(bot):
    """What people called fields and iterations is compared, shown as text, and never run or sent on."""
    names = bot.board.fields[1].iterations
    names[0] |= {"title": "Sprint 1\x1b[2J <script>alert(1)</script> @everyone", "startDate": "2026-10-01"}
    bot.board.fields[2].name = "<img src=x onerror=alert(1)>\x1b[2J"
    reported(bot)
    page = bot.http.get("/projects/churn/sprints/1").get_data(as_text=True)

    assert "has no iteration for Sprint 1" in page
    assert "&lt;img src=x" in page
    assert [] == [each for each in ("<img src=x", "<script>alert", "\x1b") if each in page]


def test_a_sprint_that_people_renamed_is_found_by_its_new_name(bot):
    """Milestone and iteration go by one name, whatever the days of the iteration are."""
    held = bot.board.fields[1].iterations[0]
    held |= {"title": "Tigers", "startDate": "2026-11-10"}
    bot.github.churn.milestones[1].title = "Tigers"
    document = {
        "action": "edited",
        "changes": {"title": {"from": "Sprint 1"}},
        "milestone": bot.github.shapes.milestone(bot.github.churn, bot.github.churn.milestones[1]),
        "repository": bot.github.shapes.repository(bot.github.churn),
        "sender": bot.github.shapes.user("ana"),
    }
    assert 202 == bot.github_says("milestone", document)

    assert ("Tigers", "In Progress") == bot.board.shown(reported(bot))


def test_what_was_done_to_a_card_is_explained(bot):
    """Beside what was done to the item."""
    reported(bot)
    with bot.bot.outside.database.read() as connection:
        [subject] = history.list_subjects(connection, "churn-xgb")
        said = [say_effect(each.effect) for each in history.list_effects(connection, subject)]
    assert "the board of churn shows work item 1 in sprint 1 as doing" in said
