"""What a comment commands: calls, and mistakes that their writer is told of."""

from collections.abc import Iterable, Sequence

import msgspec

from trainboard.comments import Surface
from trainboard.grammar.binding import Mistake, bind
from trainboard.grammar.declaration import Call, Command, Registry
from trainboard.grammar.lines import PREFIX, CommandLine
from trainboard.grammar.words import split_words

MAX_COMMANDS = 10
MAX_LINE = 2000
MAX_GUESSES = 20


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is not run. `said` says why, in Markdown that holds nothing from outside.

    `text` is the line, `start` to `end` what is wrong in it, the latter exclusive; both are its length where
    something lacks, and `text` is empty where no line is meant. `line` counts from 1. `command` is the one
    that was meant, if that is known.
    """

    said: str
    line: int = 0
    text: str = ""
    start: int = 0
    end: int = 0
    command: Command | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a comment says to us, in the order of its lines; nothing, if it says nothing."""

    calls: tuple[Call, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_lines(lines: Iterable[CommandLine], surface: Surface, registry: Registry) -> Reading:
    """What lines of a comment say: the first ten that are meant for us.

    Meant for us are our commands, whatever begins with our prefix, and what is nearly the name of a command.
    All else is other bots'.
    """
    ours = _list_ours(lines, registry)
    read = [_read(line, surface, registry) for line in ours[:MAX_COMMANDS]]
    if len(ours) > MAX_COMMANDS:
        read.append(_say_left_out(ours[MAX_COMMANDS:], registry))
    return Reading(
        calls=tuple(each for each in read if isinstance(each, Call)),
        refusals=tuple(each for each in read if isinstance(each, Refusal)),
    )


def _list_ours(lines: Iterable[CommandLine], registry: Registry) -> list[CommandLine]:
    ours, guesses = [], 0
    for line in lines:
        if line.is_prefixed or registry.find(line.name):
            ours.append(line)
        elif guesses < MAX_GUESSES:
            guesses += 1
            ours += [line] if registry.list_near(line.name) else []
    return ours


def _read(line: CommandLine, surface: Surface, registry: Registry) -> Call | Refusal:
    command = registry.find(line.name)
    if command is None:
        return _say_unknown(line, registry)
    try:
        _check(command, line, surface)
        values, others = bind(command, line.text, split_words(line.text, line.start))
    except Mistake as mistake:
        return Refusal(
            said=mistake.said,
            line=line.number,
            text=line.text,
            start=mistake.start,
            end=mistake.end,
            command=command,
        )
    return Call(command=command, line=line.number, text=line.text, values=values, others=others)


def _check(command: Command, line: CommandLine, surface: Surface) -> None:
    if surface not in command.surfaces:
        places = " and ".join(f"{place}s" for place in command.surfaces)
        raise Mistake(f"This works on {places} only.", 0, _name_end(line))
    if len(line.text) > MAX_LINE:
        raise Mistake(f"A command has at most {MAX_LINE:,} characters.", MAX_LINE, len(line.text))


def _name_end(line: CommandLine) -> int:
    return len(line.text[: line.start].rstrip())


def _say_unknown(line: CommandLine, registry: Registry) -> Refusal:
    near = registry.list_near(line.name)
    meant = " or ".join(f"`/{name}`" for name in near)
    said = "There is no such command."
    if not line.name:
        said = f"A name must stand behind `/{PREFIX}`, as in `/{PREFIX} help`."
    elif meant:
        said += f" Did you mean {meant}?"
    return Refusal(said=said, line=line.number, text=line.text, end=_name_end(line))


def _say_left_out(lines: Sequence[CommandLine], registry: Registry) -> Refusal:
    names = dict.fromkeys(f"`/{line.name}`" for line in lines if registry.find(line.name))
    named = f": {', '.join(names)}" if names else ""
    said = f"A comment may hold {MAX_COMMANDS} commands. What stands below them was left out{named}."
    return Refusal(said=said)
