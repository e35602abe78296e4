"""Targets in sentences, with the singular where a number asks for it."""

from decimal import Decimal

import pytest
from django.utils import translation

from networks.models import Metric
from plans.rules.facts import Aggregation, Comparison, Per
from plans.words import Phrase, measured, sentence

COMMENTS = Metric(slug="comments", name="Comments")
RATE = Metric(slug="engagement_rate", name="Engagement rate", unit="percent")


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("0", "0 comments", "0 commentaire"),
        ("0.5", "0.5 comments", "0,5 commentaire"),
        ("1", "1 comment", "1 commentaire"),
        ("1.5", "1.5 comments", "1,5 commentaire"),
        ("2", "2 comments", "2 commentaires"),
    ],
)
def test_a_metric_is_counted_as_the_language_does(value: str, english: str, french: str) -> None:
    assert measured(Decimal(value), COMMENTS) == english
    with translation.override("fr"):
        assert measured(Decimal(value), COMMENTS).replace("\xa0", " ") == french


def test_a_rate_is_no_count_and_a_metric_of_ones_own_keeps_its_name() -> None:
    assert measured(Decimal("2.5"), RATE) == "2.5%"
    assert measured(None, COMMENTS) == "…"
    assert measured(Decimal(1), Metric(slug="visits_to_stand", name="Visits to the stand")) == "1 visits to the stand"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Each post on Instagram: at least 1 comment"),
        ("fr", "Chaque publication sur Instagram : au moins 1 commentaire"),
    ],
)
def test_a_target_of_one_is_said_in_the_singular(language: str, words: str) -> None:
    phrase = Phrase(
        metric=COMMENTS, aggregation=Aggregation.SUM, per=Per.DELIVERY, comparison=Comparison.AT_LEAST,
        value=Decimal(1), place="Instagram",
    )  # fmt: skip

    with translation.override(language):
        assert sentence(phrase).replace("\xa0", " ") == words
