"""The same news by two ways."""

from datetime import timedelta

from msgspec.structs import replace

from fakes.plans import day, happens
from trainboard.report.telling import NEAR, leave_out_told

AT = day(2)
HEARD = happens("1", AT, 5, source="told:abc", noted_at=AT)


def asked(number, at=AT, **said):
    """The tracker tells it when it is asked."""
    return happens("1", at, **{"points": 5} | said, source=f"event:{number}")


def test_what_a_delivery_told_is_not_told_again():
    """Its time may differ by a second."""
    assert [] == list(leave_out_told([asked(1, AT + timedelta(seconds=1))], [HEARD]))


def test_something_else_is_told():
    """Another value, another item, another time, or the same once more."""
    for other in (
        asked(1, points=8),
        replace(asked(1), item="2"),
        asked(1, AT + NEAR + timedelta(seconds=1)),
        asked(1, sprint=1),
        asked(1, begins=True),
    ):
        assert [other] == list(leave_out_told([other], [HEARD]))
    assert [asked(2)] == list(leave_out_told([asked(2), asked(1)], [HEARD]))


def test_what_was_asked_for_before_stands_by_its_name():
    """However far its value is from what is told now."""
    before = replace(asked(1), noted_at=AT)
    assert [] == list(leave_out_told([asked(1, points=8)], [before]))


def test_a_title_counts_only_by_itself():
    """With everything else the present one is shown."""
    moved = happens("1", AT, sprint=1, title="Old", source="told:def")
    assert [] == list(leave_out_told([replace(moved, source="event:1", title="New")], [moved]))
    renamed = happens("1", AT, title="New", source="event:2")
    assert [renamed] == list(leave_out_told([renamed], [moved]))


def test_an_estimate_that_is_gone_was_told_by_what_is_there_now():
    """Whatever that is."""
    gone = happens("1", AT, points_gone=8, source="event:3")
    assert [] == list(leave_out_told([gone], [HEARD]))
    assert [gone] == list(leave_out_told([gone], []))
