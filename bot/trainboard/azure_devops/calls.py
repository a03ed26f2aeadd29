"""One call and one answer, with the words to speak of them."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec
import requests

from trainboard.budgets import headers
from trainboard.errors import OversizedError

CHUNK_BYTES = 65_536

Thing = TypeVar("Thing")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an organisation.

    `doing` completes "Could not …"; `writes`: it may change something, so that silence leaves a doubt;
    `thing` names what must be there for the call to make sense, and whose absence is a MissingError;
    `most_bytes` is how much of an answer of success is taken, None: all.
    """

    doing: str
    writes: bool = False
    thing: str = ""
    most_bytes: int | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def continuation_token(self) -> str | None:
        """What asks for the next page, None on the last.

        Source: "Azure DevOps Services REST API Reference", "Projects - List".
        """
        return self.headers.get("x-ms-continuationtoken") or None

    @property
    def is_page(self) -> bool:
        """True if a page for people came. Who is not signed in may get one with 200 or 203."""
        return "html" in self.headers.get("content-type", "")

    @property
    def is_null(self) -> bool:
        """True if JSON's null came, which stands for what is not there."""
        return self.text.strip() == "null"

    def find_number(self, header: str) -> float | None:
        """A header that holds a number, None if it is absent or holds no finite one."""
        return headers.find_number(self.headers, header)


class Many(msgspec.Struct, Generic[Thing], frozen=True):
    """How every list comes."""

    value: list[Thing] = []


def read_answer(call: Call, response: requests.Response) -> Answer:
    """The answer, read to its end.

    Raises:
        requests.RequestException: the connection broke on the way.
        OversizedError: there is more of it than `call` takes; the rest is left unread.
    """
    content = response.content if call.most_bytes is None else _read_at_most(call, response)
    return Answer(
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        text=content.removeprefix(BOM_UTF8).decode(errors="replace"),
    )


def _read_at_most(call: Call, response: requests.Response) -> bytes:
    content, most = bytearray(), call.most_bytes if response.ok else None
    for chunk in response.iter_content(CHUNK_BYTES):
        content += chunk
        if most is not None and len(content) > most:
            response.close()
            raise OversizedError(f"Could not {call.doing}: it has more than {most:,} bytes.")
    return bytes(content)
