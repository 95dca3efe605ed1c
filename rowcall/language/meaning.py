"""What does each word of the rule language mean, in one line, with an example?

Long because it is one table: the reference is made from it. Every example fits the sample shop of
`config.example.yaml`, and a test reads each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rowcall.language.words import (
    BlockKey,
    Choice,
    EntryKey,
    Key,
    LimitWord,
    Operand,
    Phrase,
    Time,
    ValueWord,
    WindowKey,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One word: what it says, how it is written, what holds without it, and the table its example is about."""

    says: str
    example: str
    default: str = ""
    table: str = "Orders"


KEYS: Mapping[Key, Meaning] = {
    Key.RULE: Meaning("The title, for people.", "rule: Confirm new orders", "required"),
    Key.ABOUT: Meaning("One sentence about what it is for.", "about: Thank every customer who has paid."),
    Key.RESPONSIBLE: Meaning(
        "The person or role that is told of failures and asked when something is held.",
        "responsible: Dora",
        "`responsible` of the config",
    ),
    Key.LOOK_AT: Meaning(
        "The table whose rows are watched.", "look at: Orders", "required without `schedule`"
    ),
    Key.WHEN: Meaning(
        "Conditions; when all of them are true, the row matters.", "when: {Status: Paid}", "every row matters"
    ),
    Key.FOR: Meaning(
        "The conditions must hold that long without a break first. It counts on over a restart.",
        "for: 30 minutes",
        "acts at once",
    ),
    Key.AGAIN_ONLY_WHEN: Meaning(
        "The row may start anew only after this was true. It also ends what is under way.",
        "again only when: {Status: New}",
        "once `when` has become false",
    ),
    Key.ONCE_PER_ROW: Meaning("`yes`: never a second time for the same row.", "once per row: yes", "no"),
    Key.THEN: Meaning(
        "What is done: a list of entries, each with its actions and maybe a time.",
        "then: {set: {Confirmed at: now}}",
        "required without `keep`",
    ),
    Key.STOP_WHEN: Meaning(
        "One more reason to end, beside `when` becoming false. "
        "A row of which it is true, or unknown, does not start.",
        "stop when: {Review score: not empty}",
    ),
    Key.SEND_ONLY: Meaning(
        "The hours in which mails go out; others wait for them. It stands instead of the quiet hours of the config.",
        "send only: weekdays between 09:00 and 19:00",
        "`quiet hours` of the config",
    ),
    Key.LIMITS: Meaning(
        "How much is too much. What passes a limit is held, and the person responsible is asked.",
        "limits: [50 emails an hour, 40 rows at once]",
        "`limits` of the config",
    ),
    Key.FIRST_RUN: Meaning(
        "What happens with rows that fit already when the rule first sees its table: "
        "`ask` sends one summary and waits for an answer, `only new ones` leaves them alone, `act on all` acts.",
        "first run: only new ones",
        "ask",
    ),
    Key.CHECK_EVERY: Meaning(
        "The rule is not asked more often than this.", "check every: 15 minutes", "at every look"
    ),
    Key.EXPIRES_AFTER: Meaning(
        "A mail that could not be sent by then is dropped and reported. Counted from the first moment it may go out; "
        "it stands still while the mail is held.",
        "expires after: 2 days",
        "3 days",
    ),
    Key.STATE: Meaning(
        "`on`; `off`: not asked at all; `watch`: everything is planned and recorded, nothing is sent or written.",
        "state: watch",
        "on",
    ),
    Key.DUE: Meaning(
        "A deadline: a column with dates (a `date` is due at the end of that day), or the two lines `counted from` and "
        "`within`. Entries at `due`, before and after it hang on it, and `{{ due }}` says it.",
        "due: Delivered on",
    ),
    Key.PAUSE_WHILE: Meaning(
        "Conditions; while they are true the row's clocks stand still, and `when` is not asked. Every stay counts.",
        "pause while: {Status: New}",
    ),
    Key.WORKING_HOURS: Meaning(
        "The calendar of the config in which working hours and days are counted.",
        "working hours: weekdays",
        "`working hours` of the shop",
    ),
    Key.SCHEDULE: Meaning(
        "When the rule acts by the clock; see *schedules* below. Each time every row that matters begins anew. "
        "Without `look at` it acts once each time. A list of lines: at each of them.",
        "schedule: weekdays at 08:30 and 14:00",
        "whenever a row begins to matter",
    ),
    Key.PERIOD: Meaning(
        "The days that the rule speaks of, counted from the moment at which it acts; see *periods* below.",
        "period: last week",
    ),
    Key.COMPARE_WITH: Meaning(
        "Other days; the figures are computed for them too, and `{{ NAME_change }}` says the difference.",
        "compare with: the week before",
    ),
    Key.FIGURES: Meaning(
        "Named sums, counts and lists; see *figures* below.",
        "figures: {Revenue: {in: Orders, sum of: Total}}",
    ),
    Key.KEEP: Meaning(
        "Columns that the rule keeps at a value; they are marked as `kept` in the config.",
        "keep: {Tier: Silver}",
    ),
}

