"""Pull requests, and what is said of their commits."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pull_requests",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("merged_as", sa.Text(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_requests")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_pull_requests_code_number")),
    )
    op.create_index("ix_pull_requests_code_head", "pull_requests", ["code", "head"])
    op.create_index("ix_pull_requests_code_merged_as", "pull_requests", ["code", "merged_as"])
    op.create_table(
        "pull_request_links",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_request_links")),
        sa.UniqueConstraint(
            "code", "number", "tracker", name=op.f("uq_pull_request_links_code_number_tracker")
        ),
    )
    op.create_table(
        "linked_items",
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["links"], ["pull_request_links.id"], name=op.f("fk_linked_items_links"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("links", "ref", name=op.f("pk_linked_items")),
    )
    op.create_index("ix_linked_items_ref", "linked_items", ["ref"])
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("code", "commit", "suite", "name", name=op.f("uq_checks_code_commit_suite_name")),
    )
    op.create_table(
        "deployments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("commit", sa.Text(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
        sa.UniqueConstraint("code", "ref", name=op.f("uq_deployments_code_ref")),
    )
    op.create_index("ix_deployments_code_commit", "deployments", ["code", "commit"])
    op.create_index("ix_deployments_code_environment_at", "deployments", ["code", "environment", "at"])
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("code", "ref", name=op.f("uq_approvals_code_ref")),
    )
    op.create_index("ix_approvals_code_commit", "approvals", ["code", "commit"])
