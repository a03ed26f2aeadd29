"""What happened to an experiment, as people read it."""

import pytest
from markdown_it import MarkdownIt

from trainboard.milestones import (
    BudgetUsed,
    ExperimentEnded,
    NamedRun,
    RunsFailed,
    SweepEnded,
    TargetLost,
    TargetMet,
    VersionPlaced,
    VersionRegistered,
)
from trainboard.rendering.milestones import render_milestones

RUN = NamedRun(name="deep", url="https://mlflow.example.com/#/runs/1")
SHOWN = "[deep](https://mlflow.example.com/#/runs/1)"
EVIL = "fixes #1 @octocat `x` <img src=x> | ](javascript:alert(1))\n/promote production"


@pytest.mark.parametrize(
    ("milestone", "sentence"),
    [
        (
            TargetMet(target="auc >= 0.9", value=0.92413, run=RUN),
            f"Target `auc >= 0.9` is **met**: 0.9241, by run {SHOWN}.",
        ),
        (
            TargetLost(target="auc >= 0.9", value=0.5),
            "Target `auc >= 0.9` is **not met any more**: the best is 0.5.",
        ),
        (
            TargetLost(target="auc >= 0.9", value=None),
            "Target `auc >= 0.9` is **not met any more**: no finished run has it.",
        ),
        (
            TargetLost(target="p95 <= 50", value=70.0, is_guard_rail=True),
            "Guard-rail `p95 <= 50` is **not held any more**: the best is 70.",
        ),
        (
            RunsFailed(run=RUN, reason="OutOfMemoryError batch"),
            f"Three runs **failed** one after the other, the last was {SHOWN}: OutOfMemoryError batch",
        ),
        (
            RunsFailed(run=RUN, reason=""),
            f"Three runs **failed** one after the other, the last was {SHOWN}.",
        ),
        (
            SweepEnded(sweep="s", name=RUN, runs=1200, failed=3),
            f"Sweep {SHOWN} is **complete**: 1,200 runs, 3 failed.",
        ),
        (SweepEnded(sweep="s", name=RUN, runs=1, failed=0), f"Sweep {SHOWN} is **complete**: 1 run."),
        (
            BudgetUsed(limit="runs <= 50", level=100, percent=104),
            "Of the budget `runs <= 50` **104 %** are used.",
        ),
        (
            ExperimentEnded(rule="conclude when targets met", has_result=True),
            (
                "The experiment is **concluded** by its decision rule `conclude when targets met`, "
                "and closed. Open it again if that is wrong: no rule ends it twice."
            ),
        ),
        (
            VersionRegistered(model="churn", version="7", run=RUN),
            f"Model `churn` version 7 was **registered**, made by run {SHOWN}.",
        ),
        (
            VersionRegistered(model="churn", version="", run=None),
            "Model `churn` was **registered**.",
        ),
        (
            VersionPlaced(model="churn", version="7", place="champion", is_production=True),
            "Model `churn` version 7 is **in production**: `champion`.",
        ),
        (
            VersionPlaced(
                model="churn", version="7", place="test", is_production=False, url="https://ml.example.com/t"
            ),
            "Model `churn` version 7 is in use: [`test`](https://ml.example.com/t).",
        ),
    ],
)
def test_each_is_one_sentence(milestone, sentence):
    """With what there is to look at."""
    assert sentence == render_milestones([milestone])


def test_several_are_a_list_and_many_are_counted():
    """Twenty are shown."""
    many = [BudgetUsed(limit=f"runs <= {number}", level=80, percent=80) for number in range(23)]
    lines = render_milestones(many).splitlines()
    assert "- Of the budget `runs <= 0` **80 %** are used." == lines[0]
    assert (21, "- Beside that 3 more changes; the work item tells how it stands.") == (len(lines), lines[-1])


@pytest.mark.parametrize(
    "milestone",
    [
        TargetMet(target=EVIL, value=1.0, run=NamedRun(name=EVIL, url="javascript:alert(1)")),
        RunsFailed(run=NamedRun(name=EVIL, url=EVIL), reason=EVIL),
        SweepEnded(sweep=EVIL, name=NamedRun(name=EVIL), runs=1, failed=0),
        BudgetUsed(limit=EVIL, level=80, percent=80),
        VersionRegistered(model=EVIL, version=EVIL, run=NamedRun(name=EVIL)),
        VersionPlaced(model=EVIL, version=EVIL, place=EVIL, is_production=True, url="javascript:alert(1)"),
    ],
)
def test_text_from_outside_does_nothing(milestone):
    """No reference, mention, link, HTML or command is left."""
    text = render_milestones([milestone])
    html = MarkdownIt("commonmark", {"html": True}).render(text)
    assert "\n" not in text
    for harm in ("#1", "@octocat", "<img", "href="):
        assert harm not in html
