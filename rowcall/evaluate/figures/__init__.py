"""The figures of a rule: what they are of every watched row at once, and how they read."""

from rowcall.evaluate.figures.compute import compute_figures
from rowcall.evaluate.figures.found import Figures, Listed, Told

__all__ = ["Figures", "Listed", "Told", "compute_figures"]
