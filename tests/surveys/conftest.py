"""A brand that asks: an open survey with one question of each kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from surveys.models import Question, Survey
from teams.models import Brand, User
from teams.rules import Role
from tests import make


@dataclass
class Place:
    """The brand, its survey, its questions by kind, and somebody who runs it."""

    brand: Brand
    survey: Survey
    asks: dict[str, Question]
    editor: User

    def at(self, name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"workspace": self.brand.workspace.slug, "brand": self.brand.slug, **kwargs})

    def enter(self, client: Client, role: Role = Role.EDITOR) -> Client:
        client.force_login(make.person(role, brand=self.brand))
        return client

    @property
    def link(self) -> str:
        return reverse("public_survey", args=[self.survey.token])

    def filled(self, **values: Any) -> dict[str, Any]:
        """What a browser sends that answers all."""
        said = {"nps": "9", "single": "1", "multiple": ["0", "2"], "rating": "4", "text": "More cups.", **values}
        return {f"q{self.asks[kind].pk}": value for kind, value in said.items()}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def place(db: None) -> Place:
    make.metric("survey_score", subject="brand", unit="score")
    brand = make.brand(name="Rive Noire")
    survey = make.survey(brand=brand, title="How was it?", language="fr")
    built_in = make.question(survey=survey, kind="single", text="", is_built_in=True)
    options = ["Filter", "Espresso", "Capsules"]
    asks = {
        "built_in": built_in, "nps": make.question(survey=survey, is_required=True),
        "single": make.question(survey=survey, kind="single", text="Which one?", options=options),
        "multiple": make.question(survey=survey, kind="multiple", text="Which ones?", options=options),
        "rating": make.question(survey=survey, kind="rating", text="How good?"),
        "text": make.question(survey=survey, kind="text", text="What else?"),
    }  # fmt: skip
    return Place(brand, survey, asks, make.person(Role.EDITOR, brand=brand))
