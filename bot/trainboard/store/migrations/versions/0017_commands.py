"""What people command in comments, and what came of it."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commands",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commands")),
    )
    op.create_index("ix_commands_place_ref", "commands", ["place", "ref"], unique=False)
    op.add_column("problems", sa.Column("quiet_until", UtcTime(), nullable=True))
    op.add_column("pull_request_commits", sa.Column("told_at", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("pull_request_commits", "told_at")
    op.drop_column("problems", "quiet_until")
    op.drop_index("ix_commands_place_ref", table_name="commands")
    op.drop_table("commands")
