"""The mails that this machine sent, for a developer to read: under /inbox/, only where settings.INBOX_DIR is set.

A mail's HTML part is shown in a frame of its own, which may run no script and load nothing from elsewhere.
"""

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from csp.constants import SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from teams.access import public_view

app_name = "inbox"
MOST_SHOWN = 100
ANSWER_IN_A_FRAME = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class Mail:
    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> datetime | None:
        date = self.message["Date"]
        return date.datetime if date else None

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def newest() -> Iterator[Mail]:
    box = open_box()
    for key in sorted(box.keys(), reverse=True)[:MOST_SHOWN]:  # a key begins with the second in which the mail came
        yield read(box, key)


def open_box() -> mailbox.Maildir:
    assert settings.INBOX_DIR
    return mailbox.Maildir(settings.INBOX_DIR, create=True)


def read(box: mailbox.Maildir, key: str) -> Mail:
    try:
        message = message_from_bytes(box.get_bytes(key), policy=policy.default)
    except KeyError:
        raise Http404 from None
    assert isinstance(message, EmailMessage)
    return Mail(key, message)


@require_safe
@public_view
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "config/mail_list.html", {"mails": list(newest())})


@require_safe
@public_view
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "config/mail_detail.html", {"mail": read(open_box(), key)})


@require_safe
@csp(ANSWER_IN_A_FRAME)  # type: ignore[untyped-decorator]
@xframe_options_sameorigin
@public_view
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    html = read(open_box(), key).html
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


urlpatterns = [
    path("", mail_list, name="mail_list"),
    path("<str:key>/", mail_detail, name="mail_detail"),
    path("<str:key>/html/", mail_html, name="mail_html"),
]
