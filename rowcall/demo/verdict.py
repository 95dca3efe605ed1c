"""Did everything arrive that should, and nothing else?"""

from collections.abc import Sequence
from dataclasses import dataclass

from rowcall.demo.cellwise import ChangedCell
from rowcall.demo.script import AwaitedCell, AwaitedMail, Step
from rowcall.demo.stage import Seen
from rowcall.mailbox import Received


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of a step came true, by rule, and what did not, as sentences."""

    mails: tuple[AwaitedMail, ...]
    cells: tuple[AwaitedCell, ...]
    wrong: tuple[str, ...]


def judge(step: Step, seen: Seen) -> Verdict:
    """Compare what a step awaits with the mails in the mailbox and the cells in the file."""
    mails, lost, extra = _match_mails(step.mails, seen.mails)
    cells, unwritten, touched = _match_cells(step.cells, seen.cells)
    at = f"{step.at:%a %H:%M}"
    wrong = [f"{at}: no mail to {mail.to} about {mail.about} ({mail.rule})" for mail in lost]
    wrong += [f"{at}: a mail too many, to {mail.recipient}: {mail.message()['Subject']}" for mail in extra]
    wrong += [
        f"{at}: {cell.table} {cell.key}, {cell.column} should hold {cell.text} ({cell.rule})"
        for cell in unwritten
    ]
    wrong += [
        f"{at}: a cell that nobody asked for: {cell.table} {cell.key}, {cell.column}: {cell.before} → {cell.after}"
        for cell in touched
    ]
    wrong += [f"{at}: {problem}" for problem in seen.plan.problems]
    return Verdict(tuple(mails), tuple(cells), tuple(wrong))


def _match_mails(
    awaited: Sequence[AwaitedMail], arrived: Sequence[Received]
) -> tuple[list[AwaitedMail], list[AwaitedMail], list[Received]]:
    rest, came, lost = list(arrived), [], []
    for mail in awaited:
        found = next(
            (one for one in rest if one.recipient == mail.to and mail.about in str(one.message()["Subject"])),
            None,
        )
        if found is None:
            lost.append(mail)
        else:
            rest.remove(found)
            came.append(mail)
    return came, lost, rest


def _match_cells(
    awaited: Sequence[AwaitedCell], changed: Sequence[ChangedCell]
) -> tuple[list[AwaitedCell], list[AwaitedCell], list[ChangedCell]]:
    now = {(cell.table, cell.key, cell.column): cell for cell in changed}
    came, lost = [], []
    for cell in awaited:
        place = (cell.table, cell.key, cell.column)
        if place in now and now[place].after == cell.text:
            came.append(cell)
            del now[place]
        else:
            lost.append(cell)
    return came, lost, list(now.values())
