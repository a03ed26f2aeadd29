"""The tables of who is signed in to the pages."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class SessionRow(Table):
    """Somebody who is signed in, until `until` at the latest.

    `id` is the SHA-256 of what the browser keeps, in hex: who reads the table cannot come in by it. `rules`
    names the settings by which the person was let in.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    way: Mapped[str]
    subject: Mapped[str]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    rules: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class SpentStateRow(Table):
    """Sign-ins that came back, by the SHA-256 of their state; after `until` nobody takes it."""

    __tablename__ = "spent_states"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
