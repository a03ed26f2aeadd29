"""Walking through pages of runs, with servers that behave badly."""

import pytest

from trainboard.errors import TransientError
from trainboard.experiments.mlflow.answers import Run, RunInfo, RunPage
from trainboard.experiments.mlflow.paging import list_pages
from trainboard.outbound import SlowError, TooLargeError


def a_run(run_id, start_time=None):
    return Run(RunInfo(run_id, "1", "FINISHED", start_time=start_time))


def ids(pages):
    return [[run.info.run_id for run in page.runs] for page in pages]


def playing(*pages):
    """A search that answers with these pages, and the list of what it was asked."""
    asked, left = [], iter(pages)

    def search(*question):
        asked.append(question)
        page = next(left)
        if isinstance(page, Exception):
            raise page
        return page

    return search, asked


def test_place_is_a_time():
    """The next page is asked from the last time on, without a token, and repeats nothing."""
    first = RunPage((a_run("a", 1), a_run("b", 2)), "2")
    search, asked = playing(first, RunPage((a_run("b", 2), a_run("c", 3))))
    assert [["a", "b"], ["c"]] == ids(list_pages(search, "start_time", 2))
    assert [(None, 2, ""), (2, 2, "")] == asked


def test_token_among_equals():
    """Within one time the token leads on."""
    full = RunPage((a_run("a", 1), a_run("b", 1)), "2")
    search, asked = playing(full, full, RunPage((a_run("c", 1),)))
    assert [["a", "b"], [], ["c"]] == ids(list_pages(search, "start_time", 2))
    assert [(None, 2, ""), (1, 2, ""), (1, 2, "2")] == asked


def test_token_without_times():
    """Runs without the time, and pages without runs, are passed by the token."""
    search, asked = playing(RunPage((a_run("a"),), "1"), RunPage((a_run("b"),), "2"), RunPage((a_run("c"),)))
    assert [["a"], ["b"], ["c"]] == ids(list_pages(search, "start_time", 1))
    assert ["", "1", "2"] == [token for _, _, token in asked]


@pytest.mark.parametrize("page", [RunPage((), "7"), RunPage((a_run("a", 1),), "7")])
def test_circle(page):
    """A server whose tokens bring nothing new is given up."""
    search, _ = playing(page, page, page)
    with pytest.raises(TransientError, match="circle"):
        list(list_pages(search, "start_time", 1))


def test_too_large():
    """A page that is too large is asked for in quarters, and the smaller size stays."""
    search, asked = playing(
        TooLargeError(""), TooLargeError(""), RunPage((a_run("a", 1),), "9"), RunPage((a_run("b", 2),))
    )
    assert [["a"], ["b"]] == ids(list_pages(search, "start_time", 9))
    assert [9, 2, 1, 1] == [size for _, size, _ in asked]


def test_too_slow():
    """A page that does not come in time is asked for in quarters, down to fifty runs, then it is an error."""
    search, asked = playing(SlowError(""), SlowError(""), RunPage((a_run("a", 1),)))
    assert [["a"]] == ids(list_pages(search, "start_time", 1000))
    assert [1000, 250, 62] == [size for _, size, _ in asked]

    search, asked = playing(*[SlowError("silent")] * 4)
    with pytest.raises(SlowError, match="silent"):
        list(list_pages(search, "start_time", 1000))
    assert [1000, 250, 62, 50] == [size for _, size, _ in asked]


def test_one_run_too_large():
    """One run that is over the limit by itself is an error."""
    search, _ = playing(TooLargeError("a run"))
    with pytest.raises(TooLargeError, match="a run"):
        list(list_pages(search, "start_time", 1))
