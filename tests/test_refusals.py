"""What can be wrong with times, texts, files, invitations and tokens, and two people at once, over real pages."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from analytics.models import Observation
from audits.services import connections
from calendar_app.models import DeliveryState
from core import outbound
from networks.connectors import AuthRefused
from plans.models import Target
from teams import services
from teams.models import Membership, User
from teams.rules import Role
from tests import make
from tests.calendar_app.acts import limit
from tests.furnished import House, database, filled, sheet, soup, touched, words
from tests.make import NOW
from tests.test_bad_input import BY_NAME, assert_refused, complaints, summed_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(outbound, "_within", lambda deadline, look_up: [])  # no name leads anywhere
    with time_machine.travel(NOW, tick=False):
        yield House()


def refused(house: House, name: str, bad: dict[str, str], **values: Any) -> Any:
    """The form is sent with those values, and refused with these messages beside these fields."""
    form, untouched = BY_NAME[name], database()
    sent = filled(form.read(house), **{**form.extra, **values})
    answer = form.send(house, sent)
    assert_refused(answer, form, sent, bad)
    assert touched(untouched) == []
    return answer


# -- times ------------------------------------------------------------------------------------------------------------

BACKWARDS = [
    ("persona_create", {"age_min": "40", "age_max": "30"}, {"age_max": "below the lower one"}),
    ("plan_edit", {"starts_on": "2026-12-31", "ends_on": "2026-10-01"}, {"ends_on": "must end after"}),
    ("goal_create", {"starts_on": "2026-11-29", "due_on": "2026-11-02"}, {"due_on": "must be due after"}),
    ("goal_edit", {"starts_on": "2026-11-29", "due_on": "2026-11-29"}, {"due_on": "must be due after"}),
    ("audit_edit", {"started_on": "2026-11-20", "next_due_on": "2026-11-02"}, {"next_due_on": "due after"}),
]


@pytest.mark.parametrize(("name", "values", "bad"), BACKWARDS, ids=[row[0] for row in BACKWARDS])
def test_end_before_start_is_refused(name: str, values: Any, bad: Any, house: House) -> None:
    refused(house, name, bad, **values)


def moment(field: str, day: str, clock: str) -> dict[str, str]:
    return {f"{field}_date": day, f"{field}_time": clock}


WRONG_TIMES = [
    ("delivery_schedule", moment("publish_at", "2026-11-23", "09:59"), {"publish_at_date": "in the future"}),
    ("delivery_publish", moment("published_at", "2026-11-23", "10:01"), {"published_at_date": "in the future"}),
    ("delivery_figures", {"observed_on": "2026-11-24", "likes": "3"}, {"observed_on": "in the future"}),
    ("delivery_figures", {"observed_on": "2026-11-01", "likes": "3"}, {"observed_on": "not published yet"}),
    ("account_figures", {"observed_on": "2026-11-24", "followers": "3"}, {"observed_on": "in the future"}),
    ("review_edit", {"last_post_on": "2026-11-24"}, {"last_post_on": "in the future"}),
]


@pytest.mark.parametrize(("name", "values", "bad"), WRONG_TIMES, ids=[f"{row[0]}-{row[2]}" for row in WRONG_TIMES])
def test_time_in_the_past_or_too_early_is_refused(name: str, values: Any, bad: Any, house: House) -> None:
    refused(house, name, bad, **values)


def test_post_for_a_time_in_the_past_is_refused_and_not_kept(house: House) -> None:
    on = {f"account_{house.account.pk}": "on"}

    refused(
        house, "post_create", {"publish_at_date": "in the future"}, **on, **moment("publish_at", "2026-11-22", "10:00")
    )


@pytest.mark.parametrize("day", ["2026-11-22", "0001-01-01", "9999-12-31", "31/02/2026", "a\0b"])
def test_entry_dropped_on_an_impossible_day_stays(day: str, house: House) -> None:
    untouched = database()

    answer = house.client.post(
        house.url("delivery_move", pk=house.delivery.pk), {"day": day, "clock": "10:00", "schedule_version": "0"}
    )

    assert answer.status_code == 422
    assert answer.json()["error"]
    assert touched(untouched) == []


CLOCK_CHANGES = [
    (NOW, "2027-03-28", "does not exist", ["later"]),
    (NOW, "2027-10-31", "occurs twice", ["first", "second"]),
    (datetime.fromisoformat("2026-10-20T08:00Z"), "2026-10-25", "occurs twice", ["first", "second"]),
]


@pytest.mark.parametrize(("now", "day", "said", "offered"), CLOCK_CHANGES, ids=[row[1] for row in CLOCK_CHANGES])
def test_local_time_that_is_not_one_moment_is_asked_about(
    now: datetime, day: str, said: str, offered: list[str], house: House
) -> None:
    with time_machine.travel(now, tick=False):
        house.client.force_login(house.admin)
        for name, more in (("delivery_schedule", {}), ("post_create", {f"account_{house.account.pk}": "on"})):
            values = moment("publish_at", day, "02:30")
            answer = refused(house, name, {"publish_at_date": said}, **values, **more)
            assert sheet(answer, "meaning").controls["meaning"].options == offered

        form = BY_NAME["delivery_schedule"]
        sent = filled(form.read(house), **moment("publish_at", day, "02:30"), meaning=offered[-1])
        assert form.send(house, sent).status_code == 302
        house.delivery.refresh_from_db()
        assert house.delivery.publish_at
        assert house.delivery.publish_at.isoformat() == f"{day}T01:30:00+00:00"


def test_publication_at_a_repeated_time_is_asked_about(house: House) -> None:
    refused(house, "delivery_publish", {"published_at_date": "twice"}, **moment("published_at", "2026-10-25", "02:30"))


def test_sign_up_in_an_unknown_zone_starts_in_utc(house: House) -> None:
    form = BY_NAME["account_signup"]
    house.client.logout()
    sent = filled(form.read(house), time_zone="Mars/Olympus")

    assert form.send(house, sent).status_code == 302
    assert User.objects.get(email=sent["email"]).time_zone == "UTC"


# -- texts, numbers, names --------------------------------------------------------------------------------------------


def test_text_over_the_limit_names_account_used_and_limit(house: House) -> None:
    limit("instagram", "caption_max", 10)
    when = moment("publish_at", "2026-11-30", "10:00")

    answer = BY_NAME["delivery_schedule"].send(house, {**when, "schedule_version": "0"})

    said = words(sheet(answer, "publish_at_date").page.select_one("[data-error-summary]"))
    assert answer.status_code == 422
    assert house.account.handle in said
    assert "23 characters, 10 fit" in said
    house.delivery.refresh_from_db()
    assert house.delivery.state == DeliveryState.DRAFT
    field = f"text_{house.account.pk}"
    on = {f"account_{house.account.pk}": "on", field: "x" * 11}
    refused(house, "post_create", {field: f"{house.account.handle}: the text has 11 characters, 10 fit"}, **when, **on)


def test_number_with_a_comma_is_read_as_the_french_write_it(house: House) -> None:
    make.metric("engagement_rate", unit="percent", position=9)
    form = BY_NAME["goal_create"]
    values = {
        "targets-0-metric": "engagement_rate", "targets-0-value": "12,5", "targets-0-value_to": "15,25",
        "targets-0-aggregation": "mean",
    }  # fmt: skip

    answer = form.send(house, filled(form.read(house), **form.extra | values))

    assert answer.status_code == 302, summed_up(sheet(answer, form.holds).page)
    stored = Target.objects.latest("pk")
    assert (f"{stored.value}", f"{stored.value_to}") == ("12.50", "15.25")
    refused(house, "goal_create", {"targets-0-value": "decimal"}, **{**values, "targets-0-value": "1,234"})


def test_french_number_that_can_be_read_two_ways_is_refused(house: House) -> None:
    refused(house, "delivery_figures", {"likes": "two ways"}, likes="1,234")
    refused(house, "delivery_figures", {"likes": "not a whole number"}, likes="12,5")


NAMESAKES = [
    ("persona_create", "persona", "name"), ("content_kind_create", "kind", "name"), ("brand_create", "brand", "name"),
    ("objective_create", "objective", "title"), ("account_create", "account", "handle"),
]  # fmt: skip
LETTERS = [("kelvin", "KELVIN"), ("kelvin", "\u212aelvin"), ("straße", "STRA\u1e9eE")]


@pytest.mark.parametrize(("name", "subject", "field"), NAMESAKES, ids=[row[0] for row in NAMESAKES])
@pytest.mark.parametrize(("first", "second"), LETTERS)
def test_same_name_in_other_letters_is_never_a_fault(
    name: str, subject: str, field: str, first: str, second: str, house: House
) -> None:
    row = getattr(house, subject)
    setattr(row, field, first)
    row.save()
    form = BY_NAME[name]

    answer = form.send(house, filled(form.read(house), network="instagram", **{field: second}))

    assert answer.status_code in (302, 422)


# -- files ------------------------------------------------------------------------------------------------------------

HEAD = "date;network;account;post;followers;likes\n"
GOOD = "2026-11-20;instagram;{account};;5210;\n"
WRONG_FILES = [
    (HEAD.replace("followers", "folowers") + GOOD, "Row 1, column “folowers”", "knows no column"),
    (HEAD.replace("network;", "") + GOOD, "Row 1, column “network”", "There is no column"),
    (HEAD.replace("likes", "followers") + GOOD, "Row 1, column “followers”", "twice"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};;many;\n", "Row 3, column “followers”", "not a number"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};;1e400;\n", "Row 3, column “followers”", "not a number"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};;-5;\n", "Row 3, column “followers”", "less than zero"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};;12,5;\n", "Row 3, column “followers”", "whole number"),
    (HEAD + GOOD + "31/02/2026;instagram;{account};;3;\n", "Row 3, column “date”", "not a date"),
    (HEAD + GOOD + "9999-12-31;instagram;{account};;3;\n", "Row 3, column “date”", ""),
    (HEAD + GOOD + "2026-11-20;instagram;nobody;;3;\n", "Row 3, column “account”", "no account “nobody”"),
    (HEAD + GOOD + "2026-11-20;instagram;{foreign};;3;\n", "Row 3, column “account”", "no account"),
    (HEAD + GOOD + "2026-11-20;myspace;{account};;3;\n", "Row 3, column “network”", "not a network"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};#{post};;3\n", "Row 3, column “post”", "no post"),
    (HEAD + GOOD + "2026-11-20;instagram;{account};;3;\n", "Row 3, column “followers”", "Row 2 gives another"),
]


def upload(house: House, content: bytes) -> Any:
    file = SimpleUploadedFile("figures.csv", content)
    return house.client.post(house.url("figures_import"), {"file": file}, follow=True)


@pytest.mark.parametrize(("text", "where", "why"), WRONG_FILES, ids=[f"{row[1]} {row[2]}" for row in WRONG_FILES])
def test_wrong_file_is_told_by_row_and_column(text: str, where: str, why: str, house: House) -> None:
    names = {"account": house.account.handle, "foreign": house.stranger.account.handle}
    text = text.format(**names, post=house.stranger.published.pk)
    untouched = Observation.objects.count()

    preview = upload(house, text.encode())
    forced = house.client.post(preview.request["PATH_INFO"] + "confirm/")

    assert (preview.status_code, forced.status_code) == (422, 422)
    said = words(soup(preview).main)
    assert where in said
    assert why in said
    assert Observation.objects.count() == untouched


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_file_in_another_encoding_is_refused(encoding: str, house: House) -> None:
    untouched = database()

    answer = upload(house, (HEAD + GOOD.format(account="brûlerie")).encode(encoding))

    assert answer.status_code == 422
    page = sheet(answer, "file")
    assert "not in UTF-8" in complaints(page.controls["file"].tag, page.page)
    assert "not in UTF-8" in summed_up(page.page)
    assert touched(untouched) == []


def test_no_file_and_an_empty_one_are_refused(house: House) -> None:
    untouched = database()

    for files in ({"other": "x"}, {"file": SimpleUploadedFile("a.csv", b"")}):
        answer = house.client.post(house.url("figures_import"), files)
        page = sheet(answer, "file")
        assert answer.status_code == 422
        assert complaints(page.controls["file"].tag, page.page)
    assert touched(untouched) == []


# -- invitations and tokens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [("expired", 410, "has expired"), ("cancelled", 410, "was canceled"), ("used", 410, "used already"),
     ("foreign", 403, "another address"), ("garbage", 404, "does not exist")],
)  # fmt: skip
def test_bad_invitation_says_what_is_wrong_and_lets_nobody_in(fault: str, status: int, said: str, house: House) -> None:
    guest = make.user(email="lea@example.com")
    token = _invited(house, fault, "lea@example.com")
    browser = Client(raise_request_exception=False)
    browser.force_login(guest if fault != "foreign" else make.user())
    members = Membership.objects.count()

    with time_machine.travel(NOW + timedelta(days=8 if fault == "expired" else 0), tick=False):
        browser.force_login(guest if fault != "foreign" else make.user())
        answers = [browser.get(f"/invitations/{token}"), browser.post(f"/invitations/{token}/accept/", {"a": "b"})]

    assert [answer.status_code for answer in answers] == [status, status]
    assert all(said in words(soup(answer).main) for answer in answers)
    assert Membership.objects.count() == members


def _invited(house: House, fault: str, email: str) -> str:
    if fault == "garbage":
        return "%00🦔..%2e"
    invitation = services.invite(
        workspace=house.brand.workspace, email=email, role=Role.EDITOR, by=house.admin, now=NOW
    )
    token = "a-token-of-ours"
    invitation.token_hash = services.invitations.hash_of(token)
    if fault == "used":
        invitation.accepted_at = NOW
    if fault == "cancelled":
        invitation.canceled_at = NOW
    invitation.save()
    return token


SERVERS = ["javascript:alert(1)", "https://", "http://[::1", "a b", "<b>", "x" * 150, "127.0.0.1", "localhost"]


def test_server_that_is_none_is_refused(house: House) -> None:
    for server in SERVERS:
        refused(house, "account_connect", {"server": ""}, server=server)


@pytest.mark.parametrize("token", ["wrong", "tök🦔n", "two\r\nlines", "x" * 500])
def test_broken_token_is_refused_and_not_kept(token: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> Any:
        raise AuthRefused("no")

    monkeypatch.setattr(connections, "for_network", refuse)

    answer = refused(house, "account_connect", {"token": "refused this token"}, token=token)

    assert token.split()[0] not in answer.content.decode()


# -- two people at once -----------------------------------------------------------------------------------------------

TOGETHER = [
    ("post_edit", "title"), ("goal_edit", "title"), ("persona_edit", "name"), ("account_edit", "mission"),
    ("brand_edit", "name"), ("review_edit", "notes"), ("objective_edit", "title"), ("plan_edit", "title"),
    ("audit_edit", "title"), ("content_kind_edit", "name"), ("inspiration_edit", "own_words"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), TOGETHER, ids=[row[0] for row in TOGETHER])
def test_second_of_two_sees_both_versions_and_may_then_save(name: str, field: str, house: House) -> None:
    form = BY_NAME[name]
    page = form.read(house)
    assert form.send(house, filled(page, **{field: "Words of the first"})).status_code == 302
    untouched = database()

    answer = form.send(house, filled(page, **{field: "Words of the second"}))

    assert answer.status_code == 422
    assert touched(untouched) == []
    shown = sheet(answer, form.holds)
    assert "Words of the first" in words(shown.page.main)
    assert shown.values[field] == "Words of the second"
    assert "Somebody else changed this" in summed_up(shown.page)
    assert form.send(house, filled(shown)).status_code == 302
    assert form.read(house).values[field] == "Words of the second"


def test_audit_changed_meanwhile_is_not_closed_unseen(house: House) -> None:
    house.review.decision, house.review.reason = "keep", "It works."
    house.review.save()
    form = BY_NAME["audit_close"]
    page = form.read(house)
    house.audit.next_due_on, house.audit.version = NOW.date() + timedelta(days=50), 2
    house.audit.save()

    answer = form.send(house, filled(page, next_due_on="2027-03-01"))

    shown = sheet(answer, form.holds)
    assert answer.status_code == 422
    assert "In the meantime this was saved" in complaints(shown.controls["next_due_on"].tag, shown.page)
    assert form.send(house, filled(shown)).status_code == 302


def test_published_meanwhile_is_said(house: House) -> None:
    publish, schedule = BY_NAME["delivery_publish"], BY_NAME["delivery_schedule"]
    sent = filled(publish.read(house))
    planned = filled(schedule.read(house), **moment("publish_at", "2026-11-30", "10:00"))
    assert publish.send(house, sent).status_code == 302
    untouched = database()

    for answer in (publish.send(house, sent), schedule.send(house, planned)):
        assert answer.status_code == 422
        assert re.search("published already|in the meantime", summed_up(soup(answer)))
    assert touched(untouched) == []
