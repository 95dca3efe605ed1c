"""Real orders, shown as a shop's sheet at a moment: rows that are there by then, future timestamps hidden."""

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "olist"
FIRST, LAST = datetime(2017, 11, 20), datetime(2017, 12, 5, 23, 30)
STEP = timedelta(minutes=30)
HEADER = ("Order", "Bought at", "Approved at", "Ship by", "Handed over at", "Promised on", "Delivered at")


@dataclass(frozen=True, slots=True)
class Order:
    """One order; moments are local and naive, as in the data; None = never."""

    id: str
    bought: datetime
    approved: datetime | None
    ship_by: datetime | None
    handed_over: datetime | None
    promised: datetime
    delivered: datetime | None

    def cells(self, at: datetime) -> list[str]:
        """Return the row as the sheet shows it at a moment: what has happened, and what was promised."""
        happened = [
            one if one and one <= at else None for one in (self.approved, self.handed_over, self.delivered)
        ]
        approved, handed_over, delivered = (f"{one:%Y-%m-%d %H:%M:%S}" if one else "" for one in happened)
        ship_by = f"{self.ship_by:%Y-%m-%d %H:%M:%S}" if self.ship_by else ""
        bought = f"{self.bought:%Y-%m-%d %H:%M:%S}"
        return [self.id, bought, approved, ship_by, handed_over, f"{self.promised:%Y-%m-%d}", delivered]


def read_orders(since: datetime) -> list[Order]:
    """Return the orders bought since a day, with each one's earliest shipping limit; skips without the data."""
    if not FOLDER.is_dir():
        pytest.skip(
            "the real orders lie in shared/data/olist beside the checkout, and that folder is not there"
        )
    limits: dict[str, datetime] = {}
    with (FOLDER / "order_items.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            limit = datetime.fromisoformat(row["shipping_limit_date"])
            limits[row["order_id"]] = min(limit, limits.get(row["order_id"], limit))
    with (FOLDER / "orders.csv").open(encoding="utf-8", newline="") as file:
        orders = [_order(row, limits) for row in csv.DictReader(file)]
    return [order for order in orders if since <= order.bought <= LAST]


def moments() -> list[datetime]:
    """Return the half hours of the walk."""
    count = (LAST - FIRST) // STEP
    return [FIRST + STEP * number for number in range(count + 1)]


def write_csv(folder: Path, orders: list[Order], at: datetime) -> None:
    """Write the sheet as it stands at a moment, its rows in any order."""
    with (folder / "Orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *_rows(orders, at)])


def write_xlsx(path: Path, orders: list[Order], at: datetime) -> None:
    """Write the sheet as an Excel file, moments as real dates."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Orders")
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(_rows(orders, at), 1):
        sheet.write_string(number, 0, row[0])
        for column, text in enumerate(row[1:], 1):
            if text:
                style = day if HEADER[column] == "Promised on" else moment
                sheet.write_datetime(number, column, datetime.fromisoformat(text), style)
    book.close()


def _rows(orders: list[Order], at: datetime) -> list[list[str]]:
    rows = [order.cells(at) for order in orders if order.bought <= at]
    random.Random(at.isoformat()).shuffle(rows)
    return rows


def _order(row: dict[str, str], limits: dict[str, datetime]) -> Order:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    return Order(
        id=row["order_id"],
        bought=datetime.fromisoformat(row["order_purchase_timestamp"]),
        approved=moment("order_approved_at"),
        ship_by=limits.get(row["order_id"]),
        handed_over=moment("order_delivered_carrier_date"),
        promised=datetime.fromisoformat(row["order_estimated_delivery_date"]),
        delivered=moment("order_delivered_customer_date"),
    )
