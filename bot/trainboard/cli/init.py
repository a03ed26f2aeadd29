"""`trainboard init`: make at a platform what the bot needs there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._github_options import Wish, github_options
from trainboard.cli._output import config_option, json_option, print_json

if TYPE_CHECKING:
    from trainboard.cli._azure_setup import Setup, Step, TemplateStep
    from trainboard.cli._github_setup import Given as Known
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
@click.option("--github", is_flag=True, help="Register a GitHub App, or take one by --app-id.")
@click.option(
    "--force",
    is_flag=True,
    help="Write the form anew where somebody changed it; replace the key of another App.",
)
@click.option(
    "--organization",
    default="",
    help="At Azure DevOps its address, https://dev.azure.com/acme; at GitHub its name, where GitHub does not "
    "say what the owner of the repository is.",
)
@github_options
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
    github: bool,
    forms: Path | None,
    force: bool,
    organization: str,
    projects: tuple[str, ...],
    public_url: str,
    wish: Wish,
    config: Path | None,
    rewrite: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Register a GitHub App, make the service hooks of Azure DevOps, or write GitHub's form of an experiment.

    With --github it shows a page on this machine, from which GitHub registers an App that may do what the
    settings ask for and no more; keeps its key and its webhook's secret in files beside the settings, adds
    what these lack, waits until the App is installed, and ends with what `trainboard doctor` says. With
    --app-id and --private-key it takes an App that is there.

    With --azure it takes from the settings what they have, and asks for the rest: the organisation, a
    token, its projects, and the address of this server. Shows what it will do, and asks before it does
    it. Run twice, it makes nothing twice. It touches no hook that sends to another address.

    With --forms it asks nobody: what it wrote is to be committed by you.
    """
    if azure + github + (forms is not None) != 1:
        raise click.UsageError("Say what to set up: --github, --azure or --forms.")
    if github:
        known = wish.to_given(organization, public_url, force=force, asks=not yes)
        _set_up_github(config, known, wish, dry_run=dry_run, as_json=as_json)
        return
    if forms is not None:
        _write_forms(forms, force=force, dry_run=dry_run, as_json=as_json)
        return
    from trainboard.cli._azure_setup import Given, prepare

    given = Given(
        organization=organization, projects=projects, public_url=public_url, rewrite=rewrite, asks=not yes
    )
    _set_up_azure(prepare(config, given), asks=not yes, dry_run=dry_run, as_json=as_json)


def _set_up_github(config: Path | None, known: "Known", wish: Wish, *, dry_run: bool, as_json: bool) -> None:
    from trainboard.cli import _github_flow, _github_setup

    wanted = wish.to_import()
    setup = _github_setup.prepare(config, known)
    if dry_run:
        _github_flow.show(setup, as_json=as_json)
    elif wanted is not None:
        _github_flow.adopt(setup, wanted, wish.to_manner(as_json=as_json))
    else:
        _github_flow.register(setup, wish.to_manner(as_json=as_json))


def _set_up_azure(setup: "Setup", *, asks: bool, dry_run: bool, as_json: bool) -> None:
    from trainboard.cli import _azure_text

    steps, templates = setup.plan(), setup.plan_templates()
    if not as_json:
        click.echo(_azure_text.render_plan(setup, steps, templates), err=True)
    if dry_run:
        hooks = [step.hook for step in steps]
    else:
        if _azure_text.count_work(steps, templates) and asks:
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
