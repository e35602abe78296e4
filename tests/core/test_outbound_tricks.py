"""What people who want to reach our own network try: names that change their mind, addresses in disguise, answers
without end."""

import socket
from typing import Any

import pytest

from core import outbound
from tests.conftest import OutsideCallError
from tests.core.dns import name_server
from tests.core.servers import answer, chunks_of, raw, redirect, serving
from tests.core.test_outbound import certificate, nobody

PUBLIC = "8.8.8.8"


@pytest.fixture
def allowed(settings: Any) -> Any:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    return settings


# -- names that change their mind -------------------------------------------------------------------------------------


def test_name_that_flips_after_the_check_leads_where_it_was_checked() -> None:
    """The name server says a public address, and from then on our own: only the first is ever called."""
    with name_server(lambda _name, times: [PUBLIC] if times == 1 else ["127.0.0.1"]) as names:
        with pytest.raises(OutsideCallError, match=PUBLIC):
            outbound.request("GET", "http://rebind.example:8080/", resolver=names.resolve)

        assert names.asked == ["rebind.example"]


def test_name_that_is_ours_from_the_start_is_refused() -> None:
    with name_server(lambda *_: [PUBLIC, "::ffff:127.0.0.1"]) as names, pytest.raises(outbound.AddressRefused):
        outbound.request("GET", "http://both.example/", resolver=names.resolve)


def test_each_hop_asks_again_and_is_checked_again(settings: Any) -> None:
    """The first hop's host is allowed; the second's name leads into our network."""
    with (
        serving(redirect("http://inside.example:8080/secret")) as server,
        name_server(lambda name, _times: ["127.0.0.1"]) as names,
    ):
        settings.OUTBOUND_ALLOWED_HOSTS = [f"outside.example:{server.port}"]
        with pytest.raises(outbound.AddressRefused):
            outbound.request("GET", f"http://outside.example:{server.port}/", resolver=names.resolve)

        assert names.asked == ["outside.example", "inside.example"]
        assert len(server.heads) == 1


def test_same_name_that_flips_between_hops_is_refused(settings: Any) -> None:
    flipping = name_server(lambda _name, times: ["127.0.0.1"] if times == 1 else ["10.0.0.7"])
    with serving(redirect("http://there.example/")) as server, flipping as names:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"there.example:{server.port}"]
        with pytest.raises(outbound.AddressRefused):
            outbound.request("GET", f"http://there.example:{server.port}/", resolver=names.resolve)

        assert names.asked == ["there.example", "there.example"]


# -- addresses in disguise --------------------------------------------------------------------------------------------

