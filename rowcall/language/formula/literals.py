"""Which number does a text say when a formula needs a number: `"5"`, `"1.5"`, `"12%"`, `"2026-03-08"`?

Dates are numbers as spreadsheets count them: days since 30 December 1899.
"""

import re
from datetime import date, datetime

EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
PLAIN_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?%?$"
GROUPED_NUMBER = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?%?$"
ISO_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"
_NUMBER = re.compile(f"{PLAIN_NUMBER}|{GROUPED_NUMBER}")
_MOMENT = re.compile(ISO_MOMENT)
_DAY_S = 86_400
_LONGEST = 40


def read_number(text: str) -> float | None:
    """Return the number that a text says, or None if it says none."""
    tidy = text.strip()
    if len(tidy) > _LONGEST:
        return None
    if _NUMBER.fullmatch(tidy):
        number = float(tidy.rstrip("%").replace(",", ""))
        return number / 100 if tidy.endswith("%") else number
    if not _MOMENT.fullmatch(tidy):
        return None
    try:
        return serial_of(datetime.fromisoformat(tidy))
    except ValueError:  # 2026-02-30 is no day
        return None


def serial_of(moment: datetime | date) -> float:
    """Return a day, or a wall-clock time without zone, as a spreadsheet's number."""
    if not isinstance(moment, datetime):
        return float((moment - EPOCH).days)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return (moment.date() - EPOCH).days + seconds / _DAY_S
