"""What people commanded of the plans of experiments."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_words",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_words")),
        sa.UniqueConstraint(
            "tracker", "ref", "subject", "key", name=op.f("uq_plan_words_tracker_ref_subject_key")
        ),
    )
    op.add_column("work_items", sa.Column("budget", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("work_items", "budget")
    op.drop_table("plan_words")
