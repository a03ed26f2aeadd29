"""Experiments that people wish to see in their work items."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracked_experiments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_experiments")),
        sa.UniqueConstraint("project", "experiment", name=op.f("uq_tracked_experiments_project_experiment")),
    )


def downgrade() -> None:
    op.drop_table("tracked_experiments")
