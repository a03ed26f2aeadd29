"""Where aliases pointed, what endpoints serve, and commits within others and of merge queues."""

import sqlalchemy as sa
from alembic import op

from trainboard.store.database import UtcTime

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias_moves",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias_moves")),
        sa.UniqueConstraint(
            "project",
            "model",
            "alias",
            "at",
            "version",
            name=op.f("uq_alias_moves_project_model_alias_at_version"),
        ),
    )
    op.create_table(
        "servings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_servings")),
        sa.UniqueConstraint(
            "project", "service", "ref", "model", name=op.f("uq_servings_project_service_ref_model")
        ),
    )
    op.create_index("ix_servings_project_model", "servings", ["project", "model"])
    op.create_table(
        "contained_commits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("within", sa.Text(), nullable=False),
        sa.Column("is_contained", sa.Boolean(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contained_commits")),
        sa.UniqueConstraint("code", "within", "commit", name=op.f("uq_contained_commits_code_within_commit")),
    )
    op.create_index("ix_contained_commits_code_commit", "contained_commits", ["code", "commit"])
    op.create_table(
        "queued_commits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_commits")),
        sa.UniqueConstraint("code", "commit", name=op.f("uq_queued_commits_code_commit")),
    )
    op.create_index("ix_queued_commits_code_number", "queued_commits", ["code", "number"])
    _move_aliases()
    _fold_environments()


def downgrade() -> None:
    op.add_column("model_versions", sa.Column("aliases", sa.Text(), nullable=False, server_default=""))
    for table in ("queued_commits", "contained_commits", "servings", "alias_moves"):
        op.drop_table(table)


def _move_aliases() -> None:
    """An alias that points somewhere got there when its version was told of last, as far as is known."""
    connection = op.get_bind()
    told = sa.text("SELECT project, model, version, aliases, at FROM model_versions WHERE aliases != ''")
    for row in connection.execute(told.columns(at=UtcTime())).mappings().all():
        for alias in row["aliases"].split():
            move = {name: row[name] for name in ("project", "model", "version", "at")} | {"alias": alias}
            connection.execute(_ADD_MOVE, move)
    op.drop_column("model_versions", "aliases")


_ADD_MOVE = sa.text(
    "INSERT INTO alias_moves (project, model, alias, at, version) "
    "VALUES (:project, :model, :alias, :at, :version)"
).bindparams(sa.bindparam("at", type_=UtcTime()))


def _fold_environments() -> None:
    """Names of environments are looked for in small letters."""
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT DISTINCT environment FROM deployments")).scalars().all()
    for name in names:
        if name != name.casefold():
            connection.execute(
                sa.text("UPDATE deployments SET environment = :folded WHERE environment = :name"),
                {"folded": name.casefold(), "name": name},
            )
