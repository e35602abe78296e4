"""Verbs of a campaign: posts with common dates, a purpose and a name in their links."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from calendar_app.errors import PostError
from calendar_app.services.aims import locked_brand, require_unaimed
from core.models import same_words
from plans.models import Campaign, Target
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission, numbered, slug_of

FACTS = ("name", "purpose", "starts_on", "ends_on", "budget", "utm_name", "color")
LONGEST_MADE = 50  # of a name in links, so that a number still fits behind it


class CampaignFacts(TypedDict):
    name: str
    purpose: str
    starts_on: date
    ends_on: date
    budget: Decimal | None
    utm_name: str
    color: int


@transaction.atomic
def create_campaign(*, brand: Brand, by: User, now: datetime, **facts: Unpack[CampaignFacts]) -> Campaign:
    """Open a campaign. Without a name in links it gets one from its name. Raises PostError."""
    require(by, Permission.WRITE_POST, brand)
    campaign = Campaign(brand=locked_brand(brand), created_at=now, **facts)
    _settle(campaign)
    campaign.save()
    record(by=by, verb="calendar.campaign_created", target=campaign, brand=brand, after=_facts(campaign))
    return campaign


@transaction.atomic
def edit_campaign(*, campaign: Campaign, by: User, version: int | None, **facts: Unpack[CampaignFacts]) -> Campaign:
    """Change a campaign. Raises PostError, and StaleError when somebody else was faster."""
    require(by, Permission.WRITE_POST, campaign.brand)
    brand = locked_brand(campaign.brand)
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    campaign.brand = brand
    campaign.require_version(version)
    before = _facts(campaign)
    for name, value in facts.items():
        setattr(campaign, name, value)
    _settle(campaign)
    old, new = changes(before, _facts(campaign))
    if new:
        campaign.version += 1
        campaign.save(update_fields=["version", *FACTS])
        record(by=by, verb="calendar.campaign_edited", target=campaign, brand=brand, before=old, after=new)
    return campaign


@transaction.atomic
def delete_campaign(*, campaign: Campaign, by: User) -> None:
    """Delete a campaign. Its posts stay, without one. Raises PostError while the target of a goal names it."""
    require(by, Permission.WRITE_POST, campaign.brand)
    brand = locked_brand(campaign.brand)
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    require_unaimed(Target.objects.filter(campaign=campaign))
    record(by=by, verb="calendar.campaign_deleted", target=campaign, brand=brand, before=_facts(campaign))
    campaign.delete()


def _settle(campaign: Campaign) -> None:
    """Its name in links is made where there is none; everything else is checked."""
    others = Campaign.objects.for_brand(campaign.brand).exclude(pk=campaign.pk)
    if others.filter(same_words("name", campaign.name)).exists():
        raise PostError(_("This brand already has a campaign of that name."), field="name")
    if campaign.ends_on < campaign.starts_on:
        raise PostError(_("A campaign cannot end before it starts."), field="ends_on")
    if campaign.budget is not None and campaign.budget < 0:
        raise PostError(_("A budget is zero or more."), field="budget")
    taken = set(others.values_list("utm_name", flat=True))
    if campaign.utm_name in taken and campaign.utm_name:
        raise PostError(_("Another campaign has this name in its links."), field="utm_name")
    made = slug_of(campaign.name)[:LONGEST_MADE].strip("-") or "campaign"
    campaign.utm_name = campaign.utm_name or numbered(made, taken)


def _facts(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in FACTS}
