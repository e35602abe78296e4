"""The one way in which Sextant calls other servers. Nothing else in the code opens an outgoing HTTP connection.

A person may type the address that is called (a Mastodon server, a feed), so every call, and every redirect again,

- goes to http or https on an ordinary port, without a user name in the address;
- resolves the host once, checks every address it has, and connects to the very address that was checked, with the
  host's name kept in the Host header and in the certificate check, so that a name cannot change its mind in between;
- reaches globally routable addresses only, and no form that merely looks like one, unless the operator allows the host
  in `settings.OUTBOUND_ALLOWED_HOSTS` ("host" for any port, or "host:port");
- ends within a total time and a total size, reads no proxy from the environment, and says in its errors nothing that
  would help to map a network.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import io
import ipaddress
import json as jsonlib
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

import certifi
import idna
import urllib3
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
MOST_BYTES = 4 * 1024 * 1024
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4  # of one host are tried, in the resolver's order
DEFAULT_PORTS = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8080, 8443})
USER_AGENT = "Sextant"
CHUNK = 64 * 1024

# Forms that ipaddress calls global although they lead, or may lead, somewhere else.
_DECEPTIVE = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared address space (RFC 6598)
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible (RFC 4291)
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64, local use (RFC 8215)
        "100::/64",  # discard (RFC 6666)
        "2001::/23",  # Teredo and other protocol assignments (RFC 2928)
        "2002::/16",  # 6to4 (RFC 3056)
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",  # site-local (RFC 3879)
        "ff00::/8",  # multicast
    )
]

_NUMERIC = re.compile(r"(^|\.)(\d+|0[xX][0-9a-fA-F]*)\.*$")  # a host whose last part is a number


class OutboundError(Exception):
    """A call came to nothing. `message` may be shown.

    `may_have_arrived` is True when the other server may have received and carried out the request all the same.
    """

    message: str | Promise = _("The address could not be reached.")

    def __init__(self, *, may_have_arrived: bool = False) -> None:
        super().__init__(self.message)
        self.may_have_arrived = may_have_arrived

    def __str__(self) -> str:
        return str(self.message)


class AddressRefused(OutboundError):
    """The address is not one that may be called. Says the same as Unreachable, on purpose."""


class Unreachable(OutboundError):
    """No such host, nobody answers there, or the certificate is not the host's."""


class TimedOut(OutboundError):
    message = _("The server took too long to answer.")


class Interrupted(OutboundError):
    """The connection broke, or what came is not HTTP."""

    message = _("The server broke off its answer.")


class TooLarge(OutboundError):
    message = _("The server's answer is too large.")


class RedirectRefused(OutboundError):
    """Too many redirects, or one in answer to a request that must not be repeated elsewhere."""

    message = _("The server sends the request on to another address.")


class Unsendable(OutboundError):
    """A header, e.g. a pasted token, holds characters that no header may hold."""

    message = _("What should be sent holds characters that cannot be sent.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered, whatever its status."""

    status: int
    url: str  # the last one, after redirects
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is not."""
        return jsonlib.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class _Target:
    """Where a request goes: the URL's parts, and the addresses that were checked."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return name if is_default else f"{name}:{self.port}"


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order in which the system would try them."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    content: bytes = b"",
    seconds: float = TOTAL_SECONDS,
    most_bytes: int = MOST_BYTES,
    is_cut: bool = False,
    resolver: Resolver = system_resolver,
) -> Answer:
    """Call another server and read its answer, whole, within `seconds` and `most_bytes`.

    What is sent is `json`, `form`, or `content` as it is. With `is_cut`, a body that is too long is cut, not
    refused.
    Redirects of GET and HEAD are followed, three at most; credentials stay with the host they were meant for. Raises a
    subclass of OutboundError.
    """
    deadline = time.monotonic() + seconds
    body, sent = _encoded(headers or {}, json, form)
    body = body or content
    if params:
        url += ("&" if urlsplit(url).query else "?") + urlencode(params)
    for _hop in range(MOST_REDIRECTS + 1):
        target = _target(url, deadline, resolver)
        answer = _exchange(method, url, target, body, sent, deadline, most_bytes, is_cut)
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return answer
        if method not in ("GET", "HEAD"):
            raise RedirectRefused(may_have_arrived=True)
        url, sent = _next(url, answer.headers["location"], sent)
    raise RedirectRefused


