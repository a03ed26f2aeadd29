"""Where a card stands."""

import pytest

from fakes.board import NOW
from trainboard.metrics import Judgement, Verdict
from trainboard.read import TrackedItem
from trainboard.store.board import Card, RunCounts
from trainboard.targets import Target
from trainboard.web.columns import CLOSED, COLUMNS, MET, NO_RUN, OPEN, TRAINING, column_of, sort_cards

TARGET = Target("val_auc", ">=", 0.9)


def card(state="open", verdicts=(), number=1, at=NOW, **runs):
    """A card of an experiment whose runs stand so."""
    item = TrackedItem(project="churn", experiment="x", number=12, tracker="t", ref="1", state=state)
    return Card(
        number=number,
        item=item,
        sprints=(12,),
        carried_from=None,
        judgements=tuple(Judgement(TARGET, verdict) for verdict in verdicts),
        runs=RunCounts(**runs),
        models=(),
        updated_at=at,
    )


@pytest.mark.parametrize(
    ("shown", "column"),
    [
        (card(), NO_RUN),
        (card(verdicts=[Verdict.UNKNOWN]), NO_RUN),
        (card(running=1, finished=3), TRAINING),
        (card(queued=1), TRAINING),
        (card(finished=1), OPEN),
        (card(failed=1, verdicts=[Verdict.NOT_MET]), OPEN),
        (card(finished=1, verdicts=[Verdict.MET, Verdict.NOT_MET]), OPEN),
        (card(finished=1, running=1, verdicts=[Verdict.MET]), MET),
        (card("closed", finished=1, verdicts=[Verdict.MET]), CLOSED),
        (card("gone"), CLOSED),
    ],
)
def test_the_runs_and_the_targets_decide(shown, column):
    """What is settled comes before what goes on."""
    assert column_of(shown) == column


def test_what_changed_last_stands_on_top():
    """Every column is there, also an empty one."""
    older, newer = card(number=1), card(number=2, at=NOW.replace(hour=13))

    sorted_cards = sort_cards([older, newer])
    assert [column for column, _ in sorted_cards] == list(COLUMNS)
    assert [2, 1] == [each.number for each in sorted_cards[0][1]]
