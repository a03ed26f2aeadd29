"""The one place where text from outside becomes part of a query, a patch, a URL or a list of tags.

Each function answers text that can mean nothing but itself there, or refuses with a sentence.
"""

import re
from collections.abc import Iterable

from trainboard.errors import MissingError, PermanentError

TITLE_CHARACTERS = 255
TAG_CHARACTERS = 400
TAGS = 100
TEXT_CHARACTERS = 1_000_000
NODE_CHARACTERS = 255

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FIELD = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+", re.ASCII)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_IN_NODE = re.compile(r"[\\/:*?\"<>|#$&+\x00-\x1f\x7f-\x9f]")
_NOT_IN_TAG = re.compile(r"[,;\x00-\x1f\x7f-\x9f]")
_RESERVED = re.compile(r"(?:\.|\.\.|PRN|COM[1-9]|COM10|LPT[1-9]|NUL|CON|AUX)", re.IGNORECASE)


def quote_wiql(text: str) -> str:
    """`text` as a string of WIQL, with its quotation marks.

    Source: "Syntax for the Work Item Query Language (WIQL)".

    Raises:
        PermanentError: it holds a control character.
    """
    if _CONTROL.search(text):
        raise PermanentError(
            f"{text!r} cannot be looked for in Azure Boards: take its control characters out."
        )
    return "'" + text.replace("'", "''") + "'"


def path_of_field(name: str) -> str:
    """Where a JSON patch finds the field of that reference name, such as `System.Title`.

    Raises:
        PermanentError: the name is none.
    """
    return f"/fields/{check_field(name)}"


def check_field(name: str) -> str:
    """`name`, if it is the reference name of a field.

    Raises:
        PermanentError: it is not.
    """
    if not _FIELD.fullmatch(name):
        raise PermanentError(f"{name!r} is no reference name of a field, such as System.Title.")
    return name


def check_segment(name: str, what: str) -> str:
    """`name`, if it may stand in a URL as one segment once it is percent-encoded.

    Raises:
        ValueError: it would mean another place.
    """
    if not name.strip() or name in {".", ".."} or re.search(r"[\\/]", name) or _CONTROL.search(name):
        raise ValueError(f"{name!r} is no {what} of Azure DevOps.")
    return name


def check_guid(ref: str, what: str) -> str:
    """`ref`, if it is a GUID, which may stand in a URL.

    Raises:
        MissingError: it is none; the text comes from a person or from another tracker.
    """
    if not _GUID.fullmatch(ref):
        raise MissingError(f"There is no {what} {ref!r} in Azure Boards: it is no GUID.")
    return ref


def check_node_name(name: str) -> str:
    """`name`, if an iteration may be called so.

    Source: "About areas and iterations", "Naming restrictions".

    Raises:
        PermanentError: it may not.
    """
    if (
        not name.strip()
        or name != name.strip()
        or len(name) > NODE_CHARACTERS
        or _NOT_IN_NODE.search(name)
        or _RESERVED.fullmatch(name)
    ):
        raise PermanentError(
            f"Azure Boards has no iteration called {name!r}: a name has up to {NODE_CHARACTERS} characters, "
            'none of \\ / : * ? " < > | # $ & +, and no space at its ends. Change name_template.'
        )
    return name


def split_tags(text: str) -> tuple[str, ...]:
    """The tags that `System.Tags` lists."""
    return tuple(tag for tag in (part.strip() for part in text.split(";")) if tag)


def join_tags(tags: Iterable[str]) -> str:
    """What `System.Tags` takes: each tag once, whatever its case.

    Source: "Add work item tags": tags are not case-sensitive, and end at a comma or a semicolon.

    Raises:
        PermanentError: a tag cannot be kept as it is, or they are too many.
    """
    once: dict[str, str] = {}
    for tag in tags:
        once.setdefault(tag.casefold(), check_tag(tag))
    if len(once) > TAGS:
        raise PermanentError(
            f"A work item of Azure Boards carries at most {TAGS} tags, not {len(once)}: take some off."
        )
    return "; ".join(once.values())


def check_tag(tag: str) -> str:
    """`tag`, if Azure Boards keeps it as it is.

    Raises:
        PermanentError: it does not.
    """
    if not tag or tag != tag.strip() or len(tag) > TAG_CHARACTERS or _NOT_IN_TAG.search(tag):
        raise PermanentError(
            f"{tag!r} cannot be a tag of Azure Boards: a tag has up to {TAG_CHARACTERS} characters, "
            "no comma, no semicolon and no space at its ends. Name the label differently."
        )
    return tag


def check_title(title: str) -> str:
    """A title on one line.

    Raises:
        PermanentError: it is empty or too long.
    """
    line = _CONTROL.sub(" ", title).strip()
    if not line:
        raise PermanentError("Azure Boards needs a title for a work item.")
    if len(line) > TITLE_CHARACTERS:
        raise PermanentError(
            f"A title of Azure Boards has up to {TITLE_CHARACTERS} characters, not {len(line)}. Shorten it."
        )
    return line


def check_text(text: str) -> str:
    """A long text, without the control characters that no long field keeps.

    Raises:
        PermanentError: it is too long.
    """
    if len(text) > TEXT_CHARACTERS:
        raise PermanentError(
            f"A text of Azure Boards has up to {TEXT_CHARACTERS} characters, not {len(text)}. Shorten it."
        )
    return _CONTROL_IN_TEXT.sub("", text)
