"""Plain builders: one row with sensible values, and whatever it needs to stand on. Every value can be given.

They write rows, not deeds: no history, no messages. A test of a verb calls the service.
"""

import itertools
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.test import Client

from activity.models import Attempt, Channel, Endpoint, EndpointBrand, Event, Kind, Message, Notification, Visit
from activity.rules import signing
from analytics.models import CsvImport, Observation, Source
from analytics.services.store import New, store
from audits.models import AccountReview, Audit, Connection, SocialAccount
from calendar_app.models import ContentMatrix, Delivery, DeliveryState, MatrixShare, Post
from networks.models import Metric, MetricAvailability, Network, Subject
from personas.models import Persona, PersonaChannel, Presence
from plans.models import (
    Acknowledgement,
    Aggregation,
    BusinessObjective,
    CallKind,
    CallWatch,
    Campaign,
    CheckIn,
    ContentKind,
    Goal,
    GoalPersona,
    Per,
    Plan,
    PlanPdf,
    PlanRevision,
    PlanSection,
    PlanShare,
    RevisionCall,
    Target,
)
from surveys.models import Answer, Question, Response, Survey
from teams.models import Brand, Invitation, Membership, User, Workspace
from teams.rules import Role, slug_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Paris
MONDAY = NOW.date()
PASSWORD = "a quiet harbor 7"
_number = itertools.count(1)

# -- teams ----------------------------------------------------------------------------------------------------------


def user(**values: Any) -> User:
    """A person with a verified address; the password is PASSWORD."""
    number = next(_number)
    fields = {"email": f"person{number}@example.com", "name": f"Person {number}", "password": PASSWORD, **values}
    is_verified = fields.pop("is_verified", True)
    person = User.objects.create_user(**fields)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=is_verified)
    return person


def workspace(**values: Any) -> Workspace:
    number = next(_number)
    return Workspace.objects.create(**{"name": f"Workspace {number}", "slug": f"workspace-{number}", **values})


def brand(**values: Any) -> Brand:
    """A brand in Paris, in a workspace of its own unless one is given."""
    number = next(_number)
    values.setdefault("workspace", None)
    values["workspace"] = values["workspace"] or workspace()
    return Brand.objects.create(
        **{"name": f"Brand {number}", "slug": f"brand-{number}", "time_zone": "Europe/Paris", **values}
    )


def member(
    role: Role = Role.EDITOR, *, workspace: Workspace | None = None, brand: Brand | None = None,
    user: User | None = None, brands: tuple[Brand, ...] = (),
) -> Membership:  # fmt: skip
    """A person with that role in the workspace (or in that of the brand); `brands` limits a guest."""
    place = workspace or (brand.workspace if brand else _workspace())
    membership = Membership.objects.create(
        workspace=place, user=user or _user(), role=role, is_limited=bool(brands) and role == Role.GUEST
    )
    membership.brands.set(brands, through_defaults={"workspace": place})
    return membership


def person(role: Role = Role.EDITOR, *, brand: Brand | None = None, workspace: Workspace | None = None) -> User:
    """The person of a new membership with that role."""
    return member(role, brand=brand, workspace=workspace).user


def invitation(**values: Any) -> Invitation:
    """A pending invitation whose token nobody knows: use the service where the link matters."""
    number = next(_number)
    fields = {
        "email": f"guest{number}@example.com", "role": Role.EDITOR, "token_hash": f"{number:064d}",
        "expires_at": datetime.now(UTC) + timedelta(days=7), **values,
    }  # fmt: skip
    fields.setdefault("workspace", None)
    fields["workspace"] = fields["workspace"] or _workspace()
    return Invitation.objects.create(**fields)


# -- activity -------------------------------------------------------------------------------------------------------


def event(*, brand: Brand | None = None, **values: Any) -> Event:
    place = brand or _brand()
    return Event.objects.create(
        **{
            "workspace": place.workspace, "brand": place, "verb": "teams.brand_edited", "target": f"brand:{place.pk}",
            "about": f"brand:{place.pk}", "label": place.name, "is_automatic": values.get("by") is None, **values,
        }
    )  # fmt: skip


