"""What has happened and what is owed, kept on disk: memory of plans, deliveries, and the words of people."""

from rowcall.store.state import Store

__all__ = ["Store"]
