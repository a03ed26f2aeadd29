"""Which work items a pull request belongs to, by the words that people wrote in it.

A name counts in the title, in the branch's name and in the prose of the description: not in code, in
quotations or in HTML. A line `Work-Item: 12` names one whatever the tracker is.

Whoever opens a pull request from a fork may be anybody. Of that one's words only those count by which the
platform itself would close the work item: a keyword before its name, in the description.

Source: GitHub Docs, "Autolinked references and URLs"; Microsoft Learn, "Link GitHub commits, pull requests,
branches, and issues to work items in Azure Boards" and "Link to work items from other objects".
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from trainboard.pull_requests import PullRequest

MAX_REFS = 50
MAX_CHARACTERS = 30_000
_BOARDS, _REPOS = "azure-boards:", "azure-repos:"

_CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+$", re.IGNORECASE)
_LONGEST_KEYWORD = 40
"""Characters, the blanks behind it included."""
_CLOSING_ON_BOARDS = re.compile(r"\bfix(?:e[sd])?:?[ \t]+$", re.IGNORECASE)

_NUMBER = r"([1-9]\d{0,9})(?!\w)"
_BARE_NUMBER = re.compile(_NUMBER)
_TRAILER = re.compile(r"Work[- ]?Items?:[ \t]*(\S.*)", re.IGNORECASE)
_TRAILER_NAME = re.compile(rf"#?{_NUMBER}")
_BRANCH_NAME = re.compile(r"(?:(?:issue|gh)[-_#]?|#)?([1-9]\d{0,6})(?:$|[-_]+(?=[a-z]))", re.IGNORECASE)
_BOARD_BRANCH_NAME = re.compile(rf"AB[#-]{_NUMBER}", re.IGNORECASE)
_OF_MACHINES = frozenset({"dependabot", "renovate", "release", "releases"})


def find_refs(pull_request: PullRequest, tracker: str) -> tuple[str, ...]:
    """The numbers of work items of `tracker` that the pull request names, each once, in order, at most 50.

    Of the description the first 30,000 characters are read. A number may be that of something else: only the
    tracker knows whether it is a work item.
    """
    names = _names(tracker.casefold(), pull_request.code.casefold())
    prose = _prose(pull_request.text[:MAX_CHARACTERS])
    if pull_request.from_fork:
        keyword = _CLOSING_ON_BOARDS if tracker.startswith(_BOARDS) else _CLOSING
        return tuple(dict.fromkeys(_refs_closed_in(prose, names, keyword)))[:MAX_REFS]
    found = [
        *_refs_in([pull_request.title], names),
        *_refs_in(prose, names),
        *_refs_in_branch(pull_request.branch, tracker, pull_request.code),
    ]
    return tuple(dict.fromkeys(found))[:MAX_REFS]


def find_ref(word: str, tracker: str, code: str) -> str | None:
    """The number of the work item of `tracker` that somebody names by one word in the repository, or None.

    A bare number will do, and whatever names one in a description.
    """
    names = _names(tracker.casefold(), code.casefold())
    matches = (pattern.fullmatch(word) for pattern in (_BARE_NUMBER, *names))
    return next((match[1] for match in matches if match), None)


def name_tag_door(project: str) -> str:
    """The door by which the tags of the project's code tell of models."""
    return f"git-tags/{project}"


def name_board(tracker: str) -> str:
    """The name by which the work items of `tracker` are known: on Azure Boards they are the organisation's.

    `tracker` is as in the settings.
    """
    return f"{_BOARDS}{_organization(tracker).lower()}" if tracker.startswith(_BOARDS) else tracker


def name_place(tracker: str) -> str:
    """Where people talk on the work items of `tracker`: on Azure Boards that is a project, without its team.

    `tracker` is as in the settings.
    """
    return "/".join(tracker.split("/")[:2]) if tracker.startswith(_BOARDS) else tracker


def _refs_in(lines: Iterable[str], names: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    for line in lines:
        trailer = _TRAILER.fullmatch(line.strip())
        for word in re.split(r"[\s,]+", trailer[1]) if trailer else ():
            if match := _TRAILER_NAME.fullmatch(word):
                yield match[1]
        matches = [match for name in names for match in name.finditer(line)]
        yield from (match[1] for match in sorted(matches, key=lambda match: match.start(1)))


def _refs_closed_in(
    lines: Iterable[str], names: tuple[re.Pattern[str], ...], keyword: re.Pattern[str]
) -> Iterator[str]:
    for line in lines:
        matches = [match for name in names for match in name.finditer(line)]
        closing = (match for match in matches if _stands_before(match.start(), line, keyword))
        yield from (match[1] for match in sorted(closing, key=lambda match: match.start(1)))


def _stands_before(place: int, line: str, keyword: re.Pattern[str]) -> bool:
    """True if the keyword is right before that place of the line; what is further away is not looked at."""
    return keyword.search(line, max(0, place - _LONGEST_KEYWORD), place) is not None


@cache
def _names(tracker: str, code: str) -> tuple[re.Pattern[str], ...]:
    kind, _, path = tracker.partition(":")
    patterns: list[str] = []
    if kind == "github":
        address = rf"https?://[^\s/]+/{re.escape(path)}/issues/{_NUMBER}"
        patterns = [rf"(?<![\w./-]){re.escape(path)}#{_NUMBER}", address]
    elif kind == "azure-boards":
        organization = re.escape(path.partition("/")[0])
        host = rf"(?:[^\s/]+/{organization}|{organization}\.visualstudio\.com)"
        patterns = [rf"(?<!\w)AB#{_NUMBER}", rf"https?://{host}/[^\s?#]*_workitems/edit/{_NUMBER}"]
    if _is_home(tracker, code):
        patterns.append(rf"(?<![\w/&#.-])(?:{'#|GH-' if kind == 'github' else '#'}){_NUMBER}")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _is_home(tracker: str, code: str) -> bool:
    """True where a bare `#12` in the repository means a work item of the tracker."""
    if tracker.startswith(_BOARDS) and code.startswith(_REPOS):
        return _organization(tracker) == _organization(code)
    return tracker == code


def _organization(place: str) -> str:
    return place.partition(":")[2].partition("/")[0]


def _refs_in_branch(branch: str, tracker: str, code: str) -> Iterator[str]:
    """`12-fix-labels` or `feature/issue-12` at home, `feature/AB#12` where the tracker is Azure Boards."""
    parts = branch.removeprefix("refs/heads/").split("/")
    if parts[0].casefold() in _OF_MACHINES:
        return
    for part in parts:
        board = _BOARD_BRANCH_NAME.match(part) if tracker.startswith(_BOARDS) else None
        plain = _BRANCH_NAME.match(part) if _is_home(tracker.casefold(), code.casefold()) else None
        if match := board or plain:
            yield match[1]


def _prose(text: str) -> Iterator[str]:
    """The lines of the description that are no code, no quotation and no HTML; addresses of links too."""
    quoted = 0
    for token in _parser().parse(text):
        quoted += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "inline" and not quoted:
            yield from _lines(token.children or ()).splitlines()


def _lines(tokens: Iterable[Token]) -> str:
    return "".join(map(_words, tokens))


def _words(token: Token) -> str:
    match token.type:
        case "text":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "link_open":
            return f" {token.attrGet('href')} "
        case _:
            return " \ufffc"


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
