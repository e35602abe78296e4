"""The verbs of what happened: take in figures, ask for them, judge goals by them."""

from analytics.services.csv_import import CsvError, discard_draft, forget_old_drafts, import_csv, upload_figures
from analytics.services.figures import FiguresError, enter_figures
from analytics.services.goals import evaluate_brand, evaluate_goals, evaluate_stale_goals, evaluate_touched, observe
from analytics.services.pulls import PullError, plan_pulls, request_pull, run_pulls

__all__ = [
    "CsvError",
    "FiguresError",
    "PullError",
    "discard_draft",
    "enter_figures",
    "evaluate_brand",
    "evaluate_goals",
    "evaluate_stale_goals",
    "evaluate_touched",
    "forget_old_drafts",
    "import_csv",
    "observe",
    "plan_pulls",
    "request_pull",
    "run_pulls",
    "upload_figures",
]
