"""Four rules over two weeks of real orders: rule by rule and day by day what an independent count says."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rowcall.clock import SetClock, SystemClock
from rowcall.mailbox import Mailbox
from rowcall.post import mailer_of, outbox_of
from rowcall.shop import open_shop
from rowcall.tick import Ticker
from tests.shop.olist import FIRST, Order, moments, read_orders, write_csv, write_xlsx

ZONE = ZoneInfo("America/Sao_Paulo")
CONFIG = """
shop: {{name: Olist, timezone: America/Sao_Paulo, language: en, currency: BRL, responsible: maria}}
workbooks:
  shop: {{connector: {connector}, path: {path}}}
settle: 0
tables:
  Orders:
    key: Order
    columns: {{Order: text, Bought at: datetime, Approved at: datetime, Ship by: datetime,
      Handed over at: datetime, Promised on: date, Delivered at: datetime}}
people:
  maria: {{email: maria@example.com}}
email: {{from: shop@example.com, host: 127.0.0.1, port: {port}, security: none}}
"""
RULES = {
    "late-parcel": "Promised on: before today\n  Delivered at: empty",
    "payment-approved": "Approved at: not empty",
    "survey-due": "Delivered at:\n    - at least 3 days ago\n    - at most 30 days ago",
    "ship-overdue": "Ship by: before now\n  Handed over at: empty",
}
RULE = """
rule: {name}
look at: Orders
when:
  {when}
first run: only new ones
once per row: yes
then:
  - email: {{to: maria, subject: "{name} {{{{ order }}}}", text: "{{{{ order }}}}"}}
"""

Expected = Callable[[Order, datetime], bool]


def _late(order: Order, at: datetime) -> bool:
    return order.promised.date() < at.date() and not (order.delivered and order.delivered <= at)


def _approved(order: Order, at: datetime) -> bool:
    return order.approved is not None and order.approved <= at


def _survey(order: Order, at: datetime) -> bool:
    return order.delivered is not None and timedelta(days=3) <= at - order.delivered <= timedelta(days=30)


def _overdue(order: Order, at: datetime) -> bool:
    return bool(order.ship_by and order.ship_by < at and not (order.handed_over and order.handed_over <= at))


EXPECTED: dict[str, Expected] = {
    "late-parcel": _late,
    "payment-approved": _approved,
    "survey-due": _survey,
    "ship-overdue": _overdue,
}


def count_by_day(orders: list[Order]) -> Counter[tuple[str, str]]:
    """Count plainly, order by order: the first half hour at which a rule matters, unless it did from the start."""
    counted: Counter[tuple[str, str]] = Counter()
    walk = moments()
    for order in orders:
        for name, matters in EXPECTED.items():
            seen = [at for at in walk if order.bought <= at and matters(order, at)]
            if seen and seen[0] > FIRST:
                counted[name, f"{seen[0]:%m-%d}"] += 1
    return counted


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("connector", "since"),
    [("csv_folder", datetime(2017, 9, 1)), ("xlsx", datetime(2017, 10, 15))],
)
def test_real_orders_fire_as_counted(connector: str, since: datetime, tmp_path: Path) -> None:
    orders = read_orders(since)
    mailbox = Mailbox()
    with mailbox:
        path = "book" if connector == "csv_folder" else "book.xlsx"
        (tmp_path / "book").mkdir()
        config = CONFIG.format(connector=connector, path=path, port=mailbox.port)
        (tmp_path / "config.yaml").write_text(config)
        (tmp_path / "rules").mkdir()
        (tmp_path / "templates").mkdir()
        for name, when in RULES.items():
            (tmp_path / "rules" / f"{name}.yaml").write_text(RULE.format(name=name, when=when))
        fired = _walk(tmp_path, connector, orders)
    expected = count_by_day(orders)
    assert fired == expected
    assert sum(expected.values()) > 250
    mails = Counter(str(received.message()["Subject"]) for received in mailbox.received)
    assert len(mails) == sum(expected.values())
    assert set(mails.values()) == {1}


def _walk(folder: Path, connector: str, orders: list[Order]) -> Counter[tuple[str, str]]:
    fired: Counter[tuple[str, str]] = Counter()
    shop = open_shop(folder / "config.yaml", {})
    store = shop.open_store()
    ticker = Ticker(shop, store)
    clock = SetClock(FIRST.replace(tzinfo=ZONE))
    mailer = mailer_of(shop.config)
    outbox = outbox_of(shop, store, lambda: ticker.rules, mailer, clock, SystemClock())
    for index, at in enumerate(moments()):
        if connector == "csv_folder":
            write_csv(folder / "book", orders, at)
        else:
            write_xlsx(folder / "book.xlsx", orders, at)
        clock.set(at.replace(tzinfo=ZONE))
        plan = ticker.tick(clock.now(), reload=index == 0)
        assert plan.problems == ()
        if index == 0:
            assert plan.firings == ()
            assert set(plan.baseline) == set(RULES)
        for firing in plan.firings:
            fired[firing.rule, f"{at:%m-%d}"] += 1
        outbox.deliver_due(clock.now())
    # A second run over the same sheet sends nothing.
    assert ticker.tick(clock.now(), reload=False).firings == ()
    mailer.close()
    store.close()
    return fired
