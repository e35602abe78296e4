"""The rows of targets in the goal form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from core.forms import SextantForm
from networks.formats import Format
from networks.models import Metric, Network
from plans.drafts import draft_target, usual
from plans.models import Aggregation, Campaign, Comparison, ContentKind, Per, Reach, Target
from plans.rules.facts import Per as PerRule
from plans.rules.smart import TargetDraft
from plans.services import TargetFacts
from teams.models import Brand
from teams.queries import branches_below

MOST_TARGETS = 12
BRANCH = "branch:"  # how the choice of one branch begins
NOT_OURS = {"invalid_choice": _("This brand has no such choice: take one from the list.")}
FINER = ("content_kind", "campaign", "reach", "aggregation", "baseline")  # what stands behind "more"
Choices = list[tuple[str, Any]]


@dataclass
class Catalog:
    """What can be chosen in every row, read once for all rows. Five queries and one for the networks."""

    brand: Brand
    networks: Sequence[Network]
    home: Network | None = None  # where the goal is: a target that names no place is measured there
    metrics: dict[str, Metric] = field(default_factory=dict)
    accounts: dict[str, SocialAccount] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.metrics = {metric.pk: metric for metric in Metric.objects.all()}
        accounts: QuerySet[SocialAccount] = SocialAccount.objects.for_brand(self.brand).select_related("network")
        self.accounts = {f"account:{account.pk}": account for account in accounts}
        self.places: dict[str, Network | SocialAccount] = {
            **{f"network:{network.pk}": network for network in self.networks},
            **self.accounts,
        }
        self.kinds = {str(kind.pk): kind for kind in ContentKind.objects.filter(brand=self.brand)}
        self.campaigns = {str(campaign.pk): campaign for campaign in Campaign.objects.for_brand(self.brand)}
        self.below = branches_below(self.brand)
        self.branches = {f"{BRANCH}{branch.pk}": branch for branch, _depth in self.below}

    @cached_property
    def metric_choices(self) -> Choices:
        """By category; a vanity metric says that it is one."""
        groups: dict[str | Promise, Choices] = {}
        for metric in self.metrics.values():
            name = gettext("%(metric)s (vanity metric)") if metric.is_vanity else "%(metric)s"
            row = (metric.pk, name % {"metric": metric.label})
            groups.setdefault(metric.get_category_display(), []).append(row)
        return [("", "—"), *((str(name), rows) for name, rows in groups.items())]

    @cached_property
    def place_choices(self) -> Choices:
        networks = [(f"network:{network.pk}", network.name) for network in self.networks]
        accounts = [(key, str(account)) for key, account in self.accounts.items() if account.closed_at is None]
        return [("", gettext("where the goal is")), (gettext("A whole network"), networks)] + (
            [(gettext("One account"), accounts)] if accounts else []
        )

    @cached_property
    def kind_choices(self) -> Choices:
        return [("", gettext("any content type")), *((key, kind.name) for key, kind in self.kinds.items())]

    @cached_property
    def campaign_choices(self) -> Choices:
        return [("", gettext("any campaign")), *((key, one.name) for key, one in self.campaigns.items())]

    @cached_property
    def reach_choices(self) -> Choices:
        """Only a brand with branches has a choice to make; a branch of a branch says whose it is."""
        if not self.branches:
            return []
        branches, line = [], list[str]()
        for branch, depth in self.below:
            line[depth:] = [branch.name]
            branches.append((f"{BRANCH}{branch.pk}", " › ".join(line)))
        whole = [(value, word) for value, word in Reach.choices if value != Reach.BRANCH]
        return [*whole, (gettext("One branch"), branches)]


class NumberField(forms.DecimalField):
    """A number with two decimals at most, behind a point or (as in French) a comma; blanks may group its thousands."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs promise an int
        if isinstance(value, str):
            value = "".join(value.split())
            value = value if "." in value else value.replace(",", ".", 1)
        return super().to_python(value)


