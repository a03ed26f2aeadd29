"""Who is signed in to the pages."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_until"), "sessions", ["until"], unique=False)
    op.create_table(
        "spent_states",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_spent_states")),
    )
    op.create_index(op.f("ix_spent_states_until"), "spent_states", ["until"], unique=False)


def downgrade() -> None:
    op.drop_table("spent_states")
    op.drop_table("sessions")
