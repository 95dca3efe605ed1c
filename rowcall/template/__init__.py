"""What does a text with {{ names }} say, once the values are put in?"""

from rowcall.template.allowlist import TESTS
from rowcall.template.filters import FILTERS
from rowcall.template.said import list_table, names_of_figures, names_of_period, reasons_of
from rowcall.template.tables import ListColumn, ListTable
from rowcall.template.templates import Templates

__all__ = [
    "FILTERS",
    "TESTS",
    "ListColumn",
    "ListTable",
    "Templates",
    "list_table",
    "names_of_figures",
    "names_of_period",
    "reasons_of",
]
