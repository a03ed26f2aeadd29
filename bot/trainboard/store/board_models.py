"""Tables of project boards."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class BoardRow(Table):
    """A board as it was read last, and since when it cannot be worked on.

    `document` is a `trainboard.board_layout.Layout`, empty where the board was never read.
    """

    __tablename__ = "boards"

    board: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    troubled_at: Mapped[datetime | None]


class BoardCardRow(Table):
    """Work items on boards, with the state and the sprint that they had when their card was set last.

    `state` is empty for a card that was made and not set yet. What was lacking or refused is tried again at
    `again_at`.
    """

    __tablename__ = "board_cards"

    board: Mapped[str] = mapped_column(primary_key=True)
    tracker: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    card: Mapped[str]
    fate: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    sprint: Mapped[int | None]
    lacks_state: Mapped[bool]
    lacks_sprint: Mapped[bool]
    again_at: Mapped[datetime]

    __table_args__ = (Index("ix_board_cards_tracker_ref", "tracker", "ref"),)
