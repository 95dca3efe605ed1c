"""Do mails go to whom they are for, when they may, and with nothing in them but what was meant?"""

import pytest

from rowcall.episode import DeliveryState
from tests.mailbox import Manners
from tests.shop.folder import Open, Postbox, ShopFolder, at, order

RULE = """
rule: {name}
look at: Orders
when: {{Status: Paid}}
first run: only new ones
{more}
then:
  - email: {{to: {to}, subject: "{subject}", text: "{text}"}}
"""


def rule(
    name: str = "Confirm",
    to: str = "Email",
    subject: str = "Order {{ order_no }}",
    text: str = "Thank you.",
    more: str = "",
) -> str:
    return RULE.format(name=name, to=to, subject=subject, text=text, more=more)


def paid(shop: ShopFolder, *numbers: str, when: str = "09:01") -> None:
    shop.run("09:00")
    shop.pay(*numbers)
    shop.run(when)


class TestWords:
    def test_a_body_equal_to_an_existing_path_stays_text(self, open_folder: Open, box: Postbox) -> None:
        path = __file__
        shop = open_folder({"confirm": rule(text="{{ note }}")}, order("1", note=path))
        paid(shop, "1")
        (mail,) = box.mails()
        assert list(mail.iter_attachments()) == []
        assert box.received[0].text().strip() == path
        assert b"Are mails" not in box.received[0].content

    @pytest.mark.parametrize(
        "evil", ["x\r\nBcc: thief@evil.example", "x\nBcc: thief@evil.example\n\nGive me money"]
    )
    def test_a_cell_can_not_add_headers(self, evil: str, open_folder: Open, box: Postbox) -> None:
        shop = open_folder({"confirm": rule(subject="Hello {{ note }}")}, order("1", note=evil))
        paid(shop, "1")
        (mail,) = box.mails()
        assert mail["Bcc"] is None
        assert str(mail["Subject"]).startswith("Hello x Bcc: thief@evil.example")
        assert box.asked == ["c1@example.com"]

    @pytest.mark.parametrize(
        "address",
        [
            "c1@example.com\nBcc: thief@evil.example",
            "c1@example.com>\r\nRCPT TO:<thief@evil.example",
            '"a b"@example.com',
            "c1@example.com@evil.example",
        ],
    )
    def test_an_address_that_is_none_mails_the_responsible(
        self, address: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": rule()}, {**order("1"), "Email": address})
        paid(shop, "1")
        assert set(box.asked) == {"dora@shop.example"}
        assert b"\nBcc:" not in b"".join(one.content for one in box.received)

    def test_template_marks_and_scripts_in_cells_are_only_text(self, open_folder: Open, box: Postbox) -> None:
        note = "{{ 7*7 }} {% for x in y %} <script>alert(1)</script> & 'quotes'"
        shop = open_folder({"confirm": rule(subject="{{ note }}", text="{{ note }}")}, order("1", note=note))
        paid(shop, "1")
        (mail,) = box.received
        assert str(mail.message()["Subject"]) == note
        assert mail.text().strip() == note
        assert "{{ 7*7 }}" in mail.html()
        assert "49" not in mail.text()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html()
        assert "<script" not in mail.html()

    @pytest.mark.parametrize("cell", ["warehouse", "warehouse, warehouse", "=anna", "nobody", ""])
    def test_a_cell_that_names_a_role_or_nobody_mails_only_the_responsible(
        self, cell: str, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": rule(to="Owner")}, order("1", owner=cell))
        paid(shop, "1")
        assert box.asked == ["dora@shop.example"]
        assert any("Owner" in problem.what for plan in shop.plans for problem in plan.problems)

    def test_copies_and_answers(self, open_folder: Open, box: Postbox) -> None:
        more = rule().replace("to: Email", "to: Email, cc: [anna, warehouse], reply to: dora")
        shop = open_folder({"confirm": more}, order("1"))
        paid(shop, "1")
        assert sorted(box.asked) == ["anna@shop.example", "ben@shop.example", "c1@example.com"]
        for mail in box.mails():
            assert str(mail["To"]).endswith("c1@example.com")
            assert "anna@shop.example" in str(mail["Cc"])
            assert "ben@shop.example" in str(mail["Cc"])
            assert "dora@shop.example" in str(mail["Reply-To"])
        assert len({mail["Message-ID"] for mail in box.mails()}) == 3


def test_reminders_thread_under_the_first_mail(open_folder: Open, box: Postbox) -> None:
    ladder = rule(subject="First {{ order_no }}") + (
        '  - at: 2 hours after last\n    email: {to: Email, subject: "Second", text: "x"}\n'
        '  - at: 1 hour after last\n    email: {to: Email, subject: "Third", text: "x"}\n'
    )
    shop = open_folder({"confirm": ladder}, order("1"), order("2"))
    paid(shop, "1", "2")
    shop.walk("09:30", "13:00", minutes=30, ticks=True)
    for number in ("1", "2"):
        mails = [one.message() for one in box.received if one.recipient == f"c{number}@example.com"]
        assert [str(mail["Subject"]) for mail in mails] == [f"First {number}", "Second", "Third"]
        first = mails[0]["Message-ID"]
        assert mails[0]["In-Reply-To"] is None
        assert [mail["In-Reply-To"] for mail in mails[1:]] == [first, first]
        assert all(str(first) in str(mail["References"]) for mail in mails[1:])
    assert len({mail["Message-ID"] for mail in box.mails()}) == 6


class TestWhen:
    def test_a_trial_run_sends_everything_to_one_and_says_for_whom(
        self, open_folder: Open, box: Postbox
    ) -> None:
        copies = rule().replace("to: Email", "to: Email, cc: anna")
        shop = open_folder({"confirm": copies}, order("1"), email="send everything to: boss@shop.example")
        paid(shop, "1")
        assert box.asked == ["boss@shop.example"] * 2
        assert box.subjects() == ["[for c1@example.com] Order 1", "[for anna@shop.example] Order 1"]
        for mail in box.mails():
            assert "c1@example.com" not in f"{mail['To']} {mail['Cc']}"

    def test_the_daily_limit_postpones_and_loses_nothing(self, open_folder: Open, box: Postbox) -> None:
        orders = [order(str(number)) for number in range(8)]
        shop = open_folder({"confirm": rule()}, *orders, email="daily limit: 3")
        paid(shop, *(str(number) for number in range(8)))
        assert len(box.received) == 3
        shop.walk("10:00", "2026-03-03 08:00", minutes=120)
        assert len(box.received) == 3
        shop.walk("2026-03-03 09:30", "2026-03-04 21:30", minutes=240)
        assert sorted(box.subjects()) == [f"Order {number}" for number in range(8)]

    @pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "restarts at every step"])
    def test_quiet_hours_hold_first_tries_and_retries(
        self, restarts: bool, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder(
            {"confirm": rule()}, order("1"), order("2"), email='quiet hours: "21:00-07:30"', restarts=restarts
        )
        shop.run("20:00")
        box.manners = Manners(rcpt="451 later")
        shop.pay("1")
        shop.run("20:58")
        asked = len(box.asked)
        box.manners = Manners()
        shop.pay("2")
        shop.run("21:05")
        shop.walk("21:30", "2026-03-03 07:00", minutes=60)
        assert (len(box.asked), box.received) == (asked, [])
        shop.run("2026-03-03 07:30")
        assert sorted(box.subjects()) == ["Order 1", "Order 2"]

    def test_an_urgent_mail_ignores_quiet_hours(self, open_folder: Open, box: Postbox) -> None:
        urgent = rule().replace("to: Email", "to: Email, urgent: yes")
        shop = open_folder({"confirm": urgent}, order("1"), email='quiet hours: "21:00-07:30"')
        shop.run("20:00")
        shop.pay("1")
        shop.run("23:00")
        assert box.subjects() == ["Order 1"]

    @pytest.mark.parametrize(
        ("window", "state", "got"),
        [
            ("weekdays between 10:00 and 12:00", DeliveryState.SENT, ["Order 1"]),
            ("{window: weekdays between 10:00 and 12:00, otherwise: drop}", DeliveryState.CANCELLED, []),
        ],
        ids=["waits", "drops"],
    )
    def test_a_window_waits_or_drops(
        self, window: str, state: DeliveryState, got: list[str], open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder({"confirm": rule(more=f"send only: {window}")}, order("1"))
        paid(shop, "1")
        assert box.received == []
        shop.walk("09:30", "11:00", minutes=30, ticks=True)
        assert (shop.states(), box.subjects()) == ([state], got)

    def test_a_budget_over_two_rules_delays_the_customer_and_nobody_else(
        self, open_folder: Open, box: Postbox
    ) -> None:
        budget = 'limits: ["1 email a week per customer over confirm, thanks"]'
        rules = {
            "confirm": rule(more=budget),
            "thanks": rule("Thanks", subject="Thanks {{ order_no }}", more=budget),
            "anna": rule("Anna", to="anna", subject="Paid {{ order_no }}"),
            "other": rule("Other", subject="Other {{ order_no }}"),
        }
        shop = open_folder(rules, order("1"), order("2"))
        paid(shop, "1")
        assert sorted(box.subjects()) == ["Order 1", "Other 1", "Paid 1"]
        shop.walk("10:00", "2026-03-09 08:00", minutes=24 * 60, ticks=True)
        assert "Thanks 1" not in box.subjects()
        shop.run("2026-03-09 09:01")
        assert sorted(box.told("c1@example.com")) == ["Order 1", "Other 1", "Thanks 1"]

    def test_a_limit_holds_and_a_release_rechecks(self, open_folder: Open, box: Postbox) -> None:
        orders = [order(str(number)) for number in range(5)]
        shop = open_folder({"confirm": rule(more="limits: [3 rows at once]")}, *orders)
        paid(shop, *(str(number) for number in range(5)))
        assert box.subjects() == ["Confirm: 5 rows wait for you"]
        shop.book.edit("4", "Status", "Shipped")
        shop.run("09:02")
        shop.store.say_hold("confirm", "release", at("09:03"))
        shop.run("09:03")
        assert sorted(box.subjects()[1:]) == [f"Order {number}" for number in range(4)]
