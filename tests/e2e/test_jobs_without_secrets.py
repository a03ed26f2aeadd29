"""Jobs of GitHub Actions report without a secret, and nobody else does."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import text

from fakes.conversation import RUNS_SECRET, run
from fakes.entra import key_set, private_key
from fakes.github_jobs import AUDIENCE, COMMIT, job_bearer
from trainboard.wiring import jobs
from trainboard_webhooks.signing_keys import SigningKeys

SOURCES = [
    {
        "kind": "runs",
        "name": "ci",
        "project": "churn",
        "github_repository_ids": [456789],
        "github_owner_id": 65,
        "experiments": ["churn-*"],
    },
    {
        "kind": "runs",
        "name": "signed",
        "project": "churn",
        "secrets": [RUNS_SECRET],
        "experiments": ["churn-*"],
    },
]


@pytest.fixture
def away():
    """Put True into it, and the issuer's keys cannot be fetched."""
    return []


@pytest.fixture
def start(talk, monkeypatch, away):
    """Starts a bot on a database that believes jobs of one repository."""

    def open_keys(_address):
        def fetch():
            if away:
                raise OSError("away")
            return key_set("key-1")

        keys = SigningKeys(fetch, spawn=lambda task: task())
        keys.refresh()
        return keys

    def start(url):
        server = {"database": url, "public_url": AUDIENCE, "dashboard": "public"}
        return talk(database=url, server=server, sources=SOURCES)

    monkeypatch.setattr(jobs, "_open_keys", open_keys)
    return start


