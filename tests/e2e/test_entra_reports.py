"""Jobs with an identity in Microsoft Entra report without a secret, and nobody else does."""

import json

import pytest
from sqlalchemy import text

from fakes.conversation import run
from fakes.entra import (
    AUDIENCE,
    CALLER,
    CONNECTION,
    CONNECTION_APP,
    ISSUER_2,
    TENANT,
    connection_bearer,
    key_set,
    private_key,
)
from trainboard.wiring import entra
from trainboard_webhooks.signing_keys import SigningKeys

TRUST = {"kind": "runs", "entra_tenant": TENANT, "experiments": ["churn-*"]}
SOURCES = [
    TRUST
    | {
        "name": "ci",
        "project": "churn",
        "entra_audience": AUDIENCE,
        "entra_principals": [CONNECTION],
        "repository": "acme/churn",
    },
    TRUST
    | {
        "name": "other",
        "project": "fraud",
        "entra_audience": "api://trainboard-fraud",
        "entra_principals": [CONNECTION],
    },
]
DUPLICATE, STORED = (200, "duplicate"), (202, "stored")


@pytest.fixture
def fetched():
    """The addresses whose keys were fetched."""
    return []


@pytest.fixture
def bot(talk, monkeypatch, tmp_path, fetched):
    """A bot that believes one service connection, for either of two projects."""

    def fetch(address):
        fetched.append(address)
        return key_set("key-1")

    def open_keys(fetch):
        return SigningKeys(fetch, spawn=lambda task: task())

    monkeypatch.setattr(entra, "fetch_keys", fetch)
    monkeypatch.setattr(entra, "SigningKeys", open_keys)
    projects = [{"name": "churn", "tracker": "local"}, {"name": "fraud", "tracker": "local"}]
    url = f"sqlite:///{tmp_path}/entra.db"
    server = {"database": url, "dashboard": "public"}
    return talk(database=url, server=server, projects=projects, sources=SOURCES)


def token(bot, **claims):
    """What the job bears now; an algorithm or a key may be among the claims."""
    now = int(bot.clock().timestamp())
    return connection_bearer(**{"iat": now, "nbf": now, "exp": now + 3_600} | claims)


def posts(bot, authorization, document, **headers):
    """A job posts a report; status and word of the answer."""
    named = {"authorization": authorization, "webhook-id": "d1"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    named = {name: value for name, value in named.items() if value is not None}
    body = json.dumps(document).encode()
    answer = bot.http.post("/webhooks/runs", data=body, headers=named, content_type="application/json")
    bot.settle()
    return answer.status_code, answer.json.get("status")


def known(bot):
    """Project, run and links of all runs."""
    with bot.bot.database.read() as connection:
        rows = connection.execute(text("SELECT project, document FROM runs ORDER BY id")).all()
    told = [(row.project, json.loads(row.document)) for row in rows]
    return [(project, each["run"]["id"], each.get("links", {})) for project, each in told]


def stored(bot):
    """How many deliveries are in the inbox, apart from those of the clock."""
    with bot.bot.database.read() as connection:
        return connection.execute(text("SELECT count(*) FROM deliveries WHERE source <> 'clock'")).scalar()


def test_a_job_reports_without_a_secret(bot, fetched):
    """Its run stands on the work item; the keys were there before it came."""
    keys = f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"
    assert {keys} == set(fetched)
    assert STORED == posts(bot, token(bot), run(metrics={"val_auc": 0.93}))
    [item] = bot.items()
    assert "**1 run: 1 finished**" in item.body


def test_a_token_stands_for_no_commit(bot):
    """What the report says of code stays its own word, as in a report that is signed."""
    links = {"repo": "acme/churn", "commit": "f" * 40, "branch": "main"}
    document = run("r1", source="ado:acme/churn", links=links)
    assert STORED == posts(bot, token(bot), document)
    assert [("churn", "r1", links)] == known(bot)


def test_another_repository_than_the_source_s_is_refused(bot):
    """A credential is bound to what the settings say."""
    assert (400, 400) == posts(bot, token(bot), run("r1", links={"repo": "acme/other"}))


def test_the_audience_decides_whose_run_it_is(bot):
    """One service connection may report to two projects, each with a token of its own."""
    posts(bot, token(bot), run("r1"))
    posts(bot, token(bot, aud="api://trainboard-fraud"), run("r2"))
    assert [("churn", "r1"), ("fraud", "r2")] == [each[:2] for each in known(bot)]


def test_a_token_is_good_for_many_reports(bot):
    """It is the id of the report that tells a repetition apart."""
    borne = token(bot)
    assert STORED == posts(bot, borne, run("r1", status="running"), webhook_id="d1")
    assert STORED == posts(bot, borne, run("r1"), webhook_id="d2")
    assert DUPLICATE == posts(bot, borne, run("r1"), webhook_id="d2")
    assert (1, 2) == (len(known(bot)), stored(bot))


def test_a_report_needs_an_id(bot):
    """Without one a repetition could not be known."""
    assert (400, 400) == posts(bot, token(bot), run(), webhook_id=None)
    assert 0 == stored(bot)


@pytest.mark.parametrize("seconds", [-301, 301, None])
def test_a_report_of_another_time_is_refused(bot, seconds):
    """Where the job says when it sent, that must be now."""
    stamp = "soon" if seconds is None else str(int(bot.clock().timestamp()) + seconds)
    assert (401, 401) == posts(bot, token(bot), run(), webhook_timestamp=stamp)
    now = str(int(bot.clock().timestamp()))
    assert STORED == posts(bot, token(bot), run(), webhook_timestamp=now)


REFUSED = {
    "no token": None,
    "alg none": {"algorithm": "none", "signed_with": ""},
    "a shared secret": {"algorithm": "HS256", "signed_with": b"k" * 32},
    "another algorithm": {"algorithm": "RS512"},
    "another key": {"signed_with": private_key("key-2")},
    "expired": {"exp": 1},
    "not yet good": {"nbf": 10**10},
    "issued later": {"iat": 10**10},
    "another tenant": {"iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/"},
    "all tenants": {"iss": "https://login.microsoftonline.com/common/v2.0"},
    "another audience": {"aud": "https://management.azure.com"},
    "the exchange of tokens": {"aud": "api://AzureADTokenExchange"},
    "its id": {"aud": "fb60f99c-7a34-4190-8149-302f77469936", "iss": ISSUER_2},
    "the service connection itself": {"iss": "https://vstoken.dev.azure.com/3f2a6c1e"},
    "another principal": {"oid": CALLER, "appid": CONNECTION_APP},
}


@pytest.mark.parametrize("why", REFUSED)
def test_who_proves_nothing_leaves_nothing(bot, why):
    """Each is answered 401, and nothing of it is stored."""
    claims = REFUSED[why]
    assert (401, 401) == posts(bot, None if claims is None else token(bot, **claims), run())
    assert (0, []) == (stored(bot), known(bot))


def test_a_flood_of_unknown_keys_fetches_no_more(bot, fetched):
    """Each is told to come again; the keys were fetched less than a minute ago."""
    before = len(fetched)
    for number in range(50):
        assert (503, 503) == posts(bot, token(bot, kid=f"unknown-{number}"), run())
    assert (before, 0) == (len(fetched), stored(bot))
