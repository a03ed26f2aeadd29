"""Since when work items tell that a run tracker cannot be read."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cursors", sa.Column("told_at", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("cursors", "told_at")
