"""Send a mail to people of the shop or to a customer, one message to each recipient.

With `digest` the rows are collected, and one mail about all of them goes out at the next time that it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rowcall.episode import Delivery
from rowcall.language.shape import help_field
from rowcall.language.value import Attachments, Buttons, Digest, GroupBy, Recipients, TemplateName, TextOf
from rowcall.mailing import Payload, Wording, dressed, merge_mails, plan_mail, send_mails, show_mail
from rowcall.message import text_of
from rowcall.people import Address
from rowcall.scene import Drafts, Scene, Surroundings
from rowcall.tools import Result, Tools

__all__ = [
    "WORD",
    "Notice",
    "Params",
    "Payload",
    "buttons",
    "deliver",
    "merge",
    "plan",
    "show",
    "tell_payload",
    "wording",
]

WORD = "email"
_FILES = "what it carries: a list as xlsx or csv, the rows of a digest, a file of the attachments folder"
_DIGEST = "when one mail about all rows goes out: `weekdays at 08:30 and 14:00`"


@dataclass(frozen=True, slots=True)
class Params:
    """The keys of `email`."""

    chinese: ClassVar[str] = "发邮件|邮件"

    one_needed: ClassVar[tuple[str, ...]] = ("template", "text")

    to: Recipients = help_field(
        "who gets it: a column, a person or role, `responsible`, or an address", zh="收件人|发给"
    )
    subject: TextOf = help_field("the subject line; `{{ }}` puts in values of the row", zh="主题")
    text: TextOf | None = help_field("the mail itself, when no template is used", None, zh="正文")
    template: TemplateName | None = help_field("a file of the shop's templates folder", None, zh="模板")
    cc: Recipients | None = help_field("who gets a copy, and is seen to get it", None, zh="抄送")
    reply_to: Recipients | None = help_field("where answers go", None, zh="回复到")
    digest: Digest | None = help_field(_DIGEST, None, zh="汇总时间|汇总")
    group_by: GroupBy | None = help_field(
        "with `digest`: one mail for each value of this column", None, zh="分组"
    )
    attach: Attachments | None = help_field(_FILES, None, zh="附件")
    buttons: Buttons | None = help_field(
        "what the reader can do with one click: names of the config", None, zh="按钮"
    )
    urgent: bool = help_field("`yes`: ignores quiet hours and the rule's window", default=False, zh="紧急")


@dataclass(frozen=True, slots=True)
class Notice:
    """What Rowcall itself tells a responsible person: what is the matter, examples as rows, and the remedies."""

    headline: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    remedies: tuple[str, ...] = ()


def wording(params: Params) -> Wording:
    """Return what the rule says of the mail; it carries no buttons while there is no web part to press them in."""
    return Wording(
        to=params.to,
        subject=params.subject,
        text=params.text,
        template=params.template,
        cc=params.cc,
        reply_to=params.reply_to,
        urgent=params.urgent,
        digest=params.digest,
        group_by=params.group_by,
        attach=params.attach,
    )


def buttons(params: Params) -> Buttons | None:
    """Return the buttons that the rule gives the mail."""
    return params.buttons


def plan(params: Params, scene: Scene) -> Drafts:
    """Render the mail for every recipient; raises TemplateError when a text can't be made."""
    return plan_mail(wording(params), scene)


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
    html = dressed(fragment, notice.headline, around)
    language = recipient.language or around.language
    return Payload(
        recipient.email, recipient.name, notice.headline, text_of(fragment), html, own_id, language=language
    )


def deliver(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Send the mails; raises DeliveryError or DeliveryUncertain of the mailer."""
    return send_mails(deliveries, tools)


def show(payload: Payload) -> Mapping[str, object]:
    """Return the mail as `preview` and `run` print it."""
    return show_mail(payload)


def merge(latest: Payload, earlier: Payload) -> Payload:
    """Return the latest mail to a recipient, saying which earlier one it replaces."""
    return merge_mails(latest, earlier)
