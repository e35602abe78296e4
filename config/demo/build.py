"""Fills the demonstration workspace: six weeks of a coffee roaster, through the same services that people use."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle, islice
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction

import analytics.services
import audits.services
import calendar_app.services
import personas.services
import plans.services
import teams.services
from activity.models import Message
from activity.services import ref
from audits.models import SocialAccount
from calendar_app.models import Delivery, Post
from calendar_app.services import When
from config.demo import asked, branch, words
from config.demo.words import Words
from networks.formats import Format
from networks.models import Metric, Network
from personas.facts import ChannelFacts
from personas.models import Persona
from plans.models import (
    Aggregation,
    BusinessObjective,
    CallKind,
    CallWatch,
    Campaign,
    ContentKind,
    Goal,
    Per,
    Plan,
)
from plans.services import TargetFacts
from teams.models import Brand, User
from teams.rules import Role

ZONE = "Europe/Paris"
WEEKS_BACK, WEEKS_AHEAD = 6, 2
LOTS = ("Huila", "Sidamo", "Antigua", "Nariño", "Kayanza", "Tarrazú", "Nyeri", "Cerrado")
# weekday (Monday is 0), local time, networks, formats: what goes out in an ordinary week
RHYTHM = (
    (1, time(12, 10), ("instagram", "facebook"), ("photo",)),
    (2, time(8, 45), ("linkedin",), ("link", "text")),
    (3, time(18, 30), ("instagram",), ("photo", "video")),
    (4, time(17, 0), ("mastodon",), ("text", "photo")),
    (5, time(9, 30), ("instagram",), ("photo",)),
)
SKIPPED_WEEK, SKIPPED_DAY = -3, 3  # the week in which nobody had time on Thursday
LIKES = {"instagram": (26, 71), "facebook": (4, 18), "linkedin": (9, 38), "mastodon": (3, 21)}


@dataclass
class Demo:
    """The workspace while it is being filled, and what later steps need of earlier ones."""

    language: str
    now: datetime
    people: dict[str, User] = field(default_factory=dict)
    accounts: dict[str, SocialAccount] = field(default_factory=dict)
    personas: list[Persona] = field(default_factory=list)
    objectives: list[BusinessObjective] = field(default_factory=list)
    kinds: list[ContentKind] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(6))
    brand: Brand = field(init=False)
    campaign: Campaign = field(init=False)
    plan: Plan = field(init=False)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(ZONE)).date()

    @property
    def start(self) -> datetime:
        """When the roaster began to use Sextant: a Monday."""
        return self.now - timedelta(weeks=WEEKS_BACK, days=self.today.weekday())

    def say(self, text: Words) -> str:
        return text(self.language)


@transaction.atomic
def build(*, language: str, now: datetime) -> Demo:
    """Everything or nothing. Needs the catalogue of networks."""
    demo = Demo(language=language, now=now)
    for fill in (
        _people,
        _team,
        _accounts,
        _personas,
        _content_kinds,
        _matrices,
        _campaign,
        _plan,
        _goals,
        _campaign_goal,
        _posts,
        _followers,
        _audit,
        _branch,
        _surveys,
    ):
        fill(demo)
    _revise(demo)
    analytics.services.evaluate_brand(brand=demo.brand, now=now)
    return demo


def _people(demo: Demo) -> None:
    for role, (name, email) in words.PEOPLE.items():
        user = User.objects.create_user(email, words.PASSWORD, name=name, language=demo.language, time_zone=ZONE)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        demo.people[role] = user


def _team(demo: Demo) -> None:
    admin = demo.people["admin"]
    demo.brand = teams.services.create_workspace(
        name=words.WORKSPACE, brand_name=words.BRAND, website=words.WEBSITE, language="fr", time_zone=ZONE, by=admin
    )
    workspace = demo.brand.workspace
    teams.services.create_brand(
        workspace=workspace, name=words.BRANCH, website=f"{words.WEBSITE}/lyon", language="fr", time_zone=ZONE,
        parent=demo.brand, by=admin,
    )  # fmt: skip
    for role in (Role.MANAGER, Role.EDITOR, Role.GUEST):
        user = demo.people[role]
        invitation = teams.services.invite(workspace=workspace, email=user.email, role=role, by=admin, now=demo.now)
        teams.services.accept_invitation(invitation=invitation, by=user, now=demo.now)
        Message.objects.filter(about=ref(invitation)).delete()  # nobody needs to be invited by mail to a demonstration


def _accounts(demo: Demo) -> None:
    for account in words.ACCOUNTS:
        demo.accounts[account.network] = audits.services.create_account(
            brand=demo.brand, network=Network.objects.get(pk=account.network), handle=account.handle,
            owner=demo.people[account.owner], purpose=demo.say(account.purpose), mission=demo.say(account.mission),
            color=account.color, by=demo.people["admin"], now=demo.start,
        )  # fmt: skip


def _personas(demo: Demo) -> None:
    say = demo.say
    for persona in words.PERSONAS:
        channels: dict[str, ChannelFacts] = {
            network: {"presence": presence, "usage": say(usage), "sharing": say(sharing)}
            for network, (presence, usage, sharing) in persona.channels.items()
        }
        made = personas.services.create_persona(
            brand=demo.brand, by=demo.people["editor"], now=demo.start, channels=channels, name=say(persona.name),
            summary=say(persona.summary), age_min=persona.ages[0], age_max=persona.ages[1], place=say(persona.place),
            job=say(persona.job), interests=say(persona.interests), pain_points=say(persona.pain_points),
            motivations=say(persona.motivations), own_words=say(persona.own_words),
        )  # fmt: skip
        demo.personas.append(made)


def _content_kinds(demo: Demo) -> None:
    for name, color in words.CONTENT_KINDS:
        kind = calendar_app.services.create_content_kind(
            brand=demo.brand, name=demo.say(name), color=color, by=demo.people["editor"]
        )
        demo.kinds.append(kind)


def _matrices(demo: Demo) -> None:
    """The brand's own, and one for the account that speaks to offices."""
    for network, shares in words.MATRICES.items():
        calendar_app.services.set_matrix(
            brand=demo.brand, account=demo.accounts[network] if network else None,
            shares=dict(zip(demo.kinds, shares, strict=True)), by=demo.people["editor"], now=demo.start, version=None,
        )  # fmt: skip


