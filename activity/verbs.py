"""What was done, in words. A verb is "<room>.<noun>_<participle>"; each noun and participle is known here once."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROOMS: Mapping[str, str | Promise] = {
    "plans": _("Goals and plan"),
    "personas": _("Personas"),
    "audits": _("Audits and accounts"),
    "calendar": _("Calendar"),
    "analytics": _("Results"),
    "surveys": _("Surveys"),
    "teams": _("Team and brand"),
    "activity": _("Messages and webhooks"),
}

THINGS: Mapping[str, str | Promise] = {
    "workspace": _("the workspace %(name)s"),
    "brand": _("the brand %(name)s"),
    "membership": _("the member %(name)s"),
    "member": _("the member %(name)s"),
    "invitation": _("the invitation of %(name)s"),
    "persona": _("the persona %(name)s"),
    "persona_channel": _("the habits of the persona %(name)s"),
    "channel": _("the habits of the persona %(name)s"),
    "words": _("the own words of %(name)s"),
    "account": _("the account %(name)s"),
    "social_account": _("the account %(name)s"),
    "connection": _("the connection of %(name)s"),
    "audit": _("the audit %(name)s"),
    "review": _("the review of %(name)s"),
    "account_review": _("the review of %(name)s"),
    "objective": _("the business objective %(name)s"),
    "business_objective": _("the business objective %(name)s"),
    "plan": _("the plan %(name)s"),
    "plan_share": _("the shared link for %(name)s"),
    "goal": _("the goal %(name)s"),
    "target": _("the target %(name)s"),
    "check_in": _("a check-in on the goal %(name)s"),
    "content_kind": _("the content type %(name)s"),
    "campaign": _("the campaign %(name)s"),
    "matrix": _("the content matrix of %(name)s"),
    "post": _("the post %(name)s"),
    "delivery": _("the post %(name)s"),
    "figures": _("the figures of %(name)s"),
    "observation": _("the figures of %(name)s"),
    "csv_import": _("the file %(name)s"),
    "import": _("the file %(name)s"),
    "pull": _("the figures of %(name)s"),
    "endpoint": _("the webhook %(name)s"),
    "section": _("what the plan says about %(name)s"),
    "revision": _("an earlier revision of the plan %(name)s"),
    "survey": _("the survey %(name)s"),
    "question": _("a question of the survey %(name)s"),
    "response": _("an answer to the survey %(name)s"),
}

DEEDS: Mapping[str, str | Promise] = {
    "created": _("%(person)s created %(thing)s"),
    "added": _("%(person)s added %(thing)s"),
    "edited": _("%(person)s changed %(thing)s"),
    "changed": _("%(person)s changed %(thing)s"),
    "updated": _("%(person)s changed %(thing)s"),
    "deleted": _("%(person)s deleted %(thing)s"),
    "removed": _("%(person)s removed %(thing)s"),
    "restored": _("%(person)s restored %(thing)s"),
    "opened": _("%(person)s opened %(thing)s"),
    "started": _("%(person)s started %(thing)s"),
    "closed": _("%(person)s closed %(thing)s"),
    "reopened": _("%(person)s opened %(thing)s again"),
    "reviewed": _("%(person)s reviewed %(thing)s"),
    "connected": _("%(person)s connected %(thing)s"),
    "disconnected": _("%(person)s disconnected %(thing)s"),
    "refused": _("%(person)s found that the network refuses %(thing)s"),
    "scheduled": _("%(person)s scheduled %(thing)s"),
    "moved": _("%(person)s moved %(thing)s"),
    "rescheduled": _("%(person)s moved %(thing)s"),
    "unscheduled": _("%(person)s took %(thing)s off the calendar"),
    "published": _("%(person)s marked %(thing)s as published"),
    "unpublished": _("%(person)s marked %(thing)s as not published"),
    "entered": _("%(person)s entered %(thing)s"),
    "imported": _("%(person)s imported %(thing)s"),
    "requested": _("%(person)s asked for %(thing)s"),
    "fetched": _("%(person)s fetched %(thing)s"),
    "evaluated": _("%(person)s evaluated %(thing)s"),
    "sent": _("%(person)s sent %(thing)s"),
    "accepted": _("%(person)s accepted %(thing)s"),
    "revoked": _("%(person)s revoked %(thing)s"),
    "canceled": _("%(person)s canceled %(thing)s"),
    "joined": _("%(person)s joined as %(thing)s"),
    "left": _("%(person)s left: %(thing)s"),
    "enabled": _("%(person)s switched %(thing)s on"),
    "disabled": _("%(person)s switched %(thing)s off"),
    "tested": _("%(person)s sent a test to %(thing)s"),
}

SPECIAL: Mapping[str, str | Promise] = {
    "teams.member_joined": _("%(person)s joined the workspace"),
    "teams.member_left": _("%(person)s left the workspace"),
    "teams.member_removed": _("%(person)s removed %(name)s from the workspace"),
    "teams.member_changed": _("%(person)s changed what %(name)s may do"),
    "teams.workspace_exported": _("%(person)s took a copy of everything in the workspace"),
    "teams.invitation_sent": _("%(person)s invited %(name)s"),
    "activity.messages_retried": _("%(person)s had messages sent again that had not got through"),
    "activity.messages_discarded": _("%(person)s discarded messages that had not got through"),
    "analytics.pull_discarded": _("%(person)s gave up the fetch of the figures of %(name)s"),
    "activity.endpoint_secret_rotated": _("%(person)s made a new secret for the webhook %(name)s"),
    "plans.plan_published": _("%(person)s published the plan %(name)s"),
    "plans.revision_call_taken": _("%(person)s took up a call for a revision: %(name)s"),
    "plans.revision_call_dismissed": _("%(person)s dismissed a call for a revision: %(name)s"),
    "plans.goal_status_changed": _("The status of the goal %(name)s changed"),
}
SEXTANT = pgettext_lazy("who did it", "Sextant")
LEFT = pgettext_lazy("who did it", "Somebody who left")


def sentence(verb: str, *, person: str, label: str) -> str:
    """One line of the history, in the reader's language. An unknown verb is told as it stands."""
    name = _now("“%(words)s”") % {"words": label or LEFT}
    who = person or str(SEXTANT)
    if verb in SPECIAL:
        return str(SPECIAL[verb]) % {"person": who, "name": name}
    noun, _underscore, participle = verb.partition(".")[2].rpartition("_")
    thing = str(THINGS.get(noun, "%(name)s")) % {"name": name}
    if participle in DEEDS:
        return str(DEEDS[participle]) % {"person": who, "thing": thing}
    return f"{who}: {verb.partition('.')[2].replace('_', ' ')} {name}"
