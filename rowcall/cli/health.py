"""Is everything there that a shop needs to run: config, rules, workbooks, mail, clock, disk, state?"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rowcall.cli.findings import about_calendars
from rowcall.cli.opening import open_here, state_copy, state_file
from rowcall.cli.screen import count, shop_time
from rowcall.cli.session import Session
from rowcall.config import Config
from rowcall.episode import DeliveryState
from rowcall.errors import DeliveryError, MistakesError, RowcallError, UsageError
from rowcall.mailer import SmtpMailer
from rowcall.post import mailer_of
from rowcall.shop import RuleSet, Shop, load_rules
from rowcall.snapshots import take_snapshot
from rowcall.store import Store
from rowcall.table import Table

_LEAST_FREE_BYTES = 200_000_000
_AHEAD = timedelta(minutes=5)
"""So far a file may lie ahead of the machine's clock: file servers have clocks of their own."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; fix: the remedy, or advice when it is in order."""

    check: str
    ok: bool
    detail: str
    fix: str = ""


def examine(session: Session) -> list[Finding]:
    """Return everything that was looked at, in the order of importance."""
    try:
        shop = open_here(session)
    except MistakesError as error:
        return [
            Finding("config", ok=False, detail=str(problem), fix=_config_fix(session.config, str(problem)))
            for problem in error.problems
        ]
    except UsageError as error:
        return [
            Finding(
                "config", ok=False, detail=str(error), fix="go to the shop's folder, or name it: --config"
            )
        ]
    return list(_examine(shop, session.clock.now()))


def _config_fix(config: Path, problem: str) -> str:
    if "${" in problem:
        return f"set it in the environment, or write NAME=value into a file .env beside {config.name}"
    return f"mend {config.name}; `rowcall check` shows the line"


def _examine(shop: Shop, now: datetime) -> Iterator[Finding]:
    config = shop.config
    warnings = [str(problem) for problem in config.warnings]
    yield Finding("config", ok=True, detail=f"{config.file} can be read", fix="; ".join(warnings))
    tables: dict[str, Table] = {}
    yield from _workbooks(shop, now, tables)
    yield from _calendars(shop, now, tables)
    yield _rules(load_rules(shop, tables))
    yield _mail(config)
    yield _clock(shop, now)
    yield _disk(shop)
    yield from _state(shop, now)


def _workbooks(shop: Shop, now: datetime, tables: dict[str, Table]) -> Iterator[Finding]:
    about = shop.config.shop
    for name, workbook in shop.workbooks.items():
        theirs = [schema for schema in shop.config.tables.values() if schema.workbook == name]
        snapshot = take_snapshot({name: workbook}, theirs, now, language=about.language, zone=about.zone)
        tables |= snapshot.tables
        check = f"workbook {name}"
        for problem in dict.fromkeys(snapshot.broken.values()):
            fix = problem.fix or problem.suggestion
            yield Finding(check, ok=False, detail=problem.what, fix=fix)
        if not snapshot.broken:
            rows = sum(len(table) for table in snapshot.tables.values())
            told = f"{count(len(snapshot.tables), 'table')} with {count(rows, 'row')}"
            yield Finding(check, ok=True, detail=told)


def _calendars(shop: Shop, now: datetime, tables: Mapping[str, Table]) -> Iterator[Finding]:
    if not shop.config.calendars:
        return
    problems = list(about_calendars(shop, tables, now))
    for problem in problems:
        yield Finding("calendars", ok=True, detail=f"warning: {problem.what}", fix=problem.fix)
    if not problems:
        yield Finding("calendars", ok=True, detail=f"{', '.join(shop.config.calendars)}: holidays known")


def _rules(rules: RuleSet) -> Finding:
    if not rules.rules and not rules.broken:
        return Finding(
            "rules", ok=False, detail="there is none", fix="write one in rules/; `rowcall init` brings some"
        )
    if rules.mistakes:
        told = f"{count(len(rules.broken), 'rule')} with mistakes: {', '.join(rules.broken)}"
        return Finding("rules", ok=False, detail=told, fix="`rowcall check` shows every mistake")
    return Finding("rules", ok=True, detail=f"{count(len(rules.rules), 'rule')} understood")


