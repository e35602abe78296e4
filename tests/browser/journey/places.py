"""The brand's accounts."""

from playwright.sync_api import expect

from tests.browser.journey.desk import Desk, visible

HANDLES = {"instagram": "maison.roche", "linkedin": "maison-roche", "mastodon": "brulerie"}


def add_account(desk: Desk, network: str, owner: str) -> str:
    """Add an account that is connected to nothing; its address."""
    words = desk.voyage.words
    desk.open(desk.brand("accounts/new/"))
    desk.fill({"network": network, "handle": HANDLES[network], "purpose": words.purpose})
    desk.page.locator("[name=owner]").select_option(label=owner)
    desk.fill({"mission": words.missions[network]}).save()
    if desk.here == "account_list":
        desk.follow(desk.page.locator("main a", has_text=HANDLES[network]).first)
    desk.at("account_detail")
    visible(desk.page.get_by_text(words.missions[network]))
    return desk.path


def connect(desk: Desk, account: str) -> None:
    """Connect the account with its server's address and a token; a wrong token is refused beside its field."""
    server = desk.voyage.mastodon
    desk.open(f"{account}connect/")
    desk.fill({"server": server.url, "token": "not the token"})
    desk.refused()
    expect(desk.page.locator("[name=token]")).to_have_attribute("aria-invalid", "true")
    desk.fill({"server": server.url, "token": server.token}).save()
    desk.at("account_detail")
    assert server.token not in desk.page.content()
