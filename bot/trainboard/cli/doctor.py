"""`trainboard doctor`: what is wrong with the installation, and what to do about it."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainboard.cli._examining import (
    check_project,
    make_subject,
    print_finding,
    print_findings,
    run_self_tests,
)

if TYPE_CHECKING:
    from trainboard.diagnosis import Finding


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default trainboard.toml.")
@click.option(
    "--self-test",
    "tested",
    is_flag=False,
    flag_value="",
    metavar="[PROJECT]",
    help="At the end make a work item, read, edit, comment and close it; default in every project.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
@click.pass_context
def command(ctx: click.Context, config: Path | None, *, tested: str | None, as_json: bool) -> None:
    """Look at the installation, and say what to do about what is wrong.

    Looks at the settings, the database, the clock, what waits and what died, the budgets of the
    platforms' accounts, whether repositories were renamed, whether the trackers, the repositories, the
    pipelines and the boards let us in, whether we see the teams that may command, whether webhooks
    arrive, and whether people can sign in. Changes nothing without --self-test, and may run beside the
    service. Exit code 1 if something is failing, 2 if the settings cannot be used.
    """
    from msgspec.structs import replace

    from trainboard.cli import FINDING, WRONG_USAGE
    from trainboard.diagnosis import Grade, failing
    from trainboard.doctor import examine
    from trainboard.settings import SettingsError, find_file, load

    try:
        settings = load(config)
    except SettingsError as error:
        if not as_json:
            raise
        wrong = [failing(str(each), "Correct it.") for each in error.findings]
        print_findings([replace(each, check="configuration") for each in wrong])
        ctx.exit(WRONG_USAGE)
    subject = make_subject(settings, str(find_file(config) or "the embedded default"))
    findings: list[Finding] = []
    try:
        check_project(subject, tested)
        for finding in chain(examine(subject), run_self_tests(subject, tested)):
            findings.append(finding)
            if not as_json:
                print_finding(finding)
    finally:
        subject.database.close()
    if as_json:
        print_findings(findings)
    ctx.exit(FINDING if any(each.grade is Grade.FAILING for each in findings) else 0)
