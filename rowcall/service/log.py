"""How does a service say what it does: one line each, for people at a terminal or for programs?"""

import logging
from contextlib import suppress
from enum import StrEnum
from io import TextIOBase
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor


class LogKind(StrEnum):
    """The forms of the log."""

    JSON = "json"
    TEXT = "text"


def set_up_log(kind: LogKind, stream: TextIO) -> None:
    """Send everything that the service says to a stream, one line at a time.

    Tracebacks come without the values of variables: those may be addresses, or a password.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=kind is LogKind.JSON),
            *_renderers(kind, colours=stream.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Sink(stream))),
        cache_logger_on_first_use=False,
    )
    # The clock's own remarks ("missed by 0:00:01") are about looks that are made all the same.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _Sink(TextIOBase):
    """A stream that may break (its reader went away, the disk is full) without harm to the service."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError, ValueError):  # ValueError: closed, or a letter that its encoding lacks
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand over what was written."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def _renderers(kind: LogKind, *, colours: bool) -> list[Processor]:
    if kind is LogKind.TEXT:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain, sort_keys=False)]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        _head_first,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _head_first(_logger: object, _method: str, words: EventDict) -> EventDict:
    """Put first what every line has, for people who read the log with their eyes."""
    head = {name: words.pop(name) for name in ("timestamp", "level", "message")}
    return {**head, **words}
