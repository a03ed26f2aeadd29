"""`trainboard init`: make at a platform what the bot needs there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._output import config_option, json_option, print_json

if TYPE_CHECKING:
    from trainboard.cli._azure_setup import Setup, Step, TemplateStep
    from trainboard.hooks import Hook


@click.command()
@click.option("--azure", is_flag=True, help="Set up the service hooks of Azure DevOps.")
@click.option(
    "--forms",
    is_flag=False,
    flag_value=".",
    type=click.Path(path_type=Path),
    help="Write GitHub's form of an experiment into the checkout there; default here.",
)
@click.option("--force", is_flag=True, help="Write the form anew where somebody changed it.")
@click.option("--organization", default="", help="Address of the organisation, https://dev.azure.com/acme.")
@click.option("--project", "projects", multiple=True, help="Project there; may be given several times.")
@click.option("--public-url", default="", help="Where the internet reaches this server, with https.")
@click.option("--rewrite", is_flag=True, help="Give the password to hooks that work, too: to change it.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is not given must be in the settings.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@json_option
@config_option
def command(  # noqa: PLR0913  each is an option
    *,
    azure: bool,
    forms: Path | None,
    force: bool,
    organization: str,
    projects: tuple[str, ...],
    public_url: str,
    config: Path | None,
    rewrite: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the service hooks of Azure DevOps, or write GitHub's form of an experiment into a checkout.

    With --azure it takes from the settings what they have, and asks for the rest: the organisation, a
    token, its projects, and the address of this server. Shows what it will do, and asks before it does
    it. Run twice, it makes nothing twice. It touches no hook that sends to another address.

    With --forms it asks nobody: what it wrote is to be committed by you.
    """
    if azure == (forms is not None):
        raise click.UsageError("Say what to set up: --azure or --forms.")
    if forms is not None:
        _write_forms(forms, force=force, dry_run=dry_run, as_json=as_json)
        return
    from trainboard.cli import _azure_setup

    given = _azure_setup.Given(
        organization=organization,
        projects=projects,
        public_url=public_url,
        rewrite=rewrite,
        asks=not yes,
    )
    _set_up(_azure_setup.prepare(config, given), yes=yes, dry_run=dry_run, as_json=as_json)


def _set_up(setup: "Setup", *, yes: bool, dry_run: bool, as_json: bool) -> None:
    from trainboard.cli import _azure_text

    steps, templates = setup.plan(), setup.plan_templates()
    if not as_json:
        click.echo(_azure_text.render_plan(setup, steps, templates), err=True)
    if dry_run:
        hooks = [step.hook for step in steps]
    else:
        if _azure_text.count_work(steps, templates) and not yes:
            click.confirm("Go on?", abort=True, err=True)
        hooks = _do(setup, steps, templates)
    if as_json:
        print_json(_azure_text.result_values(setup, steps, hooks, templates, dry_run=dry_run))
    elif not dry_run:
        click.echo(_azure_text.render_settings(setup, hooks))


def _write_forms(folder: Path, *, force: bool, dry_run: bool, as_json: bool) -> None:
    """Exits with 1 where the form is left although it differs."""
    from trainboard.cli import _forms

    step = _forms.plan(folder, force=force)
    is_work = step.action in {_forms.Action.CREATE, _forms.Action.CHANGE}
    if is_work and not dry_run:
        _forms.do(step)
    if as_json:
        print_json({"path": str(step.path), "action": step.action.value, "dry_run": dry_run})
    else:
        click.echo(_forms.render_step(step), err=True)
        if is_work and not dry_run:
            click.echo(_forms.render_next())
    if step.action is _forms.Action.REFUSE:
        raise SystemExit(1)


def _do(setup: "Setup", steps: "Sequence[Step]", templates: "Sequence[TemplateStep]") -> "list[Hook]":
    """One line for each; what was done before a failure stays done."""
    from trainboard.cli._azure_text import count_work, render_template

    most = count_work(steps, templates)
    number = 0
    hooks: list[Hook] = []
    for step in steps:
        if not step.is_work:
            hooks.append(step.hook)
            continue
        hooks.append(setup.do(step))
        number += 1
        click.echo(f"[{number}/{most}] {step.hook.place}: {step.hook.name} {step.action}d", err=True)
    for each in templates:
        if each.is_work:
            each.do()
            number += 1
            click.echo(f"[{number}/{most}] {render_template(each)} {each.action}d", err=True)
    return hooks
