"""Pages of accounts (step 3) and audits (step 2)."""
