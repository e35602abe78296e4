"""The goal form: the goal's own words, its targets, and what each persona gains."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypedDict, cast

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal, StaleError
from core.forms import SextantModelForm, StaleGuard
from core.stale import show_both
from networks.models import Network
from personas.models import Persona
from plans.drafts import of_target
from plans.forms.people import owners
from plans.forms.targets import Catalog, TargetForm, TargetRows, initial_rows, rows_class
from plans.models import BusinessObjective, Goal, Plan, Target
from plans.rules.smart import GoalDraft
from plans.services import GoalError, GoalFacts
from teams.models import Brand

FACTS = ("title", "action", "objective", "network", "owner", "starts_on", "due_on")
SAVE, CHECK, ADD = "save", "check", "add"
ROWS = "targets"
TOTAL = f"{ROWS}-TOTAL_FORMS"


class _Answered(TypedDict):
    answered: list[str]
    unanswered: list[str]


class GoalForm(StaleGuard, SextantModelForm):
    """A goal with its targets and the personas' answers: checked letter by letter, saved whole or not at all.

    The button that was pressed says what is wanted: save, check, or another row for a target.
    """

    act = forms.ChoiceField(choices=[(SAVE, SAVE), (CHECK, CHECK), (ADD, ADD)], required=False)
    after = forms.ModelChoiceField(queryset=Goal.objects.none(), required=False, widget=forms.HiddenInput)
    above = forms.ModelChoiceField(queryset=Goal.objects.none(), required=False, widget=forms.HiddenInput)
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.none())

    dates: tuple[date | None, date | None] = (None, None)  # as they were typed, in whatever order

    class Meta:
        model = Goal
        fields = FACTS

    def __init__(
        self, data: Any = None, *, brand: Brand, plan: Plan, rows: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        self.brand, self.chosen_plan = brand, plan
        super().__init__(data, **kwargs)
        self._fill_choices()
        self._add_personas()
        initial = rows if rows is not None else self._stored_rows()
        self.targets = self._rows(data, initial)
        if data is not None and self.wants == ADD:
            self.targets = self._rows(one_more(data), initial)

    def _fill_choices(self) -> None:
        self._choices("objective", BusinessObjective.objects.for_brand(self.brand))
        self._choices("owner", owners(self.brand))
        self._choices("after", Goal.objects.for_brand(self.brand))
        self._choices("above", Goal.objects.filter(brand__branches=self.brand))
        network = self._choices("network", Network.objects.all())
        network.choices = [("", _("several networks")), *((one.pk, one.name) for one in self.networks)]
        plan = self._choices("plan", Plan.objects.for_brand(self.brand))
        plan.initial = self.chosen_plan.pk
        is_only_one = not Plan.objects.for_brand(self.brand).exclude(pk=self.chosen_plan.pk).exists()
        if self.instance.pk or is_only_one:
            plan.widget, plan.required = plan.hidden_widget(), False

    def _choices(self, name: str, rows: Any) -> "forms.ModelChoiceField[Any]":
        field = cast("forms.ModelChoiceField[Any]", self.fields[name])
        field.queryset = rows
        return field

    @cached_property
    def networks(self) -> list[Network]:
        return list(Network.objects.all())

    @cached_property
    def personas(self) -> list[Persona]:
        return list(Persona.objects.filter(brand=self.brand, is_negative=False))

    def _add_personas(self) -> None:
        rows = self.instance.persona_answers.all() if self.instance.pk else []
        known = {answer.persona_id: answer.how_it_helps for answer in rows}
        for persona in self.personas:
            self.fields[f"persona-{persona.pk}"] = forms.CharField(
                label=_now("How does this help reach %(name)s?") % {"name": persona.name}, required=False,
                max_length=600, initial=known.get(persona.pk, ""), help_text=persona.summary,
                widget=forms.Textarea({"rows": "2", "data-grow": ""}),
            )  # fmt: skip

    # -- targets ----------------------------------------------------------------------------------------------------

    def _stored_rows(self) -> list[dict[str, Any]]:
        if not self.instance.pk:
            return []
        targets = self.instance.targets.select_related(*Target.PARTS)
        return initial_rows(list(targets), self.instance.network)

    def _rows(self, data: Any, initial: Sequence[Any]) -> TargetRows:
        rows = rows_class(extra=0 if initial else 1)
        home = next((network for network in self.networks if network.pk == self["network"].value()), None)
        catalog = Catalog(self.brand, self.networks, home)
        return rows(data, initial=initial, prefix=ROWS, form_kwargs={"catalog": catalog})

    @property
    def wants(self) -> str:
        """Which button was pressed; save when the form was sent by the Enter key."""
        return str(self["act"].value() or SAVE)

    def persona_fields(self) -> list[forms.BoundField]:
        return [self[f"persona-{persona.pk}"] for persona in self.personas]

    # -- checking ---------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """The order of the dates is said beside the second one."""
        starts_on, due_on = self.dates = (self.cleaned_data.get("starts_on"), self.cleaned_data.get("due_on"))
        if starts_on and due_on and due_on <= starts_on:
            self.add_error("due_on", _now("A goal must be due after the day it starts."))
        return self.cleaned_data

    def is_valid(self) -> bool:
        own = super().is_valid()
        return self.targets.is_valid() and own

    def forget_errors(self) -> None:
        """Says nothing of what is still wrong: nobody asked yet."""
        self._errors = ErrorDict()
        self.targets.forget_errors()

    @property
    def fault_count(self) -> int:
        """How many things are wrong with the goal and its targets."""
        rows = sum(len(row.errors) for row in self.targets.live())
        return len(self.errors) + rows + len(self.targets.non_form_errors())

    def is_to_be_saved(self) -> bool:
        return self.is_bound and self.wants == SAVE and self.is_valid()

    def draft(self) -> GoalDraft:
        """The goal as far as it has been written, for the SMART test."""
        if not self.is_bound:
            return self._initial_draft()
        self.is_valid()
        cleaned = self.cleaned_data
        plan = self.its_plan
        return GoalDraft(
            action=cleaned.get("action", ""), network=network.pk if (network := cleaned.get("network")) else None,
            has_objective=cleaned.get("objective") is not None, has_personas=bool(self.personas),
            **self._answered(lambda name: cleaned.get(name)),
            targets=self.targets.drafts(network), starts_on=self.dates[0], due_on=self.dates[1],
            plan_starts_on=plan.starts_on, plan_ends_on=plan.ends_on,
        )  # fmt: skip

    def _initial_draft(self) -> GoalDraft:
        network = next((one for one in self.networks if one.pk == self["network"].value()), None)
        return GoalDraft(
            action=str(self["action"].value() or ""), network=network.pk if network else None,
            has_objective=bool(self["objective"].value()), has_personas=bool(self.personas),
            **self._answered(lambda name: self[name].value()),
            targets=self.targets.drafts(network),
            starts_on=self["starts_on"].value(), due_on=self["due_on"].value(),
            plan_starts_on=self.chosen_plan.starts_on, plan_ends_on=self.chosen_plan.ends_on,
        )  # fmt: skip

    def _answered(self, said: Callable[[str], Any]) -> "_Answered":
        """For which personas it is said how the goal helps, and for which not."""
        names: _Answered = {"answered": [], "unanswered": []}
        for persona in self.personas:
            is_said = str(said(f"persona-{persona.pk}") or "").strip()
            names["answered" if is_said else "unanswered"].append(persona.name)
        return names

    # -- for the service ----------------------------------------------------------------------------------------------

    def facts(self) -> GoalFacts:
        return cast(GoalFacts, {name: self.cleaned_data[name] for name in FACTS})

    @property
    def its_plan(self) -> Plan:
        """The plan that the goal belongs to, as chosen."""
        chosen: Plan | None = self.cleaned_data.get("plan") if self.is_bound else None
        return chosen or self.chosen_plan

    def answers(self) -> dict[Persona, str]:
        return {persona: self.cleaned_data[f"persona-{persona.pk}"].strip() for persona in self.personas}

    def refuse(self, refusal: Refusal) -> None:
        """Beside the field of the goal, or of the target that is at fault."""
        found = refusal.problems if isinstance(refusal, GoalError) else ()
        live = list(self.targets.live())
        for problem in found:
            row = live[problem.row]
            row.add_error(problem.field if problem.field in row.fields else None, problem.message)
        if not found:
            super().refuse(refusal)

    def show_both(self, refusal: StaleError, stored: Goal) -> None:
        """What a colleague saved, beside what was typed here."""
        saved: dict[str, Any] = {name: getattr(stored, name) for name in FACTS}
        answers = {answer.persona_id: answer.how_it_helps for answer in stored.persona_answers.all()}
        saved |= {f"persona-{persona.pk}": answers.get(persona.pk, "") for persona in self.personas}
        show_both(self, refusal, saved, stored.version)
        theirs = [of_target(target).words for target in stored.targets.all()]
        mine = [draft.words for draft in self.targets.drafts(self.cleaned_data.get("network"))]
        if theirs != mine:
            words = _now("In the meantime these targets were saved: %(targets)s. Below are yours.")
            self.add_error(None, words % {"targets": "; ".join(theirs) or "—"})


def one_more(data: Any) -> Any:
    """What was sent, with one more row as it is at first."""
    more = data.copy()
    total = more.get(TOTAL, "0")
    count = int(total) if total.isdecimal() and len(total) < 4 else 0
    more[TOTAL] = str(count + 1)
    for name in ("comparison", "per", "reach"):
        more[f"{ROWS}-{count}-{name}"] = str(TargetForm.base_fields[name].initial)
    return more
