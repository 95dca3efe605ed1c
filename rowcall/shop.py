"""What is in the shop's folder: its config, workbooks, rules and templates, ready to be used?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rowcall.config import Config, load_config
from rowcall.errors import Place, Problem, Severity
from rowcall.kinds import action_kinds, action_words, connector_kind, connector_kinds, payload_types
from rowcall.language.budget import read_limits
from rowcall.language.document import Lines
from rowcall.language.ledger import LEDGERS
from rowcall.language.notes import Notes
from rowcall.language.rule import Limit, Rule, Window
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.plan import House
from rowcall.ports import Opening, Workbook
from rowcall.staff import calendars_of, names_of, people_of, settings_of
from rowcall.store import Store
from rowcall.table import Table
from rowcall.template import Templates

# What programs call a copy: `x - copy.yaml`, `x (1).yaml`, `Copy of x.yaml`, in the languages of the shops' computers.
_COPIES = re.compile(
    r".* (?:-\s*)?(?:copy|kopie|copie|copia|副本)(?:\s*\(?\d+\)?)?\.yaml|.*\(\d+\)\.yaml"
    r"|(?:copy of|kopie von|copie de|copia de) .*\.yaml|.* ?[-(（]?副本\S*\.yaml"
)
_NOT_RULES = (".yaml.txt", ".yml", ".yaml.bak", ".yaml~", ".yaml.old")


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's folder with its config read and its workbooks at hand (nothing of them is read yet)."""

    config: Config
    workbooks: Mapping[str, Workbook]
    templates: Templates

    @property
    def folder(self) -> Path:
        """The folder that holds the config, the rules and the templates."""
        return self.config.folder

    def open_store(self) -> Store:
        """Open the shop's state; raises StateError."""
        return Store.open(self.config.state.reveal(), self.folder, payload_types())


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a shop as far as they can be understood, and what is wrong with the others.

    broken: ids of rules with mistakes. limits: those of the config, for rules without their own.
    """

    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """The problems that keep a rule from working."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def open_shop(config_file: Path, environ: Mapping[str, str]) -> Shop:
    """Read the config and return the shop; raises MistakesError and UsageError."""
    folder = config_file.parent.resolve()
    kinds = connector_kinds(folder)
    config = load_config(
        config_file, environ, lambda name: kinds[name].params if name in kinds else None, sorted(kinds)
    )
    about = config.shop
    workbooks = {
        name: connector_kind(one.connector, folder).open_workbook(
            one.params, Opening(name, config.folder, about.zone, about.language)
        )
        for name, one in config.workbooks.items()
    }
    templates = Templates(config.folder / "templates", about.language, about.zone, about.currency or "EUR")
    return Shop(config, workbooks, templates)


ReadRule = tuple[Rule | None, tuple[Problem, ...]]


@dataclass(slots=True)
class RuleShelf:
    """Rules that were read before, by file: taken again while neither the text nor a name it may use has changed."""

    names: tuple[Scope, tuple[str, ...]] | None = None
    read: dict[str, tuple[bytes, ReadRule]] = field(default_factory=dict)


def load_rules(shop: Shop, tables: Mapping[str, Table], shelf: RuleShelf | None = None) -> RuleSet:
    """Read every rule of the folder; tables: as last read, for the headers, people and settings they hold.

    shelf: what was read before, brought up to date.
    """
    scope = scope_of(shop, tables)
    shelf = shelf or RuleShelf()
    names = (scope, tuple(sorted(shop.templates.folder.names())))
    if shelf.names != names:
        shelf.names, shelf.read = names, {}
    rules: list[Rule] = []
    problems: list[Problem] = list(_strangers(shop))
    broken: list[str] = []
    for path in rule_files(shop.folder):
        rule, found = _read(path, scope, names[1], shelf)
        problems.extend(found)
        if rule is None:
            broken.append(path.stem)
        else:
            rules.append(rule)
    limits, wrong_limits = _limits(shop.config, scope)
    return RuleSet(tuple(rules), limits, (*wrong_limits, *problems), tuple(broken))


