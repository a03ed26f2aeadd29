"""What is said of commands: help, the page of the documentation, and why a line was not run.

No line begins with a command, so that nothing of this is taken for one, by this bot or another.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from trainboard.command_policy import NOBODY, TEAM, USER, Rule
from trainboard.comments import Given, Obeyed, Role, Surface
from trainboard.grammar.declaration import OTHERS, Asking, Call, Command, May, Registry, Ruling
from trainboard.grammar.reading import Refusal
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
_NAMED = "people whom the settings name, and whom the platform lets"


def render_help(asking: Asking) -> str:
    """What whoever asks may command where they are, and what they may not."""
    of_here = [command for command in asking.registry if asking.surface in command.surfaces]
    here = [command for command in of_here if asking.has_pipeline(command)]
    rulings = {command.name: asking.judge(command, None) for command in here}
    may = {name: ruling.may for name, ruling in rulings.items()}
    lines = [f"What you may command on this {asking.surface}:", ""]
    lines += [_say_command(each) for each in here if may[each.name] is May.YES] or ["- nothing"]
    for answer, said in (
        (May.NO, "What others may:"),
        (May.UNKNOWN, "Whether you may use these could not be found out. Try again later:"),
    ):
        found = [
            f"- {inert_code(f'/{each.name}')}: {_say_ruling(rulings[each.name])}"
            for each in here
            if may[each.name] is answer
        ]
        lines += ["", said, "", *found] if found else []
    if idle := [command for command in of_here if command not in here]:
        lines += ["", _say_idle(idle)]
    return "\n".join([*lines, "", f"{inert_code('/help command')} tells more of one."])


def render_command_help(command: Command, asking: Asking) -> str:
    """All of one command, and whether whoever asks may use it where they are."""
    arguments = [f"- {inert_code(usage, _LONGEST)}: {said}" for usage, said in _list_arguments(command)]
    examples = [f"- {inert_code(each, _LONGEST)}" for each in command.examples]
    rules = _say_rules(command, _say_ruling(asking.judge(command, ())))
    placed = [
        f"- in {inert_code(each.environment)}: {_say_rule(each.rule)}"
        for each in asking.project.commands.list_placed(command.name)
    ]
    parts = [inert_code(command.usage, _LONGEST), f"It will {command.summary}. {rules}"]
    parts += ["\n".join(["Some environments have rules of their own:", "", *placed])] if placed else []
    parts += ["\n".join(arguments)] if arguments else []
    parts += ["\n".join(["Examples:", "", *examples]), _say_here(command, asking)]
    return "\n\n".join(parts)


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


def render_denial(call: Call, ruling: Ruling, given: Given) -> str:
    """Which rule denied it, and what the platform says that the person is."""
    name, where = f"/{call.command.name}", _say_where(ruling)
    if ruling.rule == (NOBODY,):
        return render_obstacle(call.text, f"{inert_code(name)} is turned off{where or ' here'}.")
    said = f"{inert_code(name)}{where} is for {_say_ruling(ruling)}.{_say_standing(ruling.rule, given)}"
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


def _say_ruling(ruling: Ruling) -> str:
    return _NAMED if ruling.is_for_named else _say_rule(ruling.rule)


def _say_rule(rule: Rule) -> str:
    return ", or ".join(map(_say_alternative, rule))


def _say_alternative(alternative: str) -> str:
    if alternative == NOBODY:
        return "nobody, for it is turned off"
    if alternative.startswith(TEAM):
        return f"members of the team {inert_code(alternative.removeprefix(TEAM))}"
    if alternative.startswith(USER):
        return f"the account {inert_code(alternative.removeprefix(USER))}"
    return _ROLES[Role(alternative)]


def _say_where(ruling: Ruling) -> str:
    return f" in {inert_code(ruling.environment)}" if ruling.environment else ""


def _say_standing(rule: Rule, given: Given) -> str:
    """What the person is there instead, as far as it is known."""
    teams = sum(alternative.startswith(TEAM) for alternative in rule)
    is_what = [f"{_ROLES_OF[given.role]} here"] if given.role else []
    is_what += ["is not in that team" if teams == 1 else "is in none of those teams"] if teams else []
    who = inert(given.person.name, _NAME_CHARACTERS)
    return f" {who} {' and '.join(is_what)}, as the platform says." if is_what else ""


def _say_here(command: Command, asking: Asking) -> str:
    """Whether whoever asks may use the command where they are."""
    if asking.surface not in command.surfaces:
        return "It does not work here."
    if not asking.has_pipeline(command):
        return _say_idle([command])
    ruling = asking.judge(command, None)
    match ruling.may:
        case May.YES:
            return "You may use it here."
        case May.NO:
            return f"You may not use it here: it is for {_say_ruling(ruling)}."
        case May.UNKNOWN:
            return "Whether you may use it here could not be found out: try again later."


def _say_idle(commands: Sequence[Command]) -> str:
    names = ", ".join(inert_code(f"/{each.name}") for each in commands)
    wanted = f"declare one in {inert_code('[[projects.pipelines]]')} of the settings whose"
    return f"No pipeline is declared here for {names}: {wanted} {inert_code('commands')} name it."


def _say_command(command: Command) -> str:
    return f"- {inert_code(command.usage, _LONGEST)}: {command.summary}"


def _list_arguments(command: Command) -> Iterator[tuple[str, str]]:
    """How each argument is written, and what it is."""
    for parameter in command.parameters:
        wanted = f"; {parameter.type.wanted}" if parameter.type else ""
        yield parameter.usage, f"{parameter.about}{wanted}"
    if command.others:
        yield OTHERS, command.others


def _say_rules(command: Command, who: str) -> str:
    places = _say_surfaces(command.surfaces)
    danger = " It asks you to confirm." if command.dangerous else ""
    danger += " It counts only in a new comment, for the commit that you see." if command.is_guarded else ""
    return f"It works on {places}, and is for {who}.{danger}"


def _say_surfaces(surfaces: Sequence[Surface]) -> str:
    *first, last = [f"{surface}s" for surface in surfaces]
    return f"{', '.join(first)} and {last}" if first else last


def _list_page_lines(command: Command) -> Iterator[str]:
    yield from (f"### /{command.name}", "", f"`{command.usage}`", "")
    yield from (f"It will {command.summary}. {_say_rules(command, _ROLES[command.role])}", "")
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
