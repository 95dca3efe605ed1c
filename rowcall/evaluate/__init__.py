"""The evaluation floor: from conditions and values of rules to whole polars columns."""
