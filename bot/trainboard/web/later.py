"""An application that is made when somebody asks for it."""

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Later:
    """Deliveries need no pages: what these need is loaded with the first request for one."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._made: WSGIApplication | None = None
        self._making = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        with self._making:
            self._made = self._made or self._make()
        return self._made(environ, start_response)
