"""Lengths as the networks count them: published examples, then laws that must hold for any text."""

import dataclasses
import time
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from networks.rules.emoji import emoji_spans, graphemes
from networks.rules.lengths import READ, Code, Finding, TextLimits, Unit, check_text, hashtags
from networks.rules.urls import mastodon_urls, x_urls

X = TextLimits(
    network="x",
    unit=Unit.WEIGHTED,
    text_max=280,
    url_weight=23,
    char_weight=2,
    emoji_weight=2,
    light_ranges=((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247)),
)
MASTODON = TextLimits(network="mastodon", unit=Unit.GRAPHEMES, text_max=500, url_weight=23)
BLUESKY = TextLimits(network="bluesky", unit=Unit.GRAPHEMES, text_max=300, bytes_max=3000)
THREADS = TextLimits(network="threads", unit=Unit.EMOJI_BYTES, text_max=500, hashtags_max=1, links_max=5)
LINKEDIN = TextLimits(
    network="linkedin", unit=Unit.ESCAPED, text_max=3000, reserved="|{}@[]()<>#\\*_~", reserved_cost=2
)
INSTAGRAM = TextLimits(network="instagram", text_max=2200, visible=125, hashtags_max=5, is_media_required=True)
FACEBOOK = TextLimits(network="facebook", text_max=63206, visible=125)
ALL = [X, MASTODON, BLUESKY, THREADS, LINKEDIN, INSTAGRAM, FACEBOOK]

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
CJK = "故人西辞黄鹤楼，烟花三月下扬州。孤帆远影碧空尽，唯见长江天际流。" * 5


def used(text: str, limits: TextLimits) -> int:
    return check_text(text, limits).used


# -- X: cases of github twitter/twitter-text conformance/tests/validate.yml at 3b8031c, whose numbers these are;
#    sections WeightedTweetsCounterTest and WeightedTweetsWithDiscountedEmojiCounterTest


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hi http://test.co", 26),
        ("http://test.co", 23),
        ("https://www.twitter.com/aloha " * 10, 240),
        ("A\u0301B", 2),  # composed by NFC
        ("A\u05e9\u05bc\u05c1", 4),  # which NFC leaves as three
        ("\U0001f637\U0001f47e\U0001f621\U0001f525\U0001f4a9", 10),
        (f"H\U0001f431\u263a{FAMILY}", 7),
        ("\U0001f64b\U0001f3fd\U0001f468\u200d\U0001f3a4", 4),
        ("\U0001f637" * 160, 320),
        (CJK[:160], 320),
        ("the" + CJK[:160], 323),
        ("randomurl" * 6 + "randomurls.com", 68),  # 64 characters before the dot: not a host
        (
            "This is a tweet with general punctuation characters: \u2000\u2001\u2002\u2003\u2004\u2005\u2006"
            "\u2007\u2008\u2009\u200a\u200b ‐ ‑ ‒ – — ― ‖  ‗ ‘ ’ ‚ ‛ “ ” „ ‟ ′ ″ ‴ ‵ ‶ ‷",
            110,
        ),
        ("あいうえおかきくけこ" * 12 + " http://" + ("あいうえおかきくけこ" * 6)[:52] + ".com", 264),
        ("あいうえおかきくけこ" * 12 + " http://" + ("あいうえおかきくけこ" * 6)[:53] + ".com", 358),
    ],
)
def test_x_counts_as_the_conformance_suite_of_twitter_text(text: str, length: int) -> None:
    assert used(text, X) == length


def test_x_counts_an_emoji_within_a_host_as_part_of_the_url() -> None:
    assert used("http://\U0001f637\U0001f637.ws", X) == 23


@pytest.mark.parametrize("url", ["http://test.com", "https://test.com", "test.com"])
def test_x_counts_a_url_as_23_with_or_without_scheme(url: str) -> None:
    assert used(url, X) == 23


def test_x_counts_several_urls() -> None:
    assert used("Test https://test.com test https://test.com test.com test", X) == 86


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("http://example.com", ["http://example.com"]),
        ("https://example.com/path/to/resource?search=foo&lang=en", None),
        ("HTTPS://www.ExaMPLE.COM/index.html", None),
        ("http://sports.yahoo.com/nfl/news;_ylt=Aom0;ylu=XyZ?slug=ap-superbowlnotebook", None),
        ("http://test_underscore.twitter.com", None),
        ("http://☃.net/", None),
        ("http://example.com/Русские_слова", None),
        ("https://www.youtube.com/playlist?list=PL0ZPu8XSRTB7wZzn0mLHMvyzVFeRxbWn-", None),
        ("foo.co.jp", None),
        ("See http://example.com/a. Then", ["http://example.com/a"]),
        ("(http://en.wikipedia.org/wiki/Primer_(film))", ["http://en.wikipedia.org/wiki/Primer_(film)"]),
        ("someone@example.com", []),
        ("-example.com", []),
        ("#example.com", []),
        ("ftp://example.com/", []),
        ("http://domain-dash_2314352345_dfasd.foo-cow_4352.com", []),
        ("Hello.World", ["Hello.World"]),  # .world is a top-level domain: X links it, so it costs 23
        ("end.Then", []),
        ("のtest.com/x", ["test.com/x"]),
        ("https://t.co/" + "a" * 41, []),
        ("http://a.com b.org", ["http://a.com", "b.org"]),
    ],
)
def test_x_links_what_twitter_text_links(text: str, urls: list[str] | None) -> None:
    assert [span.text for span in x_urls(text)] == ([text] if urls is None else urls)


