"""What did not reach us, and which deliveries asked for an effect."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recoveries",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("looked_until", UtcTime(), nullable=True),
        sa.Column("unreachable_since", UtcTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_recoveries")),
    )
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("blind_until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_source_id", "gaps", ["source", "id"])
    op.create_table(
        "missed_deliveries",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gap"], ["gaps.id"], name=op.f("fk_missed_deliveries_gap"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "delivery_id", name=op.f("pk_missed_deliveries")),
    )
    op.create_index("ix_missed_deliveries_gap", "missed_deliveries", ["gap"])
    op.create_table(
        "effect_causes",
        sa.Column("effect", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["effect"], ["effects.id"], name=op.f("fk_effect_causes_effect"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name=op.f("fk_effect_causes_delivery"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("effect", "delivery", name=op.f("pk_effect_causes")),
    )
    op.create_index("ix_effect_causes_delivery", "effect_causes", ["delivery"])
    op.execute(
        "INSERT INTO effect_causes (effect, delivery, version) "
        "SELECT id, delivery, version FROM effects WHERE delivery IS NOT NULL"
    )
    op.add_column("effects", sa.Column("applied_version", sa.Integer(), nullable=False, server_default="-1"))
    op.add_column("iterations", sa.Column("named_at", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("iterations", "named_at")
    op.drop_column("effects", "applied_version")
    for table in ("effect_causes", "missed_deliveries", "gaps", "recoveries"):
        op.drop_table(table)