def message(*, to: User | None = None, due_at: datetime | None = None, **values: Any) -> Message:
    """An e-mail that is due now, to a person who is in no workspace that it names."""
    number = next(_number)
    due_at = due_at or datetime.now(UTC) - timedelta(seconds=1)
    fields = {
        "key": f"test:{number}", "recipient": to, "channel": Channel.EMAIL, "kind": Kind.TEAM,
        "about": f"test:{number}", "template": "activity/messages/plain",
        "context": {"subject": f"Subject {number}", "text": f"Text {number}"}, "due_at": due_at,
        "next_attempt_at": due_at, **values,
    }  # fmt: skip
    if fields["recipient"] is None and not fields.get("address") and not fields.get("endpoint"):
        fields["recipient"] = user()
    return Message.objects.create(**fields)


def endpoint(
    *, workspace: Workspace | None = None, url: str = "https://hooks.example/in", brands: tuple[Brand, ...] = (),
    **values: Any,
) -> Endpoint:  # fmt: skip
    """A webhook that is told everything."""
    place = workspace or _workspace()
    fields = {
        "name": f"Webhook {next(_number)}", "kinds": list(Kind), "url": url, "host": url.split("/")[2],
        "secret": signing.new_secret(), "is_limited": bool(brands), **values,
    }  # fmt: skip
    made = Endpoint.objects.create(workspace=place, **fields)
    EndpointBrand.objects.bulk_create(EndpointBrand(workspace=place, endpoint=made, brand=brand) for brand in brands)
    return made


def hook(*, endpoint: Endpoint | None = None, **values: Any) -> Message:
    """A message to an endpoint that is due now."""
    to = endpoint or _endpoint()
    due_at = values.pop("due_at", None) or datetime.now(UTC) - timedelta(seconds=1)
    number = next(_number)
    fields = {
        "key": f"hook:{number}", "workspace": to.workspace, "endpoint": to, "channel": Channel.WEBHOOK,
        "kind": Kind.TEAM, "about": f"test:{number}", "template": "activity/messages/plain",
        "context": {"subject": f"Subject {number}", "text": f"Text {number}"}, "due_at": due_at,
        "next_attempt_at": due_at, "url": "/w/x/", **values,
    }  # fmt: skip
    return Message.objects.create(**fields)


def attempt(*, endpoint: Endpoint, **values: Any) -> Attempt:
    fields = {"number": f"msg_{next(_number)}", "kind": Kind.TEAM, "status": 200, "milliseconds": 12, **values}
    return Attempt.objects.create(endpoint=endpoint, **fields)


def notification(*, user: User | None = None, **values: Any) -> Notification:
    person = user or _user()
    values.setdefault("message", None)
    place = {name: values[name] for name in ("workspace", "brand") if name in values}
    values["message"] = values["message"] or message(to=person, channel=Channel.IN_APP, state="done", **place)
    return Notification.objects.create(**{"user": person, "kind": Kind.TEAM, "title": "Something happened", **values})


def visit(*, brand: Brand | None = None, user: User | None = None, **values: Any) -> Visit:
    """A look at the home of a brand, the second of that person."""
    fields = {"seen_at": NOW, "before_at": NOW - timedelta(days=1), **values}
    return Visit.objects.create(brand=brand or _brand(), user=user or _user(), **fields)


# -- networks and personas --------------------------------------------------------------------------------------------


def network(slug: str = "instagram", **values: Any) -> Network:
    """The network of that name, made if it is not there yet."""
    fields = {"name": slug.title(), "home_url": f"https://{slug}.example", **values}
    return Network.objects.get_or_create(slug=slug, defaults=fields)[0]


def metric(slug: str = "likes", **values: Any) -> Metric:
    """The metric of that name, made if it is not there yet."""
    fields = {"name": slug.replace("_", " "), "category": Metric.Category.ENGAGEMENT, **values}
    return Metric.objects.get_or_create(slug=slug, defaults=fields)[0]


def persona(*, brand: Brand | None = None, **values: Any) -> Persona:
    fields = {"name": f"Persona {next(_number)}", "summary": "Drinks filter coffee at work.", **values}
    place = brand or _brand()
    return Persona.objects.create(workspace_id=place.workspace_id, brand=place, **fields)


def persona_channel(*, persona: Persona, network: str = "instagram", **values: Any) -> PersonaChannel:
    place = _network(network)
    return PersonaChannel.objects.create(persona=persona, network=place, **{"presence": Presence.YES, **values})


# -- audits -----------------------------------------------------------------------------------------------------------


