"""Work items on project boards, and the sprint that a bug was made in."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("troubled_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_boards")),
    )
    op.create_table(
        "board_cards",
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sprint", sa.Integer(), nullable=True),
        sa.Column("lacks_state", sa.Boolean(), nullable=False),
        sa.Column("lacks_sprint", sa.Boolean(), nullable=False),
        sa.Column("again_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("board", "tracker", "ref", name=op.f("pk_board_cards")),
    )
    op.create_index("ix_board_cards_tracker_ref", "board_cards", ["tracker", "ref"], unique=False)
    op.add_column("problems", sa.Column("sprint", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("problems") as batch:
        batch.drop_column("sprint")
    op.drop_index("ix_board_cards_tracker_ref", table_name="board_cards")
    op.drop_table("board_cards")
    op.drop_table("boards")
