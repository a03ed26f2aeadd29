"""The judge of the Azure DevOps stand-in finds what an answer lacks, and nothing else."""

import pytest

from judges import azure_devops_shapes
from judges.azure_devops_shapes import has, hear, hear_hook, judge, name_operation, shapes, take_findings


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "/a/b", True),
        ({"a": {}}, "/a/b", False),
        ({"a": None}, "/a/b", True),
        ({"a": 1}, "/a/b", False),
        ({"v": [{"id": 1}, {"id": 2}]}, "/v[]/id", True),
        ({"v": [{"id": 1}, {}]}, "/v[]/id", False),
        ({"v": [None, {"id": 1}]}, "/v[]/id", True),
        ({"v": []}, "/v[]/id", True),
        ({"v": None}, "/v[]/id", True),
        ({}, "/v[]/id", False),
    ],
)
def test_path_is_there(value, path, found):
    """A key must be there with every element of a list; what is null has nothing below it."""
    assert found == has(value, path)


def test_missing_keys_are_found():
    """Every path of the table that the answer lacks is named."""
    answer = {"id": 1, "rev": 1, "fields": {}, "_links": {}, "url": "u"}
    missing = judge("PATCH wit.workItems", answer)
    assert "/fields/System.State" in missing
    assert "/id" not in missing


def test_chosen_fields_are_not_missed():
    """Who asks for some fields gets no others."""
    answer = {"count": 1, "value": [{"id": 1, "rev": 1, "fields": {}, "url": "u"}]}
    hear("GET wit.workItems", {"fields": "System.Id"}, answer)
    assert [] == take_findings()
    hear("GET wit.workItems", {}, answer)
    assert "GET wit.workItems: /value[]/fields/System.Title is missing" in take_findings()


def test_what_is_only_looked_at_is_not_judged():
    """An item that is validated has no number."""
    hear("POST wit.newWorkItem", {"validateonly": "true"}, {})
    assert [] == take_findings()


def test_unrecorded_operations_pass():
    """Of what nobody recorded, nothing is known."""
    hear("GET wit.comments", {}, {})
    assert [] == take_findings()


def test_hooks_are_judged():
    """By event and version."""
    hear_hook("build.complete", "2.0", {})
    assert "build.complete@2.0: /resource/result is missing" in take_findings()
    assert [] == take_findings()


@pytest.mark.parametrize(
    ("value", "name"), [({"count": 0, "value": []}, "GET x list"), ({"value": 1}, "GET x"), (None, "GET x")]
)
def test_collections_have_a_name_of_their_own(value, name):
    """One thing and many are answered by the same location."""
    assert name == name_operation("GET x", value)


def test_table_is_of_what_the_stand_in_serves():
    """A row whose operation is gone would judge nothing."""
    from fakes.azure_devops.hooks import EVENTS
    from fakes.azure_devops.routing import ROUTES

    served = {f"{route.method} {route.location.name}" for route in ROUTES}
    told = {f"HOOK {event}@{version}" for event in EVENTS for version in EVENTS[event][1]}
    names = {name.removesuffix(" list") for name in shapes()}
    assert set() == names - served - told
    assert azure_devops_shapes.FILE.is_file()
