"""The builders build: each alone makes a row that the database takes."""

from collections.abc import Callable

import pytest

from tests import make

ALONE = [
    make.user, make.workspace, make.brand, make.member, make.person, make.invitation, make.event, make.message,
    make.notification, make.network, make.metric, make.persona, make.account, make.connection, make.audit, make.review,
    make.objective, make.plan, make.goal, make.target, make.content_kind, make.post, make.delivery,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("build", ALONE, ids=lambda build: build.__name__)
def test_builder_makes_a_row_by_itself(build: Callable[[], object]) -> None:
    assert build().pk is not None


@pytest.mark.django_db
def test_builders_that_hang_on_another() -> None:
    goal = make.goal()

    assert make.goal_persona(goal=goal).persona.brand == goal.plan.brand
    assert make.persona_channel(persona=make.persona()).network.slug == "instagram"
    assert make.delivery(publish_at=make.NOW).local_time.hour == 10
    assert make.delivery(published_at=make.NOW).state == "published"
