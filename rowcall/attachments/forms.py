"""In which forms can a list be attached?"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file: the ending of its name, its type on the wire, and its line of help."""

    ending: str
    mime: str
    help: str


FORMS: Mapping[str, Form] = {
    "xlsx": Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "An Excel file: dates and amounts are real cells, and the header stays in sight.",
    ),
    "csv": Form("csv", "text/csv", "A CSV file in UTF-8 that Excel opens with its letters right."),
}
"""Every form by the word behind `as`."""
