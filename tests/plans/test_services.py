"""The verbs of the plan: whole or not at all, refused beside the field, written into the history."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from activity.models import Event
from core.errors import StaleError
from networks.models import MetricAvailability
from plans import services
from plans.models import BusinessObjective, Goal, GoalPersona, Plan, Target
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make.plan()


def by(plan: Plan, role: Role = Role.MANAGER) -> Any:
    return make.person(role, brand=plan.brand)


def facts(**values: Any) -> dict[str, Any]:
    fields = {"title": "Show our culture", "action": "The team shares photos.", "objective": None, "network": None}
    dates = {"starts_on": date(2026, 11, 2), "due_on": date(2026, 11, 29), "owner": None}
    return {**fields, **dates, **values}


def photos(**values: Any) -> services.TargetFacts:
    return {"metric": make.metric("published_deliveries"), "per": "week", "value": Decimal(3), **values}  # type: ignore


def likes(**values: Any) -> services.TargetFacts:
    return {"metric": make.metric("likes"), "per": "delivery", "value": Decimal(30), **values}  # type: ignore


def create(plan: Plan, *targets: services.TargetFacts, answers: Any = None, **values: Any) -> Goal:
    person = values.pop("by", None) or by(plan)
    return services.create_goal(
        plan=plan, targets=targets, answers=answers or {}, by=person, now=make.NOW, **facts(**values)
    )


def edit(goal: Goal, *targets: services.TargetFacts, version: int | None = None, **values: Any) -> Goal:
    person = by(goal.plan)
    answers = values.pop("answers", {})
    return services.edit_goal(
        goal=goal, targets=targets, answers=answers, by=person, version=version, **facts(**values)
    )


# -- goals ----------------------------------------------------------------------------------------------------------


def test_goal_is_saved_with_its_targets_and_answers(plan: Plan) -> None:
    network, persona = make.network("instagram"), make.persona(brand=plan.brand, name="Léa")
    silent = make.persona(brand=plan.brand, name="Max")

    goal = create(plan, photos(format="photo"), likes(), network=network, answers={persona: "It helps.", silent: ""})

    assert [(t.metric_id, t.network_id, t.aggregation, t.per, t.value) for t in goal.targets.all()] == [
        ("published_deliveries", "instagram", "count", "week", 3),
        ("likes", "instagram", "last", "delivery", 30),
    ]
    assert list(goal.persona_answers.values_list("persona__name", "how_it_helps")) == [("Léa", "It helps.")]
    event = Event.objects.get()
    assert (event.verb, event.target) == ("plans.goal_created", f"goal:{goal.pk}")
    assert event.after["targets"] == [
        "At least 3 photos published on Instagram per week",
        "Each post on Instagram: at least 30 likes",
    ]


def test_goal_takes_the_usual_aggregation_of_its_metric(plan: Plan) -> None:
    followers = make.metric("followers", subject="account")

    goal = create(plan, {"metric": followers, "value": Decimal(9), "per": "whole"}, likes(per="month"))

    assert [target.aggregation for target in goal.targets.all()] == ["last", "sum"]


@pytest.mark.parametrize("role", [Role.GUEST, Role.EDITOR])
def test_goal_is_written_by_managers_only(plan: Plan, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        create(plan, photos(), by=by(plan, role))

    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": date(2026, 11, 2)}, "due_on"),
        ({"starts_on": date(2026, 9, 30)}, "starts_on"),
        ({"due_on": date(2027, 1, 1)}, "due_on"),
    ],
)
def test_goal_with_wrong_dates_is_refused_beside_the_field(plan: Plan, values: Any, field: str) -> None:
    with pytest.raises(services.GoalError) as refusal:
        create(plan, photos(), **values)

    assert refusal.value.field == field
    assert not Goal.objects.exists()


TWO = Decimal(2)
BETWEEN = {"comparison": "between"}
WRONG_TARGETS: list[tuple[str, dict[str, Any], str, str]] = [
    ("likes", {"value": None}, "value", "Give a number."),
    ("likes", {"value": Decimal(0)}, "value", "Ask for more than zero."),
    ("likes", {"value": Decimal(-1), "comparison": "at_most"}, "value", "A number below zero"),
    ("likes", {"value": Decimal("2.5")}, "value", "Give a whole number."),
    ("likes", {**BETWEEN, "value": TWO}, "value_to", "“Between” needs a second number."),
    ("likes", {**BETWEEN, "value": TWO, "value_to": TWO}, "value_to", "The second number must be higher"),
    ("engagement_rate", {"value": Decimal(101), "per": "delivery"}, "value", "“engagement rate” cannot exceed 100."),
    ("engagement_rate", {"value": TWO, "per": "week", "aggregation": "sum"}, "aggregation", "cannot be added up"),
    ("likes", {"value": TWO, "per": "week", "aggregation": "count"}, "aggregation", "Only published posts are counted"),
    ("published_deliveries", {"value": TWO, "per": "delivery"}, "per", "Published posts are counted per day"),
    ("followers", {"value": TWO, "per": "delivery"}, "metric", "belongs to an account"),
]


@pytest.mark.parametrize(("metric", "values", "field", "words"), WRONG_TARGETS)
def test_target_that_cannot_be_meant_is_refused(plan: Plan, metric: str, values: Any, field: str, words: str) -> None:
    unit = "percent" if metric.endswith("rate") else "count"
    subject = "account" if metric == "followers" else "both"
    row = make.metric(metric, unit=unit, subject=subject)

    with pytest.raises(services.GoalError) as refusal:
        create(plan, photos(), {"metric": row, **values})

    problem = refusal.value.problems[0]
    assert (problem.row, problem.field) == (1, field)
    assert words.casefold() in problem.message.casefold()
    assert not Goal.objects.exists()
    assert not Target.objects.exists()


def test_return_on_investment_may_exceed_a_hundred_percent(plan: Plan) -> None:
    roi = make.metric("roi", unit="percent")

    create(plan, {"metric": roi, "value": Decimal(250), "per": "whole", "aggregation": "mean"})

    assert Goal.objects.count() == 1


def test_targets_that_contradict_each_other_are_refused(plan: Plan) -> None:
    with pytest.raises(services.GoalError, match="cannot both be met") as refusal:
        create(plan, photos(value=Decimal(5)), photos(comparison="at_most"))

    assert (refusal.value.problems[0].row, refusal.value.problems[0].field) == (1, "value")


def test_metric_that_the_network_never_gives_is_refused_with_what_to_use(plan: Plan) -> None:
    network = make.network("linkedin", name="LinkedIn")
    given = {"saves": False, "shares": True, "reach": True}
    for slug, is_given in given.items():
        category = "awareness" if slug == "reach" else "engagement"
        metric = make.metric(slug, category=category)
        MetricAvailability.objects.create(network=network, metric=metric, subject="delivery", is_given=is_given)

    with pytest.raises(services.GoalError) as refusal:
        create(plan, {"metric": make.metric("saves"), "per": "week", "value": TWO}, network=network)

    assert str(refusal.value) == "LinkedIn never gives “Saves”. Use instead: Shares, Reach."
    assert refusal.value.problems[0].field == "metric"


def test_goal_on_what_belongs_to_another_brand_is_refused(plan: Plan) -> None:
    other = make.brand(workspace=plan.brand.workspace)
    stranger = make.user()

    with pytest.raises(services.GoalError, match="account belongs to another brand") as refusal:
        create(plan, photos(account=make.account(brand=other)))
    assert refusal.value.problems[0].field == "place"
    with pytest.raises(services.GoalError, match="objective belongs to another brand"):
        create(plan, objective=make.objective(brand=other))
    with pytest.raises(services.GoalError, match="persona belongs to another brand"):
        create(plan, answers={make.persona(brand=other): "It helps."})
    with pytest.raises(services.PlanError, match="not a member"):
        create(plan, owner=stranger)
    with pytest.raises(services.GoalError, match="goal belongs to another brand"):
        create(plan, predecessor=make.goal(brand=other))
    assert Goal.objects.for_brand(plan.brand).count() == 0


def test_target_elsewhere_than_the_goal_is_refused(plan: Plan) -> None:
    account = make.account(brand=plan.brand, network="linkedin")

    with pytest.raises(services.GoalError, match="about Instagram only"):
        create(plan, photos(account=account), network=make.network("instagram"))


def test_edit_keeps_the_targets_it_names_and_drops_the_others(plan: Plan) -> None:
    goal = create(plan, photos(), likes())
    first = goal.targets.all()[0]

    edit(goal, photos(id=first.pk, value=Decimal(4)), likes(metric=make.metric("comments")))

    rows = [(target.pk == first.pk, target.metric_id, target.value) for target in goal.targets.all()]
    assert rows == [(True, "published_deliveries", 4), (False, "comments", 30)]
    assert Event.objects.order_by("pk").last().before["targets"] == [  # type: ignore[union-attr]
        "At least 3 posts published per week",
        "Each post: at least 30 likes",
    ]


def test_edit_takes_no_target_of_another_goal(plan: Plan) -> None:
    other = make.target(goal=make.goal(plan=plan))
    goal = create(plan)

    edit(goal, photos(id=other.pk, value=Decimal(9)))

    other.refresh_from_db()
    assert (other.value, other.goal_id != goal.pk) == (3, True)


def test_edit_of_an_older_version_is_refused_and_changes_nothing(plan: Plan) -> None:
    goal = create(plan, photos())
    edit(goal, photos(), version=1, title="First")

    with pytest.raises(StaleError):
        edit(goal, version=1, title="Second")

    goal.refresh_from_db()
    assert (goal.title, goal.version, goal.targets.count()) == ("First", 2, 1)


def test_edit_that_changes_nothing_leaves_no_trace(plan: Plan) -> None:
    network = make.network("instagram")
    goal = create(plan, photos(), network=network)
    first = goal.targets.get()

    edit(goal, photos(id=first.pk), network=network)

    goal.refresh_from_db()
    assert (goal.version, Event.objects.count()) == (1, 1)


def test_refused_edit_saves_nothing(plan: Plan) -> None:
    goal = create(plan, photos())

    with pytest.raises(services.GoalError):
        edit(goal, photos(value=None), title="Half")

    goal.refresh_from_db()
    assert (goal.title, goal.targets.get().value) == ("Show our culture", 3)


def test_deleted_goal_goes_with_all_that_hangs_on_it(plan: Plan) -> None:
    goal = create(plan, photos(), answers={make.persona(brand=plan.brand): "It helps."})

    services.delete_goal(goal=goal, by=by(plan))

    assert (Goal.objects.count(), Target.objects.count(), GoalPersona.objects.count()) == (0, 0, 0)
    assert Event.objects.filter(verb="plans.goal_deleted").count() == 1


# -- objectives -----------------------------------------------------------------------------------------------------


def objective(plan: Plan, title: str = "Sell more online", **values: Any) -> BusinessObjective:
    fields: dict[str, Any] = {"description": "", "owner": None, "horizon_on": None, **values}
    person = fields.pop("by", None) or by(plan)
    return services.create_objective(brand=plan.brand, by=person, now=make.NOW, title=title, **fields)


def test_objective_is_written_once(plan: Plan) -> None:
    objective(plan)

    with pytest.raises(services.PlanError) as refusal:
        objective(plan, "SELL more online")

    assert refusal.value.field == "title"
    assert Event.objects.get().verb == "plans.objective_created"


def test_objective_with_goals_is_not_deleted(plan: Plan) -> None:
    row = objective(plan)
    goal = make.goal(plan=plan, objective=row)

    with pytest.raises(services.PlanError, match="Goals support this objective"):
        services.delete_objective(objective=row, by=by(plan))

    goal.delete()
    services.delete_objective(objective=row, by=by(plan))
    assert not BusinessObjective.objects.exists()


def test_objective_is_edited_in_its_newest_version_only(plan: Plan) -> None:
    row = objective(plan)
    values: dict[str, Any] = {"description": "", "owner": None, "horizon_on": None}
    services.edit_objective(objective=row, by=by(plan), now=make.NOW, version=1, title="Sell more", **values)

    with pytest.raises(StaleError):
        services.edit_objective(objective=row, by=by(plan), now=make.NOW, version=1, title="Sell less", **values)

    row.refresh_from_db()
    assert (row.title, row.version) == ("Sell more", 2)


def test_objective_is_written_by_managers_only(plan: Plan) -> None:
    with pytest.raises(PermissionDenied):
        objective(plan, by=by(plan, Role.EDITOR))


# -- plans ----------------------------------------------------------------------------------------------------------


def open_plan(brand: Any, starts_on: date, ends_on: date, **values: Any) -> Plan:
    person = values.get("by") or make.person(Role.MANAGER, brand=brand)
    return services.create_plan(
        brand=brand, by=person, now=make.NOW, title="Plan", starts_on=starts_on, ends_on=ends_on
    )


def test_plans_of_a_brand_do_not_overlap(plan: Plan) -> None:
    with pytest.raises(services.PlanError, match="overlaps the plan “Autumn”") as refusal:
        open_plan(plan.brand, date(2026, 12, 31), date(2027, 3, 31))

    assert refusal.value.field == "starts_on"
    assert open_plan(plan.brand, date(2027, 1, 1), date(2027, 3, 31)).title == "Plan"
    assert open_plan(make.brand(), plan.starts_on, plan.ends_on).pk


def test_plan_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(services.PlanError) as refusal:
        open_plan(make.brand(), date(2027, 1, 1), date(2027, 1, 1))

    assert refusal.value.field == "ends_on"


def test_plan_cannot_be_shortened_past_its_goals(plan: Plan) -> None:
    goal = make.goal(plan=plan)
    dates = {"starts_on": plan.starts_on, "ends_on": plan.ends_on}

    changes = {"ends_on": goal.due_on - timedelta(days=1), "starts_on": goal.due_on}
    for field, changed in changes.items():
        with pytest.raises(services.PlanError) as refusal:
            services.edit_plan(plan=plan, by=by(plan), version=1, title="Plan", **{**dates, field: changed})
        assert refusal.value.field == field


def test_plan_is_written_by_managers_only() -> None:
    brand = make.brand()

    with pytest.raises(PermissionDenied):
        open_plan(brand, date(2027, 1, 1), date(2027, 3, 31), by=make.person(Role.EDITOR, brand=brand))


# -- what the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"value": Decimal(-1)},
        {"comparison": "between"},
        {"comparison": "between", "value_to": Decimal(3)},
        {"value_to": Decimal(5)},
    ],
)
def test_database_refuses_a_target_without_sense(values: dict[str, Any]) -> None:
    goal = make.goal()

    with pytest.raises(IntegrityError), transaction.atomic():
        make.target(goal=goal, **values)


def test_database_refuses_dates_in_the_wrong_order(plan: Plan) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.goal(plan=plan, starts_on=date(2026, 11, 2), due_on=date(2026, 11, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.plan(starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.plan(brand=plan.brand, starts_on=plan.starts_on)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.goal_persona(goal=make.goal(plan=plan), how_it_helps="")


def test_plan_is_for_five_years_at_most(plan: Plan) -> None:
    values = {"title": "Forever", "starts_on": date(1970, 1, 1), "ends_on": date(2020, 1, 1)}

    with pytest.raises(services.PlanError) as refused:
        services.create_plan(brand=plan.brand, by=by(plan), now=make.NOW, **values)  # type: ignore[arg-type]

    assert refused.value.field == "ends_on"
