"""What an answer other than 200 means, and what its reader can do about it."""

from collections.abc import Mapping

import msgspec

from trainboard.errors import LimitedError, PermanentError, TrainboardError, TransientError
from trainboard.experiments.mlflow.answers import Refusal
from trainboard.outbound import NO_ACCESS, REDIRECT, Answer, parse_seconds

HOST_REFUSAL = b"Invalid Host header"

NO_API = "this is no MLflow API, check the address and its path"
ADVICE = {401: NO_ACCESS, 403: NO_ACCESS, 404: NO_API, 405: NO_API} | dict.fromkeys(range(300, 400), REDIRECT)
FOREIGN_HOST = (
    "it refuses the host name in the address, set MLFLOW_SERVER_ALLOWED_HOSTS (or --allowed-hosts) on the"
    " MLflow server so that it holds that name"
)
MAX_QUOTED = 200


def get_error(where: str, answer: Answer, advice: Mapping[int, str]) -> TrainboardError:
    """The error to raise, with `advice` by status. Permanent is only what our own question is to blame for.

    Source: MLflow documentation, "Network security", for the refused host name.
    """
    what = f"{where} answered {answer.status}:"
    if HOST_REFUSAL in answer.body:
        return TransientError(f"{what} {FOREIGN_HOST}")
    if answer.status in advice:
        return TransientError(f"{what} {advice[answer.status]}")
    wait = parse_seconds(answer.headers.get("Retry-After", ""))
    if answer.status == 429:  # noqa: PLR2004  # too many requests
        return LimitedError(f"{what} it asks us to slow down", retry_after_seconds=wait)
    if 400 <= answer.status < 500:  # noqa: PLR2004  # the client's fault
        return PermanentError(f"{what} {_parse_message(answer.body)}")
    return TransientError(f"{what} look into the server's log", retry_after_seconds=wait)


def _parse_message(body: bytes) -> str:
    """The server's own words, on one line and cut."""
    try:
        message = msgspec.json.decode(body, type=Refusal).message
    except (msgspec.MsgspecError, ValueError, RecursionError):
        message = ""
    line = "".join(letter if letter.isprintable() else " " for letter in message[:MAX_QUOTED])
    return line or "it gives no reason"
