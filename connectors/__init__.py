"""Connectors: one file is one kind of workbook; this package holds nothing else."""
