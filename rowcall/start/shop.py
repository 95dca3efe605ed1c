"""Which files make a new shop: the sample one, or one around a workbook that is there?"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.errors import MistakesError, Problem
from rowcall.sample.headers import Language
from rowcall.shop import load_rules, open_shop
from rowcall.snapshots import take_snapshot
from rowcall.start.answers import Answers
from rowcall.start.config_text import PASSWORD, Source, write_config
from rowcall.start.first_rule import first_rule
from rowcall.start.layout import CONFIG, ENVIRONMENT, lay_out, sample_config, sample_rules, templates
from rowcall.start.proposal import Proposal, propose
from rowcall.start.words import quoted, say
from rowcall.table import Sheet

TO_FILL_IN = "fill-me-in"

_NAME = re.compile(r"^  name: .*$", re.MULTILINE)
_ZONE = re.compile(r"^  timezone: .*$", re.MULTILINE)
_EMAIL = re.compile(r"^email:\n(?:[ #].*\n)+", re.MULTILINE)


def make_sample_shop(
    folder: Path, language: Language, today: date, answers: Answers | None
) -> tuple[Path, ...]:
    """Write the sample shop, with the owner's answers if there are any; raises UsageError and overwrites nothing."""
    config = sample_config(language)
    if answers is not None:
        config = _answered(config, answers)
    files = {
        CONFIG: config,
        **sample_rules(language),
        **templates(language),
        ENVIRONMENT: _secrets(language, answers),
    }
    return lay_out(folder, files, sample=(language, today))


def make_own_shop(
    folder: Path, source: Source, sheets: Sequence[Sheet], answers: Answers
) -> tuple[tuple[Path, ...], Proposal]:
    """Write a shop around a workbook, and return what was proposed; raises UsageError and overwrites nothing."""
    proposal = propose(sheets, ZoneInfo(answers.timezone))
    files = {
        CONFIG: write_config(answers, source, proposal),
        **first_rule(proposal, answers.language),
        **templates(answers.language),
        ENVIRONMENT: _secrets(answers.language, answers),
    }
    return lay_out(folder, files), proposal


def read_back(folder: Path, environ: Mapping[str, str], now: datetime) -> tuple[Problem, ...]:
    """Return what keeps a shop just written from working; () when all is well."""
    try:
        shop = open_shop(folder / CONFIG, environ)
    except MistakesError as error:
        return error.problems
    about = shop.config.shop
    tables = take_snapshot(
        shop.workbooks, shop.config.tables.values(), now, language=about.language, zone=about.zone
    )
    return (*tables.broken.values(), *load_rules(shop, tables.tables).mistakes)


def _answered(config: str, answers: Answers) -> str:
    """Return the sample's config with the owner's words; who is responsible stands in its Staff tab."""
    config = _NAME.sub(lambda _: f"  name: {quoted(answers.shop)}", config, count=1)
    config = _ZONE.sub(lambda _: f"  timezone: {answers.timezone}", config, count=1)
    account = answers.account
    if account is None:
        return config
    lines = [
        f"email:\n  from: {quoted(account.address)}\n  host: {account.host}\n  port: {account.port}",
        f"  security: {account.security}\n  user: {quoted(account.address)}\n  password: ${{{PASSWORD}}}",
        '  daily limit: 400\n  quiet hours: "21:00-07:30"',
        f"  send everything to: {quoted(answers.responsible[1])}\n",
    ]
    return _EMAIL.sub(lambda _: "\n".join(lines), config, count=1)


def _secrets(language: Language, answers: Answers | None) -> str:
    password = answers.account.password if answers and answers.account else ""
    remark = say(language, "# The mail account's password. Keep this file to yourself.",
                 "# 邮箱账号的密码。请不要给别人看这个文件。")  # fmt: skip
    return f"{remark}\n{PASSWORD}={_env_value(password) or TO_FILL_IN}\n"


def _env_value(password: str) -> str:
    """Return a password as an .env file holds it: in quotes where blanks or quotes would be lost."""
    if re.search(r"\s|^[\"']| #", password):
        return f"'{password}'"
    return password
