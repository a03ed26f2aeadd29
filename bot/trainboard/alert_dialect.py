"""What the messages and the lists of Alertmanager and of Grafana have in common.

The same alert must come out the same by either way, for the beginning and the rule are part of its identity.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from trainboard.alerts import Nature
from trainboard.errors import PayloadError

_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_FIRST_YEAR = 1970
_BROKEN_WATCH = frozenset({"DatasourceNoData", "DatasourceError"})


def read_time(text: str) -> datetime | None:
    """The time in UTC, cut to the microsecond; None for none, and for the year 1, which means none.

    Raises:
        PayloadError: it is no time of RFC 3339.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text)
    try:
        zone = found[3].upper().replace("Z", "+00:00") if found else ""
        moment = datetime.fromisoformat(f"{found[1]}.{(found[2] or '0')[:6]:0<6}{zone}" if found else "")
        return moment.astimezone(UTC) if moment.year >= _FIRST_YEAR else None
    except (ValueError, OverflowError):
        raise PayloadError(f"{text[:40]!r} is no time with an offset, like 2026-01-05T09:00:00Z") from None


def find_rule(labels: Mapping[str, str], *, grafana: bool) -> tuple[str, Nature]:
    """The rule that fires, and what is broken: Grafana tells by the name of an alert that it could not watch.

    Source: Grafana, "No Data and Error states".
    """
    name = labels.get("alertname", "")
    if grafana and name in _BROKEN_WATCH:
        return labels.get("rulename", name), "monitoring"
    return name, "model"


def drop_private(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels without Grafana's own, which its lists tell and its messages do not.

    Source: Grafana's own `templates/template_data.go`, `removePrivateItems`.
    """
    return {name: value for name, value in labels.items() if not (name[:2] == "__" == name[-2:])}
