"""The working times of a whole shop: config, the shop's own table of holidays, and what `check` and `doctor` say."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rowcall.calendar import add, format_hours
from rowcall.duration import Span, Unit
from rowcall.shop import RuleSet, house_of, open_shop, scope_of
from rowcall.snapshots import take_snapshot
from rowcall.staff import calendars_of, unknown_holidays
from rowcall.table import Table
from tests.shop_folder import ShopFolder

CONFIG = """
shop: {name: Tea, timezone: Europe/Berlin, working hours: desk}
workbooks: {book: {connector: csv_folder, path: book}}
tables:
  Orders: {key: No, columns: {No: text}}
  Holidays: {key: Date, columns: {Date: date, Kind: text, Hours: text}}
calendars:
  desk: {Mon-Fri: 09:00-18:00, holidays: {table: Holidays, country: CN}}
  store: {Sat: 10:00-14:00}
"""
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    book = tmp_path / "book"
    book.mkdir()
    (book / "Orders.csv").write_text("No\n1\n", encoding="utf-8")
    holidays = "Date,Kind,Hours\n2026-03-03,Holiday,\n2026-03-07,Workday,\n2026-03-09,,10:00-12:00\n2026-03-10,Party,\n"
    (book / "Holidays.csv").write_text(holidays, encoding="utf-8")
    (tmp_path / "attachments" / "terms").mkdir(parents=True)
    (tmp_path / "attachments" / "terms" / "returns.pdf").write_bytes(b"x")
    return ShopFolder(tmp_path)


def read(folder: ShopFolder) -> dict[str, Table]:
    shop = open_shop(folder.path / "config.yaml", {})
    about = shop.config.shop
    found = take_snapshot(
        shop.workbooks, shop.config.tables.values(), NOW, language=about.language, zone=about.zone
    )
    return dict(found.tables)


def test_the_own_table_is_merged(folder: ShopFolder) -> None:
    shop = open_shop(folder.path / "config.yaml", {})
    calendars, problems = calendars_of(shop.config, read(folder))
    desk = calendars["desk"]
    hours = {
        day: format_hours(desk.hours_of(datetime(2026, 3, day, tzinfo=UTC).date())) for day in (2, 3, 7, 8, 9)
    }
    assert hours == {2: "09:00-18:00", 3: "closed", 7: "09:00-18:00", 8: "closed", 9: "10:00-12:00"}
    late = datetime(2026, 3, 2, 16, tzinfo=UTC)  # 17:00 in the shop
    assert add(desk, late, Span(2, Unit.HOUR, working=True)) == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert [str(one) for one in problems] == [
        (
            "Holidays!Date, row 2026-03-10: `Party` is no kind of day for 2026-03-10. (Write `Holiday` (closed), `Workday` "
            "(a make-up working day) or `Greeting` (no change).)"
        )
    ]


def test_house_and_scope_know_them(folder: ShopFolder) -> None:
    shop, tables = open_shop(folder.path / "config.yaml", {}), read(folder)
    scope = scope_of(shop, tables)
    assert scope.calendars == ("desk", "store")
    assert scope.working_hours == "desk"
    assert scope.attachments == ("terms/returns.pdf",)
    assert not scope.public_url
    assert set(house_of(shop, RuleSet(()), tables).calendars) == {"desk", "store"}


def test_without_the_table_the_rest_counts_and_it_is_told(folder: ShopFolder) -> None:
    shop = open_shop(folder.path / "config.yaml", {})
    calendars, problems = calendars_of(shop.config, {})
    assert format_hours(calendars["desk"].hours_of(NOW.date())) == "09:00-18:00"
    assert [one.what for one in problems] == [
        "The holidays of Holidays are not known: the table or one of its columns can't be read."
    ]


def test_a_year_that_is_not_known_is_warned_of(folder: ShopFolder) -> None:
    shop = open_shop(folder.path / "config.yaml", {})
    calendars, _ = calendars_of(shop.config, read(folder))
    assert unknown_holidays(calendars, NOW) == ()
    (warning,) = unknown_holidays(calendars, datetime(2036, 12, 1, tzinfo=UTC))[:1]
    assert "The holidays of CN in 2036 are not all known yet" in warning.what


def test_check_and_doctor_say_so(folder: ShopFolder) -> None:
    found = json.loads(folder.call("check", "--format", "json").text)
    assert any("`Party` is no kind of day" in one["what"] for one in found["problems"])
    examined = json.loads(folder.call("doctor", "--format", "json").text)
    assert any("`Party` is no kind of day" in one["detail"] for one in examined["checks"])


def test_mistakes_in_calendars_are_told_with_those_of_the_shop(folder: ShopFolder) -> None:
    text = CONFIG.replace("Europe/Berlin", "Berlim").replace("10:00-14:00", "10-14")
    (folder.path / "config.yaml").write_text(text, encoding="utf-8")
    ran = folder.call("check")
    assert "There is no time zone" in ran.text
    assert "10:00-14:00" in ran.text
