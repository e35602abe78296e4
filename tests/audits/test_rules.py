"""What people paste, made into what the networks show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.rules.handles import HandleError, clean_handle, is_address, profile_url, same_account
from audits.rules.missions import sentences
from audits.rules.servers import ServerError, clean_server

HANDLES = [
    ("instagram", " @brulerie.lumen ", "brulerie.lumen"),
    ("instagram", "https://www.instagram.com/brulerie.lumen/?hl=fr", "brulerie.lumen"),
    ("instagram", "instagram.com/brulerie.lumen", "brulerie.lumen"),
    ("linkedin", "https://www.linkedin.com/company/brulerie-lumen/about/", "brulerie-lumen"),
    ("linkedin", "https://fr.linkedin.com/in/l%C3%A9a", "léa"),
    ("youtube", "https://www.youtube.com/@brulerie", "brulerie"),
    ("youtube", "https://www.youtube.com/channel/UC123", "UC123"),
    ("snapchat", "https://www.snapchat.com/add/brulerie", "brulerie"),
    ("bluesky", "https://bsky.app/profile/lumen.bsky.social", "lumen.bsky.social"),
    ("bluesky", "@lumen.bsky.social", "lumen.bsky.social"),
    ("facebook", "https://www.facebook.com/profile.php?ref=x&id=100064", "100064"),
    ("mastodon", "@lumen@mastodon.social", "lumen@mastodon.social"),
    ("mastodon", "https://Mastodon.social/@lumen", "lumen@mastodon.social"),
    ("mastodon", "https://mastodon.social/@lumen@piaille.fr", "lumen@piaille.fr"),
    ("mastodon", "lumen", "lumen"),
    ("x", "x.com/lumen", "lumen"),
]


@pytest.mark.parametrize(("network", "typed", "handle"), HANDLES)
def test_handle_is_taken_out_of_what_was_typed(network: str, typed: str, handle: str) -> None:
    assert clean_handle(network, typed) == handle


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "  ",
        "two words",
        "https://www.instagram.com/",
        "https://[bad",
        "a/b",
        "https://facebook.com/profile.php",
        "https://facebook.com/lumen%00",
    ],
)
def test_handle_is_refused_where_there_is_none(typed: str) -> None:
    with pytest.raises(HandleError):
        clean_handle("facebook", typed)


@pytest.mark.parametrize(
    "network",
    ["facebook", "instagram", "x", "linkedin", "youtube", "tiktok", "pinterest", "snapchat", "threads", "bluesky"],
)
def test_profile_url_leads_back_to_the_handle(network: str) -> None:
    url = profile_url(network, "brulerie.lumen")

    assert is_address(url)
    assert clean_handle(network, url) == "brulerie.lumen"


def test_profile_url_on_mastodon_needs_the_server() -> None:
    assert profile_url("mastodon", "lumen@mastodon.social") == "https://mastodon.social/@lumen"
    assert profile_url("mastodon", "lumen") == ""
    assert profile_url("mastodon", "lumen@x/../y") == ""
    assert profile_url("unheard-of", "lumen") == ""


@given(st.text(max_size=60), st.sampled_from(["mastodon", "instagram", "facebook"]))
def test_clean_handle_answers_or_refuses_whatever_it_gets(typed: str, network: str) -> None:
    try:
        handle = clean_handle(network, typed)
    except HandleError:
        return
    assert handle
    assert not any(mark.isspace() for mark in handle)


@pytest.mark.parametrize(
    ("handle", "name", "hosts", "same"),
    [
        ("lumen@mastodon.social", "lumen", {"mastodon.social"}, True),
        ("Lumen@Mastodon.social", "lumen", {"mastodon.social"}, True),
        ("lumen", "lumen", {"mastodon.social"}, True),
        ("lumen@example.org", "lumen", {"social.example.org"}, True),
        ("lumen@mastodon.social", "lumen", {"mastodon.online"}, False),
        ("lumen@mastodon.social", "other", {"mastodon.social"}, False),
        ("lumen@social", "lumen", {"mastodonsocial"}, False),
        ("lumen@mastodon.social", "lumen", {""}, False),
    ],
)
def test_same_account_compares_name_and_server(handle: str, name: str, hosts: set[str], same: bool) -> None:
    assert same_account(handle, name=name, hosts=hosts) is same


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("https://Mastodon.social/@lumen", "https://mastodon.social"),
        ("lumen@mastodon.social", "https://mastodon.social"),
        ("@lumen@mastodon.social", "https://mastodon.social"),
        ("http://127.0.0.1:8300/", "http://127.0.0.1:8300"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_server_is_taken_out_of_what_was_typed(typed: str, server: str) -> None:
    assert clean_server(typed) == server


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "ftp://mastodon.social", "https://", "https://a:b@mastodon.social", "https://x:port", "my server"],
)
def test_server_is_refused_where_there_is_none(typed: str) -> None:
    with pytest.raises(ServerError):
        clean_server(typed)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Show how we roast, for people at work", 1),
        ("We use it to show the lighter side of the company, and to meet younger customers.", 1),
        ("We show recipes, e.g. cold brew, at 7.30 each day.", 1),
        ("On montre l’atelier, p. ex. la torréfaction.", 1),
        ("We roast. You drink.", 2),
        ("Qui sommes-nous ? Des torréfacteurs. Venez.", 3),
    ],
)
def test_sentences_are_counted_gently(text: str, count: int) -> None:
    assert sentences(text) == count
