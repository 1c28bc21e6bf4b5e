"""Passkeys, with an authenticator that Chromium itself plays."""
import pytest
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)
from test_team import accessible


class Device:
    """What stands in for a laptop's own authenticator: it keeps passkeys, and its person shows a finger at once."""

    def __init__(self, page):
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True}})["authenticatorId"]

    def finger(self, fits):
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": fits})


@pytest.fixture
def ana(house, browser):  # noqa: F811
    """The administrator, at an address with a name: browsers offer no passkeys for a number."""
    url = f"http://localhost:{house.address.rsplit(':', 1)[1]}"
    house.environment["REFERLOOP_DESK__PUBLIC_URL"] = url
    house.start()
    yield (ana := Watched(browser, url))
    assert ana.wrong == []


def type_password(ana):
    ana.page.get_by_label("Name").fill("ana")
    ana.page.get_by_label("Password").fill(PASSWORD)
    ana.page.get_by_role("button", name="Sign in", exact=True).click()


def signed_out(page):
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_and_signs_in(ana):
    page = ana.page
    device = Device(page)
    page.goto(ana.url)
    accessible(page)
    type_password(ana)
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("Name, as “Laptop”").fill("Front desk laptop")
    accessible(page)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    row = page.get_by_role("row", name="Front desk laptop")
    expect(row).to_contain_text("never")
    accessible(page)

    # The same device makes no second one.
    page.get_by_label("Name, as “Laptop”").fill("The same")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for this account already")

    # In place of a code.
    signed_out(page)
    type_password(ana)
    expect(page.get_by_role("heading", name="Use your passkey")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()

    # Without a name and a password; not for who shows another finger.
    signed_out(page)
    device.finger(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was confirmed", timeout=20_000)
    accessible(page)
    device.finger(True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()

    page.get_by_role("link", name="Your account").click()
    expect(row).not_to_contain_text("never")
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey was removed.")).to_be_visible()
    expect(row).to_have_count(0)
