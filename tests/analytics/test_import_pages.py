"""Importing figures: upload, preview, yes."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activity.models import Event
from analytics import exports
from analytics.models import CsvDraft, CsvImport, Observation, Source
from analytics.queries.imports import parse
from teams.rules import Role
from tests import make
from tests.analytics.conftest import GOOD, TODAY, Place, cells, text
from tests.make import NOW

pytestmark = pytest.mark.django_db


def upload(place: Place, content: str | bytes, client: Client | None = None, name: str = "figures.csv") -> Any:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return (client or place.client()).post(place.url("figures_import"), {"file": file}, follow=True)


def test_file_is_looked_at_first_and_taken_in_whole(place: Place) -> None:
    delivery = place.published()
    make.observation(delivery=delivery, metric="likes", value=30)
    client = place.client()

    preview = upload(place, f"{GOOD}{TODAY};instagram;maison.roche;#{delivery.pk};;34\n", client)

    assert preview.status_code == 200
    assert [row[4] for row in cells(preview, 0)] == ["Followers 5,210 new", "Likes 34 was 30"]
    assert not Observation.objects.filter(source=Source.CSV).exists()

    done = client.post(place.url("figures_confirm", pk=CsvDraft.objects.get().pk), follow=True)

    assert "2 figures taken in from figures.csv." in text(done)
    taken = (
        Observation.objects.filter(source=Source.CSV).order_by("metric").values_list("metric", "value", "csv_import")
    )
    whole = CsvImport.objects.get()
    assert list(taken) == [("followers", 5210, whole.pk), ("likes", 34, whole.pk)]
    assert (whole.row_count, whole.figure_count, whole.by) == (2, 2, place.people[Role.EDITOR])
    assert Event.objects.filter(verb="analytics.figures_imported").count() == 1
    assert not CsvDraft.objects.exists()


def test_file_confirmed_twice_is_taken_in_once(place: Place) -> None:
    client = place.client()
    upload(place, GOOD, client)
    address = place.url("figures_confirm", pk=CsvDraft.objects.get().pk)

    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404
    assert CsvImport.objects.count() == 1


def test_file_with_anything_wrong_is_not_taken_in_at_all(place: Place) -> None:
    client = place.client()
    lines = [
        f"{TODAY};instagram;maison.roche;;many;",
        f"{TODAY};instagram;nobody;;3;",
        f"{TODAY};instagram;maison.roche;;;3",
    ]

    preview = upload(place, GOOD + "\n".join(lines), client)
    forced = client.post(place.url("figures_confirm", pk=CsvDraft.objects.get().pk))

    assert (preview.status_code, forced.status_code) == (422, 422)
    assert cells(preview, 0) == [
        ["Row 3, column “followers”", "“many” is not a number."],
        ["Row 4, column “account”", "This brand has no account “nobody” on instagram."],
        ["Row 5, column “likes”", "instagram does not give “likes” for this: leave the cell empty."],
    ]
    assert not Observation.objects.exists()
    assert not CsvImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.replace("maison", "maïson").encode("latin-1"), "This file is not in UTF-8."),
        (GOOD.encode("utf-16"), "This file is not in UTF-8."),
        (b"x" * (2 * 1024 * 1024 + 1), "This file is larger than 2 MB."),
        (b"", "The submitted file is empty."),
    ],
)
def test_file_that_is_no_such_file_is_refused_beside_its_field(place: Place, content: bytes, words: str) -> None:
    answer = upload(place, content)

    assert answer.status_code == 422
    assert words in text(answer)
    assert not CsvDraft.objects.exists()


def test_file_without_figures_is_not_taken_in(place: Place) -> None:
    preview = upload(place, f"date,network,account,likes\n{TODAY},instagram,maison.roche,\n")

    assert "No row of this file holds a figure." in text(preview)


def test_new_upload_replaces_the_former(place: Place) -> None:
    upload(place, GOOD)
    upload(place, GOOD, name="C:\\Users\\ana\\better.csv")

    assert CsvDraft.objects.get().filename == "better.csv"


def test_file_left_aside_is_forgotten(place: Place) -> None:
    client = place.client()
    upload(place, GOOD, client)

    client.post(place.url("figures_discard", pk=CsvDraft.objects.get().pk))

    assert not CsvDraft.objects.exists()
    assert not Observation.objects.exists()


def test_anothers_file_is_not_there(place: Place) -> None:
    upload(place, GOOD)
    draft = CsvDraft.objects.get()

    for name, method in (("figures_preview", "get"), ("figures_confirm", "post"), ("figures_discard", "post")):
        answer = getattr(place, method)(name, role=Role.ADMIN, pk=draft.pk)
        assert answer.status_code == 404
    assert CsvDraft.objects.exists()


def test_template_comes_back_as_it_went_once_filled_in(place: Place) -> None:
    delivery = place.published()
    template = place.get("figures_template")
    lines = template.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "date,network,account,post,Comments,Followers,Likes",
        f"{TODAY},instagram,maison.roche,,–,,–",
        f"{TODAY},instagram,maison.roche,{delivery.pk},,–,",
    ]

    client = place.client()
    filled = [lines[0], lines[1].replace(",,–,,–", ",,–,900,–"), f"{TODAY},instagram,maison.roche,{delivery.pk},6,–,34"]
    upload(place, "\ufeff" + "\n".join(filled), client)
    client.post(place.url("figures_confirm", pk=CsvDraft.objects.get().pk))

    values = Observation.objects.order_by("metric").values_list("metric", "value")
    assert list(values) == [("comments", 6), ("followers", 900), ("likes", 34)]


def test_preview_costs_the_same_for_any_number_of_rows(place: Place) -> None:
    counts = []
    for rows in (1, 3):
        lines = [f"{TODAY};instagram;maison.roche;{place.published().pk};;{n}" for n in range(rows)]
        upload(place, GOOD + "\n".join(lines))
        with CaptureQueriesContext(connection) as queries:
            place.get("figures_preview", pk=CsvDraft.objects.get().pk)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_files_cannot_name_posts_and_accounts_of_other_brands(place: Place) -> None:
    branch = make.brand(workspace=place.brand.workspace)
    account = make.account(brand=branch, handle="lyon")
    delivery = make.delivery(account=account, post=make.post(brand=branch), published_at=NOW - timedelta(days=1))

    preview = upload(
        place,
        f"date;network;account;post;likes\n{TODAY};instagram;lyon;;3\n{TODAY};instagram;maison.roche;{delivery.pk};3\n",
    )

    assert [row[1] for row in cells(preview, 0)] == [
        "This brand has no account “lyon” on instagram.",
        f"This brand has no post “{delivery.pk}”. Give its number, or its address as in Sextant.",
    ]


def test_template_in_french_is_read_whatever_language_its_reader_has(place: Place) -> None:
    with translation.override("fr"):
        template = exports.template_csv(place.brand, today=NOW.date(), language="fr").removeprefix("\ufeff")
    head, account = template.splitlines()[:2]
    day, network, handle, post, *_rest = account.split(";")
    values = ["900" if column == head.split(";")[5] else "" for column in head.split(";")[4:]]

    filled = f"{head}\n{';'.join(['23/11/2026', network, handle, post, *values])}\n"
    parsed = parse(place.brand, filled, day_first=False, now=NOW)

    assert day == TODAY
    assert parsed.problems == []
    assert [(entry.metric, entry.value) for entry in parsed.entries] == [("followers", 900)]
