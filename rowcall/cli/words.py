"""The commands by which a person decides: `answer`, `release`, `drop`, `pause`, `resume`."""

from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Annotated

import typer

from rowcall.cli.opening import known_rule, open_here, state, state_file
from rowcall.cli.screen import count, print_json
from rowcall.cli.session import Session
from rowcall.errors import UsageError
from rowcall.memory import Answer
from rowcall.shop import Shop, rule_files
from rowcall.store import Store

_RULE = Annotated[str, typer.Argument(metavar="RULE", help="The rule's name: its file without .yaml.")]
_HEARD = "It counts from the next look: at once if `rowcall serve` runs, else with `rowcall run --once`."


class Decision(StrEnum):
    """What may be answered."""

    ACT = "act"
    LEAVE = "leave"


def register(app: typer.Typer) -> None:
    """Declare the commands."""

    @app.command("answer")
    def answer(
        ctx: typer.Context,
        rule: Annotated[
            str, typer.Argument(metavar="RULE", help="A rule; or a table, of which most rows are gone.")
        ],
        decision: Annotated[
            Decision, typer.Argument(help="act: start these rows now; leave: leave them be.")
        ],
    ) -> None:
        """Decide about rows that a rule found on first sight: act or leave."""
        _answer(ctx.obj, rule, Answer(decision.value))

    @app.command("release")
    def release(ctx: typer.Context, rule: _RULE) -> None:
        """Let go what a limit holds of a rule."""
        _decide(ctx.obj, rule, "release")

    @app.command("drop")
    def drop(ctx: typer.Context, rule: _RULE) -> None:
        """Forget what a limit holds of a rule."""
        _decide(ctx.obj, rule, "drop")

    @app.command("pause")
    def pause(ctx: typer.Context, rule: _RULE) -> None:
        """Let a rule stand still until it is resumed."""
        _pause(ctx.obj, rule, resume=False)

    @app.command("resume")
    def resume(ctx: typer.Context, rule: _RULE) -> None:
        """Let a paused rule go on."""
        _pause(ctx.obj, rule, resume=True)


def _answer(session: Session, name: str, answer: Answer) -> None:
    shop = open_here(session)
    tables = {table.lower(): table for table in shop.config.tables}
    with _said_to(shop) as store:
        subject = name if _is_rule(shop, name) else tables.get(name.lower(), name)
        rows = store.say_answer(subject, answer, session.clock.now())
    if subject in shop.config.tables and not _is_rule(shop, name):
        word = {Answer.ACT: "the rows that are gone count as deleted", Answer.LEAVE: "they are waited for"}
        _tell(session, subject, answer.value, None, f"{subject}: {word[answer]}.")
        return
    word = {Answer.ACT: "will be acted on now", Answer.LEAVE: "are left as they are"}
    _tell(session, subject, answer.value, rows, f"{subject}: {count(rows, 'row')} {word[answer]}.")


def _decide(session: Session, name: str, decision: str) -> None:
    shop = open_here(session)
    with _said_to(shop) as store:
        rows = store.say_hold(name, decision, session.clock.now())
    word = {"release": "will go out if they still matter", "drop": "will be forgotten"}[decision]
    _tell(session, name, decision, rows, f"{name}: what was held for {count(rows, 'row')} {word}.")


def _pause(session: Session, name: str, *, resume: bool) -> None:
    shop = open_here(session)
    rule = known_rule(shop, name)
    with state(shop) as store:
        is_paused = rule in store.load().paused
        if is_paused is not resume:
            raise UsageError(f"rule {rule} is {'paused already' if is_paused else 'not paused'}")
        (store.resume if resume else store.pause)(rule, session.clock.now())
    word = "goes on" if resume else f"stands still until `rowcall resume {rule}`"
    _tell(session, rule, "resume" if resume else "pause", None, f"{rule} {word}.")


def _said_to(shop: Shop) -> AbstractContextManager[Store]:
    if state_file(shop) is None:
        raise UsageError("nothing has run in this shop yet, so there is nothing to decide")
    return state(shop)


def _is_rule(shop: Shop, name: str) -> bool:
    return name in {path.stem for path in rule_files(shop.folder)}


def _tell(session: Session, subject: str, word: str, rows: int | None, text: str) -> None:
    if session.as_json:
        print_json({"said": word, "of": subject, "rows": rows})
    else:
        typer.echo(text)
        typer.echo(_HEARD)
