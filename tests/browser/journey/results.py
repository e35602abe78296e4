"""Figures, typed in, from a file and from the network, and what they make of the goals."""

import csv
import io
from datetime import date

from playwright.sync_api import FilePayload, expect

from calendar_app.models import Delivery
from tests.browser.journey.desk import Desk, visible

NOT_AVAILABLE, NOT_YET = "–", "hourglass"


def type_in(desk: Desk, delivery: Delivery, values: dict[str, int]) -> None:
    """A figure that is no number is refused beside its field, and what was typed stays."""
    desk.open(desk.brand(f"results/deliveries/{delivery.pk}/"))
    first, *rest = values
    desk.fill({**values, first: "many"})
    desk.refused()
    expect(desk.page.locator(f"[name={first}]")).to_have_attribute("aria-invalid", "true")
    for name in rest:
        expect(desk.page.locator(f"[name={name}]")).to_have_value(str(values[name]))
    desk.fill({first: values[first]}).save()
    expect_figures(desk, *values.values())


def expect_figures(desk: Desk, *values: int) -> None:
    """The page shows them, each with its source and how fresh it is."""
    for value in values:
        shown = desk.page.locator(".figures .figure", has=desk.page.get_by_text(str(value), exact=True)).first
        visible(shown.locator(".figure-source .icon"))
        visible(shown.locator(".figure-origin"))


def sheet(rows: list[tuple[Delivery, dict[str, str]]], day: date) -> FilePayload:
    """A CSV file as a spreadsheet writes it."""
    text = io.StringIO()
    metrics = list(rows[0][1])
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["date", "network", "account", "post", *metrics])
    for delivery, values in rows:
        place = [day, delivery.account.network_id, delivery.account.handle, delivery.permalink]
        writer.writerow([*place, *(values[metric] for metric in metrics)])
    return FilePayload(name="figures.csv", mimeType="text/csv", buffer=text.getvalue().encode("utf-8-sig"))


def import_file(desk: Desk, rows: list[tuple[Delivery, dict[str, str]]], day: date) -> None:
    """First with a mistake, which is named by its row and keeps everything out; then right, looked at, taken in."""
    broken = [*rows[:-1], (rows[-1][0], {**rows[-1][1], "likes": "4O"})]
    upload(desk, sheet(broken, day))
    expect(desk.page.locator(".error-summary")).to_be_visible()
    expect(desk.page.locator("main tbody tr").filter(has_text="4O").locator("th")).to_contain_text(str(len(rows) + 1))
    assert not any(delivery.observations.exists() for delivery, _ in rows)

    upload(desk, sheet(rows, day))
    expect(desk.page.locator("main .figures .figure-value").first).to_have_text(str(2 * len(rows)))
    assert not any(delivery.observations.exists() for delivery, _ in rows)
    desk.follow(desk.page.locator("main form[action$='/confirm/'] button.btn-primary"))
    desk.at("results")


def upload(desk: Desk, file: FilePayload) -> None:
    desk.open(desk.brand("results/import/"))
    desk.fill({"file": file})
    desk.follow(desk.page.locator("main form[enctype] button.btn-primary"))
    desk.at("figures_preview")


def fetch(desk: Desk, account: str, *, followers: int) -> None:
    """Ask for the account's figures; a worker fetches them, and the page shows them by itself."""
    desk.open(desk.brand(f"results/accounts/{account}/"))
    desk.follow(desk.page.locator("form[action$='/pull/'] button"))
    expect(desk.page.locator("#figures .figure-origin").first).to_be_visible(timeout=20_000)
    expect(desk.page.locator("form[action$='/pull/'] button")).to_be_visible()  # it can be asked again
    desk.look(as_="fetched")
    expect_figures(desk, followers)


def shown(desk: Desk, delivery: Delivery, metric: str) -> str:
    """What the table of posts shows: a number, or why there is none."""
    table = desk.page.locator("main table", has=desk.page.locator("a[href*='sort=']"))
    heads = table.locator("thead th").all()
    column = next(place for place, head in enumerate(heads) if head.locator(f"a[href*='sort={metric}']").count())
    row = table.locator("tbody tr", has=desk.page.locator(f"a[href$='/results/deliveries/{delivery.pk}/']").first)
    cell = row.locator("th, td").nth(column)
    missing = cell.locator(".missing > [aria-hidden]")
    if missing.locator(".icon").count():
        return NOT_YET
    return (missing if missing.count() else cell).inner_text()
