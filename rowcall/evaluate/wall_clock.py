"""Which moments are the wall-clock times of a column, and when do its days begin?"""

from zoneinfo import ZoneInfo

import polars as pl

from rowcall.duration import resolve_local

MOMENTS = pl.Datetime("us", "UTC")


def moments_at(local: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the moments of wall-clock times, as `resolve_local` does for one."""
    moments = local.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    moments = moments.dt.convert_time_zone("UTC")
    skipped = local.is_not_null() & moments.is_null()
    if not skipped.any():
        return moments
    # Few rows fall into the hour that a change to summer time skips; polars has no word for its end.
    ends = [resolve_local(naive, zone) for naive in local.filter(skipped)]
    return moments.scatter(skipped.arg_true(), pl.Series(ends, dtype=MOMENTS))


def starts_of_days(values: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return moments as they are, and days as the moments at which they begin in the shop."""
    return values if values.dtype != pl.Date else moments_at(values.cast(pl.Datetime("us")), zone)


def days_of(moments: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the calendar days of moments in the shop."""
    return moments.dt.convert_time_zone(zone.key).dt.date()
