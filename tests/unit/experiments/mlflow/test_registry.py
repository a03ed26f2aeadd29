"""The registry of a small MLflow."""

from datetime import UTC, datetime

import pytest

from trainboard.errors import TransientError
from trainboard.experiments import RegisteredVersion
from trainboard.experiments.mlflow import registry


def test_all_models_are_read_page_by_page(server, reader, clock):
    """Those without aliases too; the time is the server's if it tells one."""
    server.models = {"churn": {"champion": "3"}, "ranking": {}, "uplift": {"a": "1", "b": "1"}}
    server.models_per_page = 2
    found = reader.read_registry()
    assert (server.models, clock()) == (found.aliases, found.at)

    server.headers = {"Date": "Mon, 23 Nov 2026 11:00:00 GMT"}
    assert datetime(2026, 11, 23, 11, tzinfo=UTC) == reader.read_registry().at


def test_pages_that_go_in_a_circle_are_no_answer(server, reader):
    """Nor would they ever end."""
    server.models = {str(number): {} for number in range(5)}
    server.models_per_page = 0
    with pytest.raises(TransientError):
        reader.read_registry()


def test_a_version_is_asked_for_once(server, reader, monkeypatch):
    """What made it never changes; one that is not there may come yet."""
    at = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert None is reader.find_version("churn", "3")
    server.versions["churn", "3"] = {"creation_timestamp": int(at.timestamp() * 1000), "run_id": "r1"}
    server.versions["churn", "4"] = {"creation_timestamp": int(at.timestamp() * 1000), "run_id": ""}
    monkeypatch.setattr(registry, "MOST_REMEMBERED", 1)

    found = [reader.find_version("churn", version) for version in ("3", "3", "4", "3")]
    by_run, by_nobody = RegisteredVersion(at=at, run_id="r1"), RegisteredVersion(at=at)
    assert [by_run, by_run, by_nobody, by_run] == found
    assert ["3", "3", "4", "3"] == [each["version"] for each in server.questions("model-versions/get")]
