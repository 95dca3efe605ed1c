"""What does a formula give for each row? Typed trees → whole polars columns."""
