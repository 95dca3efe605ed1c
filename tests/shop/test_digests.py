"""Do the rows of a digest go out together, once, at the right time, and only those that still matter?"""

from io import BytesIO

import openpyxl
import pytest

from rowcall.cli.sense import template_problems
from rowcall.episode import DeliveryState
from rowcall.explain import explain
from rowcall.kinds import action_kinds
from rowcall.preview import plan_json
from tests.mailbox import Manners
from tests.shop.folder import ZONE, Open, Postbox, ShopFolder, order

RULE = """
rule: To pack
look at: Orders
when: {{Status: Paid}}
first run: only new ones
{more}
then:
  - email:
      to: {to}
      digest: {digest}
      {group}
      subject: "{subject}"
      text: "{text}"
      {extra}
    {after}
"""
SENT, WAITING, CANCELLED = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.CANCELLED
LINES = "{% for row in rows %}{{ row.order_no }}: {{ row.total | money }} {{ row.because[0].value }}\\n{% endfor %}"


def rule(
    to: str = "warehouse",
    digest: str = "every day at 14:00",
    group: str = "group by: Note",
    subject: str = "{{ note }}: {{ rows | length }} to pack",
    text: str = LINES,
    extra: str = "",
    after: str = "",
    more: str = "",
) -> dict[str, str]:
    said = RULE.format(
        to=to, digest=digest, group=group, subject=subject, text=text, extra=extra, after=after, more=more
    )
    return {"pack": said}


def orders(*numbers: str, carrier: str = "DHL") -> list[dict[str, str]]:
    return [order(number, note=carrier) for number in numbers]


def paid(shop: ShopFolder, *numbers: str, when: str = "09:01") -> None:
    shop.run("09:00")
    shop.pay(*numbers)
    shop.run(when)


def states(shop: ShopFolder) -> dict[str, DeliveryState]:
    """Return the state of each row's line, by the row's key."""
    lanes = ("digest", "bundled")
    return {one.delivery.effect.key: one.state for one in shop.listed() if one.delivery.lane in lanes}


