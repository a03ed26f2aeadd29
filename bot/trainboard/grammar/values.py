"""What arguments of commands may be. Each type reads one word and is exact: nothing is guessed of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from trainboard.targets import Target, find_target


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody by the name or the id (`is_id`) that the platform knows; `me` is whoever commands."""

    name: str
    is_id: bool = False


class ModelVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a registered model: `version` is its number, or an alias that points at one."""

    model: str
    version: str


Value = str | bool | int | float | date | timedelta | User | ModelVersion | Target

_USER = re.compile(r"@?(?P<name>[^\W_](?:[\w.+' -]{0,98}\w)?(?:\[bot\])?(?:@[\w.-]{1,150}\w)?)")
_USER_ID = re.compile(r"@?<(?P<id>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})>")
_DURATION = re.compile(
    r"(?:(?P<weeks>\d{1,4})w)?(?:(?P<days>\d{1,4})d)?(?:(?P<hours>\d{1,4})h)?(?:(?P<minutes>\d{1,5})m(?:in)?)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_ENVIRONMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9._-])?")
_COMMIT = re.compile(r"[0-9A-Fa-f]{7,40}|[0-9A-Fa-f]{64}")
_MODEL = re.compile(r"(?P<model>[\w][\w./ -]{0,249})@(?P<version>[A-Za-z0-9][\w.-]{0,99})")
_ITEM = re.compile(r"(?:#|AB#|GH-)?(?P<number>[1-9]\d{0,9})", re.ASCII | re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST_DURATION = timedelta(days=366)
LONGEST_TEXT = 1000


class Type(msgspec.Struct, frozen=True, kw_only=True):
    """What an argument may be.

    `name` stands for it in a usage, `wanted` completes "must be", in Markdown. `read` answers None for what
    it is not. What `takes_rest` is all of the line that is no option: a comparison, or a sentence. `choices`
    are words that it may be, and all that it may be unless it `is_open`.
    """

    name: str
    wanted: str
    read: Callable[[str], Value | None]
    takes_rest: bool = False
    choices: tuple[str, ...] = ()
    is_open: bool = True


def _read_user(text: str) -> User | None:
    if match := _USER_ID.fullmatch(text):
        return User(name=match["id"].lower(), is_id=True)
    match = _USER.fullmatch(text)
    return User(name=match["name"]) if match else None


def _read_duration(text: str) -> timedelta | None:
    match = _DURATION.fullmatch(text.lower())
    if match is None:
        return None
    length = timedelta(**{unit: int(count) for unit, count in match.groupdict("0").items()})
    return length if timedelta(0) < length <= LONGEST_DURATION else None


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _read_number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _read_whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _read_environment(text: str) -> str | None:
    return text if _ENVIRONMENT.fullmatch(text) else None


def _read_commit(text: str) -> str | None:
    return text.lower() if _COMMIT.fullmatch(text) else None


def _read_model(text: str) -> ModelVersion | None:
    match = _MODEL.fullmatch(text)
    return ModelVersion(model=match["model"], version=match["version"]) if match else None


def _read_item(text: str) -> str | None:
    match = _ITEM.fullmatch(text)
    return match["number"] if match else None


def _read_text(text: str) -> str | None:
    return text if text.strip() and len(text) <= LONGEST_TEXT and not _CONTROL.search(text) else None


def _read_target(text: str) -> Target | None:
    return find_target(text) if len(text) <= LONGEST_TEXT else None


USER = Type(name="user", wanted="a user, with or without @", read=_read_user)
DURATION = Type(
    name="duration", wanted="a duration up to a year, such as 30m, 2h, 1d12h or 2w", read=_read_duration
)
DATE = Type(name="date", wanted="a date, such as 2030-01-31", read=_read_date)
NUMBER = Type(name="number", wanted="a number, such as 3 or 0.5", read=_read_number)
WHOLE = Type(name="number", wanted="a whole number", read=_read_whole)
ENVIRONMENT = Type(name="environment", wanted="the name of an environment", read=_read_environment)
COMMIT = Type(name="commit", wanted="a commit, by at least 7 of its signs", read=_read_commit)
MODEL = Type(
    name="model@version",
    wanted="a version of a model: its name, `@`, and a number or an alias",
    read=_read_model,
)
ITEM = Type(name="item", wanted="the number of a work item, such as 12", read=_read_item)
NAME = Type(name="name", wanted=f"a name of at most {LONGEST_TEXT:,} characters", read=_read_text)
TEXT = Type(
    name="text", wanted=f"one line of at most {LONGEST_TEXT:,} characters", read=_read_text, takes_rest=True
)
TARGET = Type(
    name="target", wanted="a comparison, such as `val_f1 >= 0.9`", read=_read_target, takes_rest=True
)


def choice(*choices: str, other: Type | None = None) -> Type:
    """One of `choices`, in whatever letters, or what `other` reads."""
    wanted = f"one of {', '.join(choices)}" + (f", or {other.wanted}" if other else "")

    def read(text: str) -> Value | None:
        if text.lower() in choices:
            return text.lower()
        return other.read(text) if other else None

    return Type(name="choice", wanted=wanted, read=read, choices=choices, is_open=other is not None)


def either(first: Type, second: Type) -> Type:
    """What one of the two reads, the first before the second."""

    def read(text: str) -> Value | None:
        value = first.read(text)
        return second.read(text) if value is None else value

    return Type(name=f"{first.name}|{second.name}", wanted=f"{first.wanted}, or {second.wanted}", read=read)
