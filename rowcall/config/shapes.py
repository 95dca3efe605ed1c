"""Which keys may stand in a config, and what does each of them mean?

The reference and the JSON Schema for editors are made from these shapes. Names that are checked against other
parts of the file stay Text, so that a mistake leads to its place. A required key may have a default: with it the
rest is read on, so that all mistakes are told together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from rowcall.config.secret import Secret
from rowcall.duration import Span, Unit
from rowcall.errors import Place
from rowcall.language.document import Block, Text
from rowcall.language.shape import help_field

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class ShopShape:
    """The keys of `shop`."""

    place: Place = NOWHERE
    name: str = help_field("The shop's name, as mails show it.", "", required=True)
    timezone: Text | None = help_field("The shop's time zone, as `Europe/Berlin`.", None, required=True)
    language: Literal["en", "zh"] = help_field("How numbers and dates are read and written.", "en")
    currency: str = help_field("The currency of money columns, for example `EUR`.", "")
    responsible: Text | None = help_field("Who is told of failures and asked when something is held.", None)
    working_hours: Text | None = help_field(
        "The calendar in which rules count working hours and days, unless they name another.", None
    )


@dataclass(frozen=True, slots=True)
class WorkbookShape:
    """The keys of a workbook, beside those of its connector."""

    connector: Text = help_field("The kind of workbook: `xlsx` or `csv_folder`.")
    check_every: Span = help_field(
        "How often it is looked at, however many rules there are.", Span(1, Unit.MINUTE)
    )


@dataclass(frozen=True, slots=True)
class LinkShape:
    """The keys of a link."""

    table: Text = help_field("The table that the link leads to.")
    by: Text = help_field("The column of this table that holds the other table's key.")


@dataclass(frozen=True, slots=True)
class TableShape:
    """The keys of a table."""

    place: Place = NOWHERE
    workbook: Text | None = help_field("Its workbook, when there are several.", None)
    sheet: Text | None = help_field("The tab's name, if it is not the table's.", None)
    key: tuple[Text, ...] = help_field("The column (or columns) by which a row is known.", ())
    number: Text | None = help_field("The pattern of keys for new rows, for example `T-0001`.", None)
    columns: Block | None = help_field("Each column and its kind; one that is not declared is text.", None)
    aliases: Mapping[str, tuple[str, ...]] | None = help_field("Other headers that mean a column.", None)
    links: Mapping[str, LinkShape] | None = help_field("Links to rows of other tables.", None)
    kept: tuple[Text, ...] = help_field(
        "Columns that rules keep right by `keep`; a note for people not to write there.", ()
    )
    settle: timedelta | None = help_field("How long a new row must stay the same before it acts.", None)
    optional: bool = help_field("Whether the tab may be missing; its rules are off then.", default=False)
    history: Block | None = help_field("The date columns from which a back-test rebuilds a row's past.", None)


@dataclass(frozen=True, slots=True)
class PersonShape:
    """The keys of a person."""

    email: Text = help_field("The person's address.")
    name: Text | None = help_field("The name as mails show it.", None)
    language: Literal["en", "zh"] | None = help_field("The language of mails to this person.", None)


@dataclass(frozen=True, slots=True)
class RoleShape:
    """The key of a role."""

    members: tuple[Text, ...] = help_field("The people who have this role.")


@dataclass(frozen=True, slots=True)
class PeopleFromShape:
    """The keys of `people from`."""

    table: Text = help_field("The table with the people who work here.")
    name: Text | None = help_field("Its column with the name; `Name` if left out.", None)
    email: Text | None = help_field("Its column with the address; `Email` if left out.", None)
    roles: Text | None = help_field("Its column with the roles, several with commas.", None)
    active: Text | None = help_field("Its column that says whether the person works here.", None)
    away_from: Text | None = help_field("Its column with the first day of an absence.", None)
    away_to: Text | None = help_field("Its column with the last day of an absence.", None)
    backup: Text | None = help_field("Its column with who stands in.", None)
    language: Text | None = help_field("Its column with the language of mails.", None)


@dataclass(frozen=True, slots=True)
class SettingsFromShape:
    """The keys of `settings from`."""

    table: Text = help_field("The table with the shop's settings.")
    name: Text | None = help_field("Its column with the name; `Name` if left out.", None)
    value: Text | None = help_field("Its column with the value; `Value` if left out.", None)


@dataclass(frozen=True, slots=True)
class EmailShape:
    """The keys of `email`."""

    place: Place = NOWHERE
    from_: Text | None = help_field("The sender: `Tea <orders@example.com>`.", None, required=True)
    host: Text | None = help_field("The mail server.", None, required=True)
    port: int | None = help_field("Its port; if left out 587 for starttls, 465 for ssl, 25 for none.", None)
    security: Literal["starttls", "ssl", "none"] = help_field("`none` only on this machine.", "starttls")
    user: str = help_field("The name to log in with; left out = no login.", "")
    password: Secret = help_field("Its password, as `${NAME}`.", Secret())
    daily_limit: int | None = help_field("No more mails a day than this.", None)
    quiet_hours: Text | None = help_field('When mails wait, as `"21:00-07:30"`.', None)
    send_everything_to: Text | None = help_field("A trial run: every mail goes to this address.", None)


@dataclass(frozen=True, slots=True)
class WebShape:
    """The keys of `web`."""

    listen: Text | None = help_field('Where the web part listens: `"127.0.0.1:8321"`.', None)
    public_url: Text | None = help_field("The address under which people reach it.", None)


@dataclass(frozen=True, slots=True)
class ConfigShape:
    """The keys of the config file."""

    shop: ShopShape | None = help_field("The shop itself.", None, required=True)
    workbooks: Block | None = help_field("Each workbook by a name.", None, required=True)
    tables: Block | None = help_field("Each table of the workbooks.", None, required=True)
    people: Block | None = help_field("People and roles by their names.", None)
    people_from: PeopleFromShape | None = help_field("The table with the people, if they stand in one.", None)
    settings_from: SettingsFromShape | None = help_field("The table with the settings that rules use.", None)
    calendars: Mapping[str, Block] | None = help_field(
        "Working times by name: weekdays, days, holidays.", None
    )
    buttons: Mapping[str, Block] | None = help_field("Buttons of mails by name, and what a press does.", None)
    limits: tuple[Text, ...] = help_field("Limits over all rules: `50 emails an hour`.", ())
    email: EmailShape | None = help_field("The mail account.", None)
    web: WebShape | None = help_field("The web part, for a later version.", None)
    state: Text | None = help_field("The state's URL; `sqlite:///rowcall.db` if left out.", None)
    settle: timedelta = help_field("How long a new row must stay the same.", timedelta(seconds=30))
    keep_history_for: Span = help_field("How long what was done is remembered.", Span(2, Unit.YEAR))


def block_keys() -> Mapping[str, type]:
    """Return the shapes that stand behind names: the key of the config → the shape of each part in it."""
    return {"workbooks": WorkbookShape, "tables": TableShape, "people": PersonShape}
