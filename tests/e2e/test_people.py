"""Accounts as people meet them: invited by a link, in by a phone's code, asked again before something that matters."""
import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)
from test_team import accessible

OWN = "seven lanterns by the harbor"


class Phone:
    """An authenticator app: the key is typed in, and each code is shown for half a minute (RFC 6238)."""

    def __init__(self, key):
        self.key, self.shown = base64.b32decode(re.sub(r"\s", "", key)), 0

    def code(self):
        """The next code that was not shown yet: each is good once."""
        while (step := int(time.time()) // 30) <= self.shown:
            time.sleep(0.5)
        self.shown = step
        mac = hmac.new(self.key, struct.pack(">Q", step), hashlib.sha1).digest()
        at = mac[19] & 15
        return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def people(house, browser):  # noqa: F811
    """An administrator and somebody who is not there yet."""
    house.start()
    yield (people := [Watched(browser, house.url) for _ in range(2)])
    assert [person.wrong for person in people] == [[], []]


def invited(page, url, name):
    page.goto(f"{url}/people")
    page.get_by_label("Name to sign in with").fill(name)
    page.get_by_label("Role").select_option("reviewer")
    accessible(page)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("row", name=name)).to_contain_text("Waits for the link")
    accessible(page)
    return page.get_by_label(f"Link for {name}").input_value()


def set_password(page, password):
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same once more").fill(password)
    page.get_by_role("button", name="Continue").click()


def set_up_phone(page):
    page.get_by_text("It can't: type the key").click()
    phone = Phone(page.locator("[data-secret]").inner_text())
    page.get_by_label("Code", exact=True).fill(phone.code())
    accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return phone, page.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()


def test_an_invited_person_comes_in(house, people):
    ana, dora = people
    link = invited(ana.sign_in("ana"), house.url, "dora")
    page = dora.page
    page.goto(link)
    accessible(page)
    dora.expected = ["422"]
    set_password(page, "Password2024!")
    expect(page.get_by_role("alert")).to_contain_text("among those that are tried first")
    dora.expected = []
    set_password(page, OWN)
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    phone, codes = set_up_phone(page)
    assert len(set(codes)) == 10
    accessible(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()

    # Out, and in again by two steps.
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill("dora")
    page.get_by_label("Password").fill(OWN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    accessible(page)
    page.get_by_label("Code", exact=True).fill(phone.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_text("10 of 10 recovery codes are left")).to_be_visible()
    accessible(page)

    # The phone is lost.
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill("dora")
    page.get_by_label("Password").fill(OWN)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Use a recovery code").click()
    page.get_by_label("Recovery code", exact=True).fill(codes[0].lower())
    page.get_by_role("button", name="Continue with it").click()
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_text("9 of 10 recovery codes are left")).to_be_visible()

    # The administrator ends it.
    row = ana.page.get_by_role("row", name="dora")
    ana.page.goto(f"{house.url}/people")
    row.locator("summary").click()
    accessible(ana.page)
    row.get_by_role("button", name="Close the account").click()
    expect(row).to_contain_text("Closed")
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_fresh_proof_and_a_token(house, people):
    house.kill()
    house.environment["REFERLOOP_AUTH__STEP_UP_MINUTES"] = "0"
    house.start()
    ana, _ = people
    page = ana.sign_in("ana")
    time.sleep(1)
    page.goto(f"{house.url}/tokens")
    page.get_by_role("link", name="Confirm").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(f"{house.url}/tokens")
    accessible(page)
    # At nought minutes the proof has grown old before the next click.
    page.get_by_label(re.compile("^Name")).fill("ehr")
    page.get_by_label("What it may do").select_option("read")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
