"""`report-run` from its arguments to its exit code."""

import os
import re
import sys
import time
import uuid
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from trainboard.report_run import FAILED, WRONG_USAGE, UsageError
from trainboard.report_run.ci import find_job
from trainboard.report_run.report import encode, make_report
from trainboard.report_run.usage import URL_VARIABLE, parse_arguments

PATH = "/webhooks/runs"

_PROGRAM = "trainboard report-run"
_WITHOUT = 'In GitHub Actions the permission "id-token: write" does without one.'
_TOKEN = re.compile(r"[!-~]{1,16384}")
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Report a run; the exit code."""
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments, _PROGRAM)
    try:
        return _report(options, os.environ)
    except UsageError as error:
        _say(str(error))
        return WRONG_USAGE


def _report(options: Namespace, environ: Mapping[str, str]) -> int:
    report, remarks = make_report(options, find_job(environ), environ, datetime.now(UTC))
    body = encode(report, remarks)
    for remark in remarks:
        _say(remark)
    if options.dry_run:
        print(body.decode())
        return 0
    from trainboard.report_run.sending import SendingError

    try:
        said = _write(options.write, body) if options.write else _send(options, environ, body)
    except (SendingError, OSError) as error:
        _say(f"The run was not reported. {error}")
        return FAILED if options.strict else 0
    print(f"Run {report['run']['id']} of {report['experiment']['name']} is {said}.")
    return 0


def _write(name: str, body: bytes) -> str:
    """Make the file and the folders that it is in.

    Raises:
        OSError: it cannot be made.
    """
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)  # noqa: PTH103, PTH120  pathlib would be the slowest import here
    with open(name, "wb") as file:  # noqa: PTH123
        file.write(body)
    return f"written to {name}"


def _send(options: Namespace, environ: Mapping[str, str], body: bytes) -> str:
    from trainboard.report_run.sending import Patience, send

    url = _find_url(options, environ)
    prove = _find_proof(options, environ, url, body)
    patience = Patience(options.timeout, options.patience, time.monotonic, time.sleep)
    return f"reported: {send(url + PATH, body, prove, patience)}"


def _find_proof(
    options: Namespace, environ: Mapping[str, str], url: str, body: bytes
) -> Callable[[], dict[str, str]]:
    """The headers by which the service knows who sends; the id of the message stays the same."""
    from trainboard.report_run import tokens
    from trainboard.report_run.sending import SendingError, read_secret, sign

    message_id = str(uuid.uuid4())
    secret = environ.get(options.secret_env, "")
    if secret:
        key = read_secret(secret)
        return lambda: sign(key, message_id, time.time(), body)
    token = _read_token(environ.get(options.token_env, ""), options.token_env)
    if token or tokens.can_ask(environ):
        _check_private(url)
        borne = token or tokens.ask_token(environ, url, options.timeout)
        return lambda: {"webhook-id": message_id, "Authorization": f"Bearer {borne}"}
    if options.secret_env in environ:
        raise SendingError(
            f"The variable {options.secret_env} is empty, as secrets are in pull requests from forks. "
            f"{_WITHOUT}",
            passing=False,
        )
    raise UsageError(
        f"There is no secret in the variable {options.secret_env}, and no token in {options.token_env}. "
        f"{_WITHOUT}"
    )


def _read_token(text: str, name: str) -> str:
    """The token as a header can hold it; what is none is never shown."""
    token = text.strip()
    if token and not _TOKEN.fullmatch(token):
        raise UsageError(f"The variable {name} holds no token.")
    return token


def _find_url(options: Namespace, environ: Mapping[str, str]) -> str:
    url = (options.url or environ.get(URL_VARIABLE, "")).rstrip("/").removesuffix(PATH)
    if not url:
        raise UsageError(f"Where is the service? Say it with --url or the variable {URL_VARIABLE}.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or not url.isprintable():
        raise UsageError(
            "The address of the service must begin with https:// or http:// and hold no password."
        )
    if " " in url or parts.query or parts.fragment:
        raise UsageError("The address of the service must hold no blanks, and no part after ? or #.")
    return url


def _check_private(url: str) -> None:
    """A token is for whoever has it: nobody on the way may read it."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _HERE:
        raise UsageError("A token goes over https only: give the service a certificate, or the job a secret.")


def _say(sentence: str) -> None:
    print(f"{_PROGRAM}: {sentence}", file=sys.stderr)
