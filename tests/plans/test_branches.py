"""A branch takes over from the brand above, changes what it must, and is seen from there."""

import pytest
from django.test import Client
from django.urls import reverse

import personas.services
from activity.models import Event
from personas.models import Presence
from plans import services
from plans.branches import goals_below, inherited, read_branches
from plans.models import Goal
from plans.snapshots import snapshot
from teams.models import Brand, User
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def parent() -> Brand:
    return make.brand(name="Roaster")


@pytest.fixture
def branch(parent: Brand) -> Brand:
    return make.brand(name="Roaster Lyon", parent=parent, workspace=parent.workspace)


@pytest.fixture
def manager(parent: Brand) -> User:
    return make.person(Role.MANAGER, brand=parent)


def open_as(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(brand: Brand, name: str, **more: int) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **more})


# -- objectives -------------------------------------------------------------------------------------------------------


def objective_facts(title: str) -> dict[str, object]:
    return {"title": title, "description": "", "owner": None, "horizon_on": None}


def test_objective_follows_until_it_is_changed_here(parent: Brand, branch: Brand, manager: User) -> None:
    original = make.objective(brand=parent, title="Sell more online")
    own = services.inherit_objective(original=original, brand=branch, by=manager, now=NOW)

    services.edit_objective(objective=original, by=manager, now=NOW, version=1, **objective_facts("Sell online"))  # type: ignore[arg-type]

    own.refresh_from_db()
    assert (own.title, own.follows, own.version) == ("Sell online", True, 2)

    services.edit_objective(objective=own, by=manager, now=NOW, version=2, **objective_facts("Sell in Lyon"))  # type: ignore[arg-type]
    services.edit_objective(objective=original, by=manager, now=NOW, version=2, **objective_facts("Sell it all"))  # type: ignore[arg-type]

    own.refresh_from_db()
    assert (own.title, own.follows, own.is_overridden) == ("Sell in Lyon", False, True)

    services.follow_objective(objective=own, by=manager)

    own.refresh_from_db()
    assert (own.title, own.follows) == ("Sell it all", True)
    assert Event.objects.filter(brand=branch, verb="plans.objective_edited").count() == 3


def test_objective_is_followed_over_two_brands(parent: Brand, branch: Brand, manager: User) -> None:
    shop = make.brand(parent=branch, workspace=parent.workspace)
    original = make.objective(brand=parent, title="One")
    middle = services.inherit_objective(original=original, brand=branch, by=manager, now=NOW)
    last = services.inherit_objective(original=middle, brand=shop, by=manager, now=NOW)

    services.edit_objective(objective=original, by=manager, now=NOW, version=1, **objective_facts("Two"))  # type: ignore[arg-type]

    last.refresh_from_db()
    assert last.title == "Two"


def test_owner_alone_does_not_end_the_following(parent: Brand, branch: Brand, manager: User) -> None:
    own = services.inherit_objective(original=make.objective(brand=parent), brand=branch, by=manager, now=NOW)
    facts = {**objective_facts(own.title), "owner": manager}

    services.edit_objective(objective=own, by=manager, now=NOW, version=1, **facts)  # type: ignore[arg-type]

    own.refresh_from_db()
    assert (own.owner, own.follows) == (manager, True)


def test_namesake_of_a_branch_keeps_its_words(parent: Brand, branch: Brand, manager: User) -> None:
    original = make.objective(brand=parent, title="One")
    own = services.inherit_objective(original=original, brand=branch, by=manager, now=NOW)
    make.objective(brand=branch, title="Two")

    services.edit_objective(objective=original, by=manager, now=NOW, version=1, **objective_facts("two"))  # type: ignore[arg-type]

    own.refresh_from_db()
    assert own.title == "One"


def test_only_the_brand_above_lends_and_only_once(parent: Brand, branch: Brand, manager: User) -> None:
    foreign = make.objective(brand=make.brand(workspace=parent.workspace))
    original = make.objective(brand=parent)
    services.inherit_objective(original=original, brand=branch, by=manager, now=NOW)

    for objective, words in ((foreign, "not one of the brand above"), (original, "taken it over already")):
        with pytest.raises(services.PlanError, match=words):
            services.inherit_objective(original=objective, brand=branch, by=manager, now=NOW)

    assert branch.business_objectives.count() == 1


def test_deleted_original_leaves_the_branch_its_own(parent: Brand, branch: Brand, manager: User) -> None:
    original = make.objective(brand=parent)
    own = services.inherit_objective(original=original, brand=branch, by=manager, now=NOW)

    services.delete_objective(objective=original, by=manager)

    own.refresh_from_db()
    assert (own.inherited_from, own.follows) == (None, False)


