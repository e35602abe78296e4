"""What the pages of accounts and audits read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audits.labels import FACT_NAMES
from audits.models import AccountReview, Audit, ConnectionState, Decision, SocialAccount
from audits.rules.missions import is_one_sentence
from core.asking import Column, first, tally
from networks.models import NetworkFact
from networks.queries import facts_for
from networks.rules.sources import Citation, citations
from networks.words import SOURCES, unit_words, value_words
from teams.models import Brand, Membership, MembershipBrand, User

AUDIT_EVERY = timedelta(days=91)  # what is proposed: once a quarter


def members(brand: Brand) -> QuerySet[User]:
    """Those who may open the brand, by name: who can answer for its accounts."""
    return User.objects.filter(pk__in=Membership.objects.for_brand(brand).values("user")).order_by("name", "email")


def inventory(brand: Brand) -> QuerySet[SocialAccount]:
    """All accounts of a brand, those in use first. One query."""
    return SocialAccount.objects.for_brand(brand).with_all().order_by(
        F("closed_at").asc(nulls_first=True), "network__position", "handle"
    )  # fmt: skip


def free_color(brand: Brand) -> int:
    """The first of the ten colors that no open account of the brand has."""
    taken = set(SocialAccount.objects.for_brand(brand).open().values_list("color", flat=True))
    return next((color for color in range(10) if color not in taken), 0)


def mission_is_long(account: SocialAccount) -> bool:
    """A mission statement that is more than one sentence guides less: said gently, never refused."""
    return bool(account.mission) and not is_one_sentence(account.mission)


@dataclass(frozen=True)
class Limit:
    """A fact about the network of an account, under its name in words."""

    name: str | Promise
    fact: NetworkFact

    @property
    def value(self) -> str:
        return value_words(self.fact.value, self.fact.unit)

    @property
    def unit(self) -> str:
        return unit_words(self.fact.value, self.fact.unit)

    @property
    def sources(self) -> list[tuple[str | Promise, Citation]]:
        """Each source in words; none when a site administrator wrote the line, which then stands as it is."""
        return [(SOURCES[cited.kind], cited) for cited in citations(self.fact.source)]


def profile_limits(account: SocialAccount) -> list[Limit]:
    """What the catalogue says of profiles and posts on the network of an account. One query."""
    facts = facts_for(account.network_id)
    return [Limit(name, facts[field]) for field, name in FACT_NAMES.items() if field in facts]


def account_reviews(account: SocialAccount) -> QuerySet[AccountReview]:
    """What the audits found about an account, the newest first."""
    return account.reviews.select_related("audit").order_by("-audit__started_on", "-audit__pk")


def audits_listed(brand: Brand) -> QuerySet[Audit]:
    """The audits of a brand with their counts, the newest first. One query."""
    return Audit.objects.for_brand(brand).with_counts().select_related("closed_by").order_by("-started_on", "-pk")


def last_found(audit: Audit) -> dict[int, AccountReview]:
    """What the last audit that was closed before this one began found, by account."""
    last = (
        Audit.objects.for_brand(audit.brand)
        .closed()
        .filter(closed_at__lte=audit.created_at)
        .order_by("-closed_at")
        .first()
    )
    return {review.account_id: review for review in last.reviews.all()} if last else {}


@dataclass(frozen=True)
class ReviewRow:
    """A review in an audit, and what the audit before found."""

    review: AccountReview
    last: AccountReview | None

    @property
    def proposes_close(self) -> bool:
        """Nobody can say what the account is for, and nothing is decided yet."""
        return not self.review.decision and not self.review.facts["purpose"]


def review_rows(audit: Audit) -> list[ReviewRow]:
    """The reviews of an audit with those of the audit before. Three queries."""
    last = last_found(audit)
    return [ReviewRow(review, last.get(review.account_id)) for review in audit.reviews.with_account()]


def review_row(review: AccountReview) -> ReviewRow:
    return ReviewRow(review, last_found(review.audit).get(review.account_id))


def sheet(audit: Audit, head: list[str]) -> Iterator[list[str | int | None]]:
    """The audit sheet: its head, then a row for each account."""
    yield list(head)
    for review in audit.reviews.with_account():
        facts = review.facts
        yield [
            facts["network_name"], facts["handle"], facts["owner"], _yes_no(facts["is_verified"]), facts["mission"],
            review.followers, _day(review.last_post_on), review.decision and review.get_decision_display(),
            review.reason, review.notes,
        ]  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


# -- what the steps count ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """How complete the inventory of open accounts is. An owner who may no longer open the brand answers for nothing."""

    accounts: int = 0
    owned: int = 0
    with_purpose: int = 0
    with_mission: int = 0
    with_url: int = 0


@dataclass(frozen=True, kw_only=True)
class LatestAudit:
    """The open audit, or the one closed last. `left_open` counts accounts that it decided to close and that are in use
    all the same."""

    id: int
    is_open: bool
    next_due_on: date | None
    reviews: int
    decided: int
    left_open: int

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        due = found["next_due_on"]
        return cls(**{**found, "next_due_on": date.fromisoformat(due) if due else None})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What steps 2 and 3 count of a brand. `refused` are open accounts whose network refuses the connection."""

    inventory: Inventory
    audit: LatestAudit | None
    refused: int

    @classmethod
    def read(cls, known: Mapping[str, Any]) -> Self:
        audit = known["audit"]
        return cls(
            inventory=Inventory(**(known["inventory"] or {})), audit=LatestAudit.read(audit) if audit else None,
            refused=(known["refused"] or {}).get("count", 0),
        )  # fmt: skip


def columns(brand: Combinable) -> dict[str, Column]:
    """`Standing` as columns of a row that has that brand."""
    accounts = SocialAccount.objects.filter(brand=brand).open()
    refused = accounts.filter(connection__state=ConnectionState.REFUSED)
    latest = Audit.objects.filter(brand=brand).order_by(F("closed_at").desc(nulls_first=True), "-pk")
    return {"inventory": _inventory(accounts), "refused": tally(refused, "brand", count=Count("pk")),
            "audit": _latest(latest)}  # fmt: skip


def _inventory(accounts: QuerySet[SocialAccount]) -> Column:
    place = Membership.objects.filter(user=OuterRef("owner"), workspace=OuterRef("brand__workspace"))
    limits = MembershipBrand.objects.filter(membership=OuterRef("pk"), brand=OuterRef(OuterRef("brand")))
    answers = Exists(place.filter(Q(is_limited=False) | Exists(limits)))
    return tally(
        accounts, "brand", accounts=Count("pk"), owned=Count("pk", filter=answers),
        with_purpose=Count("pk", filter=~Q(purpose="")), with_mission=Count("pk", filter=~Q(mission="")),
        with_url=Count("pk", filter=~Q(url="")),
    )  # fmt: skip


def _latest(audits: QuerySet[Audit]) -> Column:
    reviews = AccountReview.objects.filter(audit=OuterRef("pk")).order_by().values("audit").annotate(n=Count("pk"))
    decided = reviews.exclude(decision="")
    left = reviews.filter(decision=Decision.CLOSE, account__closed_at=None)
    return first(
        audits, id=F("pk"), is_open=Q(closed_at__isnull=True), next_due_on=F("next_due_on"),
        reviews=_number(reviews), decided=_number(decided), left_open=_number(left),
    )  # fmt: skip


def _number(counted: "QuerySet[Any, Any]") -> Column:
    return Coalesce(Subquery(counted.values("n")), 0)
