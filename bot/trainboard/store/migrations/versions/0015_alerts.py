"""Problems, their alerts, and what became of them."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("local_items", sa.Column("closed_as", sa.Text(), nullable=True))
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("project", "door", "key")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("nature", sa.String(16), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=False),
        sa.Column("last_seen_at", UtcTime(), nullable=False),
        sa.Column("longest_gap_seconds", sa.Float(), nullable=False),
        sa.Column("truncated", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("storm", sa.Text(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("tracker", "ref", "url", "title", "earlier")
        ),
        sa.Column("made_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("closed_by", sa.String(16), nullable=False),
        sa.Column("closed_as", sa.String(16), nullable=True),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("keep_open", sa.Boolean(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("written_at", UtcTime(), nullable=True),
        sa.Column("severity", sa.String(16), nullable=True),
        sa.Column("look_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        sa.UniqueConstraint("key", name=op.f("uq_problems_key")),
    )
    op.create_index("ix_problems_tracker_ref", "problems", ["tracker", "ref"])
    op.create_index("ix_problems_project_door_began_at", "problems", ["project", "door", "began_at"])
    op.create_index("ix_problems_look_at", "problems", ["look_at"])
    op.create_index("ix_problems_storm", "problems", ["storm"])
    op.create_table(
        "alert_episodes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("firing", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_episodes")),
        sa.UniqueConstraint("problem", "fingerprint", name=op.f("uq_alert_episodes_problem_fingerprint")),
    )
    op.create_index("ix_alert_episodes_ended_at", "alert_episodes", ["ended_at"])
    op.create_table(
        "alert_moments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_moments")),
    )
    op.create_index("ix_alert_moments_problem", "alert_moments", ["problem"])
    op.create_index("ix_alert_moments_at", "alert_moments", ["at"])


def downgrade() -> None:
    op.drop_table("alert_moments")
    op.drop_table("alert_episodes")
    op.drop_table("problems")
    with op.batch_alter_table("local_items") as table:
        table.drop_column("closed_as")