def _encoded(headers: Mapping[str, str], json: Any, form: Mapping[str, str] | None) -> tuple[bytes, dict[str, str]]:
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **headers}
    if not all(value.isascii() and value.isprintable() for value in sent.values()):
        raise Unsendable
    if json is not None:
        return jsonlib.dumps(json).encode(), {**sent, "Content-Type": "application/json"}
    if form is not None:
        return urlencode(form).encode(), {**sent, "Content-Type": "application/x-www-form-urlencoded"}
    return b"", sent


def _next(url: str, location: str, sent: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Where a redirect leads, and what is sent there: no credentials to another host, port or scheme, and nothing at
    all in the open once it was secret."""
    try:
        following = urljoin(url, location)
        here, there = _origin(url), _origin(following)
    except ValueError:
        raise AddressRefused from None
    if (here[0], there[0]) == ("https", "http"):
        raise RedirectRefused
    same = here == there
    kept = {name: value for name, value in sent.items() if same or name.lower() not in ("authorization", "cookie")}
    return following, kept


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


# -- where it may go ----------------------------------------------------------------------------------------------


def _target(url: str, deadline: float, resolver: Resolver) -> _Target:
    """Check a URL and the addresses of its host. Raises AddressRefused, Unreachable, TimedOut."""
    try:
        parts = urlsplit(url)
        port = DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise AddressRefused from None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _is_clean(url):
        raise AddressRefused
    host = _host(parts.hostname or "")
    is_allowed = _is_allowed(host, port)
    if port not in PORTS and not is_allowed:
        raise AddressRefused
    addresses = _addresses(host, port, deadline, resolver)
    if not is_allowed and not all(is_public(address) for address in addresses):
        raise AddressRefused
    return _Target(scheme=parts.scheme, host=host, port=port, path=_path(parts), addresses=tuple(addresses))


def _is_clean(url: str) -> bool:
    """No blank, control character or backslash, which programs read differently."""
    return url.isprintable() and " " not in url and "\\" not in url


def _path(parts: SplitResult) -> str:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(path, safe="%/:=&?~#+!$,;'@()*[]|")


def _host(name: str) -> str:
    """A host as the wire has it: an address in its usual form, or an ASCII name."""
    name = name.removesuffix(".")
    if not all(name.split(".")) or "%" in name:
        raise AddressRefused
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(name))
    try:
        ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise AddressRefused from None
    with contextlib.suppress(OSError):  # 127.1, 0x7f.1 and 2130706433 are addresses, too
        return str(ipaddress.IPv4Address(socket.inet_aton(ascii_name)))
    if _NUMERIC.search(ascii_name):  # an address to some programs, a name to others
        raise AddressRefused
    return ascii_name.lower()


def _is_allowed(host: str, port: int) -> bool:
    """Did the operator name this host?"""
    name = f"[{host}]" if ":" in host else host
    entries = {entry.lower() for entry in settings.OUTBOUND_ALLOWED_HOSTS}
    return not entries.isdisjoint({host, name, f"{name}:{port}"})


def is_allowed_by_operator(url: str) -> bool:
    """Did the operator name this URL's host in OUTBOUND_ALLOWED_HOSTS, so that a private network is trusted?"""
    try:
        parts = urlsplit(url)
        return _is_allowed(_host(parts.hostname or ""), parts.port or DEFAULT_PORTS.get(parts.scheme, 0))
    except (ValueError, AddressRefused):
        return False


def is_public(address: str) -> bool:
    """Is this the address of a machine on the open internet, in its plain form?"""
    try:
        ip: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if getattr(ip, "scope_id", None) or any(ip in network for network in _DECEPTIVE if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_private)


def _addresses(host: str, port: int, deadline: float, resolver: Resolver) -> list[str]:
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    found = _within(deadline, lambda: resolver(host, port))
    if not found:
        raise Unreachable
    return list(dict.fromkeys(found))


def _within(deadline: float, work: Callable[[], list[str]]) -> list[str]:
    """Run a look-up that cannot be told to stop, and leave it behind when time is up."""
    done: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as error:
            done.put(error)

    threading.Thread(target=run, name="outbound-resolver", daemon=True).start()
    try:
        result = done.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise TimedOut from None
    if isinstance(result, OSError | UnicodeError):
        raise Unreachable from None
    if isinstance(result, Exception):
        raise result
    return result


# -- one request and its answer -----------------------------------------------------------------------------------


def _exchange(
    method: str,
    url: str,
    target: _Target,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
    most_bytes: int,
    is_cut: bool,
) -> Answer:
    line = _open(target, deadline)
    whole = functools.partial(_Response, most_bytes=2 * most_bytes + CHUNK)  # heads, chunk sizes and trailers too
    line.connection.response_class = whole  # type: ignore[assignment]  # what http.client calls to read an answer
    try:
        line.connection.request(
            method,
            target.path,
            body=body or None,
            headers={"Host": target.host_header, **headers},
            preload_content=False,
            decode_content=False,
        )
        response = line.connection.getresponse()
        content = _beginning(response, most_bytes) if is_cut else b"".join(_chunks(response, most_bytes))
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
        raise line.explain(error) from None
    finally:
        line.close()
    if line.has_expired:
        raise TimedOut(may_have_arrived=True)
    names = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status, url=url, headers=names, body=_decoded(content, names, most_bytes))


