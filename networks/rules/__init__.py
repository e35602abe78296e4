"""Rules of the networks as pure functions: no Django, no database, no clock."""
