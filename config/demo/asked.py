"""What the coffee roaster asked: a survey of the autumn that is closed, and one of the winter box that is open."""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import surveys.services
from config.demo.words import W, Words
from personas.models import Persona
from plans.models import Goal
from surveys.models import Channel, Question, Survey
from surveys.rules.answers import Value
from teams.models import Brand, User

AUTUMN = W("How was your coffee this autumn?", "Comment était votre café cet automne ?")
AUTUMN_INTRODUCTION = W(
    "Five questions, two minutes. We read every answer, at the roastery, with a cup.",
    "Cinq questions, deux minutes. Nous lisons chaque réponse à l’atelier, une tasse à la main.",
)
BOX = W("The winter box", "Le coffret d’hiver")
BOX_INTRODUCTION = W(
    "You have tasted it. Tell us what to keep next year.", "Vous l’avez goûté. Dites-nous quoi garder l’an prochain."
)
RECOMMEND = W(
    "How likely are you to recommend Rive Noire to a friend?", "Recommanderiez-vous Rive Noire à quelqu’un de proche ?"
)
BREWING = W("How do you make coffee at home?", "Comment faites-vous votre café à la maison ?")
WAYS = (
    W("Filter", "Filtre"), W("Espresso machine", "Machine à espresso"), W("French press", "Cafetière à piston"),
    W("Capsules", "Capsules"),
)  # fmt: skip
SERVICE = W("How was the service at the counter?", "Comment avez-vous trouvé l’accueil au comptoir ?")
WISH = W("What shall we do better?", "Que devons-nous améliorer ?")
WISHES = (
    W("Say on the bag how coarse to grind.", "Indiquer la mouture sur le paquet."),
    W("Open earlier on Saturdays.", "Ouvrir plus tôt le samedi."),
    W("Smaller bags: mine goes stale.", "De plus petits paquets : le mien perd son goût."),
    W("More photos of the farms.", "Plus de photos des fermes."),
)
SCORES = (10, 9, 9, 8, 10, 7, 9, 6, 10, 8, 9, 3, 10, 9, 7, 10, 8, 9, 5, 10)
ANSWERED = ((Channel.FOLLOWERS, 16), (Channel.EMAIL, 12), (Channel.WEB, 6))  # and on paper:
ON_PAPER = 5


def fill(
    *, brand: Brand, goals: Collection[Goal], personas: Collection[Persona], language: str, by: User, now: datetime,
    chance: Random,
) -> None:  # fmt: skip
    """Through the services that people use; the answers are made up, as all in the demonstration is."""

    def write(title: Words, introduction: Words, at: datetime) -> Survey:
        survey = surveys.services.create_survey(
            brand=brand, by=by, now=at, title=title(language), introduction=introduction(language), language=language,
            closes_on=None, goals=goals, personas=personas,
        )  # fmt: skip
        for kind, text, options, is_required in QUESTIONS:
            surveys.services.add_question(
                survey=survey, kind=kind, text=text(language), options=[one(language) for one in options],
                is_required=is_required, by=by, now=at,
            )  # fmt: skip
        return surveys.services.open_survey(survey=survey, by=by, now=at)

    opened, closed = now - timedelta(weeks=5), now - timedelta(weeks=2)
    autumn = write(AUTUMN, AUTUMN_INTRODUCTION, opened)
    _answer(autumn, ANSWERED, ON_PAPER, language=language, by=by, now=opened + timedelta(days=3), chance=chance)
    surveys.services.close_survey(survey=autumn, by=by, now=closed)
    box = write(BOX, BOX_INTRODUCTION, now - timedelta(days=4))
    few = ((Channel.FOLLOWERS, 7), (Channel.EMAIL, 4))
    _answer(box, few, 2, language=language, by=by, now=now - timedelta(days=1), chance=chance)


QUESTIONS: tuple[tuple[str, Words, tuple[Words, ...], bool], ...] = (
    (Question.Kind.NPS, RECOMMEND, (), True), (Question.Kind.MULTIPLE, BREWING, WAYS, False),
    (Question.Kind.RATING, SERVICE, (), False), (Question.Kind.TEXT, WISH, (), False),
)  # fmt: skip


def _answer(
    survey: Survey, online: tuple[tuple[Channel, int], ...], on_paper: int, *, language: str, by: User, now: datetime,
    chance: Random,
) -> None:  # fmt: skip
    questions = list(survey.questions.all())
    for channel, count in online:
        for _turn in range(count):
            values, key = _made_up(questions, language, chance), UUID(int=chance.getrandbits(128))
            surveys.services.take_response(survey=survey, channel=channel, values=values, key=key, now=now)
    for _turn in range(on_paper):
        values, key = _made_up(questions, language, chance), UUID(int=chance.getrandbits(128))
        surveys.services.enter_response(survey=survey, values=values, key=key, by=by, now=now)


def _made_up(questions: list[Question], language: str, chance: Random) -> dict[int, Value]:
    """What one customer might say; not everybody writes a wish."""
    kinds = Question.Kind
    said: dict[str, Value] = {
        kinds.NPS: chance.choice(SCORES), kinds.MULTIPLE: sorted(chance.sample(range(4), chance.randint(1, 2))),
        kinds.RATING: chance.choice((3, 4, 4, 5, 5, 5)), kinds.SINGLE: chance.choice((0, 1, 1, 1, 2, 2, 3)),
        kinds.TEXT: chance.choice(WISHES)(language) if chance.random() < 0.3 else "",
    }  # fmt: skip
    return {one.pk: said[one.kind] for one in questions}
