"""The café in Lyon: a branch that takes over from the roastery, and sets one of its goals with a number of its own."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import audits.services
import personas.services
import plans.services
from config.demo.words import W, Words
from networks.models import Metric, Network
from plans.models import Goal
from teams.models import Brand, User

PLAN = W("Autumn in Lyon", "Automne à Lyon")
GOAL = W("Show the café in Lyon", "Montrer le café de Lyon")
ACTION = W(
    "The two baristas share photos of the bar and of who drinks there.",
    "Les deux baristas partagent des photos du comptoir et de celles et ceux qui y boivent un café.",
)
ANSWER = W(
    "They see that somebody will explain the menu without making them feel small.",
    "Ils voient que quelqu’un leur expliquera la carte, sans les prendre de haut.",
)
PURPOSE = W("Bring the neighborhood into the café", "Faire entrer le quartier dans le café")


def fill(*, branch: Brand, above: Goal, language: str, manager: User, admin: User, start: date, now: datetime) -> None:
    """`above` is the roastery's goal that the branch sets for itself."""

    def say(words: Words) -> str:
        return words(language)

    instagram = Network.objects.get(pk="instagram")
    audits.services.create_account(
        brand=branch, network=instagram, handle="rivenoire.lyon", owner=manager, purpose=say(PURPOSE), mission="",
        color=3, by=admin, now=now,
    )  # fmt: skip
    plan = plans.services.create_plan(
        brand=branch, by=manager, now=now, title=say(PLAN), starts_on=start, ends_on=start + timedelta(weeks=26)
    )
    answer = above.persona_answers.select_related("persona").earliest("pk")
    persona = personas.services.inherit_persona(original=answer.persona, brand=branch, by=manager, now=now)
    assert above.objective is not None
    objective = plans.services.inherit_objective(original=above.objective, brand=branch, by=manager, now=now)
    plans.services.create_goal(
        plan=plan, inherited_from=above, by=manager, now=now, title=say(GOAL), action=say(ACTION), network=instagram,
        objective=objective, owner=manager, starts_on=start, due_on=start + timedelta(weeks=24),
        answers={persona: say(ANSWER)},
        targets=[{
            "metric": Metric.objects.get(pk="published_deliveries"), "value": Decimal(2), "per": "week",
            "aggregation": "count", "format": "photo", "comparison": "at_least",
        }],
    )  # fmt: skip