ENTRY_KEYS: Mapping[EntryKey, Meaning] = {
    EntryKey.AT: Meaning("When the entry acts; see *times* below.", "at: 5 days after start", "start"),
    EntryKey.EVERY: Meaning(
        "Again and again, counted from the last time it was done; the first time, "
        "from the entry before it being done, or from the start if it is the first entry.",
        "every: 3 days",
    ),
    EntryKey.AT_MOST: Meaning("How often `every` acts at most.", "at most: 4 times", "without end"),
    EntryKey.UNTIL: Meaning(
        "Conditions; once they are true, `every` acts no more for this episode.", "until: {Status: Shipped}"
    ),
    EntryKey.WHEN: Meaning(
        "Conditions of this entry alone, asked when it is due. False: the entry counts as done. "
        "Unknown: it is asked again at the next look.",
        "when: {Total: above 100}",
    ),
}

BLOCK_KEYS: Mapping[BlockKey, Meaning] = {
    BlockKey.ANY_OF: Meaning(
        "A list of blocks; at least one of them must be true.", "any of: [{Status: Paid}, {Status: Shipped}]"
    ),
    BlockKey.NONE_OF: Meaning(
        "A list of blocks; all of them must be false.", "none of: [{Channel: Store}, {Email: empty}]"
    ),
    BlockKey.ROW: Meaning("`row: new`: the row has been added since the rule last looked.", "row: new"),
    BlockKey.THERE_IS: Meaning(
        "A row of another table (`in`) fits these conditions. A plain column belongs to that table, `this.Column` "
        "to the watched row. A list of such blocks: each of them must be true.",
        "there is: {in: Tickets, Customer: same as this.Customer name, Status: Open}",
    ),
    BlockKey.THERE_IS_NO: Meaning(
        "No row of that table fits them.", "there is no: {in: Tickets, Customer: same as this.Customer name}"
    ),
    BlockKey.FORMULA: Meaning(
        "A formula that gives yes or no, for what no phrase says; a list of them: all must be true.",
        'formula: "=MONTH([Ordered on]) = 12"',
    ),
}

WINDOW_KEYS: Mapping[WindowKey, Meaning] = {
    WindowKey.WINDOW: Meaning(
        "The hours, when `otherwise` stands beside them.", "window: between 09:00 and 19:00"
    ),
    WindowKey.OTHERWISE: Meaning(
        "`drop`: what falls outside the hours is not sent at all.", "otherwise: drop"
    ),
}