DISGUISES = [
    # one number, octal, hexadecimal, short
    "2130706433", "017700000001", "0x7f000001", "0x7F.0.0.0x1", "0177.0.0.01", "127.1", "127.0.1", "0", "0.0",
    "3232235777", "0xC0A80101", "0300.0250.1.1", "192.168.257", "00000177.1", "127.0.0.1.", "2130706433.", "127.1.",
    # forms that programs read differently
    "127.0.0.1..", "127.0.0.256", "256.256.256.256", "0x", "1.2.3.4.5", "example.0x7f", "example.127", "4294967296",
    # IPv6 around IPv4
    "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:7f00:1::]",
    "[2001:0:53aa:64c:0:7a2f:80ff:fffe]", "[0:0:0:0:0:0:0:1]", "[::]", "[0000::0001]",
    # not the open internet
    "100.64.0.1", "100.127.255.254", "[fec0::1]", "[fc00::1]", "[fe80::1]", "[ff02::1]", "[ff0e::1]", "224.0.0.251",
    "169.254.169.254", "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%251]", "[fd00:ec2::254]", "255.255.255.255",
    # letters that become digits and dots
    "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "１２７.1", "①②⑦.⓪.⓪.①", "0ｘ7f.1", "۱۲۷.0.0.1", "127.0.0.1\u00ad",
    # parts of an address where another part is expected
    "8.8.8.8@127.0.0.1", "127.0.0.1:80@8.8.8.8", "8.8.8.8\\@127.0.0.1", "127.0.0.1\\.example.com", "127.0.0.1%00.a.com",
    "127.0.0.1%2e", "%31%32%37.0.0.1", "[127.0.0.1]", "[::1", "::1", "[::1].example.com", "a b",
    "127.0.0.1\t", "\n127.1",
    "example.com:0", "example.com:22", "example.com:25", "example.com:6379", "example.com:99999", "example.com:-1",
    "example.com:80:80", "example.com:８0", "", ".", "..", "user:secret@example.com", "@example.com", ":@example.com",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_address_in_disguise_is_refused_without_asking_anybody(scheme: str) -> None:
    called = []
    for host in DISGUISES:
        try:
            outbound.request("GET", f"{scheme}://{host}/", resolver=nobody)
        except outbound.AddressRefused:
            continue
        except Exception as error:
            called.append((host, repr(error)))

    assert called == []


def test_redirect_to_an_address_in_disguise_is_refused(settings: Any) -> None:
    """The server may be called, on its own port; what it sends on to may not."""
    hosts = [host for host in DISGUISES if host.isascii() and host.isprintable() and host.strip(".")]
    called, left = [], iter(hosts)

    with serving(lambda line, head: redirect(f"http://{next(left)}/")(line, head)) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        for host in hosts:
            try:
                outbound.request("GET", server.url, resolver=nobody)
            except outbound.AddressRefused:
                continue
            except Exception as error:
                called.append((host, repr(error)))

    assert called == []
    assert len(server.heads) == len(hosts)


@pytest.mark.parametrize(
    "location", ["//8.8.8.8:22/", "https://user:pw@8.8.8.8/", "gopher://8.8.8.8/", "file:///etc/passwd"]
)
def test_redirect_to_what_may_not_be_called_is_refused(allowed: Any, location: str) -> None:
    with serving(redirect(location)) as server, pytest.raises(outbound.AddressRefused):
        outbound.request("GET", server.url, resolver=nobody)


def test_trailing_dot_is_the_same_host(settings: Any) -> None:
    with serving(answer(b"same")) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["dotted.example"]
        got = outbound.request("GET", f"http://dotted.example.:{server.port}/", resolver=lambda *_: ["127.0.0.1"])

    assert got.body == b"same"
    assert f"Host: dotted.example:{server.port}\r\n" in server.heads[0]


def test_what_was_secret_is_not_asked_in_the_open(settings: Any, tmp_path: Any) -> None:
    context = certificate(tmp_path, "safe.example")
    settings.OUTBOUND_CA_FILE = str(tmp_path / "safe.example.pem")
    settings.OUTBOUND_ALLOWED_HOSTS = ["safe.example", "127.0.0.1"]

    with (
        serving(answer(b"open")) as other,
        serving(redirect(other.url), wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as server,
        pytest.raises(outbound.RedirectRefused),
    ):
        outbound.request("GET", f"https://safe.example:{server.port}/", resolver=lambda *_: ["127.0.0.1"])

    assert other.heads == []


# -- answers without end ----------------------------------------------------------------------------------------------


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "one header line": (HEAD + b"X: ", b"x"),
    "header lines": (HEAD, b"X: y\r\n"),
    "long header lines": (HEAD, b"X: " + b"y" * 60_000 + b"\r\n"),
    "the status line": (b"HTTP/1.1 200 ", b"O"),
    "a chunk's size": (CHUNKED, b"0"),
    "a chunk's extension": (CHUNKED + b"5;", b"x"),
    "small chunks": (CHUNKED, b"1\r\nx\r\n"),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
    "answers that are none yet": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": (HEAD + b"\r\n", b"x"),
}


@pytest.mark.parametrize(("start", "again"), ENDLESS.values(), ids=ENDLESS)
def test_answer_without_end_is_ended(allowed: Any, start: bytes, again: bytes) -> None:
    with serving(chunks_of(start, again)) as server:
        with pytest.raises((outbound.TooLarge, outbound.Interrupted)):
            outbound.request("GET", server.url, most_bytes=100_000, seconds=8)

        assert server.sent < 8_000_000  # what waits in the system's own buffers included


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate", "x"])
def test_unknown_or_false_coding_is_not_unpacked(allowed: Any, coding: str) -> None:
    with (
        serving(answer(b"\x1f\x8b" + b"\0" * 30, headers=(f"Content-Encoding: {coding}",))) as server,
        pytest.raises(outbound.Interrupted),
    ):
        outbound.request("GET", server.url)


def test_length_that_lies_is_found_out(allowed: Any) -> None:
    for length in (b"-1", b"9" * 30, b"1e3", b"5, 5000000000", b"\xb2"):
        content = HEAD + b"Content-Length: " + length + b"\r\n\r\nhello" + b"x" * 200_000
        with serving(raw(content)) as server:
            try:
                got = outbound.request("GET", server.url, most_bytes=100_000, seconds=3)
            except outbound.OutboundError:
                continue
            assert len(got.body) <= 100_000
            assert isinstance(server.heads[0], str)


def test_resolver_that_fails_oddly_is_not_a_fault() -> None:
    def broken(host: str, port: int) -> list[str]:
        raise UnicodeError("label too long")

    for error in (broken, lambda *_: [], lambda *_: (_ for _ in ()).throw(socket.gaierror(11, "again"))):
        with pytest.raises(outbound.Unreachable):
            outbound.request("GET", "http://odd.example/", resolver=error)
