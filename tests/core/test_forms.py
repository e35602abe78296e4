from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from crispy_forms.layout import Fieldset, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.utils.translation import override

from core.errors import Refusal
from core.forms import (
    UNSEEN,
    DateInput,
    LocalDateTimeField,
    SextantForm,
    StaleGuard,
    ZoneField,
    improve,
    render_refused,
    zone_choices,
)


class PostForm(SextantForm):
    name = forms.CharField(label="Name", max_length=5, help_text="Short.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    due_on = forms.DateField(label="Due", required=False)
    publish_at = LocalDateTimeField(label="Publish at", zone="Europe/Paris", required=False)


class VersionedForm(StaleGuard, SextantForm):
    pass


def soup(form):
    return BeautifulSoup(render_crispy_form(form), "html.parser")


def test_form_says_optional_and_marks_nothing_else():
    page = soup(PostForm())

    assert page.find("label", {"for": "id_name"}).get_text(strip=True) == "Name"
    assert page.find("label", {"for": "id_note"}).get_text(" ", strip=True) == "Note (optional)"
    assert "*" not in page.get_text()


def test_form_ties_help_and_errors_to_the_input():
    page = soup(PostForm({"name": "too long"}))

    described = page.find(id="id_name")["aria-describedby"].split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert "Short." in page.find(id="id_name_helptext").get_text()
    assert "at most 5 characters" in page.find(id="id_name_error").get_text()
    assert page.find(id="id_name")["aria-invalid"] == "true"
    assert page.find(id="id_name")["value"] == "too long"


def test_error_summary_leads_to_the_fields():
    form = PostForm({"name": "", "publish_at_date": "2026-02-31", "publish_at_time": "09:00"})
    form.is_valid()
    form.add_error(None, "Somebody else changed this.")

    summary = soup(form).select_one("[data-error-summary]")

    links = [link["href"] for link in summary.select("a")]
    assert links == ["#id_name", "#id_publish_at_0"]
    assert summary["role"] == "alert"
    assert "Somebody else changed this." in summary.get_text()


def test_error_links_name_an_element_that_is_there():
    page = soup(PostForm({"name": "", "publish_at_date": "x", "publish_at_time": "y"}))

    targets = [link["href"][1:] for link in page.select("[data-error-summary] a")]

    assert [page.find(id=target) is not None for target in targets] == [True] * len(targets)


def test_plain_rendering_looks_like_crispy():
    form = PostForm({"name": ""})

    page = BeautifulSoup(str(form), "html.parser")

    assert len(page.select("[data-error-summary]")) == 1
    assert len(page.select(".field")) == len(soup(form).select(".field"))


def test_help_text_is_escaped():
    form = PostForm()
    form.fields["name"].help_text = "<script>alert(1)</script>"

    assert "<script>" not in render_crispy_form(form)


def test_layout_keeps_the_order_given_and_the_hidden_version():
    class Grouped(StaleGuard, PostForm):
        def layout(self):
            return Layout(Fieldset("What", "note", css_class="group"), "name")

    page = soup(Grouped(initial={"version": 3}))

    assert [field["id"] for field in page.select(".field")] == ["div_id_note", "div_id_name"]
    assert page.find("input", {"name": "version"})["value"] == "3"


def test_refusal_stands_beside_its_field_or_on_top():
    form = PostForm({"name": "ok"})
    form.is_valid()

    form.refuse(Refusal("Taken.", field="name"))
    form.refuse(Refusal("Not now.", field="elsewhere"))

    assert form.errors == {"name": ["Taken."], "__all__": ["Not now."]}


def test_dates_get_the_browsers_picker():
    form = PostForm(initial={"due_on": datetime(2026, 11, 30, tzinfo=UTC).date()})

    field = soup(form).find(id="id_due_on")

    assert isinstance(form.fields["due_on"].widget, DateInput)
    assert (field["type"], field["value"]) == ("date", "2026-11-30")


def test_local_datetime_is_read_as_the_clock_on_the_wall():
    form = PostForm({"name": "ok", "publish_at_date": "2026-03-29", "publish_at_time": "02:30"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["publish_at"] == datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001


def test_local_datetime_shows_a_moment_in_its_zone_and_names_the_zone():
    form = PostForm(initial={"publish_at": datetime(2026, 7, 1, 22, 15, tzinfo=UTC)})

    page = soup(form)

    assert page.find("input", {"name": "publish_at_date"})["value"] == "2026-07-02"
    assert page.find("input", {"name": "publish_at_time"})["value"] == "00:15"
    assert "Europe/Paris" in page.select_one(".zone").get_text()


def test_local_datetime_zone_can_be_set_per_form():
    form = PostForm(initial={"publish_at": datetime(2026, 7, 1, 22, 15, tzinfo=UTC)})
    form.fields["publish_at"].zone = "America/New_York"

    assert soup(form).find("input", {"name": "publish_at_time"})["value"] == "18:15"
    assert PostForm().fields["publish_at"].zone == "Europe/Paris"


@pytest.mark.parametrize(
    ("day", "clock", "message"),
    [
        ("2026-11-30", "", "Give both a date and a time."),
        ("", "09:00", "Give both a date and a time."),
        ("2026-02-31", "09:00", "Enter a date, for example 2026-11-30."),
        ("2026-02-28", "25:00", "Enter a time, for example 14:30."),
    ],
)
def test_local_datetime_refuses_half_and_nonsense(day, clock, message):
    form = PostForm({"name": "ok", "publish_at_date": day, "publish_at_time": clock})

    assert form.errors["publish_at"] == [message]


def test_local_datetime_may_be_empty_when_optional():
    form = PostForm({"name": "ok", "publish_at_date": "", "publish_at_time": ""})

    assert form.is_valid()
    assert form.cleaned_data["publish_at"] is None


def test_version_comes_from_the_instance():
    class Guarded(StaleGuard, SextantForm):
        def __init__(self, *args, instance, **kwargs):
            self.instance = instance
            super().__init__(*args, **kwargs)

    thing = type("Thing", (), {"version": 7})()

    assert soup(Guarded(instance=thing)).find("input", {"name": "version"})["value"] == "7"


@pytest.mark.parametrize("version", ["0", "-1", "x"])
def test_version_refuses_nonsense(version):
    assert "version" in VersionedForm({"version": version}).errors


def test_without_the_version_seen_nothing_is_valid():
    assert VersionedForm({}).errors == {"__all__": [str(UNSEEN)]}


def test_zones_are_places_that_exist():
    names = [name for _group, zones in zone_choices() for name, _label in zones]

    assert {"Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"} <= set(names)
    assert not [name for name in names if name.startswith(("Etc/", "US/", "posix/"))]


def test_zones_are_named_and_sorted_in_the_readers_language():
    with override("fr"):
        groups = dict(zone_choices())

    assert {("Africa/Cairo", "Le Caire"), ("Africa/Algiers", "Alger")} <= set(groups["Afrique"])
    assert ("Europe/London", "Londres") in groups["Europe"]
    assert all(len({city for _name, city in zones}) == len(zones) for zones in groups.values())


def test_zone_field_refuses_what_is_no_zone():
    form = type("ZoneForm", (SextantForm,), {"zone": ZoneField(guess=True)})({"zone": "Mars/Base"})

    assert "zone" in form.errors
    assert "data-guess-zone" in str(form["zone"])


def test_refused_page_is_422():
    response = render_refused(RequestFactory().get("/"), "forms/form.html", {"form": PostForm({"name": ""})})

    assert response.status_code == 422
    assert "data-error-summary" in response.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31"])
def test_dates_beyond_all_reckoning_are_refused(day: str) -> None:
    form = PostForm({"name": "Nora", "due_on": day, "publish_at_date": day, "publish_at_time": "09:00"})

    assert not form.is_valid()
    assert set(form.errors) == {"due_on", "publish_at"}


@pytest.mark.parametrize(("required", "words"), [(True, "choose one"), (False, "not stated")])
def test_a_list_of_things_says_in_words_that_nothing_is_chosen(required, words):
    field = forms.ModelChoiceField(Group.objects.none(), required=required)

    improve(field)

    assert str(field.empty_label) == words
