"""Webhooks without a network: shapes, signatures, and what an answer means."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.rules import payloads, signing
from activity.rules.payloads import SHAPES, Telling, discord_escape, short_units
from activity.rules.retrying import LONGEST_WAIT, Outcome, asked_wait, is_hopeless

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINK = "https://sextant.example/w/acme/?a=1&b=2"


def telling(**values: Any) -> Telling:
    fields = {
        "kind": "reminder", "title": "Publish now", "text": f"Fresh beans\n\n{LINK}", "link": LINK, "place": "North",
        "link_words": "Open in Sextant", "workspace": "acme", "brand": "north", "about": "delivery:17",
        "due_at": NOW, "sent_at": NOW + timedelta(seconds=2), **values,
    }  # fmt: skip
    return Telling(**fields)


def units(text: str) -> int:
    """The length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- signatures -------------------------------------------------------------------------------------------------------


def test_signature_is_the_one_that_the_convention_publishes() -> None:
    signed = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", number="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )  # fmt: skip

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_headers_hold_one_signature_for_each_secret() -> None:
    old, new = signing.new_secret(), signing.new_secret()

    headers = signing.headers([new, old], number="msg_1", now=NOW, body=b"{}")

    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", str(int(NOW.timestamp())))
    signed = f"msg_1.{int(NOW.timestamp())}.{{}}".encode()
    for secret, found in zip((new, old), headers["webhook-signature"].split(" "), strict=True):
        key = base64.b64decode(secret[len("whsec_") :])
        assert len(key) == 32
        assert found == "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def test_number_is_the_messages_own_and_holds_no_dot() -> None:
    assert signing.number_of("a.b") == signing.number_of("a.b") != signing.number_of("a.c")
    assert re.fullmatch(r"msg_[0-9a-f]{32}", signing.number_of("a.b"))


# -- shapes -----------------------------------------------------------------------------------------------------------


def test_own_shape_is_type_timestamp_and_data() -> None:
    assert payloads.sextant(telling()) == {
        "type": "notice.reminder",
        "timestamp": "2026-11-23T09:00:00+00:00",
        "data": {
            "title": "Publish now", "text": "Fresh beans", "url": LINK, "about": "delivery:17", "workspace": "acme",
            "brand": "north", "due_at": "2026-11-23T09:00:00+00:00", "sent_at": "2026-11-23T09:00:02+00:00",
        },
    }  # fmt: skip


def test_slack_gets_blocks_whose_words_mean_nothing_to_it() -> None:
    told = payloads.slack(telling(title="<!channel> & co", text="*a* <b>", link="https://x.example/?a=1&b=|>"))

    assert told["text"] == "&lt;!channel&gt; &amp; co"
    kinds = [(block["type"], block.get("text", {}).get("type")) for block in told["blocks"]]
    assert kinds == [
        ("header", "plain_text"), ("section", "plain_text"), ("section", "mrkdwn"), ("context", None)
    ]  # fmt: skip
    assert told["blocks"][1]["text"] == {"type": "plain_text", "text": "*a* <b>", "emoji": False}
    assert told["blocks"][2]["text"]["text"] == "<https://x.example/?a=1&amp;b=%7C%3E|Open in Sextant>"
    assert told["blocks"][3]["elements"] == [{"type": "plain_text", "text": "North", "emoji": False}]


def test_discord_gets_one_embed_that_mentions_nobody() -> None:
    told = payloads.discord(telling(title="@everyone **a**", text="See https://x.example/a_b_c or _this_"))

    (embed,) = told["embeds"]
    assert told["allowed_mentions"] == {"parse": []}
    assert embed["title"] == r"\@everyone \*\*a\*\*"
    assert embed["description"] == r"See https://x.example/a_b_c or \_this\_"
    assert (embed["url"], embed["footer"], embed["timestamp"]) == (LINK, {"text": "North"}, "2026-11-23T09:00:00+00:00")


