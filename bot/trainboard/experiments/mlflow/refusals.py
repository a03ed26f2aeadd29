"""What an answer other than 200 means, and what its reader can do about it."""

from collections.abc import Mapping

import msgspec

from trainboard.errors import LimitedError, PermanentError, TrainboardError, TransientError
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
        said = find_message(answer.body)
        return TransientError(f"{what} {advice[answer.status]}" + (f' (it says "{said}")' if said else ""))
    wait = parse_seconds(answer.headers.get("Retry-After", ""))
    if answer.status == 429:  # noqa: PLR2004  # too many requests
        return LimitedError(f"{what} it asks us to slow down", retry_after_seconds=wait)
    if 400 <= answer.status < 500:  # noqa: PLR2004  # the client's fault
        return PermanentError(f"{what} {find_message(answer.body) or 'it gives no reason'}")
    return TransientError(f"{what} look into the server's log", retry_after_seconds=wait)


def find_message(body: bytes) -> str:
    """The server's own words, on one line and cut; empty if there are none.

    MLflow says `message`. Azure says it within `error`, and writes either with a small or a capital letter.
    """
    try:
        told: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    words = _find(_find(told, "error"), "message") or _find(told, "message")
    text = words[:MAX_QUOTED] if isinstance(words, str) else ""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _find(told: object, name: str) -> object:
    members = told if isinstance(told, dict) else {}
    return next((value for key, value in members.items() if key.lower() == name), None)
