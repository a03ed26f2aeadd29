"""One event that comes through two hooks is one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("event_key", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("hook", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_deliveries_event_key_hook", "deliveries", ["event_key", "hook"])
