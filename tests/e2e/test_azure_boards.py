"""The whole bot with a team of Azure Boards as its tracker: one experiment, one work item, whatever fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from fakes.azure_devops import HOSTED, SERVER_2022, AzureDevOps, serving
from fakes.azure_devops.faults import SIGN_IN, Fault
from fakes.clock import FakeClock
from fakes.conversation import run
from trainboard.applying import experiment_items
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.credentials import TokenCredential
from trainboard.azure_devops.locations import name_account
from trainboard.budgets.memory import MemoryBudgets
from trainboard.trackers.azure_boards import AzureBoardsTracker
from trainboard.work_items import NewWorkItem, WorkItemChange

CREATE = "POST wit.newWorkItem"
TEXT = "System.Description"


@pytest.fixture(params=[HOSTED, SERVER_2022], ids=["services", "server"])
def bot(request, talk):
    """A bot whose project lives in Azure Boards, with Markdown and without; `bot.azure` is behind it."""
    bot = talk()
    bot.azure = AzureDevOps(bot.clock, edition=request.param)
    bot.azure.add_project("Churn", process="Scrum", team="Churn ML")
    with bot.azure.running():
        move_in(bot)
        bot.ticks()
        yield bot
        bot.bot.outside.trackers["churn"].close()


def move_in(bot):
    """Have the project's work items kept in Azure Boards."""
    bot.bot.outside.trackers["churn"] = open_tracker(bot.azure)


def open_tracker(azure):
    """A tracker of the team, with a memory and connections of its own."""
    organization = Organization(
        url=azure.url,
        credential=TokenCredential(azure.token),
        budget=MemoryBudgets(azure.clock).of(name_account(azure.url), ()),
        clock=azure.clock,
    )
    return AzureBoardsTracker(organization=organization, project="Churn", team="Churn ML", clock=azure.clock)


def items(bot):
    """The work items, in order."""
    return list(bot.azure.items.values())