def _campaign(demo: Demo) -> None:
    """Three weeks behind and four ahead."""
    name, purpose, budget, color = words.CAMPAIGN
    demo.campaign = calendar_app.services.create_campaign(
        brand=demo.brand, name=demo.say(name), purpose=demo.say(purpose), budget=Decimal(budget), color=color,
        starts_on=demo.today - timedelta(weeks=3), ends_on=demo.today + timedelta(weeks=4), utm_name="",
        by=demo.people["editor"], now=demo.start,
    )  # fmt: skip


# -- the plan and its goals -----------------------------------------------------------------------------------------


def _plan(demo: Demo) -> None:
    manager, start = demo.people["manager"], demo.start.date()
    demo.plan = plans.services.create_plan(
        brand=demo.brand, by=manager, now=demo.start, title=demo.say(words.PLAN), starts_on=start,
        ends_on=start + timedelta(weeks=26),
    )  # fmt: skip
    for title, description in words.OBJECTIVES:
        objective = plans.services.create_objective(
            brand=demo.brand, by=manager, now=demo.start, title=demo.say(title), description=demo.say(description),
            owner=manager, horizon_on=demo.plan.ends_on,
        )  # fmt: skip
        demo.objectives.append(objective)


def _goals(demo: Demo) -> None:
    targets = (
        (
            _target("published_deliveries", 3, Per.WEEK, Aggregation.COUNT, Format.PHOTO),
            _target("likes", 30, Per.DELIVERY, Aggregation.LAST, Format.PHOTO),
            _target("comments", 5, Per.DELIVERY, Aggregation.LAST, Format.PHOTO),
        ),
        (
            _target("published_deliveries", 1, Per.WEEK, Aggregation.COUNT),
            _target("link_clicks", 12, Per.DELIVERY, Aggregation.LAST),
        ),
        (
            _target("followers", 400, Per.WHOLE, Aggregation.CHANGE),
            _target("comments", 3, Per.DELIVERY, Aggregation.LAST),
        ),
    )
    for number, (goal, wanted) in enumerate(zip(words.GOALS, targets, strict=True)):
        answers = {demo.personas[persona]: demo.say(answer) for persona, answer in goal.answers}
        made = plans.services.create_goal(
            plan=demo.plan, targets=wanted, answers=answers, by=demo.people["manager"], now=demo.start,
            title=demo.say(goal.title), action=demo.say(goal.action), objective=demo.objectives[number % 2],
            network=Network.objects.get(pk=goal.network), owner=demo.people["editor" if number != 1 else "manager"],
            starts_on=demo.start.date(), due_on=demo.start.date() + timedelta(weeks=24),
        )  # fmt: skip
        demo.goals.append(made)


