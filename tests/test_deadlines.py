"""Do deadlines, pauses and ladders come at the right minute, and never again once somebody has answered?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rowcall.actions import email
from rowcall.calendar import Calendar, DateRow, parse_hours, with_rows
from rowcall.duration import Span, Unit
from rowcall.explain import explain
from rowcall.memory import Answer
from rowcall.table import Column, Kind, Schema
from tests.plan_day import ZONE, Day

TICKETS = Schema(
    "Tickets",
    "shop",
    "Tickets",
    key=("Ticket No",),
    columns=(
        Column("Ticket No"),
        Column("Opened at", Kind.DATETIME),
        Column("Priority", Kind.CHOICE, ("Urgent", "High", "Normal", "Low")),
        Column("Status", Kind.CHOICE, ("New", "Open", "Waiting", "Solved")),
        Column("First reply at", Kind.DATETIME),
        Column("SLA", Kind.CHOICE, ("On time", "Overdue", "Escalated")),
        Column("Ship by", Kind.DATE),
        Column("Call at", Kind.DATETIME),
        Column("Time given", Kind.DURATION),
        Column("Hours", Kind.NUMBER),
    ),
)
_OPEN = parse_hours("09:00-12:30, 13:30-18:00")
DESK = Calendar("desk", ZONE, (_OPEN,) * 5 + ((), ()))

LADDER = """
rule: Overdue tickets
look at: Tickets
working hours: desk
first run: only new ones
when:
  Status: one of New, Open
  First reply at: empty
pause while:
  Status: Waiting
due:
  counted from: Opened at
  within:
    by column: Priority
    Urgent: 2 working hours
    High: 4 working hours
    everything else: 8 working hours
then:
  - at: 75% of the time
    email: {to: anna, subject: "Soon {{ ticket_no }}", text: "{{ due | when }}"}
  - at: due
    set: {SLA: Overdue}
    email: {to: anna, subject: "Overdue {{ ticket_no }}", text: "since {{ due | when }}"}
  - at: 4 working hours after due
    email: {to: dora, subject: "Level 2 {{ ticket_no }}", text: "{{ sla }}"}
  - at: 8 working hours after due
    set: {SLA: Escalated}
    email: {to: dora, subject: "Level 3 {{ ticket_no }}", text: "{{ sla }}"}
