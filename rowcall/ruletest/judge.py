"""Did happen what a step of a test expects, all of it and nothing else?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from rowcall.cells import Unreadable, parse_cell
from rowcall.errors import Place
from rowcall.people import People, fold_name, is_address
from rowcall.ruletest.happened import Added, Happened, Mail, Written
from rowcall.ruletest.story import Expected, ExpectedCell, ExpectedMail, ExpectedRow
from rowcall.ruletest.world import World
from rowcall.table import Schema


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is not as expected. expected, actual: two texts to be laid side by side, "" = there is none.

    others: what else happened since the step before.
    """

    place: Place
    at: datetime
    what: str
    expected: str = ""
    actual: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judgement needs beside the happenings."""

    world: World
    at: datetime
    people: People
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.at.astimezone(self.zone).date()


def judge(verdict: Verdict, expected: Expected, happened: Happened) -> Iterator[Failure]:
    """Yield everything that is missing, other than expected, or too much."""
    yield from _judge_mails(verdict, expected, happened)
    yield from _judge_cells(verdict, expected, happened)
    yield from _judge_rows(verdict, expected, happened)
    yield from _judge_trouble(verdict, expected, happened)


def tell(happened: Happened, zone: ZoneInfo) -> list[str]:
    """Return everything that happened, a line each."""
    done = [
        *((mail.at, f"mail to {mail.to}: {mail.subject}") for mail in happened.mails),
        *((one.at, _written_line(one)) for one in happened.written),
        *((one.at, f"row added: {_added_line(one)}") for one in happened.added),
    ]
    return [
        *(f"{_clock(at, zone)}  {line}" for at, line in sorted(done, key=lambda one: one[0])),
        *([f"{happened.held} rows held: {happened.limit}"] if happened.held else []),
        *(f"problem: {text}" for text in (*happened.problems, *happened.warnings)),
        *(f"told to the people responsible: {subject}" for subject in happened.told),
    ]


def _judge_mails(verdict: Verdict, expected: Expected, happened: Happened) -> Iterator[Failure]:
    left = list(happened.mails)
    unmet: list[tuple[ExpectedMail, str]] = []
    for wanted in expected.mails:
        for address in _recipients(verdict, wanted.to) or [""]:
            found = next((mail for mail in left if _fits(verdict, wanted, address, mail)), None)
            if found is None:
                unmet.append((wanted, address))
            else:
                left.remove(found)
    for wanted, address in unmet:
        nearest = max(left, key=lambda mail: _likeness(wanted, address, mail), default=None)
        if nearest is None or _likeness(wanted, address, nearest) == 0:
            yield Failure(
                wanted.place, verdict.at, "This mail did not go out.", _wanted_text(wanted, address)
            )
            continue
        left.remove(nearest)
        yield Failure(
            wanted.place,
            verdict.at,
            f"The mail that went out is another one: {'; '.join(_differences(verdict, wanted, address, nearest))}.",
            _wanted_text(wanted, address),
            _mail_text(nearest, wanted),
        )
    for mail in left:
        what = f"A mail went out to {mail.to} that nobody expects."
        yield Failure(expected.place, verdict.at, what, "", _mail_text(mail))


def _recipients(verdict: Verdict, to: tuple[str, ...]) -> list[str]:
    """Return the addresses that are meant, in lower case."""
    found: list[str] = []
    for name in to:
        who = (
            verdict.world.rule.responsible or _responsible(verdict)
            if fold_name(name) == "responsible"
            else name
        )
        there = [one.email.lower() for one in verdict.people.addresses(who, verdict.today)]
        found += [who.lower()] if is_address(who) else there or [fold_name(who)]
    return list(dict.fromkeys(found))


def _responsible(verdict: Verdict) -> str:
    return verdict.world.backdrop.shop.config.shop.responsible


def _fits(verdict: Verdict, wanted: ExpectedMail, address: str, mail: Mail) -> bool:
    return not _differences(verdict, wanted, address, mail)


def _differences(verdict: Verdict, wanted: ExpectedMail, address: str, mail: Mail) -> list[str]:
    """Return in words what of a mail is other than expected."""
    found = []
    if address and mail.to.lower() != address:
        found.append(f"it went to {mail.to}")
    if wanted.cc is not None and sorted(_recipients(verdict, wanted.cc)) != sorted(
        one.lower() for one in mail.cc
    ):
        found.append(f"its copies went to {', '.join(mail.cc) or 'nobody'}")
    if wanted.subject is not None and mail.subject != wanted.subject:
        found.append("its subject is another")
    found += [f'its subject does not contain "{one}"' for one in wanted.contains if one not in mail.subject]
    said = " ".join(mail.text.split())
    found += [
        f'its text does not contain "{one}"' for one in wanted.says if " ".join(one.split()) not in said
    ]
    if wanted.attachments is not None and sorted(wanted.attachments) != sorted(mail.attachments):
        found.append(f"it carries {', '.join(mail.attachments) or 'no file'}")
    if wanted.keys is not None and sorted(wanted.keys) != sorted(mail.keys):
        found.append(f"its rows are {', '.join(mail.keys)}")
    return found


def _likeness(wanted: ExpectedMail, address: str, mail: Mail) -> float:
    score = 1.0 if address and mail.to.lower() == address else 0.0
    said = wanted.subject or " ".join(wanted.contains)
    if said:
        score += SequenceMatcher(None, said, mail.subject).ratio()
    return score + (1.0 if wanted.keys is not None and sorted(wanted.keys) == sorted(mail.keys) else 0.0)


def _judge_cells(verdict: Verdict, expected: Expected, happened: Happened) -> Iterator[Failure]:
    told: set[tuple[str, str, str]] = set()
    for wanted in expected.cells:
        told.add((wanted.table, wanted.key, wanted.column))
        row = verdict.world.workbook.find(verdict.world.schemas[wanted.table], wanted.key)
        if row is None:
            yield Failure(wanted.place, verdict.at, f'{wanted.table} has no row "{wanted.key}".')
        elif not _same(verdict, wanted, row.get(wanted.column, "")):
            yield Failure(
                wanted.place,
                verdict.at,
                f"{wanted.table}!{wanted.column}, row {wanted.key}, holds something else.",
                wanted.text or "(empty)",
                row.get(wanted.column, "") or "(empty)",
            )
    for one in happened.written:
        if (one.table, one.key, one.column) not in told:
            told.add((one.table, one.key, one.column))
            what = f"A cell was written that nobody expects: {_written_line(one)}."
            yield Failure(expected.place, verdict.at, what, one.before, one.after)


def _same(verdict: Verdict, wanted: ExpectedCell, text: str) -> bool:
    """Say whether a cell holds what is expected, as its column's kind means it."""
    if wanted.text == text:
        return True
    column = verdict.world.schemas[wanted.table].column(wanted.column)
    language = verdict.world.workbook.language
    values = [parse_cell(column, one, language=language, zone=verdict.zone) for one in (wanted.text, text)]
    return (
        values[0] == values[1] and not isinstance(values[0], Unreadable) and bool(text) == bool(wanted.text)
    )


