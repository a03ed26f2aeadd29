"""The calls: what is sent, and the sentence for each thing that may come back."""

import gzip
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from trainboard import outbound
from trainboard.errors import LimitedError, PermanentError, TransientError
from trainboard.experiments.mlflow.answers import Experiment
from trainboard.experiments.mlflow.client import MlflowClient
from trainboard.outbound import Outbound, TooLargeError

URL = "http://mlflow.test/ml"
SEARCH = f"{URL}/api/2.0/mlflow/runs/search"
EXPERIMENTS = f"{URL}/api/2.0/mlflow/experiments/search"
GET_RUN = f"{URL}/api/2.0/mlflow/runs/get"


def make_client(url=f"{URL}/", **credentials):
    return MlflowClient(Outbound("MLflow", url, **credentials))


@pytest.fixture
def client():
    return make_client()


def search(client):
    return client.search_runs(["1"], "attributes.end_time >= 5", "attributes.end_time ASC", 200, "7")


def authorization(http, client):
    http.post(EXPERIMENTS, json={})
    list(client.list_experiments())
    return http.calls[-1].request.headers.get("Authorization")


def test_search_question(http, client):
    """A search says which experiments, what, in which order and how many, below the address's own path."""
    http.post(SEARCH, body=b"{}", headers={"Date": "Mon, 23 Nov 2026 12:00:00 GMT"})
    page = search(client)
    assert ((), "", 1795435200000) == (page.runs, page.next_page_token, page.date_ms)
    assert (
        b'{"experiment_ids": ["1"], "filter": "attributes.end_time >= 5",'
        b' "order_by": ["attributes.end_time ASC"], "max_results": 200, "page_token": "7"}'
    ) == http.calls[0].request.body


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}])
def test_answer_without_a_date(http, client, headers):
    """A server that does not tell the time, or not in HTTP's way, is still understood."""
    http.post(SEARCH, body=b"{}", headers=headers)
    assert None is search(client).date_ms


@pytest.mark.parametrize(
    ("url", "credentials", "sent"),
    [
        (URL, {}, None),
        (URL, {"token": "t"}, "Bearer t"),
        (URL, {"username": "u", "password": "p:ä"}, f"Basic {b64encode('u:p:ä'.encode()).decode()}"),
        (URL, {"token": "t", "username": "u"}, "Bearer t"),
        (URL.replace("//", "//u:p%40@"), {}, f"Basic {b64encode(b'u:p@').decode()}"),
    ],
)
def test_credentials(http, url, credentials, sent):
    """A token goes as bearer, else user name and password as basic authentication."""
    client = make_client(url, **credentials)
    assert URL == client.url
    assert sent == authorization(http, client)


def test_no_credentials_of_others(http, client, tmp_path, monkeypatch):
    """What a .netrc file holds for the host is not sent."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine mlflow.test login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert None is authorization(http, client)


def test_session_per_thread(client):
    """Threads do not share a connection pool, one thread keeps its own."""
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(client._http._session).result()
        assert other is pool.submit(client._http._session).result()
    assert other is not client._http._session()
    assert client._http._session() is client._http._session()


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (
            403,
            "Invalid Host header - possible DNS rebinding attack detected",
            TransientError,
            "ALLOWED_HOSTS",
        ),
        (401, "You are not authenticated", TransientError, "check the token"),
        (403, '{"error_code": "PERMISSION_DENIED"}', TransientError, "user name and password"),
        (404, "<!doctype html>", TransientError, "no MLflow API"),
        (302, "", TransientError, "redirects are not followed"),
        (500, "{}", TransientError, "the server's log"),
        (429, "", LimitedError, "slow down"),
        (400, '{"message": "Invalid\\nfilter"}', PermanentError, "answered 400: Invalid filter"),
        (400, "[", PermanentError, "it gives no reason"),
        (200, "<html>sign in</html>", TransientError, "no login page"),
        (200, b'{"next_page_token": "\xff"}', TransientError, "MLflow's JSON"),
        (200, '{"runs": [{"info": 1}]}', TransientError, r"\$.runs\[0\].info"),
        (200, '{"x": ' + "[" * 100_000, TransientError, "MLflow's JSON"),
        (204, "", TransientError, "answered 204"),
    ],
)
def test_refusals(http, client, status, body, error, words):
    """Each answer that is not what was asked for becomes a sentence that says what to do."""
    http.post(SEARCH, status=status, body=body, headers={"Location": "http://elsewhere.test/"})
    with pytest.raises(error, match=words) as caught:
        search(client)
    assert error is type(caught.value)
    assert str(caught.value).startswith(f"MLflow at {SEARCH} ")
    assert 1 == len(http.calls)


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("Mon, 23 Nov 2026 12:00:00 GMT", None), ("", None)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_wait_as_told(http, client, header, seconds, status):
    """A server that names a number of seconds to wait is obeyed."""
    http.post(SEARCH, status=status, headers={"Retry-After": header})
    with pytest.raises(TransientError) as caught:
        search(client)
    assert seconds == caught.value.retry_after_seconds


@pytest.mark.parametrize("failure", [requests.ConnectionError("x"), requests.ReadTimeout("x")])
def test_no_answer(http, failure):
    """A server that is away is named without the credentials of its address."""
    http.post(SEARCH, body=failure)
    with pytest.raises(TransientError, match=type(failure).__name__) as caught:
        search(make_client(URL.replace("//", "//u:secret@")))
    assert "secret" not in str(caught.value)


def test_large_answer(http, client, monkeypatch):
    """An answer over the limit is not read to its end, also if it is small on the wire."""
    monkeypatch.setattr(outbound, "MAX_BYTES", 100_000)
    packed = gzip.compress(b" " * 1_000_000)
    http.post(SEARCH, body=packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooLargeError, match="100000 bytes"):
        search(client)


def test_slow_answer(http, client, monkeypatch):
    """An answer that drips in for longer than the limit is given up."""
    moments = iter((0.0, 1000.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    http.post(SEARCH, body=b"{}")
    with pytest.raises(TransientError, match="ReadTimeout"):
        search(client)


def test_experiments_in_pages(http, client):
    """All pages of experiments are read, deleted ones are not asked for."""
    http.post(
        EXPERIMENTS, json={"experiments": [{"experiment_id": "1", "name": "a"}], "next_page_token": "x"}
    )
    http.post(EXPERIMENTS, json={"experiments": [{"experiment_id": "2", "name": "b"}]})
    assert [Experiment("1", "a"), Experiment("2", "b")] == list(client.list_experiments())
    assert b'{"max_results": 1000, "page_token": "x"}' == http.calls[1].request.body


@pytest.mark.parametrize("status", [400, 403, 404])
def test_run_that_is_not_there(http, client, status):
    """A run that is gone, not ours to see or has no possible id is None."""
    http.get(GET_RUN, status=status, json={"error_code": "RESOURCE_DOES_NOT_EXIST"})
    assert None is client.find_run("../a&b")
    assert "run_id=..%2Fa%26b" == http.calls[0].request.url.partition("?")[2]


def test_refused_host_is_no_missing_run(http, client):
    """A refused host name says nothing of the run."""
    http.get(GET_RUN, status=403, body="Invalid Host header - possible DNS rebinding attack detected")
    with pytest.raises(TransientError, match="ALLOWED_HOSTS"):
        client.find_run("r1")