class _Metered(io.RawIOBase):
    """What a server sends, up to a number of bytes: a line without end is nowhere else counted."""

    def __init__(self, raw: io.RawIOBase, most_bytes: int) -> None:
        self.raw, self.left = raw, most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        read = self.raw.readinto(buffer)
        self.left -= read or 0
        if self.left < 0:
            raise TooLarge(may_have_arrived=True)
        return cast(int | None, read)

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer of which no more than so many bytes are read, whatever they are."""

    def __init__(self, sock: socket.socket, *args: Any, most_bytes: int, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Metered(self.fp.detach(), most_bytes))


class _Line:
    """A connection that is cut when its time is up, however slowly the other side drips."""

    def __init__(self, connection: HTTPConnection, deadline: float) -> None:
        self.connection = connection
        self.has_expired = False
        self._sock: socket.socket | None = None  # http.client hands it to the answer and forgets it
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._expire)
        self._timer.daemon = True
        self._timer.start()

    def connect(self, seconds: float) -> None:
        """Raises OSError or HTTPError. Afterwards a single read may take `seconds`."""
        self.connection.connect()
        self._sock, self.connection.timeout = self.connection.sock, seconds

    def close(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self.connection.close()

    def explain(self, error: Exception) -> OutboundError:
        is_late = self.has_expired or isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
        return TimedOut(may_have_arrived=True) if is_late else Interrupted(may_have_arrived=True)

    def _expire(self) -> None:
        self.has_expired = True
        if sock := self._sock or self.connection.sock:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _open(target: _Target, deadline: float) -> _Line:
    """A line to the first checked address that takes one. Nothing was sent when this raises."""
    for address in target.addresses[:MOST_ADDRESSES]:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        line = _Line(_connection(target, address, min(left, CONNECT_SECONDS)), deadline)
        try:
            line.connect(left)
        except (urllib3.exceptions.HTTPError, OSError):  # TLS errors are OSErrors
            line.close()
            continue
        return line
    raise TimedOut if deadline <= time.monotonic() else Unreachable


def _connection(target: _Target, address: str, seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        cert_reqs=ssl.CERT_REQUIRED,
        ca_certs=getattr(settings, "OUTBOUND_CA_FILE", None) or certifi.where(),
        server_hostname=target.host,
    )


def _chunks(response: urllib3.BaseHTTPResponse, most_bytes: int) -> Iterator[bytes]:
    """The body as it comes. Raises TooLarge past the limit, and Interrupted when less came than was announced."""
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdecimal() and int(announced) > most_bytes:
        raise TooLarge(may_have_arrived=True)
    read = 0
    for chunk in response.stream(CHUNK, decode_content=False):
        read += len(chunk)
        if read > most_bytes:
            raise TooLarge(may_have_arrived=True)
        yield chunk


def _beginning(response: urllib3.BaseHTTPResponse, most_bytes: int) -> bytes:
    """The first bytes of the body, whatever follows them."""
    read = b""
    for chunk in response.stream(most_bytes, decode_content=False):
        read += chunk
        if len(read) >= most_bytes:
            break
    return read[:most_bytes]


def _decoded(content: bytes, headers: Mapping[str, str], most_bytes: int) -> bytes:
    """The body without its compression, which must not hide more than the limit."""
    if headers.get("content-encoding", "identity").lower() in ("identity", ""):
        return content
    try:
        unpacked = zlib.decompressobj(wbits=47).decompress(content, most_bytes + 1)
    except zlib.error:
        raise Interrupted(may_have_arrived=True) from None
    if len(unpacked) > most_bytes:
        raise TooLarge(may_have_arrived=True)
    return unpacked