# -- personas ---------------------------------------------------------------------------------------------------------


def test_persona_follows_with_its_networks(parent: Brand, branch: Brand, manager: User) -> None:
    original = make.persona(brand=parent, name="Léa", job="barista")
    make.persona_channel(persona=original, usage="To cook.")
    own = personas.services.inherit_persona(original=original, brand=branch, by=manager, now=NOW)
    assert (own.name, own.channels.get().usage) == ("Léa", "To cook.")

    nowhere = {"presence": Presence.UNKNOWN, "share_percent": None, "source": "", "usage": "", "sharing": ""}
    personas.services.edit_persona(
        persona=original,
        by=manager,
        now=NOW,
        job="roaster",
        channels={"instagram": nowhere},  # type: ignore[dict-item]
    )

    own.refresh_from_db()
    assert (own.job, own.channels.count(), own.follows) == ("roaster", 0, True)

    personas.services.note_inspiration(persona=own, own_words="Ça réveille.", sharing={}, by=manager, now=NOW)
    personas.services.edit_persona(persona=original, by=manager, now=NOW, job="cook")

    own.refresh_from_db()
    assert (own.job, own.own_words, own.is_overridden) == ("roaster", "Ça réveille.", True)

    personas.services.follow_persona(persona=own, by=manager)

    own.refresh_from_db()
    assert (own.job, own.own_words, own.follows) == ("cook", "", True)


# -- goals and words --------------------------------------------------------------------------------------------------


def test_goal_of_the_brand_above_is_set_here(parent: Brand, branch: Brand, manager: User) -> None:
    objective, persona = make.objective(brand=parent), make.persona(brand=parent)
    above = make.goal(plan=make.plan(brand=parent), title="Show our culture", objective=objective, action="We share.")
    make.goal_persona(goal=above, persona=persona, how_it_helps="They want to see us.")
    account = make.account(brand=parent)
    make.target(goal=above, account=account, network=account.network, value=3)
    own_objective = services.inherit_objective(original=objective, brand=branch, by=manager, now=NOW)
    own_persona = personas.services.inherit_persona(original=persona, brand=branch, by=manager, now=NOW)
    make.plan(brand=branch)
    client = open_as(manager)

    page = client.get(url(branch, "goal_create"), {"from": above.pk})
    initial = page.context["form"].initial

    row = page.context["form"].targets.forms[0].initial
    assert (initial["title"], initial["objective"]) == ("Show our culture", own_objective.pk)
    assert initial["above"] == above.pk
    assert initial[f"persona-{own_persona.pk}"] == "They want to see us."
    assert (row["place"], row["value"], row["id"]) == ("network:instagram", 3, None)


def test_goal_set_here_remembers_the_one_above(parent: Brand, branch: Brand, manager: User) -> None:
    above, plan = make.goal(plan=make.plan(brand=parent)), make.plan(brand=branch)
    facts = {"title": "Ours", "action": "", "objective": None, "network": None, "owner": None}
    dates = {"starts_on": above.starts_on, "due_on": above.due_on}
    values = {"plan": plan, "targets": [], "answers": {}, "by": manager, "now": NOW, **facts, **dates}

    goal = services.create_goal(inherited_from=above, **values)  # type: ignore[arg-type]

    assert list(above.heirs.all()) == [goal]
    for foreign, words in ((above, "taken it over already"), (make.goal(plan=plan), "not one of the brand above")):
        with pytest.raises(services.GoalError, match=words):
            services.create_goal(inherited_from=foreign, **values)  # type: ignore[arg-type]


def test_section_that_a_branch_leaves_empty_says_what_the_brand_above_says(parent: Brand, branch: Brand) -> None:
    above, plan = make.plan(brand=parent), make.plan(brand=branch)
    make.plan_section(plan=above, number=1, text="Grow.")
    make.plan_section(plan=above, number=2, text="Look.", private_note="Do not tell.")
    make.plan_section(plan=plan, number=1, text="Grow in Lyon.")

    steps = snapshot(plan)["steps"]

    assert [steps[slug]["text"] for slug in ("goals", "audit", "accounts")] == ["Grow in Lyon.", "Look.", ""]
    assert "Do not tell." not in str(steps)


# -- pages ------------------------------------------------------------------------------------------------------------


