"""Each test has a real database of its own."""

import psycopg
import pytest


@pytest.mark.parametrize("attempt", [1, 2])
def test_database_is_empty(postgresql_url, attempt):
    """What one test creates is not there for the next."""
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE run (id integer)")
    assert (0,) == tables
