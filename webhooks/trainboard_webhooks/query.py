"""What the address of a message says behind its question mark."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

QUERY = ":query"
"""The name under which a source finds the query among the headers, as it was sent."""

_MOST_FIELDS = 20


def read_query(headers: Mapping[str, str]) -> dict[str, str]:
    """The fields by their names, the last of a name; none if there are more than twenty or it is no text."""
    query = headers.get(QUERY, "")
    try:
        fields = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS)) if query.isascii() else {}
    except ValueError:
        return {}
    return fields
