"""The API answers as its own description says, whatever it is asked. Schemathesis asks and judges."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode

from fakes.clock import FakeClock
from fakes.known_things import MONITORED, NOW, OPEN, SPRINT, STORM, WITH_CODE, fill
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.web import api
from trainboard.web.app import create_app
from trainboard.web.pages import pages

REAL = {
    "get_alert": [{"key": OPEN}, {"key": STORM}, {"key": "alert:closed"}],
    "get_delivery": [{"number": 1}, {"number": 2}, {"number": 4}],
    "get_experiment": [{"number": 1}, {"number": 2}],
    "get_pull_request": [{"project": "churn", "number": 7}, {"project": "churn", "number": 6}],
    "get_report_text": [{"project": "churn", "sprint": str(SPRINT)}],
    "get_sprint": [{"project": "churn", "sprint": number} for number in (str(SPRINT), str(SPRINT - 1))],
    "list_runs": [{"number": 1}],
}
UNPACKED = {"Accept-Encoding": "identity"}
"""Schemathesis does not unpack what an application in its own process has packed."""
READING = [each for each in api.load() if each.method == "GET"]
KNOWN = [(each, places) for each in READING for places in REAL.get(each.name, [{}])]
bounded = settings(
    max_examples=25,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def name_of(value):
    """The name of an operation, or what stands in its path."""
    return value.name if isinstance(value, api.Operation) else "-".join(map(str, value.values()))


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application over a store that has something of each kind."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('api')}/api.db")
    upgrade(database)
    with database.write() as connection:
        fill(connection)
    yield create_app(pages(database, WITH_CODE, MONITORED, FakeClock(NOW), access="public"))
    database.close()


@pytest.fixture(scope="module")
def described(app):
    """The description that the application gives of itself, as Schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def ask(described, operation, mode, **places):
    """Ask the operation in many ways, and let every check judge each answer; the statuses that came."""
    seen = set()

    @seed(20260304)
    @bounded
    @given(case=described[operation.path][operation.method].as_strategy(mode, **places))
    def run(case):
        if mode is GenerationMode.POSITIVE:
            leave_out_what_was_not_given(case)
        seen.add(case.call_and_validate(headers=UNPACKED).status_code)

    run()
    return seen


def leave_out_what_was_not_given(case):
    """No cursor but one of ours is any good, and a page has its number or a cursor: no schema says so."""
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)


def test_the_description_is_openapi(app):
    """Version 3.1, without a finding."""
    document = app.test_client().get("/openapi.json").get_json()
    assert [] == [str(each) for each in OpenAPIV31SpecValidator(document).iter_errors()]
    assert {each.path for each in api.load()} == set(document["paths"])


@pytest.mark.parametrize(("operation", "places"), KNOWN, ids=name_of)
def test_what_is_known_is_answered_as_described(app, operation, places):
    """With the status, the type and the members that are said."""
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    case = described[operation.path][operation.method].Case(path_parameters=places)
    assert 200 == case.call_and_validate(headers=UNPACKED).status_code


@pytest.mark.parametrize("operation", READING, ids=name_of)
def test_what_may_be_asked_is_answered(described, operation):
    """It is there, or it is not found; never refused, and never a fault."""
    assert ask(described, operation, GenerationMode.POSITIVE) <= {200, 404}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("operation", [each for each in api.load() if each not in READING], ids=name_of)
def test_nobody_changes_anything_where_nobody_signs_in(described, operation, mode):
    """It is refused as described, whatever is asked."""
    assert ask(described, operation, mode) <= {400, 403, 404, 405, 406}


@pytest.mark.parametrize("operation", [each for each in READING if each.parameters], ids=name_of)
def test_what_may_not_be_asked_is_refused(described, operation):
    """With a problem that says what is wrong, and never a fault."""
    assert ask(described, operation, GenerationMode.NEGATIVE) <= {200, 400, 404, 405, 406}
