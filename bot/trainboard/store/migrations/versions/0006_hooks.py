"""How the hooks of a platform stand, and from when on something may be missing because of them."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hooks",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("repairs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "place", "name", name=op.f("pk_hooks")),
    )
    op.add_column("recoveries", sa.Column("doubtful_since", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("recoveries", "doubtful_since")
    op.drop_table("hooks")