def three(parent: Brand, count: int) -> None:
    plan = make.plan(brand=parent)
    for number in range(count):
        objective, persona = make.objective(brand=parent), make.persona(brand=parent)
        goal = make.goal(plan=plan, objective=objective)
        below = make.brand(parent=parent, workspace=parent.workspace)
        make.goal(plan=make.plan(brand=below), inherited_from=goal, status="on_track")
        make.brand(parent=below, workspace=parent.workspace, name=f"Region {number}")
        make.objective(brand=below, inherited_from=objective)
        make.persona(brand=below, inherited_from=persona)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_branches_cost_the_same_for_one_and_for_three(
    count: int, parent: Brand, branch: Brand, django_assert_num_queries: object
) -> None:
    three(parent, count)
    client = open_as(make.person(Role.GUEST, brand=parent))
    client.get(url(parent, "branch_list"))

    with django_assert_num_queries(13):  # type: ignore[operator]
        assert client.get(url(parent, "branch_list")).status_code == 200
    with django_assert_num_queries(14):  # type: ignore[operator]
        assert client.get(url(branch, "inherited_list")).status_code == 200


def test_limited_guest_sees_only_the_branches_that_are_theirs(parent: Brand, branch: Brand) -> None:
    other = make.brand(name="Roaster Lille", parent=parent, workspace=parent.workspace)
    above = make.goal(plan=make.plan(brand=parent))
    for place in (branch, other):
        make.goal(plan=make.plan(brand=place), title=f"Goal of {place.name}", inherited_from=above)
    guest = make.member(Role.GUEST, workspace=parent.workspace, brands=(parent, branch)).user

    page = open_as(guest).get(url(parent, "branch_list")).content.decode()

    assert "Roaster Lyon" in page
    assert "Lille" not in page


def test_guest_of_a_branch_alone_does_not_look_into_the_brand_above(parent: Brand, branch: Brand) -> None:
    make.objective(brand=parent, title="Sell the whole company")
    for place in (parent, branch):
        make.plan(brand=place)
    limited = open_as(make.member(Role.GUEST, workspace=parent.workspace, brands=(branch,)).user)
    both = open_as(make.member(Role.GUEST, workspace=parent.workspace, brands=(parent, branch)).user)

    pages = [(one.get(url(branch, "plan_detail")), one.get(url(branch, "inherited_list"))) for one in (limited, both)]

    leads = [url(branch, "inherited_list") in plan.content.decode() for plan, _above in pages]
    assert [(plan.status_code, above.status_code) for plan, above in pages] == [(200, 404), (200, 200)]
    assert leads == [False, True]
    assert "Sell the whole company" in pages[1][1].content.decode()


def test_states_of_what_is_taken_over(parent: Brand, branch: Brand, manager: User) -> None:
    first, second, third = (make.objective(brand=parent, title=title) for title in "ABC")
    services.inherit_objective(original=second, brand=branch, by=manager, now=NOW)
    own = services.inherit_objective(original=third, brand=branch, by=manager, now=NOW)
    services.edit_objective(objective=own, by=manager, now=NOW, version=1, **objective_facts("D"))  # type: ignore[arg-type]

    rows = inherited(branch, TODAY).objectives

    assert [(row.original, row.state) for row in rows] == [(first, "open"), (second, "follows"), (third, "own")]


def test_branches_are_counted_with_their_own_branches(parent: Brand, branch: Brand) -> None:
    shop = make.brand(name="Shop", parent=branch, workspace=parent.workspace)
    above = make.goal(plan=make.plan(brand=parent))
    make.goal(plan=make.plan(brand=shop), status="off_track")
    heir = make.goal(plan=make.plan(brand=branch), inherited_from=above, status="at_risk")

    branches = read_branches(parent, Brand.objects.filter(workspace=parent.workspace), TODAY)
    (row,) = goals_below(Goal.objects.get(pk=above.pk).plan, branches)

    assert [(one.brand, one.depth, [s.value for s, _ in one.statuses]) for one in branches] == [
        (branch, 0, ["at_risk"]), (shop, 1, ["off_track"]),
    ]  # fmt: skip
    assert (list(row.heirs), row.missing) == ([heir], 0)


def test_taking_over_by_its_button(parent: Brand, branch: Brand, manager: User) -> None:
    original, foreign = make.objective(brand=parent, title="Sell more"), make.objective()
    client: Client = open_as(manager)

    for value in (foreign.pk, "x", original.pk):
        client.post(url(branch, "inherited_objective_take"), {"objective": value})

    assert [own.inherited_from for own in branch.business_objectives.all()] == [original]
    assert "follows" in client.get(url(branch, "inherited_list")).content.decode()
    assert "no brand above" in client.get(url(parent, "inherited_list")).content.decode()