class TestOneMail:
    def test_for_each_group_at_the_label(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "3"), *orders("2", carrier="UPS"))
        paid(shop, "3", "1", "2")
        shop.run("13:59")
        assert box.subjects() == []
        shop.run("14:00")
        assert box.subjects() == ["DHL: 2 to pack", "UPS: 1 to pack"]
        assert box.received[0].text().splitlines() == ["1: €12.50 Paid", "3: €12.50 Paid"]
        assert states(shop) == {"1": SENT, "2": SENT, "3": SENT}

    def test_once_however_often_it_is_looked(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"), restarts=True)
        paid(shop, "1", "2")
        for when in ("14:00", "14:00", "14:01", "2026-03-03 14:00"):
            shop.run(when)
        assert box.subjects() == ["DHL: 2 to pack"]

    def test_without_groups_there_is_one_for_all(self, open_folder: Open, box: Postbox) -> None:
        subject = "{{ rows | length }} to pack, first {{ (rows | first).order_no }}"
        shop = open_folder(rule(group="", subject=subject), *orders("1"), *orders("2", carrier="UPS"))
        paid(shop, "1", "2")
        shop.run("14:00")
        assert box.subjects() == ["2 to pack, first 1"]

    def test_to_each_recipient_with_a_copy(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(to="[warehouse, anna]", extra="cc: dora"), *orders("1", "2"))
        paid(shop, "1", "2")
        shop.run("14:00")
        told = {to: box.told(to) for to in ("ben@shop.example", "anna@shop.example", "dora@shop.example")}
        assert set(map(tuple, told.values())) == {("DHL: 2 to pack",)}

    def test_shows_the_rows_as_they_are_at_the_label(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        shop.book.edit("1", "Total", "99.00")
        shop.book.edit("2", "Note", "UPS")
        shop.run("14:00")
        assert [(one.message()["Subject"], one.text().strip()) for one in box.received] == [
            ("DHL: 1 to pack", "1: €99.00 Paid"),
            ("UPS: 1 to pack", "2: €12.50 Paid"),
        ]

    def test_at_the_next_label_for_what_came_later(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(digest="every day at 14:00 and 16:00"), *orders("1", "2"))
        paid(shop, "1")
        shop.run("14:00")
        shop.pay("2")
        shop.run("14:01")
        shop.run("16:00")
        shop.run("18:00")
        assert [one.text().strip()[0] for one in box.received] == ["1", "2"]

    def test_at_this_very_label_for_what_is_seen_at_it(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1")
        shop.pay("2")
        shop.run("14:00")
        assert box.subjects() == ["DHL: 2 to pack"]

    def test_later_when_nobody_looked_at_the_label(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        shop.run("2026-03-03 08:00")
        assert box.subjects() == ["DHL: 2 to pack"]

    def test_that_can_not_be_sent_is_tried_again_with_its_lines_waiting(
        self, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder(rule(after="set: {Copy: packed}"), *orders("1"))
        paid(shop, "1")
        box.manners = Manners(rcpt="451 4.2.1 greylisted")
        shop.run("14:00")
        assert states(shop) == {"1": WAITING}
        box.manners = Manners()
        shop.run("16:00")
        shop.run("16:05")
        assert box.subjects() == ["DHL: 1 to pack"]
        assert (states(shop), shop.book.cell("1", "Copy")) == ({"1": SENT}, "packed")


class TestWhoIsLeftOut:
    def test_a_row_that_no_longer_matters(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        shop.book.edit("1", "Status", "Packed")
        shop.run("14:00")
        assert box.subjects() == ["DHL: 1 to pack"]
        assert states(shop) == {"1": CANCELLED, "2": SENT}

    def test_with_no_row_left_there_is_no_mail(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(after="set: {Copy: packed}"), *orders("1", "2"))
        paid(shop, "1", "2")
        for number in ("1", "2"):
            shop.book.edit(number, "Status", "Packed")
        shop.run("12:00")
        shop.run("14:00")
        assert box.subjects() == []
        assert (shop.book.cell("1", "Copy"), set(shop.states())) == ("", {CANCELLED})

    def test_a_row_that_was_deleted(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2", "3"))
        paid(shop, "1", "2")
        shop.book.change(lambda rows: [row for row in rows if row[0] != "1"])
        shop.run("13:00")
        shop.run("13:01")
        shop.run("14:00")
        assert box.subjects() == ["DHL: 1 to pack"]
        assert states(shop) == {"1": CANCELLED, "2": SENT}

    def test_a_row_of_a_paused_rule_waits(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1"))
        paid(shop, "1")
        shop.store.pause("pack", shop.clock.now())
        shop.run("14:00")
        assert box.subjects() == []
        shop.store.resume("pack", shop.clock.now())
        shop.run("15:00")
        assert box.subjects() == ["DHL: 1 to pack"]

    def test_a_rule_that_only_watches_sends_none(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(more="state: watch"), *orders("1"))
        paid(shop, "1")
        shop.run("14:00")
        assert (box.subjects(), states(shop)) == ([], {"1": CANCELLED})


class TestWhatStandsAround:
    def test_later_actions_wait_for_the_mail(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(after="set: {Confirmed at: now}"), *orders("1"))
        paid(shop, "1")
        assert shop.book.cell("1", "Confirmed at") == ""
        shop.run("14:00")
        assert box.subjects() == ["DHL: 1 to pack"]
        assert shop.book.cell("1", "Confirmed at") == "2026-03-02 14:00"

    def test_an_action_before_it_that_fails_takes_the_line_along(
        self, open_folder: Open, box: Postbox
    ) -> None:
        rules = {
            "pack": "rule: P\nlook at: Orders\nwhen: {Status: Paid}\nfirst run: only new ones\nthen:\n"
            "  - set: {Copy: seen}\n"
            '    email: {to: warehouse, digest: every day at 14:00, subject: "{{ rows | length }}", text: Hi}\n'
        }
        shop = open_folder(rules, *orders("1", "2"))
        shop.run("09:00")
        shop.pay("1", "2")
        shop.tick("09:01")
        shop.book.edit("1", "Copy", "mine")
        shop.deliver("09:01")
        assert states(shop) == {"1": CANCELLED, "2": WAITING}
        shop.run("14:00")
        assert box.told("ben@shop.example") == ["1"]

    def test_limits_count_the_mails_and_the_rows_not_the_lines(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(more="limits: [1 email an hour, 3 rows at once]"), *orders("1", "2", "3"))
        paid(shop, "1", "2", "3")
        shop.run("14:00")
        assert box.subjects() == ["DHL: 3 to pack"]

    def test_too_many_rows_are_held_and_go_out_once_released(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(more="limits: [2 rows at once]"), *orders("1", "2", "3"))
        paid(shop, "1", "2", "3")
        shop.run("14:00")
        assert box.told("ben@shop.example") == []
        shop.store.say_hold("pack", "release", shop.clock.now())
        shop.run("15:00")
        shop.run("15:01")
        assert box.told("ben@shop.example") == ["DHL: 3 to pack"]

    def test_too_many_mails_are_held_and_go_out_once_released(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(more="limits: [1 email an hour]"), *orders("1"), *orders("2", carrier="UPS"))
        paid(shop, "1", "2")
        shop.run("14:00")
        assert box.told("ben@shop.example") == []
        shop.store.say_hold("pack", "release", shop.clock.now())
        shop.run("15:00")
        assert box.told("ben@shop.example") == ["DHL: 1 to pack", "UPS: 1 to pack"]
        assert states(shop) == {"1": SENT, "2": SENT}

    def test_quiet_hours_hold_the_mail_not_the_line(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1"), email='quiet hours: "13:00-16:00"')
        paid(shop, "1")
        shop.run("14:00")
        assert (box.subjects(), states(shop)) == ([], {"1": WAITING})
        shop.run("16:00")
        assert (box.subjects(), states(shop)) == (["DHL: 1 to pack"], {"1": SENT})

    def test_a_customer_gets_one_mail_of_his_budget(self, open_folder: Open, box: Postbox) -> None:
        more = "limits: [1 email a week per customer]"
        shop = open_folder(
            rule(to="Email", group="", subject="{{ rows | length }} parcels", more=more),
            *[{**one, "Email": "c@example.com"} for one in orders("1", "2")],
        )
        paid(shop, "1", "2")
        shop.run("14:00")
        assert box.told("c@example.com") == ["2 parcels"]

    def test_an_entry_after_last_counts_from_the_mail(self, open_folder: Open, box: Postbox) -> None:
        text = rule()["pack"] + "  - at: 1 hour after last\n    email: {to: anna, subject: Late, text: Hi}\n"
        shop = open_folder({"pack": text}, *orders("1"))
        paid(shop, "1")
        for when in ("14:00", "14:01", "14:59", "15:01"):
            shop.run(when)
        assert box.subjects() == ["DHL: 1 to pack", "Late"]

    def test_a_text_that_can_not_be_made_is_told_at_once(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(text="{{ order_no }}"), *orders("1"))
        paid(shop, "1")
        assert any('unknown name "order_no"' in one.what for one in shop.plans[-1].problems)
        assert box.told("ben@shop.example") == []

    def test_a_digest_taken_out_of_the_rule_leaves_no_line_behind(
        self, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder(rule(), *orders("1"))
        paid(shop, "1")
        plain = rule()["pack"].replace("digest: every day at 14:00", "").replace("group by: Note", "")
        plain = plain.replace(LINES, "Hi").replace("{{ note }}: {{ rows | length }} to pack", "Hi")
        (shop.folder / "rules" / "pack.yaml").write_text(plain, encoding="utf-8")
        shop.run("14:00")
        assert (box.subjects(), states(shop)) == ([], {"1": CANCELLED})


class TestWhatIsShown:
    def test_a_line_shows_its_label_and_the_mail_its_rows(self, open_folder: Open) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        early = plan_json(shop.plans[-1], action_kinds(), ZONE)["firings"]
        assert isinstance(early, list)
        early.sort(key=lambda one: str(one["key"]))
        assert [(one["key"], one["deliveries"][0]["send_after"]) for one in early] == [
            ("1", "2026-03-02T14:00:00+01:00"),
            ("2", "2026-03-02T14:00:00+01:00"),
        ]
        assert [one["deliveries"][0]["keys"] for one in early] == [["1"], ["2"]]
        shop.run("14:00")
        late = plan_json(shop.plans[-1], action_kinds(), ZONE)["firings"]
        assert isinstance(late, list)
        (firing,) = late
        assert (firing["table"], firing["key"], firing["entry"]) == ("Orders", None, "start#1")
        (mail,) = firing["deliveries"]
        assert (mail["subject"], mail["keys"]) == ("DHL: 2 to pack", ["1", "2"])

    def test_explain_says_for_which_digest_the_row_waits(self, open_folder: Open) -> None:
        shop = open_folder(rule(), *orders("1"))
        paid(shop, "1")
        looked = shop.ticker.look(shop.clock.now())
        given = shop.ticker.given(looked, shop.clock.now())
        found = explain(given, shop.ticker.rules.rules[0], "1", shop.store.firings_of("pack", "1"))
        gate = next(one for one in found.gates if one.gate == "digest")
        assert (gate.open, gate.detail) == (False, "waits for the digest of 14:00 (2026-03-02)")
        assert found.next is not None
        assert found.next.what == 'digest to ben@shop.example: "DHL: 1 to pack"'

    def test_the_label_wakes_the_service(self, open_folder: Open) -> None:
        shop = open_folder(rule(), *orders("1"))
        paid(shop, "1")
        timer = shop.store.next_timer()
        assert timer is not None
        assert f"{timer.astimezone(ZONE):%H:%M}" == "14:00"
        shop.run("14:00")
        assert shop.store.next_timer() is None


class TestFiles:
    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    def test_the_rows_go_along(self, form: str, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(extra=f"attach: rows as {form}"), *orders("1", "2"))
        shop.book.edit("1", "Copy", "=1+1")
        paid(shop, "1", "2")
        shop.run("14:00")
        (part,) = box.mails()[0].iter_attachments()
        assert part.get_filename() == f"To pack.{form}"
        if form == "csv":
            text = part.get_payload(decode=True)
            assert isinstance(text, bytes)
            assert text.decode("utf-8-sig").splitlines()[1].startswith("1,Paid,")
            assert "'=1+1" in text.decode("utf-8-sig")
            return
        sheet = openpyxl.load_workbook(BytesIO(part.get_content())).worksheets[0]
        header, *rows = sheet.iter_rows(values_only=True)
        assert header[:3] == ("Order No", "Status", "Email")
        assert [row[0] for row in rows] == ["1", "2"]
        assert rows[0][header.index("Copy")] == "=1+1"
        assert rows[0][header.index("Total")] == 12.5

    def test_a_file_of_the_shop_goes_with_every_mail(self, open_folder: Open, box: Postbox) -> None:
        plain = (
            "rule: P\nlook at: Orders\nwhen: {Status: Paid}\nfirst run: only new ones\nthen:\n"
            "  - email: {to: Email, subject: Prices, text: Hi, attach: price-list.pdf}\n"
        )
        shop = open_folder({"prices": plain}, *orders("1"))
        (shop.folder / "attachments").mkdir()
        (shop.folder / "attachments" / "price-list.pdf").write_bytes(b"%PDF-1.4")
        paid(shop, "1")
        (part,) = box.mails()[0].iter_attachments()
        assert (part.get_filename(), part.get_content()) == ("price-list.pdf", b"%PDF-1.4")
        listed = plan_json(shop.plans[-1], action_kinds(), ZONE)["firings"]
        assert isinstance(listed, list)
        assert listed[0]["deliveries"][0]["attachments"] == ["price-list.pdf"]


class TestWhenThingsChange:
    def test_a_renamed_row_keeps_its_place(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        shop.book.edit("1", "Order No", "1-A")
        shop.run("12:00")
        shop.run("14:00")
        assert [one.text().splitlines()[0][:3] for one in box.received] == ["1-A"]
        assert (box.subjects(), states(shop)) == (["DHL: 2 to pack"], {"1-A": SENT, "2": SENT})

    def test_a_row_away_at_the_label_gets_a_mail_of_its_own_when_it_is_back(
        self, open_folder: Open, box: Postbox
    ) -> None:
        shop = open_folder(rule(), *orders("1", "2", "3"))
        paid(shop, "1", "2")
        tabs = shop.book.tabs()
        shop.book.change(lambda rows: [row for row in rows if row[0] != "1"])
        shop.run("14:00")
        assert (box.subjects(), states(shop)) == (["DHL: 1 to pack"], {"1": WAITING, "2": SENT})
        shop.book.save(tabs)
        shop.run("14:00")
        shop.run("14:01")
        assert [one.text().strip()[0] for one in box.received] == ["2", "1"]

    def test_a_workbook_that_can_not_be_read_holds_the_mail(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1"))
        paid(shop, "1")
        there = shop.book.path.read_bytes()
        shop.book.path.unlink()
        shop.run("14:00")
        assert box.told("ben@shop.example") == []
        shop.book.path.write_bytes(there)
        shop.run("15:00")
        assert box.told("ben@shop.example") == ["DHL: 1 to pack"]

    def test_people_who_drop_a_line_are_heard(self, open_folder: Open, box: Postbox) -> None:
        shop = open_folder(rule(), *orders("1", "2"))
        paid(shop, "1", "2")
        line = next(one for one in shop.listed() if one.delivery.effect.key == "1")
        shop.store.drop(line.delivery.id, shop.clock.now())
        shop.run("14:00")
        assert states(shop) == {"1": CANCELLED, "2": SENT}
        assert box.received[0].text().splitlines() == ["2: €12.50 Paid"]

    @pytest.mark.parametrize(
        ("subject", "what"),
        [
            ("{{ order_no }}", 'unknown name "order_no"'),
            ("{{ rows | join(', ', 'order_no') }}", ""),
            ("{{ note }}", ""),
            ("{% for row in rows %}{{ row.order }}{% endfor %}", '"rows" has no "order"'),
        ],
    )
    def test_names_in_its_texts_are_checked(self, subject: str, what: str, open_folder: Open) -> None:
        shop = open_folder(rule(subject=subject), *orders("1"))
        looked = shop.ticker.look(shop.clock.now())
        shop.ticker.reload(looked)
        tables = looked.snapshot.tables
        (one,) = shop.ticker.rules.rules
        found = [problem.what for problem in template_problems(one, shop.shop, tables)]
        assert [what in problem for problem in found] == ([True] if what else [])
