"""An experiment ends by the rule that people wrote, once, and people have the last word."""

import pytest

from e2e.test_alerts_once import WORLDS, outlives
from fakes.conversation import Conversation, run
from trainboard.store import plan_words
from trainboard.work_items import WorkItemChange

MOST_STEPS = 60
RULES = "conclude when targets met\ninconclusive when budget used"
PLAN = f"### Targets\nval_auc >= 0.92\n\n### Budget\nruns<=4\n\n### Decision rule\n{RULES}\n\n"


@pytest.fixture(params=["local, sqlite", "github", "azure boards"])
def talk(request):
    """A bot with an experiment that has a plan and a run that misses its target."""
    with WORLDS[request.param](request) as talk:
        begins(talk, "churn-xgb")
        yield talk
        talk.close()


def begins(talk, experiment):
    """A run made the work item, and somebody wrote the plan."""
    reports(talk, f"{experiment}-0", 0.9, experiment)
    item = find_item(talk, experiment)
    tracker(talk).update_item(item.ref, WorkItemChange(body=f"{PLAN}{item.body}"))
    reports(talk, f"{experiment}-1", 0.9, experiment)


def tracker(talk):
    return talk.bot.outside.trackers["churn"]


def find_item(talk, experiment="churn-xgb"):
    """The experiment's work item."""
    [item] = [each for each in Conversation.items(talk) if experiment in each.title]
    return item


def reports(talk, id_, auc, experiment="churn-xgb"):
    """A run ended, and the bot did all that is due."""
    talk.reports(run(id_, experiment, metrics={"val_auc": auc}))
    talk.forward(minutes=6)


def says(talk, experiment="churn-xgb"):
    """What the comments of the work item say, and what stands in its body."""
    item = find_item(talk, experiment)
    comments = [text.replace("\u200b", "") for text in talk.comments(item)]
    return comments, item.body


def test_met_targets_end_it(talk):
    """It is closed as done, its text and one comment say by which rule."""
    assert "Ends by itself: `conclude when targets met`, `inconclusive when budget used`" in says(talk)[1]
    reports(talk, "r2", 0.95)
    comments, body = says(talk)
    item = find_item(talk)
    assert ("closed", "done") == (item.state, item.closed_as)
    assert "**Concluded** by the decision rule `conclude when targets met`." in body
    assert "Ends by itself" not in body
    [ended] = [text for text in comments if "is **concluded** by its decision rule" in text]
    assert "Target `val_auc >= 0.92` is **met**" in ended


def test_a_budget_used_up_in_vain_ends_it(talk):
    """It is closed as not planned, and nothing is called a result."""
    reports(talk, "r2", 0.91)
    assert "open" == find_item(talk).state
    reports(talk, "r3", 0.91)
    item = find_item(talk)
    assert ("closed", "not planned") == (item.state, item.closed_as)
    assert "**Inconclusive** by the decision rule `inconclusive when budget used`." in item.body


def test_it_waits_for_runs_that_go_on(talk):
    """One of them may change what came of it."""
    talk.reports(run("slow", "churn-xgb", "running"))
    reports(talk, "r2", 0.95)
    assert "open" == find_item(talk).state
    reports(talk, "slow", 0.9)
    assert "closed" == find_item(talk).state


def test_who_opens_it_again_has_the_last_word(talk):
    """Further runs that reach the target do not close it again."""
    reports(talk, "r2", 0.95)
    tracker(talk).update_item(find_item(talk).ref, WorkItemChange(state="open"))
    reports(talk, "r3", 0.97)
    reports(talk, "r4", 0.98)
    assert "open" == find_item(talk).state
    assert 1 == sum("by its decision rule" in text for text in says(talk)[0])


def test_a_death_between_any_two_steps_ends_it_once(talk, monkeypatch):
    """Whatever had been written, it ends, and one comment says so."""
    for fatal in range(1, MOST_STEPS):
        name = f"churn-f{fatal:02}"
        begins(talk, name)
        talk.reports(run(f"{name}-2", name, metrics={"val_auc": 0.95}), settle=False)
        has_lived = outlives(talk, monkeypatch, fatal)
        talk.forward(minutes=12)
        assert "closed" == find_item(talk, name).state
        with talk.bot.database.read() as connection:
            ref = find_item(talk, name).ref
            assert "concluded" == plan_words.find_conclusion(connection, tracker(talk).name, ref).value
        comments, body = says(talk, name)
        assert 1 == sum("by its decision rule" in text for text in comments)
        assert 1 == body.count("**Concluded** by the decision rule")
        if has_lived:
            break
    assert 8 < fatal < MOST_STEPS - 1
