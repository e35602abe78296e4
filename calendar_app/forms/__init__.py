"""The forms of the calendar."""

from calendar_app.forms.campaigns import CampaignForm
from calendar_app.forms.filters import Choice, DayForm, FilterForm, WindowForm
from calendar_app.forms.kinds import ContentKindForm
from calendar_app.forms.matrix import MatrixForm, PresetForm, SpanForm
from calendar_app.forms.posts import PostForm
from calendar_app.forms.times import MoveForm, PublishForm, ScheduleForm, VersionForm

__all__ = [
    "CampaignForm",
    "Choice",
    "ContentKindForm",
    "DayForm",
    "FilterForm",
    "MatrixForm",
    "MoveForm",
    "PostForm",
    "PresetForm",
    "PublishForm",
    "ScheduleForm",
    "SpanForm",
    "VersionForm",
    "WindowForm",
]
