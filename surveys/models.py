"""Questions to the people whom a brand serves, and what they answered."""

import secrets
from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.constraints import SameBorder, border_key
from core.localtime import local_day
from core.models import Versioned
from personas.models import Persona
from plans.models import Goal
from surveys import built_in
from surveys.rules.answers import LONGEST_TEXT, MOST_OPTIONS, RANGES, QuestionKind
from teams.models import Brand, User

LONGEST_OPTION = 120


def new_token() -> str:
    """A link is given out to whoever shall answer, so it is kept as it is; but nobody guesses the next one."""
    return secrets.token_urlsafe(16)


class SurveyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a survey", "draft")
    OPEN = "open", pgettext_lazy("a survey", "open")
    CLOSED = "closed", pgettext_lazy("a survey", "closed")


class Channel(models.TextChoices):
    """By which way somebody came to answer."""

    FOLLOWERS = "followers", _("followers")
    EMAIL = "email", _("e-mail list")
    WEB = "web", _("website")
    OFFLINE = "offline", _("offline, entered by the team")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def open(self) -> Self:
        return self.filter(state=SurveyState.OPEN)

    def closed_since(self, moment: datetime) -> Self:
        return self.filter(state=SurveyState.CLOSED, closed_at__gt=moment)


class Survey(Versioned):
    """Questions to followers, an e-mail list, visitors of the website, or customers offline.

    Its questions can be changed until it opens; from then on they mean one thing. Closing it settles how many answered
    and the score (`final_count`, `final_score`), whatever single answer is deleted later.
    """

    class Language(models.TextChoices):
        EN = "en", "English"
        FR = "fr", "Français"

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="surveys", db_index=False)
    title = models.CharField(_("title"), max_length=160)
    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)
    language = models.CharField(_("language of the public page"), max_length=2, choices=Language, default=Language.EN)
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    goals = models.ManyToManyField(
        Goal, through="SurveyGoal", related_name="surveys", blank=True, verbose_name=_("goals")
    )
    personas = models.ManyToManyField(
        Persona, through="SurveyPersona", related_name="surveys", blank=True, verbose_name=_("personas")
    )
    state = models.CharField(max_length=6, choices=SurveyState, default=SurveyState.DRAFT, editable=False)
    token = models.SlugField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    final_count = models.PositiveIntegerField(null=True, editable=False)
    final_score = models.SmallIntegerField(null=True, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        indexes = [models.Index(fields=["brand", "-created_at", "-id"], name="survey_list")]
        constraints = [
            border_key("brand", name="survey_border"),
            models.CheckConstraint(
                condition=models.Q(state="draft", opened_at__isnull=True, closed_at__isnull=True)
                | models.Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | models.Q(
                    state="closed",
                    opened_at__isnull=False,
                    closed_at__isnull=False,
                    closed_at__gte=models.F("opened_at"),
                ),
                name="survey_state_has_its_moments",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", final_count__isnull=False)
                | (~models.Q(state="closed") & models.Q(final_count__isnull=True, final_score__isnull=True)),
                name="survey_closed_has_a_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == SurveyState.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.state == SurveyState.CLOSED

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed, where the brand is."""
        return self.closes_on is not None and today > self.closes_on

    def takes_answers(self, now: datetime) -> bool:
        return self.state == SurveyState.OPEN and not self.is_over(local_day(now, self.brand.time_zone))


class SurveyGoal(models.Model):
    """A goal that a survey is about."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "goal"], name="survey_goal_unique"),
            SameBorder("brand", "survey", name="survey_goal_survey_same_brand"),
            SameBorder("brand", "goal", name="survey_goal_goal_same_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} · {self.goal_id}"


class SurveyPersona(models.Model):
    """A persona that a survey is about."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "persona"], name="survey_persona_unique"),
            SameBorder("brand", "survey", name="survey_persona_survey_same_brand"),
            SameBorder("brand", "persona", name="survey_persona_persona_same_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} · {self.persona_id}"


class Question(Versioned):
    """One question of a survey. The one that is built in, whether social media played a role in the purchase, keeps no
    words of its own: they come from the language (`surveys.built_in`)."""

    class Kind(models.TextChoices):
        NPS = QuestionKind.NPS.value, _("recommendation, 0 to 10 (NPS)")
        SINGLE = QuestionKind.SINGLE.value, _("one choice")
        MULTIPLE = QuestionKind.MULTIPLE.value, _("several choices")
        RATING = QuestionKind.RATING.value, _("rating, 1 to 5")
        TEXT = QuestionKind.TEXT.value, _("free text")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", db_index=False)
    position = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NPS)
    text = models.CharField(_("question"), max_length=300)
    is_required = models.BooleanField(_("must be answered"), default=False)
    options = ArrayField(models.CharField(max_length=LONGEST_OPTION), default=list, blank=True, editable=False)
    is_built_in = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            border_key("brand", name="survey_question_border"),
            SameBorder("brand", "survey", name="survey_question_survey_same_brand"),
            models.UniqueConstraint(
                fields=["survey", "position"], name="survey_question_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["survey"], name="survey_question_one_nps", condition=models.Q(kind="nps"),
                violation_error_message=_("A survey asks once whether somebody would recommend you."),
            ),
            models.UniqueConstraint(
                fields=["survey"], name="survey_question_one_built_in", condition=models.Q(is_built_in=True)
            ),
            models.CheckConstraint(
                condition=models.Q(is_built_in=True, kind="single", text="", options=[])
                | (models.Q(is_built_in=False) & ~models.Q(text="")),
                name="survey_question_has_words",
            ),
            models.CheckConstraint(
                condition=models.Q(is_built_in=True)
                | models.Q(kind__in=("single", "multiple"), options__len__gte=2, options__len__lte=MOST_OPTIONS)
                | (~models.Q(kind__in=("single", "multiple")) & models.Q(options=[])),
                name="survey_question_has_its_options",
                violation_error_message=_("Give at least two options."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The question, in the language of whoever reads it when it is the one that is built in."""
        return str(built_in.QUESTION) if self.is_built_in else self.text

    @property
    def choices(self) -> list[str]:
        return [str(option) for option in built_in.OPTIONS] if self.is_built_in else self.options

    @property
    def what(self) -> QuestionKind:
        return QuestionKind(self.kind)

    @property
    def numbers(self) -> range:
        """What can be answered with a number."""
        return RANGES.get(self.what, range(0))


class ResponseQuerySet(models.QuerySet["Response"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)


class Response(models.Model):
    """What one person answered, on a day: no name, no address, no time of day by which a log could tell who it was.

    `key` is that of the form that was sent: the same form counts once. `entered_by` is who typed in a paper answer.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses", db_index=False)
    channel = models.CharField(max_length=9, choices=Channel)
    answered_on = models.DateField()
    key = models.UUIDField(editable=False)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("response")
        indexes = [models.Index(fields=["survey", "-id"], name="survey_response_list", include=["channel"])]
        constraints = [
            border_key("brand", name="survey_response_border"),
            SameBorder("brand", "survey", name="survey_response_survey_same_brand"),
            models.UniqueConstraint(fields=["survey", "key"], name="survey_response_counts_once"),
            models.CheckConstraint(
                condition=models.Q(channel="offline") | models.Q(entered_by__isnull=True),
                name="survey_response_entered_is_offline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} · {self.answered_on}"


class Answer(models.Model):
    """What a response says to one question: a number, the place of an option, or a text; of several options one row
    each."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers", db_index=False)
    number = models.PositiveSmallIntegerField(null=True)
    option = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True, max_length=LONGEST_TEXT)

    class Meta:
        constraints = [
            SameBorder("brand", "response", name="survey_answer_response_same_brand"),
            SameBorder("brand", "question", name="survey_answer_question_same_brand"),
            models.UniqueConstraint(
                fields=["question", "response", "option"], name="survey_answer_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(number__isnull=False, number__lte=10, option__isnull=True, text="")
                | models.Q(number__isnull=True, option__isnull=False, option__lt=MOST_OPTIONS, text="")
                | (models.Q(number__isnull=True, option__isnull=True) & ~models.Q(text="")),
                name="survey_answer_says_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} · {self.question_id}"