"""

MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(rule: str, *rows: dict[str, str], **more: object) -> Day:
        named = {"calendars": {"desk": DESK}, **more}
        return Day(tmp_path, (TICKETS,), {"Tickets": list(rows)}, {"sla": rule}, **named)  # type: ignore[arg-type] # fields of Day

    return make


def ticket(number: str, opened: str = "", priority: str = "Normal", **more: str) -> dict[str, str]:
    blank = {column.name: "" for column in TICKETS.columns}
    named = {name.replace("_", " ").capitalize(): text for name, text in more.items()}
    return {**blank, "Ticket No": number, "Opened at": opened, "Priority": priority, "Status": "New", **named}


def run(shop: Day, start: str, end: str, minutes: int = 30, *, nights: bool = False) -> None:
    """Look every few minutes, as the service does; at night and on Sundays only where that is the point."""
    moment, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    while moment <= last:
        if nights or (9 <= moment.hour <= 18 and moment.weekday() < 6):
            shop.tick(f"{moment:%Y-%m-%d %H:%M}")
        moment += timedelta(minutes=minutes)


def told(shop: Day) -> list[tuple[str, str, str]]:
    return [(f"{mail.at:%a %H:%M}", mail.to.split("@")[0], mail.subject) for mail in shop.mails]


def times(shop: Day, key: str = "T-1") -> dict[str, str]:
    """Return when each entry comes next, as it is written down."""
    store = shop.store()
    episode = store.load().episodes["sla"][key]
    store.close()
    return {
        one.entry.partition("#")[0]: f"{one.waits_until.astimezone(ZONE):%a %H:%M}"
        for one in episode.progress
        if one.waits_until
    }


class TestLadder:
    def test_an_urgent_ticket_of_friday_evening_goes_on_over_weekend_and_lunch(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-06 16:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-06 16:30", "Urgent"))
        run(shop, "2026-03-06 16:30", "2026-03-10 10:00")
        assert told(shop) == [
            ("Fri 18:00", "anna", "Soon T-1"),
            ("Mon 09:30", "anna", "Overdue T-1"),
            ("Mon 14:30", "dora", "Level 2 T-1"),
            ("Tue 09:30", "dora", "Level 3 T-1"),
        ]
        assert [mail.text.strip() for mail in shop.mails[2:]] == ["Overdue", "Escalated"]
        assert shop.mails[1].text.strip() == "since Mon 9 Mar, 09:30"
        assert shop.row("Tickets", "T-1")["SLA"] == "Escalated"

    def test_the_times_are_written_down_as_timers(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-06 16:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-06 16:30", "Urgent"))
        shop.tick("2026-03-06 16:30")
        assert times(shop) == {
            "75% of the time": "Fri 18:00",
            "due": "Mon 09:30",
            "4 working hours after due": "Mon 14:30",
            "8 working hours after due": "Tue 09:30",
        }
        store = shop.store()
        assert store.next_timer() == datetime(2026, 3, 6, 18, 0, tzinfo=ZONE)

    def test_reminders_thread_under_the_first_mail_to_the_same_person(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-06 16:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-06 16:30", "Urgent"))
        run(shop, "2026-03-06 16:30", "2026-03-09 10:00", 30)
        payloads = [
            one.payload
            for plan in shop.plans
            for firing in plan.firings
            for one in firing.deliveries
            if isinstance(one.payload, email.Payload)
        ]
        first, second = payloads
        assert first.message_id in repr(second)
        assert second.message_id not in repr(first)

    def test_a_ticket_that_waits_twice_for_its_customer_has_its_time_left(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 09:45")
        assert times(shop)["due"] == "Mon 14:00"
        shop.row("Tickets", "T-1")["Status"] = "Waiting"
        run(shop, "2026-03-09 10:00", "2026-03-09 10:45")
        assert times(shop) == {}
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-09 11:00", "2026-03-09 12:45")
        shop.row("Tickets", "T-1")["Status"] = "Waiting"
        run(shop, "2026-03-09 13:00", "2026-03-09 13:45")
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-09 14:00", "2026-03-09 17:00")
        # 9-10, 11-12:30 and 14-15:30 are four hours; the break from 12:30 to 13:30 was none of them anyway.
        assert told(shop) == [("Mon 14:30", "anna", "Soon T-1"), ("Mon 15:30", "anna", "Overdue T-1")]

    def test_what_would_have_been_due_in_a_pause_comes_after_it(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        run(shop, "2026-03-09 09:00", "2026-03-09 09:45")
        shop.row("Tickets", "T-1")["Status"] = "Waiting"
        run(shop, "2026-03-09 10:00", "2026-03-10 09:45")
        assert told(shop) == []
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-10 10:00", "2026-03-10 12:00")
        assert told(shop) == [("Tue 10:30", "anna", "Soon T-1"), ("Tue 11:00", "anna", "Overdue T-1")]

    def test_stays_count_also_before_the_episode_opens(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent", status="Waiting"))
        run(shop, "2026-03-09 09:00", "2026-03-09 09:45")
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-09 10:00", "2026-03-09 12:30")
        assert told(shop) == [("Mon 11:30", "anna", "Soon T-1"), ("Mon 12:00", "anna", "Overdue T-1")]

    def test_a_deadline_moved_later_acts_again_from_due_on(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 14:15")
        shop.row("Tickets", "T-1")["Priority"] = "Normal"
        run(shop, "2026-03-09 14:30", "2026-03-10 13:00")
        run(shop, "2026-03-10 13:30", "2026-03-10 14:00")
        assert told(shop) == [
            ("Mon 12:00", "anna", "Soon T-1"),
            ("Mon 14:00", "anna", "Overdue T-1"),
            ("Mon 18:00", "anna", "Overdue T-1"),
            ("Tue 14:00", "dora", "Level 2 T-1"),
        ]
        occurrences = [f.occurrence for p in shop.plans for f in p.firings if f.entry == "due#1"]
        assert occurrences == [1, 2]

    def test_a_deadline_moved_there_and_back_acts_once(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 14:15")
        shop.row("Tickets", "T-1")["Priority"] = "Normal"
        shop.tick("2026-03-09 14:30")
        assert times(shop)["due"] == "Mon 18:00"
        shop.row("Tickets", "T-1")["Priority"] = "High"
        shop.tick("2026-03-09 14:45")
        assert "due" not in times(shop)
        run(shop, "2026-03-09 15:00", "2026-03-09 18:15")
        assert [subject for _, _, subject in told(shop)] == ["Soon T-1", "Overdue T-1", "Level 2 T-1"]


class TestAnswered:
    @pytest.mark.parametrize("replied", ["13:50", "14:00"])
    def test_before_the_deadline_or_in_its_very_tick_no_mail_goes_out(
        self, day: MakeDay, replied: str
    ) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 13:45")
        shop.row("Tickets", "T-1")["First reply at"] = f"2026-03-09 {replied}"
        run(shop, f"2026-03-09 {replied}", "2026-03-09 18:00")
        assert told(shop) == [("Mon 12:00", "anna", "Soon T-1")]
        assert shop.row("Tickets", "T-1")["SLA"] == ""

    def test_a_mail_that_waits_for_the_mail_server_is_taken_back(self, day: MakeDay) -> None:
        shop = day(LADDER, mail_works=False)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 14:15")
        shop.row("Tickets", "T-1")["First reply at"] = "2026-03-09 14:20"
        shop.tick("2026-03-09 14:30")
        shop.mail_works = True
        run(shop, "2026-03-09 15:00", "2026-03-09 15:30")
        assert told(shop) == []

    def test_a_new_question_starts_the_clock_anew(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        run(shop, "2026-03-09 09:00", "2026-03-09 11:00")
        shop.row("Tickets", "T-1")["First reply at"] = "2026-03-09 11:05"
        shop.tick("2026-03-09 11:15")
        shop.row("Tickets", "T-1").update({"First reply at": "", "Opened at": "2026-03-09 14:00"})
        run(shop, "2026-03-09 14:00", "2026-03-09 16:00")
        assert told(shop) == [
            ("Mon 10:30", "anna", "Soon T-1"),
            ("Mon 11:00", "anna", "Overdue T-1"),
            ("Mon 15:30", "anna", "Soon T-1"),
            ("Mon 16:00", "anna", "Overdue T-1"),
        ]


class TestDowntime:
    def test_three_days_leave_one_mail_to_each_that_says_what_it_replaces_and_every_write(
        self, day: MakeDay
    ) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        shop.tick("2026-03-09 09:00")
        shop.tick("2026-03-12 09:00")
        assert told(shop) == [("Thu 09:00", "anna", "Overdue T-1"), ("Thu 09:00", "dora", "Level 3 T-1")]
        assert "Soon T-1" in shop.mails[0].text
        assert "Level 2 T-1" in shop.mails[1].text
        assert shop.row("Tickets", "T-1")["SLA"] == "Escalated"
        # Both writes were made, one after the other.
        assert [p.what for p in shop.plans[-1].problems] == []
        shop.tick("2026-03-12 09:15")
        assert len(shop.mails) == 2

    def test_answered_meanwhile_nothing_is_said(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["First reply at"] = "2026-03-11 09:00"
        shop.tick("2026-03-12 09:00")
        assert told(shop) == []


class TestBaseline:
    def test_what_is_behind_is_done_and_what_is_ahead_comes(self, day: MakeDay) -> None:
        shop = day(LADDER, ticket("T-1", "2026-03-09 09:00", "High"), ticket("T-2", "2026-03-02 09:00"))
        first = shop.tick("2026-03-09 13:00")
        assert first.baseline == {"sla": ("T-1", "T-2")}
        run(shop, "2026-03-09 13:30", "2026-03-10 18:00")
        # T-1 had used 75 % of its time already; T-2 was overdue for long.
        assert told(shop) == [
            ("Mon 14:00", "anna", "Overdue T-1"),
            ("Mon 18:00", "dora", "Level 2 T-1"),
            ("Tue 14:00", "dora", "Level 3 T-1"),
        ]

    def test_a_row_that_pauses_at_first_sight_and_was_overdue_stays_silent(self, day: MakeDay) -> None:
        rule = LADDER.replace("  Status: one of New, Open\n", "")
        shop = day(rule, ticket("T-1", "2026-03-02 09:00", "High", status="Waiting"))
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-09 10:00", "2026-03-09 18:00", 30)
        assert told(shop) == []

    def test_answer_act_starts_the_rest(self, day: MakeDay) -> None:
        shop = day(LADDER.replace("only new ones", "ask"), ticket("T-1", "2026-03-09 09:00", "High"))
        shop.tick("2026-03-09 15:00")
        shop.mails.clear()
        store = shop.store()
        store.say_answer("sla", Answer.ACT, datetime(2026, 3, 9, 15, 10, tzinfo=ZONE))
        store.close()
        run(shop, "2026-03-09 15:30", "2026-03-10 09:30")
        assert told(shop) == [("Mon 15:30", "anna", "Overdue T-1"), ("Mon 18:00", "dora", "Level 2 T-1")]


class TestButtons:
    LATER = Span(2, Unit.HOUR, working=True)

    def test_snooze_moves_all_outstanding_times(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        run(shop, "2026-03-09 09:00", "2026-03-09 10:45")
        shop.press("2026-03-09 10:50", "Later", "T-1", snooze=self.LATER)
        run(shop, "2026-03-09 11:00", "2026-03-09 18:00")
        assert told(shop) == [
            ("Mon 10:30", "anna", "Soon T-1"),
            ("Mon 14:00", "anna", "Overdue T-1"),
            ("Mon 18:00", "dora", "Level 2 T-1"),
        ]

    def test_pressed_twice_it_stands_still_once(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        shop.tick("2026-03-09 09:00")
        for minute in ("05", "06"):
            shop.press(f"2026-03-09 09:{minute}", "Later", "T-1", snooze=Span(1, Unit.HOUR))
        shop.tick("2026-03-09 09:07")
        assert times(shop)["due"] == "Mon 12:01"

    def test_stop_ends_the_episode_until_when_has_been_false(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        shop.tick("2026-03-09 09:00")
        shop.press("2026-03-09 09:05", "Done", "T-1", stop=True)
        run(shop, "2026-03-09 09:15", "2026-03-09 18:00", 30)
        assert told(shop) == []
        shop.row("Tickets", "T-1")["Status"] = "Solved"
        shop.tick("2026-03-10 09:00")
        shop.row("Tickets", "T-1").update({"Status": "Open", "Opened at": "2026-03-10 09:00"})
        run(shop, "2026-03-10 09:30", "2026-03-10 11:00")
        assert [subject for _, _, subject in told(shop)] == ["Soon T-1", "Overdue T-1"]

    def test_a_button_of_an_earlier_episode_does_nothing(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        shop.tick("2026-03-09 09:00")
        store = shop.store()
        store.press("old", ("sla", "T-1", 7), "Done", datetime(2026, 3, 9, 9, 5, tzinfo=ZONE), stop=True)
        store.close()
        run(shop, "2026-03-09 09:30", "2026-03-09 11:00")
        assert [subject for _, _, subject in told(shop)] == ["Soon T-1", "Overdue T-1"]
        store = shop.store()
        assert store.load().presses == ()
        store.close()


class TestEdits:
    def test_a_holiday_entered_later_moves_what_is_to_come(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-06 16:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-06 16:30", "Urgent"))
        run(shop, "2026-03-06 16:30", "2026-03-06 18:00")
        assert times(shop)["due"] == "Mon 09:30"
        shop.calendars["desk"] = with_rows(DESK, [DateRow(date(2026, 3, 9), "Holiday")])[0]
        shop.tick("2026-03-07 10:00")
        assert times(shop)["due"] == "Tue 09:30"
        run(shop, "2026-03-09 09:00", "2026-03-10 09:30", 30)
        assert told(shop)[1:] == [("Tue 09:30", "anna", "Overdue T-1")]

    def test_another_within_moves_the_deadline_and_resends_nothing(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        run(shop, "2026-03-09 09:00", "2026-03-09 12:15")
        assert told(shop) == [("Mon 12:00", "anna", "Soon T-1")]
        shop.rules["sla"] = LADDER.replace("High: 4 working hours", "High: 6 working hours")
        run(shop, "2026-03-09 12:30", "2026-03-09 16:30")
        assert told(shop)[1:] == [("Mon 16:00", "anna", "Overdue T-1")]

    def test_a_restart_between_two_looks_changes_nothing(self, day: MakeDay) -> None:
        # `Day` opens the state anew for every tick; here the rule is read anew as well, under a file that was touched.
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "Urgent"))
        run(shop, "2026-03-09 09:00", "2026-03-09 10:45")
        shop.rules["sla"] = f"# looked at again\n{LADDER}"
        run(shop, "2026-03-09 11:00", "2026-03-09 12:00")
        assert [subject for _, _, subject in told(shop)] == ["Soon T-1", "Overdue T-1"]


DUE = """
rule: Calls
look at: Tickets
working hours: desk
first run: only new ones
when:
  First reply at: empty