def test_url_spans_say_where_the_link_stands() -> None:
    text = "Hé! voir test.com/x et https://b.fr."

    assert [text[span.start : span.end] for span in x_urls(text)] == ["test.com/x", "https://b.fr"]


@pytest.mark.parametrize(
    "hostile",
    [
        "の." * 30_000,
        "a." * 30_000,
        "の_の.com " * 6_000,
        "http://a.com/" + "(a" * 30_000,
        "の" * 60_000 + ".x",
        "@a.b" * 15_000,
    ],
)
def test_urls_are_found_in_linear_time(hostile: str) -> None:
    started = time.process_time()

    x_urls(hostile)
    mastodon_urls(hostile)

    assert time.process_time() - started < 5


# -- Mastodon: cases of github mastodon/mastodon spec/validators/status_length_validator_spec.rb


def test_mastodon_counts_a_url_as_23_flat() -> None:
    text = "a" * 476 + f" http://{'b' * 30}.com/example"

    assert used(text, MASTODON) == 500


def test_mastodon_counts_only_the_front_of_a_remote_mention() -> None:
    text = "a" * 475 + f" @alice@{'b' * 30}.com"

    assert used(text, MASTODON) == 475 + len(" @alice")


def test_mastodon_does_not_link_without_a_scheme() -> None:
    assert used("example.com", MASTODON) == len("example.com")


def test_mastodon_counts_an_emoji_family_once() -> None:
    assert used("✨" * 10 + FAMILY * 10, MASTODON) == 20


# -- the others


def test_bluesky_counts_graphemes_and_bytes() -> None:
    """The family emoji of npm @atproto/api tests/rich-text.test.ts: 25 bytes each."""
    check = check_text(FAMILY * 3, BLUESKY)

    assert (check.used, check.bytes_used) == (3, 75)


def test_bluesky_refuses_few_graphemes_of_many_bytes() -> None:
    check = check_text(FAMILY * 121, BLUESKY)

    assert check.errors == (Finding(Code.TOO_MANY_BYTES, limit=3000, count=3025),)


def test_threads_counts_an_emoji_by_its_bytes() -> None:
    assert used("Café 🎉", THREADS) == 5 + 4
    assert used(FAMILY, THREADS) == 25


def test_threads_refuses_a_sixth_different_link() -> None:
    five = " ".join(f"https://example.com/{number}" for number in range(5))

    assert check_text(f"{five} https://example.com/0", THREADS).is_ok
    assert check_text(f"{five} https://example.com/5", THREADS).errors == (Finding(Code.TOO_MANY_LINKS, 5, 6),)


def test_linkedin_charges_two_for_a_reserved_character() -> None:
    assert used("a (b) #c", LINKEDIN) == 8 + 3


def test_instagram_refuses_a_sixth_hashtag() -> None:
    check = check_text("#a #b #c #d #e #été", INSTAGRAM)

    assert check.errors == (Finding(Code.TOO_MANY_HASHTAGS, limit=5, count=6),)
    assert check.hashtags[-1] == "été"


def test_hashtags_leave_addresses_and_entities_alone() -> None:
    assert hashtags("https://example.com/#part a#b &#39; #one #un_deux ##x") == ("one", "un_deux")


def test_check_says_how_much_is_left_and_what_is_folded() -> None:
    check = check_text("x" * 130, INSTAGRAM)

    assert check.left == 2070
    assert check.warnings == (Finding(Code.FOLDED, limit=125, count=130), Finding(Code.MEDIA_REQUIRED))


def test_check_says_by_how_much_a_text_is_too_long() -> None:
    check = check_text("x" * 285, X)

    assert not check.is_ok
    assert check.left == -5
    assert check.errors[0].over == 5


def test_check_counts_a_line_end_once_however_it_was_sent() -> None:
    assert used("a\r\nb", FACEBOOK) == used("a\nb", FACEBOOK) == 3


def test_check_knows_no_limit_where_the_catalogue_has_none() -> None:
    check = check_text("x" * 100_000, TextLimits(network="snapchat"))

    assert check.is_ok
    assert check.left is None


