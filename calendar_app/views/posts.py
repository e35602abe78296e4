"""Posts: the list, the composer, one post with its deliveries, the bin."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.models import SocialAccount
from calendar_app import queries, services
from calendar_app.forms import FilterForm, PostForm, PublishForm, ScheduleForm
from calendar_app.lengths import Measured
from calendar_app.matrix import Hint, hints
from calendar_app.models import Delivery, DeliveryState, Post, words_of
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.notices import offer_undo
from core.paging import asked_number
from teams.access import BrandRequest, brand_view
from teams.rules import Role


def post_url(request: BrandRequest, name: str, pk: int) -> str:
    """The address of a page about a post or delivery of this brand."""
    return reverse(name, kwargs={"workspace": request.workspace.slug, "brand": request.brand.slug, "pk": pk})


@require_safe
@brand_view(Role.GUEST)
def post_list(request: BrandRequest) -> HttpResponse:
    """All posts, newest first, with what became of each on every account; with ?bin=1 those thrown away."""
    now = timezone.now()
    form = FilterForm(request.GET, brand=request.brand)
    context = {"form": form, "filters": form.filters(), "now": now, "may_write": request.role.covers(Role.EDITOR)}
    if "bin" in request.GET:
        binned = queries.binned_posts(request.brand)[: queries.PAGE]
        return render(request, "calendar_app/post_bin.html", {**context, "posts": binned})
    before, after = _number(request.GET, "before"), _number(request.GET, "after")
    page = queries.post_page(brand=request.brand, filters=form.filters(), now=now, before=before, after=after)
    accounts = SocialAccount.objects.for_brand(request.brand).select_related("network")
    choices = form.choices(accounts, queries.content_kinds(request.brand), queries.campaigns(request.brand))
    return render(request, "calendar_app/post_list.html", {**context, "page": page, "choices": choices})


def _number(values: QueryDict, name: str) -> int | None:
    return asked_number(values.get(name, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def post_create(request: BrandRequest) -> HttpResponseBase:
    """Write a post, and schedule it if its time is known."""
    form = PostForm(request.POST if request.method == "POST" else None, brand=request.brand, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            values = form.values()
            post = services.create_post(brand=request.brand, by=request.user, now=timezone.now(), **values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": post.title})
            return redirect("post_detail", request.workspace.slug, request.brand.slug, post.pk)
    return _composer(request, form, None)


def _asked(request: BrandRequest) -> dict[str, Any]:
    """What the link that led here asks for: a day, an account."""
    asked: dict[str, Any] = {"assignee": request.user.pk}
    if account := _number(request.GET, "account"):
        asked[f"account_{account}"] = True
    if day := request.GET.get("day", ""):
        asked["publish_at"] = queries.midday(day)
    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def post_edit(request: BrandRequest, pk: int) -> HttpResponseBase:
    """Change a post. When a colleague saved it meanwhile, both versions are shown and nothing is lost."""
    post = get_object_or_404(Post.objects.for_brand(request.brand), pk=pk)
    form = PostForm(request.POST if request.method == "POST" else None, instance=post, brand=request.brand)
    differences = []
    if request.method == "POST" and form.is_valid():
        try:
            values, version = form.values(), form.cleaned_data["version"]
            services.edit_post(post=post, by=request.user, now=timezone.now(), version=version, **values)
            messages.success(request, _("“%(title)s” is saved.") % {"title": post.title})
            return redirect("post_detail", request.workspace.slug, request.brand.slug, post.pk)
        except StaleError as refusal:
            current = Post.objects.get(pk=pk)
            differences = form.differences(current)
            form.refuse(refusal)
            form.accept_current(current.version)
        except Refusal as refusal:
            form.refuse(refusal)
    return _composer(request, form, post, differences)


def _composer(request: BrandRequest, form: PostForm, post: Post | None, differences: Any = ()) -> HttpResponse:
    personas = form.fields["persona"].queryset  # type: ignore[attr-defined]
    context = {
        "form": form,
        "post": post,
        "differences": differences,
        "measured": Measured.of(composed(form), form["format"].value()),
        "hints": composed_hints(form),
        "personas": personas.prefetch_related("channels__network"),
    }
    answer = render_refused if form.errors else render
    return answer(request, "calendar_app/post_form.html", context)


def composed(form: PostForm) -> list[tuple[SocialAccount, str]]:
    """The text of every account of the composer, as it would go out."""
    text, link = form["text"].value() or "", form["link"].value() or ""
    return [(account, words_of(form[f"text_{account.pk}"].value() or text, link).strip()) for account in form.accounts]


def composed_hints(form: PostForm) -> dict[int, Hint]:
    """What the week in which the post goes out lacks on each account; this week while its day is not known."""
    today = timezone.localdate()
    return hints(form.brand, form.accounts, day=form.day() or today, today=today)


@require_POST
@brand_view(Role.EDITOR)
def text_check(request: BrandRequest) -> HttpResponse:
    """How long the texts of the composer are on each account, while they are being written."""
    form = PostForm(request.POST, brand=request.brand)
    context = {
        "measured": Measured.of(composed(form), form["format"].value()),
        "hints": composed_hints(form),
        "chosen": [row.account.pk for row in form.account_fields() if row.is_on],
    }
    return render(request, "calendar_app/text_check.html", context)


@require_safe
@brand_view(Role.GUEST)
def post_detail(request: BrandRequest, pk: int) -> HttpResponse:
    """One post: on each account its text to copy, when it goes out, and how to mark it as published."""
    post = get_object_or_404(queries.posts_with_details(request.brand), pk=pk)
    return render_post(request, post)


def render_post(request: BrandRequest, post: Post, refused: tuple[Delivery, Any] | None = None) -> HttpResponse:
    """The page of a post; with a refused form of one of its deliveries, in the place of that delivery's own."""
    now = timezone.now()
    rows = queries.deliveries_of(post)
    measured = Measured.of(((row.account, row.words) for row in rows), post.format)
    cards = [_card(row, now, measured[row.account_id], refused) for row in rows]
    context = {"post": post, "cards": cards, "now": now, "may_write": request.role.covers(Role.EDITOR)}
    return render(request, "calendar_app/post_detail.html", context, status=422 if refused else 200)


