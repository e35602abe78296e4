"""What a survey says: counted by the database, in as many statements whatever the number of questions and answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext as _

from core.charts import Chart, Series
from surveys import built_in
from surveys.models import Answer, Channel, Question, Response, Survey
from surveys.rules.answers import QuestionKind
from surveys.rules.nps import Nps, nps_of
from teams.models import Brand

TEXTS = 20  # so many of the newest are shown below a question
Counts = Mapping[int, int]  # how often each number, or each option, was answered


def surveys_of(brand: Brand) -> QuerySet[Survey]:
    """The newest first, each with how many answered and how many questions it asks."""
    counts = {"response_count": _count(Response), "question_count": _count(Question)}
    return Survey.objects.for_brand(brand).annotate(**counts)


def _count(part: type[Response] | type[Question]) -> Coalesce:
    rows = part.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
    return Coalesce(Subquery(rows.values(n=Count("pk"))), 0)


def score_of(survey: Survey) -> Nps | None:
    """The net promoter score; None without such a question, or while nobody has answered it."""
    rows = Answer.objects.filter(question__survey=survey, question__kind=Question.Kind.NPS)
    return nps_of(dict(rows.values_list("number").annotate(n=Count("pk"))))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What was answered to one question, in all channels together and in each."""

    question: Question
    answered: int = 0  # responses that say anything to it
    counts: Counts = field(default_factory=dict)
    by_channel: Mapping[str, Counts] = field(default_factory=dict)
    texts: Sequence[Answer] = ()  # the newest ones

    @cached_property
    def nps(self) -> Nps | None:
        return nps_of(self.counts) if self.question.what is QuestionKind.NPS else None

    @cached_property
    def mean(self) -> Decimal | None:
        """Of a rating, to one decimal."""
        total = sum(self.counts.values())
        if self.question.what is not QuestionKind.RATING or not total:
            return None
        whole = sum(number * count for number, count in self.counts.items())
        return (Decimal(whole) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @cached_property
    def chart(self) -> Chart | None:
        """How many gave each answer; a text has none."""
        names: dict[int, str] = dict(enumerate(self.question.choices)) or {n: str(n) for n in self.question.numbers}
        if not names or not self.answered:
            return None
        return Chart(
            kind="bar", labels=list(names.values()), label_name=_("Answer"),
            series=[Series(name=_("Responses"), values=[self.counts.get(key, 0) for key in names])],
        )  # fmt: skip

    @property
    def anchor(self) -> str:
        return f"question-{self.question.pk}"

    @property
    def role(self) -> int | None:
        """Of the question that is built in: for how many percent social media played a role."""
        return role_of(self.counts) if self.question.is_built_in else None


def role_of(counts: Counts) -> int | None:
    """Whole percents, half a percent rounded up."""
    total = sum(counts.values())
    said = sum(counts.get(option, 0) for option in built_in.ROLE)
    return (200 * said + total) // (2 * total) if total else None


@dataclass(frozen=True, kw_only=True)
class ChannelLine:
    """One way by which people came to answer."""

    name: str
    count: int
    nps: Nps | None
    role: int | None  # percent


@dataclass(frozen=True, kw_only=True)
class Results:
    """All that was answered to a survey."""

    count: int
    tallies: Sequence[Tally]
    channels: Sequence[ChannelLine]

    @property
    def nps(self) -> Nps | None:
        return next((one.nps for one in self.tallies if one.nps), None)

    @property
    def asks_nps(self) -> bool:
        return any(one.question.what is QuestionKind.NPS for one in self.tallies)

    @property
    def built_in(self) -> Tally | None:
        return next((one for one in self.tallies if one.question.is_built_in), None)


def results(survey: Survey) -> Results:
    """Five statements, always."""
    responses = dict(
        Response.objects.filter(survey=survey).order_by().values_list("channel").annotate(n=Count("pk"))
    )  # fmt: skip
    tallies = _tallies(survey)
    return Results(
        count=sum(responses.values()), tallies=tallies,
        channels=[_line(channel, responses[channel], tallies) for channel in Channel if channel in responses],
    )  # fmt: skip


def _tallies(survey: Survey) -> list[Tally]:
    answers = Answer.objects.filter(question__survey=survey).order_by()
    counted: dict[int, dict[str, Counter[int]]] = {}
    for question, channel, number, option, count in (
        answers.filter(text="").values_list("question", "response__channel", "number", "option").annotate(Count("pk"))
    ):
        key = option if number is None else number
        counted.setdefault(question, {}).setdefault(channel, Counter())[key] += count
    answered = dict(answers.values_list("question").annotate(Count("response", distinct=True)))
    texts = _texts(answers)
    return [
        Tally(
            question=one, answered=answered.get(one.pk, 0), by_channel=counted.get(one.pk, {}),
            counts=sum(counted.get(one.pk, {}).values(), Counter()), texts=texts.get(one.pk, []),
        )
        for one in survey.questions.all()
    ]  # fmt: skip


def _texts(answers: QuerySet[Answer]) -> dict[int, list[Answer]]:
    place = Window(RowNumber(), partition_by="question", order_by=F("pk").desc())
    found: dict[int, list[Answer]] = {}
    rows = answers.exclude(text="").annotate(place=place).filter(place__lte=TEXTS)
    for answer in rows.select_related("response").order_by("-pk"):
        found.setdefault(answer.question_id, []).append(answer)
    return found


def _line(channel: Channel, count: int, tallies: Sequence[Tally]) -> ChannelLine:
    def counts(wanted: Tally | None) -> Counts:
        return wanted.by_channel.get(channel, {}) if wanted else {}

    asks_nps = next((one for one in tallies if one.question.what is QuestionKind.NPS), None)
    asks_role = next((one for one in tallies if one.question.is_built_in), None)
    return ChannelLine(
        name=str(channel.label), count=count, nps=nps_of(counts(asks_nps)), role=role_of(counts(asks_role))
    )  # fmt: skip


# -- one response after the other -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """One response with what it says to each question, in their order; empty where it says nothing."""

    response: Response
    cells: Sequence[str]


def sheets(responses: Sequence[Response], questions: Sequence[Question]) -> list[Sheet]:
    """One statement, however many responses there are."""
    said: dict[tuple[int, int], list[str]] = {}
    by_key = {one.pk: one for one in questions}
    rows = Answer.objects.filter(response__in=[one.pk for one in responses]).order_by("pk")
    for response, question, number, option, text in rows.values_list(
        "response", "question", "number", "option", "text"
    ):
        said.setdefault((response, question), []).append(_said(by_key[question], number, option, text))
    return [Sheet(one, [" · ".join(said.get((one.pk, key), ())) for key in by_key]) for one in responses]


def _said(question: Question, number: int | None, option: int | None, text: str) -> str:
    if option is not None:
        return question.choices[option]
    return text if number is None else str(number)
