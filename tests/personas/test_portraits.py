"""A persona's portrait: hung, shown to those who may see it, replaced, taken away."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import uploads
from personas.models import Persona
from teams.rules import Role
from tests import make
from tests.core.test_uploads import REFUSED, pixels, upload, with_place

pytestmark = pytest.mark.django_db


class Wall:
    """A brand whose editor hangs portraits, and the folder that they are kept in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.brand = make.brand()
        self.persona = make.persona(brand=self.brand)
        self.place = f"/w/{self.brand.workspace.slug}/b/{self.brand.slug}/personas/"
        self.client = Client()
        self.client.force_login(make.person(Role.EDITOR, brand=self.brand))

    @property
    def kept(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def edit(self, **values: Any) -> Any:
        self.persona.refresh_from_db()
        sent = {"name": self.persona.name, "summary": "Who.", "version": self.persona.version, **values}
        return self.client.post(f"{self.place}{self.persona.pk}/edit/", sent)

    def portrait(self, client: Client | None = None) -> Any:
        return (client or self.client).get(f"{self.place}{self.persona.pk}/portrait/")


@pytest.fixture
def wall(settings: Any, tmp_path: Path) -> Wall:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return Wall(tmp_path / "uploads")


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_portrait_is_hung_and_shown(wall: Wall) -> None:
    answer = wall.client.post(
        f"{wall.place}new/",
        {"name": "Léa", "summary": "Who.", "portrait": upload(with_place(), "../../Léa at home.jpg")},
    )

    assert answer.status_code == 302
    wall.persona = Persona.objects.get(name="Léa")
    (file,) = wall.kept
    assert file.parent == wall.folder / "portraits"
    assert len(file.stem) == 32
    assert file.stat().st_mode & 0o077 == 0
    for page in (wall.place, f"{wall.place}{wall.persona.pk}/"):
        image = soup(wall.client.get(page)).select_one("img.avatar")
        assert image
        assert image["alt"] == "Portrait of Léa"
        shown = wall.client.get(str(image["src"]))
        assert shown.content == file.read_bytes()


def test_portrait_is_served_as_what_it_is(wall: Wall) -> None:
    wall.edit(portrait=upload(pixels()))

    answer = wall.portrait()

    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"].startswith("private")


def test_portrait_is_for_members_only(wall: Wall) -> None:
    wall.edit(portrait=upload(pixels()))
    for role, status in ((Role.GUEST, 200), (None, 404)):
        client = Client()
        client.force_login(make.person(role, brand=wall.brand) if role else make.person(Role.ADMIN))
        answer = wall.portrait(client)
        assert answer.status_code == status

    assert wall.portrait(Client()).status_code == 302
    assert Client().get(f"/media/{wall.kept[0].relative_to(wall.folder)}").status_code in (302, 404)


def test_another_portrait_takes_the_place_of_the_first(wall: Wall, django_capture_on_commit_callbacks: Any) -> None:
    wall.edit(portrait=upload(pixels()))
    (first,) = wall.kept

    with django_capture_on_commit_callbacks(execute=True):
        assert wall.edit(portrait=upload(pixels("JPEG"))).status_code == 302

    (second,) = wall.kept
    assert second != first


def test_portrait_stays_until_it_is_taken_away(wall: Wall, django_capture_on_commit_callbacks: Any) -> None:
    wall.edit(portrait=upload(pixels()))
    wall.edit(job="Roaster")
    wall.persona.refresh_from_db()
    assert default_storage.exists(wall.persona.portrait.name)
    assert "drop_portrait" in wall.client.get(f"{wall.place}{wall.persona.pk}/edit/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        assert wall.edit(drop_portrait="on").status_code == 302

    assert wall.kept == []
    assert wall.portrait().status_code == 404
    assert soup(wall.client.get(wall.place)).select_one("span.avatar-large")


def test_portrait_goes_with_the_persona(wall: Wall, django_capture_on_commit_callbacks: Any) -> None:
    wall.edit(portrait=upload(pixels()))

    with django_capture_on_commit_callbacks(execute=True):
        wall.client.post(f"{wall.place}{wall.persona.pk}/delete/")

    assert wall.kept == []


@pytest.mark.parametrize("what", ["a picture of 10 gigapixels", "a film", "SVG", "half a picture", "too many bytes"])
def test_bad_picture_is_refused_beside_its_field_and_words_are_kept(what: str, wall: Wall) -> None:
    content, said = REFUSED[what]

    answer = wall.edit(job="Typed before", portrait=SimpleUploadedFile("me.png", content, "image/png"))

    page = soup(answer)
    field = page.select_one("#id_portrait")
    assert answer.status_code == 422
    assert field
    error = page.find(id=str(field["aria-describedby"]).split()[-1])
    assert said in f"{error} {page.select_one('#id_portrait_error')}"
    assert page.select_one("#id_job")["value"] == "Typed before"  # type: ignore[index]
    assert wall.kept == []


def test_far_too_large_a_file_is_cut_on_the_way(wall: Wall) -> None:
    content = pixels() + b"\0" * (3 * uploads.MOST_BYTES)

    answer = wall.edit(portrait=SimpleUploadedFile("a.png", content))

    assert answer.status_code == 422
    assert "larger than 5 MB" in answer.content.decode()
