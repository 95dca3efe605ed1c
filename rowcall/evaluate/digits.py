"""Which numbers are the same, at the 15 digits that spreadsheets compare?"""

import polars as pl

DIGITS = 15


def round_numbers(values: pl.Series) -> pl.Series:
    """Return numbers at 15 digits."""
    return values.to_frame("n").select(pl.col("n").round_sig_figs(DIGITS)).to_series()