TIMES: Mapping[Time, Meaning] = {
    Time.START: Meaning("As soon as the row matters (and `for` is over).", "at: start"),
    Time.AFTER_START: Meaning("So long after that.", "at: 5 days after start"),
    Time.AFTER_LAST: Meaning(
        "So long after the entry before it was done: sent, not planned.", "at: 1 day after last"
    ),
    Time.AFTER_COLUMN: Meaning(
        "So long after the date in a column of the row.", "at: 3 days after Delivered on"
    ),
    Time.DUE: Meaning("At the deadline.", "at: due"),
    Time.SHARE: Meaning("When so much of the time up to the deadline has passed.", "at: 75% of the time"),
    Time.AFTER_DUE: Meaning("So long after the deadline.", "at: 4 hours after due"),
    Time.BEFORE_DUE: Meaning(
        "So long before it; days before a `date` are counted from its beginning.", "at: 2 days before due"
    ),
    Time.END: Meaning(
        "When it ends: by `stop when`, or because the row no longer matters. Not when the row was deleted.",
        "at: end",
    ),
    Time.BEFORE_COLUMN: Meaning("So long before it.", "at: 2 days before Delivered on"),
}

VALUES: Mapping[ValueWord, Meaning] = {
    ValueWord.EMPTY: Meaning("The cell is emptied.", "Tracking No: empty"),
    ValueWord.NOW: Meaning("The moment of the look; in a `date` column the day.", "Confirmed at: now"),
    ValueWord.TODAY: Meaning(
        "The shop's day; in a `datetime` column its midnight.", "Review asked on: today"
    ),
    ValueWord.YESTERDAY: Meaning("The day before.", "Review asked on: yesterday"),
    ValueWord.TOMORROW: Meaning("The day after.", "Review asked on: tomorrow"),
    ValueWord.DUE: Meaning("The deadline of the row, in a rule with `due`.", "Review asked on: due"),
    ValueWord.EXACTLY: Meaning(
        "The text as it stands, also when it reads like one of these words.", "Note: exactly now"
    ),
    ValueWord.SAME_AS: Meaning(
        "What another column of the row holds, or a figure says.", "Note: same as Customer name"
    ),
    ValueWord.SETTING: Meaning("A value of the Settings table.", "Total: setting Large order"),
    ValueWord.NEXT_OF: Meaning(
        "Whose turn it is among the members of a role who are there.", "Note: next of service desk"
    ),
    ValueWord.INCREASE_BY: Meaning(
        "In `set`: so much more than stands in the cell. A number, `same as COLUMN`, `setting NAME` or a formula.",
        "Total: increase by 5",
    ),
    ValueWord.DECREASE_BY: Meaning("So much less.", "Total: decrease by 2.50"),
    ValueWord.SPAN_AFTER: Meaning(
        "A date counted from a column, from `now`, `today` or `due`.",
        "Review asked on: 3 days after Delivered on",
    ),
    ValueWord.SPAN_BEFORE: Meaning("The same backwards.", "Review asked on: 2 days before Delivered on"),
}

OPERANDS: Mapping[Operand, Meaning] = {
    Operand.SETTING: Meaning("A value of the Settings table.", "Total: at most setting Large order"),
    Operand.PERCENT_OF: Meaning(
        "A share of another column.", "On hand: below 120% of Reorder point", table="Products"
    ),
    Operand.SPAN_AFTER: Meaning(
        "A date counted from another column.", "Confirmed at: after 2 days after Ordered on"
    ),
    Operand.SPAN_BEFORE: Meaning("The same backwards.", "Review asked on: before 3 days before Delivered on"),
    Operand.NOW: Meaning("This moment.", "Ordered on: before now"),
    Operand.TODAY: Meaning(
        "The shop's day; `today + 3 days` as well.", "Delivered on: on or before today + 3 days"
    ),
    Operand.YESTERDAY: Meaning("The day before.", "Delivered on: after yesterday"),
    Operand.TOMORROW: Meaning("The day after.", "Delivered on: before tomorrow"),
}

