"""What has happened and what is owed, kept on disk: memory of plans, deliveries, and the words of people."""

from rowcall.store.deliveries import LostPayload
from rowcall.store.desk import Desk
from rowcall.store.lanes import Lane
from rowcall.store.leader import lead
from rowcall.store.ledger import Attempt, Listed
from rowcall.store.queue import Claimed, Outcome, Worker
from rowcall.store.state import Store

__all__ = [
    "Attempt",
    "Claimed",
    "Desk",
    "Lane",
    "Listed",
    "LostPayload",
    "Outcome",
    "Store",
    "Worker",
    "lead",
]
