"""From a request to its answer: one way for every operation.

Source: RFC 9110, "HTTP Semantics", 8.8.3 ETag, 13.1.2 If-None-Match; RFC 8288, "Web Linking".
"""

from collections.abc import Mapping
from urllib.parse import quote

import flask

from trainboard.web.api.asking import check_request, read_asked
from trainboard.web.api.operations import Operation, Text
from trainboard.web.problems import answer
from trainboard.web.site import Site

CACHING = "private, no-cache"
"""Whoever keeps an answer asks each time whether it still holds."""


def respond(operation: Operation, site: Site, places: Mapping[str, str]) -> flask.Response:
    """The answer to the current request; 304 where the client has it already.

    Raises:
        HTTPException: the request is refused.
    """
    check_request(operation)
    document = operation.run(site, read_asked(operation, places))
    response = _write(document) if isinstance(document, Text) else answer(document, operation.status)
    if operation.method != "GET":
        return response
    following = getattr(document, "next", None)
    if following is not None:
        response.headers["Link"] = f'<{_address_of(following)}>; rel="next"'
    response.headers["Cache-Control"] = CACHING
    response.add_etag()
    response.make_conditional(flask.request)
    return response


def _write(text: Text) -> flask.Response:
    response = flask.Response(text.body, content_type=f"{text.media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={text.filename}"
    return response


def _address_of(cursor: str) -> str:
    asked = {**flask.request.args.to_dict(), "cursor": cursor}
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in asked.items())
    return f"{quote(flask.request.path)}?{query}"
