"""Structured logs: one JSON line an event, to standard output or to a file that rotates.

Owns what must never be written: phone numbers in any spelling, e-mail addresses, tokens, secrets.
Callers log named events with fields; this is the net below them, for what a provider's own words
might hold.
"""

import json
import logging
import logging.handlers
import re
import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

# What people and providers put between digits, French typography's blanks included.
_GAP = r"[ .()/\u00a0\u2009\u202f-]{0,3}"
_PHONES = re.compile(
    rf"(?:\+|%2[Bb]|(?<!\w)00){_GAP}\d(?:{_GAP}\d){{6,14}}"
    rf"|(?<!\w)33(?:{_GAP}\d){{9,10}}(?!\w)"
    rf"|(?<!\w)0[1-9](?:{_GAP}\d){{7,9}}(?!\w)"
)
# Identifiers and tokens look alike (see `ids`), and so do a few names of classes, which may stay.
_TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?!(?:[A-Z]?[a-z]{3,})+(?![A-Za-z0-9]))[A-Za-z0-9]{21}(?![A-Za-z0-9])"
)
# As wide as `domain.guest` takes an address in, so that none of them gets through; it may take some
# of what stands beside it along.
_EMAILS = re.compile(r"[^@\s]{1,64}(?:@|%40)(?:[^@\s.]{1,63}\.)+[^@\s.]{2,63}")
_LEVELS = logging.getLevelNamesMapping()
# Most texts are too short to be searched.
_SHORTEST_PHONE, _TOKEN_LENGTH = 8, 21
# A backup's name is ours, and its digits would pass for a number.
_UNTOUCHED = frozenset({"correlation_id", "timestamp", "level", "delivery", "database_file"})
# These log addresses with tokens or numbers in them, rows or whole headers at their lower levels.
_TALKATIVE = (
    "PIL",
    "aiosqlite",
    "anyio",
    "apscheduler",
    "asyncio",
    "charset_normalizer",
    "concurrent",
    "httpcore",
    "httpx",
    "keystoneauth",
    "keystoneclient",
    "litestar",
    "multipart",
    "ovh",
    "psycopg",
    "python_multipart",
    "qrcode",
    "requests",
    "requests_oauthlib",
    "stevedore",
    "swiftclient",
    "tzlocal",
    "urllib3",
    "uvicorn",
)


def configure(
    *, level: str, file: Path | None = None, max_bytes: int = 0, backups: int = 0
) -> None:
    """Send every log line of the process, libraries included, to one place as JSON.

    Raises OSError where the file can't be written.
    """
    # A pipe that nobody reads any more is no reason to fill standard error instead.
    logging.raiseExceptions = False
    # None of it is written, and finding it out costs more than a line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler: logging.Handler = logging.StreamHandler(sys.stdout)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=max_bytes, backupCount=backups, encoding="utf-8"
        )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    handler.setFormatter(
        _Formatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_encoded),
            ],
        )
    )
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, logging.handlers.RotatingFileHandler):
            old.close()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        # Configured anew, none of them may say more than somebody has let it.
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    structlog.configure(
        processors=[
            _heard,
            *shared,
            structlog.processors.JSONRenderer(serializer=_encoded),
        ],
        logger_factory=_Source,
        cache_logger_on_first_use=True,
    )


class _Line(logging.LogRecord):
    """An event of ours on its way to the handlers: its text is the whole line."""


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats what libraries log; what is ours is rendered already, at a third of the cost."""

    def format(self, record: logging.LogRecord) -> str:
        return str(record.msg) if isinstance(record, _Line) else super().format(record)


def _said(level: int) -> "Callable[[_Source, str], None]":
    def say(self: "_Source", line: str) -> None:
        self._logger.handle(_Line(self.name, level, "", 0, line, None, None))

    return say


class _Source:
    """One module's way into the log."""

    debug, info, warning = _said(logging.DEBUG), _said(logging.INFO), _said(logging.WARNING)
    error, critical = _said(logging.ERROR), _said(logging.CRITICAL)

    def __init__(self, name: str) -> None:
        self.name = name
        self._logger = logging.getLogger(name)

    def hears(self, level: int) -> bool:
        """Say whether anybody wants to know."""
        return self._logger.isEnabledFor(level)


def _heard(source: _Source, method: str, event: structlog.typing.EventDict) -> Any:
    if not source.hears(_LEVELS[method.upper()]):
        raise structlog.DropEvent
    return event


def _encoded(event: dict[str, Any], **_options: Any) -> str:
    try:
        return msgspec.json.encode(event, enc_hook=repr).decode()
    except (TypeError, ValueError, OverflowError):
        # Keys that JSON has no form for, or numbers of more than 64 bits.
        return json.dumps({str(name): repr(value) for name, value in event.items()})


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask numbers, addresses and tokens in every text of an event, nested ones included."""
    for key, value in event.items():
        if key not in _UNTOUCHED:
            event[key] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, dict):
        return {_clean(name): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return value


def scrubbed(text: str) -> str:
    """Return the text without e-mail addresses, phone numbers and tokens."""
    if "@" in text or "%40" in text:
        text = _EMAILS.sub("[email]", text)
    if len(text) >= _SHORTEST_PHONE:
        text = _PHONES.sub("[phone]", text)
    return _TOKENS.sub("[token]", text) if len(text) >= _TOKEN_LENGTH else text
