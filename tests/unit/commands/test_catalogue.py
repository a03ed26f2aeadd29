"""Each command says all of itself, and the documentation tells it."""

import os
from pathlib import Path
from pkgutil import iter_modules

import pytest

from fakes.commands import EXAMPLES
from trainboard import commands
from trainboard.grammar.declaration import Registry
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.grammar.near import FOREIGN
from trainboard.grammar.reading import read_lines
from trainboard.rendering.commands import render_page

PAGE = Path(__file__).parents[3] / "docs" / "commands.md"
BEGIN, END = "<!-- commands -->\n", "<!-- /commands -->"
COMMANDS = [*commands.load(), *EXAMPLES]


def test_each_module_is_the_command_of_its_name():
    """A command is found by its file."""
    modules = sorted(info.name.replace("_", "-") for info in iter_modules(commands.__path__))
    assert modules == [command.name for command in commands.load()]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_takes_its_examples(command):
    """An example is read as a call of its command, on every surface that it works on."""
    assert command.examples
    for example in command.examples:
        for surface in command.surfaces:
            read = read_lines(find_command_lines(example, Markup.MARKDOWN), surface, Registry((command,)))
            assert ([command.name], ()) == ([call.command.name for call in read.calls], read.refusals)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_declaration_can_be_used(command):
    """Names are of small letters and unlike, and nothing stands behind what takes all that follows."""
    names = [parameter.name for parameter in command.parameters]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in (command.name, *names))
    assert command.name not in FOREIGN
    greedy = [each.name for each in command.places if each.many or each.type.takes_rest]
    assert greedy in ([], [command.places[-1].name] if command.places else [])
    needed = [each.required for each in command.places]
    assert sorted(needed, reverse=True) == needed
    said = [command.summary, *(each.about for each in command.parameters)]
    assert [] == [text for text in said if not text or text.endswith(".") or text[0].isupper()]


def test_the_page_tells_every_command():
    """docs/commands.md holds what the declarations say; TRAINBOARD_UPDATE_GOLDEN=1 writes it."""
    text = PAGE.read_text()
    wanted = f"\n{render_page(commands.load())}\n"
    before, mark, rest = text.partition(BEGIN)
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        PAGE.write_text(before + mark + wanted + rest[rest.index(END) :])
    assert wanted == PAGE.read_text().partition(BEGIN)[2].partition(END)[0]
