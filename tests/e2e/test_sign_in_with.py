"""Signing in at a real identity provider, on another site than the desk: whether the browser carries the right cookies there and
back, and whether our own content policy lets it go."""
import json
import os
import subprocess
import urllib.request

import pytest
from conftest import BINARY, PASSWORD, ROOT, House
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)
from test_look import PHONE, SMALL, accessible


@pytest.fixture
def clinic(tmp_path):
    """A desk at `localhost` and its provider at `127.0.0.1`: two sites."""
    house = House(BINARY, str(tmp_path / "data"))
    house.url = house.url.replace("127.0.0.1", "localhost")
    callback = f"{house.url}/login/oidc/callback"
    node, script = os.path.join(ROOT, ".local/oidc/bin/node"), os.path.join(ROOT, "tests/oidc-provider/provider.mjs")
    provider = subprocess.Popen([node, script], env={**os.environ, "CALLBACK": callback}, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    house.issuer = next(line.strip() for line in provider.stdout if line.startswith("http"))
    house.environment |= {
        "REFERLOOP_DESK__PUBLIC_URL": house.url, "REFERLOOP_OIDC__ISSUER": house.issuer, "REFERLOOP_OIDC__CLIENT_ID": "referloop",
        "REFERLOOP_OIDC__CLIENT_SECRET": "a secret for tests alone", "REFERLOOP_OIDC__LABEL": "Clinic ID"}
    house.command("user", "add", "ana", "--role", "admin", stdin=PASSWORD + "\n")
    house.start()
    yield house
    house.kill()
    provider.kill()
    provider.wait()


def told(clinic, **how):
    request = urllib.request.Request(f"{clinic.issuer}/control", data=json.dumps(how).encode(), method="PUT")
    urllib.request.urlopen(request, timeout=5).close()


def sign_in_with(page, url, name):
    page.goto(url)
    page.get_by_role("button", name="Sign in with Clinic ID").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_goes_to_the_provider_and_comes_back_signed_in(clinic, browser, scheme):  # noqa: F811
    clinic.command("user", "link", "ana", "--subject", "a-1")
    ana = Watched(browser, clinic.url, color_scheme=scheme)
    page = ana.page
    page.set_viewport_size(PHONE)
    page.goto(clinic.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SMALL) == []
    accessible(page, "login")
    sign_in_with(page, clinic.url, "a-1")
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    cookies = {cookie["name"]: cookie for cookie in ana.context.cookies(clinic.url)}
    assert cookies["referloop"]["sameSite"] == "Strict" and cookies["referloop"]["httpOnly"]
    assert "referloop-login" not in cookies
    assert ana.wrong == []


def test_who_is_not_linked_is_told_what_to_hand_over(clinic, browser):  # noqa: F811
    bo = Watched(browser, clinic.url)
    page = bo.page
    page.set_viewport_size(PHONE)
    bo.expected = ["403"]
    sign_in_with(page, clinic.url, "0d6c1f2e-not-linked-to-anybody-here-and-too-long-for-a-line-of-a-phone")
    expect(page.get_by_role("heading", name="No account here belongs to this sign-in.")).to_be_visible()
    expect(page.get_by_text("0d6c1f2e-not-linked")).to_be_visible()
    expect(page.get_by_text(clinic.issuer)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    accessible(page, "refused")
    # The other way in: with a password, and then linked by oneself.
    page.get_by_role("link", name="To the sign-in page").click()
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    page.goto(f"{clinic.url}/login/oidc/link")
    accessible(page, "link")
    page.get_by_label("Your password here").fill(PASSWORD)
    page.get_by_role("button", name="Link Clinic ID").click()
    # Asked anew, though this browser is signed in there.
    page.get_by_label("Name").fill("a-1")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("It is linked.")).to_be_visible()
    assert bo.wrong == []


def test_a_provider_that_is_away_leaves_the_other_way_in(clinic, browser):  # noqa: F811
    told(clinic, away=True)
    ana = Watched(browser, clinic.url)
    ana.expected = ["503"]
    page = ana.page
    page.goto(clinic.url)
    page.get_by_role("button", name="Sign in with Clinic ID").click()
    expect(page.get_by_role("heading", name="Clinic ID can't be reached.")).to_be_visible()
    page.get_by_role("link", name="To the sign-in page").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert ana.wrong == []
