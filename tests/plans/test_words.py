"""Targets in sentences, with the singular where a number asks for it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from networks.models import Metric
from plans.rules.facts import Aggregation, Comparison, Per, Reach
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


PUBLISHED = Metric(slug="published_deliveries", name="Published posts")
LEADS = Metric(slug="leads", name="Leads", subject="brand")
FOLLOWERS = Metric(slug="followers", name="Followers", subject="account")
SCOPES = [
    (
        {"metric": PUBLISHED, "aggregation": "share", "per": "month", "value": 20, "place": "LinkedIn",
         "content_kind": "Leads"},
        "At least 20% of posts published on LinkedIn are of the type Leads per month",
        "Au moins 20 % des publications sur LinkedIn sont du type Leads par mois",
    ),
    (
        {"metric": PUBLISHED, "aggregation": "share", "value": 30, "format": "photo", "campaign": "Spring",
         "reach": "family"},
        "At least 30% of posts published by this brand and its branches are photos in the campaign Spring per week",
        "Au moins 30 % des publications de cette marque et de ses antennes sont des photos dans la campagne Spring "
        "par semaine",
    ),
    (
        {"metric": PUBLISHED, "aggregation": "count", "value": 3, "format": "photo", "place": "Instagram",
         "content_kind": "Leads", "campaign": "Spring", "reach": "branch", "branch": "Lyon"},
        "At least 3 photos published on Instagram of the type Leads in the campaign Spring by Lyon per week",
        "Au moins 3 photos publiées sur Instagram du type Leads dans la campagne Spring par Lyon par semaine",
    ),
    (
        {"metric": COMMENTS, "aggregation": "median", "value": 5, "content_kind": "Leads"},
        "A median of at least 5 comments for each post of the type Leads per week",
        "Une médiane d’au moins 5 commentaires pour chaque publication du type Leads par semaine",
    ),
    (
        {"metric": LEADS, "aggregation": "sum", "value": 12, "place": "LinkedIn", "campaign": "Spring",
         "reach": "family"},
        "At least 12 leads from LinkedIn in the campaign Spring for this brand and its branches per week",
        "Au moins 12 prospects venant de LinkedIn dans la campagne Spring pour cette marque et ses antennes "
        "par semaine",
    ),
    (
        {"metric": FOLLOWERS, "aggregation": "last", "per": "whole", "value": 900, "reach": "branch", "branch": "Lyon"},
        "At least 900 followers for Lyon by the due date",
        "Au moins 900 abonnés pour Lyon à l’échéance",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("values", "english", "french"), SCOPES)
def test_a_target_says_whose_and_about_what(values: dict[str, Any], english: str, french: str) -> None:
    enums = {"aggregation": Aggregation, "reach": Reach, "per": Per}
    told = {"per": "week", **values, "value": Decimal(values["value"])}
    told |= {name: kind(told[name]) for name, kind in enums.items() if name in told}
    phrase = Phrase(comparison=Comparison.AT_LEAST, **told)

    assert sentence(phrase) == english
    with translation.override("fr"):
        assert sentence(phrase).replace("\xa0", " ").replace("\u202f", " ") == french
