"""Hidden marks: how the bot finds what it made, and which part of a body is its own.

A marker carries a key and a MAC over the key and the tracker's name, so that a copied or forged
one is not taken for ours.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Protocol, TypeVar

_BEGIN = re.compile(r"<!-- trainboard:begin v1 key=([a-z]+:[0-9a-f]{24}) mac=([0-9a-f]{16}) -->")
_END = "<!-- trainboard:end -->"


class Written(Protocol):
    """A work item or a comment, as far as marks are looked for in it."""

    @property
    def body(self) -> str:
        """All of it."""
        ...

    @property
    def ours(self) -> bool:
        """True for what the bot's account wrote."""
        ...


Thing = TypeVar("Thing", bound=Written)


class Markers:
    """Makes and reads the marks of one installation.

    Args:
        secret: the installation's key; another one makes every mark foreign.
        tracker: the tracker's name, `github:acme/churn`; a mark copied to another is foreign.
        former: what the tracker was called before; its marks of then are true.
    """

    def __init__(self, secret: bytes, tracker: str, former: Sequence[str] = ()) -> None:
        self._secret = secret
        self._tracker = tracker
        self._former = former

    def begin(self, key: str) -> str:
        """The mark before the bot's part."""
        return f"<!-- trainboard:begin v1 key={key} mac={self._mac(key, self._tracker)} -->"

    def find_key(self, body: str) -> str | None:
        """The key of the first true mark in `body`, None if it holds none."""
        match = next(self._true_marks(body), None)
        return match[1] if match else None

    def find_ours(self, written: Iterable[Thing], key: str) -> Thing | None:
        """The first of those that the bot wrote whose first true mark has that key."""
        return next((each for each in written if each.ours and self.find_key(each.body) == key), None)

    def wrap(self, key: str, text: str) -> str:
        """The bot's part: `text` between its marks."""
        return f"{self.begin(key)}\n{text.strip()}\n{_END}"

    def replace(self, body: str, key: str, text: str) -> str:
        """`body` with the bot's part replaced; added at the end where there is none.

        What stands outside the marks is kept to the letter.
        """
        part = self._find_part(body)
        if part is not None:
            return body[: part.start] + self.wrap(key, text) + body[part.stop :]
        begin = next(self._true_marks(body), None)
        kept = body if begin is None else body[: begin.start()] + body[begin.end() :].removeprefix("\n")
        gap = "\n" * (2 - len(kept) + len(kept.rstrip("\n")))
        return f"{kept}{gap if kept else ''}{self.wrap(key, text)}"

    def inside(self, body: str) -> str:
        """What the bot wrote: its part of `body` without the marks, empty where there is none."""
        part = self._find_part(body)
        if part is None:
            return ""
        return _BEGIN.sub("", body[part.start : part.stop - len(_END)], count=1).strip()

    def outside(self, body: str) -> str:
        """What people wrote: `body` without the bot's part."""
        part = self._find_part(body)
        if part is not None:
            return body[: part.start] + "\n" + body[part.stop :]
        begin = next(self._true_marks(body), None)
        return body if begin is None else body[: begin.start()] + "\n"

    def _find_part(self, body: str) -> slice | None:
        """The first true mark up to its own end; one whose end was deleted does not borrow another's."""
        begins = list(self._true_marks(body))
        for begin, following in zip_longest(begins, begins[1:]):
            end = body.find(_END, begin.end(), following.start() if following else len(body))
            if end >= 0:
                return slice(begin.start(), end + len(_END))
        return None

    def _true_marks(self, body: str) -> Iterator[re.Match[str]]:
        return (m for m in _BEGIN.finditer(body) if self._is_true(m))

    def _is_true(self, mark: re.Match[str]) -> bool:
        names = (self._tracker, *self._former)
        return any(hmac.compare_digest(mark[2], self._mac(mark[1], name)) for name in names)

    def _mac(self, key: str, name: str) -> str:
        message = f"{name}\n{key}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:16]
