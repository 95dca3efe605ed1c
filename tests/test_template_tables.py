"""How does a list read in a mail: as a table in HTML, as aligned lines in plain text?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rowcall.errors import Place, TemplateError
from rowcall.table import CellValue, Kind
from rowcall.template import ListColumn, ListTable, Templates
from rowcall.template.plain import html_of, text_of

PLACE = Place(file="rules/x.yaml", line=7)
COLUMNS = (ListColumn("Order No"), ListColumn("Total", Kind.MONEY), ListColumn("Ordered on", Kind.DATE))
ROWS: tuple[tuple[CellValue, ...], ...] = (
    ("A-1", Decimal("1234.505"), date(2026, 3, 5)),
    ("<b>茶</b>", Decimal(9), None),
)
OPEN = ListTable(COLUMNS, ROWS)


def templates(folder: Path = Path(), language: str = "en") -> Templates:
    return Templates(folder, language, ZoneInfo("Europe/Berlin"), "EUR")


def say(text: str, table: ListTable = OPEN, language: str = "en") -> str:
    return templates(language=language).render(text, {"orders_open": table}, place=PLACE)


def page(folder: Path, text: str, table: ListTable = OPEN) -> str:
    (folder / "x.html").write_text(text, encoding="utf-8")
    return templates(folder).render_html_file("x.html", {"orders_open": table})


def test_plain_text_is_aligned() -> None:
    assert say("Open:\n{{ orders_open }}\nThank you.") == (
        "Open:\n\n"
        "Order No       Total  Ordered on\n"
        "---------  ---------  ----------\n"
        "A-1        €1,234.51  5 Mar 2026\n"
        "<b>茶</b>      €9.00\n\n"
        "Thank you."
    )


def test_html_is_a_table_with_every_cell_escaped(tmp_path: Path) -> None:
    html = page(tmp_path, "<p>Open:</p>{{ orders_open }}")
    assert '<th class="number">Total</th>' in html
    assert "<td>&lt;b&gt;茶&lt;/b&gt;</td>" in html
    assert '<td class="number">€9.00</td>' in html
    assert text_of(html).splitlines()[3] == "A-1        €1,234.51  5 Mar 2026"


def test_a_text_mail_keeps_the_columns_in_its_html() -> None:
    html = html_of(say("Open:\n{{ orders_open }}\nThank you."))
    assert '<pre style="font-family: monospace; font-size: 14px">Order No ' in html
    assert "&lt;b&gt;茶&lt;/b&gt;" in html
    assert html.endswith("<p>Thank you.</p>")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ orders_open | length }}", "2"),
        ("{% for row in orders_open %}{{ row.order_no }};{% endfor %}", "A-1;<b>茶</b>;"),
        ("{{ (orders_open | first).order_no }}", "A-1"),
        ("{{ orders_open[1].total }}", "9"),
        ("{{ orders_open | join(', ', 'order_no') }}", "A-1, <b>茶</b>"),
        ("{% if orders_open is not empty %}some{% endif %}", "some"),
        ("{% if orders_open %}some{% else %}none{% endif %}", "some"),
    ],
)
def test_a_text_can_go_through_the_rows(text: str, said: str) -> None:
    assert say(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ orders_open }}", "–"),
        ("{{ orders_open | length }}", "0"),
        ("{% if orders_open is empty %}none{% endif %}", "none"),
        ("{% if orders_open %}some{% else %}none{% endif %}", "none"),
    ],
)
def test_a_list_without_rows(text: str, said: str) -> None:
    assert say(text, ListTable(COLUMNS, ())) == said


@pytest.mark.parametrize(
    "text", ["{{ orders_open.columns }}", "{{ orders_open.rows }}", "{{ orders_open + 1 }}"]
)
def test_its_inside_is_not_reached(text: str) -> None:
    with pytest.raises(TemplateError):
        say(text)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (ListColumn("X", Kind.PERCENT), Decimal("0.923"), "92%"),
        (ListColumn("X", Kind.NUMBER), Decimal("12345.5"), "12,345.5"),
        (ListColumn("X", Kind.NUMBER), "N/A", "N/A"),
        (ListColumn("X", Kind.DATETIME), datetime(2026, 3, 5, 9, tzinfo=UTC), "5 Mar 2026, 10:00"),
        (ListColumn("X", Kind.DURATION), timedelta(hours=36), "1 day 12 hours"),
        (ListColumn("X", Kind.DURATION, "days"), timedelta(hours=36), "1.5 days"),
        (ListColumn("X", Kind.DURATION, "hours"), timedelta(minutes=90), "1.5 hours"),
        (ListColumn("X", Kind.NUMBER, "money"), Decimal("2.5"), "€2.50"),
        (ListColumn("X", Kind.YES_NO), True, "yes"),
        (ListColumn("X"), "two\nlines", "two lines"),
    ],
    ids=lambda one: one.kind if isinstance(one, ListColumn) else None,
)
def test_cells_read_as_people_write_them(column: ListColumn, value: CellValue, said: str) -> None:
    lines = say("{{ orders_open }}", ListTable((column,), ((value,),))).strip().split("\n")
    assert lines[2].strip() == said


@pytest.mark.parametrize(("language", "said"), [("en", "and 20 more"), ("zh", "另有 20 行")])
def test_a_long_list_is_cut_and_says_so(language: str, said: str) -> None:
    table = ListTable((ListColumn("No"),), tuple((str(number),) for number in range(120)))
    lines = say("{{ orders_open }}", table, language).strip().split("\n")
    assert (len(lines), lines[-1]) == (103, said)
