"""A mail server that refuses, is busy, hangs or hangs up: tried again later, given up visibly, doubled once at most."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from activity import messages
from activity.models import Channel, Message, Notification
from core.duework import FIRST_RETRY, DueState, database_now
from tests import make
from tests.faults.sinks import MailSink, Mood

pytestmark = pytest.mark.django_db
TROUBLE = {
    Mood.BUSY: ("421", 0),  # what is said of it, and how many mails it may double
    Mood.HANGS: ("The connection to the mail server broke", 1),
    Mood.CUTS: ("The connection to the mail server broke", 1),
}


@pytest.fixture(params=[*TROUBLE, None], ids=lambda mood: mood.name.lower() if mood else "away")
def trouble(request: pytest.FixtureRequest, posted: MailSink) -> Iterator[tuple[str, int]]:
    """The mail server is in trouble; what is said of it, and how many mails that may double."""
    if request.param is None:
        posted.close()
        yield "The mail server cannot be reached", 0
    else:
        posted.mood = request.param
        yield TROUBLE[request.param]


def drain() -> None:
    messages.drain(now=database_now())


def let_time_pass() -> None:
    Message.objects.filter(state=DueState.WAITING).update(next_attempt_at=datetime.now(UTC) - timedelta(seconds=1))


def test_mail_in_trouble_is_tried_again_and_doubled_once_at_most(posted: MailSink, trouble: tuple[str, int]) -> None:
    row = make.message()
    make.message(channel=Channel.IN_APP)

    drain()
    row.refresh_from_db()
    first = (row.state, row.attempts, row.last_error.partition(":")[0].partition(" too")[0])
    wait = row.next_attempt_at - database_now()
    posted.mood = Mood.TAKES
    posted.close()
    posted.open()
    drain()
    row.refresh_from_db()
    assert row.state == DueState.WAITING  # not before its time
    let_time_pass()
    drain()

    words, doubles = trouble
    row.refresh_from_db()
    assert first == (DueState.WAITING, 1, words)
    assert timedelta(0) < wait <= FIRST_RETRY
    assert (row.state, row.attempts) == (DueState.DONE, 2)
    assert (len(posted.times), posted.doubled) == (1, doubles)
    assert Notification.objects.count() == 1


def test_mail_in_trouble_to_the_end_is_given_up_visibly(posted: MailSink, trouble: tuple[str, int]) -> None:
    row = make.message(attempts=Message.most_attempts - 1)

    drain()
    drain()

    (dead,) = Message.objects.dead()
    assert (dead.pk, dead.attempts) == (row.pk, Message.most_attempts)
    assert trouble[0] in dead.last_error


def test_mail_that_is_refused_for_good_is_given_up_at_once(posted: MailSink) -> None:
    posted.mood = Mood.REFUSES
    make.message()

    drain()

    (dead,) = Message.objects.dead()
    assert (dead.attempts, dead.last_error, len(posted)) == (1, "550 nobody of that name", 0)


def test_server_in_trouble_is_left_alone_after_three_mails(posted: MailSink) -> None:
    posted.mood = Mood.CUTS
    person = make.user()
    for _ in range(10):
        make.message(to=person)

    drain()

    tried = Message.objects.filter(attempts=1).count()
    assert (tried, len(posted)) == (3, 3)
