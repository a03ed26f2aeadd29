"""Keys that the installation makes for itself."""

import secrets

from sqlalchemy import Connection, delete, select

from trainboard.store.models import SecretRow
from trainboard.store.upserts import insert

WEB_TOKEN = "web-token"  # noqa: S105  a name
"""The name of the token with which people sign in, where the settings have none."""


def get_or_make(connection: Connection, name: str) -> bytes:
    """The key of that name, 32 random bytes made at the first call and kept."""
    values = {"name": name, "value": secrets.token_bytes(32)}
    connection.execute(insert(connection, SecretRow).values(values).on_conflict_do_nothing())
    return connection.execute(select(SecretRow.value).where(SecretRow.name == name)).scalar_one()


def renew(connection: Connection, name: str) -> bytes:
    """Another key in place of the one of that name."""
    connection.execute(delete(SecretRow).where(SecretRow.name == name))
    return get_or_make(connection, name)
