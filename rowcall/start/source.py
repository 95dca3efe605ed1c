"""How is the workbook opened that somebody points at?"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.errors import UsageError, WorkbookError
from rowcall.kinds import connector_kind
from rowcall.ports import Opening
from rowcall.sample.headers import Language
from rowcall.start.config_text import Source
from rowcall.table import Sheet

_OTHERS: Mapping[str, str] = {
    ".xls": 'it is in the old format of Excel 97; in Excel: File, Save As, "Excel Workbook (*.xlsx)"',
    ".xlsm": "workbooks with macros are not written to; save it as .xlsx",
    ".xlsb": 'save it in Excel as "Excel Workbook (*.xlsx)"',
    ".ods": "save it in LibreOffice as .xlsx",
    ".numbers": "export it as .xlsx",
    ".et": "save it in WPS as .xlsx",
}


def look_at(named: str, folder: Path, language: Language, zone: ZoneInfo) -> tuple[Source, Sequence[Sheet]]:
    """Return where a workbook is, and its tabs; raises UsageError and WorkbookError in plain words."""
    path = _path(named)
    connector = "csv_folder" if path.is_dir() or path.suffix.lower() == ".csv" else "xlsx"
    book = path.parent if connector == "csv_folder" and path.is_file() else path
    kind = connector_kind(connector)
    opening = Opening("book", folder.resolve(), zone, language)
    sheets = kind.open_workbook(kind.params(path=str(book.resolve())), opening).sheets()
    if book != path:
        sheets = [sheet for sheet in sheets if sheet.name == path.stem]
    if not sheets:
        raise WorkbookError(
            f"In {named} there is no tab that can be read.",
            permanent=True,
            fix="a folder needs at least one .csv file with a header line, a workbook one tab with headers",
        )
    return Source(connector, _as_written(book.resolve(), folder.resolve())), sheets


def _path(named: str) -> Path:
    if "://" in named:
        if "google." in named:
            raise UsageError(
                "Google Sheets come with a later version. Until then: File, Download, Microsoft Excel (.xlsx), "
                "and `rowcall init --from that-file.xlsx`."
            )
        raise UsageError(
            f"{named} is a web address; `--from` takes an .xlsx file or a folder with .csv files."
        )
    path = Path(named).expanduser()
    if not path.exists():
        raise UsageError(f"There is no file or folder {named}.")
    ending = path.suffix.lower()
    if path.is_file() and ending not in (".xlsx", ".csv"):
        reason = _OTHERS.get(ending, "`--from` takes an .xlsx file or a folder with .csv files")
        raise UsageError(f"{path.name} can't be used as it is: {reason}.")
    return path


def _as_written(path: Path, folder: Path) -> str:
    """Return the path as the config says it: counted from the shop's folder when it lies near."""
    if path.is_relative_to(folder) or path.is_relative_to(folder.parent):
        return Path(os.path.relpath(path, folder)).as_posix()
    return path.as_posix()