def test_teams_gets_a_message_with_one_card_of_plain_runs() -> None:
    told = payloads.teams(telling(text="**a**\n\n[b](c)"))

    (attachment,) = told["attachments"]
    card = attachment["content"]
    assert (told["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert [run["text"] for run in runs] == ["Publish now", "**a**", "[b](c)", "North"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open in Sextant", "url": LINK}]


@pytest.mark.parametrize("letter", ["x", "🦔", "*", "&", "\\", "é"])
def test_no_shape_is_longer_than_its_service_takes(letter: str) -> None:
    long = telling(title=letter * 5000, text=letter * 50_000, place=letter * 5000)

    slack, (embed,) = payloads.slack(long), payloads.discord(long)["embeds"]
    header, section, _link, context = slack["blocks"]

    assert units(header["text"]["text"]) <= 150
    assert units(section["text"]["text"]) <= 3000
    assert units(context["elements"][0]["text"]) <= 2000
    assert units(embed["title"]) <= 256
    assert units(embed["description"]) <= 4096
    assert units(embed["title"] + embed["description"] + embed["footer"]["text"]) <= 6000
    assert len(json.dumps(payloads.teams(long), ensure_ascii=False).encode()) <= 28_000


def test_empty_text_leaves_no_empty_block() -> None:
    bare = telling(text=LINK)

    assert [block["type"] for block in payloads.slack(bare)["blocks"]] == ["header", "section", "context"]
    assert len(payloads.teams(bare)["attachments"][0]["content"]["body"]) == 2


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_short_units_keeps_the_beginning_and_the_limit(text: str, most: int) -> None:
    cut = short_units(text, most)

    assert units(cut) <= most
    assert cut == text or (units(text) > most and cut.endswith("…") and text.startswith(cut[:-1]))


@given(st.text(alphabet="a*\\_🦔@ ", max_size=60), st.integers(min_value=2, max_value=60))
def test_discord_escape_leaves_no_mark_bare(text: str, most: int) -> None:
    escaped = discord_escape(text, most)

    assert units(escaped) <= most
    assert not re.search(r"[*_@]", re.sub(r"\\.", "", escaped))
    assert not re.sub(r"\\.", "", escaped.removesuffix("…")).endswith("\\")


def test_every_shape_is_json() -> None:
    for shape in SHAPES.values():
        assert json.loads(json.dumps(shape(telling())))


# -- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("Mon, 23 Nov 2026 09:02:00 GMT", 120), ("Mon, 23 Nov 2026 08:00:00 GMT", 0),
        ("999999999999", LONGEST_WAIT.total_seconds()), ("", None), ("soon", None), ("-5", None), ("²", None),
    ],
)  # fmt: skip
def test_asked_wait_reads_seconds_and_dates(header: str, seconds: float | None) -> None:
    wait = asked_wait(header, now=NOW)

    assert (wait.total_seconds() if wait is not None else None) == seconds


@pytest.mark.parametrize(
    ("status", "got_through", "is_gone", "is_unwell"),
    [
        (200, True, False, False), (204, True, False, False), (301, False, False, False), (400, False, False, False),
        (401, False, False, False), (410, False, True, False), (429, False, False, True), (500, False, False, True),
        (None, False, False, True),
    ],
)  # fmt: skip
def test_outcome_tells_the_message_from_the_endpoint(
    status: int | None, got_through: bool, is_gone: bool, is_unwell: bool
) -> None:
    outcome = Outcome(status=status, milliseconds=1)

    assert (outcome.got_through, outcome.is_gone, outcome.is_unwell) == (got_through, is_gone, is_unwell)


@pytest.mark.parametrize(("failures", "days", "hopeless"), [(5, 5, True), (4, 30, False), (500, 4.9, False)])
def test_endpoint_is_hopeless_after_five_days_and_five_failures(failures: int, days: float, hopeless: bool) -> None:
    since = NOW - timedelta(days=days)

    assert is_hopeless(failures=failures, failing_since=since, now=NOW) is hopeless
    assert not is_hopeless(failures=failures, failing_since=None, now=NOW)
