"""How is a workbook of each kind made, looked at and edited by a person, without the connector under test?"""

import csv
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import openpyxl
import xlsxwriter

from rowcall.ports import Opening, Workbook

ROOT = Path(__file__).resolve().parents[2]
KINDS = sorted(path.stem for path in (ROOT / "connectors").glob("[!_]*.py"))
ZONE = ZoneInfo("Europe/Berlin")
Rows = Sequence[Sequence[str]]


class Bench(Protocol):
    """One workbook of one kind in a folder of its own; rows are texts, the first row is the header."""

    def open(self, language: str = "en") -> Workbook: ...

    def save(self, tabs: Mapping[str, Rows]) -> None: ...

    def look(self, tab: str) -> list[list[str]]: ...

    def lock(self, tab: str, user: str) -> Path: ...


@dataclass(frozen=True)
class CsvBench:
    """A folder of CSV files, written and read by the standard library."""

    folder: Path

    def open(self, language: str = "en") -> Workbook:
        module = importlib.import_module("connectors.csv_folder")
        workbook: Workbook = module.open_workbook(
            module.Params("book"), Opening("shop", self.folder, ZONE, language)
        )
        return workbook

    def save(self, tabs: Mapping[str, Rows]) -> None:
        (self.folder / "book").mkdir(exist_ok=True)
        for tab, rows in tabs.items():
            with (self.folder / "book" / f"{tab}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)

    def look(self, tab: str) -> list[list[str]]:
        with (self.folder / "book" / f"{tab}.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)
        return rows

    def lock(self, tab: str, user: str) -> Path:
        lock = self.folder / "book" / f".~lock.{tab}.csv#"
        lock.write_text(f",{user},host,01.01.2026 09:00,file:///profile;")
        return lock


@dataclass(frozen=True)
class ExcelBench:
    """An Excel file, written by XlsxWriter and looked at with openpyxl."""

    folder: Path

    def open(self, language: str = "en") -> Workbook:
        module = importlib.import_module("connectors.xlsx")
        opening = Opening("shop", self.folder, ZONE, language)
        workbook: Workbook = module.open_workbook(module.Params("book.xlsx"), opening)
        return workbook

    def save(self, tabs: Mapping[str, Rows]) -> None:
        with xlsxwriter.Workbook(self.folder / "book.xlsx", {"strings_to_formulas": False}) as book:
            for tab, rows in tabs.items():
                sheet = book.add_worksheet(tab)
                for number, row in enumerate(rows):
                    for column, text in enumerate(row):
                        if text:
                            sheet.write_string(number, column, text)

    def look(self, tab: str) -> list[list[str]]:
        sheet = openpyxl.load_workbook(self.folder / "book.xlsx")[tab]
        rows = [list(row) for row in sheet.iter_rows()]
        assert not any(cell.data_type == "f" for row in rows for cell in row)
        return [["" if cell.value is None else str(cell.value) for cell in row] for row in rows]

    def lock(self, tab: str, user: str) -> Path:
        lock = self.folder / ".~lock.book.xlsx#"
        lock.write_text(f",{user},host,01.01.2026 09:00,file:///profile;")
        return lock


BENCHES: Mapping[str, type[CsvBench] | type[ExcelBench]] = {"csv_folder": CsvBench, "xlsx": ExcelBench}


def make_bench(kind: str, folder: Path) -> Bench:
    """Return a bench for a kind of connector; a connector without one fails its contract."""
    assert kind in BENCHES, f"connectors/{kind}.py needs a bench in {Path(__file__).name}"
    return BENCHES[kind](folder)
