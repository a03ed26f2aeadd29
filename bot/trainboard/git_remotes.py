"""Addresses of remote repositories, as Git writes them."""

import re
from urllib.parse import unquote, urlsplit

_SCP_ADDRESS = re.compile(r"[^/@]+@(?P<host>[^/:]+):(?P<path>.+)")
_AZURE_HOSTS = {"dev.azure.com", "ssh.dev.azure.com", "vs-ssh.visualstudio.com"}
_OWN_HOST = ".visualstudio.com"


def parse_repository(remote: str) -> str:
    """`acme/churn` of a git remote: its path, without host and credentials; empty if there is none.

    One in Azure Repos is organisation, project and repository, `acme/churn/model`, however it is written.

    Source: Microsoft, "Clone an existing Git repo" and "Use SSH key authentication".
    """
    scp = _SCP_ADDRESS.fullmatch(remote)
    try:
        parts = urlsplit(remote)
        host, path = (scp["host"], scp["path"]) if scp else (parts.hostname or "", parts.path)
    except ValueError:
        return ""
    path = path.strip("/").removesuffix(".git")
    return _parse_azure_path(host.lower(), path) or path


def _parse_azure_path(host: str, path: str) -> str:
    """Empty if the repository does not live in Azure Repos."""
    names = [unquote(name) for name in path.split("/")]
    if host.endswith(_OWN_HOST) and host not in _AZURE_HOSTS:
        names = [host.removesuffix(_OWN_HOST), *(each for each in names if each != "DefaultCollection")]
    elif host not in _AZURE_HOSTS:
        return ""
    match names:
        case ["v3", organization, project, repository] | [organization, project, "_git", repository]:
            return f"{organization}/{project}/{repository}"
        case [organization, "_git", repository]:
            return f"{organization}/{repository}/{repository}"
    return ""
