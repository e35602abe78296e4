"""Goals against personas: whom does each goal serve, and who is served by none?"""

from collections.abc import Sequence
from dataclasses import dataclass

from personas.models import Persona
from plans.models import Goal, GoalPersona, Plan


@dataclass(frozen=True)
class Cell:
    """How a goal helps to reach a persona; nothing while nobody said so."""

    persona: Persona
    text: str


@dataclass(frozen=True)
class Row:
    goal: Goal
    cells: Sequence[Cell]

    @property
    def serves(self) -> int:
        return sum(bool(cell.text) for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    personas: Sequence[Persona]
    rows: Sequence[Row]

    @property
    def totals(self) -> list[int]:
        """By how many goals each persona is served."""
        return [sum(bool(row.cells[place].text) for row in self.rows) for place in range(len(self.personas))]

    @property
    def unserved(self) -> list[Persona]:
        return [persona for persona, total in zip(self.personas, self.totals, strict=True) if not total]

    @property
    def aimless(self) -> list[Goal]:
        """The goals that serve nobody."""
        return [row.goal for row in self.rows if not row.serves]


def matrix(plan: Plan) -> Matrix:
    """The goals of a plan and the personas that its brand addresses. Three queries."""
    personas = list(Persona.objects.for_brand(plan.brand).addressed())
    goals = list(Goal.objects.filter(plan=plan).select_related("network"))
    answers = GoalPersona.objects.filter(goal__plan=plan).values_list("goal_id", "persona_id", "how_it_helps")
    said = {(goal, persona): text for goal, persona, text in answers}
    return Matrix(personas, [
        Row(goal, [Cell(persona, said.get((goal.pk, persona.pk), "")) for persona in personas]) for goal in goals
    ])  # fmt: skip
