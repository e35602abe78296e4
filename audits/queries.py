"""What the pages of accounts and audits read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audits.labels import FACT_NAMES
from audits.models import AccountReview, Audit, Decision, SocialAccount
from audits.rules.missions import is_one_sentence
from networks.models import NetworkFact
from networks.queries import facts_for
from networks.words import unit_words, value_words
from teams.models import Brand, Membership, User

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


@dataclass(frozen=True)
class Inventory:
    """How complete the inventory of open accounts is."""

    accounts: int
    owned: int
    with_purpose: int
    with_mission: int
    with_url: int


def inventory_counts(brand: Brand) -> Inventory:
    """One query. An owner who may no longer open the brand answers for nothing."""
    counts = SocialAccount.objects.for_brand(brand).open().aggregate(
        accounts=Count("pk"),
        owned=Count("pk", filter=Q(owner__in=Membership.objects.for_brand(brand).values("user"))),
        with_purpose=Count("pk", filter=~Q(purpose="")),
        with_mission=Count("pk", filter=~Q(mission="")),
        with_url=Count("pk", filter=~Q(url="")),
    )  # fmt: skip
    return Inventory(**counts)


def latest_audit(brand: Brand) -> Audit | None:
    """The open audit, or the one closed last, with its counts."""
    return Audit.objects.for_brand(brand).with_counts().order_by(F("closed_at").desc(nulls_first=True), "-pk").first()


def left_open(audit: Audit) -> int:
    """How many accounts an audit decided to close that are still in use."""
    return audit.reviews.filter(decision=Decision.CLOSE, account__closed_at=None).count()
