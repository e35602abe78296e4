"""The composer: one text, and for every account its own where it needs one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from calendar_app.forms.times import SECOND, MeaningField, OneMomentMixin
from calendar_app.models import DeliveryState, Post
from calendar_app.queries import campaigns, content_kinds, people
from calendar_app.services.posts import FIELDS, When
from core.errors import Refusal
from core.forms import LocalDateTimeField, SextantModelForm, StaleGuard
from personas.models import Persona
from plans.models import Goal
from teams.models import Brand


@dataclass(frozen=True)
class AccountFields:
    """One account in the composer: whether the post goes there, and its own text."""

    account: SocialAccount
    chosen: BoundField
    text: BoundField
    is_published: bool

    @property
    def is_on(self) -> bool:
        return bool(self.chosen.value())

    @property
    def text_described_by(self) -> str:
        """The ids of what is said about the text: how long it is, what the network says of it, what is wrong."""
        said = f"count-{self.account.pk} problem-{self.account.pk}"
        return f"{said} {self.text.auto_id}_error" if self.text.errors else said


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of a post as a colleague saved it and as it stands in the form."""

    label: str
    theirs: str
    yours: str


def shown(field: forms.Field, value: Any) -> str:
    """The value of a form's field in words."""
    if isinstance(field, forms.ModelChoiceField):
        keys = field.prepare_value(value)
        keys = keys if isinstance(keys, list | tuple) else [keys] if keys else []
        rows = field.queryset.filter(pk__in=keys) if field.queryset is not None else ()
        return ", ".join(sorted(field.label_from_instance(row) for row in rows))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, ""))  # type: ignore[arg-type]
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value else gettext("no")
    return str(value or "").replace("\r\n", "\n").strip()


class PostForm(OneMomentMixin, StaleGuard, SextantModelForm):
    """A post with its accounts and, if wanted, the first time at which all of them publish it."""

    local_field = "publish_at"
    publish_at = LocalDateTimeField(
        label=_("Publish at"), required=False, help_text=_("Leave it empty to keep a draft, and schedule it later.")
    )
    meaning = MeaningField()
    link = forms.URLField(
        label=_("Link"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Goes on a line of its own after the text, unless the text has it already."),
    )  # fmt: skip

    class Meta:
        model = Post
        fields = [*FIELDS, "goals"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6, "data-grow": ""}),
            "notes": forms.Textarea(attrs={"rows": 2, "data-grow": ""}),
            "goals": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title": _("How the team calls it. It is not published."),
            "text": _("What goes out on every account that has no text of its own."),
        }

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.zone = self.fields["publish_at"].zone = brand.time_zone  # type: ignore[attr-defined]
        self._scope()
        self.deliveries = self._deliveries()
        self.accounts = self._accounts()
        for account in self.accounts:
            self._add_account(account)
        if self.deliveries and all(row.state != DeliveryState.DRAFT for row in self.deliveries.values()):
            self.fields["publish_at"].label = _("Publish on new accounts at")

    def _scope(self) -> None:
        """Only what belongs to the brand can be chosen."""
        rows = {
            "content_kind": content_kinds(self.brand),
            "campaign": campaigns(self.brand),
            "persona": Persona.objects.filter(brand=self.brand, is_negative=False),
            "goals": Goal.objects.for_brand(self.brand).select_related("plan"),
            "assignee": people(self.brand),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def _deliveries(self) -> dict[int, Any]:
        return {row.account_id: row for row in self.instance.deliveries.all()} if self.instance.pk else {}

    def _accounts(self) -> list[SocialAccount]:
        """Those that are open, and those that the post goes to already."""
        rows = SocialAccount.objects.for_brand(self.brand).select_related("network")
        return list(rows.filter(Q(closed_at__isnull=True) | Q(pk__in=list(self.deliveries))))

    def _add_account(self, account: SocialAccount) -> None:
        row = self.deliveries.get(account.pk)
        label = _("Text for %(account)s") % {"account": account}
        text = forms.CharField(label=label, required=False, max_length=70_000, strip=False, widget=forms.Textarea)
        text.widget.attrs |= {"rows": 3, "data-grow": ""}
        self.fields[f"account_{account.pk}"] = forms.BooleanField(
            label=str(account), required=False, initial=row is not None
        )
        self.fields[f"text_{account.pk}"] = text
        self.initial[f"text_{account.pk}"] = row.text if row else ""

    def account_fields(self) -> Iterator[AccountFields]:
        for account in self.accounts:
            row = self.deliveries.get(account.pk)
            is_published = row is not None and row.state == DeliveryState.PUBLISHED
            yield AccountFields(account, self[f"account_{account.pk}"], self[f"text_{account.pk}"], is_published)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = [account for account in self.accounts if data.get(f"account_{account.pk}")]
        data["texts"] = {account: (data.get(f"text_{account.pk}") or "").strip() for account in chosen}
        if data.get("publish_at") and not chosen:
            self.add_error("publish_at", ValidationError(_("Choose at least one account to publish on.")))
        return data

    def values(self) -> dict[str, Any]:
        """What `create_post` and `edit_post` take, without the version."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in FIELDS},
            "goals": data["goals"],
            "texts": data["texts"],
            "when": self._when(),
        }

    def _when(self) -> When | None:
        if not self.moment:
            return None
        wished = self.cleaned_data["publish_at"]
        return When(day=wished.date(), clock=wished.time(), is_second=self.cleaned_data["meaning"] == SECOND)

    def refuse(self, refusal: Refusal) -> None:
        """A no that is about the accounts stands at the first of them."""
        if refusal.field == "accounts" and self.accounts:
            refusal.field = f"account_{self.accounts[0].pk}"
        super().refuse(refusal)

    def day(self) -> date | None:
        """The day on which it goes out, as far as that is known: typed, asked for by a link, or planned already."""
        typed = self["publish_at"].value()
        if isinstance(typed, datetime):
            return typed.date()
        try:
            return date.fromisoformat(typed[0])
        except (TypeError, ValueError, IndexError):
            planned = (row.local_date for row in self.deliveries.values() if row.local_date)
            return min(planned, default=None)

    def differences(self, current: Post) -> list[Difference]:
        """What a colleague saved meanwhile beside what stands in this form, field by field."""
        theirs = PostForm(instance=current, brand=self.brand)
        found = []
        for name, field in self.fields.items():
            if name in ("version", "publish_at", "meaning"):
                continue
            old = shown(field, theirs.get_initial_for_field(field, name))
            new = shown(field, self.cleaned_data.get(name))
            if old != new:
                found.append(Difference(label=str(field.label), theirs=old, yours=new))
        return found

    def accept_current(self, version: int) -> None:
        """After a colleague's save was shown: saving again is meant to replace it."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(version)
        self.data = data
