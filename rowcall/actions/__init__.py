"""Actions: one file is one kind of thing a rule may do; this package holds nothing else."""
