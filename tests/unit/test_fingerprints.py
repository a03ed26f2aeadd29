"""Names of ours are stable and of one thing only."""

from hypothesis import given
from hypothesis import strategies as st

from trainboard.fingerprints import experiment_key, fingerprint, iteration_key

anything = st.lists(st.text(st.characters(), max_size=8), max_size=4)


def test_a_fingerprint_is_the_same_for_ever():
    """Marks that stand in trackers are found by it after every update."""
    assert "ef81b91e7487914407f509fb" == fingerprint("churn", "churn-xgb", "1")
    assert "experiment:ef81b91e7487914407f509fb" == experiment_key("churn", "churn-xgb", 1)
    assert "iteration:" + fingerprint("churn", "1") == iteration_key("churn", 1)


@given(anything, anything)
def test_other_parts_have_another_fingerprint(one, two):
    """Also where the parts are cut at another place."""
    assert (one == two) == (fingerprint(*one) == fingerprint(*two))


def test_half_a_character_has_a_fingerprint():
    """Names from outside may hold a lone surrogate."""
    assert 24 == len(fingerprint("\ud800"))
