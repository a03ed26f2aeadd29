"""Which column a card stands in. Cards move by themselves: nobody sets a column."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from trainboard.metrics import Verdict
from trainboard.store.board import Card

Slug = Literal["no-run", "training", "open", "met", "closed"]


class Column(msgspec.Struct, frozen=True):
    """A column; `slug` names it to programs and to the stylesheet, `hint` says who stands in it."""

    slug: Slug
    title: str
    hint: str


NO_RUN = Column("no-run", "No run yet", "Planned, and nothing has trained.")
TRAINING = Column("training", "Training", "A run is queued or running.")
OPEN = Column("open", "Targets open", "Runs have ended; a target is not met, or none is written.")
MET = Column("met", "Targets met", "Every target is met by a finished run.")
CLOSED = Column("closed", "Closed", "Closed or deleted in the tracker.")
COLUMNS = (NO_RUN, TRAINING, OPEN, MET, CLOSED)


def column_of(card: Card) -> Column:
    """The column of the card: what is settled comes before what goes on."""
    if card.item.state != "open":
        return CLOSED
    if is_met(card):
        return MET
    if card.runs.running or card.runs.queued:
        return TRAINING
    return OPEN if card.runs.total else NO_RUN


def is_met(card: Card) -> bool:
    """True if people wrote targets and all of them are met."""
    verdicts = [judgement.verdict for judgement in card.judgements]
    return bool(verdicts) and all(verdict is Verdict.MET for verdict in verdicts)


def sort_cards(cards: Iterable[Card]) -> list[tuple[Column, Sequence[Card]]]:
    """Every column with its cards, those that changed last first."""
    latest_first = sorted(cards, key=lambda card: card.updated_at, reverse=True)
    return [(column, [card for card in latest_first if column_of(card) == column]) for column in COLUMNS]
