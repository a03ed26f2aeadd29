"""Bodies as nobody should send them: a good one with a few things wrong at random places."""

import copy

from hypothesis import strategies as st

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2**70),
    st.floats(),
    st.sampled_from([0.5, 1e308, -1e308, 2.0, -0.0]),
    st.text(max_size=20),
    st.sampled_from(
        ["", "x" * 10_000, "\u202e", "\x00", "../..", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:59"]
    ),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [[[]]]),
    st.builds(lambda: {"name": {}, "login": 5}),
)


def places(value, path=()):
    """Every path in `value`, the whole first."""
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from places(member, (*path, key))


@st.composite
def mutated(draw, documents, odd=ODD):
    """One of `documents` with one to three members deleted, replaced, added or given a new name."""
    value = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(value))))
        if not path:
            continue
        *way, last = path
        parent = value
        for key in way:
            parent = parent[key]
        change = draw(st.sampled_from(["delete", "replace", "replace", "add"]))
        if change == "delete":
            del parent[last]
        elif change == "replace" or isinstance(parent, list):
            parent[last] = draw(odd)
        else:
            parent[draw(st.text(max_size=8))] = draw(odd)
    return value
