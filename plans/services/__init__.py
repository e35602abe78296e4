"""What people (and figures) do to a plan."""

from plans.services.progress import record_evaluation

__all__ = ["record_evaluation"]
