"""Addresses of remote repositories, as Git writes them."""

import re
from urllib.parse import urlsplit

_SCP_ADDRESS = re.compile(r"[^/@]+@[^/:]+:(?P<path>.+)")


def parse_repository(remote: str) -> str:
    """`acme/churn` of a git remote: its path, without host and credentials; empty if there is none."""
    scp = _SCP_ADDRESS.fullmatch(remote)
    try:
        path = scp["path"] if scp else urlsplit(remote).path
    except ValueError:
        return ""
    return path.strip("/").removesuffix(".git")
