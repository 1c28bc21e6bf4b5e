"""Pages on the review desk: turned, split, merged, put back; and what others do comes into sight by itself."""
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser, field, open_review, see_all  # noqa: F401  (a fixture among them)

PICTURES = os.environ.get("REFERLOOP_SCREENS")


@pytest.fixture
def desk(house, sample):
    house.command("user", "add", "bo", "--role", "coordinator", stdin=PASSWORD + "\n")
    house.start()
    house.send_fax(house.door, sample("two-patients"), "pages-1")
    house.settled(1)
    return house


def picture(page, name):
    if PICTURES:
        page.screenshot(path=os.path.join(PICTURES, f"{name}.png"))


def violations(page):
    return [(v["id"], v["nodes"][0]["html"][:160]) for v in Axe().run(page).response["violations"]]


def tabs(page):
    return page.locator("[data-strip] [data-page-tab]")


def shown(page):
    return page.locator(".page.shown")


def seen(page, number):
    """Waits as a person would, who looks at a page first: a picture on its way is refused once its page is elsewhere, or not ours."""
    page.wait_for_function("(name) => performance.getEntriesByType('resource').some((it) => it.name.endsWith(name) && it.responseEnd > 0)",
                           arg=f"/pages/{number}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_arranged_and_put_back(desk, browser, scheme):  # noqa: F811
    ana = Watched(browser, desk.url, color_scheme=scheme)
    page = ana.sign_in("ana")
    open_review(page, desk.url, "Gwendolyn Ferris")
    expect(tabs(page)).to_have_count(1)
    expect(tabs(page).first).to_contain_text("Form")

    # The other document of the same fax is at hand, and can be taken in.
    page.get_by_role("button", name="Merge").click()
    expect(tabs(page)).to_have_count(2)
    expect(page.get_by_role("button", name="Merge")).to_have_count(0)
    # The fields follow, and the page loads itself anew when they are there.
    expect(page.locator("[data-rereading]")).to_have_count(0, timeout=20_000)

    # By keys: to the second page and back.
    page.locator("h1").click()
    page.keyboard.press("]")
    expect(shown(page)).to_have_attribute("data-page", "2")
    page.keyboard.press("[")
    expect(shown(page)).to_have_attribute("data-page", "1")

    # A page as text.
    page.keyboard.press("t")
    expect(page.locator(".text-view")).to_contain_text("Gwendolyn")
    picture(page, f"text-{scheme}")
    page.keyboard.press("]")
    expect(page.locator(".text-view")).to_contain_text("Abernathy")
    page.keyboard.press("t")
    expect(shown(page)).to_be_visible()

    # Turned: the sheet lies, and the place of a field with it.
    page.keyboard.press("[")
    upright = (shown(page).get_attribute("data-width"), shown(page).get_attribute("data-height"))
    page.keyboard.press(".")
    expect(shown(page)).to_have_attribute("data-width", upright[1])
    expect(shown(page)).to_have_attribute("data-height", upright[0])
    birth = field(page, "patient.birth_date")
    birth.locator("[data-value]").click()
    expect(page.locator('.mark.on[data-field="patient.birth_date"] .edge')).to_be_in_viewport()
    expect(birth.locator(".crop")).to_be_visible()
    picture(page, f"turned-{scheme}")
    assert violations(page) == []

    # Split by a key: the second part becomes a referral of its own, which shows here by itself.
    page.locator("h1").click()
    page.keyboard.press("]")
    seen(page, 2)
    page.keyboard.press("x")
    expect(tabs(page)).to_have_count(1)
    expect(page.locator("[data-others]").get_by_role("link", name="Referral, page 2")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-rereading]")).to_have_count(0, timeout=20_000)
    expect(field(page, "patient.name").locator("[data-value]")).to_have_value("Gwendolyn Ferris")
    picture(page, f"split-{scheme}")

    # Everything back.
    page.get_by_role("button", name="Back to how it was read").click()
    expect(shown(page)).to_have_attribute("data-width", upright[0])
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(page.get_by_role("link", name="Silas M Abernathy")).to_have_count(1)

    # Not ours: out of sight, and the desk asks that the sender be told.
    open_review(page, desk.url, "Silas M Abernathy")
    seen(page, 2)
    page.get_by_role("button", name="Not ours").click()
    page.locator("#not-ours-reason").select_option("other_clinic")
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("No page of this document is ours.")).to_be_visible()
    picture(page, f"not-ours-{scheme}")
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(page.get_by_role("heading", name="Not ours: tell the sender")).to_be_visible()
    picture(page, f"desk-{scheme}")
    assert violations(page) == []
    page.get_by_role("button", name="Sender told").click()
    expect(page.get_by_role("heading", name="Not ours: tell the sender")).to_have_count(0)
    assert ana.wrong == []


def test_what_others_do_comes_into_sight(desk, browser, sample):  # noqa: F811
    ana, bo = Watched(browser, desk.url), Watched(browser, desk.url)
    ana.sign_in("ana")
    page = bo.sign_in("bo")
    # A second tab of the same browser listens through the first.
    second = bo.context.new_page()
    second.goto(f"{desk.url}/desk")
    page.evaluate("window.here = true")
    second.evaluate("window.here = true")
    streams = lambda: sum(tab.locator("html[data-live-stream]").count() for tab in (page, second))  # noqa: E731
    for _ in range(50):
        if streams():
            break
        page.wait_for_timeout(100)

    desk.send_fax(desk.door, sample("clean-referral"), "pages-2")
    for tab in (page, second):
        expect(tab.get_by_role("link", name="Rosalind T Marchetti")).to_be_visible(timeout=30_000)
    open_review(ana.page, desk.url, "Rosalind T Marchetti")
    see_all(ana.page)
    ana.page.get_by_role("button", name="Release").click()
    for tab in (page, second):
        # The lists ask by themselves once a minute: this is the stream.
        expect(tab.get_by_role("link", name="Rosalind T Marchetti")).to_have_count(0, timeout=5_000)
        assert tab.evaluate("window.here") is True
    assert streams() == 1, "one stream a browser"
    assert ana.wrong == [] and bo.wrong == []
