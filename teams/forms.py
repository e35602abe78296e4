from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import FormLook, SextantForm, SextantModelForm, StaleGuard, ZoneField
from teams.models import Brand, Language, Membership, User, Workspace, is_zone
from teams.pending import kept_invitation
from teams.rules import Role


class SignupForm(FormLook, allauth_forms.SignupForm):  # type: ignore[misc]
    """Name, address, password. Through an invitation the address is fixed: the link proved it."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    # What the browser's clock shows; only a start, the person may change it.
    time_zone = forms.CharField(required=False, initial="UTC", widget=forms.HiddenInput(attrs={"data-guess-zone": ""}))
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.invitation = kept_invitation(context.request)
        if self.invitation:
            self.initial["email"] = self.invitation.email
            self.fields["email"].disabled = True

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"] or "UTC"
        try:
            is_zone(zone)
        except forms.ValidationError:
            return "UTC"
        return zone


class ProfileForm(SextantModelForm):
    time_zone = ZoneField(label=_("Time zone"), help_text=_("Of your own clock. Each brand has its own besides."))

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class LanguageForm(forms.Form):
    """The choice of the language menu, and the page to go back to."""

    language = forms.ChoiceField(choices=Language)
    next = forms.CharField(required=False)


class WorkspaceCreateForm(SextantForm):
    """A workspace and its first brand at once."""

    name = forms.CharField(
        label=_("Name of the workspace"), max_length=100,
        help_text=_("Your company or agency. Only the people whom you invite see what is in it."),
    )  # fmt: skip
    brand_name = forms.CharField(
        label=_("Name of the brand"), max_length=100, help_text=_("What you market. You can add more brands later.")
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    language = forms.ChoiceField(
        label=_("Language of the brand"), choices=Language, help_text=_("In which the brand speaks.")
    )
    time_zone = ZoneField(
        label=_("Time zone"), guess=True, initial="UTC", help_text=_("The calendar of the brand runs in it.")
    )

    def layout(self) -> Layout:
        return Layout(
            Fieldset(_("Workspace"), "name", css_class="group"),
            Fieldset(_("First brand"), "brand_name", "website", "language", "time_zone", css_class="group"),
        )


class WorkspaceForm(SextantModelForm):
    class Meta:
        model = Workspace
        fields = ["name"]


class WorkspaceDeleteForm(SextantForm):
    name = forms.CharField(label=_("Type the name of the workspace"), widget=forms.TextInput({"autocomplete": "off"}))


class PersonDeleteForm(SextantForm):
    email = forms.CharField(label=_("Type your e-mail address"), widget=forms.TextInput({"autocomplete": "off"}))


class BrandForm(StaleGuard, SextantModelForm):
    """A brand of a workspace. Its parent is another brand of the same workspace."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    time_zone = ZoneField(
        label=_("Time zone"), guess=True, help_text=_("The calendar and the weeks of this brand run in it.")
    )

    class Meta:
        model = Brand
        fields = ["name", "website", "language", "time_zone", "first_weekday", "parent"]
        help_texts = {"parent": _("For a branch or a region: the brand above it.")}

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Brand.objects.filter(workspace=workspace).exclude(pk=self.instance.pk).order_by("name")
        _choose_from(self.fields["parent"], others)
        self.fields["parent"].empty_label = _("none")  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["version"]

    def _get_validation_exclusions(self) -> set[str]:
        """The service says which names are taken, and beside which field."""
        return {*super()._get_validation_exclusions(), "workspace"}  # type: ignore[misc]


class RoleForm(SextantForm):
    """What somebody may do. Brands limit a guest; nobody else. Cleaned, `brands` is None where all are open."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Role, widget=forms.RadioSelect,
        help_text=_(
            "A guest reads and comments. An editor writes and schedules posts. A manager also writes the plan and"
            " approves. An admin also manages members, brands and accounts."
        ),
    )  # fmt: skip
    is_limited = forms.BooleanField(label=_("A guest may open some brands only"), required=False)
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=_("Brands a guest may open"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("For a guest who may open some brands only."),
    )  # fmt: skip

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self.fields["brands"], Brand.objects.filter(workspace=workspace).order_by("name"))

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        """Brands without the limit could mean either, so they are asked about."""
        values: dict[str, Any] = self.cleaned_data
        is_limited = values.pop("is_limited", False)
        if values.get("role") == Role.GUEST and values.get("brands") and not is_limited:
            self.add_error("is_limited", _("You chose brands. Tick this if the guest may open only those."))
        if not is_limited:
            values["brands"] = None
        return values


class InvitationForm(RoleForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    field_order = ["email", "role", "is_limited", "brands"]


class MemberForm(RoleForm):
    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        brands = list(membership.brands.all())
        kwargs["initial"] = {"role": membership.role, "is_limited": membership.is_limited, "brands": brands}
        super().__init__(*args, workspace=membership.workspace, **kwargs)


def _choose_from(field: forms.Field, rows: QuerySet[Any]) -> None:
    field.queryset = rows  # type: ignore[attr-defined]
