"""How does a message get to the mail server, and what exactly happened when it did not?"""

import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from io import BytesIO
from ipaddress import ip_address
from smtplib import SMTP
from time import monotonic
from typing import Literal

from rowcall.errors import DeliveryError, DeliveryUncertain
from rowcall.refusal import Refused, unreachable, worded

Security = Literal["starttls", "ssl", "none"]

_IDLE_S = 60
_READY, _OK, _WILL_FORWARD = 354, 250, 251
_CLOSING = 421


@dataclass(frozen=True, slots=True)
class Account:
    """A mail account of the shop.

    security: starttls, ssl (TLS from the first byte) or none, which only loopback addresses may use.
    user: "" = the server wants no login. ca_file: certificates to trust instead of the machine's.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 30
    ca_file: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpMailer:
    """The Mailer port over one account; keeps its line open between mails, and threads may share it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line: SMTP | None = None
        self._used_at = 0.0
        self._lock = threading.Lock()

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Hand over the message to one recipient; return the server's answer.

        Raises DeliveryError when the server certainly did not take it, DeliveryUncertain when the line broke
        after the last byte was sent: then it may have been taken.
        """
        sender, content = _sender(message), _wire(message)
        with self._lock:
            self._hand_over(sender, recipient)
            return self._transfer(content, recipient)

    def close(self) -> None:
        """Leave the server politely; never raises."""
        with self._lock:
            line, self._line = self._line, None
            if line is None:
                return
            try:
                line.quit()
            except OSError:  # also every SMTPException: leaving is a courtesy
                line.close()

    def login_check(self) -> str:
        """Connect and sign in, without sending anything; return what worked as a sentence."""
        with self._lock:
            self._reopen()
        self.close()
        who = f"signed in as {self._account.user}" if self._account.user else "no login needed"
        return f"the mail server {self._account} answers ({self._account.security}), {who}"

    def _hand_over(self, sender: str, recipient: str) -> None:
        """Agree on sender and recipient, on a fresh line when the one kept open has gone stale meanwhile."""
        kept = self._line is not None and monotonic() - self._used_at < _IDLE_S
        if not kept:
            self._reopen()
        try:
            self._envelope(sender, recipient)
        except DeliveryError:
            if not kept or self._line is not None:
                raise
            self._reopen()
            self._envelope(sender, recipient)

    def _envelope(self, sender: str, recipient: str) -> None:
        """Say MAIL, RCPT and DATA: until here nothing can have been taken."""
        line = self._open_line()
        try:
            self._expect(line.mail(sender), (_OK,), "sender", sender)
            self._expect(line.rcpt(recipient), (_OK, _WILL_FORWARD), "recipient", recipient)
            self._expect(line.docmd("DATA"), (_READY,), "message", recipient)
        except OSError as error:
            raise self._broken(error) from error

    def _transfer(self, content: bytes, recipient: str) -> str:
        """Send the content, then the dot that makes it final: only from there is the outcome uncertain."""
        line = self._open_line()
        try:
            line.send(content)
        except OSError as error:
            raise self._broken(error) from error
        try:
            line.send(b".\r\n")
            answer = line.getreply()
        except OSError as error:
            self._drop()
            raise DeliveryUncertain(
                f"the line to the mail server {self._account} broke just after the mail was handed over; "
                "it may have been taken or not",
                fix="it is tried again with the same Message-ID; most mail programs then show it once",
            ) from error
        self._expect(answer, (_OK,), "message", recipient)
        self._used_at = monotonic()
        return f"{answer[0]} {answer[1].decode('utf-8', 'replace')}"

    def _expect(self, answer: tuple[int, bytes], wanted: Sequence[int], part: str, address: str) -> None:
        code, text = answer
        if code in wanted:
            return
        self._reset(code)
        said = text.decode("utf-8", "replace")
        raise worded(Refused(str(self._account), part, address, code, said), secret=self._account.password)

    def _reset(self, code: int) -> None:
        """Make the line fit for the next mail after a refusal, or give it up."""
        line = self._open_line()
        try:
            if code == _CLOSING or code < 0 or line.rset()[0] != _OK:
                self._drop()
        except OSError:
            self._drop()

    def _broken(self, error: OSError) -> DeliveryError:
        self._drop()
        return unreachable(error, str(self._account), self._account.timeout_s)

    def _open_line(self) -> SMTP:
        if self._line is None:
            raise DeliveryError(f"there is no line to the mail server {self._account}")
        return self._line

    def _reopen(self) -> None:
        self._drop()
        self._line = connect(self._account)
        self._used_at = monotonic()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def connect(account: Account) -> SMTP:
    """Return a signed-in line to the server, made by yagmail; raises DeliveryError in plain words."""
    import yagmail  # noqa: PLC0415 (slow to import, needed only when mail leaves)

    if account.security == "none" and not is_loopback(account.host):
        raise DeliveryError(
            f"mail to {account} would go over the network without encryption",
            fix="write security: starttls (port 587) or security: ssl (port 465) in config.yaml",
        )
    client = yagmail.SMTP(
        # never None: yagmail would look for a keyring and ask at the terminal
        user=account.user,
        password=account.password,
        host=account.host,
        port=account.port,
        smtp_skip_login=not account.user,
        soft_email_validation=False,
        timeout=account.timeout_s,
        **_security(account),
    )
    try:
        client.login()
        client.smtp.ehlo_or_helo_if_needed()  # a line that needs neither TLS nor login has not said hello yet
    except (OSError, UnicodeError) as error:
        if client.smtp is not None:
            client.smtp.close()
        # "from None": the chain's frames hold the password
        raise unreachable(error, str(account), account.timeout_s, secret=account.password) from None
    finally:
        client.is_closed = True  # the line is ours now: yagmail must not quit it when it is collected
    line = client.smtp
    if not isinstance(line, SMTP):
        raise DeliveryError(f"no line to the mail server {account} was opened")
    if line.sock is not None:
        # The final dot goes alone: without this it waits some 40 ms for the answer to what came before (Nagle).
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _security(account: Account) -> dict[str, object]:
    """Return yagmail's settings for a line whose certificate is verified."""
    options: dict[str, object] = {"local_hostname": "localhost"} if is_loopback(account.host) else {}
    if account.security == "none":
        return {"smtp_ssl": False, "smtp_starttls": False, **options}
    context = ssl.create_default_context(cafile=account.ca_file or None)
    if account.security == "starttls":
        return {"smtp_ssl": False, "smtp_starttls": {"context": context}, **options}
    return {"smtp_ssl": True, "context": context, **options}


def _sender(message: EmailMessage) -> str:
    return str(message["From"].addresses[0].addr_spec)


def _wire(message: EmailMessage) -> bytes:
    """Return the message as it travels: CRLF, dots at line starts doubled (RFC 5321 §4.5.2)."""
    out = BytesIO()
    BytesGenerator(out, policy=message.policy.clone(linesep=SMTP_POLICY.linesep)).flatten(message)
    content = out.getvalue().replace(b"\r\n.", b"\r\n..")
    return content if content.endswith(b"\r\n") else content + b"\r\n"
