"""How does a mail server misbehave? The demo's mailbox, told to refuse, hang up, be slow or be a stranger."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from rowcall.mailbox import LOOPBACK, Mailbox

USER, PASSWORD = "shop@example.com", "very-secret-pass"


@dataclass(slots=True)
class Manners:
    """What the server does at each step: "" = take it, `421 text` = say that, "drop" = hang up, "stall"."""

    mail: str = ""
    rcpt: str = ""
    data: str = ""  # at the DATA command, before the content
    content: str = ""  # after the final dot
    then_well: bool = False  # only the first time


class RudeMailbox(Mailbox):
    """A mailbox with manners to set; `tries` counts how often a mail's content arrived in full."""

    def __init__(self, manners: Manners | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.manners = manners or Manners()
        self.tries = 0
        self.sessions = 0

    def protocol(self) -> SMTP:
        self.sessions += 1
        return super().protocol()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return await self._behave(server, "mail", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        answer = await self._behave(server, "rcpt", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tries += 1
        answer = await self._behave(server, "content", "")
        return answer or await super().handle_DATA(server, session, envelope)

    async def _behave(self, server: SMTP, step: str, well: str) -> str:
        manner = str(getattr(self.manners, step))
        if self.manners.then_well:
            setattr(self.manners, step, "")
        if manner == "drop":
            hang_up(server)
            return "421 never heard"
        if manner == "stall":
            await asyncio.sleep(3600)
        return manner or well


class DroppingBeforeContent(RudeMailbox):
    """Answers DATA by hanging up: no content was ever asked for."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        # The answer is on the wire before the loop turns again; a pause would let the content through now and then.
        asyncio.get_running_loop().call_soon(hang_up, server)
        return "250 OK"


class OneSecret:
    """Accepts the one user and password of these tests."""

    def __call__(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: object
    ) -> AuthResult:
        right = isinstance(auth_data, LoginPassword) and (
            auth_data.login == USER.encode() and auth_data.password == PASSWORD.encode()
        )
        message = None if right else f"535 5.7.8 no: {PASSWORD}"
        return AuthResult(success=right, handled=False, message=message)


def hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def trusted_tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server context signed by a test authority, and the file of that authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LOOPBACK, "localhost").configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


def self_signed_tls() -> ssl.SSLContext:
    """Return the context of a server that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(LOOPBACK, "localhost").configure_cert(context)
    return context
