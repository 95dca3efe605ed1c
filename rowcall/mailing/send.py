"""How is a planned mail handed over?"""

from collections.abc import Sequence

from rowcall.attachments import load
from rowcall.episode import Delivery, Ending
from rowcall.errors import DeliveryError
from rowcall.mailing.payload import Payload
from rowcall.message import Letter, build
from rowcall.tools import Result, Tools


def send_mails(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Send the mails; raises DeliveryError or DeliveryUncertain of the mailer."""
    return [_send(delivery, tools) for delivery in deliveries]


def _send(delivery: Delivery, tools: Tools) -> Result:
    payload = delivery.payload
    if not isinstance(payload, Payload):
        raise TypeError(f"delivery {delivery.id} is no email")
    if payload.line is not None:
        return Result(Ending.SENT, "told in the digest")
    to, subject = tools.redirect(payload.to, payload.subject)
    try:
        files = tuple(load(one, tools.attachments) for one in payload.files)
    except DeliveryError as error:
        # The account is in order: only this mail waits.
        return Result(Ending.RETRY, f"{error}; {error.fix}")
    letter = Letter(
        sender=tools.sender,
        to=to if to != payload.to else payload.shown_to or payload.to,
        to_name=payload.to_name if to == payload.to else "",
        subject=subject,
        text=payload.text,
        html=payload.html,
        message_id=payload.message_id,
        sent_at=tools.now,
        in_reply_to=payload.in_reply_to,
        cc=payload.cc if to == payload.to else (),
        reply_to=payload.reply_to,
        language=payload.language,
        attachments=files,
    )
    return Result(Ending.SENT, tools.mailer.send(build(letter), to))
