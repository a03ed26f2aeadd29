"""The tables of model registries and of what serves their models."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainboard.store.models import Table


class AliasMoveRow(Table):
    """Where aliases pointed at moments of their registry; an empty version stands for nowhere."""

    __tablename__ = "alias_moves"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project: Mapped[str]
    model: Mapped[str]
    alias: Mapped[str]
    at: Mapped[datetime]
    version: Mapped[str]

    __table_args__ = (UniqueConstraint("project", "model", "alias", "at", "version"),)


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
