"""What the address of a publication tells. Pure."""

import re
from urllib.parse import urlsplit

# https://<server>/@<user>/<id>, also seen from another server: /@<user>@<home>/<id>
_MASTODON = re.compile(r"^/@[^/]+/(?P<id>\d+)/?$")


def is_web_address(address: str) -> bool:
    """Whether it is the full address of a page: http or https, with a host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def remote_id(network: str, permalink: str) -> str:
    """The publication's id on its network, where its address holds it (Mastodon); otherwise ""."""
    if network != "mastodon":
        return ""
    match = _MASTODON.match(urlsplit(permalink).path)
    return match["id"] if match else ""
