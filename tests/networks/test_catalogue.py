"""The catalogue: what is loaded, what is corrected, and what other rooms are told."""

import io
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audits.labels import FACT_NAMES
from networks import labels, queries, services
from networks.models import Metric, MetricAvailability, Network, NetworkFact, Subject
from networks.rules.lengths import Unit, check_text
from networks.words import LIST, unit_words, value_words
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SLUGS = [
    "facebook", "instagram", "x", "linkedin", "youtube", "tiktok", "pinterest", "snapchat", "threads", "mastodon",
    "bluesky",
]  # fmt: skip


@pytest.fixture
def loaded() -> services.LoadReport:
    return services.load_catalogue()


@pytest.fixture
def admin() -> Any:
    return make.user(is_staff=True, is_superuser=True)


def load() -> list[str]:
    out = io.StringIO()
    call_command("load_networks", stdout=out, no_color=True)
    return out.getvalue().splitlines()


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the shipped files in which one line differs."""
    shutil.copytree(services.DATA, folder, dirs_exist_ok=True)
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


HASHTAGS = "instagram,hashtags_max,5,per post or reel (gradual since 2025-12-18; was 30),"


def correct(by: Any, value: str = "30", field: str = "hashtags_max", **values: Any) -> NetworkFact:
    fields = {"source": "our account manager at Instagram", "now": NOW, **values}
    network = Network.objects.get(slug="instagram")
    return services.correct_fact(network=network, field=field, value=value, by=by, **fields)


def hashtags_max() -> int | None:
    return queries.limits_for("instagram").hashtags_max


# -- loading ----------------------------------------------------------------------------------------------------------


def test_load_brings_the_eleven_networks_in_order(loaded: services.LoadReport) -> None:
    assert list(Network.objects.values_list("slug", flat=True)) == SLUGS
    assert str(Network.objects.get(slug="x")) == "X"


def test_every_fact_has_a_source_and_a_date(loaded: services.LoadReport) -> None:
    assert NetworkFact.objects.count() == 253
    assert not NetworkFact.objects.filter(source="").exists()
    assert NetworkFact.objects.filter(source__startswith="belief").count() == sum(
        fact.is_belief for fact in NetworkFact.objects.all()
    )


def test_load_twice_changes_nothing() -> None:
    assert load() == [f"{11 + 253 + 22 + 210} new, 0 changed."]
    assert load() == ["Nothing changed."]


def test_load_says_what_changed_in_a_shipped_row(loaded: services.LoadReport, tmp_path: Path) -> None:
    folder = edited(tmp_path, "networks.csv", "snapchat,bio_max,150,", "snapchat,bio_max,160,")

    report = services.load_catalogue(folder=folder)

    assert report.changes == ["changed: fact about a network snapchat bio_max: 150 | value: 150 -> 160"]


def test_later_look_up_is_a_row_of_its_own_and_holds(loaded: services.LoadReport, tmp_path: Path) -> None:
    folder = edited(
        tmp_path, "networks.csv", HASHTAGS, "instagram,hashtags_max,3,per post,a page,2027-02-01\n" + HASHTAGS
    )

    services.load_catalogue(folder=folder)

    rows = NetworkFact.objects.filter(network="instagram", field="hashtags_max").order_by("looked_up_on")
    assert [(fact.value, fact.looked_up_on) for fact in rows] == [("5", date(2026, 11, 23)), ("3", date(2027, 2, 1))]
    assert hashtags_max() == 3


def test_load_keeps_a_correction_and_says_where_it_differs(loaded: services.LoadReport, admin: Any) -> None:
    correct(admin)

    lines = load()

    assert hashtags_max() == 30
    assert lines == [
        "Nothing changed.",
        "correction kept: instagram hashtags_max: corrected to '30' on 2026-11-23, "
        "shipped as '5' (looked up 2026-11-23)",
    ]


def test_load_is_silent_about_a_correction_that_the_shipped_value_now_confirms(
    loaded: services.LoadReport, admin: Any
) -> None:
    correct(admin, value="5")

    assert services.load_catalogue().contradicted == []


# -- corrections ------------------------------------------------------------------------------------------------------


def test_correction_says_who_and_when_and_keeps_what_was_shipped(loaded: services.LoadReport, admin: Any) -> None:
    fact = correct(admin)

    assert (fact.corrected_by, fact.corrected_at, fact.looked_up_on) == (admin, NOW, NOW.date())
    assert fact.unit.startswith("per post or reel")
    assert NetworkFact.objects.shipped().get(network="instagram", field="hashtags_max").value == "5"


def test_newest_correction_holds_and_reverting_it_brings_back_the_one_before(
    loaded: services.LoadReport, admin: Any
) -> None:
    first = correct(admin, value="30")
    second = correct(admin, value="10", now=NOW + timedelta(days=1))
    assert hashtags_max() == 10

    assert services.revert_correction(fact=second, by=admin, now=NOW)
    assert hashtags_max() == 30

    services.revert_correction(fact=first, by=admin, now=NOW)
    assert hashtags_max() == 5
    assert not services.revert_correction(fact=first, by=admin, now=NOW)


def test_correction_may_add_a_field(loaded: services.LoadReport, admin: Any) -> None:
    correct(admin, field="pinned_posts_max", value="3")

    assert queries.facts_for("instagram")["pinned_posts_max"].value == "3"


@pytest.mark.parametrize(("values", "field"), [({"value": "five"}, "value"), ({"source": " "}, "source")])
def test_correction_that_would_break_readers_is_refused(
    loaded: services.LoadReport, admin: Any, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(services.CatalogError) as caught:
        correct(admin, **values)

    assert caught.value.field == field
    assert hashtags_max() == 5


def test_only_a_site_admin_corrects_and_reverts(loaded: services.LoadReport, admin: Any) -> None:
    fact, editor = correct(admin), make.user()

    with pytest.raises(services.CatalogError):
        correct(editor, value="1")
    with pytest.raises(services.CatalogError):
        services.revert_correction(fact=fact, by=editor, now=NOW)
    assert hashtags_max() == 30


def test_person_who_corrected_may_leave(loaded: services.LoadReport, admin: Any) -> None:
    correct(admin)

    admin.delete()

    assert hashtags_max() == 30


# -- constraints ------------------------------------------------------------------------------------------------------


def fact(**values: Any) -> NetworkFact:
    fields = {
        "network": make.network("x"), "field": "bio_max", "value": "160", "source": "a page",
        "looked_up_on": NOW.date(), **values,
    }  # fmt: skip
    return NetworkFact.objects.create(**fields)


def test_shipped_fact_stands_once_a_day_and_corrections_as_often_as_made() -> None:
    fact()
    fact(looked_up_on=NOW.date() + timedelta(days=1))
    fact(is_correction=True, corrected_at=NOW)
    fact(is_correction=True, corrected_at=NOW)

    with pytest.raises(IntegrityError, match="network_fact_shipped_once_a_day"), transaction.atomic():
        fact(value="161")


@pytest.mark.parametrize(
    "values",
    [{"is_correction": True}, {"corrected_at": NOW}, {"reverted_at": NOW}],
    ids=["undated", "shipped", "reverted"],
)
def test_correction_is_dated_and_nothing_else_is(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="network_fact_correction_is_dated"), transaction.atomic():
        fact(**values)


def test_availability_stands_once() -> None:
    values = {"network": make.network("x"), "metric": make.metric("likes"), "subject": Subject.DELIVERY}
    MetricAvailability.objects.create(**values)

    with pytest.raises(IntegrityError, match="metric_availability_once"), transaction.atomic():
        MetricAvailability.objects.create(**values, is_given=True)


# -- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "text_max", "unit"),
    [
        ("facebook", 63206, Unit.CODE_POINTS),
        ("instagram", 2200, Unit.CODE_POINTS),
        ("x", 280, Unit.WEIGHTED),
        ("linkedin", 3000, Unit.ESCAPED),
        ("youtube", 5000, Unit.CODE_POINTS),
        ("tiktok", 2200, Unit.CODE_POINTS),
        ("pinterest", 500, Unit.CODE_POINTS),
        ("snapchat", None, Unit.CODE_POINTS),
        ("threads", 500, Unit.EMOJI_BYTES),
        ("mastodon", 500, Unit.GRAPHEMES),
        ("bluesky", 300, Unit.GRAPHEMES),
    ],
)
def test_limits_come_from_the_catalogue(
    loaded: services.LoadReport, network: str, text_max: int | None, unit: Unit
) -> None:
    limits = queries.limits_for(network)

    assert (limits.text_max, limits.unit) == (text_max, unit)


def test_limits_of_x_are_those_of_twitter_text(loaded: services.LoadReport) -> None:
    limits = queries.limits_for("x")

    assert (limits.url_weight, limits.char_weight, limits.emoji_weight) == (23, 2, 2)
    assert limits.light_ranges == ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    assert check_text("Voilà 👨‍👩‍👧 日本 https://example.com", limits).used == 6 + 2 + 1 + 4 + 1 + 23


def test_limits_of_the_others_know_their_own_conditions(loaded: services.LoadReport) -> None:
    assert queries.limits_for("bluesky").bytes_max == 3000
    assert queries.limits_for("mastodon").url_weight == 23
    assert queries.limits_for("threads").links_max == 5
    assert queries.limits_for("instagram").is_media_required
    assert set(queries.limits_for("linkedin").reserved) == set(r"|{}@[]()<>#\*_~")
    assert queries.limits_for("linkedin").reserved_cost == 2


def test_limits_of_all_networks_take_one_query(loaded: services.LoadReport) -> None:
    with CaptureQueriesContext(connection) as one:
        queries.limits_for("x")
    with CaptureQueriesContext(connection) as all_of_them:
        found = queries.limits_for_all(SLUGS)

    assert len(one) == len(all_of_them) == 1
    assert found["x"] == queries.limits_for("x")


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_vanity_metrics_are_the_ones_to_go_beyond(loaded: services.LoadReport) -> None:
    vain = Metric.objects.filter(is_vanity=True).values_list("slug", flat=True)

    assert set(vain) == {"likes", "followers", "shares", "impressions", "video_views"}


def test_every_metric_has_a_name_to_translate(loaded: services.LoadReport) -> None:
    with translation.override("en"):
        named = {metric.slug: str(metric.label) for metric in Metric.objects.all()}

    assert named == {slug: str(name) for slug, name in labels.METRIC_NAMES.items()}
    assert named == dict(Metric.objects.values_list("slug", "name"))
    assert named.keys() == labels.METRIC_COUNTS.keys()


def test_what_is_shown_of_a_profile_is_said_in_french(loaded: services.LoadReport) -> None:
    """Each item, unit and remark that a page shows differs from the English, unless French writes it the same."""
    facts = NetworkFact.objects.current().filter(field__in=FACT_NAMES).values_list("value", "unit")
    same = {"", "px", "bio", "description", "hashtags", "logo", "type", "minutes"}

    english = _said(facts)
    with translation.override("fr"):
        french = _said(facts)

    assert {words for words in english & french if not re.fullmatch(r"px( \([\d:.]+\))?", words)} <= same
    assert "images (ou 1\xa0GIF ou 1\xa0vidéo)" in french
    assert {"photo de couverture", "nom d’utilisateur (celui d’Instagram)"} <= french


def _said(facts: Any) -> set[str]:
    said = {unit_words(value, unit) for value, unit in facts}
    return said | {item for value, unit in facts if unit == LIST for item in value_words(value, unit).split(", ")}


def test_a_limit_is_counted_and_a_correction_stands_as_written() -> None:
    assert (value_words("63206", "characters"), unit_words("63206", "characters")) == ("63,206", "characters")
    assert (value_words("320x320", "px"), unit_words("1", "images")) == ("320 × 320", "picture")
    with translation.override("fr"):
        assert unit_words("1", "images (new (2026))") == "image (new (2026))"
        assert unit_words("5", "bananas") == "bananas"


@pytest.mark.parametrize(
    ("network", "metric", "subject", "given"),
    [
        ("mastodon", "likes", Subject.DELIVERY, True),
        ("mastodon", "impressions", Subject.DELIVERY, False),
        ("bluesky", "link_clicks", Subject.DELIVERY, False),
        ("instagram", "saves", Subject.DELIVERY, True),
        ("tiktok", "reach", Subject.DELIVERY, False),
        ("facebook", "followers", Subject.ACCOUNT, True),
        ("snapchat", "likes", Subject.DELIVERY, None),
        ("mastodon", "leads", Subject.DELIVERY, None),
    ],
)
def test_gives_says_yes_no_or_not_looked_up(
    loaded: services.LoadReport, network: str, metric: str, subject: Subject, given: bool | None
) -> None:
    assert queries.gives(network, metric, subject) is given
    assert queries.availability(subject, [network]).get((network, metric)) is given


def test_connector_and_catalogue_agree_about_mastodon(loaded: services.LoadReport) -> None:
    from networks.connectors import mastodon  # noqa: PLC0415

    for subject, metrics in ((Subject.ACCOUNT, mastodon.ACCOUNT_METRICS), (Subject.DELIVERY, mastodon.POST_METRICS)):
        given = queries.availability(subject, ["mastodon"])
        assert {slug: name is not None for slug, name in metrics.items()} == {
            slug: given["mastodon", slug] for slug in metrics
        }
        assert set(Metric.objects.filter(slug__in=metrics).values_list("slug", flat=True)) == set(metrics)


# -- the site administrator's pages -----------------------------------------------------------------------------------

ADD = "/admin/networks/networkfact/add/"


@pytest.fixture
def site(admin: Any) -> Client:
    client = Client()
    client.force_login(admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_admin_pages_open(loaded: services.LoadReport, site: Client) -> None:
    for model in ("network", "metric", "metricavailability", "networkfact"):
        assert site.get(f"/admin/networks/{model}/").status_code == 200
    assert site.get(f"/admin/networks/networkfact/{NetworkFact.objects.first().pk}/change/").status_code == 200  # type: ignore[union-attr]


def test_admin_corrects_and_reverts(loaded: services.LoadReport, site: Client, admin: Any) -> None:
    given = {"network": "instagram", "field": "hashtags_max", "value": "30", "unit": "", "source": "Instagram Help"}
    assert site.post(ADD, given).status_code == 302
    made = NetworkFact.objects.corrections().get()
    assert (made.value, made.corrected_by, hashtags_max()) == ("30", admin, 30)

    site.post("/admin/networks/networkfact/", {"action": "revert", "_selected_action": [made.pk]})

    made.refresh_from_db()
    assert (made.reverted_by, hashtags_max()) == (admin, 5)


def test_admin_refuses_a_correction_beside_its_field(loaded: services.LoadReport, site: Client) -> None:
    given = {"network": "instagram", "field": "hashtags_max", "value": "five", "unit": "", "source": "a page"}

    page = site.post(ADD, given)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors["value"] == ["This is a number: write it in digits only."]
    assert not NetworkFact.objects.corrections().exists()


def test_admin_changes_nothing_that_was_shipped(loaded: services.LoadReport, site: Client) -> None:
    shipped = NetworkFact.objects.shipped().get(network="instagram", field="hashtags_max")

    changed = site.post(f"/admin/networks/networkfact/{shipped.pk}/change/", {"value": "9"})
    deleted = site.post(f"/admin/networks/networkfact/{shipped.pk}/delete/", {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert hashtags_max() == 5


def test_admin_is_closed_to_others(loaded: services.LoadReport) -> None:
    client = Client()
    client.force_login(make.user(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get("/admin/networks/networkfact/").status_code == 302


def test_admin_is_entered_by_our_own_sign_in(client: Any) -> None:
    """Its own would count no guesses and ask for no second factor."""
    answer = client.post("/admin/login/?next=/admin/", {"username": "root@example.com", "password": "guess"})

    assert (answer.status_code, answer.url) == (302, "/me/login/?next=%2Fadmin%2F")
