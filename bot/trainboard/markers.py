"""Hidden marks: how the bot finds what it made, and which part of a body is its own.

A marker carries a key and a MAC over the key and the tracker's name, so that a copied or forged
one is not taken for ours.
"""

import hashlib
import hmac
import re

_BEGIN = re.compile(r"<!-- trainboard:begin v1 key=([a-z]+:[0-9a-f]{24}) mac=([0-9a-f]{16}) -->")
_END = "<!-- trainboard:end -->"


class Markers:
    """Makes and reads the marks of one installation.

    Args:
        secret: the installation's key; another one makes every mark foreign.
        tracker: the tracker's name, `github:acme/churn`; a mark copied to another is foreign.
    """

    def __init__(self, secret: bytes, tracker: str) -> None:
        self._secret = secret
        self._tracker = tracker

    def begin(self, key: str) -> str:
        """The mark before the bot's part."""
        return f"<!-- trainboard:begin v1 key={key} mac={self._mac(key)} -->"

    def find_key(self, body: str) -> str | None:
        """The key of the first true mark in `body`, None if it holds none."""
        match = self._find_begin(body)
        return match[1] if match else None

    def wrap(self, key: str, text: str) -> str:
        """The bot's part: `text` between its marks."""
        return f"{self.begin(key)}\n{text.strip()}\n{_END}"

    def replace(self, body: str, key: str, text: str) -> str:
        """`body` with the bot's part replaced; added at the end where there is none.

        What stands outside the marks is kept to the letter.
        """
        begin = self._find_begin(body)
        if begin is None:
            return f"{body.rstrip()}\n\n{self.wrap(key, text)}".lstrip()
        end = body.find(_END, begin.end())
        if end < 0:
            kept = body[: begin.start()] + body[begin.end() :].lstrip("\n")
            return f"{kept.rstrip()}\n\n{self.wrap(key, text)}".lstrip()
        return body[: begin.start()] + self.wrap(key, text) + body[end + len(_END) :]

    def outside(self, body: str) -> str:
        """What people wrote: `body` without the bot's part."""
        begin = self._find_begin(body)
        if begin is None:
            return body
        end = body.find(_END, begin.end())
        after = "" if end < 0 else body[end + len(_END) :]
        return body[: begin.start()] + "\n" + after

    def _find_begin(self, body: str) -> re.Match[str] | None:
        true_marks = (m for m in _BEGIN.finditer(body) if hmac.compare_digest(m[2], self._mac(m[1])))
        return next(true_marks, None)

    def _mac(self, key: str) -> str:
        message = f"{self._tracker}\n{key}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:16]
