"""How the client sends: one PyGithub object a thread, no retries, no sleeps, the right headers."""

import threading

import pytest
from requests import Session
from urllib3.exceptions import MaxRetryError, NewConnectionError

from fakes.github import FakeGitHub
from judges import github_openapi
from trainboard import __version__
from trainboard.budgets.memory import MemoryBudgets
from trainboard.github.credentials import TokenCredential
from trainboard.trackers.github import GitHubTracker
from trainboard.work_items import NewWorkItem


def in_thread(function):
    """What `function` answers in a thread of its own."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(function()))
    thread.start()
    thread.join()
    return answers[0]


def test_one_object_a_thread(tracker):
    """Two threads never share a PyGithub object, one thread keeps its own."""
    client = tracker._client
    mine, theirs = client.github, in_thread(lambda: client.github)
    assert (True, True) == (mine is client.github, theirs is not mine)


def test_headers(fake, tracker):
    """The request says who sends it, which API it means, and signs itself."""
    list(tracker.list_iterations())
    headers = fake.requests[0].headers
    wanted = (f"trainboard/{__version__}", "2022-11-28", f"token {fake.token}")
    assert wanted == (headers["User-Agent"], headers["X-GitHub-Api-Version"], headers["Authorization"])


def test_time_out(fake, tracker, monkeypatch):
    """A request waits 15 seconds for the connection and for the answer, not for ever."""
    request, seen = Session.request, []
    monkeypatch.setattr(Session, "request", lambda *a, **n: seen.append(n["timeout"]) or request(*a, **n))
    list(tracker.list_iterations())
    assert [15] == seen


def test_settings_of_pygithub(tracker):
    """PyGithub neither throttles nor retries nor completes objects by itself."""
    named = tracker._client.github.requester.kwargs
    assert (None, None, True, 100) == (
        named["seconds_between_requests"],
        named["seconds_between_writes"],
        named["lazy"],
        named["per_page"],
    )
    assert (0, False) == (named["retry"].total, named["retry"].read)


@pytest.mark.parametrize(
    "api_url", ["https://github.example/api/v3", "http://127.0.0.1:4801", "http://hub.example:80"]
)
def test_other_places(clock, api_url):
    """Enterprise servers with a path and stand-ins on other ports work, over several pages."""
    with github_openapi.watch(api_url), FakeGitHub(api_url, clock=clock).running() as fake:
        for n in range(101):
            fake.person_opens(fake.churn, f"run {n}", labels=["x"])
        tracker = GitHubTracker(
            repository="acme/churn",
            credential=TokenCredential(fake.token, MemoryBudgets(clock)),
            api_url=f"{api_url}/",
            clock=clock,
        )
        assert 101 == len(list(tracker.list_items(label="x", since=clock.now)))
        tracker.close()


def test_many_threads(fake, tracker):
    """Writes of many threads arrive as they were meant, each once."""
    threads = [
        threading.Thread(target=tracker.create_item, args=(NewWorkItem(title=f"t{n}", body=f"b{n}"),))
        for n in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = sorted((asked.json["title"], asked.json["body"]) for asked in fake.requests)
    assert sorted((f"t{n}", f"b{n}") for n in range(24)) == sent


def test_works_again_after_close(tracker):
    """Closing lets go of connections and no more."""
    list(tracker.list_iterations())
    tracker.close()
    assert [] == list(tracker.list_iterations())


def test_failed_connection_is_not_tried_again(tracker):
    """What the network says goes to the caller, as with no retries at all."""
    retry = tracker._client.github.requester.kwargs["retry"]
    with pytest.raises(MaxRetryError):
        retry.increment("POST", "/x", error=NewConnectionError(None, "refused"))
