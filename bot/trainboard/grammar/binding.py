"""The words of a line as the arguments that its command takes."""

from collections.abc import Iterator, Sequence

from trainboard.grammar.declaration import Command, Parameter
from trainboard.grammar.near import list_near
from trainboard.grammar.values import TEXT, Value
from trainboard.grammar.words import NOT_ENDED, Word, unescape

Values = dict[str, Value | tuple[Value, ...]]
MAX_VALUES = 20


class Mistake(Exception):  # noqa: N818  it is people's, not the program's
    """A line is no command as it stands.

    Args:
        said: a sentence for whoever wrote it, without words from outside.
        start: where in the line the words begin that are meant.
        end: where they end; exclusive. Both are the line's end where something lacks.
    """

    def __init__(self, said: str, start: int, end: int) -> None:
        super().__init__(said)
        self.said = said
        self.start = start
        self.end = end


def bind(command: Command, text: str, words: Sequence[Word]) -> tuple[Values, dict[str, str]]:
    """The values by the names of their parameters, and the texts of all other names.

    Raises:
        Mistake: the command takes something else.
    """
    binding = _Binding(command, text)
    at = 0
    while at < len(words):
        at += binding.take(words[at:])
    return binding.finish()


class _Binding:
    """Collects what a line gives."""

    def __init__(self, command: Command, text: str) -> None:
        self._command = command
        self._text = text
        self._values: Values = {}
        self._others: dict[str, str] = {}

    def take(self, words: Sequence[Word]) -> int:
        """Take the first of the words, or more; how many were taken."""
        word = words[0]
        free = self._find_free()
        if named := self._find_named(word):
            self._take_named(named, word)
        elif word.key is not None and self._command.others and not word.is_flag:
            self._take_other(word.key, word)
        elif free is not None and free.type is not None and free.type.takes_rest:
            return self._take_rest(free, words)
        elif word.key is not None:
            raise Mistake(self._say_unknown(word), word.start, word.end)
        elif free is None:
            raise Mistake("It takes no more than this. Quote what has spaces in it.", word.start, word.end)
        else:
            self._take_value(free, word)
        return 1

    def finish(self) -> tuple[Values, dict[str, str]]:
        """All that was given."""
        for parameter in self._command.parameters:
            if parameter.required and parameter.name not in self._values:
                end = len(self._text)
                raise Mistake(f"Here `{parameter.name}` is missing: {parameter.about}.", end, end)
        return self._values, self._others

    def _find_free(self) -> Parameter | None:
        """Which parameter the next value without a name is for."""
        return next(
            (each for each in self._command.places if each.many or each.name not in self._values), None
        )

    def _find_named(self, word: Word) -> Parameter | None:
        return None if word.key is None else self._command.find_parameter(word.key)

    def _take_named(self, parameter: Parameter, word: Word) -> None:
        name = parameter.name
        if name in self._values and not parameter.many:
            raise Mistake(f"`{name}` is given twice.", word.start, word.end)
        if parameter.type is None:
            if not word.is_flag:
                raise Mistake(f"This takes no value: write `--{name}`.", word.start, word.end)
            self._values[name] = True
        elif word.is_flag:
            raise Mistake(f"This needs a value: write `{name}=…`.", word.start, word.end)
        else:
            self._take_value(parameter, word)

    def _take_other(self, name: str, word: Word) -> None:
        value = None if word.flaw else TEXT.read(word.value)
        if not isinstance(value, str):
            raise Mistake(word.flaw or f"This must be {TEXT.wanted}.", word.pointed, word.end)
        if name in self._others:
            raise Mistake("This is given twice.", word.start, word.end)
        if len(self._others) == MAX_VALUES:
            raise Mistake(f"It takes at most {MAX_VALUES} of these.", word.start, word.end)
        self._others[name] = value

    def _take_value(self, parameter: Parameter, word: Word) -> None:
        if word.flaw:
            raise Mistake(word.flaw, word.pointed, word.end)
        if not parameter.many:
            self._values[parameter.name] = _read(parameter, word.value, word.pointed, word.end)
            return
        parted = [] if word.is_quoted else list(_split(word))
        for value, start, end in parted or [(word.value, word.pointed, word.end)]:
            self._take_one_of_many(parameter, value, start, end)

    def _take_one_of_many(self, parameter: Parameter, text: str, start: int, end: int) -> None:
        held = self._values.get(parameter.name, ())
        kept = held if isinstance(held, tuple) else (held,)
        if len(kept) == MAX_VALUES:
            raise Mistake(f"It takes at most {MAX_VALUES} of these.", start, end)
        read = _read(parameter, text, start, end)
        self._values[parameter.name] = kept if read in kept else (*kept, read)

    def _take_rest(self, parameter: Parameter, words: Sequence[Word]) -> int:
        """Take all words up to an option: they are one value, with whatever stands between them."""
        first = words[0]
        count = next((at for at, word in enumerate(words) if self._find_named(word)), len(words))
        if first.flaw == NOT_ENDED or (first.flaw and count == 1):
            raise Mistake(first.flaw, first.value_start, first.end)
        end = words[count - 1].end
        is_one = count == 1 and first.is_quoted and first.key is None
        value = first.value if is_one else unescape(self._text[first.start : end])
        self._values[parameter.name] = _read(parameter, value, first.start, end)
        return count

    def _say_unknown(self, word: Word) -> str:
        near = list_near((word.key or "").lower(), [parameter.name for parameter in self._command.parameters])
        meant = f" Did you mean `{near[0]}`?" if near else " Quote it if it is no name of an argument."
        return f"It takes no such argument.{meant}"


def _read(parameter: Parameter, text: str, start: int, end: int) -> Value:
    value = parameter.type.read(text) if parameter.type else None
    if value is None or parameter.type is None:
        wanted = parameter.type.wanted if parameter.type else "given without a value"
        raise Mistake(f"`{parameter.name}` must be {wanted}.", start, end)
    return value


def _split(word: Word) -> Iterator[tuple[str, int, int]]:
    """The values that commas part in a word without quotes, and where each begins and ends."""
    start = word.value_start
    for value in word.value.split(","):
        if value:
            yield value, start, start + len(value)
        start += len(value) + 1
