"""What a request asks for, as values; what is not understood is refused by its name."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import flask
import msgspec
from msgspec import Meta
from werkzeug.exceptions import BadRequest, NotAcceptable, NotFound, RequestEntityTooLarge

from trainboard.web.api.operations import Operation

MAX_BODY_BYTES = 16_384
MAX_NUMBER = 2**63 - 1

Word = Annotated[str, Meta(min_length=1, max_length=250, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Name = Annotated[Word, Meta(description="The name of a project; without it the first one.")]
Project = Annotated[Word, Meta(description="The name of a project.")]

_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_WORDS = {"true": True, "false": False}
_BY_PATTERN = "matching regex"
_MOST_NAMED = 10
_LONGEST_NAME = 60


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """An operation without parameters asks for it."""


def read_asked(operation: Operation, places: Mapping[str, str]) -> Any:
    """The request's parameters as an instance of what the operation asks for.

    Raises:
        BadRequest: one is unknown, is there twice, or is not what it should be.
        NotFound: one in the path is not what it should be.
    """
    known = {each.name: each for each in operation.parameters}
    query = flask.request.args
    _refuse_unknown([name for name in query if name not in known or known[name].place == "path"], operation)
    twice = [name for name in query if len(query.getlist(name)) > 1]
    if twice:
        raise BadRequest(f"The parameter {_say(twice)} may be there only once.")
    told = {**query.to_dict(), **places}
    values = {name: _type(known[name].schema.get("type"), text) for name, text in told.items()}
    try:
        return msgspec.convert(values, operation.asks)
    except msgspec.ValidationError as error:
        message, _, name = str(error).partition(" - at `$.")
        name = name.rstrip("`")
        reason = "it has characters that cannot be in it" if _BY_PATTERN in message else message
        refusal = NotFound if name in places else BadRequest
        raise refusal(f"The parameter {name} is not understood: {reason}.") from None


def check_request(operation: Operation) -> None:
    """Refuse what no operation can answer.

    Raises:
        RequestEntityTooLarge: the body is larger than any that is read past.
        NotAcceptable: the client takes none of what it answers with.
    """
    request = flask.request
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge(
            f"No operation reads a body, and none is taken of more than {MAX_BODY_BYTES} bytes."
        )
    if "Accept" in request.headers and not request.accept_mimetypes.best_match(operation.media_types):
        raise NotAcceptable(f"This address answers with {', '.join(operation.media_types)} only.")


def _refuse_unknown(names: list[str], operation: Operation) -> None:
    if names:
        known = [each.name for each in operation.parameters if each.place == "query"]
        takes = f"It takes {', '.join(known)}." if known else "It takes none."
        raise BadRequest(f"This address has no parameter {_say(names)}. {takes}")


def _say(names: list[str]) -> str:
    return ", ".join(name[:_LONGEST_NAME] for name in names[:_MOST_NAMED])


def _type(kind: str | None, text: str) -> object:
    """Text that means a value of that type as that; anything else as it came, to be refused."""
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    return _WORDS.get(text, text) if kind == "boolean" else text
