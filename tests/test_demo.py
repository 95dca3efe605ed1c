"""Does the demo show what it promises, in both languages, and does it notice when something is amiss?"""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import fastexcel
import openpyxl
import pytest
from rich.cells import cell_len
from rich.console import Console

from rowcall.demo.cellwise import changed_cells
from rowcall.demo.employee import Sorted
from rowcall.demo.play import Outcome, play
from rowcall.demo.script import RULES, AwaitedCell, AwaitedMail, Names, Step
from rowcall.demo.stage import MARK, Seen, Stage, start_day
from rowcall.demo.story import story
from rowcall.demo.telling import WIDTH, Teller, shorten
from rowcall.demo.verdict import Verdict, judge
from rowcall.errors import UsageError, WorkbookBusy
from rowcall.sample import write_sample
from rowcall.sample.headers import Language, header, tab
from rowcall.start.layout import SAMPLE

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Played = tuple[Outcome, list[tuple[Step, Seen, Verdict]], str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, Played]:
    """Play the demo once in each language: outcome, steps, and what was printed."""
    found: dict[Language, Played] = {}
    for language in LANGUAGES:
        printed, steps = StringIO(), list[tuple[Step, Seen, Verdict]]()
        teller = Teller(Console(file=printed, width=WIDTH, highlight=False), language)

        def tell(
            step: Step,
            seen: Seen,
            verdict: Verdict,
            teller: Teller = teller,
            steps: list = steps,  # type: ignore[type-arg]
        ) -> None:
            teller.tell(step, seen, verdict)
            steps.append((step, seen, verdict))

        teller.begin()
        outcome = play(tmp_path_factory.mktemp(language) / "demo", language, tell)
        teller.end(outcome)
        found[language] = outcome, steps, printed.getvalue()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_four_rules_do_what_they_should(played: Mapping[Language, Played], language: Language) -> None:
    outcome = played[language][0]
    assert outcome.wrong == ()
    assert [one.rule for one in outcome.rules] == list(RULES)
    assert [(one.mails, one.cells) for one in outcome.rules] == [(2, 2), (6, 5), (5, 4), (8, 4)]


