"""The pages of the plan: home, the plan itself, business objectives and goals."""
