"""What the pages of results, and the evaluation of goals, read."""
