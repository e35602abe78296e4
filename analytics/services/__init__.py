"""The verbs of what happened: take in figures, ask for them, judge goals by them."""

from analytics.services.figures import FiguresError, enter_figures

__all__ = ["FiguresError", "enter_figures"]
