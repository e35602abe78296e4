"""Every form refuses what is wrong beside its field, keeps what was typed, and leaves the database as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.db import transaction

from core import outbound
from core.forms import SextantModelForm, StaleGuard
from core.models import Versioned
from tests.furnished import Control, House, Sheet, database, filled, sheet, touched, words
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(outbound, "_within", lambda deadline, look_up: [])  # no name leads anywhere
    with time_machine.travel(NOW, tick=False):
        yield House()


@dataclass(frozen=True)
class Form:
    """A form of the application: where it is posted, on what it is about, and on which page it stands."""

    name: str
    holds: str  # a control that no other form of its page has
    subject: str = ""
    page: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def kwargs(self, house: House) -> dict[str, Any]:
        kwargs = {"pk": getattr(house, self.subject).pk} if self.subject else {}
        return {**kwargs, "review": house.review.pk} if self.name == "review_edit" else kwargs

    def path(self, house: House) -> str:
        return house.url(self.name, **self.kwargs(house))

    def shown_on(self, house: House) -> str:
        if self.page == "post_detail":
            return house.url(self.page, pk=getattr(house, self.subject).post_id)
        return house.url(self.page) if self.page else self.path(house)

    def read(self, house: House) -> Sheet:
        return sheet(house.client.get(self.shown_on(house)), self.holds)

    def send(self, house: House, values: dict[str, Any]) -> Any:
        return house.client.post(self.path(house), values)


BETWEEN = {"targets-0-comparison": "between", "targets-0-value": "3", "targets-0-value_to": "5"}
TARGET = {**BETWEEN, "targets-0-metric": "published_deliveries"}
FORMS = [
    Form("account_signup", "password1"), Form("profile", "time_zone"),
    Form("workspace_create", "brand_name"), Form("workspace_edit", "name"),
    Form("brand_create", "first_weekday"), Form("brand_edit", "first_weekday"),
    Form("preference_edit", "daily_at"), Form("endpoint_edit", "kinds", "endpoint"),
    Form("endpoint_create", "kinds", extra={"format": "slack"}),
    Form("invitation_create", "email", page="member_list"), Form("member_edit", "role", "guest"),
    Form("persona_create", "summary"), Form("persona_edit", "summary", "persona"),
    Form("inspiration_edit", "own_words", "persona"),
    Form("account_create", "handle"), Form("account_edit", "handle", "account"),
    Form("account_connect", "token", "mastodon"),
    Form("audit_create", "started_on"), Form("audit_edit", "started_on", "audit"),
    Form("audit_close", "next_due_on", "audit"), Form("review_edit", "decision", "audit"),
    Form("objective_create", "horizon_on"), Form("objective_edit", "horizon_on", "objective"),
    Form("plan_create", "ends_on"), Form("plan_edit", "ends_on", "plan"),
    Form("check_in_edit", "note", "check_in"),
    Form("plan_pdf", "paper", "plan"), Form("plan_shares", "expires_on", "plan"),
    Form("goal_create", "due_on", extra=TARGET), Form("goal_edit", "due_on", "goal", extra=BETWEEN),
    Form("content_kind_create", "color"), Form("content_kind_edit", "color", "kind"),
    Form("post_create", "remind_minutes"), Form("post_edit", "remind_minutes", "post"),
    Form("delivery_schedule", "publish_at_date", "delivery", "post_detail"),
    Form("delivery_publish", "permalink", "delivery", "post_detail"),
    Form("survey_create", "closes_on"), Form("survey_edit", "closes_on", "drafted"),
    Form("survey_question_create", "options", "drafted"), Form("survey_question_edit", "options", "question"),
    Form("delivery_figures", "observed_on", "published"), Form("account_figures", "observed_on", "account"),
]  # fmt: skip
BY_NAME = {form.name: form for form in FORMS}
every_form = pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])


# -- what a refusal looks like ----------------------------------------------------------------------------------------


def complaints(control: Tag, page: BeautifulSoup) -> str:
    """What the page says is wrong with a control, to whoever cannot see it too."""
    around = [control, *control.find_parents("fieldset")]
    ids = " ".join(str(tag.get("aria-describedby", "")) for tag in around).split()
    found = [page.find(id=one) for one in ids if one.endswith("_error")]
    return " ".join(words(tag).removeprefix("Error: ") for tag in found)


def summed_up(page: BeautifulSoup) -> str:
    for link in page.select("[data-error-summary] a"):
        assert page.find(id=str(link["href"]).removeprefix("#")), f"{link} leads nowhere"
    return " ".join(words(tag) for tag in page.select("[data-error-summary]"))


def assert_refused(answer: Any, form: Form, sent: dict[str, Any], bad: dict[str, str]) -> None:
    """422; beside each bad field its message, which the summary repeats; and everything as it was typed."""
    assert answer.status_code == 422, (bad, answer.status_code)
    found = sheet(answer, form.holds)
    summary = summed_up(found.page)
    for name, expected in bad.items():
        message = complaints(found.controls[name].tag, found.page)
        assert message, f"nothing is said beside {name}"
        assert expected in message, (name, message)
        assert message.partition(" Error: ")[0] in summary, (name, message, summary)
    lost = [name for name, it in found.controls.items() if is_typed(it) and kept(found, name) != kept_of(sent, name)]
    assert not lost


def kept(found: Sheet, name: str) -> str:
    return kept_of(found.values, name)


def kept_of(values: dict[str, Any], name: str) -> str:
    """Blanks alone are nothing: the reader of pages used here does not keep them."""
    text = str(values.get(name, ""))
    return text if text.strip() else ""


def is_typed(control: Control) -> bool:
    return control.kind in ("text", "textarea", "date", "time", "number", "email", "url") and control.name != "version"


def is_number(control: Control) -> bool:
    return control.kind == "number" or control.tag.get("inputmode") in ("numeric", "decimal")


# -- the same bad things for every form -------------------------------------------------------------------------------

TYPED = ("text", "textarea", "email", "url")
Chosen = Callable[[Control], bool]
BAD: dict[str, tuple[str, str, Chosen]] = {
    "a NUL byte": ("a\0b", "", lambda it: it.kind in (*TYPED, "date", "time", "number", "select", "radio")),
    "only blanks": ("   ", "required", lambda it: it.is_required and it.kind in TYPED),
    "too long": ("x" * 100_000, "", lambda it: it.kind in TYPED and it.tag.has_attr("maxlength")),
    "no such day": ("31/02/2026", "date", lambda it: it.kind == "date"),
    "no such day, as browsers write": ("2026-02-31", "date", lambda it: it.kind == "date"),
    "the year 1": ("0001-01-01", "", lambda it: it.kind == "date"),
    "the year 9999": ("9999-12-31", "", lambda it: it.kind == "date"),
    "no such time": ("25:61", "time", lambda it: it.kind == "time"),
    "a number without end": ("1e400", "", is_number),
    "not a number": ("NaN", "", is_number),
    "words for a number": ("many", "number", is_number),
    "less than nothing": ("-5", "", is_number),
    "no such choice": ("999999999", "choice", lambda it: it.kind in ("select", "radio")),
    "a zone of elsewhere": ("Mars/Olympus", "choice", lambda it: it.name == "time_zone" and it.kind == "select"),
    "a script for an address": ("javascript:alert(1)", "Enter a valid URL", lambda it: it.kind == "url"),
    "an address without a host": ("https://", "Enter a valid URL", lambda it: it.kind == "url"),
    "half an e-mail address": ("nobody", "valid email", lambda it: it.kind == "email"),
}  # fmt: skip


@every_form
def test_form_refuses_what_is_wrong_beside_the_field(form: Form, house: House) -> None:
    _sign_out_for(form, house)
    page, untouched = form.read(house), database()

    for what, (value, message, is_meant) in BAD.items():
        names = [control.name for control in page.controls.values() if is_meant(control) and control.kind != "hidden"]
        sent = filled(page, **{**form.extra, **dict.fromkeys(names, value)})
        if names:
            answer = form.send(house, sent)
            assert_refused(answer, form, sent, dict.fromkeys(names, message))
            assert touched(untouched) == [], what


def _sign_out_for(form: Form, house: House) -> None:
    if form.name == "account_signup":
        house.client.logout()
    if form.name == "audit_create":
        house.audit.delete()


ODD = {"emoji only": "🦔☕", "right to left, and markup": "שלום مرحبا \u202eabc\u202c <b>&\"'</b>{{ x }}"}


@every_form
def test_odd_words_are_kept_as_they_are(form: Form, house: House) -> None:
    _sign_out_for(form, house)
    page = form.read(house)
    names = [it.name for it in page.controls.values() if it.kind in ("text", "textarea") and not is_number(it)]

    for what, text in ODD.items():
        before = transaction.savepoint()
        sent = filled(page, **{**form.extra, **dict.fromkeys(names, text)})
        answer = form.send(house, sent)
        assert answer.status_code in (302, 422) or (form.name, answer.status_code) == ("plan_shares", 200), what
        if answer.status_code == 422:
            kept = sheet(answer, form.holds).values
            assert [kept[name] for name in names if kept[name] != text] == []
        elif answer.status_code == 302:
            assert house.client.get(answer.headers["Location"], follow=True).status_code == 200
        transaction.savepoint_rollback(before)


def foreign(house: House, whose: str) -> dict[str, dict[str, Any]]:
    """What the choice fields of the forms must not take: rows of a sister brand, or of another workspace."""
    them = getattr(house, whose)
    place = {"targets-0-place": f"account:{them.account.pk}", "plan": them.plan.pk, "after": them.goal.pk}
    chosen: dict[str, dict[str, Any]] = {
        "goal_create": {"objective": them.objective.pk, **place},
        "goal_edit": {"objective": them.objective.pk, "targets-0-place": place["targets-0-place"]},
        "post_create": {"content_kind": them.kind.pk, "persona": them.persona.pk, "goals": them.goal.pk},
    }
    chosen["post_edit"] = chosen["post_create"]
    about = {"goals": them.goal.pk, "personas": them.persona.pk}
    chosen |= {"survey_create": about, "survey_edit": about}
    if whose == "sister":
        return chosen
    people = {"owner": them.admin.pk}
    for name in ("goal_create", "goal_edit"):
        chosen[name] |= people
    chosen |= dict.fromkeys(("account_create", "account_edit", "objective_create", "objective_edit"), people)
    for name in ("post_create", "post_edit"):
        chosen[name] = {**chosen[name], "assignee": them.admin.pk}
    chosen |= {"brand_create": {"parent": them.brand.pk}, "brand_edit": {"parent": them.brand.pk}}
    chosen |= {
        "invitation_create": {"role": "guest", "brands": them.brand.pk},
        "member_edit": {"brands": them.brand.pk},
        "endpoint_create": {"brands": them.brand.pk},
        "endpoint_edit": {"brands": them.brand.pk},
    }
    return chosen


@pytest.mark.parametrize("whose", ["sister", "stranger"])
def test_no_choice_takes_a_row_of_elsewhere(whose: str, house: House) -> None:
    untouched = database()

    for name, values in foreign(house, whose).items():
        form = BY_NAME[name]
        page = form.read(house)
        sent = filled(page, **form.extra | {one: str(value) for one, value in values.items()})
        answer = form.send(house, sent)
        bad = [one for one in values if one != "role"]
        assert answer.status_code == 422, name
        shown = sheet(answer, form.holds)
        for one in bad:
            control = shown.controls.get(one)
            is_hidden = control is None or control.kind == "hidden"
            said = summed_up(shown.page) if is_hidden else complaints(control.tag, shown.page)
            assert "choice" in said, (name, one, said)
        assert touched(untouched) == []


def test_review_of_another_audit_is_not_found(house: House) -> None:
    path = house.url("review_edit", pk=house.audit.pk, review=house.stranger.review.pk)

    assert (house.client.get(path).status_code, house.client.post(path, {"notes": "b"}).status_code) == (404, 404)


# -- the version that was seen ----------------------------------------------------------------------------------------

SEEN = ("version", "schedule_version")


def edits(kinds: type[SextantModelForm] = SextantModelForm) -> Iterator[type[SextantModelForm]]:
    for kind in kinds.__subclasses__():
        if getattr(kind, "_meta", None) and kind._meta.model:
            yield kind
        yield from edits(kind)


def test_every_form_of_what_two_may_edit_carries_the_version() -> None:
    forms = [form for form in edits() if issubclass(form._meta.model, Versioned)]

    assert len(forms) > 8
    assert [form.__name__ for form in forms if not issubclass(form, StaleGuard)] == []


GUARDED = [form for form in FORMS if form.name.endswith("_edit") or form.name in ("audit_close", "delivery_schedule")]
UNVERSIONED = ("workspace_edit", "member_edit", "preference_edit", "check_in_edit")  # a word, of one person, one's own


@pytest.mark.parametrize("form", [form for form in GUARDED if form.name not in UNVERSIONED], ids=lambda form: form.name)
@pytest.mark.parametrize("said", [None, "", "x"])
def test_edit_without_the_version_seen_changes_nothing(form: Form, said: str | None, house: House) -> None:
    found = form.read(house)
    sent = filled(found, **form.extra)
    name = next(name for name in SEEN if name in sent)
    assert sent[name], "the page says which version it shows"
    sent = {**sent, name: said} if said is not None else {key: value for key, value in sent.items() if key != name}
    untouched = database()

    answer = form.send(house, sent)

    assert answer.status_code == 422
    assert touched(untouched) == []
