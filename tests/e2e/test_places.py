"""Who may see what, and whose a referral is: an emergency that somebody reviews, and patients that are one and two again."""
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, open_review  # noqa: F401  (fixtures)
from test_look import PHONE, SMALL, accessible

WHY = "Chest pain, and the clinician of the main site can't be reached"


def sign_in(watched, name, lands_on):
    page = watched.page
    page.goto(watched.url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lands_on)
    return page


def referral_of(desk, patient):  # noqa: F811
    items = desk.all("/api/v1/referrals")
    return next(item["id"] for item in items if item["fields"].get("patient.name", {}).get("value") == patient)


def test_an_emergency_is_declared_and_reviewed(desk, browser):  # noqa: F811
    desk.command("site", "add", "north", "--name", "North clinic")
    for name, role in (("nora", "clinician"), ("cy", "auditor")):
        desk.command("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
    desk.command("user", "grant", "nora", "--role", "clinician", "--site", "north")
    desk.command("user", "revoke", "nora", "--role", "clinician")
    referral = referral_of(desk, "Rosalind T Marchetti")

    nora = Watched(browser, desk.url)
    page = sign_in(nora, "nora", "Work queue")
    expect(page.get_by_text("Marchetti")).to_have_count(0)
    nora.expected = ["403"]
    page.goto(f"{desk.url}/referrals/{referral}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is kept at a place where your role was not granted.")
    accessible(page, "not granted")
    page.get_by_role("link", name="This is an emergency").click()
    nora.expected = []
    page.get_by_label("What is the emergency?").fill(WHY)
    accessible(page, "declare")
    page.get_by_role("button", name="See it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosalind T Marchetti")
    expect(page.get_by_role("alert")).to_contain_text("Emergency: you see everything until")
    accessible(page, "emergency")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SMALL) == []

    cy = Watched(browser, desk.url)
    auditor = sign_in(cy, "cy", "Audit")
    auditor.get_by_role("navigation", name="Main").get_by_role("link", name="Emergencies").click()
    row = auditor.get_by_role("row", name="nora")
    expect(row).to_contain_text(WHY)
    accessible(auditor, "emergencies")
    row.get_by_role("button", name="It was one").click()
    expect(auditor.get_by_role("row", name="nora")).to_contain_text("It was one, says cy")

    page.get_by_role("button", name="It is over").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    nora.expected = ["403"]
    page.goto(f"{desk.url}/referrals/{referral}")
    expect(page.get_by_role("link", name="This is an emergency")).to_be_visible()
    assert nora.wrong == [] and cy.wrong == []


def test_patients_are_one_and_two_again(desk, browser, sample):  # noqa: F811
    bo = Watched(browser, desk.url)
    page = bo.sign_in("bo")
    open_review(page, desk.url, "Rosalind T Marchetti")
    page.get_by_text("Whose referral is it?").click()
    expect(page.get_by_text("Nobody in the register fits.")).to_be_visible()
    accessible(page, "whose")
    page.get_by_role("button", name="A new patient").click()
    expect(page.locator("[data-review].live")).to_be_visible()

    # The same patient once more, and somebody says that it is another.
    desk.send_fax(desk.door, sample("clean-referral"), "desk-again")
    desk.settled(4)
    page.goto(f"{desk.url}/desk")
    page.get_by_role("link", name="Rosalind T Marchetti").last.click()
    expect(page.locator("[data-review].live")).to_be_visible()
    page.get_by_text("Whose referral is it?").click()
    found = page.get_by_role("article", name="Rosalind T Marchetti")
    expect(found).to_contain_text("High")
    expect(found.get_by_role("list")).to_contain_text("birth date")
    page.get_by_role("button", name="A new patient").click()
    expect(page.locator("[data-review].live")).to_be_visible()
    page.get_by_text("Whose referral is it?").click()
    expect(page.get_by_text("bo said that this is a new patient.")).to_be_visible()

    # A coordinator makes them one, and takes it back.
    page.get_by_role("article", name="Rosalind T Marchetti").first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Referrals")).to_be_visible()
    accessible(page, "patient")
    page.get_by_role("button", name="Make them one").click()
    expect(page.get_by_text("Took in")).to_be_visible()
    expect(page.get_by_role("row", name="Cardiology")).to_have_count(2)
    accessible(page, "made one")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SMALL) == []
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back by bo")).to_be_visible()
    expect(page.get_by_role("row", name="Cardiology")).to_have_count(1)
    assert bo.wrong == []


def test_an_export_asks_who_it_is(house, browser):  # noqa: F811
    house.environment["REFERLOOP_AUTH__STEP_UP_MINUTES"] = "0"
    house.command("user", "add", "cy", "--role", "auditor", stdin=PASSWORD + "\n")
    house.start()
    cy = Watched(browser, house.url)
    page = sign_in(cy, "cy", "Audit")
    page.wait_for_timeout(1_100)
    page.get_by_role("button", name="Export as CSV").first.click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    accessible(page, "confirm")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit")
    assert cy.wrong == []
