"""The work items in which teams make scripts of notebooks."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refactorings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("path_key", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refactorings")),
        sa.UniqueConstraint(
            "project", "code", "path_key", name=op.f("uq_refactorings_project_code_path_key")
        ),
    )
    op.create_index("ix_refactorings_tracker_ref", "refactorings", ["tracker", "ref"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_refactorings_tracker_ref", table_name="refactorings")
    op.drop_table("refactorings")
