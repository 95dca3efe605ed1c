"""To whom does a mail of a rule go, and when: at once, or in a digest?

A mail with a digest is planned twice: as a *line* for each row, and at the digest's label as one mail about all rows
whose lines wait for it.
"""

from dataclasses import replace
from datetime import timedelta

from rowcall.calendar import CalendarError
from rowcall.episode import COLLECTING
from rowcall.errors import TemplateError
from rowcall.mailing.digest import group_names, row_names, rows_scene
from rowcall.mailing.payload import DigestLine, Payload, Wording
from rowcall.mailing.words import words_alone, words_of
from rowcall.people import Address
from rowcall.scene import Draft, Drafts, Scene
from rowcall.schedule import next_label

_TICK = timedelta(microseconds=1)


def plan_mail(wording: Wording, scene: Scene) -> Drafts:
    """Render the mail, or the line of its digest, for every recipient; raises TemplateError."""
    if wording.text is None and wording.template is None:
        raise TemplateError(f"{scene.place}: the email has neither `text` nor `template`")
    recipients, problems = scene.addresses(wording.to)
    copies, copy_problems = scene.addresses(wording.cc) if wording.cc else ((), ())
    answers, answer_problems = scene.addresses(wording.reply_to) if wording.reply_to else ((), ())
    line = _line(wording, scene)
    mail = replace(
        words_of(wording, scene) if line is None else _words_of_line(wording, scene),
        cc=tuple(copy.email for copy in copies),
        reply_to=answers[0].email if answers else "",
        line=line,
    )
    drafts = [_draft(mail, scene, one, one, urgent=wording.urgent) for one in recipients]
    known = {recipient.email.lower() for recipient in recipients}
    drafts += [
        _draft(mail, scene, copy, recipients[0], urgent=wording.urgent)
        for copy in copies
        if copy.email.lower() not in known and recipients
    ]
    return Drafts(tuple(drafts), (*problems, *copy_problems, *answer_problems))


def _draft(mail: Payload, scene: Scene, recipient: Address, shown: Address, *, urgent: bool) -> Draft:
    own, first = scene.ids(recipient.email)
    payload = replace(
        mail,
        to=recipient.email,
        to_name=shown.name,
        message_id=own,
        shown_to=shown.email if shown != recipient else "",
        in_reply_to=first,
        language=recipient.language or scene.around.language,
    )
    customer = "" if scene.around.people.is_staff(recipient.email) else recipient.email
    if mail.line is None:
        return Draft(recipient.email, "mail", payload, customer=customer, mail=True, urgent=urgent)
    return Draft(
        recipient.email, COLLECTING, payload, customer=customer, urgent=urgent, send_after=mail.line.label
    )


def _line(wording: Wording, scene: Scene) -> DigestLine | None:
    """Return the digest that a row joins: the next label, or that of this very moment."""
    if wording.digest is None:
        return None
    around, digest = scene.around, wording.digest
    since = around.now if around.last_tick == around.now else around.now - _TICK
    try:
        label = next_label(digest.schedules, since, around.zone, around.calendars.get(digest.calendar))
    except CalendarError as error:
        raise TemplateError(f"{digest.place}: {error}") from error
    group = "" if wording.group_by is None else scene.row.text(wording.group_by.ref).strip()
    return DigestLine(label, group)


def _words_of_line(wording: Wording, scene: Scene) -> Payload:
    """Return the words as they would be about this row alone, so that mistakes in them are told at once."""
    about = rows_scene(scene, [row_names(scene)], group_names(wording, scene))
    return words_alone(wording, about)
