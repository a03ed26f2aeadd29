"""The query language, as much of it as a tracker needs; all else is refused, never guessed.

Source: "Work Item Query Language (WIQL) syntax reference".
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fakes.azure_devops.fields import FIELDS, Field
from fakes.azure_devops.refusals import bad_query
from fakes.azure_devops.state import Identity

LONGEST = 32_000
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<field>\[[^\]]+\])|(?P<macro>@\w+(?:\s*[-+]\s*\d+)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z][\w.]*)|(?P<sign><>|<=|>=|[=<>(),]))"
)
SIGNS = {
    "=": lambda held, wanted: held == wanted,
    "<>": lambda held, wanted: held != wanted,
    ">": lambda held, wanted: held is not None and held > wanted,
    "<": lambda held, wanted: held is not None and held < wanted,
    ">=": lambda held, wanted: held is not None and held >= wanted,
    "<=": lambda held, wanted: held is not None and held <= wanted,
}


@dataclass(frozen=True)
class Scope:
    """What macros stand for; `iteration` is None where no team is named."""

    project: str
    me: Identity
    now: datetime
    iteration: str | None
    has_time: bool


def everything(fields):
    """No condition at all."""
    return True


@dataclass
class Query:
    """`accepts` tells of a work item's fields whether it is asked for; `order` is (field, descending)."""

    columns: list[Field]
    accepts: object = everything
    order: list[tuple[Field, bool]] = field(default_factory=list)


def parse(text, scope):
    """The query.

    Raises:
        Refused: the text is no query, or asks for more than is known here.
    """
    if len(text) > LONGEST:
        raise bad_query("The query is too long.")
    return _Parser(text, scope).parse()


