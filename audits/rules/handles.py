"""Handles and addresses of profiles: what people paste, made into what the network shows."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

# Where the handle stands in the address of a profile, by network.
_ADDRESSES = {
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "x": "https://x.com/{}",
    "linkedin": "https://www.linkedin.com/company/{}/",
    "youtube": "https://www.youtube.com/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "pinterest": "https://www.pinterest.com/{}/",
    "snapchat": "https://www.snapchat.com/add/{}",
    "threads": "https://www.threads.net/@{}",
    "bluesky": "https://bsky.app/profile/{}",
}
_FOLDERS = frozenset(
    {"company", "in", "school", "showcase", "add", "profile", "channel", "c", "user", "users", "web", "p"}
)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)


class HandleError(ValueError):
    """What was given holds no handle."""


def clean_handle(network: str, text: str) -> str:
    """The handle in what was typed or pasted: without its first @, and taken out of an address.

    On Mastodon the server belongs to it: "https://mastodon.social/@lumen" is lumen@mastodon.social. Raises HandleError
    when nothing is left, or when it holds a blank or a control character.
    """
    text = text.strip()
    handle = _from_address(network, text) if is_address(text) else text.removeprefix("@")
    if not handle or re.search(r"[\s/\x00-\x1f\x7f]", handle):
        raise HandleError(text)
    return handle


def is_address(text: str) -> bool:
    """Does this look like the address of a profile, with or without https://?"""
    host, slash, _path = text.partition("/")
    return text.lower().startswith(("https://", "http://")) or bool(slash and _HOST.fullmatch(host))


def profile_url(network: str, handle: str) -> str:
    """The address of a profile, where it follows from the handle; "" where it does not."""
    if network == "mastodon":
        name, at, server = handle.partition("@")
        return f"https://{server}/@{name}" if at and _HOST.fullmatch(server) else ""
    pattern = _ADDRESSES.get(network)
    return pattern.format(handle) if pattern else ""


def full_url(text: str) -> str:
    """An address with its scheme, as it was pasted otherwise; "" for what is none."""
    if not is_address(text.strip()):
        return ""
    return text.strip() if "://" in text else f"https://{text.strip()}"


def _from_address(network: str, text: str) -> str:
    try:
        parts = urlsplit(full_url(text))
    except ValueError:
        raise HandleError(text) from None
    steps = [unquote(step) for step in parts.path.split("/") if step]
    steps = steps[1:] if len(steps) > 1 and steps[0].lower() in _FOLDERS else steps
    name = steps[0].removeprefix("@") if steps else ""
    if network == "mastodon" and name and "@" not in name:
        return f"{name}@{parts.netloc.lower()}"
    return _by_number(parts) if name == "profile.php" else name


def _by_number(parts: SplitResult) -> str:
    """Facebook pages without a name have a number: profile.php?id=100064."""
    found = re.search(r"(?:^|&)id=(\d+)", parts.query)
    return found[1] if found else ""


def same_account(handle: str, *, name: str, hosts: set[str]) -> bool:
    """Is a Mastodon handle ("lumen@mastodon.social", or "lumen" alone) the account of that name on one of the hosts?

    A server may live beside the domain it speaks for (social.example.org for example.org), so a host and its
    subdomains are taken for one.
    """
    mine, at, server = handle.casefold().partition("@")
    if mine != name.casefold().partition("@")[0]:
        return False
    return not at or any(_related(server, host.casefold()) for host in hosts if host)


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
