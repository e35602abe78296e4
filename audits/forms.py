"""The forms of accounts, connections and audits."""

from datetime import date
from typing import Any

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audits import queries
from audits.labels import COLORS
from audits.models import AccountReview, Audit, Decision, SocialAccount
from audits.services.accounts import FACTS as ACCOUNT_FACTS
from audits.services.audits import FACTS as REVIEW_FACTS
from core.forms import ServiceChecks, SextantForm, SextantModelForm, StaleGuard
from teams.models import Brand, User


class AccountForm(StaleGuard, ServiceChecks, SextantModelForm):
    """An account of the inventory. The handle may be pasted as the address of the profile."""

    url = forms.URLField(
        label=_("Address of the profile"), required=False, assume_scheme="https",
        help_text=_("Left empty, it follows from the network and the handle."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody yet"),
        help_text=_("The person who answers for this account."),
    )  # fmt: skip
    color = forms.TypedChoiceField(
        label=_("Color in the calendar"),
        coerce=int,
        choices=COLORS,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )

    class Meta:
        model = SocialAccount
        fields = ACCOUNT_FACTS
        widgets = {"mission": forms.Textarea({"rows": "2"})}

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = self.fields["owner"]
        assert isinstance(owners, forms.ModelChoiceField)
        owners.queryset = queries.members(brand)
        self.fields["handle"].help_text = _("As the network shows it, or the address of the profile.")
        self.fields["handle"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        if not self.instance.pk:
            self.fields["color"].initial = queries.free_color(brand)

    def layout(self) -> Layout:
        return Layout(
            Fieldset(_("Which account"), "network", "handle", "url", "is_verified", css_class="group"),
            Fieldset(_("What for"), "owner", "purpose", "mission", css_class="group"),
            Field("color", template="audits/_color_field.html"),
        )


class ConnectForm(SextantForm):
    """Where an account lives, and the token with which its figures are read."""

    server = forms.CharField(
        label=_("Server"), max_length=200, help_text=_("Where the account lives, for example mastodon.social."),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}),
    )  # fmt: skip
    token = forms.CharField(
        label=_("Access token"), max_length=500,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It is kept encrypted and never shown again."),
    )  # fmt: skip


class AuditForm(StaleGuard, ServiceChecks, SextantModelForm):
    """An audit's title and dates."""

    class Meta:
        model = Audit
        fields = ("title", "started_on", "next_due_on")
        help_texts = {"next_due_on": _("You are asked again when you close the audit.")}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            month = date_format(today, "YEAR_MONTH_FORMAT")
            self.fields["title"].initial = _("Audit of %(month)s") % {"month": month}
            self.fields["started_on"].initial = today


class CloseAuditForm(StaleGuard, SextantForm):
    """When the next audit is due, which closing this one asks."""

    next_due_on = forms.DateField(
        label=_("Next audit due on"), help_text=_("Once a quarter is a usual pace."),
        error_messages={"invalid": _("Enter a date, for example 2026-11-30.")},
    )  # fmt: skip

    def __init__(self, *args: Any, audit: Audit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = audit.version
        self.fields["next_due_on"].initial = audit.next_due_on or today + queries.AUDIT_EVERY


class ReviewForm(StaleGuard, ServiceChecks, SextantModelForm):
    """What an audit finds out about an account, and the decision."""

    is_on_brand = forms.TypedChoiceField(
        label=_("Name, picture and text follow the brand"), required=False, widget=forms.RadioSelect, empty_value=None,
        choices=[("", _("not checked yet")), ("True", _("yes")), ("False", _("no"))],
        coerce=lambda value: value == "True",
    )  # fmt: skip
    decision = forms.ChoiceField(
        label=_("Decision"), required=False, widget=forms.RadioSelect,
        choices=[("", _("not decided yet")), *Decision.choices],
    )  # fmt: skip

    class Meta:
        model = AccountReview
        fields = REVIEW_FACTS
        help_texts = {
            "followers": _("As the network shows them today. Empty: not looked up yet."),
            "reason": _("Required once you decide."),
        }

    def __init__(self, *args: Any, row: queries.ReviewRow, **kwargs: Any) -> None:
        super().__init__(*args, instance=row.review, **kwargs)
        self.initial["is_on_brand"] = "" if row.review.is_on_brand is None else str(row.review.is_on_brand)
        if row.proposes_close:
            self.initial["decision"] = Decision.CLOSE

    def layout(self) -> Layout:
        return Layout(
            Fieldset(_("What you find"), "followers", "last_post_on", "audience", "is_on_brand", css_class="group"),
            Fieldset(_("What you decide"), "decision", "reason", "notes", css_class="group"),
        )
