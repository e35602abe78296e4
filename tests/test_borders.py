"""The database refuses a row that points across the border of its brand or workspace, whoever writes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from analytics.models import CsvImport
from core.constraints import SameBorder
from teams.models import ERASED_WORKSPACE, Brand, Workspace
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db
Relation = tuple[type[models.Model], SameBorder]


# -- every relation has its border ----------------------------------------------------------------------------------


def borders(model: type[models.Model]) -> set[str]:
    """The columns in which a row says to whom it belongs."""
    columns = {field.name: field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return {name for name, place in (("brand", Brand), ("workspace", Workspace)) if columns.get(name) is place}


def pointers(model: type[models.Model]) -> list[Any]:
    """The foreign keys to what belongs to somebody."""
    keys = [field for field in model._meta.concrete_fields if field.is_relation]
    return [key for key in keys if key.related_model is not Workspace and belongs(key.related_model)]


def belongs(model: type[models.Model]) -> bool:
    """Whether rows belong to a brand or a workspace, by themselves or through the one thing that they are part of."""
    others = [key.related_model for key in model._meta.concrete_fields if key.is_relation]
    return bool(borders(model)) or any(belongs(other) for other in others if other is not model)


def unguarded(model: type[models.Model]) -> Iterator[str]:
    guarded = {one.pointer: one.border for one in model._meta.constraints if isinstance(one, SameBorder)}
    keys = pointers(model)
    if not borders(model) and len(keys) == 1:
        return  # a part of one thing, on whose side it stands
    for key in keys:
        is_border = key.name == "brand" and borders(model) == {"brand"}
        if not is_border and guarded.get(key.name) not in borders(model) & borders(key.related_model):
            yield f"{model._meta.label}.{key.name} may point across the border: give it core.constraints.SameBorder"


def test_no_foreign_key_crosses_a_border() -> None:
    found = [line for model in apps.get_models(include_auto_created=True) for line in unguarded(model)]

    assert found == []


def test_forgotten_border_is_found() -> None:
    """The walk sees what it is there to see."""
    loose = [key.name for key in pointers(apps.get_model("calendar_app", "Delivery"))]

    assert loose == ["brand", "post", "account"]
    assert not belongs(apps.get_model("networks", "Network"))
    assert belongs(apps.get_model("audits", "Connection"))


# -- and the database keeps it --------------------------------------------------------------------------------------

RELATIONS: list[Relation] = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, SameBorder)
]


def one_of_everything(brand: Brand) -> None:
    """A row of each kind whose pointers all lead somewhere."""
    place = brand.workspace
    make.brand(workspace=place, parent=brand)
    guest = make.member(Role.GUEST, workspace=place, brands=(brand,))
    invitation = make.invitation(workspace=place, role=Role.GUEST, is_limited=True)
    invitation.brands.set([brand], through_defaults={"workspace": place})
    make.event(brand=brand)
    make.visit(brand=brand, user=guest.user)
    endpoint = make.endpoint(workspace=place, brands=(brand,))
    make.message(endpoint=endpoint, channel="webhook", workspace=place)
    message = make.message(to=guest.user, workspace=place, brand=brand)
    make.notification(user=guest.user, message=message, workspace=place, brand=brand)
    make.message(to=guest.user, workspace=place, brand=brand)  # no notification has it yet
    account, above = make.account(brand=brand), make.persona(brand=brand)
    persona = make.persona(brand=brand, inherited_from=above)
    make.review(audit=make.audit(brand=brand), account=account)
    plan, above = make.plan(brand=brand), make.objective(brand=brand)
    objective = make.objective(brand=brand, inherited_from=above)
    goal = make.goal(
        plan=plan, objective=objective, predecessor=make.goal(plan=plan), inherited_from=make.goal(plan=plan)
    )
    make.goal_persona(goal=goal, persona=persona)
    kind, campaign = make.content_kind(brand=brand), make.campaign(brand=brand)
    make.matrix({kind: 100}, account=account)
    make.account(brand=brand)  # has no matrix yet
    branch = make.brand(workspace=place, parent=brand)
    make.target(goal=goal, account=account, reach="branch", branch=branch, content_kind=kind, campaign=campaign)
    make.check_in(goal=goal)
    make.plan_section(plan=plan, number=1 + brand.pk % 6)
    make.acknowledgement(revision=make.revision(plan=plan, number=brand.pk), user=guest.user)
    make.revision_call(plan=plan)
    make.call_watch(plan=plan)
    make.plan(brand=brand, starts_on=plan.ends_on + timedelta(days=1), ends_on=plan.ends_on + timedelta(days=90))
    make.plan_pdf(plan=plan)
    make.plan_share(plan=plan)
    post = make.post(brand=brand, content_kind=kind, campaign=campaign, persona=persona, goals=[goal])
    delivery = make.delivery(post=post, account=account)
    file = CsvImport.objects.create(brand=brand, filename="a.csv", row_count=1)
    day = make.NOW.date() + timedelta(days=brand.pk % 1000)
    make.observation(account=account, csv_import=file, observed_on=day)
    make.observation(delivery=delivery, metric=f"metric-{brand.pk}", observed_on=day)
    make.observation(campaign=campaign, metric="leads", observed_on=day)
    survey = make.survey(brand=brand, goals=[goal], personas=[persona])
    make.response(survey=survey, answers={make.question(survey=survey, kind="text"): "More cups."})


@pytest.fixture
def brands() -> tuple[Brand, Brand, Brand]:
    """One, its sister, and a stranger."""
    own = make.brand()
    three = (own, make.brand(workspace=own.workspace), make.brand())
    for brand in three:
        one_of_everything(brand)
    return three


def put(model: type[models.Model], row: models.Model, **changes: int) -> None:
    """Writes the row anew by plain SQL, with some columns changed."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [field.column for field in model._meta.concrete_fields]
    values = [
        changes.get(field.column, field.get_db_prep_save(field.value_from_object(row), connection))
        for field in model._meta.concrete_fields
    ]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(values))})", values)


