from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

import config.urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [*config.urls.urlpatterns, path("inbox/", include("config.inbox"))]


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> Maildir:
    settings.INBOX_DIR = tmp_path / "inbox"
    return Maildir(settings.INBOX_DIR, create=True)


def mail(subject: str, *, html: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Sextant <s@example.com>", "jeanne@example.com", subject
    message.set_content("Join us: http://localhost:8000/join/abc?x=1\n<script>alert(1)</script>")
    if html:
        message.add_alternative(html, subtype="html")
    return bytes(message)


def test_inbox_says_that_there_is_no_mail(client: Client, box: Maildir) -> None:
    assert "No mail yet" in client.get("/inbox/").content.decode()


def test_inbox_lists_the_newest_mail_first(client: Client, box: Maildir) -> None:
    box.add(mail("The first"))
    box.add(mail("Le café est prêt"))

    page = client.get("/inbox/").content.decode()

    assert 0 < page.index("Le café est prêt") < page.index("The first")


def test_mail_shows_its_links_and_escapes_the_rest(client: Client, box: Maildir) -> None:
    key = box.add(mail("Invitation"))

    page = client.get(f"/inbox/{key}/").content.decode()

    assert '<a href="http://localhost:8000/join/abc?x=1"' in page
    assert "<script>alert" not in page


def test_mail_shows_its_design_in_a_frame_that_may_do_nothing(client: Client, box: Maildir) -> None:
    key = box.add(mail("Invitation", html="<html><head></head><body><b>Hello</b></body></html>"))

    page = client.get(f"/inbox/{key}/").content.decode()
    frame = client.get(f"/inbox/{key}/html/")

    assert f'src="/inbox/{key}/html/"' in page
    assert "<b>Hello</b>" in frame.content.decode()
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "script-src" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"])
def test_mail_that_is_not_there_is_not_found(client: Client, box: Maildir, key: str) -> None:
    assert client.get(f"/inbox/{key}/").status_code == 404
    assert client.get(f"/inbox/{key}/html/").status_code == 404


def test_inbox_is_not_mounted_by_default() -> None:
    assert not any("inbox" in str(pattern.pattern) for pattern in config.urls.urlpatterns)
