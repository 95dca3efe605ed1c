"""When does a schedule strike: every day at 05:30, Mondays, the first working day of a month, every 30 minutes?

A *label* is one moment at which a schedule strikes, in UTC.
"""

from rowcall.schedule.cron import Cron, CronMistake, parse_cron
from rowcall.schedule.line import Schedule
from rowcall.schedule.strikes import labels, next_label

__all__ = ["Cron", "CronMistake", "Schedule", "labels", "next_label", "parse_cron"]