def _read(path: Path, scope: Scope, templates: tuple[str, ...], shelf: RuleShelf) -> ReadRule:
    shown = f"rules/{path.name}"
    try:
        source = path.read_bytes()
    except OSError as error:
        return None, (Problem(Place(file=shown), f"{shown} can't be read: {error.strerror}"),)
    known = shelf.read.get(shown)
    if known is None or known[0] != source:
        actions = {word: kind.params for word, kind in action_words().items()}
        known = (source, read_rule(source, shown, scope, actions, templates=lambda: templates))
        shelf.read[shown] = known
    return known[1]


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files of a shop, in the order of their names; tests beside them are none."""
    return sorted(
        path
        for path in (folder / "rules").glob("*.yaml")
        if path.is_file()
        and not path.name.endswith(".test.yaml")
        and not path.name.startswith((".", "~"))  # what editors and computers keep beside a file
        and not _is_stranger(path.name)
    )


def scope_of(shop: Shop, tables: Mapping[str, Table]) -> Scope:
    """Return the names that the shop's rules may use."""
    config = shop.config
    return Scope(
        schemas={**config.tables, **LEDGERS},
        language=config.shop.language,
        zone=config.shop.zone,
        headers={
            **{name: tuple(column.name for column in one.columns) for name, one in LEDGERS.items()},
            **{name: tuple(table.text.columns) for name, table in tables.items()},
        },
        people=names_of(people_of(config, tables)),
        settings=settings_of(config, tables),
        rules=tuple(path.stem for path in rule_files(shop.folder)),
        calendars=tuple(config.calendars),
        working_hours=config.shop.working_hours,
        buttons=config.buttons,
        public_url=bool(config.web.public_url),
        attachments=_attachments(shop.folder),
    )


def house_of(shop: Shop, rules: RuleSet, tables: Mapping[str, Table]) -> House:
    """Return what the config and the shop's own tables fix for a plan."""
    config = shop.config
    email = config.email
    quiet = email.quiet_hours if email else None
    return House(
        zone=config.shop.zone,
        language=config.shop.language,
        shop_name=config.shop.name,
        responsible=config.shop.responsible,
        people=people_of(config, tables),
        settings=settings_of(config, tables),
        templates=shop.templates,
        mail_domain=email.sender.rpartition("@")[2] if email else "rowcall.invalid",
        actions=action_kinds(),
        schemas={**config.tables, **LEDGERS},
        settle=config.settle,
        quiet=Window(*quiet) if quiet else None,
        limits=rules.limits,
        calendars=calendars_of(config, tables)[0],
        currency=config.shop.currency,
        attachments=config.folder / "attachments",
    )


def _attachments(folder: Path) -> tuple[str, ...]:
    """Return the files of the shop's `attachments` folder as rules name them, with `/` between folders."""
    inside = folder / "attachments"
    files = (path for path in inside.rglob("*") if path.is_file() and not path.name.startswith("."))
    return tuple(sorted(path.relative_to(inside).as_posix() for path in files))


def _limits(config: Config, scope: Scope) -> tuple[tuple[Limit, ...], tuple[Problem, ...]]:
    if not config.limits:
        return (), ()
    lines = (config.folder / config.file).read_text(encoding="utf-8", errors="replace").splitlines()
    notes = Notes(config.file, lines)
    limits = read_limits(Lines(config.limits, config.limits[0].place), scope, notes)
    return limits or (), notes.problems


def _strangers(shop: Shop) -> Iterable[Problem]:
    """Name files that look like rules but are not read."""
    folder = shop.folder / "rules"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and _is_stranger(path.name):
            yield Problem(
                Place(file=f"rules/{path.name}"),
                f'"{path.name}" looks like a rule but is not read: a rule\'s name ends in .yaml and is no copy',
                fix="give the file a name of its own that ends in .yaml, or remove it",
                severity=Severity.WARNING,
            )


def _is_stranger(name: str) -> bool:
    low = name.lower()
    shouted = low.endswith(".yaml") and not name.endswith(".yaml")
    return shouted or low.endswith(_NOT_RULES) or _COPIES.fullmatch(low) is not None
