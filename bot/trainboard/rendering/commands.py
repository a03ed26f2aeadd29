"""What is said of commands: help, the page of the documentation, and why a line was not run.

No line begins with a command, so that nothing of this is taken for one, by this bot or another.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from trainboard.comments import Given, Obeyed, Role, Surface
from trainboard.grammar.declaration import OTHERS, Asking, Call, Command, May, Registry
from trainboard.grammar.reading import Refusal
from trainboard.policy import NAMED, NOBODY
from trainboard.rendering.inert import inert, inert_code, plain
from trainboard.rendering.numbers import minute

_LONGEST = 300
_SHOWN, _BEFORE = 100, 60
_NAME_CHARACTERS = 80
_REASON_CHARACTERS = 400
_ROLES_OF = {
    Role.ANYONE: "may read at most",
    Role.AUTHOR: "opened this",
    Role.TRIAGE: "may triage",
    Role.WRITE: "may write",
    Role.MAINTAIN: "maintains this",
    Role.ADMIN: "is an administrator",
}
_ROLES = {
    Role.ANYONE: "anyone",
    Role.AUTHOR: "whoever opened this, and people who may triage",
    Role.TRIAGE: "people who may triage",
    Role.WRITE: "people who may write",
    Role.MAINTAIN: "maintainers",
    Role.ADMIN: "administrators",
}
_RULES = {
    NOBODY: "nobody, for it is turned off",
    NAMED: "people whom the settings name, and whom the platform lets",
}


def render_help(asking: Asking) -> str:
    """What whoever asks may command where they are, and what they may not."""
    here = [command for command in asking.registry if asking.surface in command.surfaces]
    may = {command.name: asking.may(command) for command in here}
    lines = [f"What you may command on this {asking.surface}:", ""]
    lines += [_say_command(each) for each in here if may[each.name] is May.YES] or ["- nothing"]
    for answer, said in (
        (May.NO, "What others may:"),
        (May.UNKNOWN, "Whether you may use these could not be found out. Try again later:"),
    ):
        found = [
            f"- {inert_code(f'/{each.name}')}: {_say_rule(asking.rule(each))}"
            for each in here
            if may[each.name] is answer
        ]
        lines += ["", said, "", *found] if found else []
    return "\n".join([*lines, "", f"{inert_code('/help command')} tells more of one."])


def render_command_help(command: Command, asking: Asking) -> str:
    """All of one command, and whether whoever asks may use it where they are."""
    here = "It does not work here."
    if asking.surface in command.surfaces:
        match asking.may(command):
            case May.YES:
                here = "You may use it here."
            case May.NO:
                here = f"You may not use it here: it is for {_say_rule(asking.rule(command))}."
            case May.UNKNOWN:
                here = "Whether you may use it here could not be found out: try again later."
    arguments = [f"- {inert_code(usage, _LONGEST)}: {said}" for usage, said in _list_arguments(command)]
    examples = [f"- {inert_code(each, _LONGEST)}" for each in command.examples]
    rules = _say_rules(command, asking.rule(command))
    parts = [inert_code(command.usage, _LONGEST), f"It will {command.summary}. {rules}"]
    parts += ["\n".join(arguments)] if arguments else []
    return "\n\n".join([*parts, "\n".join(["Examples:", "", *examples]), here])


def render_no_help(near: Sequence[str]) -> str:
    """There is no command of the name that somebody asked for; those in `near` are nearly called so."""
    names = " or ".join(inert_code(f"/{name}") for name in near)
    meant = f" Did you mean {names}?" if near else ""
    return f"There is no such command.{meant} {inert_code('/help')} lists those that there are."


def render_page(registry: Registry) -> str:
    """The part of the documentation that tells of every command."""
    return "\n".join(line for command in registry for line in _list_page_lines(command))


def render_refusals(refusals: Iterable[Refusal]) -> str:
    """Why lines of a comment were not run, with a mark below what is wrong in each."""
    return "\n\n".join(_render_refusal(refusal) for refusal in refusals)


def render_answer(given: Iterable[Obeyed]) -> str:
    """The one comment that answers all commands of another; empty where a reaction says enough."""
    return "\n\n".join(each.said for each in given if each.said)


def render_in_place(given: Obeyed) -> str:
    """An answer that is edited each time that somebody asks, with who asked last."""
    who = inert(given.person.name, _NAME_CHARACTERS)
    return f"{given.said}\n\nAsked for by {who} at {minute(given.at)} UTC."


def render_denial(call: Call, rule: str, given: Given) -> str:
    """Which rule denied it, and what the platform says that the person is."""
    name = f"/{call.command.name}"
    if rule == NOBODY:
        return render_obstacle(call.text, f"{inert_code(name)} is turned off here.")
    who = inert(given.person.name, _NAME_CHARACTERS)
    is_what = _ROLES_OF[given.role or Role.ANYONE]
    said = f"{inert_code(name)} is for {_say_rule(rule)}. {who} {is_what} here, as the platform says."
    return render_obstacle(call.text, said)


def render_obstacle(text: str, said: str) -> str:
    """Why a line was not obeyed. `said` is Markdown."""
    return f"{inert_code(text, _SHOWN)}: {said}"


def render_failure(text: str, reason: str) -> str:
    """Why a line was not obeyed, in words that may be anybody's."""
    return render_obstacle(text, inert(reason, _REASON_CHARACTERS))


