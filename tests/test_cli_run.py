"""Do `preview` and `run --once` show what would happen and make it happen, once?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rowcall.mailbox import Mailbox
from rowcall.store import lead
from tests.golden import Golden
from tests.mailbox import Manners, RudeMailbox
from tests.shop_folder import NINE, ShopFolder, make_shop

LATER = "2026-03-02 09:05"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def shop(tmp_path: Path, mailbox: Mailbox) -> ShopFolder:
    return make_shop(tmp_path / "shop", mailbox.port)


def mails_of(plan: dict[str, list[dict[str, list[dict[str, str]]]]]) -> list[dict[str, str]]:
    return [one for firing in plan["firings"] for one in firing["deliveries"] if one["action"] == "email"]


def test_preview_of_a_fresh_shop(shop: ShopFolder, golden: Golden) -> None:
    golden.check("preview.txt", shop.call("preview", "--at", NINE).text)


def test_preview_changes_nothing(shop: ShopFolder, mailbox: Mailbox) -> None:
    before = shop.bytes()
    shop.call("preview", "--at", NINE)
    assert shop.bytes() == before
    assert not mailbox.received


def test_preview_changes_nothing_once_there_is_a_state(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.call("run", "--once", "--at", NINE)
    mailbox.received.clear()
    shop.set_cell("Orders", "HT-1035", "Status", "New")
    before = shop.bytes()
    shop.call("preview", "--at", LATER)
    shop.call("explain", "new-order", "HT-1035", "--at", LATER)
    shop.call("outbox", "list")
    assert shop.bytes() == before
    assert not mailbox.received


def test_preview_as_json(shop: ShopFolder) -> None:
    plan = shop.json("preview", "preview", "--at", NINE)
    assert plan["at"] == "2026-03-02T09:00:00+01:00"
    assert {one["rule"]: one["count"] for one in plan["baseline"]} == {"new-order": 3, "survey-due": 9}
    overdue = next(one for one in plan["firings"] if one["key"] == "T-314")
    assert overdue["because"] == {
        "Status": "Open", "First reply at": "", "Opened at": "2026-03-01 15:10:00"
    }  # fmt: skip
    cells, mail = overdue["deliveries"]
    assert cells["cells"] == {"SLA": {"from": "", "to": "Overdue"}}
    assert (mail["to"], mail["send_after"], mail["keys"]) == ("emil@example.com", None, ["T-314"])
    notices = [one for one in plan["firings"] if one["entry"].startswith("notice:")]
    assert {one["rule"] for one in notices} == {"survey-due"}
    assert {(one["table"], one["key"]) for one in notices} == {(None, None)}


def test_preview_of_one_rule(shop: ShopFolder) -> None:
    plan = shop.json("preview", "preview", "new-order", "--at", NINE)
    assert plan["firings"] == []
    assert [one["rule"] for one in plan["baseline"]] == ["new-order"]


def test_preview_as_if_new(shop: ShopFolder) -> None:
    plan = shop.json("preview", "preview", "new-order", "--as-if-new", "--at", NINE)
    assert plan["baseline"] == []
    assert sorted(one["key"] for one in plan["firings"]) == ["HT-1035", "HT-1038", "HT-1039"]


def test_nothing_would_happen(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "quiet", rules=("new-order",))
    told = shop.call("preview", "--at", NINE).text
    assert "Nothing would happen." in told
    assert "rowcall explain RULE KEY" in told


@pytest.mark.parametrize(
    "at",
    [
        "2026-03-02 09:00",
        "2026-03-02T09:00",
        "2026-03-02T08:00:00+00:00",
        "2026-03-02T08:00:00Z",
        "2026/03/02 09:00",
    ],
)
def test_at_in_shop_time_or_with_an_offset(shop: ShopFolder, at: str) -> None:
    assert shop.json("preview", "preview", "--at", at)["at"] == "2026-03-02T09:00:00+01:00"


def test_run_sends_and_writes_what_preview_showed(shop: ShopFolder, mailbox: Mailbox) -> None:
    shown = shop.json("preview", "preview", "--at", NINE)
    done = shop.json("run", "run", "--once", "--at", NINE)
    assert {name: done[name] for name in shown} == shown
    assert {one["state"] for one in done["delivered"]} == {"sent"}
    planned = [one["id"] for firing in shown["firings"] for one in firing["deliveries"]]
    assert sorted(one["id"] for one in done["delivered"]) == sorted(planned)
    assert sorted(one.recipient for one in mailbox.received) == sorted(one["to"] for one in mails_of(shown))
    assert shop.cell("Tickets", "T-314", "SLA") == "Overdue"


def test_a_second_run_sends_nothing(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.call("run", "--once", "--at", NINE)
    mailbox.received.clear()
    again = shop.json("run", "run", "--once", "--at", LATER)
    assert (again["firings"], again["delivered"]) == ([], [])
    assert not mailbox.received


def test_run_in_words(shop: ShopFolder) -> None:
    ran = shop.call("run", "--once", "--at", NINE)
    assert ran.code == 0
    assert "SLA: (empty) → Overdue" in ran.text
    assert "Delivered: 7 deliveries." in ran.text


def test_the_clock_does_not_go_back(shop: ShopFolder) -> None:
    shop.call("run", "--once", "--at", LATER)
    for words in (("run", "--once"), ("preview",), ("explain", "new-order", "HT-1035")):
        ran = shop.call(*words, "--at", NINE)
        assert ran.code == 2, words
        assert "the last tick was at 2026-03-02 09:05" in ran.errors


def test_only_one_at_a_time(shop: ShopFolder) -> None:
    with lead(shop.path / "rowcall.db"):
        ran = shop.call("run", "--once", "--at", NINE)
    assert ran.code == 3
    assert "already running for this shop" in ran.errors


def test_a_mail_server_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    done = shop.json("run", "run", "--once", "--at", NINE, code=3)
    assert sorted(one["state"] for one in done["delivered"]) == ["ready", "ready", "sent", "sent"]
    with Mailbox() as box:
        shop.config("port: 9", f"port: {box.port}")
        shop.json("run", "run", "--once", "--at", "2026-03-02 09:30")
        assert len(box.received) == 2


def test_a_mail_refused_for_good_is_found(tmp_path: Path) -> None:
    with RudeMailbox(Manners(rcpt="550 no such user")) as box:
        shop = make_shop(tmp_path / "shop", box.port, rules=("overdue-ticket",))
        ran = shop.call("run", "--once", "--at", NINE)
    assert ran.code == 1
    assert re.search(r"dead: .*550", " ".join(ran.text.split()))


def test_a_broken_rule_stops_no_other(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.rule("broken", "rule: Broken\nlook at: Ordrs\nthen:\n  - set:\n      Note: x\n")
    ran = shop.call("run", "--once", "--at", NINE)
    assert ran.code == 1
    assert "rowcall check broken" in ran.text
    assert mailbox.received
    assert shop.call("preview", "new-order", "--at", LATER).code == 0
    for command in (["preview"], ["run", "--once"]):
        [told] = shop.json(command[0], *command, "--at", LATER, code=1)["problems"]
        assert (told["where"], told["fix"]) == (
            "rules/broken.yaml",
            "`rowcall check broken` says what is wrong",
        )


def test_what_a_limit_holds_is_shown_and_not_sent(shop: ShopFolder, mailbox: Mailbox) -> None:
    text = (shop.path / "rules" / "overdue-ticket.yaml").read_text()
    shop.rule("overdue-ticket", text.replace("50 emails an hour", "1 rows at once"))
    plan = shop.json("preview", "preview", "overdue-ticket", "--at", NINE)
    [held] = plan["held"]
    assert (held["rule"], held["count"], held["limit"]) == ("overdue-ticket", 2, "1 rows at once")
    told = " ".join(shop.call("preview", "overdue-ticket", "--at", NINE).text.split())
    assert "[held: waits for a person]" in told
    assert "rowcall release overdue-ticket" in told
    shop.call("run", "--once", "--at", NINE)
    assert not {"Overdue"} & {one.message()["Subject"].partition(":")[0] for one in mailbox.received}


def test_a_rule_on_watch_does_nothing(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    text = (shop.path / "rules" / "overdue-ticket.yaml").read_text()
    shop.rule("overdue-ticket", f"{text}\nstate: watch\n")
    plan = shop.json("preview", "preview", "--at", NINE)
    assert [one["deliveries"] for one in plan["firings"]] == [[], []]
    assert "the rule only watches" in " ".join(shop.call("preview", "--at", NINE).text.split())
    assert "Nothing would happen." in shop.call("preview", "--at", NINE).text


def test_a_missing_workbook_is_told(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    shop.call("run", "--once", "--at", NINE)
    (shop.path / "shop.xlsx").unlink()
    for words in (("preview",), ("run", "--once")):
        ran = shop.call(*words, "--at", LATER)
        assert ran.code == 3, words
        assert "shop.xlsx was not found" in " ".join(ran.text.split())


def test_a_missing_tab_is_found(shop: ShopFolder) -> None:
    shop.config("  Tickets:\n    key: Ticket No\n", "  Tickets:\n    sheet: Tikets\n    key: Ticket No\n")
    for words in (("preview",), ("run", "--once")):
        ran = shop.call(*words, "--at", NINE)
        assert ran.code == 1, words
        assert "Tikets" in ran.text
