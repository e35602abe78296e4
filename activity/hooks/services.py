"""What admins do with webhooks."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activity.hooks import calls, health
from activity.models import Attempt, Endpoint, EndpointBrand, OffReason
from activity.rules import signing
from activity.rules.payloads import Telling
from activity.services import changes, record, ref
from core import outbound
from core.errors import Refusal
from core.models import same_words
from teams.access import require
from teams.models import Brand, User, Workspace
from teams.rules import Permission

MOST = 20  # endpoints of one workspace
BOTH_SECRETS = timedelta(hours=24)  # that the old one signs beside the new one


class WebhookError(Refusal):
    """A webhook cannot be set up, changed or tried like this."""


@transaction.atomic
def add_endpoint(
    *,
    workspace: Workspace,
    name: str,
    url: str,
    format: str,  # noqa: A002 -- the word of the form and the model
    language: str,
    kinds: Collection[str],
    brands: Iterable[Brand] = (),
    by: User,
    now: datetime,
) -> Endpoint:
    """Tells another service from now on. The secret is to be shown once, to whoever added it.

    Raises WebhookError when the address is not a safe one, the name is taken, or there are too many.
    """
    require(by, Permission.MANAGE_MESSAGES, workspace)
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    if Endpoint.objects.filter(workspace=workspace).count() >= MOST:
        raise WebhookError(_("A workspace has 20 webhooks at most. Delete one first."))
    endpoint = Endpoint(workspace=workspace, secret=signing.new_secret(), created_at=now)
    endpoint.name, endpoint.format, endpoint.language, endpoint.kinds = name, format, language, list(kinds)
    wanted = _brands(endpoint, brands)
    _set_url(endpoint, url)
    _require_free(endpoint)
    endpoint.save()
    _limit(endpoint, wanted)
    record(by=by, verb="activity.endpoint_created", target=endpoint, workspace=workspace, after=_noted(endpoint))
    return endpoint


@transaction.atomic
def edit_endpoint(
    *,
    endpoint: Endpoint,
    name: str,
    url: str,
    format: str,  # noqa: A002
    language: str,
    kinds: Collection[str],
    brands: Iterable[Brand] = (),
    version: int | None = None,
    by: User,
) -> Endpoint:
    """Changes what it is told, how and where. Without `url` the address stays.

    Raises StaleError when somebody else saved it since `version`, WebhookError as add_endpoint does.
    """
    endpoint = _locked(endpoint, by)
    endpoint.require_version(version)
    before = _noted(endpoint)
    endpoint.name, endpoint.format, endpoint.language, endpoint.kinds = name, format, language, list(kinds)
    wanted = _brands(endpoint, brands)
    if url:
        _set_url(endpoint, url)
    _require_free(endpoint)
    endpoint.version += 1
    endpoint.save()
    _limit(endpoint, wanted)
    was, becomes = changes(before, _noted(endpoint))
    if url or becomes:
        record(
            by=by, verb="activity.endpoint_edited", target=endpoint, workspace=endpoint.workspace, before=was,
            after=becomes,
        )  # fmt: skip
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint: Endpoint, by: User, now: datetime) -> Endpoint:
    """A new secret, to be shown once. The one before it signs beside it for a day, so that nothing is refused."""
    endpoint = _locked(endpoint, by)
    endpoint.old_secret, endpoint.old_secret_until = str(endpoint.secret), now + BOTH_SECRETS
    endpoint.secret = signing.new_secret()
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(by=by, verb="activity.endpoint_secret_rotated", target=endpoint, workspace=endpoint.workspace)
    return endpoint


@transaction.atomic
def enable_endpoint(*, endpoint: Endpoint, by: User) -> None:
    """Tells it again, with a clean slate, of what happens from now on."""
    endpoint = _locked(endpoint, by)
    if endpoint.is_on:
        return
    endpoint.off_reason, endpoint.off_at = "", None
    endpoint.failures, endpoint.failing_since, endpoint.quiet_until = 0, None, None
    endpoint.save(update_fields=["off_reason", "off_at", "failures", "failing_since", "quiet_until"])
    record(by=by, verb="activity.endpoint_enabled", target=endpoint, workspace=endpoint.workspace)


@transaction.atomic
def disable_endpoint(*, endpoint: Endpoint, by: User, now: datetime) -> None:
    """Tells it nothing any more, nor what was on its way."""
    endpoint = _locked(endpoint, by)
    if not endpoint.is_on:
        return
    endpoint.off_reason, endpoint.off_at = OffReason.PERSON, now
    endpoint.save(update_fields=["off_reason", "off_at"])
    endpoint.messages.cancel()
    record(by=by, verb="activity.endpoint_disabled", target=endpoint, workspace=endpoint.workspace)


@transaction.atomic
def delete_endpoint(*, endpoint: Endpoint, by: User) -> None:
    """Forgets it, with its secret, its log and what was on its way."""
    endpoint = _locked(endpoint, by)
    record(
        by=by, verb="activity.endpoint_deleted", target=endpoint, workspace=endpoint.workspace,
        before=_noted(endpoint),
    )  # fmt: skip
    endpoint.delete()


def try_endpoint(*, endpoint: Endpoint, by: User, now: datetime) -> Attempt:
    """Sends a message that says it is a test, at once, and answers how that went. One that is off is tried as well.

    Takes as long as the service does, ten seconds at most.
    """
    require(by, Permission.MANAGE_MESSAGES, endpoint.workspace)
    call = calls.write(_test(endpoint, now), endpoint, number=f"msg_test_{uuid.uuid4().hex}", now=now)
    outcome = calls.make(call, now=now)
    attempt = health.log(endpoint=endpoint, number=call.number, kind="", outcome=outcome, now=now)
    record(
        by=by, verb="activity.endpoint_tested", target=endpoint, workspace=endpoint.workspace,
        after={"answer": outcome.status, "error": outcome.error},
    )  # fmt: skip
    return attempt


# -- parts ------------------------------------------------------------------------------------------------------------


def _locked(endpoint: Endpoint, by: User) -> Endpoint:
    require(by, Permission.MANAGE_MESSAGES, endpoint.workspace)
    return Endpoint.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=endpoint.pk)


def _set_url(endpoint: Endpoint, url: str) -> None:
    """The address lets whoever knows it write there, so that it may not travel in the open."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not outbound.is_allowed_by_operator(url):
        raise WebhookError(
            _("The address must begin with https://: what is told would travel in the open."), field="url"
        )
    if "@" in parts.netloc:
        raise WebhookError(_("Leave the user name out of the address."), field="url")
    endpoint.url, endpoint.host = url, parts.netloc[:260]


