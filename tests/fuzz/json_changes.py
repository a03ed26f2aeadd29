"""JSON with a few things wrong at random places, so that a fuzzer gets behind the first check."""

import json
from copy import deepcopy
from random import Random
from typing import Any

ODD = [
    *(None, True, False, 0, -1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 0.5, -0.0, 1e308, 5e-324),
    *(
        "",
        " ",
        "0",
        "-1",
        "null",
        "x" * 300,
        "a\nb",
        "\0",
        "\ud800",
        "\u202e",
        "é",
        "..",
        "../..",
        "https://a.b/c",
    ),
    *("2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "2026-11-18T10:00:00Z"),
    *([], {}, [[]], [{}], {"": {}}, [None], "#1", "refs/heads/x", "0" * 40),
]


def change_json(body: bytes, random: Random) -> bytes:
    """The document with one to three members removed, replaced, doubled or put elsewhere."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    for _ in range(random.randint(1, 3)):
        places = list(_list_places(document))
        if places:
            _change_one(places, random)
    return json.dumps(document, separators=(",", ":")).encode()


def stretch_json(body: bytes, size: int) -> bytes:
    """The document with its longest text or list so often repeated that it has about `size` bytes."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    places = [each for each in _list_places(document) if isinstance(each[0][each[1]], str | list)]
    if not places:
        return body
    holder, key = max(places, key=lambda each: len(json.dumps(each[0][each[1]])))
    holder[key] *= size // max(len(json.dumps(holder[key])), 1) + 1
    return json.dumps(document, separators=(",", ":")).encode()


def _change_one(places: list[tuple[Any, Any]], random: Random) -> None:
    holder, key = random.choice(places)
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1:
            other, its_key = random.choice(places)
            holder[key] = deepcopy(other[its_key])
        case 2 if isinstance(holder, list):
            holder.append(holder[key])
        case 3 if isinstance(holder[key], str):
            holder[key] = _change_text(holder[key], random)
        case 4 if isinstance(holder[key], int | float):
            holder[key] = random.choice([-holder[key], holder[key] + 1, holder[key] * 2, repr(holder[key])])
        case _:
            holder[key] = deepcopy(random.choice(ODD))


def _change_text(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    odd = random.choice([each for each in ODD if isinstance(each, str)])
    return random.choice([text[:at], text[at:], text[:at] + odd + text[at:], text * 2, text.swapcase()])


def _list_places(value: Any) -> Any:
    """Every member of the document, as what holds it and its key there."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield value, key
        yield from _list_places(member)
