"""Two projects of one bot: what one is told of names what is the other's, and changes nothing there."""

import json
from contextlib import closing

import pytest

from fakes.alerts import AlertTalk, alert
from fakes.conversation import PROJECT, RUNS_SECRET, RUNS_SOURCE, Conversation, run
from trainboard.events import ModelChanged

FRAUD = PROJECT | {"name": "fraud"}
OTHER_SECRET = "whsec_" + "b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="
SOURCES = [
    RUNS_SOURCE | {"experiments": ["*"]},
    RUNS_SOURCE | {"name": "fraud", "project": "fraud", "secrets": [OTHER_SECRET], "experiments": ["*"]},
]


@pytest.fixture
def bot(tmp_path):
    """A bot whose projects have the same experiment, and a source of runs each."""
    bot = Conversation(f"sqlite:///{tmp_path}/t.db", projects=[PROJECT, FRAUD], sources=SOURCES)
    yield bot
    bot.close()


def reports(bot, secret, document, address="/webhooks/runs"):
    """A job of the project that has the secret reports a run; the answer's status."""
    body = json.dumps(document).encode()
    headers = bot.signed(body, f"d-{document['run']['id']}", secret)
    answer = bot.http.post(address, data=body, headers=headers, content_type="application/json")
    bot.settle()
    return answer.status_code


def test_a_run_counts_in_the_project_of_its_source(bot):
    """Whatever experiment, run and source it names: those of another project are not touched."""
    assert 202 == reports(bot, OTHER_SECRET, run("r1", "xgb", metrics={"val_auc": 0.9}))
    [before] = bot.items("fraud")
    assert 202 == reports(bot, RUNS_SECRET, run("r1", "xgb", metrics={"val_auc": 0.1}))
    bot.forward(minutes=1)
    [mine], [other] = bot.items("churn"), bot.items("fraud")
    assert before.body == other.body
    assert ("0.1" in mine.body, "0.1" in other.body) == (True, False)


def test_a_replay_at_another_door_is_a_report_of_nobody(bot):
    """What one source signed says nothing at any other one, of the same kind or not."""
    document = run("r1", "xgb")
    for address, status in (("/webhooks/runs/fraud", 404), ("/webhooks/mlflow/prod", 404)):
        assert status == reports(bot, RUNS_SECRET, document, address)
    assert 401 == reports(bot, "whsec_" + "bm9ib2R5J3Mgc2VjcmV0IGF0IGFsbA==", document)
    assert ([], []) == (bot.items("churn"), bot.items("fraud"))


@pytest.mark.parametrize(("owner", "told"), [("churn", True), ("fraud", False)])
def test_an_alert_tells_of_models_of_its_own_project_alone(tmp_path, owner, told):
    """One that names another project's model says nothing of it, and nothing there tells of the bug."""
    projects, source = [PROJECT, FRAUD], {"project": owner}
    with closing(AlertTalk(f"sqlite:///{tmp_path}/a.db", projects=projects, source=source)) as talk:
        talk.reports(run("r1", "churn-xgb"))
        change = {"door": "runs/ci", "model": "churn", "version": "3", "at": talk.clock()}
        talk._hears(ModelChanged(action="version", run_id="r1", **change))
        talk._hears(ModelChanged(action="alias set", alias="champion", **change))
        talk.tells(alert(model="churn", model_version="3"))
        talk.forward(minutes=1)
        [bug], [experiment] = talk.items(owner), Conversation.items(talk, "churn")
        assert (told, told) == ("churn-xgb" in bug.body, "FeatureDrift" in experiment.body)
        assert [] == talk.items("fraud" if owner == "churn" else "churn")
