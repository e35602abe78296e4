"""Which goals must be judged anew: something happened to them, their calendar moved on, or figures came in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from activity.models import Event
from analytics.models import Arrival
from analytics.queries.facts import BEFORE
from core.localtime import local_day
from plans.models import Goal, GoalStatus, Target
from plans.queries import spec
from plans.rules.facts import Aggregation, Reach, Spec
from teams.models import Brand

CORRECTED_FOR = timedelta(days=30)  # so long after its due date a goal still follows figures that are put right
OVERLAP = timedelta(seconds=10)  # longer than what is in the history may take to be in the database
# What the rooms below do that changes how goals stand: their history tells of it.
MOVING = [
    "calendar.delivery_published", "calendar.delivery_unpublished", "calendar.post_edited", "calendar.post_deleted",
    "calendar.post_restored", "teams.brand_edited",
]  # fmt: skip
# Which of its five letters a goal meets depends on the personas too.
OF_PERSONAS = ["personas.persona_created", "personas.persona_edited", "personas.persona_deleted"]
JUST_NOW, LATELY = timedelta(minutes=10), timedelta(days=2)  # a sweep sees the first; whatever else moves, the second
MOVING_ITSELF = ["plans.goal_created", "plans.goal_edited"]  # that goal, and no other


def judged_goals(now: datetime) -> QuerySet[Goal]:
    """The goals that figures may still move: begun, and running or due not long ago."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)  # begun somewhere on earth
    final = Q(status__in=(GoalStatus.ACHIEVED, GoalStatus.MISSED), due_on__lt=(now - CORRECTED_FOR).date())
    return Goal.objects.filter(starts_on__lte=tomorrow).exclude(final)


def begun_goals(now: datetime) -> QuerySet[Goal]:
    """Those of them that have begun where their brand is."""
    begun, _older = _days(now)
    return judged_goals(now).filter(begun)


def stale_goals(now: datetime) -> QuerySet[Goal]:
    """Those whose last judgment is out of date: there is none, it is of another day, or something happened since."""
    begun, older = _days(now)
    return judged_goals(now).filter(begun, Q(progress__isnull=True) | older | _happened())


def _days(now: datetime) -> tuple[Q, Q]:
    """Goals that have begun, and goals judged before today, by the days of their brands. One query, for the zones."""
    zones = Brand.objects.order_by().values_list("time_zone", flat=True).distinct()
    days = {zone: local_day(now, zone) for zone in zones}
    begun, older = Q(pk=None), Q(pk=None)
    for day in set(days.values()):
        here = Q(brand__time_zone__in=[zone for zone, its_day in days.items() if its_day == day])
        begun |= here & Q(starts_on__lte=day)
        older |= here & Q(progress__judged_on__lt=day)
    return begun, older


def _happened() -> Q:
    """Something in the history of the goal's brand, or of a branch that it counts, is newer than the judgment."""
    since = Event.objects.filter(at__gt=OuterRef("progress__evaluated_at") - OVERLAP)
    itself = Concat(Value("goal:"), Cast(OuterRef("pk"), CharField()))
    own = since.filter(Q(verb__in=MOVING) | Q(verb__in=MOVING_ITSELF, target=itself), brand=OuterRef("brand"))
    elsewhere = since.filter(verb__in=MOVING, workspace=OuterRef("brand__workspace"), brand__parent__isnull=False)
    wide = Target.objects.filter(goal=OuterRef("pk")).exclude(reach=Reach.BRAND.value)
    return Q(Exists(own)) | Q(Exists(wide)) & Q(Exists(elsewhere))


def moved_brands(now: datetime) -> list[Brand]:
    """The brands that have such a goal, or figures that came in."""
    waiting = Brand.objects.filter(Exists(Arrival.objects.filter(watcher=OuterRef("pk"))))
    stale = stale_goals(now).order_by().values_list("brand", flat=True).distinct()
    ids = {*waiting.values_list("pk", flat=True), *stale}
    return list(Brand.objects.filter(pk__in=ids).order_by("pk"))


def watchers(brand: Brand) -> list[Brand]:
    """The brands whose goals may count figures of this one that came in."""
    return list(
        Brand.objects.filter(Exists(Arrival.objects.filter(brand=brand, watcher=OuterRef("pk")))).order_by("pk")
    )


def with_targets(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    targets = Target.objects.select_related("metric")
    return goals.select_related("brand").prefetch_related(Prefetch("targets", targets))


# -- what figures touch -----------------------------------------------------------------------------------------------


def is_touched(goal: Goal, arrivals: Iterable[Arrival]) -> bool:
    """Whether any of these figures counts for one of the goal's targets. Needs `targets` and each arrival's account."""
    specs = [spec(target) for target in goal.targets.all()]
    return any(_counts(one, specs, goal) for one in arrivals)


def _counts(one: Arrival, specs: Sequence[Spec], goal: Goal) -> bool:
    since = goal.starts_on if one.is_of_posts else goal.starts_on - BEFORE
    is_in_time = one.first_day <= goal.due_on and one.last_day >= since
    return is_in_time and any(_is_about(one, asked, goal.brand_id) for asked in specs)


def _is_about(one: Arrival, asked: Spec, brand_id: int) -> bool:
    if asked.metric != one.metric_id or one.is_of_posts == (asked.is_of_brand or asked.is_of_accounts):
        return False
    branch_id = None if one.brand_id == brand_id else one.brand_id
    network = one.account.network_id if one.account else None
    is_of_campaign = asked.campaign_id in (None, one.campaign_id) or asked.aggregation is Aggregation.SHARE
    return asked.reaches(branch_id, network, one.account_id) and (is_of_campaign or not asked.is_of_brand)


def brands_with_other_personas(now: datetime) -> QuerySet[Brand]:
    """Those of which a persona came, changed or went just now."""
    events = Event.objects.filter(brand=OuterRef("pk"), verb__in=OF_PERSONAS, at__gt=now - JUST_NOW)
    return Brand.objects.filter(Exists(events)).order_by("pk")


def has_other_personas(brand: Brand, now: datetime) -> bool:
    """Whether a persona of the brand came, changed or went not long ago."""
    return Event.objects.filter(brand=brand, verb__in=OF_PERSONAS, at__gt=now - LATELY).exists()
