"""What went wrong at Azure DevOps, as one of our errors with a sentence that says what to do."""

from http import HTTPStatus

import requests
from msrest.exceptions import ClientException
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from trainboard.azure_devops.calls import Answer, Call
from trainboard.errors import DoubtError, MissingError, PermanentError, TrainboardError, TransientError

UNSENT = (ConnectTimeoutError, NewConnectionError, ProxyError)


class ConflictError(TransientError):
    """Somebody else was faster: nothing was done. Read again, and decide again."""


def explain_silence(call: Call, error: Exception) -> TrainboardError:
    """The error for a call that got no answer.

    The vendor's text is left out, because it may quote what was sent.
    """
    inner = error.inner_exception if isinstance(error, ClientException) else error
    cause = inner.args[0] if inner is not None and inner.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    name = type(reason or inner or error).__name__
    unsent = isinstance(inner, requests.ConnectTimeout | requests.exceptions.ProxyError)
    if unsent or isinstance(reason, UNSENT):
        return TransientError(
            f"Could not {call.doing}: Azure DevOps is out of reach ({name}). Check the network."
        )
    return _not_known(call, f"no answer came back ({name})")


def explain_refusal(call: Call, answer: Answer, advice: str) -> TrainboardError | None:
    """The error for an answer that is not the wanted one, None if it is the wanted one."""
    if answer.status == HTTPStatus.NON_AUTHORITATIVE_INFORMATION or answer.status == HTTPStatus.UNAUTHORIZED:
        return TransientError(f"Could not {call.doing}: Azure DevOps answered {answer.status}. {advice}")
    if answer.status < HTTPStatus.MULTIPLE_CHOICES and not answer.is_page:
        return None
    if answer.status < HTTPStatus.BAD_REQUEST:
        return TransientError(f"Could not {call.doing}: Azure DevOps wants us to sign in. {advice}")
    if answer.status == HTTPStatus.NOT_FOUND:
        return explain_missing(call, answer)
    if answer.status in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}:
        return ConflictError(f"Could not {call.doing}: Azure DevOps answered {answer.status}. Read it again.")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return _not_known(call, f"Azure DevOps answered {answer.status}")
    return PermanentError(
        f"Could not {call.doing}: Azure DevOps answered {answer.status} ({answer.text[:300]})."
    )


def explain_missing(call: Call, answer: Answer) -> TrainboardError:
    """The error for what is not there, or is not shown to us: Azure DevOps does not tell which."""
    sentence = f"Could not {call.doing}: Azure DevOps answered {answer.status} ({answer.text[:300]})."
    if call.thing:
        return MissingError(f"{sentence} {call.thing} is not there, or we may not see it.")
    return PermanentError(sentence)


def explain_gibberish(call: Call, *, sent: bool) -> TrainboardError:
    """The error for an answer of success that does not hold what is promised."""
    if not sent:
        return TransientError(f"Could not {call.doing}: it could not be made into a request.")
    return _not_known(call, "what came back is not the JSON that Azure DevOps promises (a proxy in between?)")


def _not_known(call: Call, what: str) -> TrainboardError:
    if call.writes:
        return DoubtError(
            f"Could not {call.doing} for sure: {what}. It may have been done: look before trying again."
        )
    return TransientError(f"Could not {call.doing}: {what}. Nothing was changed; try again.")
