"""How does a test run the example shop for some days: its own folder, a real state, a mailbox, and people's edits?"""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.actions.email import Payload
from rowcall.clock import SetClock, SystemClock
from rowcall.kinds import action_kinds
from rowcall.memory import Answer
from rowcall.post import mailer_of, outbox_of
from rowcall.shop import open_shop
from rowcall.store import Store
from rowcall.tick import Ticker
from tests.shop.folder import Postbox

EXAMPLES = Path(__file__).parent / "example_shop"
ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Edit:
    """A person types into cells at a time; a key that is not there yet is a new row."""

    at: str
    table: str
    key: str
    cells: dict[str, str]


@dataclass
class Week:
    """The example shop, run for some days: `lines` tells for each rule what went out and what was written, and when."""

    folder: Path
    postbox: Postbox
    port: int
    lines: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copytree(EXAMPLES, self.folder, dirs_exist_ok=True)
        config = self.folder / "config.yaml"
        config.write_text(config.read_text(encoding="utf-8").replace("port: 2525", f"port: {self.port}"))
        self.shop = open_shop(config, {})
        self.kinds = action_kinds()
        self.store: Store = self.shop.open_store()
        self.ticker = Ticker(self.shop, self.store)
        self.clock = SetClock(moment("2026-03-09 05:30"))
        self.mailer = mailer_of(self.shop.config)
        self.outbox = outbox_of(
            self.shop, self.store, lambda: self.ticker.rules, self.mailer, self.clock, SystemClock()
        )

    def close(self) -> None:
        """Stop Rowcall."""
        self.mailer.close()
        self.store.close()

    def run(self, since: str, until: str, edits: list[Edit], answers: dict[str, str]) -> None:
        """Look and deliver every half hour of the working day; answers: when → the rule to be started."""
        now = moment(since)
        while now <= moment(until):
            said = f"{now:%Y-%m-%d %H:%M}"
            for edit in edits:
                if edit.at == said:
                    self._edit(edit)
            if said in answers:
                self.store.say_answer(answers[said], Answer.ACT, now)
            self._look(now)
            now += timedelta(minutes=30) if "05:30" <= f"{now:%H:%M}" < "19:30" else timedelta(hours=10)

    def _look(self, now: datetime) -> None:
        self.clock.set(now)
        before = self.tables()
        self.ticker.tick(now)
        mistakes = [str(problem) for problem in self.ticker.rules.mistakes]
        assert not mistakes, "\n".join(mistakes)
        self.outbox.deliver_due(now)
        rules = {
            payload.message_id: one.delivery.effect.rule
            for one in self.store.deliveries()
            if isinstance(payload := one.delivery.payload, Payload)
        }
        for letter in self.postbox.received:
            mail = letter.message()
            said = f"mail to {letter.recipient}: {mail['Subject']}"
            self._tell(rules[str(mail["Message-ID"])], now, said, mail)
        self.postbox.received.clear()
        self._tell_cells(now, before)

    def _tell(self, rule: str, now: datetime, said: str, mail: EmailMessage | None = None) -> None:
        body = mail.get_body(("plain",)) if mail is not None else None
        text = [f"    {line}".rstrip() for line in body.get_content().strip().splitlines()] if body else []
        self.lines.setdefault(rule, []).extend([f"{now.astimezone(ZONE):%a %Y-%m-%d %H:%M}  {said}", *text])

    def _tell_cells(self, now: datetime, before: dict[tuple[str, str, str], str]) -> None:
        changed = {place: text for place, text in self.tables().items() if before.get(place, "") != text}
        written = dict(self._written()) if changed else {}
        for (table, key, column), text in changed.items():
            said = (
                f"{table}, row {key}, {column}: {before.get((table, key, column), '') or '(empty)'} → {text}"
            )
            self._tell(written[table, key, column], now, said)

    def _written(self) -> Iterator[tuple[tuple[str, str, str], str]]:
        for one in reversed(self.store.deliveries()):
            kind, payload = self.kinds[one.delivery.kind], one.delivery.payload
            for cell in kind.cells(payload) if kind.cells is not None else ():
                yield (cell.table, cell.key, cell.column), one.delivery.effect.rule
            if kind.adds is not None:
                table, texts = kind.adds(payload)
                for column in texts:
                    yield (table, next(iter(texts.values())), column), one.delivery.effect.rule

    def tables(self) -> dict[tuple[str, str, str], str]:
        """Return every cell of the workbook by table, key and column."""
        found: dict[tuple[str, str, str], str] = {}
        for path in sorted((self.folder / "book").glob("*.csv")):
            with path.open(newline="", encoding="utf-8") as file:
                header, *rows = csv.reader(file)
            found |= {
                (path.stem, row[0], name): text
                for row in rows
                for name, text in zip(header, row, strict=True)
            }
        return found

    def _edit(self, edit: Edit) -> None:
        path = self.folder / "book" / f"{edit.table}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        row = next((row for row in rows if row[0] == edit.key), None)
        if row is None:
            row = [edit.key] + [""] * (len(header) - 1)
            rows.append(row)
        for name, text in edit.cells.items():
            row[header.index(name)] = text
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])


def moment(said: str) -> datetime:
    """Return a moment of the shop."""
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)
