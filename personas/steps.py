"""Step 4, as far as the audience itself inspires: their words, and when and why they share."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.checklist import Check, Checklist
from personas.models import Persona
from teams.models import Brand


def inspiration_checklist(brand: Brand) -> Checklist:
    """Whether the own words and the sharing habits of each persona the brand addresses are noted. Two queries."""
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    page = reverse("inspiration_list", kwargs=place)
    personas = Persona.objects.for_brand(brand).addressed().with_channels()
    checks = [check for persona in personas for check in _checks(persona, page)]
    if not checks:
        url = reverse("persona_list", kwargs=place)
        return Checklist.of([Check(label=_("A persona whose words and habits to note"), is_met=False, url=url)])
    return Checklist.of(checks)


def _checks(persona: Persona, page: str) -> list[Check]:
    url = f"{page}#persona-{persona.pk}"
    habits = any(channel.sharing for channel in persona.channels.all())
    words = _("The own words of %(name)s") % {"name": persona.name}
    return [
        Check(label=words, is_met=bool(persona.own_words), url=url),
        Check(label=_("When and why %(name)s shares") % {"name": persona.name}, is_met=habits, url=url),
    ]
