"""A brand with one of everything, a neighbor with the same, and forms filled in as a browser would send them."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.urls import reverse

from analytics.models import CsvDraft
from networks.models import Subject
from plans.models import Goal
from teams.models import Brand, Workspace
from teams.rules import Role
from tests import make
from tests.make import NOW

# What a request may change without doing anything.
UNWATCHED = ("django_session", "django_migrations", "activity_visit")


# What the addresses of a name are about, by how the name begins.
SUBJECTS = {
    "persona_": "persona", "inspiration_": "persona", "account_": "account", "audit_": "audit", "review_": "audit",
    "plan_": "plan", "plan_pdf_": "pdf", "plan_pdf_retry": "dead_pdf", "plan_share_": "share",
    "objective_": "objective", "goal_": "goal", "post_": "post", "delivery_": "delivery",
    "content_kind_": "kind", "campaign_": "campaign", "matrix_account_": "account",
    "figures_": "draft", "pull_": "mastodon", "notification_": "notification",
    "member_": "guest", "invitation_": "invitation", "delivery_figures": "published", "delivery_unpublish": "published",
    "post_restore": "binned", "account_connect": "mastodon", "account_disconnect": "mastodon", "endpoint_": "endpoint",
    "check_in_": "check_in", "check_in_create": "goal",
    "revision_": "revision", "revision_list": "plan", "revision_compare": "plan", "revision_call_": "call",
    "revision_call_list": "plan",
    "survey_": "survey", "survey_edit": "drafted", "survey_open": "drafted", "survey_delete": "drafted",
    "survey_question_create": "drafted", "survey_built_in_add": "drafted", "survey_question_": "question",
    "survey_response_delete": "response",
}  # fmt: skip


class Furnished:
    """One row of everything that a form can be about, in a brand of its own."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        self.brand: Brand = make.brand(workspace=workspace)
        self.admin = make.person(Role.ADMIN, brand=self.brand)
        self.guest = make.member(Role.GUEST, brand=self.brand)
        self.invitation = make.invitation(workspace=self.brand.workspace)
        self.persona = make.persona(brand=self.brand)
        make.persona_channel(persona=self.persona)
        self.account = make.account(brand=self.brand, purpose="To be found.")
        self.mastodon = make.account(brand=self.brand, network="mastodon", handle="brulerie@mastodon.example")
        self.audit = make.audit(brand=self.brand)
        self.review = make.review(audit=self.audit, account=self.account)
        self.objective = make.objective(brand=self.brand)
        self.plan = make.plan(brand=self.brand)
        self.revision = make.revision(plan=self.plan)
        self.call = make.revision_call(plan=self.plan)
        self.pdf = make.plan_pdf(plan=self.plan)
        self.dead_pdf = make.plan_pdf(plan=self.plan, state="dead", content=None, paper="us-letter")
        self.share = make.plan_share(plan=self.plan)
        self.goal: Goal = make.goal(plan=self.plan, objective=self.objective, owner=self.admin)
        self.target = make.target(goal=self.goal)
        make.goal_persona(goal=self.goal, persona=self.persona)
        self.check_in = make.check_in(goal=self.goal)
        self.kind, self.campaign = make.content_kind(brand=self.brand), make.campaign(brand=self.brand)
        self.post = make.post(brand=self.brand)
        self.delivery = make.delivery(post=self.post, account=self.account)
        self.binned = make.post(brand=self.brand, deleted_at=NOW)
        shown = make.post(brand=self.brand)
        self.published = make.delivery(post=shown, account=self.account, published_at=NOW - timedelta(days=3))
        self.survey, self.drafted = make.survey(brand=self.brand), make.survey(brand=self.brand, state="draft")
        make.question(survey=self.survey)
        self.response = make.response(survey=self.survey)
        make.question(survey=self.drafted)
        self.question = make.question(survey=self.drafted, kind="text", text="What shall we change?")
        self.endpoint = make.endpoint(workspace=self.brand.workspace)
        self.notification = make.notification(user=self.admin)
        self.draft = CsvDraft.objects.create(
            brand=self.brand, by=self.admin, filename="a.csv", text="date", day_first=True, uploaded_at=NOW
        )

    def row(self, name: str) -> Any:
        """What an address of that name is about; the brand when it is about nothing in particular."""
        fitting = [start for start in SUBJECTS if name.startswith(start)]
        return getattr(self, SUBJECTS[max(fitting, key=len)]) if fitting else self.brand


