"""What it takes to read the commands of a comment, also of one that was made to be hard, and what one costs.

Each body is read as a comment is: its lines are found, and what they say is bound to the commands' arguments.
A full parse of the same text by markdown-it-py, whose blocks the reader uses, is timed beside it. Calls are
counted at stand-ins that answer like the platforms.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from markdown_it import MarkdownIt
from server import end_with_signals

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from fakes.clock import FakeClock
from fakes.conversation import Conversation
from fakes.talking import TalkingOnAzure, TalkingOnGitHub
from fakes.teams import on_azure_devops, on_github
from trainboard import commands, logs
from trainboard.comments import Surface
from trainboard.grammar.lines import MAX_CHARACTERS, Markup, find_command_lines
from trainboard.grammar.reading import read_lines

GOAL_HOSTILE, GOAL_ORDINARY = 250, 1
"""Milliseconds."""
MOST_READS, MOST_WRITES = 2, 2
"""Of `/sprint next`."""

END = "\n\n/help sprint\n"
ORDINARY = {
    Markup.MARKDOWN: (
        "Thanks, that looks **much** better: `val_auc` is at 0.93 now, see [the run](https://ml.example.com/7).\n"
        "\n"
        "> Shall we take it into the next sprint?\n"
        "\n"
        "Yes. What is left:\n"
        "\n"
        "- [x] widen the trees\n"
        "- [ ] look at the latency, which is what @ada asked for\n"
        "\n"
        "```python\n"
        "model = train(depth=12)\n"
        "```\n"
        "\n"
        "/help sprint\n"
    ),
    Markup.HTML: (
        "<div>Thanks, that is <b>much</b> better: <code>val_auc</code> is at 0.93.</div><div><br></div><div>"
        '<a href="#" data-vss-mention="version:2.0,6e0a1b2c-0000-4000-8000-1234567890ab">@Ada</a>&nbsp;asks'
        "</div><ul><li>widen the trees</li><li>look at the latency</li></ul><div>/help&nbsp;sprint</div>"
    ),
}
REPEATED = {
    Markup.MARKDOWN: {
        "words": "words ",
        "quoted commands": "> /test x\n",
        "commands": "/help a\n",
        "commands apart": "/a\n\n",
        "commands before a sign": "/a <\n\n",
        "commands in code": "`/a`\n/b `\n",
        "one long command": '/help "" ',
        "open brackets": "[",
        "links that do not end": "[a](",
        "links in links": "[a](b",
        "titles that do not end": '[a](b "',
        "rows of a table": "|a|b\n|-|-\n",
        "empty lines": "\n",
        "open fences": "```\n",
        "short paragraphs": "x\n\n",
        "paragraphs of HTML": "<b>\n\n",
        "lines of a paragraph": ")\n",
        "items of a list": "- =\n",
        "items in items": "-\n- ",
        "headings": "# \n",
        "definitions": "[a]:b\n",
        "footnotes": "[^1]:\n",
        "runs of backticks": "`a``b```c````d",
        "open tags": '<a b="',
        "quotes of both kinds": "<a '\"",
        "open comments": "<!-- ",
        "sections that do not end": "<![CDATA[",
        "open details": "<details>\n\n",
        "struck out": "~a ~~b ",
        "backslashes": "\\",
        "entities": "&#47;",
    },
    Markup.HTML: {
        "words": "words ",
        "commands": "<div>/help a</div>",
        "commands in code": "<code>/a</code><br>/b",
        "lines": "<br>",
        "open tags": "<a ",
        "open attributes": '<a b="',
        "quotes of both kinds": "<a '\"",
        "open comments": "<!-- ",
        "sections that do not end": "<![CDATA[",
        "open elements": "<ul>",
        "elements that end nothing": "<s><q></s>",
        "mentions": '<a data-vss-mention="version:2.0,">',
        "angle brackets": "<",
        "entities": "&#47;",
        "white space": " \n",
    },
}
NESTED = {
    "lines behind a nested quotation": ("> " * 19, "x\n"),
    "lines behind a nested list": ("1. " * 9, "x\n"),
    "a table of many columns": ("|a" * 9_000 + "\n" + "|-" * 9_000 + "\n", "|\n"),
}


def main():
    """Print both tables, and end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="each body once instead of the best of five times"
    )
    rounds = 1 if parser.parse_args().quick else 5
    end_with_signals()
    logs.configure("console", "error")
    missed = time_reading(rounds)
    print()
    raise SystemExit(missed + count_calls() > 0)


