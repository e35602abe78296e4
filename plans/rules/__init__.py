"""The arithmetic of goals. Pure Python: facts in, verdicts out; no database, no clock."""
