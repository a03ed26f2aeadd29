"""Where log lines go and how they look."""

import logging
import sys
from collections.abc import MutableMapping
from textwrap import indent
from typing import Any, Literal

import structlog

from trainboard.rendering.terminal import hide_secrets, make_printable


def configure(log_format: Literal["console", "json"], level: str) -> None:
    """Send our lines and those of the libraries to standard error, one line each."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[structlog.typing.Processor] = (
        [without_secrets, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [
            without_secrets,
            without_steering,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *render,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for library in ("alembic", "apscheduler", "procrastinate", "urllib3", "_granian"):
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLogger().level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def without_secrets(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line without what looks like a credential: an error may quote what was sent."""
    return {name: hide_secrets(value) if isinstance(value, str) else value for name, value in line.items()}


def without_steering(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line without what steers a terminal. What is quoted cannot look like a line of its own."""
    safe = {name: make_printable(value) if isinstance(value, str) else value for name, value in line.items()}
    safe["event"] = str(safe.get("event", "")).replace("\n", "\\n")
    return safe | {"exception": indent(safe["exception"], "  ")} if "exception" in safe else safe