def whole(answer: Any) -> bytes:
    """All that was answered, read to its end; of a ZIP file what its files say."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") != "application/zip":
        return bytes(body)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


class House(Furnished):
    """The furnished brand whose admin sits at the browser, with a sister brand and a stranger's."""

    def __init__(self) -> None:
        for metric in ("likes", "comments", "published_deliveries", "followers"):
            make.metric(metric)
        for network in ("instagram", "mastodon"):
            make.given(network, Subject.DELIVERY, "likes", "comments")
            make.given(network, Subject.ACCOUNT, "followers")
        super().__init__()
        self.sister = Furnished(self.brand.workspace)
        self.stranger = Furnished()
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.admin)
        make.confirmed(self.client)

    def url(self, name: str, **kwargs: Any) -> str:
        """An address of the brand, of the workspace, or of neither."""
        places: list[dict[str, Any]] = [{"workspace": self.brand.workspace.slug, "brand": self.brand.slug}]
        places += [{"workspace": self.brand.workspace.slug}, {}]
        address = next((found for place in places if (found := _address(name, {**place, **kwargs}))), None)
        assert address, name
        return address


def _address(name: str, kwargs: dict[str, Any]) -> str | None:
    try:
        return reverse(name, kwargs=kwargs)
    except Exception:
        return None


# -- the database -----------------------------------------------------------------------------------------------------


def database() -> dict[str, tuple[int, str]]:
    """How many rows each table has and what is in them, in one query."""
    tables = [name for name in connection.introspection.table_names() if name not in UNWATCHED]
    one = "SELECT '{0}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(name) for name in tables))
        return {name: (count, content) for name, count, content in cursor.fetchall()}


def touched(before: dict[str, Any]) -> list[str]:
    """The tables whose rows are not as they were."""
    after = database()
    return [name for name in after if after[name] != before[name]]


# -- forms as a browser sees them -------------------------------------------------------------------------------------


@dataclass
class Control:
    """One thing that a person can fill in."""

    name: str
    kind: str  # "text", "textarea", "select", "radio", "date", …
    tag: Tag
    is_required: bool = False
    options: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    """A form of a page: its controls, and what a browser would send."""

    tag: Tag
    page: BeautifulSoup
    values: dict[str, Any]
    controls: dict[str, Control]


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def sheet(answer: Any, holds: str = "", action: str = "") -> Sheet:
    """The form of the page that posts, holds a control of that name, and goes to that address."""
    page = soup(answer)
    for tag in page.select("main form, form"):
        if str(tag.get("method", "")).lower() != "post" or (action and tag.get("action") != action):
            continue
        controls = _controls(tag)
        if controls and (not holds or holds in controls):
            return Sheet(tag, page, _values(tag), controls)
    raise AssertionError(f"no form with {holds!r} on the page: {words(page.h1)}")


def _controls(form: Tag) -> dict[str, Control]:
    found: dict[str, Control] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(tag["name"]), str(tag.get("type", tag.name))
        if name == "csrfmiddlewaretoken" or kind == "submit" or tag.find_parent("template") is not None:
            continue
        control = found.setdefault(name, Control(name, kind, tag))
        control.is_required |= tag.has_attr("required")
        control.options += [str(tag.get("value", ""))] if kind in ("radio", "checkbox") else []
        control.options += [str(option.get("value", "")) for option in tag.select("option")]
    return found


def _values(form: Tag) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        if tag.find_parent("template") is not None:
            continue
        for value in _sent(tag):
            sent.setdefault(str(tag["name"]), []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def _sent(tag: Tag) -> list[str]:
    kind = str(tag.get("type", tag.name))
    if kind in ("radio", "checkbox"):
        return [str(tag.get("value", "on"))] if tag.has_attr("checked") else []
    if kind in ("file", "submit"):
        return []
    if kind == "textarea":
        return [tag.get_text().removeprefix("\n")]
    if kind == "select":
        chosen = tag.select("option[selected]") or tag.select("option")[:1]
        return [str(option.get("value", "")) for option in chosen]
    return [str(tag.get("value", ""))]


USUAL = {
    "date": "2026-11-25", "time": "10:00", "number": "3", "email": "new@example.com", "url": "https://example.com/a",
    "text": "Something", "textarea": "Something", "password": "a quiet harbor 8",
}  # fmt: skip
NAMED = {"server": "mastodon.example", "token": "a token", "permalink": "https://example.com/a"}


def filled(form: Sheet, **values: Any) -> dict[str, Any]:
    """What a browser would send once everything that is asked for was given something sensible."""
    sent = dict(form.values)
    for name, control in form.controls.items():
        if control.is_required and not sent.get(name):
            offered = [option for option in control.options if option]
            sent[name] = NAMED.get(name) or (offered[0] if offered else USUAL.get(control.kind, ""))
    return {**sent, **values}
