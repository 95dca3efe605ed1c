"""Which kinds of workbooks and actions are there? Finds the leaves by their file names.

This is the only module that imports by name. A leaf is one file: `connectors/xlsx.py` is `connector: xlsx`, and
a shop may lay its own beside its config; `rowcall/actions/add_row.py` is the action that rules call by its WORD.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import connectors
from rowcall import actions
from rowcall.episode import Delivery, WrittenCell
from rowcall.errors import UsageError
from rowcall.language.value import Buttons
from rowcall.mailing import Wording
from rowcall.ports import CellValue, Opening, Workbook
from rowcall.scene import Drafts, Say, Scene
from rowcall.tools import Result, Tools


@dataclass(frozen=True, slots=True)
class ConnectorKind:
    """One kind of workbook: its name, its help text, its Params and the function that opens one."""

    name: str
    about: str
    params: type
    open_workbook: Callable[[object, Opening], Workbook]


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One kind of action.

    word: as rules write it. plan: Params and Scene → drafts, pure. deliver: makes the effects of deliveries that
    share a lane. show: a payload as the JSON of `preview` and `run` shows it.
    cells: the cells that a payload writes, None for a kind that writes none. merge: the latest payload, saying which
    earlier one it replaces; None for a kind whose effects never replace each other. adds: table and texts of the
    row that a payload adds, None for a kind that adds none. follow: payload, table, old key → parts of the new one:
    the payload for rows that were renamed, None if it is none of them. retime: the payload with its `now` and `today`
    at the moment that a function says. wording: what Params say of a mail that can
    have a digest. buttons: those that Params give to a mail.
    """

    name: str
    word: str
    about: str
    params: type
    payload: type
    plan: Callable[[object, Scene], Drafts]
    deliver: Callable[[Sequence[Delivery], Tools], Sequence[Result]]
    show: Callable[[object], Mapping[str, object]]
    cells: Callable[[object], Sequence[WrittenCell]] | None = None
    merge: Callable[[object, object], object] | None = None
    adds: Callable[[object], tuple[str, Mapping[str, str]]] | None = None
    follow: Callable[[object, str, Mapping[str, tuple[str, ...]]], object | None] | None = None
    increases: Callable[[object], Mapping[str, CellValue]] | None = None
    rebase: Callable[[object, str, str, CellValue, str], object] | None = None
    retime: Callable[[object, Say], object] | None = None
    wording: Callable[[object], Wording] | None = None
    buttons: Callable[[object], Buttons | None] | None = None


def connector_kinds(folder: Path | None = None) -> Mapping[str, ConnectorKind]:
    """Return every kind of workbook: those that ship, and those in `connectors/` of the shop's folder."""
    modules = {name: importlib.import_module(f"connectors.{name}") for name in _names(connectors)}
    if folder is not None and (folder / "connectors").is_dir():
        for path in sorted((folder / "connectors").glob("[a-z]*.py")):
            modules.setdefault(path.stem, _load(path))
    return {name: _connector(name, module) for name, module in modules.items()}


def action_kinds() -> Mapping[str, ActionKind]:
    """Return every kind of action by its file name."""
    names = _names(actions)
    return {name: _action(name, importlib.import_module(f"rowcall.actions.{name}")) for name in names}


def action_words() -> Mapping[str, ActionKind]:
    """Return every kind of action by the word that rules use."""
    return {kind.word: kind for kind in action_kinds().values()}


def payload_types() -> Mapping[str, type]:
    """Return the payload type of every kind of action, for the store."""
    return {name: kind.payload for name, kind in action_kinds().items()}


def connector_kind(name: str, folder: Path | None = None) -> ConnectorKind:
    """Return the kind of workbook of that name; raises UsageError that names the kinds there are."""
    kinds = connector_kinds(folder)
    if name not in kinds:
        raise UsageError(f'There is no connector "{name}"; there are {", ".join(sorted(kinds))}.')
    return kinds[name]


def _names(package: ModuleType) -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"shop_connectors.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path.name} in the shop's connectors folder can't be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _connector(name: str, module: ModuleType) -> ConnectorKind:
    return ConnectorKind(name, module.__doc__ or "", module.Params, module.open_workbook)


def _action(name: str, module: ModuleType) -> ActionKind:
    return ActionKind(
        name=name,
        word=module.WORD,
        about=module.__doc__ or "",
        params=module.Params,
        payload=module.Payload,
        plan=module.plan,
        deliver=module.deliver,
        show=module.show,
        cells=getattr(module, "cells", None),
        merge=getattr(module, "merge", None),
        adds=getattr(module, "adds", None),
        follow=getattr(module, "follow", None),
        increases=getattr(module, "increases", None),
        rebase=getattr(module, "rebase", None),
        retime=getattr(module, "retime", None),
        wording=getattr(module, "wording", None),
        buttons=getattr(module, "buttons", None),
    )
