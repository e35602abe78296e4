"""Changes to the catalogue: loading what is shipped, and corrections by a site administrator."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from networks.models import Metric, MetricAvailability, Network, NetworkFact
from teams.models import User

DATA = Path(__file__).parent / "data"


class CatalogError(Refusal):
    """The catalogue cannot be changed like that."""


@dataclass
class LoadReport:
    """What loading the catalogue changed, a line each, and which corrections the shipped data now contradicts."""

    changes: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)


@transaction.atomic
def load_catalogue(*, folder: Path = DATA) -> LoadReport:
    """Bring the tables up to the shipped files. Loading twice changes nothing; corrections are never touched.

    A fact that was looked up on another day becomes a row of its own beside the older ones. Nothing is deleted:
    accounts and goals point here.
    """
    report = LoadReport()
    networks = [{**row, "position": place} for place, row in enumerate(_rows(folder / "catalogue.csv"), 1)]
    metrics = [{**_metric(row), "position": place} for place, row in enumerate(_rows(folder / "metrics.csv"), 1)]
    report.changes += _upsert(Network, networks, ["slug"])
    report.changes += _upsert(Metric, metrics, ["slug"])
    report.changes += _upsert(NetworkFact, [_fact(row) for row in _rows(folder / "networks.csv")], _FACT_KEY)
    available = [_availability(row) for row in _rows(folder / "availability.csv")]
    report.changes += _upsert(MetricAvailability, available, ["network_id", "metric_id", "subject"])
    report.contradicted = list(_contradicted())
    return report


_FACT_KEY = ["network_id", "field", "looked_up_on", "is_correction"]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _fact(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in ("field", "value", "unit", "source")}
    looked_up_on = date.fromisoformat(row["looked_up_on"])
    return {**values, "network_id": row["network"], "looked_up_on": looked_up_on, "is_correction": False}


def _metric(row: dict[str, str]) -> dict[str, Any]:
    return {**row, "is_vanity": row["is_vanity"] == "yes"}


def _availability(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in ("subject", "api_name", "note")}
    return {**values, "network_id": row["network"], "metric_id": row["metric"], "is_given": row["is_given"] == "yes"}


def _upsert(model: type[models.Model], rows: Sequence[dict[str, Any]], key: Sequence[str]) -> Iterator[str]:
    """Make or change rows so that the table holds `rows`, told apart by `key`. Says each change."""
    there = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    new = []
    for values in rows:
        row = there.get(tuple(values[name] for name in key))
        if row is None:
            new.append(model(**values))
        elif changed := {name: value for name, value in values.items() if getattr(row, name) != value}:
            yield f"changed: {_says(row)}" + "".join(
                f" | {name}: {getattr(row, name)} -> {value}" for name, value in changed.items()
            )
            model._default_manager.filter(pk=row.pk).update(**changed)
    yield from (f"new: {_says(row)}" for row in model._default_manager.bulk_create(new))


def _says(row: models.Model) -> str:
    return f"{row._meta.verbose_name} {row}"


def _contradicted() -> Iterator[str]:
    """Corrections that differ from the newest shipped value of their field."""
    shipped = {(fact.network_id, fact.field): fact for fact in NetworkFact.objects.shipped().current()}
    for held in NetworkFact.objects.corrections().current():
        ours = shipped.get((held.network_id, held.field))
        if ours and ours.value != held.value and held.corrected_at:
            yield (
                f"{held.network_id} {held.field}: corrected to {held.value!r} on {held.corrected_at:%Y-%m-%d}, "
                f"shipped as {ours.value!r} (looked up {ours.looked_up_on})"
            )


def correct_fact(
    *, network: Network, field: str, value: str, source: str, by: User, now: datetime, unit: str = ""
) -> NetworkFact:
    """Put a shipped fact right, or add one that is missing. What was shipped stays beside it, and can come back.

    Raises CatalogError when `by` is not a site administrator or when a number becomes something else.
    """
    _require_staff(by)
    check_correction(network=network, field=field, value=value, source=source)
    known = _known(network, field)
    return NetworkFact.objects.create(
        network=network,
        field=field,
        value=value.strip(),
        unit=unit or (known.unit if known else ""),
        source=source.strip(),
        looked_up_on=now.date(),
        is_correction=True,
        corrected_by=by,
        corrected_at=now,
    )


def check_correction(*, network: Network, field: str, value: str, source: str) -> None:
    """Raise CatalogError when a correction would break what reads the field, or does not say where it comes from."""
    known = _known(network, field)
    if known and known.value.isdecimal() and not value.strip().isdecimal():
        raise CatalogError(_("This is a number: write it in digits only."), field="value")
    if not source.strip():
        raise CatalogError(_("Say where the value comes from."), field="source")


def _known(network: Network, field: str) -> NetworkFact | None:
    return NetworkFact.objects.for_network(network).filter(field=field).current().first()


def revert_correction(*, fact: NetworkFact, by: User, now: datetime) -> bool:
    """Let a correction hold no longer: the one before it does again, or the shipped value. False: it held no longer."""
    _require_staff(by)
    held = NetworkFact.objects.corrections().filter(pk=fact.pk)
    return bool(held.update(reverted_by=by, reverted_at=now))


def _require_staff(by: User) -> None:
    if not (by.is_active and by.is_staff):
        raise CatalogError(_("Only a site administrator may change the catalogue."))