def time_reading(rounds):
    """A row for each body, the slowest first; answers how many goals were missed."""
    parser = MarkdownIt("commonmark").enable("table")
    read_one(*next(iter(ORDINARY.items())))
    print_row("comment", "read as", "ms", "goal ms", "full parse, ms", "ratio")
    print_row(*["---"] * 6)
    missed = 0
    for goal, bodies in ((GOAL_ORDINARY, list_ordinary()), (GOAL_HOSTILE, list_hostile())):
        rows = [
            (best(rounds, read_one, markup, text), best(rounds, parser.parse, text), name, markup)
            for name, markup, text in bodies
        ]
        for ours, peer, name, markup in sorted(rows, reverse=True):
            missed += ours > goal
            print_row(name, markup, f"{ours:.2f}", f"under {goal}", f"{peer:.2f}", f"{ours / peer:.2f}")
    return missed


def read_one(markup, text):
    """All that a comment says."""
    surface = Surface.WORK_ITEM if markup is Markup.HTML else Surface.ISSUE
    return read_lines(find_command_lines(text, markup), surface, commands.load())


def list_ordinary():
    """A comment as people write them."""
    for markup, text in ORDINARY.items():
        yield "an ordinary one", markup, text


def list_hostile():
    """Comments of the greatest length that is read, each with a command at its end."""
    for markup, units in REPEATED.items():
        for name, unit in units.items():
            yield name, markup, fill("/help\n", unit)
    for name, (first, unit) in NESTED.items():
        yield name, Markup.MARKDOWN, fill(first, unit)


def fill(first, unit):
    """As much of `unit` behind `first` as a comment may hold."""
    room = MAX_CHARACTERS - len(first) - len(END)
    return first + (unit * room)[:room] + END


def best(rounds, action, *values):
    """The least milliseconds of so many times: what is more came from elsewhere."""
    spans = []
    for _ in range(rounds):
        began = time.perf_counter()
        action(*values)
        spans.append((time.perf_counter() - began) * 1000)
    return min(spans)


def count_calls():
    """A row for each command and platform; answers how many missed their goal."""
    print_row("command", "platform", "reads", "writes", "goal")
    print_row(*["---"] * 5)
    missed = 0
    for platform, opened, kind in (
        ("GitHub", on_github, TalkingOnGitHub),
        ("Azure DevOps", on_azure_devops, TalkingOnAzure),
    ):
        with (
            tempfile.TemporaryDirectory() as folder,
            talking(folder) as talk,
            opened(talk, FakeClock()) as team,
        ):
            missed += count_on(platform, kind(team))
    return missed


@contextmanager
def talking(folder):
    """What starts a bot, which is closed at the end."""
    started = []

    def start(**sections):
        started.append(Conversation(f"sqlite:///{folder}/trainboard{len(started)}.db", **sections))
        return started[-1]

    yield start
    for each in started:
        each.close()


def count_on(platform, people):
    """What is asked once is learnt by a first command."""
    people.begins()
    people.says("/sprint current")
    people.goes_by()
    missed = 0
    for text, goal in (("/sprint next", (MOST_READS, MOST_WRITES)), ("/label data", None), ("/help", None)):
        before = len(people.asked)
        people.says(text)
        calls = [asked.method for asked in people.asked[before:]]
        reads = calls.count("GET")
        writes = len(calls) - reads - calls.count("OPTIONS")
        is_met = goal is None or (reads <= goal[0] and writes <= goal[1])
        missed += not is_met
        told = "" if goal is None else f"at most {goal[0]} and {goal[1]}: {'met' if is_met else 'MISSED'}"
        print_row(f"`{text}`", platform, reads, writes, told)
    return missed


def print_row(*cells):
    """A row of a table in Markdown."""
    print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
