"""Who did what, and when somebody was last here."""

import pgtrigger
from django.db import models
from django.utils import timezone

from core.constraints import SameBorder
from teams.models import ERASED_WORKSPACE, FORGOTTEN_PERSON, Brand, User, Workspace

_GONE_WITH_ITS_WORKSPACE = f"""
    IF OLD.workspace_id::text = current_setting('{ERASED_WORKSPACE}', true) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the history loses no line';
"""
_FORGETS_A_PERSON = f"""
    IF current_setting('{FORGOTTEN_PERSON}', true) <> '' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the history is not rewritten';
"""


class Event(models.Model):
    """One thing that somebody did: a line of the history.

    The database refuses to change or delete it. Only a person who is deleted leaves their deeds, and loses their name
    in the words of others (`activity.forgetting`); and a workspace that is deleted takes its history with it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="events")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="events")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # null: Sextant, or somebody who left
    is_automatic = models.BooleanField(default=False)  # by Sextant itself
    verb = models.CharField(max_length=60)  # "<room>.<noun>_<participle>", for example "calendar.delivery_scheduled"
    target = models.CharField(max_length=80)  # "<model>:<id>", for example "delivery:17"
    about = models.CharField(max_length=80)  # the thing with a page of its own whose history it stands in: "post:3"
    label = models.CharField(max_length=200)  # what the thing was called then
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-at", "-id"], name="event_brand_at"),
            models.Index(fields=["workspace", "-at", "-id"], name="event_workspace_at"),
            models.Index(fields=["about", "-at", "-id"], name="event_about_at"),
        ]
        constraints = [SameBorder("workspace", "brand", name="event_brand_same_workspace")]
        triggers = [
            pgtrigger.Protect(
                name="no_update",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["by", "label", "before", "after"]),
            ),
            pgtrigger.Protect(
                name="by_is_only_forgotten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__by__df=pgtrigger.F("new__by"), new__by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="words_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("label", "before", "after"),
                func=_FORGETS_A_PERSON,
            ),
            pgtrigger.Trigger(
                name="no_delete", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_GONE_WITH_ITS_WORKSPACE
            ),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the history loses no line';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class Visit(models.Model):
    """When a person last looked at the home of a brand: `seen_at` in this sitting, `before_at` at the end of the one
    before. What changed since then is told there; nothing else is made of it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)  # null: this is the first

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "user"], name="visit_unique"),
            models.CheckConstraint(
                condition=models.Q(before_at__lt=models.F("seen_at")), name="visit_before_is_earlier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.brand_id}"
