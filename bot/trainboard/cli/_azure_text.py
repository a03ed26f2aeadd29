"""What `trainboard init --azure` says."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainboard.trackers.azure_boards.plan_template import NAME

if TYPE_CHECKING:
    from trainboard.cli._azure_setup import Setup, Step, TemplateStep
    from trainboard.hooks import Hook

TOKEN, PASSWORD = "AZURE_DEVOPS_TOKEN", "AZURE_DEVOPS_WEBHOOK_PASSWORD"
WARNING = "# For the environment of the service. It is not shown again:"


def render_plan(setup: "Setup", steps: "Sequence[Step]", templates: "Sequence[TemplateStep]") -> str:
    """Who we are, and a line for each hook and each template."""
    work = count_work(steps, templates)
    lines = (f"{step.action:<8}{step.hook.place}: {step.hook.name}  {step.reason}" for step in steps)
    return "\n".join(
        [
            f"{setup.url} knows us as {setup.account}.",
            *(line.rstrip() for line in lines),
            *(f"{each.action:<8}{render_template(each)}" for each in templates),
            f"{work} to do, {len(steps) + len(templates) - work} left as they are.",
        ]
    )


def count_work(steps: "Sequence[Step]", templates: "Sequence[TemplateStep]") -> int:
    """How many hooks and templates are not left as they are."""
    return sum(step.is_work for step in steps) + sum(each.is_work for each in templates)


def render_template(step: "TemplateStep") -> str:
    """Whose template it is."""
    return f"{step.template.place}: template {NAME}"


def render_settings(setup: "Setup", hooks: "Sequence[Hook]") -> str:
    """What the settings lack, as TOML, and a new password for the environment."""
    password = setup.new_password
    server = [f"public_url = {_quote(url)}"] if (url := setup.added.get("public_url")) else []
    organization = [f"organization_url = {_quote(setup.url)}"] if "organization_url" in setup.added else []
    token = [f'token = "env:{TOKEN}"'] if "token" in setup.added else []
    user = [f"webhook_user = {_quote(setup.user)}", f'webhook_password = "env:{PASSWORD}"']
    lines = [
        *(["[server]", *server, ""] if server else []),
        "[azure_devops]",
        *organization,
        *token,
        *(user if password else []),
        *_render_ids(setup, [hook.id for hook in hooks if hook.id is not None]),
        *(["", WARNING, f"# {PASSWORD}={password}"] if password else []),
    ]
    return "\n".join(lines)


def _render_ids(setup: "Setup", ids: list[str]) -> list[str]:
    """The ids, to be believed at once only where others are already."""
    if setup.pinned:
        others = [each for each in setup.pinned if each not in ids]
        return [f"subscriptions = {json.dumps([*others, *ids])}"]
    return [
        "# To believe these hooks and no others. A deleted one is then made anew by this command only.",
        f"#subscriptions = {json.dumps(ids)}",
    ]


def result_values(
    setup: "Setup",
    steps: "Sequence[Step]",
    hooks: "Sequence[Hook]",
    templates: "Sequence[TemplateStep]",
    *,
    dry_run: bool,
) -> dict[str, object]:
    """The same for a program."""
    return {
        "organization_url": setup.url,
        "account": setup.account,
        "dry_run": dry_run,
        "hooks": [
            {"project": hook.place, "event": hook.name, "id": hook.id, "action": step.action.value}
            for step, hook in zip(steps, hooks, strict=True)
        ],
        "templates": [
            {"team": each.template.place, "name": NAME, "action": each.action.value} for each in templates
        ],
        "webhook_password": None if dry_run else setup.new_password,
        "settings": None if dry_run else render_settings(setup, hooks),
    }


def _quote(text: str) -> str:
    """A string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False)
