"""What people said of approvals, and what became of it."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_code_approval", "decisions", ["code", "approval"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_decisions_code_approval", table_name="decisions")
    op.drop_table("decisions")