def rewrite(model: type[models.Model], constraint: SameBorder, row: Any, target: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if model._meta.label == "activity.Event":  # the history loses no line
            row.pk += 1_000_000
        else:
            if model._meta.label == "plans.PlanRevision":  # which goes with its workspace only
                cursor.execute("SELECT set_config(%s, %s, true)", [ERASED_WORKSPACE, str(row.brand.workspace_id)])
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])
        put(model, row, **{f"{constraint.pointer}_id": target})
        cursor.execute(f"SET CONSTRAINTS {constraint.name} IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.parametrize(("model", "constraint"), RELATIONS, ids=[constraint.name for _model, constraint in RELATIONS])
def test_row_that_points_across_the_border_is_refused(
    model: type[models.Model], constraint: SameBorder, brands: tuple[Brand, Brand, Brand]
) -> None:
    own, sister, stranger = brands
    here, elsewhere = (
        (own, (sister, stranger)) if constraint.border == "brand" else (own.workspace, (stranger.workspace,))
    )
    manager: Any = model._default_manager  # type: ignore[misc]
    others: Any = model._meta.get_field(constraint.pointer).related_model
    row = manager.filter(**{constraint.border: here, f"{constraint.pointer}__isnull": False}).latest("pk")

    rewrite(model, constraint, manager.get(pk=row.pk), getattr(row, f"{constraint.pointer}_id"))
    for place in elsewhere:
        foreign = others._default_manager.filter(**{constraint.border: place}).latest("pk")
        with pytest.raises(IntegrityError, match=f'"{constraint.name}"'):
            rewrite(model, constraint, manager.get(pk=row.pk), foreign.pk)


def test_what_points_inside_can_be_deleted(brands: tuple[Brand, Brand, Brand]) -> None:
    """Django takes a pointer back before it deletes; the border is in nobody's way."""
    own = brands[0]
    post = own.posts.get()

    own.goals.filter(successors=None, heirs=None).delete()
    own.content_matrices.all().delete()
    own.content_kinds.all().delete()
    own.deliveries.all().delete()
    own.csv_imports.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    post.refresh_from_db()
    assert (post.content_kind, list(post.goals.all())) == (None, [])


def test_form_says_that_it_belongs_elsewhere() -> None:
    post = make.post()
    post.content_kind = make.content_kind()

    with pytest.raises(Exception, match="This belongs elsewhere"):
        post.full_clean()
