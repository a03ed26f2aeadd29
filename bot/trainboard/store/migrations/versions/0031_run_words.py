"""What jobs say of runs that a tracker keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_words",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("tracker", sa.String(16), nullable=False),
        sa.Column("tracker_run", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "run_id", "source", name=op.f("pk_run_words")),
    )
    op.create_index(
        "ix_run_words_project_tracker_tracker_run", "run_words", ["project", "tracker", "tracker_run"]
    )


def downgrade() -> None:
    op.drop_table("run_words")
