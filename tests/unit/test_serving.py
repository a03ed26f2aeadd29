"""Where versions of models are in use."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.code import NOW, move, moves, serving, servings
from trainboard.pull_requests import DeploymentState
from trainboard.serving import list_places, merge_servings, point, tell_serving_silent

RUNNING, SUCCEEDED, FAILED = DeploymentState.RUNNING, DeploymentState.SUCCEEDED, DeploymentState.FAILED


def minutes(amount):
    """So long after the beginning."""
    return NOW + timedelta(minutes=amount)


def tell(place):
    """Version, state and minute of each stay in a place."""
    return [
        (each.version, each.deployment.state.value, (each.deployment.succeeded_at - NOW).seconds // 60)
        for each in place.placed
    ]


@given(st.lists(servings.map(lambda each: replace(each, ref="1")), min_size=1, max_size=5), st.randoms())
def test_the_order_of_what_is_said_of_a_serving_does_not_matter(said, random):
    """Nor how often it is said."""

    def merged(told):
        known = None
        for each in told:
            known = merge_servings(known, each)
        return known

    shuffled = said * 2
    random.shuffle(shuffled)
    assert merged(said) == merged(shuffled)


def test_the_first_success_of_a_serving_is_kept():
    """Whatever came of it later."""
    done = serving(at=minutes(1))
    failed = replace(done, state=FAILED, at=minutes(5))

    merged = merge_servings(failed, done)
    assert (FAILED, minutes(1)) == (merged.state, merged.succeeded_at)


def test_an_old_move_that_comes_late_moves_nothing():
    """The newest one tells where an alias points, also if to nothing."""
    old, new, other = move("1"), move("2", minutes(1)), move(None, minutes(2), alias="challenger")

    assert {("churn-xgb", "champion"): new, ("churn-xgb", "challenger"): other} == point([other, new, old])


@given(st.lists(moves, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_moves_does_not_matter(told, random):
    """Duplicates neither."""
    shuffled = told * 2
    random.shuffle(shuffled)

    assert point(told) == point(shuffled)
    assert list_places(told, ()) == list_places(shuffled, ())


def test_an_alias_stays_at_a_version_until_it_moves():
    """Looking at it again and again is no move; what is cleared is there no longer."""
    seen = [
        move("1"),
        move("1", minutes(1)),
        move("2", minutes(2)),
        move("2", minutes(3)),
        move(None, minutes(4)),
    ]
    [place] = list_places([*seen, move("1", minutes(6))], ())

    assert [("1", "succeeded", 0), ("2", "replaced", 2), ("1", "succeeded", 6)] == tell(place)
    assert ("alias", "churn-xgb", "champion") == (place.kind, place.model, place.name)


def test_an_alias_that_never_pointed_anywhere_is_a_place_without_history():
    """As where only its clearing was heard."""
    [place] = list_places([move(None)], ())
    assert () == place.placed


def test_an_endpoint_is_one_for_each_model_in_whatever_letters():
    """The stage that was said last counts, and the letters too."""
    first = serving(stage="production")
    second = serving(ref="blue/2", endpoint="Churn-Prod", version="4", at=minutes(2))
    other = serving(ref="blue/2", model="ranking", version="9")

    churn, ranking = list_places((), [second, other, first])
    assert ("churn-xgb", "Churn-Prod", "production") == (churn.model, churn.name, churn.stage)
    assert ["3", "4"] == [each.version for each in churn.placed]
    assert "ranking" == ranking.model


def test_a_serving_that_is_on_its_way_for_ever_is_without_news():
    """One that ended is not."""
    going = serving(state=RUNNING)
    assert DeploymentState.SILENT is tell_serving_silent(going, minutes(5 * 24 * 60)).state
    assert going == tell_serving_silent(going, minutes(9))
    assert serving() == tell_serving_silent(serving(), minutes(999_999))
