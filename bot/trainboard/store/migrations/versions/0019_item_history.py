"""What happened to work items, for the reports."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_history")),
    )
    op.create_index("ix_item_history_project", "item_history", ["project"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_item_history_project", table_name="item_history")
    op.drop_table("item_history")
