"""A failed call, as one of our errors with a sentence that says what to do."""

from http import HTTPStatus
from re import IGNORECASE, search
from ssl import SSLCertVerificationError
from urllib.parse import urlsplit

import requests
from msrest.exceptions import ClientException
from requests import exceptions
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from trainboard.azure_devops.calls import Answer, Call
from trainboard.azure_devops.faults import ConflictError, NotSignedInError, find_remedy
from trainboard.azure_devops.refusals import Refusal, parse_refusal
from trainboard.errors import (
    MissingError,
    PermanentError,
    TrainboardError,
    TransientError,
    explain_unknown_end,
)

NOT_SENT = (
    exceptions.ConnectTimeout,
    exceptions.InvalidHeader,
    exceptions.InvalidSchema,
    exceptions.InvalidURL,
    exceptions.MissingSchema,
    exceptions.ProxyError,
)
NOT_CONNECTED = (ConnectTimeoutError, NewConnectionError, ProxyError)
SIGN_IN = r"_signin|login\.|spsprod"
ASLEEP = "TF24668"
CHECK_ADDRESS = "Check azure_devops.organization_url, and the proxy if there is one."
ADVICE = {
    403: "Give the token the scope, or the identity the right, that this needs.",
    413: "Send less.",
}


def explain_silence(call: Call, error: ClientException | requests.RequestException) -> TrainboardError:
    """The error for a call that got no answer.

    The vendor's text is left out, because it may quote what was sent.
    """
    inner = error.inner_exception if isinstance(error, ClientException) else error
    cause = inner.args[0] if inner is not None and inner.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    name = type(reason or inner or error).__name__
    if reason is not None and any(isinstance(each, SSLCertVerificationError) for each in reason.args):
        return TransientError(
            f"Could not {call.doing}: the certificate of Azure DevOps is not trusted here. "
            "Let REQUESTS_CA_BUNDLE name a file with the certificate of who issued it."
        )
    if isinstance(inner, NOT_SENT) or isinstance(reason, NOT_CONNECTED):
        return TransientError(
            f"Could not {call.doing}: Azure DevOps is out of reach ({name}). Check the network, and "
            "azure_devops.organization_url."
        )
    return _explain_doubt(call, f"no answer came back ({name})")


def explain_answer(call: Call, answer: Answer, advice: str) -> TrainboardError | None:
    """The error for an answer that is not the wanted one, None if it is the wanted one.

    Args:
        call: what was asked.
        answer: what came back; no rate limit.
        advice: what to do if Azure DevOps does not know us.
    """
    if _wants_sign_in(answer):
        sentence = _tell(call, answer, parse_refusal(answer))
        return NotSignedInError(f"{sentence} We are not signed in. {advice}")
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return _explain_missing(call, answer, Refusal()) if call.thing and answer.is_null else None
    if answer.status < HTTPStatus.BAD_REQUEST:
        return _explain_move(call, answer)
    refusal = parse_refusal(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _explain_trouble(call, answer, refusal)
    return _explain_no(call, answer, refusal)


def explain_gibberish(call: Call) -> TrainboardError:
    """The error for an answer of success that does not hold what is promised."""
    return _explain_doubt(
        call, "what came back is not the JSON that Azure DevOps promises (a proxy in between?)"
    )


def explain_impossible(call: Call, reason: str) -> TrainboardError:
    """The error for a call of which no request could be made."""
    return PermanentError(f"Could not {call.doing}: {reason}. Nothing was sent.")


def _wants_sign_in(answer: Answer) -> bool:
    """True for each of the ways in which a token is refused that is wrong, expired or revoked."""
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
        return True
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer.is_page
    return bool(search(SIGN_IN, answer.headers.get("location", ""), IGNORECASE))


def _explain_move(call: Call, answer: Answer) -> TrainboardError:
    location = urlsplit(answer.headers.get("location", ""))
    return TransientError(
        f"Could not {call.doing}: Azure DevOps answered {answer.status}, it stands at "
        f"{location.scheme}://{location.netloc}{location.path} now. Put the organisation's new address into "
        "azure_devops.organization_url."
    )


def _explain_trouble(call: Call, answer: Answer, refusal: Refusal) -> TrainboardError:
    if ASLEEP in refusal.message:
        return TransientError(
            f"{_tell(call, answer, refusal)} Wake the organisation up: somebody must sign in to it."
        )
    what = f"Azure DevOps answered {answer.status}{_quote(refusal)}"
    return _explain_doubt(call, what, retry_after_seconds=answer.find_number("retry-after"))


def _explain_no(call: Call, answer: Answer, refusal: Refusal) -> TrainboardError:
    sentence = _tell(call, answer, refusal)
    remedy = find_remedy(refusal)
    if remedy is not None:
        return remedy.error(f"{sentence} {remedy.advice}")
    if answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return _explain_trouble(call, answer, refusal)
    is_gone = answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
    if answer.is_page or (is_gone and _is_of_others(answer, refusal)):
        return TransientError(f"{sentence} {CHECK_ADDRESS}")
    if is_gone:
        return _explain_missing(call, answer, refusal)
    if answer.status in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}:
        return ConflictError(f"{sentence} Somebody else changes it as well: read it again.")
    return PermanentError(f"{sentence} {ADVICE.get(answer.status, 'Correct what it names.')}")


def _is_of_others(answer: Answer, refusal: Refusal) -> bool:
    """True if a proxy, or a part of Azure DevOps that knows no such address, says that nothing is there."""
    return not refusal.type_key and bool(answer.text) and not answer.is_null


def _explain_missing(call: Call, answer: Answer, refusal: Refusal) -> TrainboardError:
    """Azure DevOps does not tell what is not there from what we may not see."""
    sentence = _tell(call, answer, refusal)
    if call.thing:
        return MissingError(f"{sentence} Either {call.thing} is not there, or we may not see it.")
    return PermanentError(f"{sentence} Something that it names is not there, or we may not see it.")


def _tell(call: Call, answer: Answer, refusal: Refusal) -> str:
    return f"Could not {call.doing}: Azure DevOps answered {answer.status}{_quote(refusal)}."


def _quote(refusal: Refusal) -> str:
    reasons = refusal.render_reasons()
    return f" ({reasons})" if reasons else ""


def _explain_doubt(call: Call, what: str, *, retry_after_seconds: float | None = None) -> TrainboardError:
    return explain_unknown_end(call.doing, what, writes=call.writes, retry_after_seconds=retry_after_seconds)
