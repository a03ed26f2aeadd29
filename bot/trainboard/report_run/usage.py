"""The options of `report-run`."""

import argparse
from collections.abc import Sequence

STATES = ("queued", "running", "finished", "failed", "killed")
_JOB_STATES = {
    "success": "finished",
    "succeeded": "finished",
    "succeededwithissues": "finished",
    "failure": "failed",
    "failed": "failed",
    "cancelled": "killed",
    "canceled": "killed",
}
STAGES = ("plan", "data", "train", "package", "validate", "deploy", "monitor", "retrain")
URL_VARIABLE = "TRAINBOARD_URL"
SECRET_VARIABLE = "TRAINBOARD_SECRET"  # noqa: S105  the variable's name
TOKEN_VARIABLE = "TRAINBOARD_TOKEN"  # noqa: S105  the variable's name

_EPILOG = f"""\
The secret is read from the variable {SECRET_VARIABLE}, never from the command line, which others can read.
In GitHub Actions with "permissions: id-token: write" none is needed, nor is one beside a token of Microsoft
Entra, which is read from the variable {TOKEN_VARIABLE}: in a job of AzureCLI@2
  az account get-access-token --resource api://trainboard --query accessToken --output tsv

It exits with 0 where the service does not take the report, so that training goes on; with --strict it then
exits with 1. Wrong usage is 2.
"""


def parse_arguments(arguments: Sequence[str], program: str) -> argparse.Namespace:
    """The options; ends the process where they are wrong, or where help is wanted."""
    return _make_parser(program).parse_args(arguments)


def _make_parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        allow_abbrev=False,
        description="Report a training run to Trainboard. GitHub Actions and Azure Pipelines are recognised.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_run(parser.add_argument_group("the run"))
    _add_results(parser.add_argument_group("what came of it"))
    _add_origin(
        parser.add_argument_group("where it comes from, if not from what continuous integration says")
    )
    _add_sending(parser.add_argument_group("how it is told"))
    return parser


def _add_run(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--experiment", metavar="NAME", help="its experiment; or TRAINBOARD_EXPERIMENT")
    group.add_argument("--run-id", metavar="ID", help="what tells it from other runs of the same source")
    group.add_argument("--attempt", type=_whole, metavar="N", help="which attempt it is, from 1")
    group.add_argument("--name", metavar="TEXT", help="what people call it")
    group.add_argument(
        "--state",
        type=_state,
        default="finished",
        metavar="STATE",
        help=f"how it is: {', '.join(STATES)}; or the status of a job; default finished",
    )
    group.add_argument("--stage", choices=STAGES, help="the step of the lifecycle")
    group.add_argument("--started-at", metavar="TIME", help="RFC 3339 with an offset, or Unix seconds")
    group.add_argument("--ended-at", metavar="TIME", help="likewise; default now, if it has ended")
    group.add_argument("--user", metavar="NAME", help="who started it")
    group.add_argument("--run-url", metavar="URL", help="its page; default the job's")
    group.add_argument("--error", metavar="TEXT", help="why it failed")
    group.add_argument("--group", metavar="ID", help="the sweep that it belongs to")
    group.add_argument("--planned", type=_whole, metavar="N", help="how many runs that sweep will have")
    group.add_argument("--mlflow-run", metavar="ID", help="the same run in MLflow, which is read now")


def _add_results(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--metrics",
        metavar="FILE",
        action="append",
        default=[],
        help="a JSON file of metrics, - for standard input",
    )
    group.add_argument(
        "--metric", metavar="NAME=NUMBER", type=_pair, action="append", default=[], help="one metric"
    )
    group.add_argument(
        "--param", metavar="NAME=VALUE", type=_pair, action="append", default=[], help="one parameter"
    )
    group.add_argument("--tag", metavar="NAME=TEXT", type=_pair, action="append", default=[], help="one tag")
    group.add_argument(
        "--junit", metavar="FILE", action="append", default=[], help="results of tests, JUnit's XML"
    )
    group.add_argument("--model", metavar="NAME[:VERSION]", help="the model that it made")
    group.add_argument("--model-alias", metavar="NAME", help="an alias of that version")
    group.add_argument(
        "--dataset", metavar="NAME[:VERSION]", action="append", default=[], help="data that it used"
    )
    group.add_argument("--gpus", type=_amount, metavar="N", help="GPUs it held from its start to its end")
    group.add_argument("--gpu-seconds", type=_amount, metavar="N", help="seconds of GPUs, in place of --gpus")
    group.add_argument("--cpu-seconds", type=_amount, metavar="N", help="seconds of processors")
    group.add_argument("--energy-kwh", type=_amount, metavar="N", help="energy in kilowatt-hours")
    group.add_argument("--co2e-kg", type=_amount, metavar="N", help="emissions in kilograms of CO2e")
    group.add_argument("--cost", type=_money, metavar="AMOUNT:CURRENCY", help="money, like 12.50:EUR")


def _add_origin(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--source", metavar="SCHEME:NAME", help="who tells it, like gha:acme/churn")
    group.add_argument("--repo", metavar="OWNER/NAME", help="the repository of its code")
    group.add_argument("--commit", metavar="HASH", help="the commit that it ran")
    group.add_argument("--branch", metavar="NAME", help="the branch")
    group.add_argument("--dirty", action="store_true", help="the tree had changes that are in no commit")
    group.add_argument("--pr", type=_whole, metavar="N", help="the pull request")
    group.add_argument("--issue", metavar="REF", help="the work item")


def _add_sending(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--url", help=f"address of the service; or {URL_VARIABLE}")
    group.add_argument(
        "--secret-env",
        metavar="NAME",
        default=SECRET_VARIABLE,
        help=f"variable that holds the secret; default {SECRET_VARIABLE}",
    )
    group.add_argument(
        "--token-env",
        metavar="NAME",
        default=TOKEN_VARIABLE,
        help=f"variable that holds a token of Microsoft Entra in place of a secret; default {TOKEN_VARIABLE}",
    )
    group.add_argument(
        "--timeout", type=_amount, default=10, metavar="S", help="seconds for one try; default 10"
    )
    group.add_argument(
        "--patience", type=_amount, default=60, metavar="S", help="seconds for all tries; default 60"
    )
    group.add_argument("--strict", action="store_true", help="exit with 1 where the report is not taken")
    group.add_argument(
        "--write",
        metavar="FILE",
        help="write the report there, for an artifact of the job, in place of sending it; needs no secret",
    )
    group.add_argument("--dry-run", action="store_true", help="print the report and send nothing")


def _state(text: str) -> str:
    """A state of runs, also by what GitHub Actions and Azure Pipelines call it."""
    state = _JOB_STATES.get(text.casefold(), text)
    if state not in STATES:
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is none of {', '.join(STATES)}")
    return state


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is not of the form NAME=VALUE")
    return name, value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):  # noqa: PLR2004  within 32 bits
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is no number from 1")
    return int(text)


def _amount(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e15:  # noqa: PLR2004  NaN and infinity are refused with what is too much
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is no amount")
    return number


def _money(text: str) -> tuple[float, str]:
    amount, _, currency = text.partition(":")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper() and currency.isalpha()):  # noqa: PLR2004  ISO 4217
        raise argparse.ArgumentTypeError(f"{text[:60]!r} is not of the form 12.50:EUR")
    return _amount(amount), currency
