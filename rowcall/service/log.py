"""How does a service say what it does: one line each, for people at a terminal or for programs?"""

import logging
from enum import StrEnum
from typing import TextIO

import structlog


class LogKind(StrEnum):
    """The forms of the log."""

    JSON = "json"
    TEXT = "text"


def set_up_log(kind: LogKind, stream: TextIO) -> None:
    """Send everything that the service says to a stream, one line at a time.

    Tracebacks come without the values of variables: those may be addresses, or a password.
    """
    renderers: list[structlog.typing.Processor]
    if kind is LogKind.JSON:
        renderers = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        plain = structlog.dev.plain_traceback
        renderers = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=kind is LogKind.JSON),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    # The clock's own remarks ("missed by 0:00:01") are about looks that are made all the same.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
