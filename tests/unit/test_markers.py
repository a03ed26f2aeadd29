"""The bot's part of a body is replaced; what people write stays to the letter."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard.fingerprints import experiment_key
from trainboard.markers import Markers
from trainboard.work_items import Comment

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
KEY = experiment_key("churn", "churn-xgb", 1)
OTHER_KEY = experiment_key("churn", "churn-xgb", 2)
MARKERS = Markers(b"secret", "github:acme/churn")
END = "<!-- trainboard:end -->"
PART = MARKERS.wrap(KEY, "old")
NEW = MARKERS.wrap(KEY, "new")

texts = st.text(max_size=60) | st.text(alphabet=st.sampled_from(" \n\r\tx<!->`"), max_size=20)
FOREIGN = [
    Markers(b"secret", "github:acme/other").wrap(KEY, "x"),
    Markers(b"another secret", "github:acme/churn").wrap(KEY, "x"),
    PART.replace("mac=", "mac=0").replace("0 -->", " -->"),
    MARKERS.begin(KEY).replace(KEY, OTHER_KEY),
    MARKERS.begin(KEY).upper(),
]


def test_what_the_bot_wrote_is_found_by_its_mark():
    """The first of several; what somebody copied, or has another mark, is not it."""
    copied = Comment(ref="1", body=PART, created_at=NOW, ours=False)
    other = Comment(ref="2", body=MARKERS.wrap(OTHER_KEY, "old"), created_at=NOW, ours=True)
    mine = [Comment(ref=ref, body=PART, created_at=NOW, ours=True) for ref in ("3", "4")]
    assert mine[0] == MARKERS.find_ours([copied, other, *mine], KEY)
    assert MARKERS.find_ours([copied, other], KEY) is None


def test_a_part_stands_between_its_marks():
    """The text is trimmed; each mark has a line of its own."""
    assert f"{MARKERS.begin(KEY)}\nhello\n{END}" == MARKERS.wrap(KEY, "\n hello \n")
    assert KEY == MARKERS.find_key(MARKERS.wrap(KEY, "hello"))


@given(texts, texts)
def test_what_stands_around_a_part_is_kept_to_the_letter(before, after):
    """Replacing the part changes the part and nothing else."""
    assert before + NEW + after == MARKERS.replace(before + PART + after, KEY, "new")
    assert before + "\n" + after == MARKERS.outside(before + PART + after)


@given(texts)
def test_a_part_is_added_after_what_people_wrote(body):
    """To the letter, and with an empty line between."""
    added = MARKERS.replace(body, KEY, "new")

    assert added.startswith(body)
    assert added.endswith(NEW)
    assert body == "" or "\n\n" == (body + added[len(body) :]).removesuffix(NEW)[-2:]
    assert "" == added[len(body) : -len(NEW)].strip("\n")


@given(texts, texts, texts)
def test_replacing_twice_is_replacing_once(before, after, text):
    """Also where there was no part, or only its beginning."""
    for body in (before, before + PART + after, before + MARKERS.begin(KEY) + after):
        once = MARKERS.replace(body, KEY, text)
        assert once == MARKERS.replace(once, KEY, text)


@given(texts)
def test_text_without_marks_is_people_s(body):
    """All of it, and it has no key."""
    assert (body, None) == (MARKERS.outside(body), MARKERS.find_key(body))


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_copied_or_forged_mark_is_not_ours(foreign):
    """It is text of people like any other: it has no key and is kept."""
    assert (None, foreign) == (MARKERS.find_key(foreign), MARKERS.outside(foreign))
    assert f"{foreign}\n\n{NEW}" == MARKERS.replace(foreign, KEY, "new")
    assert f"{foreign}\n{NEW}" == MARKERS.replace(f"{foreign}\n{PART}", KEY, "new")


def test_a_deleted_part_is_added_again():
    """Somebody took the bot's part out; the next time it stands at the end."""
    assert f"Our plan.\n\n{NEW}" == MARKERS.replace("Our plan.\n", KEY, "new")


def test_an_end_mark_that_was_deleted():
    """Nothing is cut: what stood after the mark is kept, and the part is added anew."""
    body = f"Above.\n\n{MARKERS.begin(KEY)}\nold\n\nBelow."

    assert f"Above.\n\nold\n\nBelow.\n\n{NEW}" == MARKERS.replace(body, KEY, "new")
    assert "Above.\n\n\n" == MARKERS.outside(body)


def test_a_lone_begin_mark_is_replaced():
    """A body that was nothing but the mark becomes the part."""
    assert NEW == MARKERS.replace(MARKERS.begin(KEY), KEY, "new")


def test_of_two_parts_the_first_is_the_bot_s():
    """A copy that somebody made is kept as it is."""
    body = f"{PART}\nBetween.\n{PART}\nBelow."

    assert f"{NEW}\nBetween.\n{PART}\nBelow." == MARKERS.replace(body, KEY, "new")
    assert f"\n\nBetween.\n{PART}\nBelow." == MARKERS.outside(body)


def test_a_mark_does_not_borrow_another_s_end():
    """With the first end deleted, what people wrote up to the second part is kept."""
    begin = MARKERS.begin(KEY)
    body = f"{begin}\nBetween.\n{PART}\nBelow."

    assert f"{begin}\nBetween.\n{NEW}\nBelow." == MARKERS.replace(body, KEY, "new")
    assert f"{begin}\nBetween.\n\n\nBelow." == MARKERS.outside(body)


def test_the_key_is_that_of_the_first_true_mark():
    """A forged one before it is passed over."""
    body = FOREIGN[0] + MARKERS.wrap(OTHER_KEY, "x") + PART

    assert OTHER_KEY == MARKERS.find_key(body)


def test_what_the_bot_wrote_is_read_again():
    """The bot's part without its marks; nothing where there is none, or where the mark is foreign."""
    markers, foreign = Markers(b"s", "local:churn"), Markers(b"t", "local:churn")
    body = "mine\n\n" + markers.wrap("experiment:" + "a" * 24, "one\ntwo")
    assert ("one\ntwo", "", "") == (markers.inside(body), markers.inside("mine"), foreign.inside(body))


def test_marks_of_a_former_name_are_true():
    """A repository was renamed: its parts are found, and written anew under the name of now."""
    renamed = Markers(b"secret", "github:acme/leavers", ["github:acme/churn"])

    assert KEY == renamed.find_key(PART)
    assert f"a\n{renamed.wrap(KEY, 'new')}" == renamed.replace(f"a\n{PART}", KEY, "new")
    assert MARKERS.find_key(renamed.wrap(KEY, "new")) is None
