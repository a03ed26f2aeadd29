"""`trainboard report-run`: report a training run from a shell or a job.

The console command asks `trainboard.report_run` itself, before it reads anything else; this is for the list
of commands.
"""

import click

from trainboard.report_run.command import main


@click.command(
    add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Report a training run from a shell or a job."""
    ctx.exit(main(arguments))
