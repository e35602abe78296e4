"""The plan as a PDF: read back with a PDF library, and made in the background."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.timezone import now
from pypdf import PdfReader

from core.duework import DueState
from plans import services
from plans.document import compose
from plans.editions import draft, published
from plans.models import Plan, PlanPdf
from plans.pdfs import drain
from plans.queries import goal_specs
from plans.rules.targets import DeliveryFact, evaluate
from plans.services.pdfs import forget
from plans.snapshots import snapshot
from plans.typesetting import typeset
from teams.rules import Role
from tests import make
from tests.judging import record_evaluation
from tests.plans.test_pages import at, enter, soup, words

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("x") $a$ *b* _c_ @ref <label> \\ ` = // /* "quotes" \' ~ `#import "@preview/x:1.0.0"`'


def plan_with_goal(title: str = "Montrer l’été à Nîmes", **values: Any) -> Plan:
    plan = make.plan(**values)
    make.persona(brand=plan.brand, name="Léa")
    make.account(brand=plan.brand, mission="We show how we roast.")
    make.plan_section(plan=plan, number=1, text="Nous visons haut.", private_note="PRIVATE NOTE")
    goal = make.goal(plan=plan, title=title, action="We share photos.", owner=make.user(name="", email="o@example.com"))
    make.goal_persona(goal=goal)
    make.target(goal=goal, metric="likes", per="delivery", aggregation="last", value=Decimal(30))
    today = make.NOW.date()
    facts = [
        DeliveryFact(
            id=number, label=f"Secret title {number}", day=today - timedelta(days=number), network="instagram",
            account_id=1, format="photo", figures={"likes": Decimal(25 + number)},
        )
        for number in range(10)
    ]  # fmt: skip
    evaluation = evaluate(
        goal_specs(goal), facts, [], starts_on=goal.starts_on, due_on=goal.due_on, today=today, first_weekday=0
    )
    record_evaluation(goal=goal, evaluation=evaluation, data_until=make.NOW, now=make.NOW)
    return plan


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).replace("\u200b", "").split())


def titles(outline: Any) -> list[str]:
    """The bookmarks, those below others too."""
    return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]


def pictures(pdf: PdfReader) -> list[str]:
    """The kinds of what is drawn by name on the pages, also inside what is drawn."""

    def inside(resources: Any) -> list[str]:
        objects = [one.get_object() for one in (resources.get("/XObject") or {}).values()]
        return [str(one["/Subtype"]) for one in objects] + [
            kind for one in objects if "/Resources" in one for kind in inside(one["/Resources"].get_object())
        ]

    return [kind for page in pdf.pages for kind in inside(page["/Resources"].get_object())]


def fonts(pdf: PdfReader) -> dict[str, bool]:
    """The fonts of the pages, and whether each is in the file."""
    found = {}
    for page in pdf.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            whole = font.get_object()
            inner = whole["/DescendantFonts"][0].get_object() if "/DescendantFonts" in whole else whole
            descriptor = inner["/FontDescriptor"]
            found[whole["/BaseFont"].partition("+")[2]] = any(name.startswith("/FontFile") for name in descriptor)
    return found


# -- what is in it --------------------------------------------------------------------------------------------------


def test_pdf_has_bookmarks_header_numbers_metadata_tags_and_fonts() -> None:
    plan = plan_with_goal(title="Montrer l’été à Nîmes")
    with translation.override("fr"):
        found = reader(typeset(compose(plan, draft(plan), now=make.NOW), paper="a4"))

    whole = text_of(found)
    marks = titles(found.outline)
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == (f"{plan.title} · {plan.brand.name}", plan.brand.name)
    assert found.trailer["/Root"]["/Lang"] == "fr"
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [mark.split()[0] for mark in marks if mark[0].isdigit()] == ["1", "2", "3", "4", "5", "6"]
    assert any("été à Nîmes" in mark for mark in marks)
    assert "Montrer l’été à Nîmes" in whole
    assert f"{plan.brand.name} · {plan.title}" in found.pages[1].extract_text()
    assert f"2 / {len(found.pages)}" in found.pages[1].extract_text()
    assert found.pages[0].mediabox.width == pytest.approx(595, abs=1)
    assert any(name.startswith("IBMPlexSans") for name in fonts(found))
    assert all(fonts(found).values())


def test_pdf_draws_charts_as_vectors_and_keeps_what_is_private_out() -> None:
    plan = plan_with_goal()
    document = compose(plan, draft(plan), now=make.NOW)
    found = reader(typeset(document, paper="us-letter"))

    whole = text_of(found)
    assert document.parts[0].told[0].chart is not None
    assert "Needed" in whole  # a word of the chart
    assert "/Image" not in pictures(found)
    assert found.pages[0].mediabox.width == pytest.approx(612, abs=1)
    assert not [word for word in ("PRIVATE", "o@example.com", "Secret title") if word in whole]


@pytest.mark.parametrize("text", [HOSTILE, "W" * 1500, "שלום עולם مرحبا بالعالم", "☕🎉 plan 👩‍💻", "a\n\n\n\nb\r\nc"])
def test_people_write_what_they_like(text: str) -> None:
    """Nothing of it is read as the press's language, and nothing stops it."""
    plan = plan_with_goal(title=text[:160].replace("\n", " ").replace("\r", " "))
    make.plan_section(plan=plan, number=2, text=text)
    make.account(brand=plan.brand, mission=text[:300])

    found = reader(typeset(compose(plan, draft(plan), now=make.NOW), paper="a4"))

    squeezed = "".join(text_of(found).split())
    assert len(found.pages) < 12
    if text.isascii():
        assert "".join(text.split())[:60] in squeezed.replace("\xad", "")


