"""A notebook comes from whoever may push: no text hurts."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.notebooks.reviewing import review_notebook

CONTENTS = st.sampled_from(("source", "input", "outputs", "data", "text", "text/html", "image/png", "ename"))
PLACES = st.sampled_from(("cells", "worksheets", "output_type", "cell_type", "execution_count", "metadata"))
OTHERS = st.sampled_from(("code", "error", "kernelspec", "language", "traceback"))
WORDS = CONTENTS | PLACES | OTHERS
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(), inner, max_size=6),
    max_leaves=30,
)
cells = st.fixed_dictionaries(
    {"cell_type": st.just("code"), "source": st.text() | values}, optional={"outputs": values}
)
PIECES = (
    *(
        "eyJ",
        "eyJa-",
        "eyJa.",
        "://a:b",
        "://",
        "password='",
        "password='aaaa1",
        "AKIA",
        "AccountKey=",
        " ",
        "\n",
    ),
    *(
        "%",
        "/home/",
        "C:\\a",
        "np.random.",
        "-----BEGIN A ",
        "<table",
        "!pip ",
        "a=",
        "a!",
        "(",
        "{1:",
        "f(",
        "'",
    ),
    *('"""', "\\", "%x \\\n", "lambda:", "not ", "@a\n", "a.", "é🚀", "gh", "sk-", "?&sig=", "0", "\0"),
)


@given(st.text() | values.map(json.dumps))
def test_any_text_is_reviewed(text):
    """Whatever it is, there is a review, and none of it is longer than a page."""
    assert len(repr(review_notebook(text, text))) < 50_000


@given(st.lists(cells, max_size=4), values)
def test_any_cells_are_reviewed(found, metadata):
    """Whatever shape they are of; and what did not change brings nothing."""
    text = json.dumps({"cells": found, "metadata": metadata})
    review = review_notebook(text, text)
    assert ("", ()) == (review.trouble, review.brought)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("where", ["source", "output"])
def test_time_grows_with_the_size(piece, where):
    """Ten times the text takes no hundred times as long; the best of three looks counts."""

    def measure(length):
        text = (piece * (length // len(piece) + 1))[:length]
        outputs = [{"output_type": "stream", "text": text}] if where == "output" else []
        source = text if where == "source" else ""
        told = json.dumps({"cells": [{"cell_type": "code", "source": source, "outputs": outputs}]})
        times = []
        for _ in range(3):
            begun = time.process_time()
            review_notebook(told)
            times.append(time.process_time() - begun)
        return min(times)

    assert measure(90_000) < 40 * max(measure(9_000), 0.0005)
