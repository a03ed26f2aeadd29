"""What binds work items, pull requests and runs to each other beside people's words."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_links()
    _create_commits()
    op.add_column("pull_requests", sa.Column("reverts", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_pull_requests_code_reverts"), "pull_requests", ["code", "reverts"])
    op.create_index(op.f("ix_pull_requests_number"), "pull_requests", ["number"])
    op.execute(
        'INSERT INTO pull_request_commits (code, number, "commit") '
        "SELECT code, number, head FROM pull_requests"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_pull_requests_number"), "pull_requests")
    op.drop_index(op.f("ix_pull_requests_code_reverts"), "pull_requests")
    op.drop_column("pull_requests", "reverts")
    for table in (
        "repository_states",
        "run_commits",
        "pull_request_commits",
        "moved_items",
        "item_parents",
        "told_links",
    ):
        op.drop_table(table)


def _create_links() -> None:
    op.create_table(
        "told_links",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_links")),
        sa.UniqueConstraint(
            "code",
            "number",
            "tracker",
            "ref",
            "source",
            name=op.f("uq_told_links_code_number_tracker_ref_source"),
        ),
    )
    op.create_index("ix_told_links_tracker_ref", "told_links", ["tracker", "ref"])
    op.create_index("ix_told_links_number", "told_links", ["number"])
    op.create_table(
        "item_parents",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("parent_tracker", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_parents")),
        sa.UniqueConstraint(
            "tracker",
            "ref",
            "parent_tracker",
            "parent",
            name=op.f("uq_item_parents_tracker_ref_parent_tracker_parent"),
        ),
    )
    op.create_index("ix_item_parents_parent_tracker_parent", "item_parents", ["parent_tracker", "parent"])
    op.create_table(
        "moved_items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("new_tracker", sa.Text(), nullable=False),
        sa.Column("new_ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_items")),
        sa.UniqueConstraint("tracker", "ref", name=op.f("uq_moved_items_tracker_ref")),
    )
    op.create_index("ix_moved_items_new_tracker_new_ref", "moved_items", ["new_tracker", "new_ref"])


def _create_commits() -> None:
    op.create_table(
        "pull_request_commits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_request_commits")),
        sa.UniqueConstraint(
            "code", "number", "commit", name=op.f("uq_pull_request_commits_code_number_commit")
        ),
    )
    op.create_index("ix_pull_request_commits_code_commit", "pull_request_commits", ["code", "commit"])
    op.create_table(
        "run_commits",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "source", "run_id", name=op.f("pk_run_commits")),
    )
    op.create_index("ix_run_commits_code_commit", "run_commits", ["code", "commit"])
    op.create_table(
        "repository_states",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_repository_states")),
    )