def test_names_in_charts_may_hold_what_no_xml_may() -> None:
    plan = plan_with_goal()
    make.observation(account=make.account(brand=plan.brand, handle="ro\uffffche\b"), metric="followers")

    with time_machine.travel(make.NOW, tick=False):
        found = reader(typeset(compose(plan, draft(plan), now=make.NOW), paper="a4"))

    assert "Instagram · roche" in text_of(found)


def test_figures_of_a_goal_that_was_changed_since_are_not_told() -> None:
    plan = plan_with_goal()
    make.revision(plan=plan, content=snapshot(plan))
    edition = published(plan)
    assert edition is not None
    before = compose(plan, edition, now=make.NOW).parts[0].told[0]

    plan.goals.get().targets.update(value=Decimal(7))
    make.goal(plan=plan, title="A goal of the draft")
    after = compose(plan, edition, now=make.NOW)

    assert before.state
    assert before.bars[0].reached == "5 of 10 posts"
    assert (after.parts[0].told[0].state, len(after.parts[0].told)) == ("", 1)
    assert "see the next revision" in after.parts[0].told[0].note


def test_document_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    plan = plan_with_goal()
    for _round in range(2):
        again = Plan.objects.select_related("brand__workspace").get(pk=plan.pk)
        with CaptureQueriesContext(connection) as queries:
            compose(again, draft(again), now=make.NOW)
        costs.append(len(queries))
        for number in range(2):
            goal = make.goal(plan=plan, owner=make.user())
            make.target(goal=goal)
            make.goal_persona(goal=goal, persona=make.persona(brand=plan.brand))
            make.delivery(account=make.account(brand=plan.brand), published_at=make.NOW - timedelta(days=number + 1))

    assert costs[0] == costs[1]


# -- how it is made ---------------------------------------------------------------------------------------------------


def ask(plan: Plan, **values: Any) -> PlanPdf:
    fields = {"language": "en", "paper": "a4", "by": make.person(Role.GUEST, brand=plan.brand), **values}
    return services.ask_pdf(plan=plan, edition=draft(plan), now=fields.pop("now", None) or now(), **fields)


def test_pdf_is_asked_for_made_and_downloaded(client: Client) -> None:
    plan = plan_with_goal(title="Steer")
    enter(client, Role.GUEST, plan.brand)

    asked = client.post(at(plan.brand, "plan_pdf", pk=plan.pk), {"language": "fr", "paper": "a4"})
    waiting = client.get(asked.headers["Location"])
    missing = client.get(at(plan.brand, "plan_pdf_file", pk=PlanPdf.objects.get().pk))
    made = drain(now=now())
    done = client.get(asked.headers["Location"])
    file = client.get(at(plan.brand, "plan_pdf_file", pk=PlanPdf.objects.get().pk))

    assert soup(waiting).select_one("#pdf[hx-get]") is not None
    assert soup(done).select_one("#pdf[hx-get]") is None
    assert (missing.status_code, made) == (404, 1)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith(f'attachment; filename="{plan.brand.slug}-autumn-draft-')
    assert "Steer" in text_of(reader(file.content))


