"""What does each word of a mail's buttons and files mean, in one line, with an example?"""

from collections.abc import Mapping

from rowcall.language.meaning import Meaning
from rowcall.language.words import AttachForm, ButtonKey

BUTTON_KEYS: Mapping[ButtonKey, Meaning] = {
    ButtonKey.LABEL: Meaning("The words on it.", "label: Take it", "the name in the config"),
    ButtonKey.SET: Meaning(
        "The cells that a press sets, as a person's edit; values as in `set`.",
        "set: {Status: Paid, Confirmed at: now}",
    ),
    ButtonKey.SNOOZE: Meaning(
        "All that is still to come for the row moves so much later.", "snooze: 2 hours"
    ),
    ButtonKey.STOP: Meaning("`yes`: what is still to come for the row is dropped.", "stop: yes", "no"),
    ButtonKey.RATE: Meaning("The column that gets the number which was chosen.", "rate: Review score"),
    ButtonKey.FROM: Meaning("The lowest number of the scale.", "from: 0", "1"),
    ButtonKey.TO: Meaning("The highest number of the scale; 11 numbers at most.", "to: 10", "5"),
    ButtonKey.COMMENT: Meaning(
        "The text column that gets what was written beside the press.", "comment: Note"
    ),
}
FORMS: Mapping[AttachForm, Meaning] = {
    AttachForm.XLSX: Meaning(
        "An Excel file: dates and amounts are real cells, the header stays in sight.", "attach: rows as xlsx"
    ),
    AttachForm.CSV: Meaning(
        "A CSV file in UTF-8, as Excel opens it; a text that would become a formula gets an apostrophe before it.",
        "attach: rows as csv",
    ),
}