def account(*, brand: Brand | None = None, network: str = "instagram", **values: Any) -> SocialAccount:
    """A social account that is not connected to anything."""
    place = _network(network)
    fields = {"handle": f"handle{next(_number)}", "mission": "Show how we roast, for people at work.", **values}
    return SocialAccount.objects.create(brand=brand or _brand(), network=place, **fields)


def connection(*, account: SocialAccount | None = None, **values: Any) -> Connection:
    fields = {"server": "https://mastodon.example", "remote_id": "1", "token": "a token", **values}
    return Connection.objects.create(account=account or _account(network="mastodon"), **fields)


def audit(*, brand: Brand | None = None, **values: Any) -> Audit:
    fields = {"title": f"Audit {next(_number)}", "started_on": date(2026, 11, 2), **values}
    return Audit.objects.create(brand=brand or _brand(), **fields)


def review(*, audit: Audit | None = None, account: SocialAccount | None = None, **values: Any) -> AccountReview:
    whole = audit or _audit()
    fields = {"brand": whole.brand, "audit": whole, "account": account or _account(brand=whole.brand), **values}
    return AccountReview.objects.create(**fields)


# -- plans ------------------------------------------------------------------------------------------------------------


def objective(*, brand: Brand | None = None, **values: Any) -> BusinessObjective:
    fields = {"title": f"Objective {next(_number)}", **values}
    place = brand or _brand()
    return BusinessObjective.objects.create(workspace_id=place.workspace_id, brand=place, **fields)


