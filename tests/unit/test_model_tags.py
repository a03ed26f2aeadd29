"""Tags of Git that tell of models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.model_tags import Tag, read_tags

A, B, C = ("a" * 40, "b" * 40, "c" * 40)


def read(*pairs):
    """What tags tell, each given as its name and its commit."""
    found = read_tags(Tag(*pair) for pair in pairs)
    return dict(found.versions), {model: dict(stages) for model, stages in found.stages.items()}


V1, V2 = ("churn@v1.0.0", A), ("churn@v2.0.0", B)


@pytest.mark.parametrize(
    ("tags", "versions", "stages"),
    [
        ([], {}, {}),
        ([V1], {("churn", "v1.0.0"): A}, {"churn": {}}),
        ([V1, ("churn#prod", A)], {("churn", "v1.0.0"): A}, {"churn": {"prod": "v1.0.0"}}),
        (
            [V1, V2, ("churn#prod#1", A), ("churn#prod#2", B)],
            {("churn", "v1.0.0"): A, ("churn", "v2.0.0"): B},
            {"churn": {"prod": "v2.0.0"}},
        ),
        (
            [V1, V2, ("churn#prod#3", A), ("churn#prod#2", B)],
            {("churn", "v1.0.0"): A, ("churn", "v2.0.0"): B},
            {"churn": {"prod": "v1.0.0"}},
        ),
        ([V1, ("churn#prod#1", A), ("churn#prod!#2", A)], {("churn", "v1.0.0"): A}, {"churn": {}}),
        ([V1, ("churn@v1.0.0!", A)], {}, {"churn": {}}),
        ([V1, ("churn@v1.0.0!#2", A), ("churn@v1.0.0#3", B)], {("churn", "v1.0.0"): B}, {"churn": {}}),
        ([V1, ("churn#prod#1", A), ("churn@deprecated", A)], {}, {"churn": {}}),
        ([V1, ("churn@deprecated#1", A), ("churn@created#2", A)], {("churn", "v1.0.0"): A}, {"churn": {}}),
        ([V1, ("churn#prod#1", C)], {("churn", "v1.0.0"): A}, {"churn": {}}),
        (
            [V1, ("churn@v1.0.0-rc.1", A), ("churn@v0.9.0", A), ("churn#prod#1", A)],
            {("churn", "v1.0.0"): A, ("churn", "v1.0.0-rc.1"): A, ("churn", "v0.9.0"): A},
            {"churn": {"prod": "v1.0.0"}},
        ),
        (
            [("models/nlp=churn@v1.10.0", A), ("models/nlp=churn@v1.9.0", A), ("models/nlp=churn#prod#1", A)],
            {("models/nlp:churn", "v1.10.0"): A, ("models/nlp:churn", "v1.9.0"): A},
            {"models/nlp:churn": {"prod": "v1.10.0"}},
        ),
    ],
)
def test_what_stands_is_told(tags, versions, stages):
    """The highest counter has the last word, and a stage has the version of its commit."""
    assert (versions, stages) == read(*tags)


@pytest.mark.parametrize(
    "name",
    [
        "v1.2.0",
        "release-1",
        "churn@1.0.0",
        "churn@v1",
        "churn@v01.0.0",
        "Churn@v1.0.0",
        "-churn@v1.0.0",
        "churn@v1.0.0\n",
        "churn#",
        "churn#prod#x",
        "churn##1",
        "churn@v1.0.0<img>",
        "churn@v" + "9" * 40 + ".0.0",
        "c" * 5000 + "@v1.0.0",
        "",
    ],
)
def test_other_tags_say_nothing(name):
    """A repository has tags of other kinds."""
    assert ({}, {}) == read((name, A))


NAMES = ["churn@v1.0.0", "churn@v2.0.0", "churn@v1.0.0!", "churn#prod#1", "churn#prod#2", "churn#prod!#3"]
TAGS = st.lists(
    st.tuples(st.sampled_from([*NAMES, "churn@deprecated", "churn@created#4"]), st.sampled_from([A, B])),
    unique_by=lambda each: each[0],
)


@given(TAGS, st.randoms())
def test_order_and_repetition_make_no_difference(tags, random):
    """Whatever was pushed or heard first."""
    shuffled = [*tags, *tags]
    random.shuffle(shuffled)
    assert read(*tags) == read(*shuffled)