due: {due}
then:
  - at: {at}
    email: {{to: anna, subject: "{{{{ ticket_no }}}}", text: "{{{{ due }}}}"}}
"""


class TestOtherDeadlines:
    @pytest.mark.parametrize(
        ("due", "at", "expected"),
        [
            ("Ship by", "due", "Sat 00:00"),  # Friday 13 March is over
            ("Ship by", "2 days before due", "Wed 00:00"),
            ("Ship by", "2 working days before due", "Wed 09:00"),
            ("Ship by", "2 hours before due", "Fri 22:00"),
            ("Ship by", "1 day after due", "Sun 00:00"),
            ("Call at", "due", "Thu 15:00"),
            ("Call at", "1 hour before due", "Thu 14:00"),
            ("Call at", "1 day before due", "Wed 15:00"),
            ("Call at", "2 working hours after due", "Thu 17:00"),
            ("{counted from: start, within: 3 hours}", "due", "Mon 12:00"),
            ("{counted from: start, within: 4 hours}", "50% of the time", "Mon 11:00"),
            ("{counted from: Ship by, within: 1 working day}", "due", "Mon 09:00"),
            ("{counted from: start, within: same as Time given}", "due", "Mon 10:30"),
            ('{counted from: start, within: "=[Hours] * 2"}', "due", "Mon 14:00"),
        ],
    )  # fmt: skip
    def test_the_time_of_an_entry(self, day: MakeDay, due: str, at: str, expected: str) -> None:
        shop = day(DUE.format(due=due, at=at))
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(
            ticket("T-1", ship_by="2026-03-13", call_at="2026-03-12 15:00", time_given="1:30", hours="2.5")
        )
        shop.tick("2026-03-09 09:00")
        (found,) = times(shop).values()
        assert found == expected

    def test_a_day_is_told_as_a_day(self, day: MakeDay) -> None:
        shop = day(DUE.format(due="Ship by", at="2 days before due"))
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", ship_by="2026-03-13"))
        run(shop, "2026-03-09 09:00", "2026-03-11 00:00", 180, nights=True)
        assert [mail.text.strip() for mail in shop.mails] == ["13 Mar 2026"]

    @pytest.mark.parametrize("due", ["Ship by", "{counted from: Call at, within: 1 hour}"])
    def test_without_a_date_nothing_is_due_until_there_is_one(self, day: MakeDay, due: str) -> None:
        shop = day(DUE.format(due=due, at="due"))
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1"))
        run(shop, "2026-03-09 09:00", "2026-03-09 12:00", 60)
        assert (told(shop), times(shop)) == ([], {})
        shop.row("Tickets", "T-1").update({"Ship by": "2026-03-09", "Call at": "2026-03-09 23:00"})
        run(shop, "2026-03-09 13:00", "2026-03-10 00:00", 60, nights=True)
        assert told(shop) == [("Tue 00:00", "anna", "T-1")]

    def test_the_night_in_which_the_clock_goes_forward_is_an_hour_shorter(self, day: MakeDay) -> None:
        shop = day(DUE.format(due="{counted from: Opened at, within: 6 hours}", at="due"))
        shop.tick("2026-03-28 20:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-28 22:00"))
        run(shop, "2026-03-28 22:00", "2026-03-29 06:00", 60, nights=True)
        assert told(shop) == [("Sun 05:00", "anna", "T-1")]

    def test_counted_from_the_last_change_of_a_column(self, day: MakeDay) -> None:
        shop = day(DUE.format(due="{counted from: last change of Status, within: 2 hours}", at="due"))
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1"))
        shop.tick("2026-03-09 09:00")
        assert times(shop) == {"due": "Mon 11:00"}
        shop.row("Tickets", "T-1")["Status"] = "Open"
        shop.tick("2026-03-09 10:00")
        assert times(shop) == {"due": "Mon 12:00"}
        shop.row("Tickets", "T-1")["SLA"] = "On time"
        run(shop, "2026-03-09 10:30", "2026-03-09 12:30", 30)
        shop.row("Tickets", "T-1")["Status"] = "Waiting"
        run(shop, "2026-03-09 13:00", "2026-03-09 15:00", 30)
        assert told(shop) == [("Mon 12:00", "anna", "T-1"), ("Mon 15:00", "anna", "T-1")]


def test_first_that_fits_gives_the_time_of_each_row(day: MakeDay) -> None:
    due = """
  counted from: start
  within:
    first that fits:
      - {value: 1 hour, when: {Priority: Urgent}}
      - {value: 2 hours, when: {Hours: at least 5}}
      - {value: 3 hours}
