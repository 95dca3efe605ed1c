"""How does a shop's outbox come by its mail account, workbooks, and hours?"""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from rowcall.clock import Clock
from rowcall.config import Config
from rowcall.episode import Delivery
from rowcall.errors import DeliveryError
from rowcall.kinds import action_kinds
from rowcall.language.rule import Window
from rowcall.mailer import Account, SmtpMailer
from rowcall.outbox import Outbox, Pace
from rowcall.plan.windows import next_permitted
from rowcall.ports import Mailer
from rowcall.shop import RuleSet, Shop
from rowcall.store import Store, Worker
from rowcall.tools import Tools

_NOBODY = "nobody@rowcall.invalid"
"""The sender while there is no account: mails can be made, and wait."""


class NoMailer:
    """Stands where the config has no mail account: every mail waits, and says why."""

    def send(self, message: EmailMessage, recipient: str) -> str:  # noqa: ARG002 - the port's signature
        """Refuse for now; nothing is lost, and the mail goes out once an account is there."""
        raise DeliveryError("the config has no `email:` account, so mails can't be sent")

    def close(self) -> None:
        """Do nothing."""


def mailer_of(config: Config) -> Mailer:
    """Return the mailer of the shop's account; it connects when the first mail goes out."""
    email = config.email
    if email is None:
        return NoMailer()
    account = Account(email.host, email.port, email.security, email.user, email.password.reveal())
    return SmtpMailer(account)


def outbox_of(
    shop: Shop, store: Store, rules: Callable[[], RuleSet], mailer: Mailer, clock: Clock, machine: Clock
) -> Outbox:
    """Return the outbox of a shop. rules: gives the rules in force, for their windows."""
    email = shop.config.email
    sender = (
        f'"{email.sender_name}" <{email.sender}>'
        if email and email.sender_name
        else email.sender
        if email
        else _NOBODY
    )

    def tools(now: datetime) -> Tools:
        return Tools(
            mailer=mailer,
            workbooks=shop.workbooks,
            schemas=shop.config.tables,
            sender=sender,
            now=now,
            everything_to=email.send_everything_to if email else "",
            attachments=shop.folder / "attachments",
        )

    leaves = {name: kind.deliver for name, kind in action_kinds().items()}
    pace = Pace(
        daily_limit=(email.daily_limit or 0) if email else 0,
        may_send=lambda delivery, now: _may_send(shop, rules(), delivery, now),
    )
    worker = Worker(f"{socket.gethostname()}:{os.getpid()}")
    return Outbox(store, leaves, tools, clock, machine, worker, pace)


def _may_send(shop: Shop, rules: RuleSet, delivery: Delivery, now: datetime) -> datetime | None:
    """Keep a mail that is tried again out of the shop's quiet hours and inside its rule's window."""
    if delivery.lane != "mail" or delivery.urgent:
        return None
    email = shop.config.email
    quiet = Window(*email.quiet_hours) if email and email.quiet_hours else None
    rule = next((one for one in rules.rules if one.id == delivery.effect.rule), None)
    window = rule.send_only if rule else None
    permitted = next_permitted(now, window, None if window else quiet, shop.config.shop.zone)
    return permitted if permitted > now else None
