"""The table of commands that people gave. Places are in small letters."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class CommandRow(Table):
    """Commands that people gave in comments, and what came of them; `place` and `ref` say on what."""

    __tablename__ = "commands"

    key: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    ref: Mapped[str]
    comment: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (Index("ix_commands_place_ref", "place", "ref"),)
