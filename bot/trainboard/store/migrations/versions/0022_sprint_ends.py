"""Ends, carries and goals of sprints. What was over before is left as it is."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_iterations = sa.table(
    "iterations",
    sa.column("end", sa.Date()),
    sa.column("read_at", UtcTime()),
    sa.column("closed_at", UtcTime()),
)


def upgrade() -> None:
    op.add_column("iterations", sa.Column("read_at", UtcTime(), nullable=True))
    op.add_column("iterations", sa.Column("closed_at", UtcTime(), nullable=True))
    now = datetime.now(UTC)
    # A sprint that is going on somewhere on earth may have ended elsewhere.
    over = _iterations.c.end < now.date() - timedelta(days=1)
    op.execute(_iterations.update().where(over).values(read_at=now, closed_at=now))
    op.create_table(
        "sprint_carries",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("project", "number", "item", name=op.f("pk_sprint_carries")),
    )
    op.create_table(
        "sprint_goals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sprint_goals")),
        sa.UniqueConstraint("key", name=op.f("uq_sprint_goals_key")),
    )
    op.create_index("ix_sprint_goals_project_number", "sprint_goals", ["project", "number"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sprint_goals_project_number", table_name="sprint_goals")
    op.drop_table("sprint_goals")
    op.drop_table("sprint_carries")
    op.drop_column("iterations", "closed_at")
    op.drop_column("iterations", "read_at")
