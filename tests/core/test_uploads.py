"""Pictures as attackers and telephones make them."""

import io
import struct
import tracemalloc
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import uploads

LONGEST = 480


def pixels(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    sink = io.BytesIO()
    Image.new(mode, size, "red").save(sink, kind, **options)
    return sink.getvalue()


def moving(kind: str, frames: int) -> bytes:
    sink = io.BytesIO()
    first, *others = [Image.new("RGB", (8, 8), ("red", "green")[number % 2]) for number in range(frames)]
    first.save(sink, kind, save_all=True, append_images=others, duration=10)
    return sink.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is huge, and unpacks to that."""
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0))
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (width + 1)) for _row in range(min(height, 2_000)))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows + packer.flush()) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to far more than the picture."""
    whole = pixels()
    comment = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000, 9))
    return whole[:33] + comment + whole[33:]


def with_place(orientation: int = 6) -> bytes:
    """A photograph as a telephone takes it: on its side, and saying where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "A telephone"
    exif[0x8825] = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)}
    return pixels("JPEG", (60, 40), exif=exif, comment=b"taken at home", icc_profile=b"\0" * 200)


def upload(content: bytes, name: str = "a.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def taken(content: bytes, name: str = "a.png") -> Image.Image:
    picture = uploads.take_picture(upload(content, name), longest=LONGEST)
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, image.size) == ("WEBP", (picture.width, picture.height))
    return image


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
REFUSED = {
    "a picture of 10 gigapixels": (bomb(100_000, 100_000), "million pixels"),
    "a picture just over the limit": (bomb(8_001, 5_000), "million pixels"),
    "one long row": (bomb(2_000_000_000, 1), "million pixels"),
    "a comment that unpacks": (text_bomb(), "no picture"),
    "a film": (moving("GIF", 200), "moves for too long"),
    "a film in WebP": (moving("WEBP", 200), "moves for too long"),
    "a film in PNG": (moving("PNG", 200), "moves for too long"),
    "SVG": (SVG, "no picture"),
    "HTML with the name of a picture": (HTML, "no picture"),
    "half a picture": (pixels(size=(200, 200))[:-40], "no picture"),
    "the head of a picture": (pixels("JPEG")[:100], "no picture"),
    "a TIFF": (pixels("TIFF"), "no picture"),
    "a bitmap": (pixels("BMP"), "no picture"),
    "an icon": (pixels("ICO"), "no picture"),
    "a PDF": (pixels("PDF"), "no picture"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
    "too many bytes": (pixels() + b"\0" * uploads.MOST_BYTES, "larger than 5 MB"),
    "garbage": (bytes(range(256)) * 40, "no picture"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_decent_picture_is_refused_cheaply(content: bytes, said: str) -> None:
    tracemalloc.start()
    with pytest.raises(uploads.UploadRefused, match=said):
        uploads.take_picture(upload(content), longest=LONGEST)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 60_000_000


def test_too_large_a_file_is_not_read() -> None:
    class Untouched(SimpleUploadedFile):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("it was read")

    file = Untouched("a.png", b"")
    file.size = uploads.MOST_BYTES + 1

    with pytest.raises(uploads.UploadRefused, match="larger"):
        uploads.take_picture(file, longest=LONGEST)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("name", ["a.png", "a.html", "../../etc/passwd", "a.svg", "a\0.png", "CON", "x" * 300])
def test_picture_is_what_it_is_whatever_it_is_called(kind: str, name: str) -> None:
    image = taken(pixels(kind), name)

    assert image.size == (60, 40)
    assert image.convert("RGB").getpixel((5, 5))[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    sink = io.BytesIO()
    Image.new(mode, (9, 9)).save(sink, "PNG")

    assert taken(sink.getvalue()).size == (9, 9)


def test_see_through_stays_see_through() -> None:
    sink = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(sink, "PNG")

    assert taken(sink.getvalue()).convert("RGBA").getpixel((4, 4))[3] == 0


def test_photograph_stands_upright_and_tells_no_place() -> None:
    content = with_place()
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)

    picture = uploads.take_picture(upload(content, "IMG.JPG"), longest=LONGEST)
    image = Image.open(io.BytesIO(picture.content))

    assert image.size == (40, 60)
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
    assert b"telephone" not in picture.content
    assert b"home" not in picture.content


def test_second_file_hidden_behind_a_picture_is_left_behind() -> None:
    for hidden in (HTML, b"PK\3\4 a zip", b"%PDF-1.7", b"<?php system($_GET[0]) ?>"):
        for kind in ("PNG", "JPEG", "GIF"):
            picture = uploads.take_picture(upload(pixels(kind) + hidden), longest=LONGEST)
            assert hidden not in picture.content
    comment = pixels("GIF", comment=HTML)
    assert HTML in comment
    assert HTML not in uploads.take_picture(upload(comment), longest=LONGEST).content


def test_picture_is_made_small_and_keeps_its_shape() -> None:
    assert taken(pixels("JPEG", (4000, 2000))).size == (480, 240)
    assert taken(pixels("PNG", (100, 3000))).size == (16, 480)
    assert taken(moving("GIF", 3)).n_frames == 1


def test_more_than_may_be_sent_is_not_kept_on_the_way() -> None:
    handler = uploads.Bounded()

    assert handler.receive_data_chunk(b"x", uploads.MOST_BYTES) == b"x"
    assert handler.receive_data_chunk(b"x", uploads.MOST_BYTES + 1) is None