def _require_free(endpoint: Endpoint) -> None:
    others = Endpoint.objects.filter(same_words("name", endpoint.name), workspace=endpoint.workspace_id)
    if others.exclude(pk=endpoint.pk).exists():
        raise WebhookError(_("This workspace already has a webhook of that name."), field="name")


def _brands(endpoint: Endpoint, brands: Iterable[Brand]) -> list[Brand]:
    wanted = list(brands)
    if any(brand.workspace_id != endpoint.workspace_id for brand in wanted):
        raise WebhookError(_("Choose brands of this workspace."), field="brands")
    endpoint.is_limited = bool(wanted)
    return wanted


def _limit(endpoint: Endpoint, brands: Iterable[Brand]) -> None:
    endpoint.limits.all().delete()
    EndpointBrand.objects.bulk_create(
        EndpointBrand(workspace_id=endpoint.workspace_id, endpoint=endpoint, brand=brand) for brand in brands
    )


def _noted(endpoint: Endpoint) -> dict[str, Any]:
    """What the history says of it: never the address, only its host."""
    limits = EndpointBrand.objects.filter(endpoint=endpoint).order_by("brand__name")
    return {
        "name": endpoint.name, "format": endpoint.format, "language": endpoint.language, "host": endpoint.host,
        "kinds": sorted(endpoint.kinds), "brands": list(limits.values_list("brand__name", flat=True)),
    }  # fmt: skip


def _test(endpoint: Endpoint, now: datetime) -> Telling:
    path = reverse("endpoint_detail", kwargs={"workspace": endpoint.workspace.slug, "pk": endpoint.pk})
    with translation.override(endpoint.language):
        title = _now("A test from Sextant")
        text = _now("It works: “%(name)s” will be told here what you have chosen.") % {"name": endpoint.name}
    return Telling(
        kind="test", title=title, text=text, link=f"{settings.SITE_URL}{path}", link_words=calls.link_words(endpoint),
        place=endpoint.workspace.name, workspace=endpoint.workspace.slug, brand=None, about=ref(endpoint), due_at=now,
        sent_at=now,
    )  # fmt: skip