class TargetForm(SextantForm):
    """One measurable condition: its parts stand in the order in which a person would say them."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    comparison = forms.ChoiceField(label=_("Comparison"), choices=Comparison, initial=Comparison.AT_LEAST)
    value = NumberField(label=_("Number"))
    value_to = NumberField(label=_("and"), required=False)
    metric = forms.ChoiceField(label=_("Metric"))
    format = forms.ChoiceField(label=_("Format"), choices=[("", _("any format")), *Format.choices], required=False)
    place = forms.ChoiceField(label=_("Where"), required=False, error_messages=NOT_OURS)
    per = forms.ChoiceField(label=_("Judged"), choices=Per, initial=Per.WEEK)
    aggregation = forms.ChoiceField(
        label=_("Measured as"), choices=[("", _("as usual for this metric")), *Aggregation.choices], required=False
    )
    content_kind = forms.ChoiceField(label=_("Content type"), required=False, error_messages=NOT_OURS)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False, error_messages=NOT_OURS)
    reach = forms.ChoiceField(label=_("Whose"), required=False, initial=Reach.BRAND, error_messages=NOT_OURS)
    baseline = NumberField(
        label=_("What it was before"), required=False,
        help_text=_("If you know it. Otherwise Sextant looks it up in your figures."),
    )  # fmt: skip

    def __init__(self, *args: Any, catalog: Catalog, **kwargs: Any) -> None:
        self.catalog = catalog
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["metric"]).choices = catalog.metric_choices
        cast(forms.ChoiceField, self.fields["place"]).choices = self._places()
        cast(forms.ChoiceField, self.fields["content_kind"]).choices = catalog.kind_choices
        cast(forms.ChoiceField, self.fields["campaign"]).choices = catalog.campaign_choices
        self._offer_reach()

    def _offer_reach(self) -> None:
        """Whose figures count is asked where there is a choice, or where a target names what is no choice any more."""
        choices, kept = self.catalog.reach_choices, str(self.initial.get("reach", ""))
        if not choices and kept in ("", Reach.BRAND):
            del self.fields["reach"]
            return
        gone = self.initial.get("branch") if kept.startswith(BRANCH) and kept not in self.catalog.branches else None
        choices = choices or [(value, word) for value, word in Reach.choices if value != Reach.BRANCH]
        field = cast(forms.ChoiceField, self.fields["reach"])
        field.choices = [*choices, (kept, str(gone))] if gone else choices

    def _gone_branch(self, reach: str) -> Brand | None:
        """The branch that a stored target names, though it is this brand's no more: saving says so."""
        return cast(Brand, self.initial.get("branch")) if reach.startswith(BRANCH) else None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything of the finer scope is used, or refused."""
        used = (str(self[name].value() or "") for name in FINER if name in self.fields)
        return any(value not in ("", Reach.BRAND) for value in used) or any(name in self.errors for name in FINER)

    def _places(self) -> Choices:
        """With the closed account that a target already names."""
        kept = self.catalog.accounts.get(str(self.initial.get("place", "")))
        choices = self.catalog.place_choices
        is_gone = kept is not None and kept.closed_at is not None
        return [*choices, (self.initial["place"], str(kept))] if is_gone else choices

    def clean(self) -> dict[str, Any]:
        """A second number is kept only where one is asked for."""
        if self.cleaned_data.get("comparison") != Comparison.BETWEEN:
            self.cleaned_data["value_to"] = None
        return self.cleaned_data

    def facts(self) -> TargetFacts | None:
        """The target for the service, as far as it is valid (or as it was filled in); None without a metric."""
        known: Mapping[str, Any] = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        metric = self.catalog.metrics.get(known.get("metric", ""))
        if metric is None:
            return None
        where = self.catalog.places.get(known.get("place", ""))
        reach = str(known.get("reach") or Reach.BRAND)
        return TargetFacts(
            id=known.get("id"), metric=metric, network=where if isinstance(where, Network) else None,
            account=where if isinstance(where, SocialAccount) else None, format=known.get("format", ""),
            reach=Reach.BRANCH if reach.startswith(BRANCH) else reach,
            branch=self.catalog.branches.get(reach) or self._gone_branch(reach),
            content_kind=self.catalog.kinds.get(str(known.get("content_kind", ""))),
            campaign=self.catalog.campaigns.get(str(known.get("campaign", ""))),
            aggregation=known.get("aggregation", ""), per=known.get("per") or Per.WEEK,
            comparison=known.get("comparison") or Comparison.AT_LEAST, value=number_of(known.get("value")),
            value_to=number_of(known.get("value_to")), baseline=number_of(known.get("baseline")),
        )  # fmt: skip

    def forget_errors(self) -> None:
        self._errors = ErrorDict()

    @property
    def sentence(self) -> str:
        """The target in words, as far as it has been written."""
        facts = self.facts()
        return draft_target(**at_home(facts, self.catalog.home)).words if facts else ""


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[TargetForm]
else:
    _Rows = forms.BaseFormSet  # not generic at run time


class TargetRows(_Rows):
    """All rows. A row that is taken out by a person counts no more, whatever it says."""

    def live(self) -> Iterator[TargetForm]:
        """The rows that were written and not taken out."""
        for form in self.forms:
            is_out = form.is_bound and form.data.get(form.add_prefix("DELETE"))
            if not is_out and (not form.is_bound or form.has_changed() or form.initial.get("id")):
                yield form

    def forget_errors(self) -> None:
        """Says nothing of what is still wrong: nobody asked yet."""
        for form in self.forms:
            form.forget_errors()

    def facts(self) -> list[TargetFacts]:
        return [facts for form in self.live() if (facts := form.facts()) is not None]

    def drafts(self, network: Network | None) -> list[TargetDraft]:
        """The rows as far as they are valid; those that name no place are measured where the goal is."""
        return [draft_target(**at_home(facts, network)) for facts in self.facts()]

    def add_fields(self, form: TargetForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this target out")


def initial_rows(targets: Sequence[Target], network: Network | None) -> list[dict[str, Any]]:
    """Stored targets as the form shows them. A place that is the goal's own is left blank."""
    return [
        {
            "id": target.pk, "comparison": target.comparison, "value": plain(target.value),
            "value_to": plain(target.value_to), "metric": target.metric_id, "format": target.format,
            "place": _place(target, network), "per": target.per, "aggregation": _chosen(target),
            "baseline": plain(target.baseline), "content_kind": target.content_kind_id or "",
            "campaign": target.campaign_id or "", "branch": target.branch,
            "reach": f"{BRANCH}{target.branch_id}" if target.branch_id else target.reach,
        }
        for target in targets
    ]  # fmt: skip


def _chosen(target: Target) -> str:
    """How it is measured, where that is not the usual way."""
    return "" if target.aggregation == usual(target.metric, PerRule(target.per)) else target.aggregation


def at_home(facts: TargetFacts, network: Network | None) -> TargetFacts:
    """A target that names no place is measured where the goal is."""
    return facts if facts.get("network") or facts.get("account") else {**facts, "network": network}


def plain(value: Any) -> Any:
    """3 rather than 3.00."""
    return int(value) if value is not None and value == int(value) else value


def number_of(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(value)


def _place(target: Target, network: Network | None) -> str:
    if target.account_id:
        return f"account:{target.account_id}"
    is_own = network is not None and target.network_id == network.pk
    return "" if target.network_id is None or is_own else f"network:{target.network_id}"


def rows_class(extra: int) -> type[TargetRows]:
    return cast(
        type[TargetRows],
        forms.formset_factory(
            TargetForm, formset=TargetRows, extra=extra, can_delete=True, max_num=MOST_TARGETS,
            absolute_max=MOST_TARGETS, validate_max=True,
        ),
    )  # fmt: skip
