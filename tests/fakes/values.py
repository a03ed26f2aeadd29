"""Any value of a struct, field by field."""

from datetime import UTC, datetime

import msgspec
from hypothesis import strategies as st
from msgspec import UNSET

from trainboard.alerts import Alert, AlertGroup
from trainboard.comments import Given
from trainboard.result_files import Tally
from trainboard.runs import ExperimentName, RunFacts, RunReport, RunStatus
from trainboard.triggers import Argument

names = st.text(min_size=1, max_size=12)
numbers = st.integers(-(2**31), 2**31)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
finite = st.floats(allow_nan=False, allow_infinity=False)
reports = st.builds(
    RunReport,
    source=st.just("mlflow:prod"),
    run=st.builds(RunFacts, id=names, status=st.sampled_from(RunStatus), started_at=times | st.just(UNSET)),
    experiment=st.builds(ExperimentName, name=names),
    metrics=st.dictionaries(names, st.none() | finite, max_size=3),
)
labels = st.dictionaries(names, names, max_size=2)
alerts = st.builds(Alert, fingerprint=names, rule=names, firing=st.booleans(), labels=labels)
groups = st.builds(AlertGroup, labels=labels, alerts=st.tuples(alerts))
_OF_TYPE = {
    Alert: alerts,
    AlertGroup: groups,
    tuple[Alert, ...]: st.tuples(alerts),
    tuple[AlertGroup, ...]: st.tuples(groups),
    datetime: times,
    RunReport: reports,
    str: names,
    int: numbers,
}


st.register_type_strategy(Argument, st.builds(Argument, names, names | st.booleans() | numbers | finite))
st.register_type_strategy(Tally, st.builds(Tally, seconds=st.none() | st.floats(min_value=0, max_value=1e9)))


def structs(kind):
    """A strategy of values of the struct `kind`."""
    fields = {
        field.name: _OF_TYPE[field.type] if field.type in _OF_TYPE else st.from_type(field.type)
        for field in msgspec.structs.fields(kind)
    }
    return st.builds(kind, **fields)


st.register_type_strategy(Given, structs(Given))
