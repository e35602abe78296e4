"""The address of a server, as people type it."""

from urllib.parse import urlsplit


class ServerError(ValueError):
    """What was given is not the address of a server."""


def clean_server(text: str) -> str:
    """ "mastodon.social", "https://Mastodon.social/@lumen" and "lumen@mastodon.social" are https://mastodon.social.

    Raises ServerError. Whether the server may be called is for `core.outbound` to say.
    """
    text = text.strip()
    if "://" not in text:
        text = f"https://{text.removeprefix('@').rpartition('@')[2]}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ServerError(text) from None
    if parts.scheme not in ("http", "https") or not host or parts.username or any(mark in host for mark in " %\\"):
        raise ServerError(text)
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port}" if port else f"{parts.scheme}://{name}"
