"""Where commits and models are deployed, as the pull request and the work item tell it."""

import pytest
from sqlalchemy import select

from fakes.code import serving
from fakes.pull_requests import CODE, HEAD, MERGED, OPENED, check, deployment
from fakes.stories import Story
from trainboard.errors import PermanentError
from trainboard.events import CheckReported, DeploymentReported, MergeQueued, ModelChanged, ModelServed
from trainboard.store.models import EffectRow

TRAILER = "Work-Item: 1"


@pytest.fixture
def bot(tmp_path):
    story = Story(f"sqlite:///{tmp_path}/trainboard.db")
    yield story
    story.close()


def test_a_deployment_that_waits_for_ever_is_without_news(bot):
    """It is told once, and what comes after all counts."""
    bot.plans()
    bot.opens(text=TRAILER, state="merged", merged_as=MERGED)
    bot.hears(DeploymentReported(deployment=deployment("production", "waiting")))
    assert "`production` waiting" in bot.comment
    bot.forward(days=29)
    assert "without news" not in bot.comment

    bot.forward(days=2)
    assert "`production` without news" in bot.comment
    assert "`production` without news" in bot.items()[0].body
    effects = bot.count_effects()
    bot.forward(hours=2)
    assert effects == bot.count_effects()

    bot.hears(DeploymentReported(deployment=deployment("Production", minutes=50_000, ref="production/60")))
    assert "`Production` ✓ succeeded" in bot.comment


def test_red_checks_of_a_merge_queue_are_told(bot):
    """Those of the latest try; after the merge its commit speaks for itself."""
    bot.opens()
    bot.hears(CheckReported(check=check("unit tests")))
    first, second = (
        MergeQueued(code=CODE, number=7, commit=letter * 40, at=OPENED.replace(hour=hour))
        for letter, hour in (("e", 10), ("f", 11))
    )
    bot.hears(CheckReported(check=check("queued tests", "failed", commit="e" * 40)), first)
    assert "#### Checks in the merge queue" in bot.comment
    assert "✗ 1 failed | queued tests failed" in bot.comment

    bot.hears(second, CheckReported(check=check("queued tests", commit="f" * 40)))
    assert "queued tests failed" not in bot.comment
    merged = {"state": "merged", "merged_as": "f" * 40, "at": OPENED.replace(hour=12)}
    bot.opens(**merged)
    assert "#### Checks in the merge queue" not in bot.comment
    assert "#### Checks of the merge commit" in bot.comment


def test_what_came_along_is_asked_once_for_each_deployment(bot):
    """Whichever is heard first, and however often the clock goes off; what is not there came nowhere."""
    merged = bot.repository.person_builds_on("0" * 40)
    later = bot.repository.person_builds_on(merged)
    deployed = DeploymentReported(deployment=deployment("production", commit=later))
    lost = DeploymentReported(deployment=deployment("staging", commit="9" * 40))
    bot.plans()
    bot.hears(deployed, lost)
    assert [] == bot.repository.asked_within
    bot.opens(text=TRAILER, state="merged", merged_as=merged, head=HEAD)
    bot.forward(hours=1)
    assert {(merged, later), (merged, "9" * 40)} == set(bot.repository.asked_within)
    assert "`production` ✓ succeeded" in bot.comment
    assert "`production` ✓ succeeded" in bot.items()[0].body
    assert "staging" not in bot.comment

    bot.forward(hours=2)
    bot.hears(DeploymentReported(deployment=deployment("staging", minutes=90, commit=later)))
    assert 2 == len(bot.repository.asked_within)
    assert "`staging` ✓ succeeded" in bot.comment


def test_a_repository_that_is_away_is_asked_again(bot):
    """An outage is no answer."""
    merged = bot.repository.person_builds_on("0" * 40)
    later = bot.repository.person_builds_on(merged)
    bot.opens(state="merged", merged_as=merged)
    bot.repository.is_down = True
    bot.hears(DeploymentReported(deployment=deployment("production", commit=later)))
    bot.repository.is_down = False
    bot.forward(hours=2)
    assert "`production` ✓ succeeded" in bot.comment


def test_a_repository_that_may_not_be_read_shows_what_it_shows_without(bot):
    """A token that may not read code is no reason to stop, nor to try without end."""
    bot.opens(state="merged", merged_as=MERGED)
    bot.repository.refusal = PermanentError("it needs contents=read")
    later = bot.repository.person_builds_on(MERGED)
    bot.hears(
        DeploymentReported(deployment=deployment("production", commit=later)),
        DeploymentReported(deployment=deployment()),
    )
    assert "`staging` ✓ succeeded" in bot.comment
    assert "production" not in bot.comment
    with bot.bot.database.read() as connection:
        dead = connection.execute(select(EffectRow.id).where(EffectRow.state == "dead")).all()
    assert [] == dead


def test_a_model_that_is_served_is_told_on_the_work_item_of_its_run(bot):
    """From the registry over a trial to production, and back."""
    bot.plans()
    door = "runs/ci"
    for version, run_id in (("1", "r0"), ("2", "other")):
        bot.hears(
            ModelChanged(
                door=door, action="version", model="churn", at=OPENED, version=version, run_id=run_id
            )
        )
    moments = [OPENED.replace(hour=hour) for hour in (10, 11, 12)]
    for version, at in zip(("1", "2", "1"), moments, strict=True):
        told = serving(ref=at.isoformat(), model="churn", version=version, at=at)
        bot.hears(ModelServed(door=door, serving=told))
        bot.hears(
            ModelChanged(
                door=door, action="alias set", model="churn", at=at, version=version, alias="champion"
            )
        )
    [item] = bot.items()
    places = "alias `champion` ✓ since 2026-11-18 12:00 UTC (rollback) → endpoint `churn-prod` ✓ since"
    assert "- `churn` version 1 (`champion`), from" in item.body
    assert f": {places} 2026-11-18 12:00 UTC (rollback)" in item.body
