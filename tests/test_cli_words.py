"""Do the words of a person count: answers, releases, pauses, retries, drops, undo? And does doctor see what is wrong?"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rowcall.mailbox import Mailbox
from tests.mailbox import OneSecret
from tests.shop_folder import NINE, ShopFolder, make_shop

LATER = "2026-03-02 09:05"
LATEST = "2026-03-02 09:10"
HOLDING = "1 rows at once"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture
def shop(tmp_path: Path, mailbox: Mailbox) -> ShopFolder:
    return make_shop(tmp_path / "shop", mailbox.port, rules=("overdue-ticket", "survey-due"))


def hold(shop: ShopFolder) -> None:
    text = (shop.path / "rules" / "overdue-ticket.yaml").read_text()
    shop.rule("overdue-ticket", text.replace("50 emails an hour", HOLDING))
    shop.call("run", "--once", "--at", NINE)


def subjects(mailbox: Mailbox) -> list[str]:
    return sorted(str(one.message()["Subject"]) for one in mailbox.received)


def test_answer_act_starts_the_rows_that_were_there(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.call("run", "--once", "--at", NINE)
    mailbox.received.clear()
    said = shop.json("word", "answer", "survey-due", "act")
    assert said == {"said": "act", "of": "survey-due", "rows": 9}
    shop.call("run", "--once", "--at", LATER)
    assert len(mailbox.received) == 9


def test_answer_leave_leaves_them(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.call("run", "--once", "--at", NINE)
    mailbox.received.clear()
    assert "survey-due: 9 rows are left as they are." in shop.call("answer", "survey-due", "leave").text
    shop.call("run", "--once", "--at", LATER)
    assert not mailbox.received
    ran = shop.call("answer", "survey-due", "act")
    assert (ran.code, "no open question" in ran.errors) == (2, True)


@pytest.mark.parametrize("decision", ["release", "drop"])
def test_what_is_held_is_released_or_dropped(shop: ShopFolder, mailbox: Mailbox, decision: str) -> None:
    hold(shop)
    mailbox.received.clear()
    assert shop.json("word", decision, "overdue-ticket")["rows"] == 2
    shop.call("run", "--once", "--at", LATER)
    sent = ["Overdue: T-311 Tumbler leaks", "Overdue: T-314 Parcel is late"]
    assert subjects(mailbox) == (sent if decision == "release" else [])


def test_nothing_held_is_wrong_use(shop: ShopFolder) -> None:
    shop.call("run", "--once", "--at", NINE)
    ran = shop.call("release", "overdue-ticket")
    assert (ran.code, "nothing of rule overdue-ticket is held" in ran.errors) == (2, True)


def test_a_paused_rule_stands_still(shop: ShopFolder, mailbox: Mailbox) -> None:
    assert shop.json("word", "pause", "overdue-ticket") == {
        "said": "pause",
        "of": "overdue-ticket",
        "rows": None,
    }
    assert shop.call("pause", "overdue-ticket").code == 2
    shop.call("run", "--once", "--at", NINE)
    assert not any("Overdue" in subject for subject in subjects(mailbox))
    assert "✗ state: paused by a person" in shop.call("explain", "overdue-ticket", "T-311", "--at", NINE).text
    assert shop.call("resume", "overdue-ticket").code == 0
    assert shop.call("resume", "overdue-ticket").code == 2


def test_most_rows_gone_is_answered_with_the_table(tmp_path: Path, mailbox: Mailbox) -> None:
    shop = make_shop(tmp_path / "csv", mailbox.port, rules=("overdue-ticket",))
    tickets = shop.path / "sheets" / "Tickets.csv"
    tickets.parent.mkdir()
    shop.config("connector: xlsx ", "connector: csv_folder ")
    shop.config("path: shop.xlsx", "path: sheets")
    (shop.path / "sheets" / "Staff.csv").write_text(
        "Name,Email,Roles,Active,Away from,Away to,Backup,Language\n"
        "Carla,carla@example.com,team leads,yes,,,,\nDora,dora@example.com,owners,yes,,,,\n"
    )
    header = "Ticket No,Opened at,Status,First reply at,SLA,Assigned to,Subject,Priority,Customer"
    lines = [f"T-{number},2026-03-02 08:00,New,,,,,," for number in range(30)]
    tickets.write_text("\n".join([header, *lines]) + "\n")
    for name in ("Orders", "Order lines", "Products", "Customers", "Settings"):
        shop.config(f"  {name}:\n", f"  {name}:\n    optional: yes\n")
    shop.call("run", "--once", "--at", NINE)
    tickets.write_text("\n".join([header, *lines[:9]]) + "\n")
    shop.call("run", "--once", "--at", LATER)
    assert "21 rows of Tickets are gone" in subjects(mailbox)
    assert shop.json("word", "answer", "tickets", "act") == {"said": "act", "of": "Tickets", "rows": None}
    assert shop.call("run", "--once", "--at", LATEST).code == 0


def test_outbox_list_show_retry_and_drop(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    assert "Nothing has been planned yet." in shop.call("outbox", "list").text
    shop.call("run", "--once", "--at", NINE)
    listed = shop.json("outbox-list", "outbox", "list")["deliveries"]
    assert len(listed) == 4
    waiting = [one for one in listed if one["state"] == "ready"]
    assert [
        one["id"] for one in shop.json("outbox-list", "outbox", "list", "--state", "ready")["deliveries"]
    ] == [one["id"] for one in waiting]
    first = waiting[0]
    assert (first["rule"], first["tries"]) == ("overdue-ticket", 1)
    shown = shop.json("outbox-show", "outbox", "show", first["id"][:6])
    assert shown["effect"]["subject"].startswith("Overdue")
    assert [one["ending"] for one in shown["attempts"]] == [None, "retry"]
    assert "connection was refused" in " ".join(shop.call("outbox", "show", first["id"]).text.split())
    assert shop.json("outbox-word", "outbox", "retry", first["id"])["state"] == "ready"
    assert shop.json("outbox-word", "outbox", "drop", first["id"])["state"] == "cancelled"
    assert shop.call("outbox", "drop", first["id"]).code == 2


def test_outbox_list_fits_eighty_columns(shop: ShopFolder) -> None:
    shop.call("run", "--once", "--at", NINE)
    told = shop.call("outbox", "list").text
    assert "overdue-ticket" in told
    assert max(map(len, told.splitlines())) <= 80


def written(shop: ShopFolder, key: str) -> str:
    """Return the id of the delivery that wrote a ticket's cell."""
    listed = shop.json("outbox-list", "outbox", "list")["deliveries"]
    return next(str(one["id"]) for one in listed if one["action"] == "set_cells" and one["key"] == key)


