"""The table of runs that people asked for. Places are in small letters."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class TriggerRow(Table):
    """Runs that people asked for; `origin` and `ref` say where, `runs_in` and `run` which run it became."""

    __tablename__ = "triggers"

    key: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str]
    ref: Mapped[str]
    runs_in: Mapped[str | None]
    run: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        Index("ix_triggers_origin_ref", "origin", "ref"),
        Index("ix_triggers_runs_in_run", "runs_in", "run"),
    )