def test_both_languages_tell_the_same_story(played: Mapping[Language, Played]) -> None:
    shapes = [
        [(step.at.time(), len(seen.mails), len(seen.cells)) for step, seen, _ in played[language][1]]
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_lies_beside_as_eml_and_html(
    played: Mapping[Language, Played], language: Language
) -> None:
    outcome, steps, _ = played[language]
    mails = sum(len(seen.mails) for _, seen, _ in steps)
    assert len(list((outcome.folder / "mails").glob("*.eml"))) == mails
    assert len(list((outcome.folder / "mails").glob("*.html"))) == mails


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_readable_at_eighty_columns(played: Mapping[Language, Played], language: Language) -> None:
    lines = played[language][2].splitlines()
    assert max(map(cell_len, lines)) <= WIDTH
    shown = "\n".join(lines)
    for seen in (one for _, one, _ in played[language][1]):
        for mail in seen.mails:
            assert mail.recipient in shown
        for cell in seen.cells:
            assert cell.key in shown
    assert f"rowcall init my-shop{'' if language == 'en' else ' --lang zh'} --from" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_is_left_as_people_find_it(
    played: Mapping[Language, Played], tmp_path: Path, language: Language
) -> None:
    path = played[language][0].folder / SAMPLE
    write_sample(tmp_path / "before.xlsx", language, start_day())
    before, after = zipfile.ZipFile(tmp_path / "before.xlsx"), zipfile.ZipFile(path)
    assert after.testzip() is None
    assert set(before.namelist()) == set(after.namelist())
    same = {name for name in before.namelist() if before.read(name) == after.read(name)}
    assert {name for name in before.namelist() if "chart" in name or "comments" in name} <= same
    read = fastexcel.read_excel(path).load_sheet(tab("Orders", language)).to_polars()
    orders = read.rows_by_key(header("Orders", "Order No", language), named=True, unique=True)
    assert len(orders) == 41
    assert orders["HT-1041"][header("Orders", "Email", language)]
    assert orders["HT-1038"][header("Orders", "Confirmed at", language)] is None


def test_another_reader_agrees(played: Mapping[Language, Played]) -> None:
    with pytest.warns(UserWarning, match="extension"):
        book = openpyxl.load_workbook(played["en"][0].folder / SAMPLE)
    names = [row[4].value for row in book["Orders"].iter_rows(min_row=2, max_row=41)]
    assert names == sorted(names, key=str)


def test_an_english_shop_holds_nothing_chinese(played: Mapping[Language, Played]) -> None:
    folder = played["en"][0].folder
    assert not list(folder.rglob("*.zh.html"))
    assert not (folder / "rules" / "zh").exists()
    files = {path.name for path in (folder / "rules").iterdir()}
    assert len(files) == 2 * len(RULES)
    assert {name.replace(".test", "") for name in files} == {name for name in files if ".test" not in name}


def test_sorting_changes_no_cell(tmp_path: Path) -> None:
    names = Names("en", start_day(), ZoneInfo("Europe/Berlin"))
    with Stage.set_up(tmp_path / "demo", "en", names.at(0, "08:30")) as stage:
        before = stage.employee.path.read_bytes()
        stage.edit([Sorted("Orders", "Customer name"), Sorted("Products", "On hand", descending=True)])
        after = stage.employee.path.read_bytes()
        schemas = stage.running.shop.config.tables.values()
        sheet = next(one for one in stage.employee.workbook.sheets() if one.name == "Products")
    assert before != after
    assert changed_cells(before, after, schemas) == ()
    on_hand = [float(text) for text in sheet.cells[str(sheet.header.index("On hand"))]]
    assert on_hand == sorted(on_hand, reverse=True)


def test_what_goes_wrong_is_told(tmp_path: Path) -> None:
    names = Names("en", start_day(), ZoneInfo("Europe/Berlin"))
    first = story(names)[0]
    with Stage.set_up(tmp_path / "demo", "en", first.at) as stage:
        seen = stage.look(first.at)
        assert judge(first, seen).wrong == ()
        extra = judge(replace(first, mails=first.mails[:1], cells=first.cells[:1]), seen)
        lost = judge(
            replace(
                first,
                mails=(*first.mails, AwaitedMail("low-stock", "ben@example.com", "Sencha")),
                cells=(
                    *first.cells,
                    AwaitedCell("low-stock", "Products", "GT-01", "Low since", "2025-03-03"),
                ),
            ),
            seen,
        )
        again = stage.look(first.at + timedelta(minutes=1))
    assert len(extra.wrong) == 2
    assert "a mail too many, to emil@example.com" in extra.wrong[0]
    assert "a cell that nobody asked for: Tickets T-314, SLA:  → Overdue" in extra.wrong[1]
    assert "no mail to ben@example.com about Sencha" in lost.wrong[0]
    assert "Products GT-01, Low since should hold 2025-03-03" in lost.wrong[1]
    assert (again.mails, again.cells) == ((), ())


def test_an_earlier_demo_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    at = Names("en", start_day(), ZoneInfo("Europe/Berlin")).at(0, "08:30")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "shop.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="was not made by a demo"):
        Stage.set_up(mine, "en", at)
    assert (mine / "shop.xlsx").read_text(encoding="utf-8") == "mine"
    for _ in range(2):
        with Stage.set_up(tmp_path / "demo", "en", at) as stage:
            assert (stage.folder / MARK).exists()
    (tmp_path / "demo" / f"~${SAMPLE}").write_bytes(b"\x03Ann")
    with pytest.raises(WorkbookBusy, match="open in Excel"):
        Stage.set_up(tmp_path / "demo", "en", at)


@pytest.mark.parametrize(
    ("text", "cells", "shortened"),
    [("short", 10, "short"), ("a longer text", 8, "a long …"), ("现有库存很少", 9, "现有库 …")],
)
def test_long_lines_are_cut_by_their_width(text: str, cells: int, shortened: str) -> None:
    assert shorten(text, cells) == shortened
    assert cell_len(shortened) <= cells


def test_the_command_says_how_it_went(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rowcall", "demo", "--keep", "kept"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "All four rules did what they should" in done.stdout
    assert (tmp_path / "kept" / SAMPLE).exists()
    assert max(map(cell_len, done.stdout.splitlines())) <= WIDTH
