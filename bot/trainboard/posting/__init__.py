"""Where reports are sent to and cannot be changed or looked up afterwards. Each module here is one kind.

A post says once what it is given. It neither remembers nor tries again.
"""

from typing import Protocol

import msgspec

from trainboard.rendering.report.brief import Brief


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent. `key` is the same for the same report, whenever it is sent; `name` may name a file.

    `markdown` is the whole report, `brief` the same in short.
    """

    key: str
    name: str
    brief: Brief
    markdown: str


class Post(Protocol):
    """One target.

    `is_sure`: to send a letter twice is to send it once, so that no doubt is left.
    """

    name: str
    is_sure: bool

    def send(self, letter: Letter) -> None:
        """Send it.

        Raises:
            PermanentError: it is refused for good.
            LimitedError: slow down; nothing was sent.
            TransientError: nothing was sent.
            DoubtError: it may have been sent.
        """
        ...
