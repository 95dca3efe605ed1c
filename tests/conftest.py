"""What every test may ask for: golden files."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import structlog
from hypothesis import settings

from tests.golden import FOLDER, Golden, Used, modules_in_full

USED = pytest.StashKey[Used]()

# A machine that is busy is no reason to fail: how long one example takes is nobody's promise.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="accept today's texts as the golden files")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[USED] = Used()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(
        request.path.stem, request.config.stash[USED], bool(request.config.getoption("--update-golden"))
    )


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Leave no test the log that another one set up."""
    yield
    structlog.reset_defaults()


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[USED].modules |= modules_in_full(session.config, session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # Any: a worker of pytest-xdist
    """Take over what a parallel worker has used."""
    used = node.config.stash[USED]
    files, modules = getattr(node, "workeroutput", {}).get("golden", ([], []))
    used.files.update(files)
    used.modules.update(modules)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that went well but left golden files over; with --update-golden remove them."""
    config, used = session.config, session.config.stash[USED]
    if hasattr(config, "workeroutput"):
        config.workeroutput["golden"] = (sorted(used.files), sorted(used.modules))
        return
    unused = used.unused() if exitstatus == pytest.ExitCode.OK and not config.option.collectonly else []
    if unused and config.getoption("--update-golden"):
        for file in unused:
            file.unlink()
    elif unused:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        _tell(config, [file.relative_to(FOLDER).as_posix() for file in unused])


def _tell(config: pytest.Config, names: Sequence[str]) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"\ngolden files that no test asks for: {', '.join(names)}", red=True)
