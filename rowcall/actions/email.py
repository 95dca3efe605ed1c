"""Send a mail to people of the shop or to a customer, one message to each recipient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rowcall.episode import Delivery, Ending
from rowcall.errors import TemplateError
from rowcall.language.shape import help_field
from rowcall.language.value import Recipients, TemplateName, TextOf
from rowcall.message import Letter, build, dress, text_of
from rowcall.people import Address
from rowcall.scene import Draft, Drafts, Scene, Surroundings
from rowcall.template.plain import html_of
from rowcall.tools import Result, Tools

WORD = "email"

_REPLACES = {
    "en": 'This mail also stands for "{subject}", which could not be sent in time.',
    "zh": "本邮件同时代替未能按时发出的“{subject}”。",
}


@dataclass(frozen=True, slots=True)
class Params:
    """The keys of `email`."""

    one_needed: ClassVar[tuple[str, ...]] = ("template", "text")

    to: Recipients = help_field("who gets it: a column, a person or role, `responsible`, or an address")
    subject: TextOf = help_field("the subject line; `{{ }}` puts in values of the row")
    text: TextOf | None = help_field("the mail itself, when no template is used", None)
    template: TemplateName | None = help_field("a file of the shop's templates folder", None)
    cc: Recipients | None = help_field("who gets a copy, and is seen to get it", None)
    reply_to: Recipients | None = help_field("where answers go", None)
    urgent: bool = help_field("`yes`: ignores quiet hours and the rule's window", default=False)


@dataclass(frozen=True, slots=True)
class Payload:
    """One mail to one recipient, all its words rendered.

    to: the recipient's address; shown_to: the address in the To line, when this is a copy.
    message_id, in_reply_to: the ids on the wire, "" when it answers nothing.
    """

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    shown_to: str = ""
    in_reply_to: str = ""
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Notice:
    """What Rowcall itself tells a responsible person: what is the matter, examples as rows, and the remedies."""

    headline: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    remedies: tuple[str, ...] = ()


def plan(params: Params, scene: Scene) -> Drafts:
    """Render the mail for every recipient; raises TemplateError when a text can't be made."""
    if params.text is None and params.template is None:
        raise TemplateError(f"{scene.place}: the email has neither `text` nor `template`")
    recipients, problems = scene.addresses(params.to)
    copies, copy_problems = scene.addresses(params.cc) if params.cc else ((), ())
    answers, answer_problems = scene.addresses(params.reply_to) if params.reply_to else ((), ())
    subject = " ".join(scene.render(params.subject).split())
    text, html = _body(params, scene, subject)

    def draft(recipient: Address, shown: Address) -> Draft:
        own, first = scene.ids(recipient.email)
        payload = Payload(
            to=recipient.email,
            to_name=shown.name,
            subject=subject,
            text=text,
            html=html,
            message_id=own,
            shown_to=shown.email if shown != recipient else "",
            in_reply_to=first,
            cc=tuple(copy.email for copy in copies),
            reply_to=answers[0].email if answers else "",
            language=recipient.language or scene.around.language,
        )
        customer = "" if scene.around.people.is_staff(recipient.email) else recipient.email
        return Draft(recipient.email, "mail", payload, customer=customer, mail=True, urgent=params.urgent)

    drafts = [draft(recipient, recipient) for recipient in recipients]
    known = {recipient.email.lower() for recipient in recipients}
    drafts += [
        draft(copy, recipients[0]) for copy in copies if copy.email.lower() not in known and recipients
    ]
    return Drafts(tuple(drafts), (*problems, *copy_problems, *answer_problems))


def tell_payload(notice: Notice, recipient: Address, around: Surroundings, own_id: str) -> Payload:
    """Return a notice as a mail to one person, in the shop's notice.html (or the shipped one)."""
    values: dict[str, object] = {
        "headline": notice.headline,
        "sentences": list(notice.sentences),
        "columns": [],
        "rows": [list(row) for row in notice.rows],
        "what_to_do": "\n".join(notice.remedies),
        "shop": {"name": around.shop_name},
        "now": around.now,
    }
    fragment = around.templates.render_html_file("notice.html", values)
    html = _dressed(fragment, notice.headline, around)
    language = recipient.language or around.language
    return Payload(
        recipient.email, recipient.name, notice.headline, text_of(fragment), html, own_id, language=language
    )


def deliver(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Send the mails; raises DeliveryError or DeliveryUncertain of the mailer."""
    return [_send(delivery, tools) for delivery in deliveries]


def show(payload: Payload) -> Mapping[str, object]:
    """Return the mail as `preview` and `run` print it."""
    return {
        "action": WORD,
        "to": payload.to,
        "subject": payload.subject,
        "text": payload.text,
        "html": payload.html,
    }


def merge(latest: Payload, earlier: Payload) -> Payload:
    """Return the latest mail to a recipient, saying which earlier one it replaces."""
    note = _REPLACES["zh" if latest.language.startswith("zh") else "en"].format(subject=earlier.subject)
    html = latest.html.replace("</body>", f"{html_of(note)}</body>", 1)
    return replace(latest, text=f"{latest.text.rstrip()}\n\n{note}\n", html=html)


def _body(params: Params, scene: Scene, subject: str) -> tuple[str, str]:
    """Return the mail as text and as HTML; a text given in the rule stays the text, word for word."""
    around = scene.around
    if params.template is not None:
        fragment = scene.render_file(params.template.name)
        said = scene.render(params.text) if params.text else text_of(fragment)
    else:
        said = scene.render(params.text) if params.text else ""
        fragment = html_of(said)
    html = _dressed(fragment, subject, around)
    return said, html


def _send(delivery: Delivery, tools: Tools) -> Result:
    payload = delivery.payload
    if not isinstance(payload, Payload):
        raise TypeError(f"delivery {delivery.id} is no email")
    to, subject = tools.redirect(payload.to, payload.subject)
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
    )
    return Result(Ending.SENT, tools.mailer.send(build(letter), to))


def _dressed(fragment: str, subject: str, around: Surroundings) -> str:
    return dress(
        fragment,
        subject=subject,
        shop_name=around.shop_name,
        language=around.language,
        templates=around.templates,
    )