def _card(row: Delivery, now: Any, measured: Measured, refused: tuple[Delivery, Any] | None) -> dict[str, Any]:
    form = refused[1] if refused and refused[0].pk == row.pk else None
    state = row.shown_state(now)
    return {
        "delivery": row,
        "state": state,
        "measured": measured,
        "copy_id": f"text-{row.pk}",
        "schedule_form": form if isinstance(form, ScheduleForm) else ScheduleForm(delivery=row),
        "publish_form": form if isinstance(form, PublishForm) else PublishForm(delivery=row, now=now),
        "is_schedule_open": isinstance(form, ScheduleForm),
        "is_publish_open": isinstance(form, PublishForm) or state == DeliveryState.MISSED,
    }


@require_POST
@brand_view(Role.EDITOR)
def post_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a post in the bin; the next page offers to undo it."""
    post = get_object_or_404(Post.objects.for_brand(request.brand), pk=pk)
    try:
        services.delete_post(post=post, by=request.user, now=timezone.now())
        text = _("“%(title)s” is in the bin.") % {"title": post.title}
        offer_undo(request, text, post_url(request, "post_restore", pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("post_list", request.workspace.slug, request.brand.slug)


@require_POST
@brand_view(Role.EDITOR)
def post_restore(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a post out of the bin."""
    post = get_object_or_404(queries.binned_posts(request.brand), pk=pk)
    try:
        services.restore_post(post=post, by=request.user, now=timezone.now())
        messages.success(request, _("“%(title)s” is back.") % {"title": post.title})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("post_detail", request.workspace.slug, request.brand.slug, pk)
