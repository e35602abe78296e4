"""Says to the admins of a workspace that an account's figures cannot be fetched."""

from datetime import datetime

from django.urls import reverse

from activity.messages import post_messages
from activity.models import Kind
from analytics.models import Pull
from audits.models import SocialAccount
from networks.connectors import AuthRefused, ConnectorError
from teams.models import Membership
from teams.rules import Role


def tell_admins(*, pull: Pull, account: SocialAccount, error: ConnectorError, now: datetime) -> None:
    """One message to each admin, in the caller's transaction."""
    brand = account.brand
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    url = reverse("account_figures", kwargs={**place, "pk": account.pk})
    context = {
        "network": account.network.name, "handle": account.handle, "reason": type(error).__name__,
        "must_connect": isinstance(error, AuthRefused),
    }  # fmt: skip
    admins = Membership.objects.for_brand(brand).filter(role=Role.ADMIN).select_related("user")
    post_messages(
        to=[member.user for member in admins], kind=Kind.PULL, about=account, version=pull.pk, brand=brand, due_at=now,
        url=url, template="analytics/messages/pull_failed", context=context,
    )  # fmt: skip
