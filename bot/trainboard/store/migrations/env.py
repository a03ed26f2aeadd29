"""Alembic's entry: runs the migrations on the connection that `upgrade` hands over."""

from alembic import context

from trainboard.store import (  # noqa: F401  their tables belong to the metadata
    alert_models,
    board_models,
    command_models,
    history_models,
    link_models,
    local_models,
    plan_models,
    pull_request_models,
    refactoring_models,
    registry_models,
    report_models,
    session_models,
    sprint_models,
    trigger_models,
)
from trainboard.store.models import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