def test_undo_puts_the_cell_back_once(shop: ShopFolder, mailbox: Mailbox) -> None:
    shop.call("run", "--once", "--at", NINE)
    delivery = written(shop, "T-311")
    assert shop.cell("Tickets", "T-311", "SLA") == "Overdue"
    done = shop.json("undo", "undo", delivery)
    assert [(one["from"], one["to"], one["outcome"]) for one in done["cells"]] == [("Overdue", "", "written")]
    assert shop.cell("Tickets", "T-311", "SLA") == ""
    assert "was undone already" in shop.call("undo", delivery).errors
    mailbox.received.clear()
    again = shop.json("run", "run", "--once", "--at", LATER)
    assert again["firings"] == []


def test_undo_leaves_a_person_s_edit_alone(shop: ShopFolder) -> None:
    shop.call("run", "--once", "--at", NINE)
    shop.set_cell("Tickets", "T-311", "SLA", "On time")
    ran = shop.call("undo", written(shop, "T-311"))
    assert ran.code == 1
    assert "somebody changed it since" in " ".join(ran.text.split())
    assert shop.cell("Tickets", "T-311", "SLA") == "On time"


ENDS_ITSELF = """\
rule: Take new tickets
look at: Tickets
when:
  Status: {when}
first run: act on all
then:
  - set:
      Status: Open
"""


def numbers(shop: ShopFolder, key: str, at: str) -> list[int]:
    plan = shop.json("run", "run", "--once", "--at", at)
    return [one["episode"] for one in plan["firings"] if (one["rule"], one["key"]) == ("take", key)]


