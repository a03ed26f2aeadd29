"""A process that answers is alive, and pages are made when somebody asks for one."""

from werkzeug.test import Client
from werkzeug.wrappers import Response

from trainboard.web.front import Front


def front():
    """A front, and how often pages were made for it."""
    made = []

    def make():
        made.append(len(made))
        return Response(f"page {len(made)}")

    return Client(Front(make)), made


def test_a_process_that_answers_is_alive():
    """No more is asked, and nothing is made for it."""
    client, made = front()
    answers = [client.get("/healthz"), client.head("/healthz")]

    assert [(200, '{"status":"ok"}'), (200, "")] == [(each.status_code, each.text) for each in answers]
    assert {"application/json"} == {each.content_type for each in answers}
    assert [] == made


def test_pages_are_made_with_the_first_request_for_one():
    """And serve all that follow."""
    client, made = front()

    assert ["page 1", "page 1"] == [client.get("/").text for _ in range(2)]
    assert "page 1" == client.post("/healthz").text
    assert [0] == made