def plan(*, brand: Brand | None = None, **values: Any) -> Plan:
    """The plan of the last quarter of 2026."""
    fields = {"title": "Autumn", "starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), **values}
    return Plan.objects.create(brand=brand or _brand(), **fields)


def goal(*, plan: Plan | None = None, brand: Brand | None = None, **values: Any) -> Goal:
    """A goal of November 2026, without targets."""
    whole = plan or _plan(brand=brand)
    fields = {"title": f"Goal {next(_number)}", "starts_on": date(2026, 11, 2), "due_on": date(2026, 11, 29), **values}
    place = {"workspace_id": whole.brand.workspace_id, "brand": whole.brand}
    return Goal.objects.create(**{**place, "plan": whole, **fields})


def goal_persona(*, goal: Goal, persona: Persona | None = None, **values: Any) -> GoalPersona:
    who = persona or _persona(brand=goal.plan.brand)
    fields = {"how_it_helps": "It shows what they ask for.", **values}
    return GoalPersona.objects.create(**{"brand": goal.brand, "goal": goal, "persona": who, **fields})


def target(*, goal: Goal | None = None, metric: str = "published_deliveries", **values: Any) -> Target:
    """Three a week, of anything published on any network; `network` may be given by its short name."""
    if isinstance(values.get("network"), str):
        values["network"] = network(values["network"])
    fields = {"aggregation": Aggregation.COUNT, "per": Per.WEEK, "value": Decimal(3), **values}
    whole = goal or _goal()
    place = {"workspace_id": whole.brand.workspace_id, "brand": whole.brand}
    return Target.objects.create(**{**place, "goal": whole, "metric": _metric(metric), **fields})


def check_in(*, goal: Goal | None = None, **values: Any) -> CheckIn:
    """Somebody who left was confident."""
    whole = goal or _goal()
    fields = {"note": "The photos are liked.", "confidence": "high", "status": whole.status, "at": NOW, **values}
    return CheckIn.objects.create(brand=whole.brand, goal=whole, **fields)


def plan_section(*, plan: Plan | None = None, number: int = 1, **values: Any) -> PlanSection:
    whole = plan or _plan()
    fields = {"text": "We show how we work.", **values}
    return PlanSection.objects.create(plan=whole, brand=whole.brand, number=number, **fields)


def revision(*, plan: Plan | None = None, number: int | None = 1, **values: Any) -> PlanRevision:
    """A published revision that says nothing; without a number what was kept before revision 1 came back."""
    whole = plan or _plan()
    content = {"form": 1, "title": whole.title, "starts_on": "2026-10-01", "ends_on": "2026-12-31", "steps": {}}
    fields = {
        "content": content, "why": "The team grew.", "created_at": NOW,
        **({"published_at": NOW} if number else {"kept_for": 1}), **values,
    }  # fmt: skip
    return PlanRevision.objects.create(plan=whole, brand=whole.brand, number=number, **fields)


def acknowledgement(*, revision: PlanRevision, user: User | None = None, **values: Any) -> Acknowledgement:
    who = user or _user()
    return Acknowledgement.objects.create(**{"brand": revision.brand, "revision": revision, "user": who, **values})


def revision_call(*, plan: Plan | None = None, **values: Any) -> RevisionCall:
    """An open call: a new account on Instagram."""
    whole = plan or _plan()
    fields = {
        "kind": CallKind.ACCOUNT, "about": "socialaccount:1", "cause": f"test:{next(_number)}", "raised_at": NOW,
        "proposal": {"name": "Instagram · brulerie", "network": "Instagram"}, **values,
    }  # fmt: skip
    return RevisionCall.objects.create(plan=whole, brand=whole.brand, **fields)


def call_watch(*, plan: Plan, **values: Any) -> CallWatch:
    return CallWatch.objects.create(**{"plan": plan, "brand": plan.brand, "looked_until": NOW, **values})


def plan_pdf(*, plan: Plan | None = None, **values: Any) -> PlanPdf:
    """A PDF of the draft that is made already."""
    whole = plan or _plan()
    fields = {"state": "done", "content": b"%PDF-1.7", "progress": 100, "created_at": NOW, **values}
    times = {"due_at": NOW, "next_attempt_at": NOW}
    return PlanPdf.objects.create(plan=whole, brand=whole.brand, **{**times, **fields})


def plan_share(*, plan: Plan | None = None, **values: Any) -> PlanShare:
    """A good link that nobody knows: use the service where the link matters."""
    whole = plan or _plan()
    fields = {
        "label": "Board", "token_hash": f"{next(_number):064d}", "created_at": NOW,
        "expires_at": NOW + timedelta(days=30), **values,
    }  # fmt: skip
    return PlanShare.objects.create(plan=whole, brand=whole.brand, **fields)


# -- calendar ---------------------------------------------------------------------------------------------------------


def content_kind(*, brand: Brand | None = None, **values: Any) -> ContentKind:
    return ContentKind.objects.create(brand=brand or _brand(), **{"name": f"Content {next(_number)}", **values})


def matrix(
    shares: Mapping[ContentKind, int], *, account: SocialAccount | None = None, **values: Any
) -> ContentMatrix:  # fmt: skip
    """A content matrix that was set a year ago: of an account, or the brand's own."""
    place = next(iter(shares)).brand
    fields = {"brand": place, "account": account, "set_at": NOW - timedelta(days=365), **values}
    made = ContentMatrix.objects.create(**fields)
    for kind, percent in shares.items():
        MatrixShare.objects.create(brand=place, matrix=made, content_kind=kind, percent=percent)
    return made


def campaign(*, brand: Brand | None = None, **values: Any) -> Campaign:
    """Six weeks around NOW."""
    name = f"Campaign {next(_number)}"
    fields = {"name": name, "utm_name": slug_of(name), "starts_on": date(2026, 11, 2), "ends_on": date(2026, 12, 13)}
    return Campaign.objects.create(brand=brand or _brand(), **{**fields, **values})


def post(*, brand: Brand | None = None, **values: Any) -> Post:
    """A photo post that goes nowhere yet."""
    fields = {"title": f"Post {next(_number)}", "text": "Fresh from the roaster.", **values}
    goals = fields.pop("goals", ())
    made = Post.objects.create(brand=brand or _brand(), **fields)
    made.goals.set(goals, through_defaults={"brand": made.brand})
    return made


def delivery(
    *, post: Post | None = None, account: SocialAccount | None = None, publish_at: datetime | None = None,
    published_at: datetime | None = None, **values: Any,
) -> Delivery:  # fmt: skip
    """A draft; with `publish_at` scheduled for then, with `published_at` published then, as scheduled."""
    whole = post or _post(brand=account.brand if account else None)
    fields: dict[str, Any] = {"brand": whole.brand, "post": whole, "account": account or _account(brand=whole.brand)}
    if moment := publish_at or published_at:
        fields |= _scheduled(moment, whole.brand.time_zone)
    if published_at:
        fields |= {"state": DeliveryState.PUBLISHED, "published_at": published_at}
    return Delivery.objects.create(**{**fields, **values})


def _scheduled(moment: datetime, zone: str) -> dict[str, Any]:
    local = moment.astimezone(ZoneInfo(zone))
    return {
        "state": DeliveryState.SCHEDULED, "publish_at": moment, "local_date": local.date(), "schedule_version": 1,
        "local_time": local.time().replace(tzinfo=None), "time_zone": zone,
    }  # fmt: skip


# -- analytics --------------------------------------------------------------------------------------------------------


def given(
    network: str = "instagram", subject: Subject = Subject.DELIVERY, *metrics: str, is_given: bool = True
) -> None:
    """The network gives these metrics for its accounts or posts (or does not)."""
    for slug in metrics or ("likes", "comments"):
        MetricAvailability.objects.update_or_create(
            network=_network(network), metric=_metric(slug), subject=subject, defaults={"is_given": is_given}
        )


def observation(
    *, delivery: Delivery | None = None, account: SocialAccount | None = None, campaign: Campaign | None = None,
    brand: Brand | None = None, metric: str = "likes", value: Decimal | int = 30, observed_on: date = MONDAY,
    source: Source = Source.TYPED, fetched_at: datetime = NOW, entered_by: User | None = None,
    csv_import: CsvImport | None = None,
) -> Observation:  # fmt: skip
    """A figure that was typed in on the Monday of NOW: of what is given, else of a new account; stored as all are."""
    about = delivery or account or campaign or brand or _account()
    place = about if isinstance(about, Brand) else about.brand
    name = {Delivery: "delivery", SocialAccount: "account", Campaign: "campaign"}.get(type(about), "brand")
    new = New(subject_id=about.pk, metric=_metric(metric).pk, observed_on=observed_on, value=Decimal(value))
    store(
        brand=place, subject=Subject(name), rows=[new], source=source, at=fetched_at, by=entered_by,
        csv_import=csv_import,
    )  # fmt: skip
    subject = dict.fromkeys(("account", "delivery", "campaign")) | {"brand": place, name: about}
    return Observation.objects.get(**subject, metric=metric, observed_on=observed_on, source=source)


# -- surveys ----------------------------------------------------------------------------------------------------------


def survey(*, brand: Brand | None = None, state: str = "open", **values: Any) -> Survey:
    """A survey that was opened on the Monday of NOW, or is a draft, or was closed with nobody's answer."""
    fields: dict[str, Any] = {"title": f"Survey {next(_number)}", "created_at": NOW, "state": state}
    if state != "draft":
        fields["opened_at"] = NOW
    if state == "closed":
        fields |= {"closed_at": NOW, "final_count": 0}
    goals, personas = values.pop("goals", ()), values.pop("personas", ())
    made = Survey.objects.create(brand=brand or _brand(), **{**fields, **values})
    made.goals.set(goals, through_defaults={"brand": made.brand})
    made.personas.set(personas, through_defaults={"brand": made.brand})
    return made


def question(*, survey: Survey | None = None, **values: Any) -> Question:
    """Whether somebody would recommend the brand, after the questions that are there."""
    whole = survey or _survey()
    fields = {"kind": "nps", "text": "Would you recommend us?", "position": whole.questions.count() + 1, **values}
    return Question.objects.create(brand=whole.brand, survey=whole, **fields)


def response(*, survey: Survey | None = None, answers: dict[Question, Any] | None = None, **values: Any) -> Response:
    """From the website; a number, a text or a list of options for each question that is given, a 9 where somebody would
    recommend the brand."""
    whole = survey or _survey()
    fields = {"channel": "web", "answered_on": MONDAY, "key": uuid4(), **values}
    made = Response.objects.create(brand=whole.brand, survey=whole, **fields)
    given = dict.fromkeys(whole.questions.filter(kind="nps"), 9) if answers is None else answers
    for about, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            column = "text" if isinstance(one, str) else "number" if about.numbers else "option"
            Answer.objects.create(brand=whole.brand, response=made, question=about, **{column: one})
    return made


# for builders with an argument of the same name
_user, _workspace, _brand, _persona, _account, _audit = user, workspace, brand, persona, account, audit
_network, _metric, _plan, _goal, _post, _endpoint = network, metric, plan, goal, post, endpoint
_survey = survey


def confirmed(client: Client) -> Client:
    """As if whoever is signed in had given their password again just now (allauth's record of it)."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