def _campaign_goal(demo: Demo) -> None:
    goal, campaign = words.CAMPAIGN_GOAL, demo.campaign
    weekly = {**_target("published_deliveries", 1, Per.WEEK, Aggregation.COUNT), "campaign": campaign}
    made = plans.services.create_goal(
        plan=demo.plan, targets=[cast(TargetFacts, weekly)], by=demo.people["manager"], now=demo.start,
        answers={demo.personas[persona]: demo.say(answer) for persona, answer in goal.answers},
        title=demo.say(goal.title), action=demo.say(goal.action), objective=demo.objectives[1],
        network=Network.objects.get(pk=goal.network), owner=demo.people["editor"], starts_on=campaign.starts_on,
        due_on=campaign.ends_on,
    )  # fmt: skip
    demo.goals.append(made)


def _target(metric: str, value: int, per: Per, aggregation: Aggregation, form: str = "") -> TargetFacts:
    return {
        "metric": Metric.objects.get(pk=metric), "value": Decimal(value), "per": per, "aggregation": aggregation,
        "format": form, "comparison": "at_least",
    }  # fmt: skip


def _branch(demo: Demo) -> None:
    branch.fill(
        branch=Brand.objects.get(parent=demo.brand), above=demo.goals[0], language=demo.language,
        manager=demo.people["manager"], admin=demo.people["admin"], start=demo.start.date(), now=demo.now,
    )  # fmt: skip


def _surveys(demo: Demo) -> None:
    asked.fill(
        brand=demo.brand, goals=demo.goals[:1], personas=demo.personas[:1], language=demo.language,
        by=demo.people["editor"], now=demo.now, chance=Random(7),
    )  # fmt: skip


def _revise(demo: Demo) -> None:
    """The plan was published and read by some; since then something was rewritten, and a branch calls for more."""
    manager, published = demo.people["manager"], demo.now - timedelta(days=5)
    for number, (first, _then) in words.SECTIONS.items():
        _section(demo, number, first, 0, published)
    revision = plans.services.publish_plan(
        plan=demo.plan, what_changed="", why=demo.say(words.WHY), seen=0, by=manager, now=published
    )
    for role in ("admin", "editor"):
        plans.services.acknowledge(revision=revision, by=demo.people[role], now=published + timedelta(hours=7))
    Message.objects.filter(about=ref(revision)).delete()  # nobody needs mails of the past
    for number, (_first, then) in words.SECTIONS.items():
        _section(demo, number, then, 1, demo.now - timedelta(days=1))
    opened = demo.brand.branches.get()
    plans.services.call_for_revision(
        plan=demo.plan, kind=CallKind.BRANCH, about=ref(opened), proposal={"name": opened.name},
        now=demo.now - timedelta(days=2),
    )  # fmt: skip
    # what was done to fill the demonstration calls for nothing
    CallWatch.objects.filter(plan=demo.plan).update(looked_until=demo.now + timedelta(minutes=10))


def _section(demo: Demo, number: int, text: Words, version: int, now: datetime) -> None:
    plans.services.edit_section(
        plan=demo.plan, number=number, text=demo.say(text), private_note="", by=demo.people["manager"], now=now,
        version=version,
    )  # fmt: skip


# -- posts and their figures ----------------------------------------------------------------------------------------


def _posts(demo: Demo) -> None:
    monday = demo.today - timedelta(days=demo.today.weekday())
    supply = {slot: cycle(_fitting(networks, forms)) for slot, (_, _, networks, forms) in enumerate(RHYTHM)}
    lots = cycle(LOTS)
    for week in range(-WEEKS_BACK, WEEKS_AHEAD + 1):
        for slot, (weekday, clock, networks, _forms) in enumerate(RHYTHM):
            if (week, weekday) != (SKIPPED_WEEK, SKIPPED_DAY):
                when = When(day=monday + timedelta(weeks=week, days=weekday), clock=clock)
                _post(demo, next(supply[slot]), networks, when, next(lots))
    for title, text, kind, form, networks in islice(words.POSTS, 8, 10):
        _write(demo, demo.say(title), demo.say(text), kind, form, networks, None)


def _fitting(networks: tuple[str, ...], forms: tuple[str, ...]) -> list[words.PostWords]:
    return [post for post in words.POSTS if networks[0] in post[4] and post[3] in forms]


