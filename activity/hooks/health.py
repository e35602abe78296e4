"""How an endpoint fares: what came of each call is noted, and one that has failed for long is switched off."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from activity.messages import post_messages
from activity.models import Attempt, Endpoint, Kind, Message, OffReason
from activity.rules.retrying import Outcome, is_hopeless
from activity.services import record
from core.duework import backoff
from teams.models import Membership
from teams.rules import Role


@transaction.atomic
def settle(*, message: Message, number: str, outcome: Outcome, now: datetime) -> None:
    """Notes what came of sending a claimed message, on the message and on its endpoint, and writes the log."""
    endpoint = Endpoint.objects.select_for_update(of=("self",)).filter(messages=message).first()
    if endpoint is None:  # deleted meanwhile, with its messages
        return
    log(endpoint=endpoint, number=number, kind=message.kind, outcome=outcome, now=now)
    if outcome.got_through:
        Message.objects.finish(message)
        _recover(endpoint)
    elif outcome.is_gone:
        Message.objects.bury(message, error=outcome.error)
        switch_off(endpoint=endpoint, reason=OffReason.GONE, error=outcome.error, now=now)
    else:
        _fail(endpoint, message, outcome, now)


def log(*, endpoint: Endpoint, number: str, kind: str, outcome: Outcome, now: datetime) -> Attempt:
    return Attempt.objects.create(
        endpoint=endpoint, number=number, kind=kind, at=now, status=outcome.status, answer=outcome.answer,
        milliseconds=outcome.milliseconds, error=outcome.error[:300],
    )  # fmt: skip


def _recover(endpoint: Endpoint) -> None:
    if endpoint.failures:
        endpoint.failures, endpoint.failing_since, endpoint.quiet_until = 0, None, None
        endpoint.save(update_fields=["failures", "failing_since", "quiet_until"])


def _fail(endpoint: Endpoint, message: Message, outcome: Outcome, now: datetime) -> None:
    """Tries again later. One wait holds for the whole endpoint when it is unwell: its other messages stand back."""
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    wait = backoff(endpoint.failures, retry_after=outcome.retry_after)
    if outcome.is_unwell:
        endpoint.quiet_until = now + wait
    endpoint.save(update_fields=["failures", "failing_since", "quiet_until"])
    Message.objects.retry(message, error=outcome.error, retry_after=wait if outcome.is_unwell else outcome.retry_after)
    if is_hopeless(failures=endpoint.failures, failing_since=endpoint.failing_since, now=now):
        switch_off(endpoint=endpoint, reason=OffReason.FAILING, error=outcome.error, now=now)


def switch_off(*, endpoint: Endpoint, reason: OffReason, error: str, now: datetime) -> None:
    """Sextant itself switches an endpoint off, drops what waits for it, and tells the admins. Twice is once."""
    if not endpoint.is_on:
        return
    endpoint.off_reason, endpoint.off_at = reason, now
    endpoint.save(update_fields=["off_reason", "off_at"])
    endpoint.messages.cancel()
    record(
        by=None, verb="activity.endpoint_disabled", target=endpoint, workspace=endpoint.workspace,
        after={"off_reason": reason.value, "error": error},
    )  # fmt: skip
    _tell_admins(endpoint, error, now)


def _tell_admins(endpoint: Endpoint, error: str, now: datetime) -> None:
    url = reverse("endpoint_detail", kwargs={"workspace": endpoint.workspace.slug, "pk": endpoint.pk})
    context = {
        "name": endpoint.name, "host": endpoint.host, "reason": endpoint.off_reason, "error": error,
        "since": endpoint.failing_since or now,
    }  # fmt: skip
    admins = Membership.objects.filter(workspace=endpoint.workspace, role=Role.ADMIN).select_related("user")
    post_messages(
        to=[admin.user for admin in admins.order_by("pk")], kind=Kind.WEBHOOK, about=endpoint, brand=None, due_at=now,
        version=int(now.timestamp() * 1000), workspace=endpoint.workspace, url=url,
        template="activity/messages/webhook_off", context=context,
    )  # fmt: skip
