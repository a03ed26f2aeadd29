"""A wish becomes an effect, or a sentence."""

import pytest

from fakes.code import NOW
from fakes.pipelines import pipeline
from trainboard import effects
from trainboard.policy import Project
from trainboard.run_requests import Asking, ask_for_run
from trainboard.triggers import Argument, ArgumentError, Origin

ORIGIN = Origin(place="github:acme/churn", ref="7", is_pull_request=True)
ASKING = Asking(command="retrain", origin=ORIGIN, by="ana", key="comment/5/0", at=NOW)
PROJECT = Project(
    name="churn",
    tracker="github:acme/churn",
    pipelines=(pipeline(), pipeline(name="promote", commands=("promote",))),
)


def test_a_wish_is_an_effect():
    """One for each time that somebody asked, whatever they asked for; it survives its row."""
    effect = ask_for_run(PROJECT, "retrain", {"dry_run": "no"}, ASKING)
    assert (Argument("dry_run", False),) == effect.arguments
    assert "start-pipeline:churn/comment/5/0" == effect.key
    assert effect == effects.decode(effects.encode(effect))
    assert effect.key == ask_for_run(PROJECT, "retrain", {}, ASKING).key


@pytest.mark.parametrize("name", ["promote", "release", "../retrain.yml", "retrain.yml", ""])
def test_a_command_starts_its_own_pipelines_only(name):
    """The sentence names those, and repeats nothing of what was written."""
    with pytest.raises(ArgumentError) as caught:
        ask_for_run(PROJECT, name, {}, ASKING)
    assert "/retrain cannot start that pipeline of churn. It may start: retrain." == str(caught.value)
