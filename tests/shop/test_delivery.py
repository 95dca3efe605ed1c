"""Are mails and cells safe when the mail server, the workbook and people misbehave? A real shop, end to end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rowcall.episode import DeliveryState, Ending
from tests.mailbox import DroppingBeforeContent, Manners, self_signed_tls
from tests.shop.folder import BOOKS, HEADER, Postbox, ShopFolder, order

Open = Callable[..., ShopFolder]

CONFIRM = """
rule: Confirm
look at: Orders
when: {Status: Paid}
first run: only new ones
expires after: 2 days
then:
  - email: {to: Email, subject: "Order {{ order_no }}", text: "Thank you."}
    set: {Confirmed at: now}
"""
TELL_ANNA = """
rule: Tell Anna
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - email: {to: anna, subject: "Paid: {{ order_no }}", text: "Please pack."}
"""


@pytest.fixture
def box() -> Iterator[Postbox]:
    with Postbox() as one:
        yield one


@pytest.fixture
def open_folder(tmp_path: Path, box: Postbox) -> Iterator[Open]:
    opened: list[ShopFolder] = []

    def make(rules: dict[str, str], *orders: dict[str, str], **more: object) -> ShopFolder:
        shop = ShopFolder(tmp_path, rules, orders, **{"port": box.port, **more})  # type: ignore[arg-type] # fields
        opened.append(shop)
        return shop

    yield make
    for shop in opened:
        shop.close()


def pay(shop: ShopFolder, *numbers: str) -> None:
    for number in numbers:
        shop.book.edit(number, "Status", "Paid")


TROUBLES = {
    "450 to the sender": Manners(mail="450 4.3.2 busy"),
    "451 to the recipient": Manners(rcpt="451 4.2.1 greylisted"),
    "452 after the content": Manners(content="452 4.3.1 disk full"),
    "421 to the sender": Manners(mail="421 4.3.0 bye"),
    "421 after the content": Manners(content="421 4.3.0 bye"),
    "550 that means later": Manners(rcpt="550 5.7.0 frequency limited"),
    "hangs up on the sender": Manners(mail="drop"),
    "hangs up on the recipient": Manners(rcpt="drop"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_refused_mail_is_tried_until_it_goes_and_then_once(
    trouble: str, open_folder: Open, box: Postbox
) -> None:
    shop = open_folder({"confirm": CONFIRM}, order("1"), order("2"))
    shop.run("09:00")
    pay(shop, "1")
    box.manners = TROUBLES[trouble]
    shop.run("09:01")
    shop.walk("09:05", "10:00")
    (mail,) = shop.listed(kind="email")
    assert mail.state is DeliveryState.READY
    assert box.received == []
    assert shop.book.cell("1", "Confirmed at") == ""
    box.manners = Manners()
    shop.walk("10:05", "11:30")
    assert box.subjects() == ["Order 1"]
    endings = shop.endings(mail)
    assert endings == [Ending.RETRY] * (len(endings) - 1) + [Ending.SENT]
    assert len(endings) > 3
    if "after the content" in trouble:
        assert len(box.arrived) == len(endings)
    else:
        assert len(box.arrived) == 1
    assert len(set(box.arrived)) == 1
    assert shop.book.cell("1", "Confirmed at") != ""
