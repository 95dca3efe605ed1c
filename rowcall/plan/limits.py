"""Is it too much at once, or too often for one customer?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rowcall.duration import Span, add
from rowcall.language.rule import Limit, LimitOf
from rowcall.memory import SentMail


@dataclass(frozen=True, slots=True)
class Load:
    """What one rule wants to do in one tick: rows that act, and mails by recipient address."""

    rows: int
    table_rows: int
    mails: int


def exceeded(
    limits: Iterable[Limit], load: Load, sent: Sequence[SentMail], now: datetime, zone: ZoneInfo
) -> Limit | None:
    """Return the first limit that this load would pass, given the rule's own mails sent before, or None."""
    return next((limit for limit in limits if _passes(limit, load, sent, now, zone)), None)


def _passes(limit: Limit, load: Load, sent: Sequence[SentMail], now: datetime, zone: ZoneInfo) -> bool:
    match limit.of:
        case LimitOf.ROWS:
            return load.rows > limit.count
        case LimitOf.SHARE:
            return load.rows >= limit.not_below and load.rows * 100 > limit.count * load.table_rows
        case LimitOf.EMAILS if limit.span is not None:
            since = back(now, limit.span, zone)
            return load.mails > 0 and load.mails + sum(mail.at > since for mail in sent) > limit.count
        case _:
            return False


class Budgets:
    """The mails that customers have got or will get, so that no budget is passed: grows while one tick plans."""

    def __init__(self, mails: Iterable[SentMail], zone: ZoneInfo) -> None:
        self._zone = zone
        self._mails: dict[str, list[SentMail]] = {}
        for mail in mails:
            if mail.customer:
                self._mails.setdefault(mail.address.lower(), []).append(mail)

    def earliest(self, address: str, limits: Iterable[Limit], at: datetime) -> datetime:
        """Return the first moment from `at` on at which one more mail to the customer fits every budget."""
        moment = at
        for limit in limits:
            if limit.of is LimitOf.PER_CUSTOMER and limit.span is not None:
                moment = self._fits(address, limit, limit.span, moment)
        return moment

    def count(self, address: str, rule: str, at: datetime) -> None:
        """Note one more mail to a customer."""
        self._mails.setdefault(address.lower(), []).append(SentMail(rule, address, at, customer=True))

    def _fits(self, address: str, limit: Limit, span: Span, at: datetime) -> datetime:
        mails = self._mails.get(address.lower(), ())
        counted = sorted(mail.at for mail in mails if not limit.rules or mail.rule in limit.rules)
        # Mails planned for later count as well: one now must not push them over the budget.
        recent = [moment for moment in counted if moment > back(at, span, self._zone)]
        allowed = max(1, int(limit.count))
        return at if len(recent) < allowed else max(at, ahead(recent[-allowed], span, self._zone))


def ahead(moment: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """Return the moment so long after; days are exact here: a week is seven days rolling."""
    try:
        return moment.astimezone(UTC) + span.exact
    except ValueError:
        return add(moment, span, zone)


def back(moment: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """Return the moment so long before; days are exact here: a week is seven days rolling."""
    try:
        return moment.astimezone(UTC) - span.exact
    except ValueError:
        return add(moment, span, zone, times=-1)
