"""The colors of the look, read from the style sheet itself: contrast as WCAG 2.2 counts it, and the ten fixed colors
as people with each kind of color blindness see them."""

import itertools
import math
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from core import look

SHEET = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunk")
Rgb = tuple[float, float, float]

# Machado, Oliveira and Fernandes (2009), severity 1: what is left of linear RGB
SIGHTS = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)\n *}}', SHEET, re.S)
    assert block
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})\b", block[1]))


def linear(color: str) -> Rgb:
    def channel(text: str) -> float:
        value = int(text, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(color[1:3]), channel(color[3:5]), channel(color[5:7])


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    light = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))]
    return (max(light) + 0.05) / (min(light) + 0.05)


def lab(color: Rgb) -> Rgb:
    red, green, blue = color
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
        (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(color: str, sight: str) -> Rgb:
    source = linear(color)
    red, green, blue = (sum(m * c for m, c in zip(row, source, strict=True)) for row in SIGHTS[sight])
    return lab((min(1, max(0, red)), min(1, max(0, green)), min(1, max(0, blue))))


def distance(one: Rgb, other: Rgb) -> float:
    """CIE76: 2.3 is just noticeable."""
    return math.dist(one, other)


def pairs() -> Iterator[tuple[str, str, float]]:
    for ground in GROUNDS:
        yield from ((word, ground, 4.5) for word in ("ink", "ink-soft", "brass", "brass-strong", *look.TONES))
        yield from (("line-strong", ground, 3), ("focus", ground, 3))
    for tone in look.TONES:
        yield tone, f"{tone}-tint", 4.5
        yield "ink", f"{tone}-tint", 4.5
    yield from (("on-brass", "brass", 4.5), ("on-brass", "brass-strong", 4.5), ("on-coral", "coral", 4.5))
    for n in range(10):
        yield from ((f"pal-{n}", "paper", 4.5), (f"pal-{n}", "surface", 4.5), (f"pal-{n}", f"pal-{n}-tint", 3))
        yield from (("ink", f"pal-{n}-tint", 4.5), ("pal-on", f"pal-{n}", 4.5))


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_colors_has_enough_contrast(theme):
    colors = tokens(theme)

    weak = [
        (word, ground, round(found, 2))
        for word, ground, least in pairs()
        if (found := contrast(colors[word], colors[ground])) < least
    ]

    assert weak == []


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_the_ten_colors_can_be_told_apart(theme, sight):
    colors = tokens(theme)
    ten = {n: seen(colors[f"pal-{n}"], sight) for n in range(10)}

    alike = [
        (a, b, round(distance(ten[a], ten[b]), 1))
        for a, b in itertools.combinations(ten, 2)
        if distance(ten[a], ten[b]) < 11
    ]

    assert alike == []


def test_contrast_of_black_and_white_is_21():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", THEMES)
def test_rgb_triples_match_their_colors(theme):
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)\n *}}', SHEET, re.S)
    colors = tokens(theme)
    assert block
    names = {"primary": "brass", "success": "sea", "warning": "amber", "danger": "coral", "info": "slate"}

    for role, name in names.items():
        triple = ", ".join(str(int(colors[name][i : i + 2], 16)) for i in (1, 3, 5))
        assert f"--bs-{role}-rgb: {triple};" in block[1]
