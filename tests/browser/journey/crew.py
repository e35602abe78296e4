"""Signing up, the workspace, and the people in it."""

from playwright.sync_api import expect

from tests.browser.journey.desk import PASSWORD, Desk, Voyage, link_in, visible


def sign_up(desk: Desk) -> None:
    """Sign up with an address, and confirm it by the link in the mail."""
    desk.open("/")
    desk.follow(desk.page.locator("main a[href$='/signup/']").first)
    desk.fill({"name": desk.name, "email": desk.email, "password1": PASSWORD}).save("main form[action$='/signup/']")
    desk.open(link_in(desk.voyage.mail(desk.email), "/confirm-email/"))
    desk.follow(desk.page.locator("main form[action*='/confirm-email/'] button"))


def create_workspace(desk: Desk) -> None:
    """The first page after signing up asks for a workspace and a brand."""
    desk.at("workspace_create")
    words = desk.voyage.words
    zone = desk.page.locator("[name=time_zone]")
    expect(zone).to_have_value("Europe/Paris")  # guessed from the browser's clock
    desk.fill(
        {"name": words.workspace, "brand_name": words.brand, "website": "https://roche.example",
         "language": desk.voyage.locale, "time_zone": "Europe/Paris"}
    )  # fmt: skip
    desk.save()
    desk.at("brand_home")
    desk.voyage.place = desk.path


def members(desk: Desk) -> str:
    return f"{desk.voyage.place.split('/b/')[0]}/members/"


def invite(desk: Desk, email: str, role: str) -> None:
    desk.open(members(desk))
    desk.fill({"email": email, "role": role}).save("#invite form")
    visible(desk.page.locator("#invitations th").get_by_text(email))


def join(voyage: Voyage, name: str, email: str) -> Desk:
    """A new person opens the link in their mail, signs up without another mail, and is in."""
    desk = voyage.desk(name, email)
    link = link_in(voyage.mail(email), "/invitations/")
    desk.open(link)
    desk.follow(desk.page.locator("main form[action$='/accept/'] button"))
    desk.at("account_signup")
    expect(desk.page.locator("[name=email]")).to_have_value(email)
    desk.fill({"name": name, "password1": PASSWORD}).save("main form[action$='/signup/']")
    assert desk.path.startswith(voyage.place.split("/b/")[0]), desk.page.url
    assert len(voyage.smtp.to(email)) == 1, "the invitation has proved the address: no second mail"
    return desk


def roles(desk: Desk) -> dict[str, str]:
    """Who is in the workspace: the address, and the role as the database names it."""
    rows = desk.open(members(desk)).page.locator("#members tbody tr")
    return {row.locator("th .text-muted").inner_text(): row.locator("td").first.inner_text() for row in rows.all()}
