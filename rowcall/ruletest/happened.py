"""What has happened in a rehearsal, as a person would tell it: mails, cells, rows, holds, problems?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from rowcall.episode import Ending
from rowcall.errors import Problem, Severity
from rowcall.kinds import ActionKind
from rowcall.memory import Plan
from rowcall.rehearsal import Done, Ticked


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that went out. to: the recipient; keys: the rows that it is about; entry: of the rule."""

    at: datetime
    to: str
    subject: str
    text: str
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """One cell that was written."""

    at: datetime
    table: str
    key: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Added:
    """One row that was added."""

    at: datetime
    table: str
    key: str
    cells: Mapping[str, str]


@dataclass(slots=True)
class Happened:
    """Everything that happened since the last step that expected something.

    held: rows that a limit holds. problems: errors and refusals; warnings: what is only told beside a failure.
    told: subjects of Rowcall's own mails to the people responsible.
    """

    mails: list[Mail] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    held: int = 0
    limit: str = ""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def note(self, ticked: Ticked, mailbox: Mapping[str, tuple[EmailMessage, str]]) -> None:
        """Take in what one tick found and did."""
        actions = ticked.given.house.actions
        for done in ticked.done:
            self._note_done(done, actions, mailbox)
        for hold in ticked.plan.held:
            self.held, self.limit = hold.count, hold.limit
        self._note_problems(ticked.plan)

    def _note_done(
        self, done: Done, actions: Mapping[str, ActionKind], mailbox: Mapping[str, tuple[EmailMessage, str]]
    ) -> None:
        delivery, result = done.delivery, done.result
        if result.ending in (Ending.DEAD, Ending.LOST):
            self.problems.append(result.detail)
        elif result.ending is Ending.SENT and delivery.id in mailbox:
            message, recipient = mailbox[delivery.id]
            if done.notice:
                self.told.append(str(message["Subject"]))
            elif not _is_copy(message, recipient):
                self.mails.append(_mail(done, message, recipient, actions))
        elif result.ending is Ending.SENT:
            self._note_written(done, actions)

    def _note_written(self, done: Done, actions: Mapping[str, ActionKind]) -> None:
        kind, payload = actions[done.delivery.kind], done.delivery.payload
        if kind.adds is not None:
            table, cells = kind.adds(payload)
            key = next((cell.key for cell in done.result.cells), "")
            self.added.append(Added(done.at, table, key, cells))
            return
        self.written += [
            Written(done.at, cell.table, cell.key, cell.column, cell.before, cell.after)
            for cell in done.result.cells
            if cell.before != cell.after
        ]

    def _note_problems(self, plan: Plan) -> None:
        for problem in plan.problems:
            told = self.problems if _counts(problem) else self.warnings
            if str(problem) not in told:
                told.append(str(problem))


def _counts(problem: Problem) -> bool:
    """Say whether a problem stops something of the rule: what is wrong with single cells is only told."""
    return problem.severity is Severity.ERROR


def _is_copy(message: EmailMessage, recipient: str) -> bool:
    """Say whether this is the copy of a mail that goes to somebody else."""
    return recipient.lower() not in {one.lower() for one in _addresses(message, "To")}


def _mail(done: Done, message: EmailMessage, recipient: str, actions: Mapping[str, ActionKind]) -> Mail:
    body = message.get_body(("plain",))
    shown = actions[done.delivery.kind].show(done.delivery.payload)
    keys = shown.get("keys")
    return Mail(
        at=done.at,
        to=recipient,
        subject=str(message["Subject"]),
        text=str(body.get_content()) if isinstance(body, EmailMessage) else "",
        cc=tuple(_addresses(message, "Cc")),
        attachments=tuple(str(part.get_filename()) for part in message.iter_attachments()),
        keys=tuple(map(str, keys)) if isinstance(keys, list) else (done.delivery.effect.key,),
        entry=done.delivery.effect.entry,
    )


def _addresses(message: EmailMessage, header: str) -> Iterable[str]:
    found = message[header]
    return [one.addr_spec for one in found.addresses] if found is not None else []
