"""Who did what, and how each person, and each service that listens, gets to know."""

from activity.models.endpoints import Attempt, Endpoint, EndpointBrand, Format, OffReason
from activity.models.events import Event, Visit
from activity.models.messages import Heartbeat, Message, Notification
from activity.models.preferences import TO_PEOPLE, Channel, Hours, Kind, Preference, Way

__all__ = [
    "TO_PEOPLE", "Attempt", "Channel", "Endpoint", "EndpointBrand", "Event", "Format", "Heartbeat", "Hours", "Kind",
    "Message", "Notification", "OffReason", "Preference", "Visit", "Way",
]  # fmt: skip