LIMITS: Mapping[LimitWord, Meaning] = {
    LimitWord.PER_CUSTOMER_OVER: Meaning(
        "The same, counted over these rules only.", "1 email a week per customer over survey-due, new-order"
    ),
    LimitWord.PER_CUSTOMER: Meaning(
        "A customer gets no more mails than this, counted over all rules. It only delays; nothing is held. "
        "A customer is an address that belongs to nobody in `people`. "
        "Reminders of one episode count, and are not delayed.",
        "1 email a week per customer",
    ),
    LimitWord.EMAILS: Meaning(
        "More mails of this rule than that, in any stretch so long, are held.", "50 emails an hour"
    ),
    LimitWord.ROWS: Meaning("More rows than that in one look are held.", "40 rows at once"),
    LimitWord.SHARE: Meaning(
        "A larger share of the table in one look is held; fewer than 5 rows never are, or than "
        "`(not below 20 rows)` says.",
        "10% of rows (not below 20 rows)",
    ),
}

CHOICES: Mapping[Choice, str] = {
    Choice.YES: "behind `once per row`, and as the value of a yes/no column",
    Choice.NO: "the same",
    Choice.ON: "behind `state`",
    Choice.OFF: "behind `state`",
    Choice.WATCH: "behind `state`",
    Choice.ASK: "behind `first run`",
    Choice.ONLY_NEW: "behind `first run`",
    Choice.ACT_ON_ALL: "behind `first run`",
    Choice.NEW: "behind `row`",
    Choice.DROP: "behind `otherwise`",
    Choice.RESPONSIBLE: "as a recipient: the person responsible for the rule",
}

