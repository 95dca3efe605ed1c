"""Tests of rules: `rules/<id>.test.yaml` beside a rule, played on a virtual shop with a virtual clock."""
