"""What stands in the rows of the sample workbook, in one language and counted back from one day?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from rowcall.sample.catalogue import PRODUCTS, SUPPLIERS
from rowcall.sample.headers import NO, YES, Language, choice
from rowcall.sample.orders import ORDERS, Order
from rowcall.sample.people import CUSTOMERS, STAFF
from rowcall.sample.tickets import TICKETS

Cell = str | int | float | date | datetime | None
Row = tuple[Cell, ...]

_FIRST_ORDER = 1001
_FIRST_TICKET = 301
_MAIL_AFTER = timedelta(minutes=6)
_SETTINGS = (
    (("Large order", "大额订单"), (500, 3500), ("Orders above this are confirmed by a person, not by mail",
                                            "超过此金额的订单由人工确认,不自动发邮件")),
    (("Days to return", "退货天数"), (14, 7), ("For the text of our letters", "用于信函说明")),
    (("Shop telephone", "店铺电话"), ("+49 30 23125 100", "+86 10 0000 0100"), ("Service desk, 9 to 18",
                                                                            "客服,9点至18点")),
)  # fmt: skip


def build_rows(language: Language, today: date) -> Mapping[str, Sequence[Row]]:
    """Return the rows of each tab by its English name, in the order of the tab's headers."""
    build: Mapping[str, Callable[[Language, date], Iterator[Row]]] = {
        "Orders": _orders,
        "Order lines": _order_lines,
        "Products": _products,
        "Customers": _customers,
        "Tickets": _tickets,
        "Staff": _staff,
        "Settings": _settings,
    }
    return {table: tuple(rows(language, today)) for table, rows in build.items()}


def order_total(order: Order, language: Language) -> float:
    """Return what the order's lines cost together, to the cent."""
    return round(sum(_price(sku, language) * quantity for sku, quantity in order.lines), 2)


def _price(sku: str, language: Language) -> float:
    product = next(product for product in PRODUCTS if product.sku == sku)
    return product.euro if language == "en" else product.yuan


def _large_order(language: Language) -> float:
    return float(_SETTINGS[0][1][_index(language)])


def _index(language: Language) -> int:
    return 0 if language == "en" else 1


def _yes_no(answer: str, language: Language) -> str:
    return {"yes": YES, "no": NO}[answer][_index(language)] if answer else ""


def _moment(today: date, days_ago: int, clock: str) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time.fromisoformat(clock))


def _day(today: date, days_ago: int | None) -> date | None:
    return None if days_ago is None else today - timedelta(days=days_ago)


def _orders(language: Language, today: date) -> Iterator[Row]:
    for number, order in enumerate(ORDERS, start=_FIRST_ORDER):
        customer = CUSTOMERS[language][order.customer - 1]
        ordered = _moment(today, order.days_ago, order.time)
        total = order_total(order, language)
        under_way = order.status in ("Shipped", "Delivered", "Returned")
        mailed = order.mailed and order.confirmed and order.status not in ("New", "Cancelled")
        yield (
            f"HT-{number}",
            ordered,
            choice("Orders", "Channel", order.channel, language),
            f"C-{order.customer:03}",
            customer.name,
            customer.email if order.mailed else None,
            choice("Orders", "Status", order.status, language),
            total,
            choice("Orders", "Payment method", order.payment, language),
            f"TRK-{number * 7919 % 1000000:06}" if under_way else None,
            _day(today, order.delivered),
            _yes_no(order.consent, language) or None,
            _yes_no("yes", language) if order.unsubscribed else None,
            _day(today, order.asked),
            order.score,
            ordered + _MAIL_AFTER if mailed and total <= _large_order(language) else None,
            order.note[_index(language)] or None,
        )


def _order_lines(language: Language, today: date) -> Iterator[Row]:
    del today  # the lines carry no dates
    names = {product.sku: (product.english, product.chinese) for product in PRODUCTS}
    for number, order in enumerate(ORDERS, start=_FIRST_ORDER):
        for line, (sku, quantity) in enumerate(order.lines, start=1):
            price = _price(sku, language)
            yield (
                f"HT-{number}-{line}",
                f"HT-{number}",
                sku,
                names[sku][_index(language)],
                quantity,
                price,
                round(quantity * price, 2),
            )


def _products(language: Language, today: date) -> Iterator[Row]:
    for product in PRODUCTS:
        yield (
            product.sku,
            (product.english, product.chinese)[_index(language)],
            choice("Products", "Category", product.category, language),
            _price(product.sku, language),
            SUPPLIERS[product.supplier][_index(language)],
            product.left,
            product.point,
            _yes_no("yes" if product.active else "no", language),
            _day(today, 4) if product.ordered else None,
            product.ordered or None,
        )


def _customers(language: Language, today: date) -> Iterator[Row]:
    prefix = ("+49 30 23125 ", "+86 10 0000 0")[_index(language)]  # numbers that nobody can have
    for number, person in enumerate(CUSTOMERS[language], start=1):
        tier = "Gold" if number % 13 == 1 else "Standard" if number % 5 else "Silver"
        yield (
            f"C-{number:03}",
            person.name,
            person.email,
            f"{prefix}{100 + number}",
            person.city,
            choice("Customers", "Tier", tier, language),
            today - timedelta(days=60 + number * 37 % 900),
        )


def _tickets(language: Language, today: date) -> Iterator[Row]:
    for number, ticket in enumerate(TICKETS, start=_FIRST_TICKET):
        yield (
            f"T-{number}",
            _moment(today, ticket.days_ago, ticket.time),
            choice("Tickets", "Channel", ticket.channel, language),
            CUSTOMERS[language][ticket.customer - 1].name,
            ticket.subject[_index(language)],
            choice("Tickets", "Priority", ticket.priority, language),
            choice("Tickets", "Status", ticket.status, language),
            STAFF[language][ticket.assignee - 1].name if ticket.assignee else None,
            _moment(today, *ticket.replied) if ticket.replied else None,
            choice("Tickets", "SLA", ticket.sla, language) or None,
        )


def _staff(language: Language, today: date) -> Iterator[Row]:
    for person in STAFF[language]:
        first, last = person.away or (None, None)
        yield (
            person.name,
            person.email,
            ", ".join(person.roles),
            _yes_no("yes" if person.active else "no", language),
            None if first is None else today + timedelta(days=first),
            None if last is None else today + timedelta(days=last),
            person.backup or None,
            language,
        )


def _settings(language: Language, today: date) -> Iterator[Row]:
    del today  # settings carry no dates
    for name, value, about in _SETTINGS:
        yield name[_index(language)], value[_index(language)], about[_index(language)]
