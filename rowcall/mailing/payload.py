"""What does a rule say of one mail, and what is planned of it?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rowcall.attachments import Enclosure
from rowcall.language.value import Attachments, Digest, GroupBy, Recipients, TemplateName, TextOf
from rowcall.template.plain import html_of

_REPLACES = {
    "en": 'This mail also stands for "{subject}", which could not be sent in time.',
    "zh": "本邮件同时代替未能按时发出的“{subject}”。",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a rule says of one mail, whichever action sends it."""

    to: Recipients
    subject: TextOf
    text: TextOf | None = None
    template: TemplateName | None = None
    cc: Recipients | None = None
    reply_to: Recipients | None = None
    urgent: bool = False
    digest: Digest | None = None
    group_by: GroupBy | None = None
    attach: Attachments | None = None


@dataclass(frozen=True, slots=True)
class DigestLine:
    """Makes a payload a line: the row waits for the digest of that label, in the mail about its group."""

    label: datetime
    group: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """One mail to one recipient, all its words rendered.

    to: the recipient's address; shown_to: the address in the To line, when this is a copy.
    message_id, in_reply_to: the ids on the wire, "" when it answers nothing. files: what it carries. line: it is no
    mail but the line of a digest; its words are those of a mail about this row alone. keys: the rows of a digest.
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
    files: tuple[Enclosure, ...] = ()
    line: DigestLine | None = None
    keys: tuple[str, ...] = ()


def show_mail(payload: Payload) -> Mapping[str, object]:
    """Return the mail as `preview` and `run` print it."""
    shown: dict[str, object] = {
        "action": "email",
        "to": payload.to,
        "subject": payload.subject,
        "text": payload.text,
        "html": payload.html,
    }
    if payload.files:
        shown["attachments"] = [file.name for file in payload.files]
    if payload.keys:
        shown["keys"] = list(payload.keys)
    return shown


def merge_mails(latest: Payload, earlier: Payload) -> Payload:
    """Return the latest mail to a recipient, saying which earlier one it replaces."""
    note = _REPLACES["zh" if latest.language.startswith("zh") else "en"].format(subject=earlier.subject)
    html = latest.html.replace("</body>", f"{html_of(note)}</body>", 1)
    return replace(latest, text=f"{latest.text.rstrip()}\n\n{note}\n", html=html)
