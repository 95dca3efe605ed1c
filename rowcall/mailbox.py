"""Where do the mails of a demo arrive? A small mail server on this machine that keeps what it is given."""

import asyncio
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
_START_S = 10


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as it arrived: the envelope's addresses and the bytes between DATA and the final dot."""

    sender: str
    recipient: str
    content: bytes

    def message(self) -> EmailMessage:
        """Return the mail parsed."""
        parsed = message_from_bytes(self.content, policy=default)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("the policy makes EmailMessages")
        return parsed

    def html(self) -> str:
        """Return the HTML of the mail, or ""."""
        part = self.message().get_body(("html",))
        return str(part.get_content()) if part else ""

    def text(self) -> str:
        """Return the plain text of the mail, or ""."""
        part = self.message().get_body(("plain",))
        return str(part.get_content()) if part else ""


class Mailbox:
    """A mail server on a free port of the loopback address; use it with `with`.

    folder: where every mail is also kept as .eml and .html, or None. port: 0 = any free one.
    tls: a server context, with `implicit_tls` for TLS from the first byte instead of STARTTLS.
    options: passed to aiosmtpd's SMTP, such as `authenticator`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        **options: Any,  # Any: aiosmtpd's own settings
    ) -> None:
        self.received: list[Received] = []
        self.port = port
        self._folder = folder
        self._tls = tls
        self._implicit = implicit_tls
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailbox", daemon=True)
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Transport] = set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; `port` says where."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_START_S)

    def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(_START_S)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd)
        """Take a mail (aiosmtpd's handler protocol)."""
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            self.received.append(Received(envelope.mail_from or "", recipient, content))
            self._keep(self.received[-1])
        return f"250 OK kept as number {len(self.received)}"

    def protocol(self) -> SMTP:
        """Return the conversation with one client."""
        starttls = None if self._implicit else self._tls
        return _Conversation(
            self,
            self._sessions.add,
            loop=self._loop,
            hostname="mailbox.localhost",
            tls_context=starttls,
            **self._options,
        )

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            self.protocol, LOOPBACK, self.port, ssl=self._tls if self._implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for transport in self._sessions:
            transport.abort()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _keep(self, received: Received) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        whom = re.sub(r"[^\w.@-]", "_", received.recipient)
        name = f"{len(self.received):03d}-{whom}"
        (self._folder / f"{name}.eml").write_bytes(received.content)
        if html := received.html():
            (self._folder / f"{name}.html").write_text(html, encoding="utf-8")


class _Conversation(SMTP):
    """One client's session; remembers its line so that the server can hang up."""

    def __init__(
        self, handler: Mailbox, remember: Callable[[asyncio.Transport], None], **options: Any
    ) -> None:
        super().__init__(handler, **options)
        self._remember = remember

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take up a connection (asyncio's protocol)."""
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport):
            self._remember(transport)
