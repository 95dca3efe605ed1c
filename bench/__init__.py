"""Measurements: each module prints a table of ratios from one run."""