"""
    shop = day(DUE.format(due=due, at="due"))
    shop.tick("2026-03-09 08:00")
    shop.rows["Tickets"] += [
        ticket("T-1", priority="Urgent"),
        ticket("T-2", hours="7"),
        ticket("T-3", hours="1"),
    ]
    shop.tick("2026-03-09 09:00")
    assert [times(shop, key)["due"] for key in ("T-1", "T-2", "T-3")] == [
        "Mon 10:00",
        "Mon 11:00",
        "Mon 12:00",
    ]


END = """
rule: Thanks
look at: Tickets
first run: only new ones
when:
  Status: Open
then:
  - email: {to: anna, subject: "start", text: "x"}
  - at: 1 hour after start
    email: {to: anna, subject: "hour", text: "x"}
  - at: end
    email: {to: anna, subject: "end {{ status }}", text: "x"}
"""


class TestEnd:
    def test_it_comes_when_the_row_no_longer_matters_and_only_once(self, day: MakeDay) -> None:
        shop = day(END, ticket("T-1"))
        shop.tick("2026-03-09 09:00")
        for at, status in [("10:00", "Open"), ("10:30", "Solved"), ("10:45", "Solved"), ("12:00", "New")]:
            shop.row("Tickets", "T-1")["Status"] = status
            shop.tick(f"2026-03-09 {at}")
        assert [subject for _, _, subject in told(shop)] == ["start", "end Solved"]
        shop.row("Tickets", "T-1")["Status"] = "Open"
        shop.tick("2026-03-09 13:00")
        shop.row("Tickets", "T-1")["Status"] = "Solved"
        shop.tick("2026-03-09 14:00")  # the timer and the end meet: the end wins
        assert [subject for _, _, subject in told(shop)][2:] == ["start", "end Solved"]

    def test_a_mail_of_the_end_survives_the_end(self, day: MakeDay) -> None:
        shop = day(END, ticket("T-1"), mail_works=False)
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["Status"] = "Open"
        run(shop, "2026-03-09 10:00", "2026-03-09 11:00", 30)
        shop.row("Tickets", "T-1")["Status"] = "Solved"
        shop.tick("2026-03-09 11:30")
        shop.tick("2026-03-09 11:45")
        shop.mail_works = True
        shop.tick("2026-03-09 12:00")
        assert [subject for _, _, subject in told(shop)] == ["start", "end Solved"]

    def test_a_deleted_row_ends_nothing(self, day: MakeDay) -> None:
        shop = day(END, ticket("T-1"), ticket("T-2"))
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["Status"] = "Open"
        shop.tick("2026-03-09 10:00")
        shop.rows["Tickets"].pop(0)
        run(shop, "2026-03-09 10:10", "2026-03-09 12:00", 10)
        assert [subject for _, _, subject in told(shop)] == ["start"]

    def test_rows_of_the_baseline_end_silently(self, day: MakeDay) -> None:
        shop = day(END, ticket("T-1", status="Open"))
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["Status"] = "Solved"
        run(shop, "2026-03-09 10:00", "2026-03-09 11:00", 30)
        assert told(shop) == []

    def test_words_that_can_not_be_made_are_tried_again(self, day: MakeDay) -> None:
        rule = END.replace('"end {{ status }}"', '"{{ 10 / hours }}"')
        shop = day(rule, ticket("T-1", hours="0"))
        shop.tick("2026-03-09 09:00")
        for at, status in [("10:00", "Open"), ("10:30", "Solved")]:
            shop.row("Tickets", "T-1")["Status"] = status
            shop.tick(f"2026-03-09 {at}")
        assert [who for _, who, _ in told(shop)] == ["anna", "dora"]  # dora is told that it can't be made
        shop.row("Tickets", "T-1")["Hours"] = "5"
        shop.tick("2026-03-09 10:45")
        shop.tick("2026-03-09 11:00")
        assert [subject for _, _, subject in told(shop)][2:] == ["2"]

    def test_a_row_of_edges_ends_with_its_last_entry(self, day: MakeDay) -> None:
        shop = day(END.replace("  Status: Open\n", "  row: new\n"))
        shop.tick("2026-03-09 09:00")
        shop.rows["Tickets"].append(ticket("T-1"))
        run(shop, "2026-03-09 10:00", "2026-03-09 12:00", 30)
        assert told(shop) == [
            ("Mon 10:00", "anna", "start"),
            ("Mon 11:00", "anna", "hour"),
            ("Mon 11:00", "anna", "end New"),
        ]


class TestPauseElsewhere:
    def test_for_and_after_start_and_every_stand_still(self, day: MakeDay) -> None:
        rule = """
