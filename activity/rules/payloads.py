"""What is told, in the shape that each service takes. Pure: a telling in, JSON out."""

import bisect
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One thing that happened, in the words and the language of the endpoint.

    `text` may be empty; `link` is where it stands in Sextant, `link_words` what that is called; `place` names the brand
    or the workspace. `about` is how the history names the thing ("delivery:17").
    """

    kind: str
    title: str
    text: str
    link: str
    link_words: str
    place: str
    workspace: str
    brand: str | None
    about: str
    due_at: datetime
    sent_at: datetime

    @property
    def words(self) -> str:
        """The text without the lines that only repeat the link, which stands apart."""
        lines = [line for line in self.text.splitlines() if line.strip() != self.link]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def short(text: str, most: int) -> str:
    """No longer than `most` characters, with an ellipsis where something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def short_units(text: str, most: int) -> str:
    """Like `short`, for services that count as JavaScript does: a character beyond the first 65,536 counts twice."""
    sizes = list(itertools.accumulate(2 if ord(letter) > 0xFFFF else 1 for letter in text))
    if not sizes or sizes[-1] <= most:
        return text
    return text[: bisect.bisect_right(sizes, most - 1)].rstrip() + "…"


# -- Sextant's own ----------------------------------------------------------------------------------------------------


def sextant(telling: Telling) -> Payload:
    """As Standard Webhooks recommends: what it is, when it happened, and the data.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
    """
    return {
        "type": f"notice.{telling.kind}",
        "timestamp": telling.due_at.isoformat(),
        "data": {
            "title": telling.title,
            "text": telling.words,
            "url": telling.link,
            "about": telling.about,
            "workspace": telling.workspace,
            "brand": telling.brand,
            "due_at": telling.due_at.isoformat(),
            "sent_at": telling.sent_at.isoformat(),
        },
    }


# -- Slack ------------------------------------------------------------------------------------------------------------

SLACK_HEADER, SLACK_SECTION, SLACK_CONTEXT, SLACK_TEXT = 150, 3000, 2000, 4000


def slack(telling: Telling) -> Payload:
    """An incoming webhook of Slack: blocks, and the same as text for notifications.

    Only &, < and > have a meaning that must be taken from them; plain text objects know no formatting at all.
    https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
    https://docs.slack.dev/messaging/formatting-message-text#escaping
    https://docs.slack.dev/reference/block-kit/blocks/header-block (150 characters) and …/section-block (3000)
    """
    blocks: list[Payload] = [{"type": "header", "text": _plain(telling.title, SLACK_HEADER)}]
    if telling.words:
        blocks.append({"type": "section", "text": _plain(telling.words, SLACK_SECTION)})
    link = f"<{_slack_url(telling.link)}|{slack_escape(telling.link_words)}>"
    blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": link}})
    blocks.append({"type": "context", "elements": [_plain(telling.place, SLACK_CONTEXT)]})
    return {"text": short(slack_escape(short(telling.title, SLACK_SECTION)), SLACK_TEXT), "blocks": blocks}


def _plain(text: str, most: int) -> Payload:
    return {"type": "plain_text", "text": short_units(text, most), "emoji": False}


def slack_escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_url(url: str) -> str:
    return slack_escape(url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E"))


# -- Discord ----------------------------------------------------------------------------------------------------------

DISCORD_TITLE, DISCORD_DESCRIPTION, DISCORD_FOOTER = 256, 4096, 1024  # together under the 6,000 of one message
_DISCORD_MARKS = re.compile(r"([\\*_~`|\[\]()#>\-<@:])")
BRASS = 0x8A5A13


def discord(telling: Telling) -> Payload:
    """A webhook of Discord: one embed. Nobody is mentioned, whatever the words are.

    https://docs.discord.com/developers/resources/webhook#execute-webhook
    https://docs.discord.com/developers/resources/message#embed-object-embed-limits
    """
    embed = {
        "title": discord_escape(telling.title, DISCORD_TITLE),
        "description": discord_escape(telling.words, DISCORD_DESCRIPTION),
        "url": telling.link,
        "color": BRASS,
        "timestamp": telling.due_at.isoformat(),
        "footer": {"text": short_units(telling.place, DISCORD_FOOTER)},
    }
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def discord_escape(text: str, most: int) -> str:
    """Without Markdown, and not longer than `most` with the backslashes; none is cut from what it stands before.

    Addresses stay as they are, so that they can be opened.
    """
    parts = re.split(r"(https?://\S+)", text)
    whole = "".join(part if number % 2 else _DISCORD_MARKS.sub(r"\\\1", part) for number, part in enumerate(parts))
    if short_units(whole, most) == whole:
        return whole
    cut = short_units(whole, most).removesuffix("…")
    backslashes = len(cut) - len(cut.rstrip("\\"))
    return (cut[:-1] if backslashes % 2 else cut) + "…"


# -- Microsoft Teams --------------------------------------------------------------------------------------------------

TEAMS_TITLE, TEAMS_TEXT = 300, 6000  # characters of up to four bytes: under the 28 KB of one message


def teams(telling: Telling) -> Payload:
    """A webhook of a Teams workflow: a message with one Adaptive Card.

    Text runs know no Markdown, so that nothing needs escaping.
    https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    https://adaptivecards.io/explorer/TextRun.html
    """
    body = [_run(telling.title, TEAMS_TITLE, weight="Bolder", size="Medium")]
    body += [_run(part, TEAMS_TEXT) for part in short(telling.words, TEAMS_TEXT).split("\n\n") if part.strip()]
    body.append(_run(telling.place, TEAMS_TITLE, isSubtle=True, size="Small"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": telling.link_words, "url": telling.link}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _run(text: str, most: int, **looks: Any) -> Payload:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": short(text, most), **looks}]}


SHAPES: Mapping[str, Callable[[Telling], Payload]] = {
    "sextant": sextant,
    "slack": slack,
    "discord": discord,
    "teams": teams,
}
