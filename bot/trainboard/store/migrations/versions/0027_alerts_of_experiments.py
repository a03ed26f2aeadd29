"""Which experiment's work item a bug of an alert is about."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_lineages",
        sa.Column("problem", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("work_item", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("problem", name=op.f("pk_alert_lineages")),
        sa.ForeignKeyConstraint(
            ["problem"], ["problems.id"], name=op.f("fk_alert_lineages_problem"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["work_item"], ["work_items.id"], name=op.f("fk_alert_lineages_work_item"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_alert_lineages_work_item"), "alert_lineages", ["work_item"])


def downgrade() -> None:
    op.drop_table("alert_lineages")
