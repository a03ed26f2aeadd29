"""What an alert's condition says: metrics, logs of both generations, activity logs.

Source: Microsoft, "Sample alert payloads". A simple log alert has null for nearly everything; the old
log alerts have other names, and dates in the American order, which are not read.
"""

import msgspec

from trainboard.alerts import AlertLinks
from trainboard_webhooks.members import find_member, find_shown, list_items
from trainboard_webhooks.payload import Payload, shorten

_MOST_CONDITIONS = 20
_LABEL_CHARACTERS = 200
_LOG_LINKS = ("linkToFilteredSearchResultsUI", "linkToSearchResultsUI", "LinkToSearchResults")


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. Texts are empty and dimensions none where the alert does not say."""

    text: str = ""
    value: str = ""
    threshold: str = ""
    dimensions: dict[str, str] = {}
    links: AlertLinks = AlertLinks()


def read_condition(context: Payload | None) -> Condition:
    """The condition of an alert whose context that is; an unknown one says nothing."""
    if context is None:
        return Condition()
    condition = find_member(context, "condition")
    if condition is not None:
        return _all_of(list_items(condition, "allOf")[:_MOST_CONDITIONS])
    if find_shown(context, "SearchQuery"):
        return _old_log(context)
    return Condition(text=_activity(context))


def _all_of(parts: list[Payload]) -> Condition:
    """Conditions that are met together: texts and values in their order, dimensions of all of them."""
    return Condition(
        text="; ".join(filter(None, (_sentence(part) for part in parts))),
        value=", ".join(filter(None, (find_shown(part, "metricValue") for part in parts))),
        threshold=", ".join(filter(None, (_bound(part) for part in parts))),
        dimensions=_dimensions(parts),
        links=AlertLinks(generator=next(filter(None, map(_link, parts)), "")),
    )


def _sentence(part: Payload) -> str:
    what = find_shown(part, "metricName") or find_shown(part, "metricMeasureColumn") or "the query's result"
    how = find_shown(part, "timeAggregation")
    bound = _bound(part)
    return f"{what}{f' ({how})' if how else ''} {bound}".strip() if bound else ""


def _bound(part: Payload) -> str:
    return " ".join(filter(None, (find_shown(part, "operator"), find_shown(part, "threshold"))))


def _dimensions(parts: list[Payload]) -> dict[str, str]:
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for dimension in list_items(part, "dimensions"):
            name, value = find_shown(dimension, "name"), find_shown(dimension, "value")
            if name:
                found.setdefault(shorten(name, _LABEL_CHARACTERS), {})[value] = None
    return {name: shorten(", ".join(values), _LABEL_CHARACTERS) for name, values in found.items()}


def _link(part: Payload) -> str:
    return next(filter(None, (find_shown(part, key) for key in _LOG_LINKS)), "")


def _old_log(context: Payload) -> Condition:
    return Condition(
        text=f"results {_bound(context)}" if _bound(context) else "",
        value=find_shown(context, "ResultCount"),
        threshold=_bound(context),
        dimensions=_dimensions([context]),
        links=AlertLinks(generator=_link(context)),
    )


def _activity(context: Payload) -> str:
    """What was done and how it went; who did it, and with what claims, is not passed on."""
    told = (find_shown(context, key) for key in ("operationName", "status", "level"))
    return " · ".join(filter(None, told))
