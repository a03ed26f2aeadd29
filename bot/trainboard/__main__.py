"""`python -m trainboard`, and the console command."""

import sys


def main() -> None:
    """Run the command line; a job that reports its run waits for no library of it."""
    if sys.argv[1:2] == ["report-run"]:
        from trainboard.report_run.command import main as report_run

        sys.exit(report_run(sys.argv[2:]))
    from trainboard.cli import main as command_line

    command_line(prog_name="trainboard")


if __name__ == "__main__":
    main()
