"""The verbs of the calendar. Every one checks the right and the state itself, writes the history, and keeps the
reminders of a delivery in step with it in one transaction.

The row of a post is the lock of the post and of all its deliveries.
"""

from calendar_app.errors import MatrixError, MovedError, PostError, PublishError, ScheduleError
from calendar_app.services.campaigns import CampaignFacts, create_campaign, delete_campaign, edit_campaign
from calendar_app.services.deliveries import (
    mark_published,
    move_delivery,
    schedule_delivery,
    unmark_published,
    unschedule_delivery,
)
from calendar_app.services.kinds import create_content_kind, delete_content_kind, edit_content_kind
from calendar_app.services.matrix import fill_matrix, set_matrix
from calendar_app.services.posts import When, create_post, delete_post, edit_post, restore_post
from calendar_app.services.zones import recompute_times

__all__ = [
    "CampaignFacts",
    "MatrixError",
    "MovedError",
    "PostError",
    "PublishError",
    "ScheduleError",
    "When",
    "create_campaign",
    "create_content_kind",
    "create_post",
    "delete_campaign",
    "delete_content_kind",
    "delete_post",
    "edit_campaign",
    "edit_content_kind",
    "edit_post",
    "fill_matrix",
    "mark_published",
    "move_delivery",
    "recompute_times",
    "restore_post",
    "schedule_delivery",
    "set_matrix",
    "unmark_published",
    "unschedule_delivery",
]
