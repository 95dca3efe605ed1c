"""What does a letter look like on the wire: headers, text, HTML, attachments?"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr
from functools import cache
from zoneinfo import ZoneInfo

import css_inline

from rowcall.errors import DeliveryError
from rowcall.home import shipped
from rowcall.template.plain import text_of
from rowcall.template.templates import Templates

__all__ = ["Attachment", "Letter", "build", "dress", "message_id", "text_of"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_IDS = ("in-reply-to", "references")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `mime` such as text/csv."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one mail says, before it has a form.

    sender, reply_to: `Name <address>` or an address. to: one address. text: "" = made from the html.
    message_id, in_reply_to, references: with their angle brackets, as `message_id` makes them.
    sent_at: an aware datetime.
    """

    sender: str
    to: str
    subject: str
    text: str
    message_id: str
    sent_at: datetime
    to_name: str = ""
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    language: str = "en"


class _Ids(UnstructuredHeader, BaseHeader):
    """A header of message ids: one a line and never encoded, however long (RFC 5322 §3.6.4)."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        ids = str(self).split()
        return f"{self.name}: {f'{policy.linesep} '.join(ids)}{policy.linesep}"


def _headers() -> HeaderRegistry:
    headers = HeaderRegistry()
    for name in _IDS:
        headers.map_to_type(name, _Ids)
    return headers


_POLICY = SMTP.clone(header_factory=_headers(), cte_type="7bit")


def build(letter: Letter) -> EmailMessage:
    """Return the letter as a message ready to send; raises DeliveryError (permanent) for a wrong address.

    Line breaks and other control characters in names and subject become blanks: no cell adds a header.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = address(letter.sender)
    message["To"] = address(letter.to, letter.to_name)
    if letter.cc:
        message["Cc"] = [address(one) for one in letter.cc]
    if letter.reply_to:
        message["Reply-To"] = address(letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = letter.sent_at
    message["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
    if references := letter.references or ((letter.in_reply_to,) if letter.in_reply_to else ()):
        message["References"] = " ".join(references)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(letter.text or text_of(letter.html)))
    if letter.html:
        message.add_alternative(_body(letter.html), subtype="html")
    for attachment in letter.attachments:
        _attach(message, attachment)
    # last, because setting the content drops every Content- header that stood before
    message["Content-Language"] = "zh-CN" if letter.language.startswith("zh") else letter.language
    return message


def address(written: str, name: str = "") -> Address:
    """Read `Name <address>` or an address; raises DeliveryError (permanent) when it is none."""
    line = one_line(written)
    said, spec = parseaddr(line)
    local, at, domain = spec.rpartition("@")
    if not at or not local or not domain or " " in spec or not _one_address(line, spec):
        raise DeliveryError(
            f'"{line}" is not an email address',
            permanent=True,
            fix="write one address such as anna@example.com",
        )
    try:
        domain = domain.encode("idna").decode("ascii")
        local.encode("ascii")
        return Address(display_name=one_line(name) or said, username=local, domain=domain)
    except (UnicodeError, ValueError, HeaderParseError) as error:
        raise DeliveryError(
            f'mail servers don\'t understand the address "{line}"',
            permanent=True,
            fix="use an address of plain letters, digits and dots",
        ) from error


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of an effect: the same for every try, another one for another reminder."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain.encode('idna').decode('ascii')}>"


def dress(
    html_fragment: str, *, subject: str, shop_name: str, language: str, templates: Templates | None = None
) -> str:
    """Put a template's HTML into the base layout, its styles written into the tags as mail programs need.

    templates: the shop's own, so that its layout.html is used instead of the shipped one.
    HTML that is a whole page already (it extends a layout of its own) is only inlined.
    """
    page = html_fragment
    if "<html" not in html_fragment[:1000].lower():
        values = {"subject": subject, "shop": {"name": shop_name}, "language": language}
        page = (templates or _shipped(language)).lay_out(html_fragment, values)
    return _inliner().inline(page)


def one_line(text: str) -> str:
    """Return a text as one line that can stand in a header: every control character becomes a blank."""
    return " ".join(_SURROGATE.sub("?", _CONTROL.sub(" ", text)).split())


def _one_address(line: str, spec: str) -> bool:
    """Refuse lists, and texts of which only a part is an address."""
    return line == spec or (line.endswith(f"<{spec}>") and line.count("<") == 1)


def _body(text: str) -> str:
    return _NOT_IN_TEXT.sub("", _SURROGATE.sub("?", text))


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    major, _, minor = attachment.mime.partition("/")
    name = re.sub(r'[/\\"<>|:*?]', "_", one_line(attachment.name)) or "file"
    message.add_attachment(attachment.content, maintype=major, subtype=minor or "octet-stream", filename=name)


@cache
def _shipped(language: str) -> Templates:
    return Templates(shipped("templates"), language, ZoneInfo("UTC"), "EUR")


@cache
def _inliner() -> css_inline.CSSInliner:
    """Styles inside the page only: nothing is ever fetched because a template says so."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