PHRASES: Mapping[Phrase, Meaning] = {
    Phrase.ANNIVERSARY_TODAY: Meaning(
        "Day and month are today's, whatever the year; also of a text such as `03-05`.",
        "Customer since: anniversary today",
        table="Customers",
    ),
    Phrase.ANNIVERSARY_IN: Meaning(
        "Day and month come in so many days.", "Customer since: anniversary in 7 days", table="Customers"
    ),
    Phrase.NOT_EMPTY: Meaning("Something stands in the cell.", "Email: not empty"),
    Phrase.EMPTY: Meaning("Nothing stands in the cell, or only blanks.", "Email: empty"),
    Phrase.NOT_VALID: Meaning("The address or number can't be one.", "Email: not valid"),
    Phrase.VALID: Meaning(
        "The address or number is well formed; whether it exists nobody can know.", "Email: valid"
    ),
    Phrase.NOT_MISSING: Meaning("Of a link: the row it leads to exists.", "Buyer: not missing"),
    Phrase.MISSING: Meaning("Of a link: the row it leads to does not exist.", "Buyer: missing"),
    Phrase.CHANGED_FROM_TO: Meaning(
        "It was the first and is the second; both may be phrases.", "Status: changed from New to Paid"
    ),
    Phrase.CHANGED_BY: Meaning(
        "It moved by more than that share, up or down.", "Price: changed by more than 10%", table="Products"
    ),
    Phrase.CHANGED_TO: Meaning(
        "It is so now and was not before; a phrase may follow.", "Status: changed to Paid"
    ),
    Phrase.CHANGED: Meaning(
        "The cell says something else than when the rule last looked.", "Status: changed"
    ),
    Phrase.WENT_UP: Meaning(
        "The value has grown, or stands later in the list of choices.", "On hand: went up", table="Products"
    ),
    Phrase.WENT_DOWN: Meaning(
        "The value has fallen, or stands earlier in the list of choices.",
        "On hand: went down",
        table="Products",
    ),
    Phrase.EXACTLY: Meaning("Equals, also when the value reads like a phrase.", "Note: exactly empty"),
    Phrase.NOT_EXACTLY: Meaning("The contrary.", "Note: not exactly empty"),
    Phrase.NOT_ONE_OF: Meaning("Equals none of them.", "Status: not one of Cancelled, Returned"),
    Phrase.ONE_OF: Meaning("Equals one of them.", "Status: one of Paid, Shipped"),
    Phrase.NOT_SAME_AS: Meaning("Another column says something else.", "Note: not same as Customer name"),
    Phrase.SAME_AS: Meaning("Another column says the same.", "Note: same as Customer name"),
    Phrase.CONTAINS_ONE_OF: Meaning(
        "One of the texts stands somewhere in the cell.", "Note: contains one of gift, birthday"
    ),
    Phrase.NOT_CONTAINS_ONE_OF: Meaning(
        "None of the texts stands in it.", "Note: does not contain one of gift, birthday"
    ),
    Phrase.CONTAINS: Meaning("The text stands somewhere in the cell.", "Note: contains gift"),
    Phrase.NOT_CONTAINS: Meaning("It stands nowhere in it.", "Note: does not contain gift"),
    Phrase.STARTS: Meaning("The cell begins with the text.", "Order No: starts with W-"),
    Phrase.NOT_STARTS: Meaning("It begins otherwise.", "Order No: does not start with W-"),
    Phrase.ENDS: Meaning("The cell ends with the text.", "Email: ends with @example.com"),
    Phrase.NOT_ENDS: Meaning("It ends otherwise.", "Email: does not end with @example.com"),
    Phrase.MATCHES: Meaning(
        "A pattern (RE2) is found in the cell; here letter case counts.",
        'Tracking No: "matches /^[A-Z]{2}[0-9]+$/"',
    ),
    Phrase.NOT_MATCHES: Meaning(
        "The pattern is not found.", 'Tracking No: "does not match /^[A-Z]{2}[0-9]+$/"'
    ),
    Phrase.AT_LEAST_AGO: Meaning(
        "So long ago or longer: calendar days in a `date` column, exact time in a `datetime` column.",
        "Delivered on: at least 7 days ago",
    ),
    Phrase.AT_MOST_AGO: Meaning(
        "So long ago or less; never in the future.", "Delivered on: at most 30 days ago"
    ),
    Phrase.MORE_AGO: Meaning("Longer ago than that.", "Ordered on: more than 4 hours ago"),
    Phrase.LESS_AGO: Meaning(
        "Less long ago than that; never in the future.", "Ordered on: less than 4 hours ago"
    ),
    Phrase.AGO: Meaning("On that calendar day.", "Delivered on: 7 days ago"),
    Phrase.IN_THE_NEXT: Meaning(
        "Between now (today) and then, both included.", "Delivered on: in the next 3 days"
    ),
    Phrase.WITHIN_THE_LAST: Meaning(
        "Between then and now (today), both included.", "Delivered on: within the last 3 days"
    ),
    Phrase.IN_THE_PERIOD: Meaning("In the days of the rule's `period`.", "Ordered on: in the period"),
    Phrase.BETWEEN: Meaning("From the first to the second, both included.", "Total: between 50 and 100"),
    Phrase.AT_LEAST: Meaning(
        "This much or more; a number, a column, `Column + 5`, `120% of Column`, `setting NAME`.",
        "Total: at least 50",
    ),
    Phrase.AT_MOST: Meaning("This much or less.", "On hand: at most Reorder point", table="Products"),
    Phrase.MORE_THAN: Meaning("More than this.", "Total: more than 50"),
    Phrase.LESS_THAN: Meaning("Less than this.", "Total: less than 50"),
    Phrase.ABOVE: Meaning("More than this.", "Total: above 50"),
    Phrase.BELOW: Meaning("Less than this.", "On hand: below Reorder point", table="Products"),
    Phrase.ON_OR_BEFORE: Meaning(
        "That day or earlier; a date, a column, `today`, `now`.", "Delivered on: on or before 2026-03-05"
    ),
    Phrase.ON_OR_AFTER: Meaning("That day or later.", "Delivered on: on or after 2026-03-05"),
    Phrase.BEFORE: Meaning("Earlier than that.", "Delivered on: before today"),
    Phrase.AFTER: Meaning("Later than that.", "Delivered on: after Ordered on"),
    Phrase.TODAY: Meaning("The shop's day.", "Delivered on: today"),
    Phrase.YESTERDAY: Meaning("The day before.", "Delivered on: yesterday"),
    Phrase.TOMORROW: Meaning("The day after.", "Delivered on: tomorrow"),
    Phrase.SETTING: Meaning("Equals a value of the Settings table.", "Total: setting Large order"),
    Phrase.NOT: Meaning("Does not equal the value.", "Status: not Paid"),
}
"""Every phrase; `equals` is a bare value."""
