"""Pages of personas, and of what their own words and habits inspire (step 4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from core.uploads import serve
from personas import queries, services
from personas.forms import InspirationForm, PersonaForm
from personas.models import Persona
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role


def _fetch(request: BrandRequest, pk: int) -> Persona:
    persona: Persona = get_object_or_404(Persona.objects.for_brand(request.brand).with_channels(), pk=pk)
    persona.brand = request.brand
    return persona


def _go(request: BrandRequest, name: str, **kwargs: Any) -> HttpResponseRedirect:
    url = reverse(name, kwargs={"workspace": request.workspace.slug, "brand": request.brand.slug, **kwargs})
    return HttpResponseRedirect(url)


def _sent(request: BrandRequest) -> tuple[Any, Any]:
    """What a form was filled in with, pictures too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _may_write(request: BrandRequest) -> bool:
    return request.role.covers(Permission.WRITE_PERSONA.role)


@require_safe
@brand_view(Role.GUEST)
def persona_list(request: BrandRequest) -> HttpResponse:
    personas = [(persona, queries.networks_here(persona)) for persona in queries.persona_cards(request.brand)]
    return render(request, "personas/persona_list.html", {"personas": personas, "may_write": _may_write(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def persona_create(request: BrandRequest) -> HttpResponse:
    form = PersonaForm(*_sent(request))
    if form.is_valid():
        facts = form.facts()
        facts.pop("version")
        try:
            persona = services.create_persona(brand=request.brand, by=request.user, now=timezone.now(), **facts)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": persona.name})
            return _go(request, "persona_detail", pk=persona.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "personas/persona_form.html", {"form": form})


@require_safe
@brand_view(Role.GUEST)
def persona_detail(request: BrandRequest, pk: int) -> HttpResponse:
    persona = _fetch(request, pk)
    context = {"persona": persona, "channels": persona.channels.all(), "may_write": _may_write(request)}
    return render(request, "personas/persona_detail.html", context)


@require_safe
@brand_view(Role.GUEST)
def persona_print(request: BrandRequest, pk: int) -> HttpResponse:
    """All that is known of the persona on one sheet of paper. Networks of which nothing is known are left out."""
    persona = _fetch(request, pk)
    context = {"persona": persona, "channels": queries.networks_known(persona)}
    return render(request, "personas/persona_print.html", context)


@require_safe
@brand_view(Role.GUEST)
def persona_portrait(request: BrandRequest, pk: int) -> HttpResponse:
    """The picture itself, for those who may see the persona."""
    return serve(_fetch(request, pk).portrait.name or "")


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def persona_edit(request: BrandRequest, pk: int) -> HttpResponse:
    persona = _fetch(request, pk)
    form = PersonaForm(*_sent(request), instance=_fetch(request, pk))
    if form.is_valid():
        try:
            services.edit_persona(persona=persona, by=request.user, now=timezone.now(), **form.facts())
        except StaleError as refusal:
            stored = _fetch(request, pk)
            slugs = [network.pk for network in form.networks]
            show_both(form, refusal, queries.saved_values(stored, slugs), stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _go(request, "persona_detail", pk=persona.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "personas/persona_form.html", {"form": form, "persona": persona})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def persona_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Says what goes with the persona, and asks; the POST deletes."""
    persona = _fetch(request, pk)
    if request.method == "POST":
        services.delete_persona(persona=persona, by=request.user)
        messages.success(request, _("%(name)s was deleted.") % {"name": persona.name})
        return _go(request, "persona_list")
    context = {"persona": persona, "answers": queries.answers_lost(persona)}
    return render(request, "personas/persona_delete.html", context)


@require_safe
@brand_view(Role.GUEST)
def inspiration_list(request: BrandRequest) -> HttpResponse:
    personas = Persona.objects.for_brand(request.brand).addressed().with_channels()
    return render(request, "personas/inspiration_list.html", {"personas": personas, "may_write": _may_write(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def inspiration_edit(request: BrandRequest, pk: int) -> HttpResponse:
    """A persona's words and habits, in place with htmx or as a page of its own."""
    persona = _fetch(request, pk)
    form = InspirationForm(request.POST if request.method == "POST" else None, persona=persona)
    if form.is_valid():
        try:
            services.note_inspiration(persona=persona, by=request.user, now=timezone.now(), **form.facts())
        except StaleError as refusal:
            stored = _fetch(request, pk)
            sharing = {f"sharing-{channel.network_id}": channel.sharing for channel in stored.channels.all()}
            show_both(form, refusal, {"own_words": stored.own_words, **sharing}, stored.version)
        else:
            return _inspiration_saved(request, pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "personas/inspiration_edit.html", {"form": form, "persona": persona})


def _inspiration_saved(request: BrandRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    if not request.htmx:
        return _go(request, "inspiration_list")
    context = {"persona": _fetch(request, pk), "may_write": True}
    return render(request, "personas/inspiration_saved.html", context)
