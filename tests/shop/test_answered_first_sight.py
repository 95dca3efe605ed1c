"""What happens to rows of the first look once a person says `act`, when some of it has happened already?"""

import pytest

from rowcall.memory import Answer
from tests.shop.folder import Open, Postbox, order

RULE = """
rule: Ask
look at: Orders
when: {Status: Paid}
then:
  - email: {to: warehouse, subject: start, text: Hello}
  - at: 2 hours after Confirmed at
    email: {to: warehouse, subject: two hours, text: Hello}
  - at: 6 hours after Confirmed at
    email: {to: warehouse, subject: six hours, text: Hello}
"""


@pytest.mark.parametrize(
    ("confirmed", "before", "after"),
    [
        ("2026-03-02 08:30", ["two hours"], ["start", "six hours"]),
        ("2026-03-02 10:30", [], ["start", "two hours", "six hours"]),
    ],
    ids=["it came at its date already", "it is still ahead"],
)
def test_each_entry_acts_once(
    confirmed: str, before: list[str], after: list[str], open_folder: Open, box: Postbox
) -> None:
    shop = open_folder({"ask": RULE}, order("1", status="Paid", confirmed_at=confirmed))
    shop.run("09:00")
    shop.run("11:00")
    assert box.told("ben@shop.example") == before
    shop.store.say_answer("ask", Answer.ACT, shop.clock.now())
    told = [firing.entry.partition("#")[0] for firing in shop.run("11:05").firings]
    assert told == ["start"]
    shop.run("13:00")
    shop.run("17:00")
    assert box.told("ben@shop.example") == before + after
