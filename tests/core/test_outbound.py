"""The outbound client, against real servers on loopback and addresses that must not be called."""

import gzip
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import outbound
from tests.core.servers import LoopbackServer, answer, drip, endless, raw, redirect, serving, silent


@pytest.fixture
def allowed(settings: Any) -> Any:
    """Loopback may be called, as an operator would allow a private host."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    return settings


def nobody(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


# -- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.0.0.1",
        "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
        "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "5f00::1", "4000::1",
        "nonsense",
    ],
)  # fmt: skip
def test_is_public_refuses_what_is_not_the_open_internet(address: str) -> None:
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.6.139", "2606:4700:4700::1111", "2a00:1450:4007:80e::200e"])
def test_is_public_accepts_ordinary_addresses(address: str) -> None:
    assert outbound.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
        "http://１２７.０.０.１/", "http://①②⑦.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://0/",
        "http://[fe80::1%25eth0]/", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/",
        "//example.com/",
        "http://example.com:22/", "http://example.com:6379/", "https://example.com:25/", "http://user@example.com/",
        "http://user:secret@example.com/", "http://example.com\\@127.0.0.1/", "http://exa mple.com/", "http://",
        "http://example.com:99999/", "http://example.com/\r\nX: y", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_request_refuses_addresses_in_every_disguise(url: str) -> None:
    with pytest.raises(outbound.AddressRefused) as caught:
        outbound.request("GET", url, resolver=nobody)

    assert not caught.value.may_have_arrived
    assert str(caught.value) == "The address could not be reached."


def test_request_refuses_a_host_with_one_private_address_among_public_ones() -> None:
    with pytest.raises(outbound.AddressRefused):
        outbound.request("GET", "http://example.com/", resolver=lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_request_resolves_once_and_connects_to_what_was_checked(settings: Any) -> None:
    """A name that changes its mind: first a checked address, then another. There is no second look-up."""
    asked: list[str] = []

    def flipping(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with serving(answer(b"hello")) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"flip.example:{server.port}"]
        got = outbound.request("GET", f"http://flip.example:{server.port}/x?y=1", resolver=flipping)

    assert got.body == b"hello"
    assert asked == ["flip.example"]
    assert server.heads[0].startswith("GET /x?y=1 HTTP/1.1\r\n")
    assert f"Host: flip.example:{server.port}\r\n" in server.heads[0]


def test_request_says_the_same_for_a_refused_and_an_absent_host() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(outbound.Unreachable) as absent:
        outbound.request("GET", "http://absent.example/", resolver=unknown)

    assert str(absent.value) == str(outbound.AddressRefused())


def test_allowed_host_with_a_port_allows_that_port_only(settings: Any) -> None:
    with serving(answer()) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        assert outbound.request("GET", server.url).status == 200
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1:1"]
        with pytest.raises(outbound.AddressRefused):
            outbound.request("GET", server.url)


def test_slow_resolver_does_not_hold_the_request() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(1)
        return ["8.8.8.8"]

    started = time.monotonic()
    with pytest.raises(outbound.TimedOut) as caught:
        outbound.request("GET", "http://slow.example/", seconds=0.2, resolver=slow)

    assert time.monotonic() - started < 0.8
    assert not caught.value.may_have_arrived


# -- redirects ------------------------------------------------------------------------------------------------------


def chain(hops: int) -> Any:
    def behave(connection: socket.socket, head: str) -> None:
        at = int(head.split()[1].rsplit("/", 1)[1] or 0)
        (redirect(f"/{at + 1}") if at < hops else answer(b"end"))(connection, head)

    return behave


def test_request_follows_three_redirects(allowed: Any) -> None:
    with serving(chain(3)) as server:
        got = outbound.request("GET", f"{server.url}/0")

    assert got.body == b"end"
    assert got.url == f"{server.url}/3"


def test_request_refuses_a_fourth_redirect(allowed: Any) -> None:
    with serving(chain(4)) as server, pytest.raises(outbound.RedirectRefused):
        outbound.request("GET", f"{server.url}/0")


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd", "http://[", "//0x0a000001/"]
)
def test_request_checks_each_redirect_again(allowed: Any, location: str) -> None:
    with serving(redirect(location)) as server, pytest.raises(outbound.AddressRefused):
        outbound.request("GET", server.url)


def test_redirect_to_another_port_carries_no_credentials(allowed: Any) -> None:
    with serving(answer(b"there")) as other, serving(redirect(other.url)) as server:
        outbound.request("GET", server.url, headers={"Authorization": "Bearer secret", "X-Kept": "1"})

    assert "secret" in server.heads[0]
    assert "secret" not in other.heads[0]
    assert "X-Kept: 1" in other.heads[0]


def test_redirect_on_the_same_host_keeps_credentials(allowed: Any) -> None:
    with serving(chain(1)) as server:
        outbound.request("GET", f"{server.url}/0", headers={"Authorization": "Bearer secret"})

    assert all("Bearer secret" in head for head in server.heads)


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_post_is_not_sent_on(allowed: Any, status: str) -> None:
    with (
        serving(answer()) as other,
        serving(redirect(other.url, status)) as server,
        pytest.raises(outbound.RedirectRefused) as caught,
    ):
        outbound.request("POST", server.url, json={"a": 1})

    assert caught.value.may_have_arrived
    assert other.heads == []


# -- bodies, time and size --------------------------------------------------------------------------------------------


def test_request_sends_json_and_query(allowed: Any) -> None:
    with serving(answer(b'{"a": 1}')) as server:
        got = outbound.request("POST", f"{server.url}/p?x=1", params={"q": "é &"}, json={"text": "café"})

    assert got.json() == {"a": 1}
    assert server.heads[0].startswith("POST /p?x=1&q=%C3%A9+%26 HTTP/1.1")
    assert server.heads[0].endswith('{"text": "caf\\u00e9"}')


def test_request_quotes_a_path_of_other_letters(allowed: Any) -> None:
    with serving(answer()) as server:
        outbound.request("GET", f"{server.url}/é%20a")

    assert server.heads[0].startswith("GET /%C3%A9%20a ")


def assert_times_out(server: LoopbackServer, *, seconds: float = 0.4) -> outbound.TimedOut:
    started = time.monotonic()
    with pytest.raises(outbound.TimedOut) as caught:
        outbound.request("GET", server.url, seconds=seconds)
    assert time.monotonic() - started < seconds + 0.6
    return caught.value


def test_request_times_out_on_silence(allowed: Any) -> None:
    with serving(silent) as server:
        assert assert_times_out(server).may_have_arrived


def test_request_times_out_on_a_dripping_body(allowed: Any) -> None:
    with serving(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"x" * 200, pause=0.01)) as server:
        assert_times_out(server)


def test_request_times_out_on_dripping_headers(allowed: Any) -> None:
    with serving(drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, pause=0.01)) as server:
        assert_times_out(server)


def test_request_times_out_on_a_dripping_body_without_length(allowed: Any) -> None:
    """What was cut off must not pass for a whole body."""
    with serving(drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200, pause=0.01)) as server:
        assert_times_out(server)


def test_request_stops_an_endless_body(allowed: Any) -> None:
    with serving(endless) as server, pytest.raises(outbound.TooLarge):
        outbound.request("GET", server.url, most_bytes=1_000_000)


def test_request_does_not_read_an_announced_excess(allowed: Any) -> None:
    announcing = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
    with serving(announcing) as server, pytest.raises(outbound.TooLarge):
        outbound.request("GET", server.url)


def test_request_unpacks_gzip(allowed: Any) -> None:
    with serving(answer(gzip.compress(b"hello"), headers=("Content-Encoding: gzip",))) as server:
        assert outbound.request("GET", server.url).body == b"hello"


def test_request_stops_a_compressed_bomb(allowed: Any) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    with serving(answer(bomb, headers=("Content-Encoding: gzip",))) as server, pytest.raises(outbound.TooLarge):
        outbound.request("GET", server.url)


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
)
def test_request_reports_a_broken_answer(allowed: Any, content: bytes) -> None:
    with serving(raw(content)) as server, pytest.raises(outbound.Interrupted) as caught:
        outbound.request("GET", server.url)

    assert caught.value.may_have_arrived


def test_request_reports_a_closed_port(allowed: Any) -> None:
    with serving(answer()) as server:
        pass

    with pytest.raises(outbound.Unreachable) as caught:
        outbound.request("POST", server.url)
    assert not caught.value.may_have_arrived


def test_request_tries_the_next_address(settings: Any) -> None:
    with serving(answer(b"second")) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = ["two.example"]
        url = f"http://two.example:{server.port}/"

        assert outbound.request("GET", url, resolver=lambda *_: ["127.0.0.9", "127.0.0.1"]).body == b"second"


def test_request_refuses_a_header_that_holds_a_line_end(allowed: Any) -> None:
    with serving(answer()) as server, pytest.raises(outbound.Unsendable):
        outbound.request("GET", server.url, headers={"Authorization": "Bearer a\r\nX: y"})

    assert server.heads == []


def test_request_reads_no_proxy_from_the_environment(allowed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"direct")) as server, serving(answer(b"proxy")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert outbound.request("GET", server.url).body == b"direct"


# -- certificates -----------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server context whose self-signed certificate is for `name`; the certificate is folder/name.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return context


@pytest.mark.parametrize(("asked", "is_fine"), [("right.example", True), ("wrong.example", False)])
def test_certificate_must_be_the_hosts_own(settings: Any, tmp_path: Path, asked: str, is_fine: bool) -> None:
    context = certificate(tmp_path, "right.example")
    seen: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    settings.OUTBOUND_CA_FILE = str(tmp_path / "right.example.pem")
    settings.OUTBOUND_ALLOWED_HOSTS = [asked]

    with serving(answer(b"safe"), wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as server:
        url = f"https://{asked}:{server.port}/"
        if is_fine:
            assert outbound.request("GET", url, resolver=lambda *_: ["127.0.0.1"]).body == b"safe"
        else:
            with pytest.raises(outbound.Unreachable):
                outbound.request("GET", url, resolver=lambda *_: ["127.0.0.1"])

    assert seen == [asked]


def test_unknown_certificate_authority_is_refused(settings: Any, tmp_path: Path) -> None:
    context = certificate(tmp_path, "right.example")
    settings.OUTBOUND_ALLOWED_HOSTS = ["right.example"]

    with (
        serving(answer(), wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as server,
        pytest.raises(outbound.Unreachable),
    ):
        outbound.request("GET", f"https://right.example:{server.port}/", resolver=lambda *_: ["127.0.0.1"])
