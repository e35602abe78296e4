"""Pictures that people upload: measured before they are read, read with suspicion, written anew, kept under a name
that says nothing.

What comes out is always WebP: no other format, no second file hidden in the first, no place where the picture was
taken. It is served by a view that asks who wants it, never from a public folder.
"""

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.db.models import FileField, Model, QuerySet
from django.http import Http404, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MEGABYTES = 5
MOST_BYTES = MEGABYTES * 1024 * 1024
MEGAPIXELS = 40
MOST_PIXELS = MEGAPIXELS * 1_000_000
MOST_FRAMES = 50  # of an animation, of which the first is kept
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
CONTENT_TYPE = "image/webp"
QUALITY = 85
SERVED = {
    "Cache-Control": f"private, max-age={365 * 24 * 3600}, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own net, below ours: it complains, and from twice as many refuses


class UploadRefused(Exception):
    """A picture cannot be taken. The message may be shown."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that was taken: WebP of our own making."""

    content: bytes = field(repr=False)
    width: int
    height: int


class Bounded(FileUploadHandler):
    """Keeps no more of a file than says that it is too large, however much is sent."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 -- Django's signature
        return None


def take_picture(upload: "UploadedFile[bytes]", *, longest: int) -> Picture:
    """Read a picture and make it anew, neither side longer than `longest`. Raises UploadRefused."""
    if (upload.size or 0) > MOST_BYTES:
        raise UploadRefused(
            format_lazy(_("This file is larger than {megabytes} MB. Choose a smaller picture."), megabytes=MEGABYTES)
        )
    try:
        return _made_anew(upload, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused(_too_many_pixels()) from None
    except UploadRefused:
        raise
    except Exception:  # whatever a reader of a crooked file stumbles over
        raise UploadRefused(_("This is no picture that can be read. Choose a JPEG, PNG, WebP or GIF file.")) from None


def _made_anew(upload: "UploadedFile[bytes]", longest: int) -> Picture:
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UploadRefused(_too_many_pixels())
        if getattr(image, "n_frames", 1) > MOST_FRAMES:
            raise UploadRefused(_("This picture moves for too long. Choose one that stands still."))
        image.seek(0)
        image.draft("RGB", (longest, longest))
        image.load()
        image.thumbnail((longest, longest))
        turned = ImageOps.exif_transpose(image)
        return _written(turned.convert("RGBA" if turned.has_transparency_data else "RGB"))


def _written(image: Image.Image) -> Picture:
    """The pixels alone: what else the file said stays behind."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    sink = io.BytesIO()
    clean.save(sink, "WEBP", quality=QUALITY)
    return Picture(content=sink.getvalue(), width=clean.width, height=clean.height)


def _too_many_pixels() -> Any:
    return format_lazy(
        _("This picture has more than {megapixels} million pixels. Choose a smaller one."), megapixels=MEGAPIXELS
    )


class PictureField(forms.FileField):
    """A picture to upload; cleaned to a Picture, or to None when none was chosen."""

    widget = forms.FileInput

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp,image/gif"

    def clean(self, data: Any, initial: Any = None) -> Picture | None:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return take_picture(upload, longest=self.longest)
        except UploadRefused as refusal:
            raise ValidationError(str(refusal), code="picture") from None


# -- the folder -------------------------------------------------------------------------------------------------------


def keep(picture: Picture, folder: str) -> str:
    """Write a picture under a name that nobody can guess. Returns the name."""
    return default_storage.save(f"{folder}/{secrets.token_hex(16)}.webp", ContentFile(picture.content))


def copy(name: str, folder: str) -> str:
    """Write a kept picture once more, under a name of its own. Returns it; nothing for a picture that is not there."""
    if not name or not default_storage.exists(name):
        return ""
    with default_storage.open(name) as file:
        return default_storage.save(f"{folder}/{secrets.token_hex(16)}.webp", ContentFile(file.read()))


def forget(name: str) -> None:
    """Delete a kept picture, once what happens now is sure to hold."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def kept_files(model: type[Model], rows: "QuerySet[Any]") -> Iterator[str]:
    """The names of the pictures that rows of a model hold."""
    for column in model._meta.concrete_fields:
        if isinstance(column, FileField):
            yield from rows.exclude(**{column.name: ""}).values_list(column.name, flat=True)


def serve(name: str) -> HttpResponse:
    """A kept picture. Its address changes with it, so that a browser may keep it; raises Http404 when there is none."""
    if not name or not default_storage.exists(name):
        raise Http404
    with default_storage.open(name) as file:
        return HttpResponse(file.read(), content_type=CONTENT_TYPE, headers=SERVED)
