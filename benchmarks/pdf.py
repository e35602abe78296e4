"""A full plan as a PDF: forty goals with charts, thirty accounts, twelve personas."""

import resource
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from audits.models import SocialAccount
from benchmarks import data
from benchmarks.measure import table, write_section
from personas.models import Persona, PersonaChannel
from plans.document import compose
from plans.editions import draft
from plans.models import Goal, Plan, PlanSection
from plans.queries import goal_specs
from plans.rules.targets import DeliveryFact, evaluate
from plans.services import Judgment, record_evaluations
from plans.typesetting import typeset
from teams.models import Brand

GOALS, ACCOUNTS, PERSONAS = 40, 30, 12
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = "We show how we roast, so that people who are new to good coffee feel invited in. " * 3


def fill(place: Brand) -> Plan:
    data.goals(place, GOALS, {})
    plan = Plan.objects.get(brand=place)
    for number in range(ACCOUNTS - 4):
        SocialAccount.objects.create(
            brand=place, network_id="instagram", handle=f"shop{number}", purpose=WORDS[:80], mission=WORDS[:240]
        )
    for number in range(PERSONAS):
        persona = Persona.objects.create(
            workspace_id=place.workspace_id, brand=place, name=f"Persona {number}", summary=WORDS, own_words=WORDS
        )
        PersonaChannel.objects.create(persona=persona, network_id="instagram", usage=WORDS, sharing=WORDS)
    for number in range(1, 7):
        PlanSection.objects.create(brand=place, plan=plan, number=number, text=f"{WORDS}\n\n{WORDS}")
    for goal in plan.goals.all():
        _judge(goal)
    return plan


def _judge(goal: Goal) -> None:
    facts = [
        DeliveryFact(
            id=number, label=f"Post {number}", network="instagram", account_id=1, format="photo",
            day=date(2026, 1, 1) + timedelta(days=2 * number), figures={"likes": Decimal(number)},
        )
        for number in range(150)
    ]  # fmt: skip
    evaluation = evaluate(
        goal_specs(goal), facts, [], starts_on=goal.starts_on, due_on=goal.due_on, today=NOW.date(), first_weekday=0
    )  # fmt: skip
    record_evaluations([Judgment(goal=goal, evaluation=evaluation, data_until=NOW)], now=NOW)


def run() -> None:
    data.prepare()
    place, _manager = data.brand("pdf")
    plan = fill(place)
    rows = []
    for language in ("en", "fr"):
        with translation.override(language):
            start = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                document = compose(plan, draft(plan), now=NOW)
            composed = time.perf_counter()
            pdf = typeset(document, paper="a4")
            end = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        pages = len(PdfReader(BytesIO(pdf)).pages)
        rows.append((
            language, f"{end - start:.2f}", f"{composed - start:.2f}", len(queries), f"{end - composed:.2f}",
            pages, f"{len(pdf):,}", f"{peak:.0f}",
        ))  # fmt: skip
    write_section(
        "The plan as a PDF",
        f"{GOALS} goals with a chart each, {ACCOUNTS} accounts, {PERSONAS} personas. Aim: under 5 s.\n\n"
        + table(
            (
                "language",
                "seconds",
                "of it reading",
                "queries",
                "of it the press",
                "pages",
                "bytes",
                "the press's peak MiB",
            ),
            rows,
        ),
    )
