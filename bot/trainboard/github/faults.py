"""What went wrong at GitHub, as one of our errors with a sentence that says what to do."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from trainboard.errors import (
    MissingError,
    PermanentError,
    ReadOnlyError,
    TrainboardError,
    TransientError,
    explain_unknown_end,
)
from trainboard.github.calls import Answer, Call, parse_refusal

UNSENT = (ConnectTimeoutError, NewConnectionError, ProxyError)
NO_COMMIT = "No commit found"
ARCHIVED = "Repository was archived"
UNARCHIVE = "Unarchive it, or name another one in the settings."
ADVICE = {
    401: "Check github.token, or the App's id and private key: it is wrong, expired or revoked.",
    403: "Give the App or the token this permission, and let it see the repository.",
    413: "Send less text.",
    422: "Correct what it names.",
}


class NoCommitError(MissingError):
    """The repository has no such commit: it never had it, or nothing leads there any more."""


class MovedError(PermanentError):
    """The thing has another address now. `location` is the address."""

    def __init__(self, message: str, *, location: str) -> None:
        super().__init__(message)
        self.location = location


def explain_silence(call: Call, error: requests.RequestException) -> TrainboardError:
    """The error for a call that got no answer.

    The vendor's text is left out, because it may quote a header with the token.
    """
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    name = type(reason or error).__name__
    unsent = isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError)
    if unsent or isinstance(reason, UNSENT):
        return TransientError(f"Could not {call.doing}: GitHub is out of reach ({name}). Check the network.")
    return _not_known(call, f"no answer came back ({name})")


def explain_refusal(call: Call, answer: Answer) -> TrainboardError:
    """The error for an answer that is not the wanted one and no rate limit."""
    if answer.status >= requests.codes.server_error or answer.status == requests.codes.request_timeout:
        wait = answer.find_number("retry-after")
        return _not_known(call, f"GitHub answered {answer.status}", retry_after_seconds=wait)
    if answer.status >= requests.codes.bad_request:
        return _explain_no(call, answer)
    if answer.status >= requests.codes.multiple_choices:
        return _explain_move(call, answer)
    return explain_gibberish(call)


def explain_gibberish(call: Call) -> TrainboardError:
    """The error for an answer of success that does not hold what GitHub's documentation promises."""
    return _not_known(call, "what came back is not the JSON that GitHub promises (a proxy in between?)")


def _explain_no(call: Call, answer: Answer) -> TrainboardError:
    refusal = parse_refusal(answer.text)
    if refusal is None:
        return TransientError(
            f"Could not {call.doing}: {answer.status} came back without GitHub's JSON. "
            "Look at the proxy and at github.api_url."
        )
    reasons = refusal.render_reasons()
    if needs := answer.headers.get("x-accepted-github-permissions"):
        reasons += f"; it needs {needs}"
    is_archived = answer.status == requests.codes.forbidden and refusal.message.startswith(ARCHIVED)
    advice = UNARCHIVE if is_archived else ADVICE.get(answer.status, "")
    sentence = f"Could not {call.doing}: GitHub answered {answer.status} ({reasons}). {advice}".rstrip()
    if answer.status == requests.codes.unprocessable and refusal.message.startswith(NO_COMMIT):
        return NoCommitError(sentence)
    if is_archived:
        return ReadOnlyError(sentence)
    if answer.status in {requests.codes.not_found, requests.codes.gone}:
        return MissingError(sentence)
    if answer.status == requests.codes.unauthorized:
        return TransientError(sentence)
    return PermanentError(sentence)


def _explain_move(call: Call, answer: Answer) -> TrainboardError:
    location = answer.headers.get("location", "")
    return MovedError(
        f"Could not {call.doing}: GitHub answered {answer.status}, it stands at {location or '?'} now. "
        "Put the repository's new name into the configuration.",
        location=location,
    )


def _not_known(call: Call, what: str, *, retry_after_seconds: float | None = None) -> TrainboardError:
    return explain_unknown_end(call.doing, what, writes=call.writes, retry_after_seconds=retry_after_seconds)
