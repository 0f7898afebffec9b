"""The main journeys, in a browser, by keyboard and without a script; and what axe finds wrong with the page."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

GATEWAY = os.environ.get("GATEWAY_URL", "http://localhost:8080")
# Where the machine has a browser of its own: CHROMIUM=/usr/bin/chromium.
CHROMIUM = os.environ.get("CHROMIUM")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=True, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_counter_has_no_accessibility_fault(page: Page, lang: str) -> None:
    page.goto(f"{GATEWAY}/{lang}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_ordering_by_keyboard(page: Page) -> None:
    page.goto(f"{GATEWAY}/en")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.get_by_label("Item").select_option("HONEY-01")
    page.get_by_label("Quantity").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your order is taken")
    expect(page.get_by_text("€19.80")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_invoice_comes(page: Page) -> None:
    page.goto(f"{GATEWAY}/fr")
    page.get_by_role("button", name="Commander").click()
    for _ in range(30):
        if page.get_by_text("à payer").is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail("no invoice within 15 s")


def test_the_other_language_is_one_link_away(page: Page) -> None:
    page.goto(f"{GATEWAY}/fr")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
