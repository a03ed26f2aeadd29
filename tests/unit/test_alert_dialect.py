"""What messages and lists of Alertmanager and Grafana have in common."""

from datetime import UTC, datetime

import pytest

from trainboard.alert_dialect import drop_private, find_rule, read_time
from trainboard.errors import PayloadError


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T16:53:44.239086123Z", datetime(2026, 11, 23, 16, 53, 44, 239086, UTC)),
        ("2026-11-23T16:53:59.999999999Z", datetime(2026, 11, 23, 16, 53, 59, 999999, UTC)),
        ("2026-11-23T17:53:44.2+01:00", datetime(2026, 11, 23, 16, 53, 44, 200000, UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("", None),
    ],
)
def test_times_of_senders(text, moment):
    """With up to nine digits, in any zone; the year 1 means that there is none."""
    assert moment == read_time(text)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01T00:00:00Z", "2026-11-23T16:53:44"])
def test_what_is_no_time(text):
    """Is refused with the text."""
    with pytest.raises(PayloadError, match="is no time"):
        read_time(text)


def test_grafana_tells_by_a_name_that_it_cannot_watch():
    """The rule that it could not evaluate stands in another label; elsewhere the name is a name."""
    labels = {"alertname": "DatasourceNoData", "rulename": "AucLow"}
    assert ("AucLow", "monitoring") == find_rule(labels, grafana=True)
    assert ("DatasourceNoData", "model") == find_rule(labels, grafana=False)
    assert ("DatasourceError", "monitoring") == find_rule({"alertname": "DatasourceError"}, grafana=True)
    assert ("", "model") == find_rule({}, grafana=True)


def test_private_labels_are_left_out():
    """Those that begin and end with two underscores."""
    assert {"__a": "1", "b__": "2"} == drop_private({"__a": "1", "b__": "2", "__alert_rule_uid__": "u"})