class _Parser:
    def __init__(self, text, scope):
        self.scope = scope
        self.tokens = _tokenize(text)
        self.place = 0

    def parse(self):
        self._expect("select")
        query = Query(self._list_columns())
        self._expect("from")
        if not self._takes("workitems"):
            raise bad_query(f"Only FROM WorkItems is understood, not {self._name()}.")
        if self._takes("where"):
            query.accepts = self._either()
        if self._takes("order"):
            self._expect("by")
            query.order = self._list_order()
        if self.place < len(self.tokens):
            raise bad_query(f"Expecting end of string. The error is caused by «{self._name()}».")
        return query

    def _list_columns(self):
        found = [self._field()]
        while self._takes(","):
            found.append(self._field())
        return found

    def _list_order(self):
        found = []
        while not found or self._takes(","):
            column = self._field()
            descending = self._takes("desc")
            self._takes("asc")
            found.append((column, descending))
        return found

    def _either(self):
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return lambda fields: any(part(fields) for part in parts)

    def _both(self):
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return lambda fields: all(part(fields) for part in parts)

    def _one(self):
        if self._takes("not"):
            inner = self._one()
            return lambda fields: not inner(fields)
        if self._takes("("):
            inner = self._either()
            self._expect(")")
            return inner
        return self._clause()

    def _clause(self):
        column = self._field()
        negated = self._takes("not")
        clause = self._compare(column)
        return (lambda fields: not clause(fields)) if negated else clause

    def _compare(self, column):
        kind, sign = self._next()
        name = column.reference_name
        if kind == "sign" and sign in SIGNS:
            wanted = self._value(column)
            return lambda fields: SIGNS[sign](_read(fields.get(name), _is_date(column)), wanted)
        word = sign.lower()
        if word == "contains":
            return _contains(name, self._value(column))
        if word == "under":
            wanted = str(self._value(column))
            return lambda fields: f"{fields.get(name, '')}\\".casefold().startswith(f"{wanted}\\")
        if word == "in":
            wanted = self._list_values(column)
            return lambda fields: _read(fields.get(name), _is_date(column)) in wanted
        raise bad_query(f"The operator {sign} is not understood.")

    def _list_values(self, column):
        self._expect("(")
        found = [self._value(column)]
        while self._takes(","):
            found.append(self._value(column))
        self._expect(")")
        return found

    def _value(self, column):
        kind, text = self._next()
        if kind == "macro":
            value = self._macro(text)
        elif kind == "number":
            value = float(text)
        elif kind == "text":
            value = text[1:-1].replace("''", "'")
        else:
            raise bad_query(f"Expecting a value. The error is caused by «{text}».")
        return self._cast(column, value)

    def _cast(self, column, value):
        """Numbers for number fields, dates for date fields, everything else in small letters."""
        if _is_date(column):
            return self._cast_date(column, value)
        if column.kind in {"integer", "double"}:
            try:
                return float(value)
            except ValueError:
                raise bad_query(f"Expecting a number for {column.reference_name}.") from None
        return str(value).casefold()

    def _cast_date(self, column, value):
        if isinstance(value, date):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise bad_query(f"Expecting a date. The error is caused by «{value}».") from None
        if not self.scope.has_time:
            if len(value) > len("2026-11-18"):
                raise bad_query(
                    "You cannot supply a time with the date when running a query using date precision. The "
                    f"error is caused by «[{column.reference_name}] '{value}'»."
                )
            return moment.date()
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _macro(self, text):
        name, shift = re.fullmatch(r"@(\w+)\s*([-+]\s*\d+)?", text).groups()
        days = timedelta(days=int((shift or "0").replace(" ", "")))
        today = self.scope.now.replace(hour=0, minute=0, second=0, microsecond=0) + days
        known = {
            "project": self.scope.project,
            "me": self.scope.me.unique_name,
            "today": today if self.scope.has_time else today.date(),
            "currentiteration": self.scope.iteration,
        }
        if known.get(name.lower()) is None:
            raise bad_query(f"The macro '@{name}' is not supported without a team or is unknown.")
        return known[name.lower()]

    def _field(self):
        kind, text = self._next()
        name = text.strip("[]")
        if kind not in {"field", "word"} or name.casefold() not in FIELDS:
            text = "The query references a field that does not exist."
            raise bad_query(f"TF51005: {text} The error is caused by «[{name}]».")
        return FIELDS[name.casefold()]

    def _next(self):
        if self.place >= len(self.tokens):
            raise bad_query("The query ends too early.")
        self.place += 1
        return self.tokens[self.place - 1]

    def _takes(self, word):
        here = self.place < len(self.tokens) and self.tokens[self.place][1].lower() == word
        self.place += here
        return here

    def _expect(self, word):
        if not self._takes(word):
            raise bad_query(f"Expecting {word.upper()}. The error is caused by «{self._name()}».")

    def _name(self):
        return self.tokens[self.place][1] if self.place < len(self.tokens) else "end"


def _tokenize(text):
    found, place = [], 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            raise bad_query(f"The query is not understood. The error is caused by «{text[place:].strip()}».")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def _is_date(column):
    return column.kind == "dateTime"


def _contains(name, wanted):
    """Of tags a whole one, of texts a part."""
    if name == "System.Tags":
        return lambda fields: wanted in fields.get(name, "").casefold().split("; ")
    return lambda fields: wanted in str(fields.get(name, "")).casefold()


def _read(held, is_date):
    """A field's value as it is compared."""
    if isinstance(held, Identity):
        return held.unique_name.casefold()
    if isinstance(held, datetime) and is_date:
        return _Moment(held)
    return held.casefold() if isinstance(held, str) else held


class _Moment:
    """A moment that compares with a day as that day, with a moment as itself."""

    def __init__(self, moment):
        self.moment = moment

    def _like(self, other):
        return self.moment if isinstance(other, datetime) else self.moment.date()

    def __eq__(self, other):
        return self._like(other) == other

    def __hash__(self):
        return hash(self.moment)

    def __gt__(self, other):
        return self._like(other) > other

    def __lt__(self, other):
        return self._like(other) < other

    def __ge__(self, other):
        return self._like(other) >= other

    def __le__(self, other):
        return self._like(other) <= other
