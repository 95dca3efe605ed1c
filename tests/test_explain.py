"""Does `explain` give the reason, for every way in which a row is acted on or not?"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rowcall.mailbox import Mailbox
from tests.golden import Golden
from tests.shop_folder import NINE, ShopFolder, make_shop

GATES = ["state", "held", "settle", "baseline", "episode", "for", "limit", "budget", "quiet hours"]


def at(minutes: int) -> str:
    return f"2026-03-02 {9 + minutes // 60:02d}:{minutes % 60:02d}"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def shop(tmp_path: Path, mailbox: Mailbox) -> ShopFolder:
    return make_shop(tmp_path / "shop", mailbox.port, rules=("overdue-ticket",))


def explained(shop: ShopFolder, rule: str, key: str, minutes: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = shop.json("explain", "explain", rule, key, "--at", at(minutes))
    assert [gate["gate"] for gate in found["gates"]] == GATES
    return found


def shut(found: dict[str, Any]) -> dict[str, str]:
    return {gate["gate"]: gate["detail"] for gate in found["gates"] if not gate["open"]}


def run(shop: ShopFolder, minutes: int = 0) -> None:
    ran = shop.call("run", "--once", "--at", at(minutes))
    assert ran.code == 0, ran.text + ran.errors


def watch(name: str, when: str, more: str = "", table: str = "Tickets", column: str = "SLA") -> str:
    return (
        f"rule: {name}\nlook at: {table}\nwhen:\n{when}\n{more}\nfirst run: act on all\n"
        f"then:\n  - set:\n      {column}: On time\n"
    )


def test_before_the_first_run(shop: ShopFolder, golden: Golden) -> None:
    golden.check("acts.txt", shop.call("explain", "overdue-ticket", "T-311", "--at", NINE).text)


def test_after_it_has_acted(shop: ShopFolder, golden: Golden) -> None:
    run(shop)
    golden.check("acted.txt", shop.call("explain", "overdue-ticket", "T-311", "--at", at(10)).text)
    found = explained(shop, "overdue-ticket", "T-311", 10)
    assert found["next"] == {"at": "2026-03-02T13:00:00+01:00", "what": "4 hours after start"}
    assert [one["state"] for one in found["done"]] == ["sent", "sent"]
    assert shut(found) == {}


def test_when_is_false(shop: ShopFolder) -> None:
    run(shop)
    found = explained(shop, "overdue-ticket", "T-301", 10)
    false = [one for one in found["conditions"] if one["result"] is False]
    assert false
    assert found["outcome"].startswith("It does not matter: ")
    assert false[0]["text"] in found["outcome"]
    assert (found["done"], found["next"]) == ([], None)


def test_unknown_is_neither_yes_nor_no(shop: ShopFolder) -> None:
    run(shop)
    shop.set_cell("Tickets", "T-311", "Opened at", "N/A")
    found = explained(shop, "overdue-ticket", "T-311", 10)
    opened = found["conditions"][2]
    assert (opened["text"], opened["result"]) == ("Opened at: more than 4 hours ago", None)
    assert opened["value"] == '"N/A" (unreadable)'
    told = shop.call("explain", "overdue-ticket", "T-311", "--at", at(10)).text
    assert '? Opened at: more than 4 hours ago   "N/A" (unreadable)' in told


def test_unknown_from_the_start(shop: ShopFolder) -> None:
    shop.set_cell("Tickets", "T-311", "Opened at", "N/A")
    found = explained(shop, "overdue-ticket", "T-311")
    assert found["outcome"].startswith("It is unknown whether it matters")


@pytest.mark.parametrize(
    ("state", "told"), [("off", "the rule says `state: off`"), ("watch", "the rule says `state: watch`")]
)
def test_state(shop: ShopFolder, state: str, told: str) -> None:
    shop.rule("own", watch("Own", "  Status: New", f"state: {state}"))
    assert told in shut(explained(shop, "own", "T-311"))["state"]


def test_held_by_a_missing_tab(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New"))
    run(shop)
    shop.config("  Tickets:\n    key: Ticket No\n", "  Tickets:\n    sheet: Tikets\n    key: Ticket No\n")
    found = explained(shop, "own", "T-311", 10)
    assert "Tikets" in shut(found)["held"]
    assert found["outcome"].startswith("The rule waits: ")


def test_held_by_a_limit(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New", "limits: [1 rows at once]", column="Subject"))
    before = explained(shop, "own", "T-311")
    assert '"1 rows at once"' in shut(before)["limit"]
    assert "rowcall release own" in shut(before)["held"]
    assert before["outcome"] == "It matters (start), but what it does waits for a person."
    assert before["next"]["at"] is None
    run(shop)
    after = explained(shop, "own", "T-311", 10)
    assert "rowcall release own" in shut(after)["held"]
    assert [one["state"] for one in after["done"]] == ["held"]
    assert after["next"]["what"].startswith("once a person lets it go")


def test_two_rules_that_disagree(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New"))
    found = explained(shop, "own", "T-311")
    assert "two rules want different values in one cell" in found["outcome"]


def test_settling(shop: ShopFolder) -> None:
    # A row becomes new by a key that nothing else resembles.
    shop.rule("own", watch("Own", "  Subject: Fresh"))
    run(shop)
    shop.set_cell("Tickets", "T-311", "Subject", "Fresh")
    shop.set_cell("Tickets", "T-311", "Ticket No", "T-900")
    shop.config("settle: 30 seconds", "settle: 0")
    shop.config(
        "  Tickets:\n    key: Ticket No\n", "  Tickets:\n    settle: 10 minutes\n    key: Ticket No\n"
    )
    found = explained(shop, "own", "T-900", 5)
    assert "until 09:15:00" in shut(found)["settle"]
    assert "settle keeps it back" in found["outcome"]
    assert found["next"] == {"at": None, "what": "once the row has settled"}
    assert "not in Tickets any more" in explained(shop, "overdue-ticket", "T-311", 5)["outcome"]


@pytest.mark.parametrize("first_run", ["ask", "only new ones"])
def test_baseline(shop: ShopFolder, first_run: str) -> None:
    shop.rule("own", watch("Own", "  Status: New").replace("act on all", first_run))
    for minutes in (0, 10):  # before the first run, and after it
        found = explained(shop, "own", "T-311", minutes)
        assert "it mattered already when the rule first looked (2026-03-02 09:00)" in shut(found)["baseline"]
        assert ("rowcall answer own act" in shut(found)["baseline"]) is (first_run == "ask" and minutes > 0)
        assert found["outcome"].startswith("It matters, but it did so already")
        run(shop)


def test_for(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New", "for: 30 minutes"))
    run(shop)
    found = explained(shop, "own", "T-311", 10)
    assert "until 2026-03-02 09:30" in shut(found)["for"]
    assert found["outcome"] == "It matters, but not yet for as long as `for` asks."
    assert found["next"]["at"] == "2026-03-02T09:30:00+01:00"
    assert explained(shop, "own", "T-311", 30)["outcome"] == "It acts at the next look: start."


def test_once_per_row(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New", "once per row: yes"))
    run(shop)
    for minutes, status in ((5, "Open"), (10, "New")):
        shop.set_cell("Tickets", "T-311", "Status", status)
        run(shop, minutes)
    found = explained(shop, "own", "T-311", 15)
    assert "the rule acts once per row" in shut(found)["episode"]
    assert "once per row" in found["outcome"]


def test_not_armed_again(shop: ShopFolder) -> None:
    shop.rule(
        "own",
        "rule: Own\nlook at: Products\nwhen:\n  On hand: at most 10\nagain only when:\n  On hand: at least 20\n"
        "stop when:\n  Purchase order: not empty\nfirst run: act on all\nthen:\n  - set:\n      Low since: today\n",
    )
    shop.set_cell("Products", "GT-01", "On hand", Decimal(5))
    run(shop)
    shop.set_cell("Products", "GT-01", "Purchase order", "PO-1")
    run(shop, 5)
    found = explained(shop, "own", "GT-01", 10)
    assert "ended 2026-03-02 09:05" in shut(found)["episode"]
    assert "On hand: at least 20 ✗ (5)" in shut(found)["episode"]
    assert found["outcome"] == "It matters, but was acted on before and has not been armed again."


def test_stop_when(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New", "stop when:\n  Channel: not empty"))
    found = explained(shop, "own", "T-311")
    assert shut(found)["episode"].startswith("`stop when` is true: Channel: not empty ✓")


def test_quiet_hours(shop: ShopFolder) -> None:
    text = (shop.path / "rules" / "overdue-ticket.yaml").read_text()
    shop.rule("overdue-ticket", f"{text}\nsend only: weekdays between 10:00 and 12:00\n")
    found = explained(shop, "overdue-ticket", "T-311")
    assert (
        "its mails wait until 2026-03-02 10:00, because of the rule's `send only`"
        in shut(found)["quiet hours"]
    )
    run(shop)
    assert explained(shop, "overdue-ticket", "T-311", 10)["next"]["at"] == "2026-03-02T10:00:00+01:00"


def test_budget(shop: ShopFolder) -> None:
    mail = (
        "rule: {0}\nlook at: Orders\nwhen:\n  Order No: HT-1036\nfirst run: act on all\n"
        "limits: [1 email a week per customer]\nthen:\n  - email: {{to: Email, subject: {0}, text: Hello}}\n"
    )
    shop.rule("one", mail.format("One"))
    run(shop)
    shop.rule("two", mail.format("Two"))
    found = explained(shop, "two", "HT-1036", 10)
    assert "the next mail may go 2026-03-09 09:00" in shut(found)["budget"]
    assert found["next"]["at"] == "2026-03-09T09:00:00+01:00"


WAITING = {
    "a customer's budget": (
        ["when:\n  Order No: HT-1036\nlimits: [1 email a week per customer]\n"] * 2,
        "email: {to: Email, subject: Hello, text: x}",
        "budget",
        "2026-03-09T09:00:00+01:00",
    ),
    "quiet hours": (
        ["when:\n  Order No: HT-1036\nsend only: between 11:00 and 19:00\n"],
        "email: {to: Email, subject: Hello, text: x}",
        "quiet hours",
        "2026-03-02T11:00:00+01:00",
    ),
    "its digest": (
        ["when:\n  Order No: HT-1036\n"],
        "email: {to: Email, subject: Hello, text: x, digest: every day at 11:00}",
        "digest",
        "2026-03-02T11:00:00+01:00",
    ),
    "a digest that was made": (
        ["when:\n  Order No: HT-1036\nsend only: between 11:00 and 19:00\n"],
        "email: {to: Email, subject: Hello, text: x, digest: every day at 09:02}",
        "quiet hours",
        "2026-03-02T11:00:00+01:00",
    ),
}


@pytest.mark.parametrize("what", WAITING)
def test_what_waits_behind_a_mail_waits_with_it(shop: ShopFolder, what: str) -> None:
    bodies, mail, gate, moment = WAITING[what]
    for number, body in enumerate(bodies):
        shop.rule(
            f"own{number}",
            f"rule: Own\nlook at: Orders\nfirst run: act on all\n{body}"
            f"then:\n  - {mail}\n    set: {{Note: asked}}\n",
        )
        run(shop, number)
    run(shop, 5)
    found = shop.json("explain", "explain", f"own{len(bodies) - 1}", "HT-1036", "--at", at(10))
    assert gate in shut(found)
    assert "episode" not in shut(found)
    assert found["next"]["at"] == moment
    assert "Hello" in found["next"]["what"]


PAUSED = "for: 30 minutes\npause while:\n  Channel: Phone"


def test_for_stands_still_in_a_pause(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: New", PAUSED))
    for minutes, channel in ((0, "Chat"), (10, "Phone"), (50, "Chat")):
        shop.set_cell("Tickets", "T-311", "Channel", channel)
        run(shop, minutes)
        found = shop.json("explain", "explain", "own", "T-311", "--at", at(minutes + 1))
        if channel == "Phone":
            assert found["next"] == {"at": None, "what": "once its clocks run again"}
    assert "until 2026-03-02 10:10" in shut(found)["for"]
    assert found["next"]["at"] == "2026-03-02T10:10:00+01:00"


def test_a_row_of_the_baseline_whose_deadline_is_ahead(shop: ShopFolder) -> None:
    late = "due: {counted from: start, within: 1 hour}"
    text = watch("Own", "  Status: New", late).replace("- set", "- at: due\n    set")
    shop.rule("own", text.replace("act on all", "only new ones").replace("from: start", "from: Opened at"))
    shop.set_cell("Tickets", "T-311", "Opened at", "2026-03-02 08:30")
    run(shop)
    found = shop.json("explain", "explain", "own", "T-311", "--at", at(5))
    assert found["outcome"].endswith("only what hangs on its own dates is to come.")
    assert found["next"] == {"at": "2026-03-02T09:30:00+01:00", "what": "due"}


def test_an_edge_shows_what_was_there_before(shop: ShopFolder) -> None:
    shop.rule("own", watch("Own", "  Status: changed to Open"))
    run(shop)
    shop.set_cell("Tickets", "T-311", "Status", "Open")
    [line] = explained(shop, "own", "T-311", 5)["conditions"]
    assert (line["text"], line["value"], line["result"]) == ("Status: changed to Open", "New → Open", True)


def test_blocks_are_indented(shop: ShopFolder) -> None:
    when = "  any of:\n    - Status: Solved\n    - Channel: not empty"
    shop.rule("own", watch("Own", when))
    found = explained(shop, "own", "T-311")
    assert [one["result"] for one in found["conditions"]] == [True, False, True]
    told = shop.call("explain", "own", "T-311", "--at", NINE).text
    assert "  ✓ any of\n    ✗ Status: Solved   New\n" in told


def test_a_row_set_aside(shop: ShopFolder) -> None:
    shop.set_cell("Tickets", "T-311", "Ticket No", "T-314")
    found = explained(shop, "overdue-ticket", "T-314")
    assert found["outcome"].startswith("The row is set aside: ")


def test_words_that_can_t_be_made(shop: ShopFolder) -> None:
    shop.rule(
        "own",
        "rule: Own\nlook at: Tickets\nwhen:\n  Status: New\nfirst run: act on all\nthen:\n"
        '  - set:\n      Opened at: "{{ subject }}"\n',
    )
    found = explained(shop, "own", "T-311")
    assert found["outcome"].startswith("It should act, but can't: ")


def test_a_rule_with_mistakes_tells_them(shop: ShopFolder) -> None:
    shop.rule("own", "rule: Own\nlook at: Tikets\nthen:\n  - set:\n      SLA: On time\n")
    ran = shop.call("explain", "own", "T-311")
    assert ran.code == 1
    assert "rules/own.yaml:2:" in ran.errors
    assert "Tickets" in ran.errors
