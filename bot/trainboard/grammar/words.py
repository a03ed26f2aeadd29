"""The words behind a command's name: plain, in quotes, `key=value`, `--key=value` and `--flag`."""

import re

import msgspec

_ENDS = {
    '"': '"',
    "'": "'",
    "`": "`",
    "“": "”“",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‘": "’",  # noqa: RUF001
    "‚": "‘’",  # noqa: RUF001
}
# Word processors make one long dash of two.
_KEY = re.compile("(?P<dashes>--|[—–]{1,2})?(?P<key>[A-Za-z][A-Za-z0-9_-]*)(?P<equals>=)?", re.ASCII)  # noqa: RUF001
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_END = {
    begin: re.compile(rf"[{ends}]" if begin == "`" else rf"{_ESCAPED.pattern}|[{ends}]")
    for begin, ends in _ENDS.items()
}
NOT_ENDED = "The quotes that begin here do not end."
NOT_APART = "A space must stand behind the quotes."


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a line, from `start` to `end`, the latter exclusive.

    `value` is without quotes and escapes, and begins at `value_start`. `key` is what stands before `=` or
    behind dashes; None for a word that is all value. `is_flag` tells a key without a value,
    `is_quoted` a value in quotes, `flaw` what is wrong with those.
    """

    value: str
    start: int
    end: int
    value_start: int
    key: str | None = None
    is_flag: bool = False
    is_quoted: bool = False
    flaw: str = ""

    @property
    def pointed(self) -> int:
        """Where what may be wrong with the value begins: the word, where there is no value."""
        return self.value_start if self.value or self.is_quoted else self.start


def split_words(text: str, start: int) -> list[Word]:
    """The words of `text` from `start` on. Single spaces part them; commas between them are nothing."""
    words: list[Word] = []
    while start < len(text):
        if text[start] in " ,":
            start += 1
        else:
            words.append(_read(text, start))
            start = words[-1].end
    return words


def unescape(text: str) -> str:
    r"""`text` without the `\` that stands before a sign, as it is shown."""
    return _ESCAPED.sub(r"\1", text)


def _read(text: str, start: int) -> Word:
    key = _KEY.match(text, start)
    if key and key["equals"]:
        return _read_value(text, start, key.end(), key["key"])
    if key and key["dashes"] and key.end() == _find_space(text, start):
        return Word(value="", start=start, end=key.end(), value_start=start, key=key["key"], is_flag=True)
    return _read_value(text, start, start, None)


def _read_value(text: str, start: int, value_start: int, key: str | None) -> Word:
    """The word that begins at `start`, whose value begins at `value_start`."""
    begin = text[value_start : value_start + 1]
    closer = _find_closer(text, value_start) if begin in _END else -1
    end = _find_space(text, max(value_start, closer))
    if closer < 0:
        flaw = NOT_ENDED if begin in _END else ""
        value = unescape(text[value_start:end])
        return Word(value=value, start=start, end=end, value_start=value_start, key=key, flaw=flaw)
    value = text[value_start + 1 : closer]
    if text[closer + 1 : closer + 2] == ",":
        end = closer + 1
    return Word(
        value=value if begin == "`" else unescape(value),
        start=start,
        end=end,
        value_start=value_start,
        key=key,
        is_quoted=True,
        flaw=NOT_APART if end > closer + 1 else "",
    )


def _find_closer(text: str, start: int) -> int:
    """Where the quotes that begin at `start` end, -1 if they do not."""
    for sign in _END[text[start]].finditer(text, start + 1):
        if len(sign[0]) == 1:
            return sign.start()
    return -1


def _find_space(text: str, start: int) -> int:
    """Where the next space is, or the end."""
    found = text.find(" ", start)
    return len(text) if found < 0 else found