def test_undo_never_starts_the_rule_anew(shop: ShopFolder) -> None:
    """The rule's own write ends its episode; undone, the row matters again, but nobody wants it acted on."""
    shop.rule("take", ENDS_ITSELF.format(when="New"))
    assert numbers(shop, "T-311", NINE) == [1]
    assert numbers(shop, "T-311", LATER) == []
    shop.call(
        "undo",
        next(
            one["id"]
            for one in shop.json("outbox-list", "outbox", "list", "--rule", "take")["deliveries"]
            if one["key"] == "T-311"
        ),
    )
    assert shop.cell("Tickets", "T-311", "Status") == "New"
    assert numbers(shop, "T-311", LATEST) == []
    shop.set_cell("Tickets", "T-311", "Status", "Solved")
    assert numbers(shop, "T-311", "2026-03-02 09:15") == []
    shop.set_cell("Tickets", "T-311", "Status", "New")
    assert numbers(shop, "T-311", "2026-03-02 09:20") == [2]


def test_undo_is_no_edge(shop: ShopFolder) -> None:
    shop.rule("take", ENDS_ITSELF.format(when="changed to New"))
    shop.call("run", "--once", "--at", NINE)
    shop.set_cell("Tickets", "T-314", "Status", "New")
    assert numbers(shop, "T-314", LATER) == [1]
    shop.call("run", "--once", "--at", LATEST)
    delivery = shop.json("outbox-list", "outbox", "list", "--rule", "take")["deliveries"][0]["id"]
    assert shop.call("undo", delivery).code == 0
    assert shop.cell("Tickets", "T-314", "Status") == "New"
    assert numbers(shop, "T-314", "2026-03-02 09:15") == []


def checks(shop: ShopFolder, code: int) -> dict[str, tuple[bool, str]]:
    found = shop.json("doctor", "doctor", code=code)["checks"]
    return {one["check"]: (one["ok"], f"{one['detail']} {one['fix']}") for one in found}


def test_doctor_finds_everything_in_order(tmp_path: Path) -> None:
    with Mailbox(authenticator=OneSecret(), auth_require_tls=False) as box:
        shop = make_shop(tmp_path / "shop", box.port)
        ran = shop.call("doctor")
    assert ran.code == 0, ran.text
    assert "Everything is in order." in ran.text


def test_doctor_names_each_trouble_with_its_remedy(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    shop.rule("broken", "rule: B\nlook at: Ordrs\nthen:\n  - set:\n      Note: x\n")
    ahead = (datetime.now(UTC) + timedelta(days=2)).timestamp()
    os.utime(shop.path / "shop.xlsx", (ahead, ahead))
    found = checks(shop, code=1)
    assert found["workbook shop"][0]
    assert found["rules"] == (False, "1 rule with mistakes: broken `rowcall check` shows every mistake")
    assert not found["mail"][0]
    assert "host and port" in found["mail"][1]
    assert not found["clock"][0]
    assert "shop.xlsx was saved" in found["clock"][1]
    assert found["state"] == (True, "there is none yet; the first run makes it ")


def test_doctor_finds_a_missing_secret(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=())
    shop.config("security: none", "security: none\n  user: shop\n  password: ${NO_SUCH_SECRET}")
    found = checks(shop, code=1)
    assert not found["config"][0]
    assert "NO_SUCH_SECRET" in found["config"][1]
    assert ".env" in found["config"][1]


def test_doctor_tells_what_waits_for_a_person(shop: ShopFolder) -> None:
    hold(shop)
    told = shop.call("doctor").text
    assert 'overdue-ticket: 2 rows wait because of "1 rows at once"' in told
    assert "rowcall release overdue-ticket" in told
    assert "survey-due: 9 rows mattered before the rule" in told


def test_doctor_finds_a_damaged_state(shop: ShopFolder) -> None:
    (shop.path / "rowcall.db").write_bytes(b"no database at all" * 100)
    found = checks(shop, code=1)
    assert not found["state"][0]
    assert "backup" in found["state"][1]
