"""What `trainboard init --github` says."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainboard.github.manifests import find_prefilled_url

if TYPE_CHECKING:
    from trainboard.cli._github_setup import Setup
    from trainboard.diagnosis import Finding
    from trainboard.github.apps import AppJson
    from trainboard.settings.additions import Additions
    from trainboard.wiring.github_app import Feature

NO_BROWSER = "http://127.0.0.1:PORT/registered"


def render_intention(setup: "Setup") -> str:
    """What will be registered, and where."""
    lines = (f"  {feature.name}: {', '.join(list_permissions(feature))}" for feature in setup.features)
    return "\n".join(
        [f"The App {setup.name} of {render_owner(setup)}, at {setup.web_url}, for", *lines],
    )


def list_permissions(feature: "Feature") -> list[str]:
    """Its permissions as `issues: write`, without the one that every App has."""
    return [f"{name}: {level}" for name, level in feature.permissions.items() if name != "metadata"]


def render_owner(setup: "Setup") -> str:
    """Whose it will be."""
    return f"the organisation {setup.owner}" if setup.organization else f"your own account, {setup.owner}"


def render_address(address: str, *, opened: bool) -> str:
    """What to open, where no browser opens by itself."""
    if opened:
        return f"A browser opens at {address}, which works once."
    port = address.partition("127.0.0.1:")[2].partition("/")[0]
    return (
        f"Open this address in a browser on this machine; it works once:\n\n  {address}\n\n"
        f"From another machine first run: ssh -L {port}:127.0.0.1:{port} THIS-MACHINE\n"
    )


def render_end(setup: "Setup", *, is_written: bool) -> str:
    """That somebody ended it."""
    if is_written:
        return "Ended. What GitHub sent was written; `trainboard doctor` says what is left to do."
    listed = setup.form_url.removesuffix("/new")
    return f"Ended. Nothing was written. If GitHub has made an App meanwhile, delete it at {listed}."


def render_dry(setup: "Setup") -> str:
    """The manifest, and GitHub's form filled in, for who goes on by hand."""
    return "\n".join(
        [
            setup.manifest.render(NO_BROWSER),
            "",
            "By hand, in any browser, with a secret and a private key of your own making:",
            find_prefilled_url(setup.web_url, setup.organization, setup.manifest),
        ]
    )


def list_written(setup: "Setup", additions: "Additions", *, has_secret: bool) -> list[str]:
    """What was written, a sentence each."""
    lines = [f"The private key is in {setup.key_path}, for your account alone."]
    if has_secret:
        lines.append(f"The webhook's secret is in {setup.secret_path}, for your account alone.")
    return lines + list_added(additions)


def list_added(additions: "Additions") -> list[str]:
    """What was added to the settings."""
    headers = ", ".join(section.header for section in additions.added)
    return [f"{additions.path} got {headers}."] if headers else []


def render_todo(additions: "Additions") -> str:
    """What somebody must write, where the settings have such a section already."""
    return f"{additions.path} has such sections already. Put this into them:\n\n{additions.render_todo()}\n"


def result_values(
    app: "AppJson", additions: "Additions", files: Sequence[str], findings: "Sequence[Finding]"
) -> dict[str, object]:
    """The same for a program; no secret is in it."""
    return {
        "app_id": app.id,
        "slug": app.slug,
        "installing_url": app.installing_url,
        "settings_url": app.settings_url,
        "files": list(files),
        "configuration": str(additions.path),
        "added": [section.render() for section in additions.added],
        "todo": [section.render() for section in additions.todo],
        "findings": list(findings),
    }


def dry_values(setup: "Setup") -> dict[str, object]:
    """What would be sent, for a program."""
    return {
        "form_url": setup.form_url,
        "manifest": json.loads(setup.manifest.render(NO_BROWSER)),
        "prefilled_url": find_prefilled_url(setup.web_url, setup.organization, setup.manifest),
        "dry_run": True,
    }
