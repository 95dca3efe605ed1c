"""What does an action need to make its effect, and what does it say of it afterwards?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rowcall.episode import Ending, WrittenCell
from rowcall.ports import Mailer, Workbook
from rowcall.table import Schema


@dataclass(frozen=True, slots=True)
class Result:
    """What one try of one delivery came to.

    detail: the server's answer or the reason, for people. cells: what was written, for actions that write.
    """

    ending: Ending
    detail: str = ""
    cells: tuple[WrittenCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What the shop lends to an action for one call of its `deliver`.

    workbooks, schemas: by the name of the workbook and of the table. sender: `Name <address>` of the shop.
    everything_to: a trial run's one recipient, "" = mails go to whom they are for. now: the shop's time.
    attachments: the folder with the files that mails may carry.
    """

    mailer: Mailer
    workbooks: Mapping[str, Workbook]
    schemas: Mapping[str, Schema]
    sender: str
    now: datetime
    everything_to: str = ""
    attachments: Path | None = None

    def redirect(self, to: str, subject: str) -> tuple[str, str]:
        """Return recipient and subject as they are sent: in a trial run the subject says whom it was for."""
        if not self.everything_to:
            return to, subject
        return self.everything_to, f"[for {to}] {subject}"
