"""What goals are judged by, gathered for many targets at once. A constant number of queries, however many goals,
targets, posts and accounts there are; what adds up is added up by the database, from the rollups."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from analytics.models import DailyFigure
from analytics.queries import publications
from analytics.queries.publications import Each, Scope, between
from audits.models import SocialAccount
from networks.models import MetricAvailability, Subject
from plans.rules.facts import PUBLISHED, AccountFact, Aggregation, Per, PortionFact, Reach, Spec
from plans.rules.gathered import Gathered, of_portions
from teams.models import Brand

BEFORE = timedelta(days=92)  # how far back the level that an account started from is looked for


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One target, for the local days `first` to `last`."""

    spec: Spec
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Place:
    """One account of the brand, of its branches, or of another branch that a target names."""

    account_id: int
    network: str
    branch_id: int | None  # None: the brand itself
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Track:
    """The series of one subject, with the moments at which its values came in."""

    fact: AccountFact | PortionFact
    moments: list[datetime] = field(default_factory=list)

    def until(self, first: date, last: date) -> datetime | None:
        days = self.days
        return max(self.moments[bisect_left(days, first) : bisect_right(days, last)], default=None)

    @cached_property
    def days(self) -> list[date]:
        return [day for day, _value in self.fact.series]


def gather_all(brand: Brand, asks: Sequence[Ask]) -> list[Gathered]:
    """What is known for each of these targets, in their order. Eight queries at most."""
    return Ground(brand, asks).gathered() if asks else []