@pytest.fixture
def bot(start, tmp_path):
    """A bot on SQLite."""
    return start(f"sqlite:///{tmp_path}/jobs.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def either_bot(request, start, tmp_path):
    """A bot on each of the databases."""
    is_sqlite = request.param == "sqlite"
    return start(f"sqlite:///{tmp_path}/jobs.db" if is_sqlite else request.getfixturevalue("postgresql_url"))


def token(bot, **claims):
    """What the job bears now."""
    now = int(bot.clock().timestamp())
    return job_bearer(**{"iat": now, "nbf": now - 10, "exp": now + 300, "jti": str(uuid4())} | claims)


def posts(bot, authorization, document, delivery="d1", **headers):
    """A job posts a report; the answer."""
    named = {"Authorization": authorization, "webhook-id": delivery, **headers}
    named = {name: value for name, value in named.items() if value is not None}
    body = json.dumps(document).encode()
    answer = bot.http.post("/webhooks/runs", data=body, headers=named, content_type="application/json")
    bot.settle()
    return answer


def stored(bot):
    """How many deliveries are in the inbox, apart from those of the clock."""
    with bot.bot.database.read() as connection:
        return connection.execute(text("SELECT count(*) FROM deliveries WHERE source <> 'clock'")).scalar()


def reports(bot):
    """What is known of runs."""
    with bot.bot.database.read() as connection:
        rows = connection.execute(text("SELECT document FROM runs")).scalars().all()
    return [json.loads(row) for row in rows]


def test_a_job_reports_without_a_secret(bot):
    """Its run stands on the work item."""
    answer = posts(bot, token(bot), run(metrics={"val_auc": 0.93}))
    assert (202, "stored") == (answer.status_code, answer.json["status"])
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body


def test_the_token_is_believed_before_the_report(bot):
    """Commit, branch, run and address are those of the job, whatever the report says."""
    links = {
        "repo": "evil/other",
        "commit": "f" * 40,
        "branch": "main",
        "pr": 99,
        "ci_url": "https://evil.example.com",
        "issue": "#42",
        "dirty": False,
    }
    document = run("r1", source="mlflow:prod", links=links, run={"attempt": 9, "user": "root"})
    pull_request = {"ref": "refs/pull/7/merge", "head_ref": "deeper", "event_name": "pull_request"}
    assert 202 == posts(bot, token(bot, **pull_request), document).status_code
    [report] = reports(bot)
    assert "gha:acme/churn" == report["source"]
    assert ("9120447/r1", 2, "ana") == tuple(report["run"][key] for key in ("id", "attempt", "user"))
    assert {
        "repo": "acme/churn",
        "issue": "#42",
        "pr": 7,
        "commit": COMMIT,
        "branch": "deeper",
        "dirty": False,
        "ci_url": "https://github.com/acme/churn/actions/runs/9120447/attempts/2",
    } == report["links"]


def test_start_and_end_of_a_run_are_one_run(bot):
    """A job asks for a token each time."""
    assert 202 == posts(bot, token(bot), run("9120447/train", status="running"), "d1").status_code
    assert 202 == posts(bot, token(bot), run("9120447/train"), "d2").status_code
    [report] = reports(bot)
    assert ("9120447/train", "finished") == (report["run"]["id"], report["run"]["status"])


REFUSED = {
    "no token": lambda _bot: None,
    "alg none": lambda bot: token_with(bot, algorithm="none", signed_with=""),
    "a shared secret": lambda bot: token_with(bot, algorithm="HS256", signed_with=b"k" * 32),
    "another key": lambda bot: token_with(bot, signed_with=private_key("key-2")),
    "expired": lambda bot: token(bot, exp=int(bot.clock().timestamp()) - 61),
    "another audience": lambda bot: token(bot, aud="https://other.example.com"),
    "another repository": lambda bot: token(bot, repository_id="1", repository="acme/other"),
    "another owner": lambda bot: token(bot, repository_owner_id="1"),
    "another issuer": lambda bot: token(bot, iss="https://token.actions.evil.ghe.com"),
    "no jti": lambda bot: token(bot, jti=None),
}


def token_with(bot, **how):
    now = int(bot.clock().timestamp())
    return job_bearer(iat=now, nbf=now, exp=now + 300, **how)


@pytest.mark.parametrize("why", REFUSED)
def test_who_proves_nothing_leaves_nothing(bot, why):
    """Each is answered 401, and nothing of it is stored, not even what it came with."""
    answer = posts(bot, REFUSED[why](bot), run())
    assert (401, 0, []) == (answer.status_code, stored(bot), reports(bot))
    assert "application/problem+json" == answer.mimetype


def test_a_token_that_was_used_is_refused(either_bot):
    """Who got hold of it reports nothing with it; the job itself may send again what got no answer."""
    bot = either_bot
    borne = token(bot)
    assert 202 == posts(bot, borne, run("r1"), "d1").status_code
    again = posts(bot, borne, run("r1"), "d1")
    assert (200, "duplicate") == (again.status_code, again.json["status"])
    for delivery in ("d2", None):
        answer = posts(bot, borne, run("r2"), delivery)
        assert (401, 'Bearer error="invalid_token"') == (
            answer.status_code,
            answer.headers["WWW-Authenticate"],
        )
        assert "The token came with another delivery already; ask for a new one." == answer.json["detail"]
    assert (1, 1) == (stored(bot), len(reports(bot)))


def test_a_token_stays_used_over_a_restart(bot):
    """It is the database that remembers it."""
    borne = token(bot)
    posts(bot, borne, run("r1"), "d1")
    bot.restart()
    assert 401 == posts(bot, borne, run("r2"), "d2").status_code


def test_a_token_without_an_id_of_the_message_is_enough(bot):
    """The token itself tells its delivery apart."""
    borne = token(bot)
    assert 202 == posts(bot, borne, run("r1"), None).status_code
    assert 200 == posts(bot, borne, run("r1"), None).status_code


def test_a_broken_report_spends_no_token(bot):
    """It may be mended and sent within the token's time."""
    borne = token(bot)
    assert 400 == posts(bot, borne, run(metrcs={})).status_code
    assert 202 == posts(bot, borne, run()).status_code


def test_while_the_keys_cannot_be_fetched_nobody_is_believed(bot, away):
    """The job is told to come again."""
    away.append(True)
    bot.restart()
    answer = posts(bot, token(bot), run())
    assert (503, "5", 0) == (answer.status_code, answer.headers["Retry-After"], stored(bot))


def test_an_unknown_key_is_asked_for_and_not_waited_for(bot):
    """Nothing is stored of who bears it."""
    answer = posts(bot, token_with(bot, kid="key-9"), run())
    assert (503, 0) == (answer.status_code, stored(bot))


def test_a_signature_counts_beside_a_token(bot):
    """Who signs with the secret of another source is that source; a token beside it is not looked at."""
    body = json.dumps(run("r1", links={"commit": "f" * 40})).encode()
    headers = bot.signed(body, "d1") | {"Authorization": "Bearer " + "a.b.c"}
    answer = bot.http.post("/webhooks/runs", data=body, headers=headers, content_type="application/json")
    bot.settle()
    assert 202 == answer.status_code
    assert "f" * 40 == reports(bot)[0]["links"]["commit"]
