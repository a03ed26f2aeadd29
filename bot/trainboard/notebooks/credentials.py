"""Text that looks like a credential. What is found is named by its kind and never repeated.

Each pattern begins where the text before cannot belong to it, or ends where it has enough, so that no
text is read many times.

Source: the vendors' pages on the forms of their tokens, such as "About authentication to GitHub".
"""

import re
from collections.abc import Iterator

_KINDS = (
    ("an AWS access key", "IA", r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    ("a GitHub token", "gh", r"(?<![A-Za-z0-9_])gh[oprsu]_[A-Za-z0-9]{36}"),
    ("a GitHub token", "github_pat_", r"(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{60}"),
    ("a token of Azure DevOps", "AZDO", r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])"),
    ("an Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{40}"),
    ("a shared access signature", "sig=", r"[?&]sig=[A-Za-z0-9%]{40}"),
    ("a Slack token", "xox", r"(?<![A-Za-z0-9-])xox[abprs]-[A-Za-z0-9-]{10}"),
    ("a Google API key", "AIza", r"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("an API key of a model provider", "sk-", r"(?<![A-Za-z0-9_-])sk-(?:ant-|proj-)?[A-Za-z0-9_]{20}"),
    ("a Hugging Face token", "hf_", r"(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30}"),
    ("a Databricks token", "dapi", r"(?<![A-Za-z0-9])dapi[0-9a-f]{32}"),
    ("a PyPI token", "pypi-AgEI", r"(?<![A-Za-z0-9_-])pypi-AgEI[A-Za-z0-9_-]{40}"),
    ("an npm token", "npm_", r"(?<![A-Za-z0-9_-])npm_[A-Za-z0-9]{36}"),
    ("a private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----[^-]{0,64}"),
    ("a JSON web token", "eyJ", r"(?<![\w-])eyJ[\w-]{10,4000}+\.eyJ[\w-]{10,4000}+\.[\w-]{10}"),
    ("a password in an address", "://", r"://[^\s/:@'\"<>]{1,64}+:[^\s/:@'\"<>{}$*]{6,128}+@"),
)
"""What it is, letters that are always in it, and how it looks."""

_PATTERNS = tuple((kind, sign, re.compile(pattern, re.ASCII)) for kind, sign, pattern in _KINDS)

_NAMES = ("passw", "secret", "token", "key")
_ASSIGNED = re.compile(
    r"(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key)"
    r"['\"\]]{0,2}+\s{0,4}+[:=]\s{0,4}+(?:['\"])([^\s'\"<>{}$*]{8,200}+)['\"]",
    re.IGNORECASE | re.ASCII,
)
_PLACEHOLDER = re.compile(r"your|example|dummy|change|xxx|placeholder|redacted|\.\.\.|/", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_LETTER = re.compile(r"[A-Za-z]")


def list_credentials(text: str) -> Iterator[tuple[str, str]]:
    """What looks like a credential: its kind, and itself, which is not to be kept."""
    for kind, sign, pattern in _PATTERNS:
        for match in pattern.finditer(text) if sign in text else ():
            yield kind, match[0]
    folded = text.lower()
    for match in _ASSIGNED.finditer(text) if any(name in folded for name in _NAMES) else ():
        if _is_secret(match[1]):
            yield "a password or a key", match[1]


def _is_secret(value: str) -> bool:
    """True for what is neither a word nor a place to put something."""
    if _PLACEHOLDER.search(value) or any(pattern.match(value) for *_, pattern in _PATTERNS):
        return False
    return bool(_DIGIT.search(value) and _LETTER.search(value))
