"""DVCLive's events: what is refused, what is passed over, and what is kept of them."""

import json
from pathlib import Path

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from fakes.senders import NOW, SENDERS, Inbox
from trainboard.errors import PayloadError
from trainboard_webhooks import Credential, dvclive
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.receive import Receiver

FIXTURES = Path(dvclive.__file__).parent / "fixtures"
START, DATA = (
    json.loads((FIXTURES / f"{name}.json").read_text()) for name in ("start__live", "data__first_step")
)
TOKEN = SENDERS["dvclive"].headers("", b"")["Authorization"]


def read(document):
    """The report of an event."""
    [event] = dvclive.parse("dvclive/laptops", document["type"], json.dumps(document).encode())
    return event.report


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def post(inbox):
    """Posts to the address that DVCLive knows; the answer."""

    def post(body, authorization=TOKEN, credential=SENDERS["dvclive"].credential, method="POST"):
        receiver = Receiver({"dvclive": [credential]}, clock=lambda: NOW)
        client = Client(Gate(receiver, inbox.accept, NotFound()))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": authorization} if authorization else {}
        return client.open(
            "/api/live", method=method, data=content, headers=headers, content_type="application/json"
        )

    return post


def test_what_is_taken_is_answered_as_studio_does(post, inbox):
    """Any other answer than 200 is a failure to DVCLive, and a start that failed silences the run."""
    assert [200, 200] == [post(START).status_code, post(DATA).status_code]
    assert [("dvclive/laptops", "start"), ("dvclive/laptops", "data")] == [
        (each.source, each.kind) for each in inbox.deliveries
    ]
    assert 1 == len({each.entity for each in inbox.deliveries})


@pytest.mark.parametrize(
    "authorization", [None, "", "token", "token ", "token wrong", TOKEN.replace("token", "Bearer")]
)
def test_who_has_no_token_is_refused(post, inbox, authorization):
    """Nothing is stored."""
    assert (401, []) == (post(START, authorization).status_code, inbox.deliveries)


def test_a_run_of_another_repository_is_refused(post, inbox):
    """A token that is bound to one repository tells of no other; letters may be large or small."""
    bound = Credential("laptops", SENDERS["dvclive"].credential.secrets, repository="Acme/Churn")
    assert 200 == post(START, credential=bound).status_code
    answer = post(START | {"repo_url": "https://github.com/acme/other.git"}, credential=bound)
    assert (400, 1) == (answer.status_code, len(inbox.deliveries))
    assert "the sender's secret is for Acme/Churn, and the run is one of acme/other" == answer.json["detail"]


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:acme/churn.git",
        "https://github.com/acme/churn",
        "https://ana:secret@github.com/acme/churn.git",
        "ssh://git@github.com:22/acme/churn.git",
    ],
)
def test_a_repository_is_its_path(remote):
    """However Git writes it; passwords in it are not kept."""
    report = read(START | {"repo_url": remote})
    assert ("dvclive:acme/churn", "acme/churn") == (report.source, report.experiment.name)


def test_the_tree_counts_as_changed():
    """A run is no evidence for a commit of which nobody says that it ran as it is."""
    assert read(START).links.dirty is True


@pytest.mark.parametrize(
    "member",
    [
        {"type": "interrupt"},
        {"type": 1},
        {"repo_url": ""},
        {"repo_url": None},
        {"repo_url": "https://["},
        {"baseline_sha": "HEAD"},
        {"baseline_sha": "a" * 39},
        {"name": 5},
        {"step": "x"},
        {"metrics": []},
        {"metrics": {"m.json": {"data": [1]}}},
        {"params": {"p.yaml": 7}},
        {"errors": {}},
        {"errors": [3]},
    ],
    ids=str,
)
def test_what_studio_would_not_take_is_refused(post, inbox, member):
    """With a reason, which DVCLive writes into its log."""
    answer = post({**DATA, "type": "done", **member} if "errors" in member else DATA | member)
    assert (400, []) == (answer.status_code, inbox.deliveries)
    assert answer.json["detail"]


def test_plots_alone_are_answered_and_not_stored(post, inbox):
    """They come after each step, and say nothing that is kept."""
    plots = {name: value for name, value in DATA.items() if name not in {"metrics", "params"}}
    assert 200 == post(plots | {"plots": {"a.tsv": {"data": [{"step": 0, "a": 1}]}}}).status_code
    assert [] == inbox.deliveries


def test_large_plots_are_not_even_read(post, inbox):
    """A picture of megabytes costs nothing, also where it is no JSON at its end."""
    head = json.dumps({name: value for name, value in DATA.items() if name not in {"metrics", "params"}})
    body = head[:-1].encode() + b', "plots": {"a.png": {"image": "' + b"A" * 5_000_000 + b'"'
    assert (200, []) == (post(body).status_code, inbox.deliveries)


def test_a_large_body_without_plots_is_refused(post, inbox):
    """No step has a megabyte of metrics."""
    many = {"m.json": {"data": {f"metric-{number}": number for number in range(100_000)}}}
    answer = post(DATA | {"metrics": many})
    assert (400, []) == (answer.status_code, inbox.deliveries)
    assert 413 == post(b" " * (dvclive.MAX_BODY_BYTES + 1)).status_code


def test_plots_beside_metrics_are_taken_out(post, inbox):
    """What is stored is what is read; the same metrics with other plots are the same event."""
    for point in (1, 2):
        assert 200 == post(DATA | {"plots": {"a.tsv": {"data": [{"step": 0, "a": point}]}}}).status_code
    assert 1 == len({(each.id, each.body) for each in inbox.deliveries})
    assert b"plots" not in inbox.deliveries[0].body


def test_too_many_metrics_are_cut():
    """A report holds 500 of them, and of parameters; names that are too long are left out."""
    many = {"x" * 251: 1} | {f"m{number:04}": number for number in range(600)}
    report = read(DATA | {"metrics": {"m.json": {"data": many}}, "params": {"p.yaml": many}})
    assert (500, 500) == (len(report.metrics), len(report.params))
    assert "m0000" in report.metrics


@pytest.mark.parametrize(
    ("value", "expected"), [(1e308, 1e308), ("NaN", None), ("-inf", None), (10**400, None)]
)
def test_numbers_are_finite_or_null(value, expected):
    """DVCLive writes texts for what JSON does not have."""
    try:
        report = read(DATA | {"metrics": {"m.json": {"data": {"auc": value}}}})
    except PayloadError:
        assert value == 10**400
    else:
        assert expected == report.metrics["auc"].value


@pytest.mark.parametrize("value", ["high", True, [1], "1_0"])
def test_what_is_no_number_is_no_metric(value):
    """It is left out."""
    report = read(DATA | {"metrics": {"m.json": {"data": {"auc": 0.5, "x": value}}}})
    assert ["auc"] == list(report.metrics)


def test_the_address_answers_posts_only(post):
    """Others are refused there too, and not by a page."""
    assert 405 == post(b"", method="GET").status_code


def test_without_the_source_nobody_is_there():
    """The address is not configured."""
    client = Client(Gate(Receiver({}, clock=lambda: NOW), Inbox().accept, NotFound()))
    assert 404 == client.post("/api/live", data=b"{}", content_type="application/json").status_code
