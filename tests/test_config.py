"""A config becomes one frozen value, or all its mistakes with their places; secrets stay out of sight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest

from rowcall.config import Config, load_config
from rowcall.config.shapes import ConfigShape
from rowcall.duration import Span, Unit
from rowcall.errors import MistakesError, Problem, Severity, UsageError
from rowcall.kinds import connector_kinds
from rowcall.language.shape import describe_shape
from rowcall.table import Kind

SMALL = """\
shop: {name: Tea, timezone: Europe/Berlin, responsible: dora}
workbooks:
  shop: {connector: csv_folder, path: book}
tables:
  Orders:
    key: Order No
    columns: {Order No: text, Total: money, Customer: text, Ordered on: date, Paid on: date, Status: [New, Paid]}
    links: {Buyer: {table: Customers, by: Customer}}
  Customers:
    key: [Customer]
    columns: {Customer: text}
people:
  dora: {name: Dora, email: dora@example.com}
  owners: {members: [dora]}
email: {from: "Tea <tea@example.com>", host: 127.0.0.1, security: none}
"""


@dataclass(frozen=True, slots=True)
class BookParams:
    path: str
    delimiter: str = ","


def load(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    known = {"csv_folder": BookParams, "xlsx": BookParams}
    return load_config(path, environ or {}, known.get, list(known))


def mistakes(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    with pytest.raises(MistakesError) as caught:
        load(folder, text, environ)
    return caught.value.problems


def test_a_small_config(tmp_path: Path) -> None:
    config = load(tmp_path, SMALL)
    assert config.shop.name == "Tea"
    assert config.shop.zone.key == "Europe/Berlin"
    assert config.shop.language == "en"
    assert config.workbooks["shop"].params == BookParams("book")
    assert config.workbooks["shop"].check_every == Span(1, Unit.MINUTE)
    orders = config.tables["Orders"]
    assert (orders.workbook, orders.sheet, orders.key) == ("shop", "Orders", ("Order No",))
    assert orders.column("Status").choices == ("New", "Paid")
    assert orders.column("Total").kind is Kind.MONEY
    assert orders.column("Note").kind is Kind.TEXT
    assert config.people.roles == {"owners": ("dora",)}
    assert config.people.persons["dora"].email == "dora@example.com"
    assert config.email is not None
    assert (config.email.sender_name, config.email.sender, config.email.port) == (
        "Tea",
        "tea@example.com",
        25,
    )
    assert config.state.reveal() == f"sqlite:///{tmp_path.resolve().as_posix()}/rowcall.db"
    assert config.settle == timedelta(seconds=30)
    assert config.keep_history_for == Span(2, Unit.YEAR)
    assert config.warnings == ()


@pytest.mark.parametrize("name", ["config.example.yaml", "config.example.zh.yaml"])
def test_the_examples_that_ship_load(name: str) -> None:
    kinds = connector_kinds()
    path = Path(__file__).parent.parent / name
    config = load_config(
        path, {"SMTP_PASSWORD": "x-secret-x"}, {key: kind.params for key, kind in kinds.items()}.get
    )
    assert config.warnings == ()
    assert config.people_from is not None
    assert config.people_from.away_to
    assert config.settings_from is not None
    assert config.email is not None
    assert config.email.quiet_hours == (time(21), time(7, 30))
    assert "x-secret-x" not in repr(config)


@pytest.mark.parametrize(
    ("old", "new", "place", "what", "suggestion"),
    [
        ("name: Tea", "nmae: Tea", "1:8", "Did you mean `name`?", "name: Tea"),
        ("Europe/Berlin", "Berlin", "1:29", "no time zone `Berlin`", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berln", "1:29", "no time zone", "Europe/Berlin"),
        ("responsible: dora", "responsible: dorra", "1:57", "no person or role `dorra`", "responsible: dora"),
        ("responsible: dora", "responsible: dora, working hours: desk", "1:78", "no calendar `desk`", ""),
        ("connector: csv_folder", "connector: csv", "3:21", "no connector `csv`", "connector: csv_folder"),
        ("connector: csv_folder", "conector: csv_folder", "3:10", "Did you mean `connector`?", "connector:"),
        ("path: book", "pth: book", "3:33", "Did you mean `path`?", "path: book"),
        ("path: book", "path: book, check every: 1 minut", "3:58", "is not a duration", "1 minute"),
        ("Total: money", "Total: moeny", "7:38", "`moeny` is not known", "Total: money"),
        ("Total: money", "Total:", "7:31", "what the column holds", ""),
        ("[New, Paid]", "[New, New]", "7:108", "stands here twice", ""),
        ("table: Customers", "table: Custmers", "8:28", "no table `Custmers`", "table: Customers"),
        ("by: Customer}", "by: Custmer}", "8:43", "no column `Custmer`", "by: Customer}"),
        ("key: [Customer]", "key: [Custmer]", "10:11", "no column `Custmer`", "key: [Customer]"),
        ("key: [Customer]", "key: [Customer]\n    kept: Tier", "11:11", "no column `Tier`", ""),
        ("key: [Customer]", "key: [Customer]\n    sheet: orders", "11:12", "are both the tab", ""),
        ("key: [Customer]", "key: [Customer]\n    number: abc", "11:13", "must end with a number", ""),
        ("key: [Customer]", "key: [Customer]\n    settle: soon", "11:13", "no length of time", ""),
        ("key: [Customer]", "key: [Customer]\n    workbook: shpo", "11:15", "no workbook `shpo`", "workbook: shop"),
        ("key: [Customer]", "key: [Customer]\n    optional: mabye", "11:15", "not `yes` or `no`", ""),
        ("name: Dora", "name: Owners", "13:3", "is also the name of a role", ""),
        ("members: [dora]", "members: [doar]", "14:22", "no person `doar`", "members: [dora]"),
        ("owners:", "Dora:", "14:3", "stands among the people twice", ""),
        ("dora@example.com", "dora", "13:29", "is not a mail address", ""),
        ("host: 127.0.0.1", "host: smtp.example.com", "15:46", "for everybody to read", ""),
        ("security: none", "security: tls", "15:67", "`tls` is not known", ""),
        ("tea@example.com", "nobody", "15:15", "holds no mail address", ""),
        ("security: none", "security: none, quiet hours: 9-7", "15:86", "no quiet hours", ""),
        ("security: none", "security: none, send everything to: dora", "15:93", "not a mail address", ""),
        ("security: none", 'security: none, user: "${USER_OF_MAIL}"', "15:79", "`${USER_OF_MAIL}` is not set", ""),
    ],
)  # fmt: skip
def test_one_mistake(tmp_path: Path, old: str, new: str, place: str, what: str, suggestion: str) -> None:
    assert old in SMALL
    problems = mistakes(tmp_path, SMALL.replace(old, new, 1))
    found = [problem for problem in problems if what in problem.what]
    assert found, [str(problem) for problem in problems]
    assert str(found[0].place) == f"config.yaml:{place}"
    assert suggestion in found[0].suggestion
    assert bool(suggestion) == bool(found[0].suggestion)


def test_ten_mistakes_are_told_together(tmp_path: Path) -> None:
    text = SMALL
    for old, new in [
        ("name: Tea", "nmae: Tea"), ("Europe/Berlin", "Berlin"), ("responsible: dora", "responsible: dorra"),
        ("csv_folder", "exel"), ("Total: money", "Total: moeny"), ("table: Customers", "table: Custmers"),
        ("by: Customer", "by: Custmer"), ("members: [dora]", "members: [doar]"), ("security: none", "secrity: none"),
    ]:  # fmt: skip
        text = text.replace(old, new, 1)
    problems = mistakes(tmp_path, text + "lmits: [5 emails an hour]\n")
    assert len(problems) == 10
    assert [problem.place.line for problem in problems] == [1, 1, 1, 3, 7, 8, 8, 14, 15, 16]
    assert all(problem.suggestion for problem in problems)


def test_slips_of_writing_and_of_meaning_are_told_together(tmp_path: Path) -> None:
    problems = mistakes(
        tmp_path, SMALL.replace("  shop: {", "  shop:{").replace("moeny", "x").replace("money", "moeny")
    )
    assert [problem.place.line for problem in problems] == [3, 7]


def test_several_workbooks_must_be_named(tmp_path: Path) -> None:
    more = SMALL.replace("path: book}", "path: book}\n  other: {connector: xlsx, path: b.xlsx}")
    problems = mistakes(tmp_path, more)
    assert [str(problem.place) for problem in problems] == ["config.yaml:6:3", "config.yaml:10:3"]
    assert "does not say in which one" in problems[0].what
    named = more.replace("    key:", "    workbook: other\n    key:")
    assert load(tmp_path, named).tables["Orders"].workbook == "other"


def test_a_table_with_everything(tmp_path: Path) -> None:
    text = SMALL.replace(
        "    links:",
        "    aliases: {Order No: [订单编号, No]}\n    number: T-0001\n    settle: 0\n    optional: yes\n"
        "    kept: [Total]\n    history: {appears: Ordered on, Status: {Paid: Paid on}}\n    links:",
    )
    config = load(tmp_path, text + "settle: 2 minutes\nlimits: 50 emails an hour\n")
    orders = config.tables["Orders"]
    assert orders.column("Order No").aliases == ("订单编号", "No")
    assert (orders.number, orders.settle, orders.optional, orders.kept) == (
        "T-0001",
        timedelta(0),
        True,
        ("Total",),
    )
    assert config.history["Orders"].appears == "Ordered on"
    assert config.history["Orders"].moments == {"Status": {"Paid": "Paid on"}}
    assert config.settle == timedelta(minutes=2)
    assert [limit.value for limit in config.limits] == ["50 emails an hour"]


SECRET = SMALL.replace("security: none", 'port: 465, security: ssl, user: tea, password: "${SMTP_PASSWORD}"')


def test_a_secret_comes_from_the_environment_or_the_env_file(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("# ours\nexport SMTP_PASSWORD='from # file'\nOTHER=x # remark\n", "utf-8")
    from_file, from_environment = (
        load(tmp_path, SECRET),
        load(tmp_path, SECRET, {"SMTP_PASSWORD": "from-env"}),
    )
    assert from_file.email is not None
    assert from_environment.email is not None
    assert from_file.email.password.reveal() == "from # file"
    assert from_environment.email.password.reveal() == "from-env"
    assert str(from_environment.email.password) == "***"
    assert "from-env" not in repr(from_environment)


def test_a_missing_secret_is_named_and_a_near_one_suggested(tmp_path: Path) -> None:
    problems = mistakes(tmp_path, SECRET, {"SMTP_PASWORD": "hush-hush"})
    assert len(problems) == 1
    assert "`${SMTP_PASSWORD}` is not set" in problems[0].what
    assert "${SMTP_PASWORD}" in problems[0].suggestion
    assert "hush-hush" not in str(problems)


def test_a_secret_never_shows_in_a_mistake(tmp_path: Path) -> None:
    text = SMALL.replace("security: none", 'security: "${MODE}"')
    problems = mistakes(tmp_path, text, {"MODE": "hush-hush"})
    assert "`***` is not known here" in problems[0].what
    assert "hush-hush" not in str(problems)


def test_a_password_in_the_file_is_a_warning(tmp_path: Path) -> None:
    config = load(tmp_path, SECRET.replace("${SMTP_PASSWORD}", "hush-hush"))
    assert [problem.severity for problem in config.warnings] == [Severity.WARNING]
    assert "${SMTP_PASSWORD}" in config.warnings[0].suggestion
    assert "hush-hush" not in repr(config)


def test_a_state_elsewhere(tmp_path: Path) -> None:
    url = 'state: "postgresql+psycopg://tea:${DB}@db/rowcall"\n'
    config = load(tmp_path, SMALL + url, {"DB": "hush-hush"})
    assert config.state.reveal() == "postgresql+psycopg://tea:hush-hush@db/rowcall"
    assert "hush-hush" not in repr(config)
    assert "no place for the state" in mistakes(tmp_path, SMALL + "state: mysql://x\n")[0].what


def test_people_from_a_table(tmp_path: Path) -> None:
    columns = "{Name: text, Email: email, Roles: text, Away from: date}"
    staff = f"tables:\n  Staff:\n    key: Name\n    columns: {columns}\n"
    text = SMALL.replace("tables:\n", staff).replace("responsible: dora", "responsible: Carla")
    config = load(tmp_path, text + "people from: {table: Staff, email: Email}\n")
    assert config.people_from is not None
    assert (config.people_from.name, config.people_from.roles, config.people_from.away_from) == (
        "Name", "Roles", "Away from",
    )  # fmt: skip
    assert (config.people_from.active, config.people_from.backup) == ("", "")
    problems = mistakes(tmp_path, text + "people from: {table: Staf, email: Emial}\n")
    assert "no table `Staf`" in problems[0].what
    problems = mistakes(tmp_path, text + "people from: {table: Staff, email: Emial}\n")
    assert problems[0].suggestion.endswith("email: Email}")


def test_web(tmp_path: Path) -> None:
    config = load(tmp_path, SMALL + 'web: {listen: "0.0.0.0:80", public url: "https://tea.example.com/"}\n')
    assert (config.web.host, config.web.port, config.web.public_url) == (
        "0.0.0.0",
        80,
        "https://tea.example.com",
    )
    problems = mistakes(tmp_path, SMALL + "web: {listen: everywhere, public url: tea}\n")
    assert [problem.place.column for problem in problems] == [15, 39]


def test_nobody_responsible_is_a_warning(tmp_path: Path) -> None:
    config = load(tmp_path, SMALL.replace(", responsible: dora", ""))
    assert "names nobody" in config.warnings[0].what


def test_no_config_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="rowcall init"):
        load_config(tmp_path / "config.yaml", {}, lambda _: None)


def test_every_key_has_a_help_text() -> None:
    shapes: list[type] = [ConfigShape]
    for shape in shapes:
        for key in describe_shape(shape):
            assert key.help.endswith("."), (shape, key.key)
            if key.inside is not None and key.inside not in shapes:
                shapes.append(key.inside)
    assert len(shapes) >= 6
