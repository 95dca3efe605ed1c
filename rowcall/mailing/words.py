"""What does a mail say and carry, rendered for one scene?"""

from collections.abc import Mapping

from rowcall.attachments import Enclosure, check_size, enclose_file, enclose_list
from rowcall.errors import TemplateError
from rowcall.evaluate.slugs import slug
from rowcall.language.value import Attachment, Attachments
from rowcall.mailing.payload import Payload, Wording
from rowcall.message import dress, text_of
from rowcall.scene import Scene, Surroundings
from rowcall.template import ListTable
from rowcall.template.plain import html_of

LISTED = "the rows as a list"
"""The name (with blanks: no text can spell it) under which a digest's rows stand as a list to attach."""


def words_of(wording: Wording, scene: Scene) -> Payload:
    """Return the mail's words and files, to nobody yet; raises TemplateError."""
    subject, text, fragment = _rendered(wording, scene)
    html = dressed(fragment, subject, scene.around)
    return Payload("", "", subject, text, html, "", files=_files(wording.attach, scene))


def words_alone(wording: Wording, scene: Scene) -> Payload:
    """Return the mail's words without its page and files, which cost time and are not sent: for a digest's line."""
    subject, text, _ = _rendered(wording, scene)
    return Payload("", "", subject, text, "", "")


def dressed(fragment: str, subject: str, around: Surroundings) -> str:
    """Return a piece of HTML in the shop's layout."""
    return dress(
        fragment,
        subject=subject,
        shop_name=around.shop_name,
        language=around.language,
        templates=around.templates,
    )


def _rendered(wording: Wording, scene: Scene) -> tuple[str, str, str]:
    """Return subject, text and a piece of HTML; a text given in the rule stays the text, word for word."""
    subject = " ".join(scene.render(wording.subject).split())
    if wording.template is not None:
        fragment = scene.render_file(wording.template.name)
        said = scene.render(wording.text) if wording.text else text_of(fragment)
    else:
        said = scene.render(wording.text) if wording.text else ""
        fragment = html_of(said)
    return subject, said, fragment


def _files(attach: Attachments | None, scene: Scene) -> tuple[Enclosure, ...]:
    if attach is None:
        return ()
    files = tuple(_file(one, scene) for one in attach.all)
    check_size(files, scene.around.attachments)
    return files


def _file(one: Attachment, scene: Scene) -> Enclosure:
    around = scene.around
    if one.file:
        return enclose_file(around.attachments, one.file)
    title = one.figure
    table = scene.names.get(LISTED) if not one.figure else scene.names.get(slug(one.figure))
    if not one.figure:
        about = scene.names.get("rule")
        title = str(about.get("title", "")) if isinstance(about, Mapping) else ""
    if not isinstance(table, ListTable):
        raise TemplateError(f"{one.place}: {one.figure or 'rows'} is no list that could be attached")
    return enclose_list(
        table, title, one.form, zone=around.zone, language=around.language, made_at=around.now
    )
