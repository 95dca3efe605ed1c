"""Do lists print and go along in mails, and do questions go out as they should?"""

from io import BytesIO

import openpyxl

from rowcall.kinds import action_kinds
from rowcall.preview import plan_json
from tests.shop.folder import ZONE, Open, Postbox, order

WEEKLY = """
rule: Weekly
schedule: every day at 10:00
figures:
  Open orders: {in: Orders, where: {Status: New}, list: [Order No, Total], sort by: Order No}
  By status: {in: Orders, count: rows, by: Status}
then:
  - email:
      to: dora
      subject: "{{ open_orders | length }} open"
      text: "Open:\\n{{ open_orders }}\\nBy status:\\n{{ by_status }}\\nBye"
      attach: [Open orders as xlsx, By status as csv]
"""
EACH = """
rule: Each
look at: Orders
when: {Status: Paid}
first run: only new ones
figures:
  Of the same owner: {in: Orders, where: {Owner: same as this.Owner}, list: [Order No, Status]}
then:
  - email: {to: dora, subject: "{{ order_no }}", text: "{{ of_the_same_owner }}", attach: Of the same owner as csv}
"""
ASK = """
rule: Approve
look at: Orders
when: {Status: Paid}
stop when: {Note: not empty}
first run: only new ones
then:
  - ask:
      to: [Owner or dora]
      subject: "Ship {{ order_no }}?"
      text: "Please answer in Note."
      answer: Note
      choices: [Approved, Rejected]
  - at: 1 day after last
    email: {to: [Owner or dora], subject: "Still: {{ order_no }}", text: Please.}
"""


def test_lists_print_and_go_along(open_folder: Open, box: Postbox) -> None:
    shop = open_folder({"weekly": WEEKLY}, order("1"), order("2", "Paid"), order("3"))
    shop.run("09:00")
    shop.run("10:00")
    (mail,) = box.mails()
    assert mail["Subject"] == "2 open"
    assert box.received[0].text().splitlines() == [
        "Open:", "",
        "Order No   Total",
        "--------  ------",
        "1         €12.50",
        "3         €12.50", "",
        "By status:", "",
        "Status  By status",
        "------  ---------",
        "New             2",
        "Paid            1", "",
        "Bye",
    ]  # fmt: skip
    sheet, breakdown = mail.iter_attachments()
    assert [part.get_filename() for part in (sheet, breakdown)] == ["Open orders.xlsx", "By status.csv"]
    rows = openpyxl.load_workbook(BytesIO(sheet.get_content())).worksheets[0].iter_rows(values_only=True)
    assert list(rows) == [("Order No", "Total"), ("1", 12.5), ("3", 12.5)]
    text = breakdown.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode("utf-8-sig").splitlines() == ["Status,By status", "New,2", "Paid,1"]


def test_a_list_of_one_row_is_its_own(open_folder: Open, box: Postbox) -> None:
    orders = [order("1", owner="anna"), order("2", owner="ben"), order("3", owner="anna")]
    shop = open_folder({"each": EACH}, *orders)
    shop.run("09:00")
    shop.pay("1", "2")
    shop.run("09:01")
    lists = {str(one.message()["Subject"]): one.text().split() for one in box.received}
    assert lists["1"][-4:] == ["1", "Paid", "3", "New"]
    assert lists["2"][-2:] == ["2", "Paid"]


def test_a_question_goes_out_without_buttons_and_its_reminder_answers_it(
    open_folder: Open, box: Postbox
) -> None:
    shop = open_folder({"approve": ASK}, order("1", owner="anna"), order("2"))
    shop.run("09:00")
    shop.pay("1", "2")
    shop.run("09:01")
    shown = plan_json(shop.plans[-1], action_kinds(), ZONE)["firings"]
    assert isinstance(shown, list)
    assert {one["deliveries"][0]["action"] for one in shown} == {"email"}
    assert box.told("anna@shop.example") == ["Ship 1?"]
    assert box.told("dora@shop.example") == ["Ship 2?"]
    assert any("carry no buttons yet" in one.what for one in shop.ticker.rules.problems)
    shop.book.edit("2", "Note", "Approved")
    shop.run("2026-03-03 09:02")
    assert box.told("dora@shop.example") == ["Ship 2?"]
    first, _, again = (one.message() for one in box.received)
    asked = first if first["Subject"] == "Ship 1?" else box.received[1].message()
    assert (again["Subject"], again["In-Reply-To"]) == ("Still: 1", asked["Message-ID"])
