"""Tokens that were good for one delivery."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_tokens",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_spent_tokens")),
    )
    op.create_index(op.f("ix_spent_tokens_until"), "spent_tokens", ["until"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_spent_tokens_until"), table_name="spent_tokens")
    op.drop_table("spent_tokens")
