"""Coming to grief on purpose: what is answered instead, and whether the work was done before."""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from fakes.azure_devops.refusals import VSS, Refused, failed_test

SIGN_IN = "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head></html>"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Fault:
    """What happens to a request.

    Args:
        status: of the answer that takes the place of the real one; None leaves the real one.
        body: its text.
        kind: its media type.
        headers: put upon whatever is answered.
        seconds: how long the answer is held back, in real time.
        breaks: the connection ends without an answer, or after `seconds` of silence.
    """

    status: int | None = None
    body: str = ""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    breaks: bool = False


@dataclass
class Waiting:
    """A fault, the requests that it is meant for and how many of them are left."""

    fault: Fault
    method: str | None
    path: re.Pattern
    times: int
    after_work: bool

    def fits(self, asked):
        wanted = self.method in {None, asked.method} and self.path.search(asked.path)
        return self.times > 0 and bool(wanted)


class Faults:
    """The faults that wait for their requests."""

    def __init__(self):
        self._waiting = []

    def add(self, fault, *, method=None, path="", times=1, after_work=False):
        """Let requests come to grief.

        Args:
            fault: what happens.
            method: only of this method.
            path: only where this pattern is found in the unquoted path below the organisation.
            times: as often as this.
            after_work: only after the request has been done, which its sender cannot know.
        """
        self._waiting.append(Waiting(fault, method, re.compile(path), times, after_work))

    def take(self, asked):
        """The fault of this request and whether its work is done before, None if all goes well."""
        for waiting in self._waiting:
            if waiting.fits(asked):
                waiting.times -= 1
                return waiting.fault, waiting.after_work or waiting.fault.status is None
        return None

    def clear(self):
        """Let all go well again."""
        self._waiting.clear()


def refusal(refused, headers=()):
    return Fault(int(refused.status), json.dumps(refused.body), headers=dict(headers))


def sign_in_page():
    """What an expired or revoked token gets: 203 and HTML instead of an answer."""
    return Fault(HTTPStatus.NON_AUTHORITATIVE_INFORMATION, SIGN_IN, "text/html; charset=utf-8")


def unauthorized():
    """A token that is known no more."""
    text = "Access Denied: The Personal Access Token used has expired."
    return Fault(HTTPStatus.UNAUTHORIZED, text, "text/plain; charset=utf-8")


def null():
    """404 with a body of `null`."""
    return Fault(HTTPStatus.NOT_FOUND, "null")


def conflict():
    """Somebody else saved first."""
    return refusal(failed_test("/rev", 2, 1))


def throttled(retry_after=None, reset=None):
    """429, with or without the seconds after which to try again; `reset` is a Unix time."""
    text = (
        "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource "
        "'Concurrency' in namespace 'User'. For more information on why your request was blocked, see the "
        'topic "Rate limits" on the Microsoft Web site.'
    )
    headers = {"Retry-After": retry_after, "X-RateLimit-Reset": reset, "X-RateLimit-Resource": "Concurrency"}
    told = {name: str(value) for name, value in headers.items() if value is not None}
    refused = Refused(HTTPStatus.TOO_MANY_REQUESTS, "RequestBlockedException", text, assembly=VSS)
    return refusal(refused, told)


def delayed(now, seconds, *, remaining=0):
    """Done, but Azure DevOps asks to slow down: `Retry-After` and the headers of limits with a 200."""
    reset = int((now + timedelta(seconds=seconds)).timestamp())
    headers = {
        "Retry-After": str(seconds),
        "X-RateLimit-Resource": "Core",
        "X-RateLimit-Delay": f"{seconds / 10:.1f}",
        "X-RateLimit-Limit": "200",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset),
    }
    return Fault(headers=headers)


def unavailable():
    """503, while the service is being serviced."""
    text = "TF400898: An Internal Error Occurred. The service is unavailable."
    refused = Refused(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailableException", text, assembly=VSS)
    return refusal(refused)


def server_error():
    """500, as any service gives at times."""
    text = "TF400898: An Internal Error Occurred."
    refused = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "TeamFoundationServerException", text, assembly=VSS)
    return refusal(refused)


def slow(seconds):
    """A right answer that takes its time."""
    return Fault(seconds=seconds)


def hang(seconds=30):
    """No answer, and the connection stays open until whoever asked gives up."""
    return Fault(HTTPStatus.OK, seconds=seconds, breaks=True)


def close():
    """No answer, and the connection is gone."""
    return Fault(HTTPStatus.OK, breaks=True)
