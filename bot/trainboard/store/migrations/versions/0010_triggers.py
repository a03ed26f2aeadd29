"""Runs that people asked for."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "triggers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("runs_in", sa.Text(), nullable=True),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_triggers")),
    )
    op.create_index("ix_triggers_origin_ref", "triggers", ["origin", "ref"])
    op.create_index("ix_triggers_runs_in_run", "triggers", ["runs_in", "run"])
    op.create_table(
        "local_pipeline_runs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_pipeline_runs")),
        sa.UniqueConstraint("marker", name=op.f("uq_local_pipeline_runs_marker")),
    )


def downgrade() -> None:
    op.drop_table("local_pipeline_runs")
    op.drop_table("triggers")
