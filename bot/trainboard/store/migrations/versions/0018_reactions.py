"""What the bot reacted with to comments on local boards, word by word."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("local_comments", sa.Column("reactions", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("local_comments", "reactions")