def _judge_rows(verdict: Verdict, expected: Expected, happened: Happened) -> Iterator[Failure]:
    left = list(happened.added)
    for wanted in expected.rows:
        found = next((row for row in left if _row_fits(verdict, wanted, row)), None)
        if found is not None:
            left.remove(found)
            continue
        nearest = next((row for row in left if wanted.table in ("", row.table)), None)
        if nearest is not None:
            left.remove(nearest)
        yield Failure(
            wanted.place,
            verdict.at,
            "This row was not added." if nearest is None else "The row that was added is another one.",
            _cells_text(wanted.cells),
            "" if nearest is None else _cells_text(nearest.cells),
        )
    for row in left:
        what = f"A row was added that nobody expects: {_added_line(row)}."
        yield Failure(expected.place, verdict.at, what, "", _cells_text(row.cells))


def _row_fits(verdict: Verdict, wanted: ExpectedRow, row: Added) -> bool:
    schema: Schema = verdict.world.schemas[row.table]
    return wanted.table in ("", row.table) and all(
        _same(
            verdict,
            ExpectedCell(schema.table, row.key, column, text, wanted.place),
            row.cells.get(column, ""),
        )
        for column, text in wanted.cells.items()
    )


def _judge_trouble(verdict: Verdict, expected: Expected, happened: Happened) -> Iterator[Failure]:
    if happened.held and expected.held is None:
        what = f'A limit holds {happened.held} rows, which nobody expects: "{happened.limit}".'
        yield Failure(expected.place, verdict.at, what)
    elif expected.held is not None and not happened.held:
        yield Failure(expected.place, verdict.at, "No limit holds anything.")
    elif expected.held not in (None, 0, happened.held):
        yield Failure(expected.place, verdict.at, f"{happened.held} rows are held, not {expected.held}.")
    told = (*happened.problems, *happened.warnings)
    for piece in expected.problems:
        if not any(piece in text for text in told):
            yield Failure(expected.place, verdict.at, f'No problem was told that contains "{piece}".')
    for text in happened.problems:
        if not any(piece in text for piece in expected.problems):
            yield Failure(expected.place, verdict.at, f"Something went wrong that nobody expects: {text}")


def _wanted_text(wanted: ExpectedMail, address: str) -> str:
    lines = [f"to: {address or 'anybody'}"]
    lines += [f"cc: {', '.join(wanted.cc)}"] if wanted.cc is not None else []
    lines += [f"subject: {wanted.subject}"] if wanted.subject is not None else []
    lines += [f"subject contains: {one}" for one in wanted.contains]
    lines += [f"attachment: {', '.join(wanted.attachments)}"] if wanted.attachments is not None else []
    lines += [f"rows: {', '.join(wanted.keys)}"] if wanted.keys is not None else []
    return "\n".join([*lines, *(f"text contains: {one}" for one in wanted.says)])


def _mail_text(mail: Mail, wanted: ExpectedMail | None = None) -> str:
    """Return a mail as text; where a mail was expected only with the parts that the expectation names."""
    lines = [f"to: {mail.to}"]
    lines += [f"cc: {', '.join(mail.cc)}"] if mail.cc or (wanted and wanted.cc is not None) else []
    lines.append(f"subject: {mail.subject}")
    lines += [f"attachment: {', '.join(mail.attachments)}"] if mail.attachments else []
    lines += [f"rows: {', '.join(mail.keys)}"] if wanted is None or wanted.keys is not None else []
    return "\n".join([*lines, *([mail.text.strip()] if wanted is None or wanted.says else [])])


def _cells_text(cells: Mapping[str, str]) -> str:
    return "\n".join(f"{column}: {text or '(empty)'}" for column, text in cells.items())


def _written_line(one: Written) -> str:
    return f"{one.table}!{one.column}, row {one.key}: {one.before or '(empty)'} → {one.after or '(empty)'}"


def _added_line(one: Added) -> str:
    return f"{one.table}, row {one.key or '?'}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"
