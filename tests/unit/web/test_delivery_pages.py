"""What came in, and what came of it."""

import pytest
from sqlalchemy import delete

from fakes.board import NOW, came, caused
from fakes.html import words
from trainboard.events import IterationChanged, decode
from trainboard.store import delivery_log, log
from trainboard.store.models import DeliveryBodyRow
from trainboard.web.delivery_pages import MAX_BODY_BYTES, readable


@pytest.fixture
def put(database):
    """Stores a delivery; its number."""

    def store(source="runs", body=b"{}", **outcome):
        with database.write() as connection:
            return came(connection, source, body, **outcome)

    return store


def test_nothing_yet_says_what_to_send(web):
    """The first visit."""
    assert "Nothing came in yet" in web.text("/deliveries")


def test_each_delivery_tells_what_came_of_it(web, database, put):
    """Effects, an error, a note, or that it waits."""
    first = put(state="done")
    put("github", state="done", error="nothing in it for us")
    put("mlflow/prod", state="dead", error="not a RunEvent")
    put()
    with database.write() as connection:
        caused(connection, first, state="dead", error="refused")

    page = words(web.text("/deliveries"))
    assert "4 runs run waiting 0 just now waits for its turn" in page
    assert "3 mlflow/prod run dead 0 just now not a RunEvent" in page
    assert "2 github run done 0 just now nothing in it for us" in page
    assert "1 runs run done 0 just now EnsureExperimentItem dead" in page


def test_a_delivery_of_facts_is_noted(web, put):
    """It caused no effect and needs no note."""
    put(state="done")

    assert "done 0 just now noted" in words(web.text("/deliveries"))


def test_the_list_is_filtered_by_the_query(web, put):
    """Values that mean nothing are left out of account."""
    put("runs")
    put("clock")

    assert 'href="/deliveries/2"' not in web.text("/deliveries")
    assert 'href="/deliveries/2"' in web.text("/deliveries?ticks=1")
    assert "None of that kind" in web.text("/deliveries?state=dead")
    assert 'href="/deliveries/1"' in web.text("/deliveries?source=runs&state=waiting")
    assert 'href="/deliveries/1"' in web.text("/deliveries?source=%00&state=x&before=-1")


def test_older_ones_are_a_page_away(web, put):
    """The filter goes with it."""
    for _ in range(delivery_log.PAGE_ROWS + 1):
        put("runs")

    assert 'href="/deliveries?source=runs&amp;before=2"' in web.text("/deliveries?source=runs")
    last = web.text("/deliveries?source=runs&ticks=1&before=2")
    assert 'href="/deliveries?source=runs&amp;ticks=1">Latest' in last
    assert "Older" not in last


def test_details_show_everything(web, database, put):
    """The body indented, events, effects with their errors; words from outside escaped."""
    number = put(body=b'{"prompt":"<script>"}', state="dead", error="gave up")
    event = decode(
        b'{"event":"IterationChanged","tracker":"github:a/b","ref":"1","action":"edited","name":"x",'
        b'"open":true,"at":"2026-03-04T12:00:00Z","actor":"mira","by_bot":false}'
    )
    assert isinstance(event, IterationChanged)
    with database.write() as connection:
        log.append(connection, [(event, number)], NOW)
        caused(connection, number, state="dead", error="refused")
        caused(connection, number, "churn-2")

    html = web.text(f"/deliveries/{number}")
    page = words(html)
    assert "&#34;prompt&#34;: &#34;&lt;script&gt;&#34;" in html
    assert "IterationChanged IterationChanged:github:a/b 2026-03-04 12:00" in page
    assert "dead 0 2026-03-04 12:00 refused" in page
    assert "pending 0 due 2026-03-04 12:00" in page
    assert "gave up" in page


def test_a_waiting_delivery_tells_its_next_try(web, database, put):
    """And that its body is gone, if it is."""
    number = put()
    with database.write() as connection:
        connection.execute(delete(DeliveryBodyRow))

    page = words(web.text(f"/deliveries/{number}"))
    assert "Next try 2026-03-04 12:00 UTC" in page
    assert "The body was deleted." in page


def test_a_delivery_that_is_not_there(web):
    """It may have been deleted."""
    assert web.client.get("/deliveries/1").status_code == 404


@pytest.mark.parametrize("body", [b"not JSON \xff", b"[" * 5000])
def test_a_body_that_is_no_json_is_shown_as_it_came(body):
    """Whatever it holds."""
    assert readable(body) == body.decode(errors="replace")


def test_a_large_body_is_cut(web, put):
    """The page says so."""
    number = put(body=b'"' + b"x" * MAX_BODY_BYTES + b'"')

    assert "The first 100,000 characters." in web.text(f"/deliveries/{number}")
