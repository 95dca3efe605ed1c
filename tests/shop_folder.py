"""A whole sample shop in a folder of its own, and the command line at work in it."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from rowcall.cli import app
from rowcall.home import shipped
from rowcall.mailbox import LOOPBACK
from rowcall.ports import CellChange, CellValue, Wrote
from rowcall.sample import write_sample
from rowcall.shop import Shop, open_shop
from tests.json_schema import fits

DAY = date(2026, 3, 2)
NINE = "2026-03-02 09:00"
TRASH_PORT = 9
"""Nobody answers there."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    text: str
    errors: str

    def fitting(self, schema: str) -> Any:
        """Return the JSON that it printed, which must fit a schema of docs/reference/json."""
        return fits(self.text, schema)


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """A shop's folder on disk."""

    path: Path

    def call(self, *words: str, env: Mapping[str, str] | None = None) -> Ran:
        """Call the command line in this process, with the shop's config."""
        result = CliRunner().invoke(
            app, ["--config", str(self.path / "config.yaml"), *words], env={"COLUMNS": "80", **(env or {})}
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def json(self, schema: str, *words: str, code: int = 0) -> Any:
        """Call a command with --format json; its output must fit the schema of that name."""
        ran = self.call(*words, "--format", "json")
        assert ran.code == code, ran.errors or ran.text
        return ran.fitting(schema)

    def open(self) -> Shop:
        return open_shop(self.path / "config.yaml", os.environ)

    def set_cell(self, table: str, key: str, column: str, value: CellValue) -> None:
        """Write a cell as a person would, whatever stands in it."""
        self.set_cells(table, {key: value}, column)

    def set_cells(self, table: str, values: Mapping[str, CellValue], column: str) -> None:
        shop = self.open()
        schema = shop.config.tables[table]
        workbook = shop.workbooks[schema.workbook]
        changes = [
            CellChange(schema, (key,), column, self.cell(table, key, column), value)
            for key, value in values.items()
        ]
        assert {one.outcome for one in workbook.write(changes)} <= {Wrote.WRITTEN, Wrote.ALREADY}

    def cell(self, table: str, key: str, column: str) -> str:
        """Return the text of a cell as it stands in the file."""
        shop = self.open()
        schema = shop.config.tables[table]
        sheet = dict(shop.workbooks[schema.workbook].read([schema]).sheets)[table]
        keys = [sheet.header.index(name) for name in schema.key]
        wanted = sheet.header.index(column)
        rows = (row for row in sheet.cells.rows() if [row[number] for number in keys] == [key])
        return next(rows)[wanted] or ""

    def rule(self, name: str, text: str) -> None:
        """Put a rule into the shop."""
        (self.path / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def config(self, old: str, new: str) -> None:
        """Change a piece of the config."""
        file = self.path / "config.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def bytes(self) -> dict[str, bytes]:
        """Return every file of the folder with its content."""
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file()
        }


def make_shop(folder: Path, port: int = TRASH_PORT, *, rules: tuple[str, ...] | None = None) -> ShopFolder:
    """Write the sample shop; its mails go to a server on the loopback. rules: only these of the four."""
    folder.mkdir(parents=True, exist_ok=True)
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^  (user|password|send everything to|quiet hours):.*\n", "", text, flags=re.MULTILINE)
    text = text.replace("host: smtp.example.com", f"host: {LOOPBACK}").replace("port: 587", f"port: {port}")
    text = text.replace("security: starttls", "security: none")
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(shipped("templates"), folder / "templates")
    (folder / "rules").mkdir()
    for path in shipped("rules").glob("*.yaml"):
        if rules is None or path.stem in rules:
            shutil.copy(path, folder / "rules")
    write_sample(folder / "shop.xlsx", "en", DAY)
    return ShopFolder(folder)