def test_x_refuses_characters_that_are_none() -> None:
    assert check_text("a\ufffeb", X).errors == (Finding(Code.FORBIDDEN_CHARACTER),)


def test_check_of_a_full_post_is_fast() -> None:
    text = ("Voilà du café frais ☕️ https://example.com/très/long?x=1 #café @nous@example.social " * 30)[:2000]
    started = time.process_time()

    for limits in ALL * 10:
        check_text(text, limits)

    assert (time.process_time() - started) / (10 * len(ALL)) < 0.02


def test_behind_what_any_network_takes_characters_are_merely_counted() -> None:
    text = "a.co " * 200_000

    found = check_text(text, X)

    assert len(found.urls) == READ // 5
    assert found.used == READ // 5 * (23 + 1) + len(text) - READ


# -- laws

WORDS = [
    "a",
    "mot",
    "été",
    "の",
    "한국",
    FAMILY,
    "🎉",
    "☕️",
    "©",
    "https://example.com/a_b",
    "b.org",
    "@nous@b.social",
    "#tag",
]
WORDS += ["(", ")", ".", "…", "\n", "-", "_", "1️⃣", "🇫🇷", "\u0301", "http://", ".com", "*"]
texts = st.lists(st.sampled_from(WORDS), max_size=20).map("".join) | st.text(max_size=60)
limits = st.sampled_from(ALL)
ascii_texts = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=200)


@given(texts, limits)
def test_length_is_never_negative_and_zero_only_for_nothing(text: str, of: TextLimits) -> None:
    assert (used(text, of) == 0) == (text == "")


@given(texts, texts, limits)
def test_texts_apart_cost_what_they_cost_alone(left: str, right: str, of: TextLimits) -> None:
    """A line end between two texts keeps links, emoji and marks from joining up."""
    left, right = left.rstrip("\r") + "\n", "\n" + right.lstrip("\n")

    assert used(left + right, of) <= used(left, of) + used(right, of)


@given(texts, limits)
def test_an_empty_line_and_a_letter_cost_three(text: str, of: TextLimits) -> None:
    text = text.rstrip("\r") + "."

    assert used(text + "\n\nx", of) == used(text, of) + 3


@given(texts)
def test_graphemes_are_never_more_than_code_points(text: str) -> None:
    assert graphemes(text) <= len(text)
    assert used(text, BLUESKY) <= check_text(text, BLUESKY).bytes_used


@given(texts, limits)
def test_spans_are_in_order_and_do_not_overlap(text: str, of: TextLimits) -> None:
    for spans in ([(s.start, s.end) for s in check_text(text, of).urls], list(emoji_spans(text))):
        flat = [place for span in spans for place in span]
        assert flat == sorted(flat)


@given(ascii_texts)
@example("https://example.com/a b.org c")
def test_x_and_mastodon_agree_on_ascii_without_bare_hosts_or_remote_mentions(text: str) -> None:
    """Both count ASCII one by one and a link with its scheme as 23; only X links bare hosts."""
    text = text.replace("@", "").replace("://", "").replace(".", "") + " https://example.com/path x"

    assert used(text, X) == used(text, MASTODON) == len(text) - len("https://example.com/path") + 23


@given(st.lists(st.sampled_from(["https://example.com", "http://b.org/x", "mot", "fin"]), max_size=8).map(" ".join))
def test_x_and_mastodon_agree_on_words_and_urls(text: str) -> None:
    assert used(text, X) == used(text, MASTODON)


@given(
    st.text(alphabet=st.characters(max_codepoint=4351, exclude_categories=["Cs"], exclude_characters="."), max_size=80)
)
def test_x_counts_each_light_character_once_in_nfc(text: str) -> None:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    assume(all(ord(character) <= 4351 for character in composed))  # two light ones may make a heavy one: Ḓ

    assert used(text, X) == len(composed)


@given(ascii_texts)
def test_linkedin_costs_at_most_double(text: str) -> None:
    assert len(text) <= used(text, LINKEDIN) <= 2 * len(text)


@given(texts, st.integers(1, 40))
def test_x_and_mastodon_do_not_care_how_long_a_path_is(text: str, more: int) -> None:
    for of in (X, MASTODON):
        short = used(f"{text} https://example.com/a", of)
        assert used(f"{text} https://example.com/a{'b' * more}", of) == short


@given(texts, st.integers(0, 3000), limits)
def test_raising_a_limit_never_makes_a_text_too_long(text: str, more: int, of: TextLimits) -> None:
    tight = check_text(text, dataclasses.replace(of, text_max=10))
    wide = check_text(text, dataclasses.replace(of, text_max=10 + more))

    assert {error.code for error in wide.errors} <= {error.code for error in tight.errors}
