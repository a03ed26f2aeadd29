"""What happens while the bot is killed: one module for each story, found by itself.

A story is a module with

- `begins(team)`, which is played unharmed and answers whoever acts in the story,
- `happens(acting)`: somebody does something, of which the bot is only told,
- `WORLDS`: the names of those in which it can be told,
- `TICKS`, for which the clock goes off when a process begins,
- `LATER`, if the story goes on: so long after `happens` the clock goes off again,
- `SECTIONS`, `PROJECT` and `SOURCES`, if there are more settings than those of the world's team.
"""

from importlib import import_module
from pkgutil import iter_modules

STORIES = {each.name: import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)}
