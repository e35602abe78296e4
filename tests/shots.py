"""`./dev shots`: the README's pictures, taken of the demonstration workspace in a fresh database of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import deque

from playwright.sync_api import Browser, Page, sync_playwright

from config.demo import words
from config.services import ROOT, state_dir

PURPOSE = "shots"
FOLDER = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BRAND = "/w/rive-noire/b/rive-noire/"
FOLLOW = "link: "  # before the words of a link that leads on from there
# name, person, path, what must be on the page (or the link to follow), color scheme, width, height, language
SHOTS = (
    ("home", "manager", BRAND, "main", "light", 1280, 900, "en"),
    ("goal", "manager", BRAND + "goals/", FOLLOW + "Show how we work", "light", 1280, 900, "en"),
    ("goals", "manager", BRAND + "goals/", "main", "light", 1280, 900, "en"),
    ("plan", "manager", BRAND + "plan/", FOLLOW + "Document", "light", 1280, 900, "en"),
    ("calendar", "editor", BRAND + "calendar/", ".ec-event", "light", 1280, 960, "en"),
    ("calendar-dark", "editor", BRAND + "calendar/", ".ec-event", "dark", 1280, 960, "en"),
    ("results", "manager", BRAND + "results/", "main", "light", 1280, 900, "en"),
    ("audit", "editor", BRAND + "audits/", "main", "light", 1280, 900, "en"),
    ("home-phone-fr", "manager", BRAND, "main", "light", 390, 844, "fr"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int) -> subprocess.Popen[str]:
    """The application with the demonstration workspace, once it has told the last of its logins."""
    shutil.rmtree(state_dir(PURPOSE), ignore_errors=True)
    process = subprocess.Popen(
        [sys.executable, "dev", "up", "--port", str(port)],
        cwd=ROOT, env={**os.environ, "SEXTANT_SERVICES": PURPOSE}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if words.PEOPLE["guest"][1] in line:
            threading.Thread(
                target=deque, args=(process.stdout, 0), daemon=True
            ).start()  # so that it can go on talking
            return process
    sys.exit("Sextant did not start.")


def sign_in(page: Page, person: str) -> None:
    page.goto("/me/login/")
    page.fill("[name=login]", words.PEOPLE[person][1])
    page.fill("[name=password]", words.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/w/**")


def take(browser: Browser, base: str, shot: tuple[str, str, str, str, str, int, int, str]) -> None:
    name, person, path, wanted, scheme, width, height, language = shot
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce",
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, person)
    page.goto(path)
    if wanted.startswith(FOLLOW):
        page.get_by_role("link", name=wanted.removeprefix(FOLLOW)).first.click()
    else:
        page.wait_for_selector(wanted)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{(FOLDER / name).relative_to(ROOT)}.png", flush=True)
    context.close()


def main() -> None:
    port = free_port()
    FOLDER.mkdir(parents=True, exist_ok=True)
    process = start(port)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("No Chromium: apt install chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for shot in SHOTS:
                take(browser, f"http://localhost:{port}", shot)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


if __name__ == "__main__":
    main()