def goes_on(bot, minutes=120):
    """Time enough for every retry."""
    for _ in range(minutes // 5):
        bot.forward(minutes=5)


def test_an_experiment_becomes_a_work_item_of_its_iteration(bot):
    """Title, tag, iteration and the runs stand on the board; the sprints are iterations, made ahead."""
    bot.reports(run(metrics={"val_auc": 0.93}))

    [item] = items(bot)
    assert ("Experiment: churn-xgb", ["tb:experiment"], "Product Backlog Item") == (
        item.title,
        item.tags,
        item.type.name,
    )
    nodes = bot.azure.find_project("Churn").iterations.children
    assert ["Sprint 1", "Sprint 2"] == [node.name for node in nodes]
    assert datetime(2026, 11, 22, tzinfo=UTC) == nodes[0].attributes["finishDate"]
    assert "Churn\\Sprint 1" == item.fields["System.IterationPath"]
    assert "1 run: 1 finished" in item.fields[TEXT]
    assert "<!--" not in item.fields[TEXT]


def test_an_update_searches_nothing(bot):
    """News of an experiment costs a look and a change, and on a server without Markdown one look more."""
    for run_id in ("r1", "r2", "r3"):
        before = len(bot.azure.calls())
        bot.reports(run(run_id))
        bot.clock.forward(seconds=31)

    looks = 1 if bot.azure.edition.knows_markdown else 2
    assert [*["GET wit.workItems"] * looks, "PATCH wit.workItems"] == bot.azure.calls()[before:]


def test_a_target_written_on_the_board_is_judged(bot):
    """A target that somebody writes, in Markdown or in the editor of HTML, is seen with the next run."""
    bot.reports(run("r1", metrics={"val_auc": 0.95}))
    [item] = items(bot)
    theirs = "val_auc >= 0.92\n\n" if bot.azure.edition.knows_markdown else "<div>val_auc &gt;= 0.92</div>"
    bot.azure.person_describes(item.id, theirs + item.fields[TEXT])
    bot.clock.forward(minutes=1)
    bot.reports(run("r2", metrics={"val_auc": 0.9}))

    assert "met" in item.fields[TEXT]
    assert item.fields[TEXT].startswith(theirs.rstrip("\n"))


@pytest.mark.parametrize(
    ("fault", "after_work"),
    [
        (Fault(status=203, body=SIGN_IN, kind="text/html"), False),
        (Fault(status=412, body='{"typeKey": "TestPatchOperationFailedException"}'), False),
        (Fault(status=429, body="{}", headers={"Retry-After": "30"}), False),
        (Fault(status=429, body="{}"), False),
        (Fault(status=503, body="{}"), False),
        (Fault(status=503, body="{}"), True),
        (Fault(breaks=True), True),
        (Fault(breaks=True, seconds=1), True),
        (Fault(headers={"Retry-After": "30", "X-RateLimit-Delay": "12"}), False),
    ],
    ids=[
        "sign-in page",
        "conflict",
        "429 with a time",
        "429 without",
        "503",
        "503 after the work was done",
        "closed after the work was done",
        "time-out after the work was done",
        "slow down, with 200",
    ],
)
def test_exactly_one_work_item_whatever_the_creation_meets(bot, fault, after_work):
    """However the first call ends, the next runs bring it to one work item that shows them all."""
    bot.azure.faults.add(fault, method="POST", path=r"workitems/\$", after_work=after_work)
    bot.reports(run("r1"))
    goes_on(bot)
    bot.reports(run("r2", ended="2026-11-18T12:00:00Z"))
    goes_on(bot)

    [item] = items(bot)
    assert "2 runs: 2 finished" in item.fields[TEXT]


def test_a_crash_between_making_and_noting_makes_no_second_item(bot, monkeypatch):
    """The process dies after Azure DevOps has made the item and before the store knows it."""

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(experiment_items, "_note", die)
        with pytest.raises(Killed):
            bot.reports(run("r1"))
    assert 1 == len(items(bot))

    bot.restart()
    move_in(bot)
    goes_on(bot)
    [item] = items(bot)
    assert "1 run: 1 finished" in item.fields[TEXT]
    assert ["POST wit.wiql"] == [call for call in bot.azure.calls() if "wiql" in call]


def test_an_item_that_somebody_deleted_is_not_made_again(bot):
    """What lies in the recycle bin stays there."""
    bot.reports(run("r1"))
    bot.azure.person_deletes(1)
    bot.clock.forward(minutes=1)
    bot.reports(run("r2"))
    goes_on(bot)

    assert 1 == bot.azure.calls().count(CREATE) - (not bot.azure.edition.knows_markdown)


def test_a_project_out_of_sight_is_not_taken_for_deleted_items(bot):
    """While the project cannot be seen, nothing is given up; then everything is written."""
    bot.reports(run("r1"))
    hidden = bot.azure.projects.pop("churn")
    bot.clock.forward(minutes=1)
    bot.reports(run("r2"))
    bot.forward(minutes=1)
    bot.azure.projects["churn"] = hidden
    goes_on(bot)

    [item] = items(bot)
    assert "2 runs: 2 finished" in item.fields[TEXT]


def test_peoples_words_and_tags_outlast_a_race(bot):
    """Somebody who edits between our look and our change keeps the words; the runs come all the same."""
    bot.reports(run("r1"))
    [item] = items(bot)

    def edit():
        bot.azure.person_tags(item.id, "theirs")
        bot.azure.person_describes(item.id, f"{item.fields[TEXT]}\n\nA note.")

    bot.clock.forward(minutes=1)
    tracker = bot.bot.outside.trackers["churn"]
    get_item = tracker.get_item

    def get_and_edit(ref):
        found = get_item(ref)
        if "theirs" not in item.tags:
            edit()
        return found

    tracker.get_item = get_and_edit
    bot.reports(run("r2"))
    goes_on(bot, minutes=30)

    assert {"tb:experiment", "theirs"} == set(item.tags)
    assert "A note." in item.fields[TEXT]
    assert "2 runs: 2 finished" in item.fields[TEXT]


def test_an_experiment_that_is_carried_moves_to_the_next_iteration(bot):
    """Open in the ended sprint, open in the next one, one work item."""
    bot.reports(run("r1"))
    bot.forward(days=7)
    bot.forward(minutes=5)

    [item] = items(bot)
    assert "Churn\\Sprint 2" == item.fields["System.IterationPath"]
    assert "Carried once, from Sprint 1" in item.fields[TEXT]


def test_tags_of_three_processes_at_once_are_all_kept():
    """Processes that change the same item at the same moment lose none of each other's tags."""
    with serving(AzureDevOps(FakeClock())) as azure:
        azure.add_project("Churn", process="Scrum", team="Churn ML")
        trackers = [open_tracker(azure) for _ in range(3)]
        ref = trackers[0].create_item(NewWorkItem(title="t", body="")).ref
        for tracker in trackers:
            tracker.get_item(ref)
        with ThreadPoolExecutor(3) as pool:
            changes = [WorkItemChange(add_labels=(f"tag {number}",)) for number in range(3)]
            list(pool.map(lambda tracker, change: tracker.update_item(ref, change), trackers, changes))
        for tracker in trackers:
            tracker.close()
    assert ["tag 0", "tag 1", "tag 2"] == sorted(azure.items[1].tags)
