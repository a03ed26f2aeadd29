"""The tables of model registries and of what serves their models."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class AliasMoveRow(Table):
    """Where aliases pointed at moments of their registry; an empty version stands for nowhere."""

    __tablename__ = "alias_moves"

    project: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)


class ServingRow(Table):
    """Versions of models on endpoints as they stand."""

    __tablename__ = "servings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    service: Mapped[str]
    ref: Mapped[str]
    model: Mapped[str]
    version: Mapped[str]
    endpoint: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    document: Mapped[str]

    __table_args__ = (
        UniqueConstraint("project", "service", "ref", "model"),
        Index("ix_servings_project_model", "project", "model"),
    )
