"""Jobs of GitHub Actions, as the settings name them."""

from functools import partial

import pytest
import requests

from fakes.entra import key_set
from fakes.github_jobs import job_bearer
from fakes.senders import NOW
from trainboard.errors import TransientError
from trainboard.settings import Settings
from trainboard.wiring import jobs
from trainboard.wiring.senders import credentials
from trainboard_webhooks.job_tokens import find_job
from trainboard_webhooks.signing_keys import SigningKeys

SOURCE = {"kind": "runs", "name": "ci", "project": "churn", "github_owner_id": 65}


def settings(*sources):
    server = {"public_url": "https://trainboard.example.com"}
    return Settings.model_validate({"server": server, "projects": [{"name": "churn"}], "sources": sources})


@pytest.fixture
def fetched(monkeypatch):
    """The addresses whose keys were fetched."""
    asked = []

    def fetch(address):
        asked.append(address)
        return key_set("key-1")

    monkeypatch.setattr(jobs, "fetch_keys", fetch)
    here = partial(SigningKeys, spawn=lambda task: task())
    monkeypatch.setattr(jobs, "SigningKeys", here)
    return asked


def test_keys_are_fetched_beforehand_once_for_each_issuer(fetched):
    """The first job that reports is believed at once."""
    known = credentials(
        settings(
            SOURCE | {"github_repository_ids": [456789]},
            SOURCE | {"name": "more", "github_repository_ids": [2, 3]},
        )
    )["runs"]
    assert ["https://token.actions.githubusercontent.com/.well-known/jwks"] == fetched
    assert "ci" == find_job({"authorization": job_bearer()}, known, NOW).name


def test_without_such_sources_nothing_is_fetched(fetched):
    """Who has no jobs asks GitHub nothing."""
    secret = "whsec_" + "QUFB" * 8
    [known] = credentials(settings({"kind": "runs", "name": "ci", "project": "churn", "secrets": [secret]}))[
        "runs"
    ]
    assert ([], None) == (fetched, known.jobs)


@pytest.mark.parametrize(
    ("issuer", "web"),
    [
        ("https://token.actions.githubusercontent.com", "https://github.com"),
        ("https://token.actions.acme.ghe.com", "https://acme.ghe.com"),
        ("https://github.acme.example:8443/_services/token", "https://github.acme.example:8443"),
    ],
)
def test_runs_are_shown_where_their_github_is(issuer, web):
    """Each issuer stands for one address."""
    assert web == jobs.web_of(issuer)


def test_the_doctor_counts_keys(fetched):
    """What cannot be fetched is a sentence with the address."""
    counts = jobs.list_key_counts(settings(SOURCE | {"github_repository_ids": [1]}))
    assert [1] == [count() for count in counts.values()]
    assert {} == jobs.list_key_counts(settings())


@pytest.mark.parametrize("answer", [requests.ConnectionError("away"), b"<html>", b'{"keys": []}'])
def test_keys_that_are_none_are_told(monkeypatch, answer):
    """An issuer may be away, or be something else."""

    def fetch(_address):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(jobs, "fetch_keys", fetch)
    [count] = jobs.list_key_counts(settings(SOURCE | {"github_repository_ids": [1]})).values()
    with pytest.raises(TransientError, match=r"keys at https://token\.actions.*/jwks could not be fetched"):
        count()
