"""Are mails and cells safe when the mail server, the workbook and people misbehave? A real shop, end to end."""

import pytest

from rowcall.episode import DeliveryState, Ending
from tests.mailbox import DroppingBeforeContent, Manners, self_signed_tls
from tests.shop.folder import Open, Postbox, order

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
    shop.pay("1")
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


def test_a_server_that_hangs_up_before_the_content(open_folder: Open, box: Postbox) -> None:
    shop = open_folder({"confirm": CONFIRM}, order("1"))
    shop.run("09:00")
    shop.pay("1")
    box.stop()
    with DroppingBeforeContent(port=shop.port) as rude:
        shop.run("09:01")
        shop.walk("09:05", "09:30")
        assert (rude.tries, rude.received) == (0, [])
    with Postbox(port=shop.port) as well:
        shop.walk("09:35", "11:00")
        assert well.subjects() == ["Order 1"]
        assert len(well.arrived) == 1


def test_a_drop_after_the_content_is_uncertain_and_tried_under_the_same_id(
    open_folder: Open, box: Postbox
) -> None:
    shop = open_folder({"confirm": CONFIRM}, order("1"))
    shop.run("09:00")
    shop.pay("1")
    box.manners = Manners(content="drop")
    shop.run("09:01")
    (mail,) = shop.listed(kind="email")
    assert mail.state is DeliveryState.UNCERTAIN
    assert "may have been taken or not" in mail.reason
    assert shop.states("set_cells") == [DeliveryState.WAITING]
    shop.walk("09:05", "09:30")
    box.manners = Manners()
    shop.walk("09:35", "11:00")
    endings = shop.endings(mail)
    assert endings == [Ending.UNCERTAIN] * (len(endings) - 1) + [Ending.SENT]
    assert len(box.arrived) == len(endings) >= 3
    assert len(set(box.arrived)) == 1
    assert box.subjects() == ["Order 1"]
    assert shop.states() == [DeliveryState.SENT, DeliveryState.SENT]


@pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "restarts at every step"])
def test_six_hours_without_a_mail_server_lose_nothing(
    restarts: bool, open_folder: Open, box: Postbox
) -> None:
    orders = [order(str(number)) for number in range(30)]
    shop = open_folder({"confirm": CONFIRM, "tell-anna": TELL_ANNA}, *orders, restarts=restarts)
    shop.run("09:00")
    shop.pay(*(str(number) for number in range(7)))
    box.stop()
    shop.run("09:01")
    shop.walk("09:05", "12:00", minutes=30 if restarts else 5)
    shop.pay("7")
    shop.run("12:01")
    shop.walk("12:05", "15:00", minutes=30 if restarts else 5)
    assert shop.states("email") == [DeliveryState.READY] * 16
    assert [lane.lane for lane in shop.store.lanes_in_trouble()] == ["mail"]
    with Postbox(port=shop.port) as back:
        shop.walk("15:05", "17:30", minutes=15 if restarts else 5)
        confirmed = [f"Order {number}" for number in range(8)]
        told = [f"Paid: {number}" for number in range(8)]
        assert sorted(back.subjects()) == sorted([*confirmed, *told])
        assert len(back.arrived) == len(set(back.arrived)) == 16
        assert sum(shop.endings(one).count(Ending.SENT) for one in shop.listed(kind="email")) == 16
    assert shop.store.lanes_in_trouble() == []
    assert all(shop.book.cell(str(number), "Confirmed at") for number in range(8))
    assert shop.book.cell("8", "Confirmed at") == ""


def test_a_dead_recipient_is_told_once_and_stops_nobody_else(open_folder: Open, box: Postbox) -> None:
    shop = open_folder({"confirm": CONFIRM, "tell-anna": TELL_ANNA}, order("1"), order("2"))
    shop.run("09:00")
    shop.pay("1")
    box.manners = Manners(rcpt="550 5.1.1 no such mailbox", then_well=True)
    shop.run("09:01")
    dead, anna = shop.listed(kind="email")
    assert (dead.state, anna.state) == (DeliveryState.DEAD, DeliveryState.SENT)
    assert shop.states("set_cells") == [DeliveryState.CANCELLED]
    shop.pay("2")
    for minute in range(2, 6):
        shop.run(f"09:0{minute}")
    assert box.told("dora@shop.example") == ["Confirm: row 1 could not be delivered"]
    notice = next(one for one in box.received if one.recipient == "dora@shop.example")
    assert "c1@example.com" in notice.text()
    assert "550 5.1.1 no such mailbox" in notice.text()
    assert box.told("c1@example.com") == []
    assert box.told("c2@example.com") == ["Order 2"]
    assert box.told("anna@shop.example") == ["Paid: 1", "Paid: 2"]
    assert (shop.book.cell("1", "Confirmed at"), len(shop.endings(dead))) == ("", 1)


def test_what_could_not_be_sent_in_time_is_reported(open_folder: Open, box: Postbox) -> None:
    hasty = CONFIRM.replace("2 days", "3 hours")
    shop = open_folder({"confirm": hasty}, order("1"))
    shop.run("09:00")
    shop.pay("1")
    box.manners = Manners(rcpt="451 4.2.1 greylisted")
    shop.run("09:01")
    shop.walk("09:30", "13:00", minutes=30)
    assert shop.states() == [DeliveryState.EXPIRED, DeliveryState.CANCELLED]
    box.manners = Manners()
    shop.run("13:05")
    shop.run("14:00")
    assert box.subjects() == ["Confirm: row 1 could not be delivered"]
    (notice,) = box.received
    assert "expired: it could not be done in time" in notice.text()
    assert "greylisted" in notice.text()


def test_a_self_signed_server_is_refused_and_nothing_is_sent(open_folder: Open) -> None:
    with Postbox(tls=self_signed_tls()) as stranger:
        shop = open_folder({"confirm": CONFIRM}, order("1"), port=stranger.port, security="starttls")
        shop.run("09:00")
        shop.pay("1")
        shop.run("09:01")
        shop.walk("09:30", "11:00", minutes=30)
        (mail,) = shop.listed(kind="email")
        assert (mail.state, stranger.asked, stranger.received) == (DeliveryState.READY, [], [])
        assert len(shop.endings(mail)) >= 2
        assert f"the mail server 127.0.0.1:{stranger.port} can't prove who it is" in mail.reason
        assert "nothing was sent" in mail.reason
    with Postbox() as friend:
        shop.write_config(port=friend.port, security="none")
        shop.restart()
        shop.walk("11:30", "13:00", minutes=30)
        assert friend.subjects() == ["Order 1"]
