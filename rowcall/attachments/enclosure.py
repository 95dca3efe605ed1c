"""What does a mail carry, and may it: the file itself, or the name of one in the shop's `attachments` folder?"""

import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.attachments.csv_file import csv_bytes
from rowcall.attachments.forms import FORMS
from rowcall.attachments.xlsx import xlsx_bytes
from rowcall.errors import DeliveryError, TemplateError
from rowcall.message import Attachment
from rowcall.template.tables import ListTable

MOST_BYTES = 15 * 1024 * 1024
"""All files of one mail together: mail servers take 20 to 25 MB, and files grow by a third on the wire."""

_BADLY_NAMED = re.compile(r'[\x00-\x1f/\\"<>|:*?]+')


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file of a planned mail.

    content: the bytes of a list. file: the name of a file of the shop's folder, read when the mail is sent, so that
    the state does not hold a copy for every recipient.
    """

    name: str
    mime: str
    content: bytes = b""
    file: str = ""


def enclose_list(
    table: ListTable, title: str, form: str, *, zone: ZoneInfo, language: str, made_at: datetime
) -> Enclosure:
    """Return a list as a file; form: a word of FORMS."""
    name = f"{_BADLY_NAMED.sub(' ', title).strip(' .') or 'list'}.{FORMS[form].ending}"
    if form == "xlsx":
        content = xlsx_bytes(table, title, zone=zone, language=language, made_at=made_at)
    else:
        content = csv_bytes(table, zone=zone, language=language)
    return Enclosure(name, FORMS[form].mime, content)


def enclose_file(folder: Path | None, name: str) -> Enclosure:
    """Return a file of the shop's `attachments` folder; raises TemplateError when it is not there."""
    path = _find(folder, name)
    if path is None:
        raise TemplateError(f'there is no file "{name}" in the attachments folder of the shop')
    return Enclosure(name, mimetypes.guess_type(name)[0] or "application/octet-stream", file=name)


def check_size(enclosures: Iterable[Enclosure], folder: Path | None) -> None:
    """Refuse what no mail server would take; raises TemplateError that names the size and the cap."""
    sizes = {one.name: _size(one, folder) for one in enclosures}
    if sum(sizes.values()) > MOST_BYTES:
        each = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
        raise TemplateError(
            f"the files are too large for one mail ({each}); a mail may carry {_megabytes(MOST_BYTES)}"
        )


def load(enclosure: Enclosure, folder: Path | None) -> Attachment:
    """Return the file as a message carries it; raises DeliveryError while it can't be read."""
    if not enclosure.file:
        return Attachment(enclosure.name, enclosure.content, enclosure.mime)
    path = _find(folder, enclosure.file)
    try:
        content = None if path is None else path.read_bytes()
    except OSError as error:
        raise DeliveryError(f'"{enclosure.file}" can\'t be read: {error.strerror}') from error
    if content is None:
        raise DeliveryError(
            f'there is no file "{enclosure.file}" in the attachments folder of the shop',
            fix="put it back, or take it out of the rule",
        )
    return Attachment(enclosure.name, content, enclosure.mime)


def _find(folder: Path | None, name: str) -> Path | None:
    """Return the file of that name that lies in the folder itself; a link that leads out of it is none."""
    if folder is None or not name or Path(name).name != name or "\\" in name:
        return None
    path = folder / name
    inside = path.is_file() and path.resolve().parent == folder.resolve()
    return path if inside else None


def _size(one: Enclosure, folder: Path | None) -> int:
    path = _find(folder, one.file) if one.file else None
    return len(one.content) if path is None else path.stat().st_size


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
