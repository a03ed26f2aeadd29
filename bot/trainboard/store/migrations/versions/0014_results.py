"""What the tests of commits found."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("code", "commit", "pipeline", name=op.f("uq_results_code_commit_pipeline")),
    )
    op.create_index(
        "ix_results_code_branch_pipeline_run", "results", ["code", "branch", "pipeline", "run"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_results_code_branch_pipeline_run", table_name="results")
    op.drop_table("results")
