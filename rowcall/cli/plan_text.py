"""How does a plan read on a page: mails with their words, cells before → after, what waits, what is wrong?"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from rowcall.cli.screen import Page, count, shop_time
from rowcall.episode import BUNDLED, COLLECTING, Delivery, DeliveryState, Firing
from rowcall.kinds import ActionKind
from rowcall.memory import Hold, Plan
from rowcall.preview import shown_payload

_SHOWN_KEYS = 10


def show_plan(page: Page, plan: Plan, actions: Mapping[str, ActionKind], zone: ZoneInfo) -> None:
    """Print a plan, one firing after the other."""
    for number, firing in enumerate(plan.firings):
        if number == 0 or plan.firings[number - 1].rule != firing.rule:
            page.heading(firing.rule)
        _show_firing(page, firing, actions, zone)
    if plan.notices:
        page.heading("Told to the people responsible")
        for notice in plan.notices:
            _show_deliveries(page, notice.deliveries, actions, zone)
    _show_waiting(page, plan)
    if plan.problems:
        page.heading("Problems")
        for problem in plan.problems:
            page.problem(problem, indent=2)


def _show_waiting(page: Page, plan: Plan) -> None:
    if plan.baseline:
        page.heading("There before the rule looked: recorded, nothing is done about them")
        for rule, keys in plan.baseline.items():
            page.line(f"{rule}: {count(len(keys), 'row')} ({_listed(keys)})", indent=2)
    if plan.held:
        page.heading("Waits for a person")
        for hold in plan.held:
            _show_hold(page, hold)


def sum_up(plan: Plan) -> str:
    """Return what a plan holds in one line: `3 mails, 2 cells`; "" for nothing at all."""
    deliveries = [
        one
        for firing in (*plan.firings, *plan.notices)
        for one in firing.deliveries
        if one.state is not DeliveryState.CANCELLED
    ]
    mails = sum(one.lane == "mail" for one in deliveries)
    lines = sum(one.lane in (COLLECTING, BUNDLED) for one in deliveries)
    writes = len(deliveries) - mails - lines
    found = [count(mails, "mail")] if mails else []
    found += [f"{count(lines, 'row')} for a digest"] if lines else []
    found += [f"{writes} row{'' if writes == 1 else 's'} written"] if writes else []
    return ", ".join(found)


def _show_firing(page: Page, firing: Firing, actions: Mapping[str, ActionKind], zone: ZoneInfo) -> None:
    name = firing.entry.partition("#")[0]
    again = f", time {firing.occurrence}" if firing.occurrence > 1 else ""
    page.parts((f"{firing.table} {firing.key}".strip(), "bold"), (f"  ({name}{again})", "dim"), indent=2)
    because = ", ".join(f"{column} = {text or '(empty)'}" for column, text in firing.because.items())
    if because:
        page.line(f"because {because}", "dim", indent=4)
    _show_deliveries(page, firing.deliveries, actions, zone)


def _show_deliveries(
    page: Page, deliveries: Sequence[Delivery], actions: Mapping[str, ActionKind], zone: ZoneInfo
) -> None:
    """Print deliveries in order; one mail that goes to several people is printed once."""
    for (note, words), group in groupby(deliveries, key=lambda one: (_note(one, zone), _words(one, actions))):
        same = list(group) if words else []
        for delivery in [same[0]] if words else list(group):
            to = [str(shown_payload(one, actions)["to"]) for one in same]
            show_payload(page, delivery, actions, f"  [{note}]" if note else "", indent=4, to=", ".join(to))


def _words(delivery: Delivery, actions: Mapping[str, ActionKind]) -> str:
    """Return the words of a mail, by which it is the same for several people; "" for anything else."""
    match shown_payload(delivery, actions):
        case {"subject": str(subject), "text": str(text)}:
            return f"{subject}\n{text}"
        case _:
            return ""


def _note(delivery: Delivery, zone: ZoneInfo) -> str:
    return "; ".join(note for note in (_standing(delivery), _later(delivery, zone)) if note)


def show_payload(
    page: Page,
    delivery: Delivery,
    actions: Mapping[str, ActionKind],
    note: str = "",
    indent: int = 0,
    to: str = "",
) -> None:
    """Print what a delivery sends or writes, with a note behind its first line; to: everyone who gets the mail."""
    match shown_payload(delivery, actions):
        case {"to": str(alone), "subject": str(subject), "text": str(text)}:
            page.parts(("mail to ", ""), (to or alone, "cyan"), (note, "yellow"), indent=indent)
            page.line(subject, "bold", indent=indent + 2)
            for line in text.strip().splitlines():
                page.line(line, indent=indent + 2)
        case {"table": str(table), "key": str(key), "cells": dict(cells)}:
            page.parts((f"set {table} {key}", ""), (note, "yellow"), indent=indent)
            for column, cell in cells.items():
                page.parts(
                    (f"{column}: ", ""),
                    (cell["from"] or "(empty)", "red"),
                    (" → ", ""),
                    (cell["to"] or "(empty)", "green"),
                    indent=indent + 2,
                )
        case {"table": str(table), "key": str(key), "values": dict(values)}:
            page.parts((f"add {table} {key}", ""), (note, "yellow"), indent=indent)
            for column, text in values.items():
                page.parts((f"{column}: ", ""), (str(text), "green"), indent=indent + 2)
        case shown:
            page.parts((str(shown.get("action", delivery.kind)), ""), (note, "yellow"), indent=indent)


def _standing(delivery: Delivery) -> str:
    match delivery.state:
        case DeliveryState.HELD:
            return "held: waits for a person"
        case DeliveryState.CANCELLED:
            return "not done: the rule only watches, or its window is missed"
        case _:
            return ""


def _later(delivery: Delivery, zone: ZoneInfo) -> str:
    if delivery.lane == BUNDLED:
        return "goes into the digest below"
    if delivery.send_after is None:
        return ""
    when = shop_time(delivery.send_after, zone)
    return f"waits for the digest of {when}" if delivery.lane == COLLECTING else f"not before {when}"


def _show_hold(page: Page, hold: Hold) -> None:
    page.line(f'{hold.rule}: {count(hold.count, "row")}, more than its limit "{hold.limit}"', indent=2)
    page.line(f"rowcall release {hold.rule}   or   rowcall drop {hold.rule}", indent=4)


def _listed(keys: tuple[str, ...]) -> str:
    more = f", and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
    return ", ".join(keys[:_SHOWN_KEYS]) + more
