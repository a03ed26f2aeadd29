"""What others look for in a comment: bots in its lines, Markdown or not, and trackers in what it shows.

Each name comes with a pattern. The patterns take no less than the bots do, so that what none of them finds is
no command to any.
"""

import re

_PROW = {
    "approve": r"(?m)^/\S+[\t ]*[^\n\r]*",
    "assign": r"(?mi)^/(?:un)?assign(?: @?[-\w]+?)*\s*$",
    "animals": r"(?mi)^/(?:meow|woof|bark|this-is-\S+|honk|pony|joke|(?:un)?shrug)\b",
    "cherry pick": r"(?mi)^/cherry-?pick(?:-approved|-unapproved)?\b",
    "cla, dco, jira, bugzilla": r"(?mi)^/(?:check-(?:cla|dco)|jira|bugzilla)\b",
    "help": r"(?mi)^/(?:remove-)?(?:help|good-first-issue)\s*$",
    "hold": r"(?mi)^/(?:un|remove-)?hold(?:\s.*)?$",
    "label": r"(?m)^/(?:remove-)?(?:area|committee|kind|language|priority|sig|triage|wg|label)\s*(?:.*?)\s*$",
    "lgtm": r"(?mi)^/(?:un|remove-)?lgtm(?: cancel| no-issue)?\s*$",
    "lifecycle": r"(?mi)^/(?:close|reopen|(?:remove-)?lifecycle)\b",
    "milestone, status": r"(?m)^/(?:milestone|status)\s+(?:.+?)\s*$",
    "owners, reviewers": r"(?mi)^/(?:verify-owners|auto-cc|(?:un)?cc(?: +@?[-/\w]+?)*)\s*$",
    "project, issues": r"(?mi)^/(?:(?:clear-)?project|transfer(?:-issue)?|\S*(?:pin|link)-issue|retitle)\b",
    "release note": r"(?mi)^/release-note-\S+\s*$",
    "skip, override, tide": r"(?mi)^/(?:skip|override|tide)\b",
    "test, any": r"(?m)^/(?:test(?: all| .*)?,?|retest(?:-required)?|ok-to-test|test \?)(?:\s.*)?$",
}
_PIPELINES_AS_CODE = {
    "all": r"(?m)^/(?:test|retest|ok-to-test|cancel)\s*$",
    "one": r"(?m)^/(?:test|retest|ok-to-test|cancel)[ \t]+\S+",
}
COMMANDS = {
    "Trainboard": r"(?mi)^\s*/(?:trainboard\s+)?\w",
    **{f"Prow, {plugin}": pattern for plugin, pattern in _PROW.items()},
    **{f"Pipelines as Code, {what}": pattern for what, pattern in _PIPELINES_AS_CODE.items()},
    "packit": r"(?m)^\s*/packit(?:-stg)?\b",
    "slash-command-dispatch": r"\A[^\S\n]*/\S",
    "probot/commands": r"(?m)^/(\w+)\b *(.*)?$",
    "github-webhook-server": r"(?m)^\s*/\S",
    "Azure Pipelines": r"(?mi)^\s*/(?:azp|azurepipelines)\s",
    "branch-deploy, github/command": r"(?mi)^\s*\.\w",
    "Mergify": r"(?mi)^\s*@mergify(?:io)?\b",
    "bors by mention, homu": r"(?i)@bors\b",
    "triagebot by mention": r"(?i)@rustbot\b",
    "triagebot, review": r"(?mi)(?<![a-z0-9])r\?(?:\s|$)",
    "django-github-app, Dependabot": r"@\w",
    "exclamation-mark bots": r"(?m)^\s*!\w",
}
"""Commands that a sign tells from words."""

WORDS = {
    "Atlantis": r"(?i)\A[\s`]*(?:atlantis|run|terraform)\b[^\n]*\s*\Z",
    "bors": r"(?mi)^\s*bors:?\s+(?:r|d|p|try|merge|delegate|single|retry|ping|cancel)\b",
    "Zuul": r"(?mi)^\s*(?:recheck|reverify)\b",
}
"""Commands that are words, which begin a comment or a line; a word of ours before them undoes them."""

TRACKERS = {
    "GitHub mention, Azure mention, e-mail address": r"@[A-Za-z0-9<]",
    "reference by number": r"#\d",
    "reference by GH-": r"(?i)(?<![a-z0-9])gh-\d",
    "reference to Azure Boards": r"(?i)\bAB#\d",
    "reference to a pull request of Azure Repos": r"!\d",
    "closing keyword of GitHub": (
        r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:[\w./-]*#\d|gh-\d|https?://)"
    ),
    "closing keyword of Azure Boards": r"(?i)\b(?:fix(?:e[sd])?|close[sd]?)\s+AB#\d",
    "address with a scheme": r"(?i)(?:https?|ftp)://",
    "address without a scheme": r"//|(?i:www)\.",
}
"""What trackers and mail programs look for in the text that Markdown leaves behind."""

_TO_PROW = (
    "/approve no-issue|/assign @ada grace|/uncc @ada|/meow space|/this-is-fine|/cherrypick v1|/check-cla|"
    "/jira x|/good-first-issue|/remove-help|/hold on, I disagree|/unhold|/kind bug|/remove-sig node|"
    "/label a/b|/LGTM cancel|/lifecycle frozen|/close|/milestone\n\nv2|/status in-progress|/verify-owners|"
    "/auto-cc|/retitle x|/project b|/transfer-issue y|/release-note-none|/override ci|/skip|/test all|"
    "/retest|/ok-to-test"
)
SAMPLES = {
    "Trainboard": ("/help", "  /trainboard sprint next"),
    "Prow": tuple(_TO_PROW.split("|")),
    "Pipelines as Code": ("/test", "/retest unit", "/cancel", "/ok-to-test 0123abc"),
    "packit": ("/packit build", "  /packit-stg test"),
    "slash-command-dispatch": (" /deploy env=prod",),
    "probot/commands": ("/test-all x", "/label foo, bar"),
    "github-webhook-server": ("  /check-can-merge",),
    "Azure Pipelines": ("/azp run", "/AzurePipelines run x"),
    "branch-deploy": (".deploy production", ".noop", ".lock --reason x", ".wcid"),
    "Mergify": ("@Mergifyio rebase", "@mergify queue"),
    "bors": ("@bors r+", "cc @bors: try"),
    "triagebot": ("see @rustbot label +bug", "r? ada", "done, R?\ncompiler"),
    "django-github-app": ("see @bot deploy", "@dependabot merge"),
    "exclamation-mark bots": ("!retest",),
}
"""What people write to each of them."""

WORD_SAMPLES = {
    "Atlantis": ("atlantis apply -p x", "`atlantis plan`\n\n", "terraform plan", "run apply"),
    "bors": ("bors r+", "Bors try", "bors: merge"),
    "Zuul": ("recheck", "reverify"),
}
"""The same of commands that are words."""


def list_hits(grammars: dict[str, str], text: str) -> list[str]:
    """The names of those whose pattern is in `text`."""
    return [name for name, pattern in grammars.items() if re.search(pattern, text)]
