"""What did the mail server mean, in words for the shop, and is it worth trying again?"""

import base64
import re
import socket
import ssl
from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPNotSupportedError,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from rowcall.errors import DeliveryError

_LATER = re.compile(
    r"frequency|frequently|rate.?limit|too many|limit exceeded|sending (limit|quota)|daily .*(limit|quota)"
    r"|try again later|频率",
    re.IGNORECASE,
)
_PERMANENT = 500
_LOGIN_WANTED = frozenset({530, 534, 535, 538})
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Refused:
    """A server's refusal: `part` is what it refused (sender, recipient, message), `address` whose."""

    server: str
    part: str
    address: str
    code: int
    said: str


def worded(refused: Refused, *, secret: str = "") -> DeliveryError:
    """Return the error for a refusal: 5xx is permanent, unless it means later or wants a login."""
    answer = clean(f"{refused.code} {refused.said}", secret)
    if refused.code in _LOGIN_WANTED:
        return _no_login(refused.server, answer)
    if refused.code < _PERMANENT or _LATER.search(refused.said):
        return DeliveryError(
            f"the mail server {refused.server} does not take the mail to {refused.address} now: {answer}",
            fix="nothing to do: it is tried again later",
        )
    whom, fix = {
        "sender": (
            f"the sender {refused.address}",
            "check `from` under email in config.yaml",
        ),
        "recipient": (f"the address {refused.address}", "check the address in the sheet"),
    }.get(
        refused.part,
        (f"the mail to {refused.address}", "the server's answer says why; shorten or change the mail"),
    )
    return DeliveryError(
        f"the mail server {refused.server} refuses {whom}: {answer}", permanent=True, fix=fix
    )


def unreachable(error: Exception, server: str, timeout_s: float, *, secret: str = "") -> DeliveryError:
    """Return the error for a line that could not be opened or broke before the mail was handed over.

    None of these is permanent: a server comes back, and a wrong setting is mended.
    """
    if isinstance(error, SMTPAuthenticationError):
        return _no_login(server, clean(f"{error.smtp_code} {_text(error.smtp_error)}", secret))
    what, fix = _reason(error, timeout_s, secret)
    return DeliveryError(f"the mail server {server} {what}", fix=fix)


def clean(answer: str, secret: str) -> str:
    """Return a server's answer as one short line without the password, plain or encoded."""
    line = " ".join(answer.split())
    for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")) if secret else ():
        line = line.replace(form, "***")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _no_login(server: str, answer: str) -> DeliveryError:
    return DeliveryError(
        f"the mail server {server} does not accept user and password: {answer}",
        fix="check user and password under email in config.yaml; many providers want an app password "
        "or authorization code instead of the one of the mailbox",
    )


def _reason(error: Exception, timeout_s: float, secret: str) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"can't prove who it is: {error.verify_message}",
            "nothing was sent; check host and port in config.yaml and that no program in between reads along",
        )
    if isinstance(error, ssl.SSLError):
        return (
            "does not speak TLS the way it was asked to",
            "write security: ssl for port 465 or security: starttls for port 587 in config.yaml",
        )
    if isinstance(error, SMTPNotSupportedError):
        return _not_offered(str(error))
    if isinstance(error, SMTPResponseException):
        return (
            f"does not want to talk now: {clean(f'{error.smtp_code} {_text(error.smtp_error)}', secret)}",
            "",
        )
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"did not answer within {timeout_s:g} seconds", "check host, port and the network"
    if isinstance(error, ConnectionRefusedError):
        return "is not there: the connection was refused", "check host and port in config.yaml"
    if isinstance(error, socket.gaierror):
        return (
            "was not found: no machine has this name",
            "check host under email in config.yaml, and the network",
        )
    if isinstance(error, SMTPServerDisconnected | ConnectionError):
        return "hung up before it had the mail", "nothing to do: it is tried again"
    if isinstance(error, UnicodeError):
        return "can't be asked: host, user or password hold letters that mail servers don't understand", ""
    return f"can't be reached: {clean(str(error), secret)}", "check host, port and the network"


def _not_offered(said: str) -> tuple[str, str]:
    if "STARTTLS" in said:
        return (
            "offers no STARTTLS",
            "write security: ssl and port 465 in config.yaml, if the provider says so",
        )
    return "offers no login", "leave user and password out of config.yaml, or check host, port and security"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
