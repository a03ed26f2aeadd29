"""Bodies from outside: strict JSON, and an accessor whose errors name the path."""

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, NoReturn, Self, TypeVar

import msgspec

from trainboard.errors import PayloadError
from trainboard.fingerprints import fingerprint

MAX_DEPTH = 64

_NO_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))
_BRACES = bytes.maketrans(b"[]", b"{}")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_NUL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
_LONGEST_SAFE_DIGITS = 18
_MAX_INTEGER = 2**63 - 1
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}

Shape = TypeVar("Shape")
AwareTime = Annotated[datetime, msgspec.Meta(tz=True)]


def parse_json(body: bytes) -> object:
    """The JSON value in `body`; stricter than `json.loads`, and bounded whatever the body holds.

    Integers that do not fit into 64 bits become floats, as in every language with doubles only.

    Raises:
        PayloadError: not UTF-8, not JSON, empty, a key given twice, a number that is not finite,
            more than 64 levels, half a surrogate pair, or a NUL character.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PayloadError(f"the body is not UTF-8: byte {error.start} cannot be read") from None
    if not text.strip():
        raise PayloadError("the body is empty")
    _check_depth(body)
    try:
        value: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise PayloadError(
            f"the body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    _check_texts(body, value)
    return value


def _find_canonical(body: bytes) -> object:
    """The value of a body that is written as msgspec writes it; None where it may not be, or is refused.

    A body that comes back byte for byte is JSON in UTF-8 and gives no key twice. This takes a third of
    the time of `parse_json`, and most senders write like that. Integers may be of any size.
    """
    try:
        value: object = _CANONICAL.decode(body)
        same = _ENCODER.encode(value) == body
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not same or (b"\\" in body and b"\\u0000" in body):
        return None
    _check_depth(body)
    return value


_CANONICAL = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()


def peek(body: bytes, decoder: msgspec.json.Decoder[Shape]) -> Shape:
    """The members of a JSON object that a struct names, read in a tenth of the time of `Payload.parse`.

    What the struct does not name is only seen to be JSON: a key given twice, a number that is too large
    or a nesting of hundreds of levels is left to `Payload.parse`.

    Raises:
        PayloadError: not UTF-8, not JSON, no object, or a named member is of another kind.
    """
    if b"\\" in body and b"\\u" in body:
        parse_json(body)
    try:
        if not body.isascii():
            body.decode("utf-8")
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise PayloadError(f"{path.strip('`') or '$'}: {reason.lower()}") from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        parse_json(body)
        raise PayloadError("the body cannot be read") from None


def replace_nuls(body: bytes) -> bytes:
    """JSON with U+FFFD in place of NUL characters: for senders that pass on what others wrote."""
    return _NUL_ESCAPE.sub(lambda found: found[0][:-4] + b"fffd", body) if b"\\u0000" in body else body


def shorten(text: str, max_characters: int = 200) -> str:
    """`text`, or its beginning and a fingerprint of the whole where it is longer."""
    if len(text) <= max_characters:
        return text
    mark = f"~{fingerprint(text)}"
    return text[: max_characters - len(mark)] + mark


class Payload:
    """A JSON value nobody vouches for, and the path to it.

    Args:
        value: what `parse_json` made.
        path: where it stands, `$` for the whole body.
    """

    __slots__ = ("_path", "_value")

    def __init__(self, value: object, path: str = "$") -> None:
        self._value = value
        self._path = path

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The object that `body` is; raises PayloadError where it is none."""
        value = _find_canonical(body)
        payload = cls(parse_json(body) if value is None else value)
        payload.keys()
        return payload

    @property
    def path(self) -> str:
        """Where the value stands, `$` for the whole body."""
        return self._path

    def __getitem__(self, key: str) -> "Payload":
        """The member `key`; PayloadError where it is missing."""
        members = self._object()
        if key not in members:
            raise PayloadError(f"{self._path}.{key} is missing")
        return Payload(members[key], f"{self._path}.{key}")

    def find(self, *keys: str) -> "Payload | None":
        """The member under `keys`, one inside the other; None where one is missing or null."""
        here = self
        for key in keys:
            value = here._object().get(key)
            if value is None:
                return None
            here = Payload(value, f"{here._path}.{key}")
        return here

    def __iter__(self) -> Iterator["Payload"]:
        """The items of a list."""
        if not isinstance(self._value, list):
            self._refuse("a list")
        return (Payload(item, f"{self._path}[{index}]") for index, item in enumerate(self._value))

    def keys(self) -> list[str]:
        """The keys of an object, sorted."""
        return sorted(self._object())

    def convert(self, shape: type[Shape]) -> Shape:
        """The value as what it must be."""
        try:
            return msgspec.convert(self._value, shape)
        except msgspec.ValidationError as error:
            reason, _, path = str(error).partition(" - at ")
            where = self._path + path.strip("`").removeprefix("$")
            raise PayloadError(f"{where}: {shorten(reason.replace('`', ''), 300).lower()}") from None

    def members(self) -> Iterator[tuple[str, "Payload"]]:
        """The members of an object that are not null, by their keys in order."""
        found = sorted(self._object().items())
        return ((key, Payload(value, f"{self._path}.{key}")) for key, value in found if value is not None)

    def raw(self) -> object:
        """The value as `parse_json` made it."""
        return self._value

    def encode_without(self, key: str) -> bytes:
        """The object as compact JSON, its member `key` left out."""
        return _ENCODER.encode({name: member for name, member in self._object().items() if name != key})

    def text(self) -> str:
        """The text, which may be empty."""
        if not isinstance(self._value, str):
            self._refuse("a text")
        return self._value

    def integer(self) -> int:
        """The integer, within 64 bits."""
        if not isinstance(self._value, int) or isinstance(self._value, bool):
            self._refuse("an integer")
        if abs(self._value) > _MAX_INTEGER:
            raise PayloadError(f"{self._path} must be an integer of 64 bits")
        return self._value

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self._value, bool):
            self._refuse("a boolean")
        return self._value

    def number(self) -> int | float:
        """The number, which is finite."""
        if isinstance(self._value, bool) or not isinstance(self._value, int | float):
            self._refuse("a number")
        return self._value

    def word(self) -> str:
        """A text, an integer or a boolean as text, for what a sender writes now as one, now as another."""
        if isinstance(self._value, bool):
            return str(self._value).lower()
        return str(self.integer()) if isinstance(self._value, int) else self.text()

    def is_plain(self) -> bool:
        """True for a text, a number or a boolean."""
        return isinstance(self._value, str | int | float)

    def shown(self) -> str:
        """A text, a number or a boolean as people read it."""
        return f"{self._value:g}" if isinstance(self._value, float) else self.word()

    def time(self) -> datetime:
        """The RFC 3339 time with an offset, in UTC."""
        try:
            return msgspec.convert(self._value, AwareTime).astimezone(UTC)
        except (msgspec.ValidationError, OverflowError):
            self._refuse("a time with an offset, like 2026-01-05T09:00:00Z")

    def _object(self) -> dict[str, object]:
        if not isinstance(self._value, dict):
            self._refuse("an object")
        return self._value

    def _refuse(self, wanted: str) -> NoReturn:
        found = _KINDS.get(type(self._value), "null")
        raise PayloadError(f"{self._path} must be {wanted}, not {found}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise PayloadError(f"the body gives the key {json.dumps(shorten(twice))} twice")
    return members


def _integer(digits: str) -> int | float:
    if len(digits) <= _LONGEST_SAFE_DIGITS:
        return int(digits)
    number = _float(digits)
    if abs(number) > 2 * _MAX_INTEGER:
        return number
    exact = int(digits)
    return exact if abs(exact) <= _MAX_INTEGER else number


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise PayloadError(f"the body holds the number {shorten(text, 40)}, which is too large")
    return number


def _constant(name: str) -> NoReturn:
    raise PayloadError(f"the body holds {name}, which JSON does not have: write null")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
)


def _check_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    structure = body.replace(b"\\\\", b"").replace(b'\\"', b"").translate(_BRACES, _NO_STRUCTURE)
    # Without escapes every second piece between quotes is outside of strings. Taking out a pair of
    # adjacent quotes drops an empty string or joins two with nothing between: the same brackets stay.
    braces = b"".join(structure.replace(b'""', b"").split(b'"')[::2])
    for _ in range(MAX_DEPTH):
        braces = braces.replace(b"{}", b"")
    if b"{" in braces:
        raise PayloadError(f"the body is nested more than {MAX_DEPTH} levels deep")


def _check_texts(body: bytes, value: object) -> None:
    if b"\\u0000" in body and _NUL_ESCAPE.search(body):
        raise PayloadError("the body holds a NUL character (\\u0000)")
    if _SURROGATE_ESCAPE.search(body):
        try:
            msgspec.json.encode(value)
        except UnicodeEncodeError:
            raise PayloadError("the body holds half a surrogate pair (\\ud800 to \\udfff)") from None
