"""How often does the service do what it does over and over?"""

from dataclasses import dataclass
from datetime import timedelta

from rowcall.config import Config


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The lengths of the service's waits, in seconds.

    look_every_s: between two looks at any workbook, 0 = as the config says. settle_s: how long the files must be
    left alone before an edit counts. hash_s: between two full comparisons of the files. retry_s: until a failed
    look is tried again. stop_s: for ending what was begun. lead_s: between two tries to become the leader.
    """

    look_every_s: float = 0
    settle_s: float = 0.4
    hash_s: float = 10
    retry_s: float = 30
    stop_s: float = 10
    pulse_s: float = 1
    lead_s: float = 0.25


# A workbook is looked at at least daily, and not more often than every few seconds, whatever the config says.
_SHORTEST = timedelta(seconds=5)
_LONGEST = timedelta(days=1)


def look_intervals(config: Config, rhythm: Rhythm) -> dict[str, timedelta]:
    """Return how often each workbook is looked at."""
    if rhythm.look_every_s:
        return dict.fromkeys(config.workbooks, timedelta(seconds=rhythm.look_every_s))
    found = {}
    for name, workbook in config.workbooks.items():
        try:
            wanted = workbook.check_every.exact
        except ValueError:  # months and years have no length on the clock
            wanted = _LONGEST
        found[name] = min(max(wanted, _SHORTEST), _LONGEST)
    return found
