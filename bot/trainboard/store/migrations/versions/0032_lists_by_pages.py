"""Long lists are read page by page, by source, by a sender's id, and by project."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_delivery_id", "deliveries", ["delivery_id"])
    op.create_index("ix_deliveries_source_id", "deliveries", ["source", "id"])
    op.create_index("ix_work_items_project_id", "work_items", ["project", "id"])


def downgrade() -> None:
    op.drop_index("ix_work_items_project_id", "work_items")
    op.drop_index("ix_deliveries_source_id", "deliveries")
    op.drop_index("ix_deliveries_delivery_id", "deliveries")
