"""Small tags of the look. How each is used is written in `docs/look.md`."""

import functools
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, TextNode, Token
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from core import arc, charts, look, markup

register = template.Library()
LIBRARIES: dict[str, str] = {}  # what our modules may import beside each other: name -> static path


# -- addresses ------------------------------------------------------------------------------------------------------


def place_of(context: Context) -> dict[str, str]:
    """The slugs of the workspace and brand that the page stands in."""
    request = context.get("request")
    workspace, brand = getattr(request, "workspace", None), getattr(request, "brand", None)
    kwargs = {}
    if workspace is not None:
        kwargs["workspace"] = workspace.slug
    if brand is not None:
        kwargs["brand"] = brand.slug
    return kwargs


@register.filter
def outward(address: str) -> str:
    """An address that leads out of Sextant, as a link may have it; nothing when a browser would do something else."""
    return address if address.lower().startswith(("https://", "http://")) else ""


@register.simple_tag(takes_context=True)
def brand_url(context: Context, name: str, **kwargs: Any) -> str:
    """The address of a page of this brand; raises NoReverseMatch when there is no such page."""
    return reverse(name, kwargs={**place_of(context), **kwargs})


@register.simple_tag(takes_context=True)
def workspace_url(context: Context, name: str, **kwargs: Any) -> str:
    """The address of a page of this workspace; raises NoReverseMatch when there is no such page."""
    place = place_of(context)
    place.pop("brand", None)
    return reverse(name, kwargs={**place, **kwargs})


@register.simple_tag(takes_context=True)
def url_if_any(context: Context, name: str, border: str = "brand", **kwargs: Any) -> str:
    """Like brand_url, or "" when there is none; `border` is what the page belongs to: brand, workspace or person."""
    place = place_of(context)
    if border != "brand":
        place.pop("brand", None)
    if border == "person":
        place.clear()
    try:
        return reverse(name, kwargs={**place, **kwargs})
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def is_here(context: Context, key: str, prefixes: str = "") -> bool:
    """Whether the page belongs to an entry of the navigation: named by the view (`nav`), or told by its URL's name."""
    if context.get("nav"):
        return bool(context["nav"] == key)
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.url_name or "" if match else ""
    return any(name == prefix or (prefix.endswith("_") and name.startswith(prefix)) for prefix in prefixes.split())


@register.simple_tag(takes_context=True)
def page_url(context: Context, **changes: Any) -> str:
    """This page's address with some query parameters changed; None drops one."""
    request = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


# -- pictures -------------------------------------------------------------------------------------------------------


@functools.cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    sprite = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon beside a word. It says nothing by itself to a screen reader."""
    if settings.DEBUG and name not in icon_names():
        raise LookupError(f"static/img/icons.svg has no icon {name!r}")
    return format_html(
        '<svg class="icon {}" width="16" height="16" aria-hidden="true"><use href="{}#{}"></use></svg>',
        extra, static("img/icons.svg"), name,
    )  # fmt: skip


@register.filter
def known_icon(name: str, otherwise: str) -> str:
    """The icon of that name, or another when the sprite has none."""
    return name if name in icon_names() else otherwise


@register.inclusion_tag("components/sextant.html")
def sextant(
    steps: Iterable[Any] | None = None, current: int | None = None, css: str = "", label: str = ""
) -> dict[str, Any]:
    """The mark; with `steps` (shares from 0 to 1, or things with a `share`; the rest are 0) the plan's progress.

    The arm points at `current` (1 to 6), or at the first step that is not complete.
    """
    shares = [float(getattr(step, "share", step)) for step in steps] if steps is not None else []
    shares += [0.0] * (arc.STEPS - len(shares)) if shares else []
    step = current or (arc.next_step(shares) if shares else 4)
    segments = [arc.segment(number, share) for number, share in enumerate(shares or [1.0] * arc.STEPS, 1)]
    return {
        "segments": segments, "is_progress": bool(shares), "current": step, "css": css, "label": label,
        "arm": arc.arm(step), "legs": arc.legs(), "whole": arc.path(-30, 30),
    }  # fmt: skip


@register.inclusion_tag("components/arc_mark.html")
def arc_mark(step: int, share: float | None = None) -> dict[str, Any]:
    """The small arc beside a step of the navigation: its own sixth is strong, the others faint."""
    return {"segments": [arc.segment(n, 1.0) for n in range(1, arc.STEPS + 1)], "step": step, "share": share}


# -- states and charts ------------------------------------------------------------------------------------------------


@register.simple_tag
def state(value: object, label: str, tone: str = "", icon: str = "") -> SafeString:
    """A state as icon and word. `value` is what is stored, `label` the word from the model's choices."""
    return _badge(str(value), str(label), tone, icon)