class Ground:
    """The places of a brand and its branches, and what these targets ask of them."""

    def __init__(self, brand: Brand, asks: Sequence[Ask]) -> None:
        self.brand, self.asks = brand, asks
        specs = [ask.spec for ask in asks]
        self.family = _family(brand) if any(spec.reach is Reach.FAMILY for spec in specs) else frozenset({brand.pk})
        self.named = {spec.branch_id for spec in specs if spec.branch_id is not None}
        self.first, self.last = min(ask.first for ask in asks), max(ask.last for ask in asks)
        self.places = list(self._places())
        metrics = {spec.metric for spec in specs}
        rows = MetricAvailability.objects.filter(metric__in=metrics, is_given=True).order_by()
        self.given = set(rows.values_list("network_id", "metric_id", "subject"))

    def _places(self) -> Iterable[Place]:
        rows = SocialAccount.objects.filter(brand__in=self.family | self.named).order_by("pk")
        for pk, network, brand_id, closed_at in rows.values_list("pk", "network_id", "brand_id", "closed_at"):
            yield Place(account_id=pk, network=network, branch_id=self.branch(brand_id), is_open=closed_at is None)

    def branch(self, brand_id: int) -> int | None:
        return None if brand_id == self.brand.pk else brand_id

    def reaches(self, spec: Spec, branch_id: int | None, network: str | None, account_id: int | None) -> bool:
        """As the rules say; and a branch that another target names is no part of the family for that."""
        is_near = spec.reach is not Reach.FAMILY or branch_id is None or branch_id in self.family
        return is_near and spec.reaches(branch_id, network, account_id)

    def places_of(self, spec: Spec) -> list[Place]:
        return [one for one in self.places if self.reaches(spec, one.branch_id, one.network, one.account_id)]

    def is_given(self, place: Place, metric: str, subject: Subject) -> bool:
        return (place.network, metric, subject.value) in self.given

    # -- each in its way ----------------------------------------------------------------------------------------------

    def gathered(self) -> list[Gathered]:
        of_posts = [ask for ask in self.asks if not ask.spec.is_of_accounts and not ask.spec.is_of_brand]
        each = {ask: self._each(ask) for ask in of_posts if ask.spec.per is Per.DELIVERY}
        by_day = [ask.spec for ask in of_posts if ask.spec.per is not Per.DELIVERY]
        days = self._days(by_day) if by_day else {}
        posts = publications.posts(list(set(each.values())), zone=self.brand.time_zone) if each else {}
        tracks = self._account_tracks([ask.spec for ask in self.asks if ask.spec.is_of_accounts])
        portions = self._portions({ask.spec.metric for ask in self.asks if ask.spec.is_of_brand})
        return [self._one(ask, each, posts, days, tracks, portions) for ask in self.asks]

    def _one(
        self, ask: Ask, each: Mapping[Ask, Each], posts: Mapping[Each, Any], days: Mapping[Scope, Any],
        tracks: Mapping[tuple[int, str], Track], portions: Sequence[Track],
    ) -> Gathered:  # fmt: skip
        spec = ask.spec
        if spec.is_of_brand:
            return self._of_brand(ask, portions)
        if spec.is_of_accounts:
            return self._of_accounts(ask, tracks)
        if ask in each:
            found, at = posts[each[ask]]
            return Gathered(spec=spec, posts=found, data_until=at)
        mine = between(days[self.scope(spec)], ask.first, ask.last)
        is_share = spec.aggregation is Aggregation.SHARE
        whole = between(days[self.scope(spec.whole)], ask.first, ask.last) if is_share else []
        moments = (fact.fetched_at for fact in whole or mine if fact.fetched_at)
        return Gathered(spec=spec, days=mine, whole=whole, data_until=max(moments, default=None))

    # -- publications -------------------------------------------------------------------------------------------------

    def scope(self, spec: Spec) -> Scope:
        places = self.places_of(spec)
        given = [one for one in places if spec.metric == PUBLISHED or self.is_given(one, spec.metric, Subject.DELIVERY)]
        return Scope(
            metric=spec.metric, accounts=tuple(one.account_id for one in places),
            given=tuple(one.account_id for one in given), format=spec.format, content_kind_id=spec.content_kind_id,
            campaign_id=spec.campaign_id,
        )  # fmt: skip

    def _each(self, ask: Ask) -> Each:
        spec = ask.spec
        return Each(scope=self.scope(spec), low=spec.low, high=spec.high, first=ask.first, last=ask.last)

    def _days(self, specs: Collection[Spec]) -> Mapping[Scope, Any]:
        shares = [spec for spec in specs if spec.aggregation is Aggregation.SHARE]
        scopes = dict.fromkeys([*map(self.scope, specs), *(self.scope(spec.whole) for spec in shares)])
        valued = frozenset(self.scope(spec) for spec in specs if spec.aggregation is Aggregation.MEDIAN)
        zone = self.brand.time_zone
        return publications.days(list(scopes), first=self.first, last=self.last, zone=zone, valued=valued)

    # -- accounts -----------------------------------------------------------------------------------------------------

    def _account_tracks(self, specs: Collection[Spec]) -> Mapping[tuple[int, str], Track]:
        """One for each account and metric, also where nothing is known."""
        if not specs:
            return {}
        wanted = {one.account_id for spec in specs for one in self.places_of(spec) if one.is_open}
        metrics = {spec.metric for spec in specs}
        tracks = {
            (one.account_id, metric): Track(fact=self._account(one, metric))
            for one in self.places
            for metric in metrics
            if one.account_id in wanted
        }
        rows = self._figures(metrics).filter(account__in=wanted).order_by("account", "metric", "observed_on")
        for pk, metric, day, value, at in rows.values_list(
            "account_id", "metric_id", "observed_on", "value", "fetched_at"
        ):
            _add(tracks[pk, metric], day, value, at)
        return tracks

    def _account(self, one: Place, metric: str) -> AccountFact:
        return AccountFact(
            account_id=one.account_id, metric=metric, network=one.network, branch_id=one.branch_id, series=[],
            is_available=self.is_given(one, metric, Subject.ACCOUNT),
        )  # fmt: skip

    def _of_accounts(self, ask: Ask, tracks: Mapping[tuple[int, str], Track]) -> Gathered:
        places = [one for one in self.places_of(ask.spec) if one.is_open]
        mine = [tracks[one.account_id, ask.spec.metric] for one in places]
        facts = [one.fact for one in mine if isinstance(one.fact, AccountFact)]
        series = [replace(fact, is_available=fact.is_available or bool(fact.series)) for fact in facts]
        moments = (at for one in mine if (at := one.until(ask.first - BEFORE, ask.last)))
        return Gathered(spec=ask.spec, series=series, data_until=max(moments, default=None))

    # -- the brand's own figures --------------------------------------------------------------------------------------

    def _portions(self, metrics: Collection[str]) -> Sequence[Track]:
        if not metrics:
            return []
        networks = {one.account_id: one.network for one in self.places}
        tracks: dict[tuple[Any, ...], Track] = {}
        rows = self._figures(metrics).filter(brand__in=self.family | self.named).order_by("observed_on")
        columns = ("brand_id", "account_id", "campaign_id", "metric_id", "observed_on", "value", "fetched_at")
        for brand_id, account_id, campaign_id, metric, day, value, at in rows.values_list(*columns):
            key = (brand_id, account_id, campaign_id, metric)
            if key not in tracks:
                fact = PortionFact(
                    metric=metric, branch_id=self.branch(brand_id), account_id=account_id, campaign_id=campaign_id,
                    network=networks.get(account_id), series=[],
                )  # fmt: skip
                tracks[key] = Track(fact=fact)
            _add(tracks[key], day, value, at)
        return list(tracks.values())

    def _of_brand(self, ask: Ask, portions: Sequence[Track]) -> Gathered:
        spec = ask.spec
        near = [
            one for one in portions if self.reaches(spec, one.fact.branch_id, one.fact.network, one.fact.account_id)
        ]
        facts = [one.fact for one in near if isinstance(one.fact, PortionFact)]
        moments = (at for one in near if one.fact.is_in(spec) and (at := one.until(ask.first, ask.last)))
        found = of_portions(spec, facts, first=ask.first, last=ask.last)
        return replace(found, data_until=max(moments, default=None))

    def _figures(self, metrics: Collection[str]) -> Any:
        return DailyFigure.objects.filter(
            metric__in=metrics, observed_on__gte=self.first - BEFORE, observed_on__lte=self.last
        )


def _add(track: Track, day: date, value: Any, at: datetime) -> None:
    assert isinstance(track.fact.series, list)  # these are ours alone while they are read
    track.fact.series.append((day, value))
    track.moments.append(at)


def _family(brand: Brand) -> frozenset[int]:
    """The brand and the branches below it, at any depth. One query."""
    parents = dict(Brand.objects.filter(workspace=brand.workspace_id).values_list("pk", "parent_id"))
    found, more = {brand.pk}, {brand.pk}
    while more:
        more = {pk for pk, parent in parents.items() if parent in more} - found
        found |= more
    return frozenset(found)
