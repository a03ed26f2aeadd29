"""What happened to work items as it is told: once, from where, and how far trackers were asked."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_history") as table:
        table.add_column(sa.Column("key", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("planned", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("delivery", sa.Integer(), nullable=True))
    op.execute("UPDATE item_history SET key = 'look:' || id")
    op.execute(
        "UPDATE item_history SET planned = TRUE WHERE document LIKE '%\"sprint\"_%' "
        "AND document NOT LIKE '%\"sprint\"_null%'"
    )
    with op.batch_alter_table("item_history") as table:
        table.alter_column("key", existing_type=sa.Text(), server_default=None)
        table.alter_column("planned", existing_type=sa.Boolean(), server_default=None)
        table.create_unique_constraint("uq_item_history_project_key", ["project", "key"])
    op.create_index("ix_item_history_project_item", "item_history", ["project", "item"], unique=False)
    op.create_table(
        "history_readings",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.Column("sprints", sa.Text(), nullable=False),
        sa.Column("known_since", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("project", name=op.f("pk_history_readings")),
    )
    op.execute(
        "INSERT INTO history_readings (project, mark, sprints, known_since) "
        "SELECT project, '', '', MIN(noted_at) FROM item_history GROUP BY project"
    )
    op.create_table(
        "history_gaps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.Column("looked_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_gaps")),
        sa.UniqueConstraint("project", "began_at", name=op.f("uq_history_gaps_project_began_at")),
    )
    op.create_table(
        "iteration_names",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "number", "at", name=op.f("pk_iteration_names")),
    )
    op.execute(
        "INSERT INTO iteration_names (project, number, at, name) "
        "SELECT project, number, named_at, name FROM iterations WHERE named_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("iteration_names")
    op.drop_table("history_gaps")
    op.drop_table("history_readings")
    op.drop_index("ix_item_history_project_item", table_name="item_history")
    with op.batch_alter_table("item_history") as table:
        table.drop_constraint("uq_item_history_project_key", type_="unique")
        table.drop_column("delivery")
        table.drop_column("planned")
        table.drop_column("key")