def test_the_same_within_minutes_is_made_once() -> None:
    plan = plan_with_goal()

    first, again, other = ask(plan), ask(plan), ask(plan, paper="us-letter")
    drain(now=now())
    assert (first == again, first == other, ask(plan) == first) == (True, False, True)

    plan.goals.update(title="Changed")
    assert ask(plan) != first
    assert ask(plan, now=now() + timedelta(minutes=6)).pk not in (first.pk, other.pk)


def test_pdf_in_other_hands_is_left_alone_and_old_ones_go() -> None:
    pdf = ask(plan_with_goal())
    held = PlanPdf.objects.claim(limit=1)[0]
    old = make.plan_pdf(created_at=now() - timedelta(days=2))

    assert drain(now=now()) == 0
    assert not PlanPdf.objects.filter(pk=old.pk).exists()
    PlanPdf.objects.filter(pk=pdf.pk).update(lease_until=now() - timedelta(seconds=1))  # the process died
    assert drain(now=now()) == 1
    assert not PlanPdf.objects.reach(held, 50)
    assert not PlanPdf.objects.finish(held, content=b"late")
    pdf.refresh_from_db()
    assert (pdf.state, pdf.progress, bytes(pdf.content or b"")[:4]) == (DueState.DONE, 100, b"%PDF")


def test_pdf_that_cannot_be_made_is_told_and_tried_again(client: Client, settings: Any) -> None:
    plan = plan_with_goal()
    enter(client, Role.GUEST, plan.brand)
    pdf = ask(plan, language="en")
    PlanPdf.objects.filter(pk=pdf.pk).update(revision_number=99)  # which is not there
    for _attempt in range(PlanPdf.most_attempts):
        drain(now=now())
        PlanPdf.objects.filter(pk=pdf.pk, state=DueState.WAITING).update(next_attempt_at=now())

    page = client.get(at(plan.brand, "plan_pdf_detail", pk=pdf.pk))
    assert "could not be made" in soup(page).get_text()
    PlanPdf.objects.filter(pk=pdf.pk).update(revision_number=None)
    client.post(at(plan.brand, "plan_pdf_retry", pk=pdf.pk))
    assert drain(now=now()) == 1
    assert words(client.get(at(plan.brand, "plan_pdf_detail", pk=pdf.pk)), "#pdf a") == ["Download the PDF"]


def test_pdfs_forget_who_is_deleted() -> None:
    pdf = make.plan_pdf()

    forget(user=make.user(), names=["Léa"], workspaces=[pdf.brand.workspace_id])

    assert not PlanPdf.objects.exists()


def test_document_page_says_draft_until_something_is_published(client: Client) -> None:
    with time_machine.travel(make.NOW, tick=False):
        plan = plan_with_goal(title="Steer")
        enter(client, Role.GUEST, plan.brand)
        before = client.get(at(plan.brand, "plan_document"))
        make.revision(plan=plan, content=snapshot(plan), what_changed="More photos.", why="They work.")
        plan.goals.update(title="A goal of the draft")
        after = client.get(at(plan.brand, "plan_document", pk=plan.pk))
        again = client.get(at(plan.brand, "plan_document", pk=plan.pk) + "?edition=draft")

    assert words(before, ".document-head .text-muted") == [
        "Oct. 1, 2026 to Dec. 31, 2026 · Draft · Figures of Nov. 23, 2026"
    ]
    assert "Revision 1 of Nov. 23, 2026" in words(after, ".document-head .text-muted")[0]
    assert words(after, "[aria-labelledby=changes] p") == ["More photos.", "They work."]
    assert "Steer" in words(after, ".document-goals h4")[0]
    assert "A goal of the draft" in words(again, ".document-goals h4")[0]
    assert soup(after).select(".document-goals .chart-table table")
    assert not soup(after).select(".document a:not([href^='#'])")
    assert b"PRIVATE" not in before.content + after.content + again.content
    assert b"o@example.com" not in after.content


def test_lists_that_people_type_are_lists_in_the_pdf() -> None:
    plan = plan_with_goal()
    make.plan_section(plan=plan, number=2, text="We look at:\n- followers\n- comments")

    text = text_of(reader(typeset(compose(plan, draft(plan), now=make.NOW), paper="a4")))

    assert "• followers" in " ".join(text.split())
    assert "- followers" not in text