rule: Chase
look at: Tickets
first run: only new ones
when:
  First reply at: empty
for: 1 hour
pause while:
  Status: Waiting
then:
  - email: {to: anna, subject: "start", text: "x"}
  - at: 2 hours after start
    email: {to: anna, subject: "two hours", text: "x"}
  - every: 1 hour
    at most: 2 times
    email: {to: anna, subject: "every", text: "x"}
  - at: 1 hour after Call at
    email: {to: anna, subject: "call", text: "x"}
"""
        shop = day(rule)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", call_at="2026-03-09 11:30"))
        plan = [
            ("09:00", "New"),
            ("09:30", "Waiting"),
            ("10:30", "New"),
            ("12:00", "Waiting"),
            ("13:00", "New"),
        ]
        moment = datetime(2026, 3, 9, 9)
        while moment <= datetime(2026, 3, 9, 17):
            for at, status in plan:
                if f"{moment:%H:%M}" == at:
                    shop.row("Tickets", "T-1")["Status"] = status
            shop.tick(f"{moment:%Y-%m-%d %H:%M}")
            moment += timedelta(minutes=30)
        assert told(shop) == [
            ("Mon 11:00", "anna", "start"),
            ("Mon 12:30", "anna", "call"),
            ("Mon 14:00", "anna", "two hours"),
            ("Mon 15:00", "anna", "every"),
            ("Mon 16:00", "anna", "every"),
        ]

    def test_in_a_pause_a_row_neither_opens_nor_ends_but_stop_when_ends_it(self, day: MakeDay) -> None:
        rule = END.replace(
            "  Status: Open\n",
            "  Hours: at least 1\npause while:\n  Status: Waiting\nstop when:\n  SLA: On time\n",
        )
        shop = day(rule, ticket("T-1", hours="0"), ticket("T-2", hours="0"))
        shop.tick("2026-03-09 09:00")
        shop.row("Tickets", "T-1")["Hours"] = "2"
        shop.tick("2026-03-09 09:10")
        for key in ("T-1", "T-2"):
            shop.row("Tickets", key)["Status"] = "Waiting"
        shop.row("Tickets", "T-1")["Hours"] = "0"
        shop.row("Tickets", "T-2")["Hours"] = "2"
        shop.tick("2026-03-09 09:20")
        assert [subject for _, _, subject in told(shop)] == ["start"]
        shop.row("Tickets", "T-1")["SLA"] = "On time"
        shop.tick("2026-03-09 09:30")
        assert [subject for _, _, subject in told(shop)] == ["start", "end Waiting"]
        shop.row("Tickets", "T-2")["Status"] = "Open"
        shop.tick("2026-03-09 09:40")
        assert [subject for _, _, subject in told(shop)] == ["start", "end Waiting", "start"]


class TestExplain:
    def ask(self, shop: Day, at: str) -> tuple[dict[str, tuple[bool, str]], str]:
        store = shop.store()
        given = shop.given(datetime.fromisoformat(at).replace(tzinfo=ZONE), store, store.load())
        found = explain(given, given.rules[0], "T-1", store.firings_of("sla", "T-1"))
        store.close()
        gates = {gate.gate: (gate.open, gate.detail) for gate in found.gates}
        ahead = found.next
        when = f"{ahead.at.astimezone(ZONE):%a %H:%M} " if ahead is not None and ahead.at is not None else ""
        return gates, f"{when}{ahead.what}" if ahead is not None else ""

    def test_deadline_pause_and_snooze_are_told(self, day: MakeDay) -> None:
        shop = day(LADDER)
        shop.tick("2026-03-09 08:00")
        shop.rows["Tickets"].append(ticket("T-1", "2026-03-09 09:00", "High"))
        shop.tick("2026-03-09 09:00")
        gates, ahead = self.ask(shop, "2026-03-09 09:30")
        assert gates["due"] == (True, "due 2026-03-09 14:00")
        assert gates["pause"] == (True, "the clocks run")
        assert ahead == "Mon 12:00 75% of the time"
        shop.row("Tickets", "T-1")["Status"] = "Waiting"
        shop.tick("2026-03-09 10:00")
        gates, ahead = self.ask(shop, "2026-03-09 10:30")
        told = "the clocks stand still since 2026-03-09 10:00, because `pause while` is true"
        assert gates["pause"] == (False, told)
        assert ahead == "once its clocks run again"
        shop.row("Tickets", "T-1")["Status"] = "Open"
        shop.tick("2026-03-09 11:00")
        shop.press("2026-03-09 11:05", "Later", "T-1", snooze=Span(1, Unit.HOUR))
        gates, ahead = self.ask(shop, "2026-03-09 11:10")
        assert gates["snooze"] == (
            False,
            "a button was pressed: the clocks stand still until 2026-03-09 12:05",
        )
        assert gates["due"] == (True, "due 2026-03-09 16:00, without pauses 2026-03-09 14:00")
        assert ahead == "Mon 15:00 75% of the time"
