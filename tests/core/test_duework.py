"""A row that is due is worked on by one process at a time, and never lost."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from activity.models import Channel, Message
from core import duework
from core.duework import LONGEST_RETRY, DueState, backoff
from tests import make

pytestmark = pytest.mark.django_db
rows = Message.objects


def now() -> datetime:
    return datetime.now(UTC)


def claimed(**values: Any) -> Message:
    message = make.message(**values)
    (row,) = rows.claim(limit=10)
    assert row.pk == message.pk
    return row


def state(row: Message) -> str:
    return rows.get(pk=row.pk).state


# -- claim ------------------------------------------------------------------------------------------------------------


def test_claim_takes_the_oldest_first_and_counts_the_attempt() -> None:
    late, later = (make.message(due_at=now() - timedelta(minutes=age)) for age in (1, 9))

    (first,) = rows.claim(limit=1)
    (second,) = rows.claim(limit=1)

    assert [first.pk, second.pk] == [later.pk, late.pk]
    assert (first.state, first.attempts) == (DueState.CLAIMED, 1)
    assert first.lease_until > now() + timedelta(seconds=100)
    assert first.lease_token != second.lease_token


def test_claim_leaves_what_is_not_due_done_or_held() -> None:
    make.message(due_at=now() + timedelta(seconds=30))
    for closed in (DueState.DONE, DueState.CANCELED, DueState.DEAD):
        make.message(state=closed)
    claimed()

    assert rows.claim(limit=10) == []


def test_claim_by_channel_leaves_the_others() -> None:
    make.message(channel=Channel.EMAIL)
    listed = make.message(channel=Channel.IN_APP)

    assert [row.pk for row in rows.claim(limit=10, channel="in_app")] == [listed.pk]


@pytest.mark.django_db(transaction=True)
def test_parallel_claims_share_nothing() -> None:
    person = make.user()
    for _ in range(100):
        make.message(to=person)
    start = threading.Barrier(5)
    taken: list[int] = []

    def one() -> None:
        start.wait()
        while batch := rows.claim(limit=7):
            taken.extend(row.pk for row in batch)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == sorted(rows.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_claim_skips_what_another_transaction_holds_instead_of_waiting() -> None:
    held, free = make.message(), make.message()
    answers: list[list[int]] = []

    def other() -> None:
        answers.append([row.pk for row in rows.claim(limit=10)])
        connections.close_all()

    with transaction.atomic():
        rows.select_for_update().get(pk=held.pk)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(5)

    assert answers == [[free.pk]]


# -- what becomes of a claimed row ------------------------------------------------------------------------------------


def test_renew_makes_the_lease_longer() -> None:
    row = claimed()
    rows.filter(pk=row.pk).update(lease_until=now() + timedelta(seconds=1))

    assert rows.renew(row)
    assert rows.get(pk=row.pk).lease_until > now() + timedelta(seconds=100)


def cancel(row: Message) -> None:
    rows.filter(pk=row.pk).cancel()


def lose(row: Message) -> None:
    """The lease runs out, and another process takes the row."""
    rows.filter(pk=row.pk).update(lease_until=now() - timedelta(seconds=1))
    rows.sweep()
    assert rows.claim(limit=1)


@pytest.mark.parametrize("happening", [cancel, lose])
def test_whoever_holds_a_row_no_more_can_do_nothing_with_it(happening: Callable[[Message], None]) -> None:
    row = claimed()
    happening(row)
    before = rows.filter(pk=row.pk).values().get()

    acts = [
        rows.renew(row), rows.finish(row), rows.retry(row, error="x"), rows.bury(row, error="x"),
        rows.drop(row, reason="x"), rows.release([row]), rows.finish_all([row]), rows.renew_all([row]),
    ]  # fmt: skip

    assert [bool(act) for act in acts] == [False] * 8
    assert rows.filter(pk=row.pk).values().get() == before


def test_finish_marks_done() -> None:
    row = claimed()

    assert rows.finish(row)
    assert (state(row), rows.get().lease_until) == (DueState.DONE, None)


def test_retry_waits_and_keeps_the_reason() -> None:
    row = claimed()

    rows.retry(row, error="no answer", retry_after=timedelta(minutes=5))

    after = rows.get()
    assert (after.state, after.last_error) == (DueState.WAITING, "no answer")
    assert after.next_attempt_at > now() + timedelta(minutes=4)
    assert rows.claim(limit=1) == []


def test_retry_after_the_last_attempt_is_dead() -> None:
    row = claimed(attempts=Message.most_attempts - 1)

    rows.retry(row, error="no answer")

    assert (state(row), rows.dead().count()) == (DueState.DEAD, 1)


def test_release_does_not_count_the_attempt() -> None:
    row = claimed()

    rows.release([row])

    after = rows.get()
    assert (after.state, after.attempts) == (DueState.WAITING, 0)
    assert rows.claim(limit=1)


def test_revive_starts_again() -> None:
    row = make.message(state=DueState.DEAD, attempts=20)

    assert rows.filter(pk=row.pk).revive() == 1
    assert rows.claim(limit=1)[0].attempts == 1


def test_cancel_takes_open_rows_only() -> None:
    done = make.message(state=DueState.DONE)
    make.message(state=DueState.DEAD)
    claimed()

    assert rows.all().cancel() == 2
    assert state(done) == DueState.DONE


# -- sweep ------------------------------------------------------------------------------------------------------------


def test_sweep_gives_back_what_a_dead_process_held_however_long_ago() -> None:
    row = claimed()
    rows.update(lease_until=now() - timedelta(days=30))

    assert rows.sweep() == 1
    assert state(row) == DueState.WAITING


def test_sweep_leaves_a_lease_that_holds() -> None:
    row = claimed()

    assert rows.sweep() == 0
    assert state(row) == DueState.CLAIMED


def test_sweep_gives_up_a_row_that_keeps_killing_its_process() -> None:
    row = claimed(attempts=Message.most_attempts - 1)
    rows.update(lease_until=now() - timedelta(seconds=1))

    rows.sweep()

    assert state(row) == DueState.DEAD


def test_late_rows_are_the_open_ones() -> None:
    moment = now()
    late = make.message(due_at=moment - timedelta(minutes=10))
    make.message(due_at=moment - timedelta(minutes=1))
    make.message(due_at=moment - timedelta(minutes=10), state=DueState.DONE)

    assert list(rows.late(now=moment, by=timedelta(minutes=5))) == [late]


# -- back-off and constraints -----------------------------------------------------------------------------------------


def test_backoff_doubles_under_its_cap_with_full_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duework.random, "random", lambda: 1.0)
    longest = [backoff(attempts).total_seconds() for attempts in (1, 2, 3, 20, 1000)]
    monkeypatch.setattr(duework.random, "random", lambda: 0.0)
    shortest = backoff(10).total_seconds()

    assert longest == [15, 30, 60, LONGEST_RETRY.total_seconds(), LONGEST_RETRY.total_seconds()]
    assert shortest == 1


def test_backoff_heeds_what_the_other_side_asks_for() -> None:
    assert backoff(1, retry_after=timedelta(hours=2)) == timedelta(hours=2)


def test_claimed_row_without_a_lease_is_refused() -> None:
    with pytest.raises(IntegrityError, match="message_lease_iff_claimed"), transaction.atomic():
        make.message(state=DueState.CLAIMED)
