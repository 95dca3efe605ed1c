"""How is the background service started and stopped from the command line?"""

import os
import signal
import sys
from queue import SimpleQueue
from types import FrameType
from typing import Annotated

import typer

from rowcall.cli.session import Session
from rowcall.service import LogKind, serve, set_up_log


def register(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("serve")(_serve)


def _serve(
    ctx: typer.Context,
    wait: Annotated[
        bool, typer.Option("--wait", help="If another one serves this shop, take over when it ends.")
    ] = False,
    log: Annotated[
        LogKind | None, typer.Option("--log", help="Form of the log.", show_default="text at a terminal")
    ] = None,
) -> None:
    """Run in the background: look, deliver, and notice edited rules.

    Runs until it is stopped (Ctrl+C, or `kill`): then it finishes what it has begun, which takes up to ten
    seconds. A second Ctrl+C stops at once; nothing is lost by that, but a mail under way may go out twice.
    """
    session: Session = ctx.obj
    people_read = sys.stdout.isatty() and not session.as_json
    set_up_log(log or (LogKind.TEXT if people_read else LogKind.JSON), sys.stdout)
    stop: SimpleQueue[str] = SimpleQueue()
    stop_on_signals(stop)
    serve(session.config, os.environ, stop, wait=wait, clock=session.clock)


def stop_on_signals(stop: SimpleQueue[str]) -> None:
    """Let the first SIGTERM or SIGINT (Ctrl+C) stop the service in good order, and the second at once."""
    signals = (signal.SIGTERM, signal.SIGINT)

    def take(number: int, _frame: FrameType | None) -> None:
        stop.put(signal.Signals(number).name)
        for one in signals:
            # From now on the system itself ends the process.
            signal.signal(one, signal.SIG_DFL)

    for one in signals:
        signal.signal(one, take)
