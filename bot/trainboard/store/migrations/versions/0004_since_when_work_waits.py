"""Since when work waits, so that a wait can be told from a clock that was set back."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("postponed_at", UtcTime(), nullable=True))
    op.add_column("effects", sa.Column("postponed_at", UtcTime(), nullable=True))
