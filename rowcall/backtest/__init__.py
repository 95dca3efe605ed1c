"""Back-tests: what would a rule have done, had it looked at the past that the sheet's own dates tell of?"""