@functools.lru_cache(maxsize=512)
def _badge(value: str, label: str, tone: str, icon_name: str) -> SafeString:
    """Kept, because a list has one in every row."""
    dressed = look.dress(value)
    words = capfirst(label)
    return format_html(
        '<span class="badge tone-{}">{}{}</span>', tone or dressed.tone, icon(icon_name or dressed.icon), words
    )


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: list[charts.Value], label: str) -> dict[str, Any]:
    """A small line without axes; `label` says in words what it shows ("412 to 530 in six weeks")."""
    return {"path": charts.sparkline_path(values), "label": label}


@register.filter
def initials(name: object) -> str:
    """One or two letters that stand for a person or a brand."""
    parts = [part for part in re.split(r"[\s@._,-]+", str(name)) if part]
    words = [part for part in parts if part[0].isalpha()] or parts  # “Nora, 34 ans” is NA
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def palette(number: object) -> str:
    """The class of one of the ten fixed colors, the same for the same number every time."""
    return f"pal-{int(str(number)) % 10}"


@register.filter
def as_json(data: object) -> SafeString:
    """JSON for the inside of a `<script type="application/json">`."""
    return markup.json_text(data)


@register.filter
def undo_url(tags: str | None) -> str:
    """The address that takes back what a message tells of, if it can be taken back."""
    found = (tag.removeprefix("undo:") for tag in (tags or "").split() if tag.startswith("undo:"))
    return next((url for url in found if url_has_allowed_host_and_scheme(url, allowed_hosts=None)), "")


# -- scripts --------------------------------------------------------------------------------------------------------


def _modules() -> dict[str, str]:
    folder = settings.BASE_DIR / "static" / "js"
    own = {f"#/{path.relative_to(folder)}": f"js/{path.relative_to(folder)}" for path in sorted(folder.rglob("*.js"))}
    return {name: static(path) for name, path in (LIBRARIES | own).items()}


@functools.cache
def _map_once() -> SafeString:
    return markup.json_text({"imports": _modules()})


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """Own modules import each other as "#/name.js", so that every one is fetched by its hashed name."""
    text = markup.json_text({"imports": _modules()}) if settings.DEBUG else _map_once()
    return markup.import_map(text, str(getattr(context.get("request"), "csp_nonce", "")))


@register.tag
def asset(_parser: Parser, token: Token) -> TextNode:
    """The address of a file of static/: {% asset "css/plans.css" %}.

    It does not change while the process runs, so it is written into the compiled template and costs a page nothing.
    """
    return TextNode(escape(static(_one_name(token))))


@register.tag
def module(_parser: Parser, token: Token) -> TextNode:
    """Loads one module of static/js on this page: {% module "composer" %}."""
    return TextNode(format_html('<script type="module" src="{}"></script>', static(f"js/{_one_name(token)}.js")))


def _one_name(token: Token) -> str:
    tag, *names = token.split_contents()
    if len(names) != 1 or names[0][0] not in "\"'":
        raise template.TemplateSyntaxError(f"{tag} takes one name in quotes")
    return str(names[0][1:-1])
