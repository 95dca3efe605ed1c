"""How does the shop send mail, and where does its web part listen?"""

import re
from datetime import time
from email.utils import parseaddr
from ipaddress import ip_address

from rowcall.config.secret import Resolver
from rowcall.config.shapes import EmailShape, WebShape
from rowcall.config.staff import check_address
from rowcall.config.values import Email, Web
from rowcall.errors import Severity
from rowcall.language.document import Block, Text, fold_key
from rowcall.language.notes import Notes
from rowcall.language.plain import parse_time
from rowcall.people import is_address

_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_LAST_PORT = 65535
_BETWEEN = re.compile(r"\s*(?:-|–|—|to|bis|至|到)\s*")
_LISTEN = re.compile(r"(?P<host>[^\s:]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")


def read_email(shape: EmailShape | None, notes: Notes) -> Email | None:
    """Return the mail account, or None when there is none or it can't be used."""
    if shape is None:
        return None
    name, sender = parseaddr(shape.from_.value) if shape.from_ else ("", "")
    if shape.from_ and not is_address(sender):
        notes.mistake(
            shape.from_.place, f"`{shape.from_.value}` holds no mail address.",
            fix="Write for example `Harbour Tea <orders@example.com>`.",
        )  # fmt: skip
    _check_security(shape, notes)
    if shape.send_everything_to is not None:
        check_address(shape.send_everything_to, notes)
    if shape.daily_limit is not None and shape.daily_limit < 1:
        notes.mistake(
            shape.place, f"`daily limit: {shape.daily_limit}` would let no mail out.", fix="Write 1 or more."
        )
    if shape.user and not shape.password:
        notes.mistake(
            shape.place, "`user:` has no `password:` beside it.", fix="Add `password: ${SMTP_PASSWORD}`."
        )
    return Email(
        sender_name=name,
        sender=sender,
        host=shape.host.value.strip() if shape.host else "",
        port=shape.port or _PORTS[shape.security],
        security=shape.security,
        user=shape.user,
        password=shape.password,
        daily_limit=shape.daily_limit,
        quiet_hours=_read_hours(shape.quiet_hours, notes),
        send_everything_to=shape.send_everything_to.value.strip() if shape.send_everything_to else "",
    )


def _check_security(shape: EmailShape, notes: Notes) -> None:
    if shape.security == "none" and shape.host and not is_loopback(shape.host.value):
        notes.mistake(
            shape.host.place,
            f"`security: none` would send mails and the password to `{shape.host.value}` for everybody to read; "
            "it is only for a mail server on this machine (127.0.0.1).",
            fix="Write `security: starttls` (port 587) or `security: ssl` (port 465).",
        )
    if shape.port is not None and not 0 < shape.port <= _LAST_PORT:
        notes.mistake(shape.place, f"`{shape.port}` is no port.", fix="Usual are 587 and 465.")


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    name = host.strip().strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _read_hours(text: Text | None, notes: Notes) -> tuple[time, time] | None:
    if text is None:
        return None
    parts = [parse_time(part) for part in _BETWEEN.split(text.value.strip())]
    if len(parts) == 2 and parts[0] is not None and parts[1] is not None and parts[0] != parts[1]:  # noqa: PLR2004
        return parts[0], parts[1]
    notes.mistake(
        text.place, f"`{text.value}` are no quiet hours: from and to, two different times of day.",
        fix='Write for example `"21:00-07:30"`.',
    )  # fmt: skip
    return None


def warn_of_open_password(block: Block, resolver: Resolver, notes: Notes) -> None:
    """Warn of a password that stands in the file as it is; it is hidden in messages all the same."""
    for pair in block:
        if fold_key(pair.key.value) != "password" or not isinstance(pair.value, Text):
            continue
        if pair.value.value and pair.value.place not in resolver.resolved:
            notes.hide(pair.value.value)
            notes.mistake(
                pair.value.place,
                "The password stands in the file, where everybody who sees the file can read it.",
                suggestion=notes.corrected(pair.value.place, pair.value.value, "${SMTP_PASSWORD}"),
                fix="Write `${SMTP_PASSWORD}` here, and `SMTP_PASSWORD=…` into a file `.env` beside the config.",
                severity=Severity.WARNING,
            )


def read_web(shape: WebShape | None, notes: Notes) -> Web:
    """Return where the web part listens."""
    if shape is None:
        return Web()
    host, port = "127.0.0.1", 8321
    if shape.listen is not None:
        match = _LISTEN.fullmatch(shape.listen.value.strip())
        if match is None or not 0 < int(match["port"]) <= _LAST_PORT:
            what = f"`{shape.listen.value}` is not a host and a port."
            notes.mistake(shape.listen.place, what, fix='Write for example `"127.0.0.1:8321"`.')
        else:
            host, port = match["host"].strip("[]"), int(match["port"])
    url = shape.public_url.value.strip().rstrip("/") if shape.public_url else ""
    if shape.public_url is not None and not _URL.fullmatch(url):
        what = f"`{shape.public_url.value}` is not an address for browsers."
        notes.mistake(shape.public_url.place, what, fix="Write for example `https://tea.example.com`.")
    return Web(host, port, url)
