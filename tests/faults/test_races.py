"""Whoever edits, cancels or moves a post wins against whoever is about to tell of it."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from activity import letters, messages
from activity.models import Channel, Message, Notification
from calendar_app import services
from calendar_app.models import Delivery, Post
from core.duework import DueState, database_now
from teams.models import User
from teams.rules import Role
from tests import make
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ROUNDS, ACCOUNTS = 200, 5
YESTERDAY = timedelta(days=1)


class Desk:
    """Posts on five accounts each, planned for a time that has just come: what reminds of them is due."""

    def __init__(self) -> None:
        self.brand = make.brand(time_zone="UTC")
        self.editor: User = make.person(Role.EDITOR, brand=self.brand)
        self.accounts = [make.account(brand=self.brand) for _ in range(ACCOUNTS)]

    def plan(self, number: int) -> Post:
        now = datetime.now(UTC)
        post = make.post(brand=self.brand, assignee=self.editor, remind_minutes=0, text=f"old words {number}")
        at = now.replace(second=0, microsecond=0)
        for account in self.accounts:
            delivery = make.delivery(account=account, post=post)
            services.schedule_delivery(
                delivery=delivery, day=at.date(), clock=at.time(), by=self.editor, now=now - YESTERDAY
            )
        return post

    def edit(self, post: Post) -> None:
        services.edit_post(
            post=post, by=self.editor, now=datetime.now(UTC), version=None, text=post.text.replace("old", "new")
        )

    def cancel(self, post: Post) -> None:
        services.delete_post(post=post, by=self.editor, now=datetime.now(UTC))

    def move(self, post: Post) -> None:
        later = datetime.now(UTC) + YESTERDAY
        for delivery in post.deliveries.all():
            services.move_delivery(
                delivery=delivery, day=later.date(), clock=later.time(), by=self.editor, now=datetime.now(UTC)
            )


@contextmanager
def draining() -> Iterator[None]:
    """Somebody looks for what is due again and again, meanwhile."""
    end = threading.Event()

    def drain() -> None:
        while not end.is_set():
            messages.drain(now=database_now())
        connections.close_all()

    thread = threading.Thread(target=drain)
    thread.start()
    yield
    end.set()
    thread.join()


def test_no_message_tells_of_what_was_canceled_or_changed(posted: MailSink) -> None:
    """The one mail that was on its way when the act came may still arrive, as it would had the act come a moment later;
    none sets out after it."""
    desk, chance = Desk(), random.Random(7)
    acts: list[Callable[[Post], None]] = [desk.edit, desk.cancel, desk.move]
    posted.pause = 0.004

    with draining():
        for number in range(ROUNDS):
            post = desk.plan(number)
            threading.Event().wait(chance.random() * 0.05)
            acts[number % 3](post)
    messages.drain(now=database_now())

    mails = Message.objects.filter(channel=Channel.EMAIL)
    canceled = {letters.message_id(row.key): row for row in mails.filter(state=DueState.CANCELED)}
    on_their_way = Counter(Delivery.objects.get(pk=canceled[name].about.partition(":")[2]).post_id
                           for name in posted.times if name in canceled)  # fmt: skip
    done = {letters.message_id(row.key) for row in mails.filter(state=DueState.DONE)}
    listed = Message.objects.filter(channel=Channel.IN_APP, state=DueState.DONE)
    assert min(len(canceled), len(done)) > ROUNDS  # it was a race
    assert set(on_their_way.values()) <= {1}
    assert done == set(posted.times) - set(canceled)
    assert posted.doubled == 0
    assert set(Notification.objects.values_list("message", flat=True)) == set(listed.values_list("pk", flat=True))
    assert Message.objects.filter(state__in=("waiting", "claimed"), due_at__lt=database_now()).count() == 0