def _post(demo: Demo, post: words.PostWords, networks: tuple[str, ...], when: When, lot: str) -> None:
    title, text, kind, form, _ = post
    made = _write(demo, f"{demo.say(title)} · {lot}", demo.say(text), kind, form, networks, when)
    for delivery in made.deliveries.select_related("account"):
        planned = delivery.publish_at
        assert planned is not None
        if planned < demo.now - timedelta(days=2):
            _publish(demo, delivery, planned + timedelta(minutes=demo.chance.randint(1, 25)))
        elif planned < demo.now and delivery.account.network_id != "facebook":
            _publish(demo, delivery, min(planned + timedelta(minutes=4), demo.now))


def _write(
    demo: Demo, title: str, text: str, kind: int, form: str, networks: tuple[str, ...], when: When | None
) -> Post:
    serves = [goal for goal in demo.goals if goal.network_id in networks]
    early = _moment(when) - timedelta(days=5) if when else demo.now
    return calendar_app.services.create_post(
        brand=demo.brand, title=title, text=text, texts={demo.accounts[network]: "" for network in networks},
        format=form, content_kind=demo.kinds[kind], campaign=_campaign_of(demo, kind, when),
        goals=serves, persona=demo.personas["linkedin" in networks],
        link=f"{words.WEBSITE}/journal" if form == "link" else "", assignee=demo.people["editor"],
        by=demo.people["editor"], now=min(early, demo.now), when=when,
    )  # fmt: skip


def _campaign_of(demo: Demo, kind: int, when: When | None) -> Campaign | None:
    """Offers belong to the campaign, while it runs or without a day yet."""
    runs = when is None or demo.campaign.starts_on <= when.day <= demo.campaign.ends_on
    return demo.campaign if kind in words.CAMPAIGN_KINDS and runs else None


def _moment(when: When) -> datetime:
    return datetime.combine(when.day, when.clock, tzinfo=ZoneInfo(ZONE))


def _publish(demo: Demo, delivery: Delivery, at: datetime) -> None:
    network, handle = delivery.account.network_id, delivery.account.handle.partition("@")[0]
    address = f"https://{network}.example/@{handle}/{110_000_000_000 + delivery.pk}"
    calendar_app.services.mark_published(
        delivery=delivery, permalink=address, published_at=at, by=demo.people["editor"], now=at
    )
    day = at.astimezone(ZoneInfo(ZONE)).date()
    if day < demo.today - timedelta(days=2):  # the newest posts wait for their figures
        analytics.services.enter_figures(
            delivery=delivery, values=_figures(demo, network), observed_on=min(day + timedelta(days=3), demo.today),
            by=demo.people["editor"], now=demo.now,
        )  # fmt: skip


def _figures(demo: Demo, network: str) -> dict[str, Decimal]:
    likes = demo.chance.randint(*LIKES[network])
    values = {"likes": likes, "comments": likes // 6 + demo.chance.randint(0, 3), "shares": likes // 9}
    if network == "linkedin":
        values["link_clicks"] = likes // 2 + demo.chance.randint(4, 14)
    if network == "instagram":
        values |= {"reach": likes * 17 + demo.chance.randint(0, 90), "saves": likes // 8}
    return {metric: Decimal(value) for metric, value in values.items()}


def _followers(demo: Demo) -> None:
    """A reading a week for each account, typed in by whoever looks after it."""
    for account in words.ACCOUNTS:
        for week in range(WEEKS_BACK + 1):
            days = 7 * (WEEKS_BACK - week)
            value = account.followers - int(account.daily * days) + demo.chance.randint(-3, 3)
            analytics.services.enter_figures(
                account=demo.accounts[account.network], values={"followers": Decimal(value)},
                observed_on=demo.today - timedelta(days=days), by=demo.people[account.owner], now=demo.now,
            )  # fmt: skip


# -- the audit in progress ------------------------------------------------------------------------------------------


def _audit(demo: Demo) -> None:
    audit = audits.services.start_audit(
        brand=demo.brand, title=demo.say(words.AUDIT), started_on=demo.today - timedelta(days=4),
        next_due_on=demo.today + timedelta(days=180), by=demo.people["manager"], now=demo.now,
    )  # fmt: skip
    for review in audit.reviews.select_related("account"):
        if review.account.network_id in words.REVIEWS:
            decision, reason = words.REVIEWS[review.account.network_id]
            audits.services.review_account(
                review=review, decision=decision, reason=demo.say(reason), is_on_brand=True,
                followers=next(a.followers for a in words.ACCOUNTS if a.network == review.account.network_id),
                last_post_on=demo.today - timedelta(days=3), by=demo.people["editor"], now=demo.now,
            )  # fmt: skip


STEPS = (_people, _team, _accounts, _personas, _content_kinds, _plan, _goals, _branch, _posts, _followers, _audit)