def _mail(config: Config) -> Finding:
    email = config.email
    if email is None:
        fix = "add `email:` to the config as in the example"
        return Finding(
            "mail", ok=False, detail="the config has no mail account, so every mail waits", fix=fix
        )
    mailer = mailer_of(config)
    if not isinstance(mailer, SmtpMailer):
        return Finding("mail", ok=True, detail="not checked")
    with closing(mailer):
        try:
            detail = mailer.login_check()
        except DeliveryError as error:
            fix = error.fix or "check host, port, security, user and password under `email:` in the config"
            return Finding("mail", ok=False, detail=str(error), fix=fix)
    trial = email.send_everything_to
    return Finding(
        "mail", ok=True, detail=detail, fix=f"trial run: every mail goes to {trial}" if trial else ""
    )


def _clock(shop: Shop, now: datetime) -> Finding:
    zone = shop.config.shop.zone
    told = f"{now.astimezone(zone):%Y-%m-%d %H:%M:%S} in {zone.key}"
    ahead = {path.name: at for path, at in _written(shop).items() if at > now + _AHEAD}
    if ahead:
        name, at = max(ahead.items(), key=lambda one: one[1])
        fix = "set the machine's clock (switch on its time service), or save the file anew"
        return Finding(
            "clock", ok=False, detail=f"{told}, but {name} was saved at {shop_time(at, zone)}", fix=fix
        )
    return Finding("clock", ok=True, detail=told)


def _written(shop: Shop) -> Mapping[Path, datetime]:
    """Return when the files of the shop's folder were last saved."""
    files = [path for path in shop.folder.iterdir() if path.is_file()]
    return {path: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files}


def _disk(shop: Shop) -> Finding:
    folder = shop.folder
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fix = "give the user that runs Rowcall the right to write there"
        return Finding("disk", ok=False, detail=f"{folder} can't be written to ({error.strerror})", fix=fix)
    locked = [
        path.name for path in folder.iterdir() if path.is_file() and not os.access(path, os.R_OK | os.W_OK)
    ]
    if locked:
        fix = "give the user that runs Rowcall the right to read and write them"
        return Finding("disk", ok=False, detail=f"no right to write {', '.join(sorted(locked))}", fix=fix)
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free, the shop's folder can be written to"
    fix = (
        ""
        if free >= _LEAST_FREE_BYTES
        else "make room on the disk; the state and the workbook need it to be saved"
    )
    return Finding("disk", ok=free >= _LEAST_FREE_BYTES, detail=told, fix=fix)


def _state(shop: Shop, now: datetime) -> Iterator[Finding]:
    if state_file(shop) is None:
        yield Finding("state", ok=True, detail="there is none yet; the first run makes it")
        return
    try:
        with state_copy(shop) as store:
            yield from _in_state(shop, store, now)
    except RowcallError as error:
        yield Finding("state", ok=False, detail=str(error), fix="restore rowcall.db from a backup")


def _in_state(shop: Shop, store: Store, now: datetime) -> Iterator[Finding]:
    zone = shop.config.shop.zone
    last, memory = store.last_tick(), store.load()
    told = f"last tick {shop_time(last, zone)}" if last else "no tick yet"
    late = last is not None and last > now + _AHEAD
    fix = "set the machine's clock; until then nothing is looked at" if late else ""
    ahead = ", which lies ahead of this machine's clock" if late else ""
    yield Finding(
        "state",
        ok=not late,
        detail=f"{told}{ahead}; {len(memory.open_deliveries)} deliveries under way",
        fix=fix,
    )
    for lane in store.lanes_in_trouble():
        told = f"{lane.lane}: {count(lane.failures, 'failure')} in a row: {lane.detail}"
        yield Finding(
            "deliveries", ok=False, detail=told, fix="it is tried again by itself once the cause is gone"
        )
    dead = store.deliveries([DeliveryState.DEAD, DeliveryState.EXPIRED], limit=10)
    if dead:
        told = f"given up: {', '.join(one.delivery.id[:8] for one in dead)}"
        yield Finding(
            "deliveries", ok=True, detail=told, fix="`rowcall outbox show ID` says why; `outbox retry ID`"
        )
    for hold in memory.holds.values():
        if not hold.decision:
            told = f'{hold.rule}: {count(hold.count, "row")} wait because of "{hold.limit}"'
            fix = f"`rowcall release {hold.rule}` or `rowcall drop {hold.rule}`"
            yield Finding("waiting for you", ok=True, detail=told, fix=fix)
    for rule in memory.rules.values():
        if rule.asked:
            told = f"{rule.rule}: {count(rule.asked, 'row')} mattered before the rule"
            fix = f"`rowcall answer {rule.rule} act` or `leave`"
            yield Finding("waiting for you", ok=True, detail=told, fix=fix)