def render_ignorance(text: str, reason: str) -> str:
    """Why nobody knew whether a person may, in words that may be anybody's."""
    why = inert(reason, _REASON_CHARACTERS)
    return render_obstacle(text, f"Whether you may could not be found out. {why} Try again later.")


def render_confirmation(text: str, plan: Sequence[str], code: str) -> str:
    """What a dangerous command would do, and how to have it done."""
    rows = [f"- {each}" for each in plan]
    wish = f"To have it done, write {inert_code(f'/confirm {code}')} within 15 minutes."
    return "\n".join([f"{inert_code(text, _SHOWN)} will:", "", *rows, "", wish])


def render_plan(text: str, plan: Sequence[str]) -> str:
    """What a command would do, for one who only wants to know."""
    rows = [f"- {each}" for each in plan] or ["- answer, and change nothing"]
    return "\n".join([f"{inert_code(text, _SHOWN)} would:", "", *rows])


def render_reasons(reasons: Sequence[str]) -> str:
    """Why the bot did what it did here, the latest first."""
    if not reasons:
        return "Nothing was done here, as far as is kept."
    return "\n".join(["What was done here last:", "", *(f"- {inert(each, _LONGEST)}" for each in reasons)])


def _say_rule(rule: str) -> str:
    return _RULES.get(rule) or _ROLES[Role(rule)]


def _say_command(command: Command) -> str:
    return f"- {inert_code(command.usage, _LONGEST)}: {command.summary}"


def _list_arguments(command: Command) -> Iterator[tuple[str, str]]:
    """How each argument is written, and what it is."""
    for parameter in command.parameters:
        wanted = f"; {parameter.type.wanted}" if parameter.type else ""
        yield parameter.usage, f"{parameter.about}{wanted}"
    if command.others:
        yield OTHERS, command.others


def _say_rules(command: Command, rule: str) -> str:
    places = _say_surfaces(command.surfaces)
    danger = " It asks you to confirm." if command.dangerous else ""
    danger += " It counts only in a new comment, for the commit that you see." if command.is_guarded else ""
    return f"It works on {places}, and is for {_say_rule(rule)}.{danger}"


def _say_surfaces(surfaces: Sequence[Surface]) -> str:
    *first, last = [f"{surface}s" for surface in surfaces]
    return f"{', '.join(first)} and {last}" if first else last


def _list_page_lines(command: Command) -> Iterator[str]:
    yield from (f"### /{command.name}", "", f"`{command.usage}`", "")
    yield from (f"It will {command.summary}. {_say_rules(command, str(command.role))}", "")
    if arguments := list(_list_arguments(command)):
        yield from ("| argument | is |", "| --- | --- |")
        for usage, said in arguments:
            cell = usage.replace("|", "\\|")
            yield f"| `{cell}` | {said} |"
        yield ""
    yield from ("```text", *command.examples, "```", "")


def _render_refusal(refusal: Refusal) -> str:
    parts = []
    if refusal.text:
        parts.append("\n".join(["```text", *_point(refusal), "```"]))
    usage = f" Usage: {inert_code(refusal.command.usage, _LONGEST)}" if refusal.command else ""
    return "\n\n".join([*parts, f"{refusal.said}{usage}"])


def _point(refusal: Refusal) -> Iterator[str]:
    """The line with its number before it, and below it marks under what is wrong."""
    left = max(0, refusal.start - _BEFORE)
    before, wrong, after = (
        refusal.text[left : refusal.start],
        refusal.text[refusal.start : refusal.end],
        refusal.text[refusal.end : left + _SHOWN],
    )
    gutter = f"{refusal.line} | {'…' if left else ''}"
    yield plain(f"{gutter}{before}{wrong}{after}", _SHOWN + len(gutter))
    marks = max(1, min(_width(plain(f"|{wrong}|")) - 2, _SHOWN - len(before)))
    blank = " " * (_width(plain(f"{gutter}{before}|")) - 1 - len(str(refusal.line)) - 2)
    yield f"{' ' * len(str(refusal.line))} |{blank}{'^' * marks}"


def _width(text: str) -> int:
    """How many columns `text` takes where all letters are equally wide."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.category(sign) in {"Mn", "Me", "Cf"} for sign in text)
