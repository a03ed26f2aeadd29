"""What people are told of experiments in comments."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_items", sa.Column("milestones", sa.Text(), nullable=True))
    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("work_item", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.ForeignKeyConstraint(
            ["work_item"], ["work_items.id"], name=op.f("fk_milestones_work_item"), ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_milestones_work_item"), "milestones", ["work_item"])


def downgrade() -> None:
    op.drop_table("milestones")
    op.drop_column("work_items", "milestones")
