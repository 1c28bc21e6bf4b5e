"""Every screen in light, in dark and on a phone: it has its heading, fits, and makes no error. The pictures are for eyes."""
import subprocess

import pytest
from camera import Camera, forget, hang_up
from conftest import BINARY, PASSWORD, House
from playwright.sync_api import expect
from test_clinical import PACKAGE
from test_desk import Watched, browser, field, open_review, see_all  # noqa: F401  (a fixture among them)
from test_look import LOGO, review_with_a_twin
from test_places import WHY, sign_in

CLEAN, INCOMPLETE, FIRST = "Rosalind T Marchetti", "Desmond Okonjo", "Gwendolyn Ferris"


@pytest.fixture
def people(house, browser):  # noqa: F811
    """A service without a document, and whoever looks at it: an administrator, a coordinator and an auditor."""
    house.environment["REFERLOOP_MAIL__DIRECT_DOMAIN"] = "direct.clinic.example"
    house.command("user", "add", "bo", "--role", "coordinator", stdin=PASSWORD + "\n")
    house.command("user", "add", "cy", "--role", "auditor", stdin=PASSWORD + "\n")
    house.start()
    yield (people := [Watched(browser, house.url) for _ in range(3)])
    assert [person.wrong for person in people] == [[], [], []]


def receive(house, sample):
    cases = "clean-referral clean-referral incomplete-referral two-patients damaged-pdf lab-result"
    for number, case in enumerate(cases.split()):
        house.send_fax(house.door, sample(case), f"screens-{number}-{case}")
        # One after the other, so that every run has them in this order.
        house.settled(number + 1)


def test_every_screen(house, people, browser, sample, tmp_path):  # noqa: F811
    forget()
    ana, bo, cy = people
    page, camera = ana.page, Camera(ana.page)
    before_anything(house, ana, camera)
    receive(house, sample)
    the_list(house, page, camera)
    the_review(house, page, camera)
    bo.sign_in("bo")
    another_has_it(house, page, bo.page, camera)
    the_pages(house, page, camera)
    what_is_decided(house, page, camera)
    after_release(house, page, camera)
    whose_it_is(house, page, camera)
    practice = the_directory(house, page, camera)
    what_goes_wrong(house, ana, cy, camera)
    house.send_fax(house.door, sample("clean-referral"), "screens-own")
    house.settled(7)
    the_secure_mail(house, page, camera, tmp_path)
    who_may_see_it(house, browser, cy, practice)
    hang_up()


def before_anything(house, ana, camera):
    page = ana.page
    page.goto(house.url)
    camera.screen("login", "Sign in")
    ana.expected = ["422"]
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    camera.screen("login-refused", "Sign in")
    ana.expected = []
    ana.sign_in("ana")
    camera.screen("desk-empty", "Review desk")
    for name, path, heading in (("people", "people", "People"), ("tokens", "tokens", "API tokens"), ("direct", "direct", "Direct"),
                                ("account", "account", "Your account"), ("confirm", "account/confirm", "Is it you?"),
                                ("second-factor", "account/second-factor", "Set up your second factor")):
        page.goto(f"{house.url}/{path}")
        camera.screen(name, heading)
    page.goto(f"{house.url}/people")
    page.get_by_role("link", name="coordinator").click()
    camera.screen("people-grants", "What bo may do")
    page.goto(f"{house.url}/desk")


def the_list(house, page, camera):
    for view in ("all", "mine", "unowned", "urgent"):
        page.goto(f"{house.url}/desk?show={view}")
        camera.screen(f"desk-{view}", "Review desk", picture="desk-list" if view == "all" else None)
    page.goto(f"{house.url}/desk")
    for box in page.get_by_role("row", name=CLEAN).get_by_role("checkbox").all():
        box.check()
    camera.screen("desk-chosen", "Review desk")


def the_review(house, page, camera):
    open_review(page, house.url, INCOMPLETE)
    camera.screen("review-incomplete", INCOMPLETE)
    page.get_by_role("button", name="Keys").click()
    camera.screen("review-keys", INCOMPLETE)
    page.keyboard.press("Escape")
    _, twins = review_with_a_twin(page, house.url)
    field(page, "patient.birth_date").locator("[data-value]").click()
    camera.screen("review", CLEAN, picture="review-desk")
    field(page, "patient.birth_date").locator(".state").click()
    camera.screen("review-why", CLEAN)
    page.goto(house.url + twins)
    camera.screen("twins", "The same referral?", picture="twins")


def another_has_it(house, page, other, camera):
    open_review(other, house.url, INCOMPLETE)
    open_review(page, house.url, INCOMPLETE)
    expect(page.locator("[data-held]")).to_contain_text("bo is reviewing this")
    camera.screen("review-held", INCOMPLETE)
    page.get_by_role("button", name="Take over…").click()
    camera.screen("review-take-over", INCOMPLETE)
    for window in (other, page):
        window.goto(f"{house.url}/work")


def the_pages(house, page, camera):
    open_review(page, house.url, FIRST)
    page.get_by_role("button", name="Turn").click()
    expect(page.get_by_role("button", name="Back to how it was read")).to_be_visible()
    camera.screen("pages-turned", FIRST, picture="pages")
    page.get_by_role("button", name="Text").click()
    expect(page.locator(".text-view")).to_contain_text("Gwendolyn")
    camera.screen("pages-text", FIRST)
    page.get_by_role("button", name="Not ours").click()
    camera.screen("pages-not-ours", FIRST)
    page.locator("#not-ours-reason").select_option("other_clinic")
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("No page of this document is ours.")).to_be_visible()
    # Read anew by then: nobody's name stands on no page.
    expect(page.get_by_role("heading", level=1)).to_have_text("Name not read", timeout=60_000)
    camera.screen("pages-none-left", "Name not read")
    page.goto(f"{house.url}/desk")
    expect(page.get_by_role("heading", name="Not ours: tell the sender")).to_be_visible()
    camera.screen("desk-misdirected", "Review desk")


def what_is_decided(house, page, camera):
    open_review(page, house.url, INCOMPLETE)
    page.get_by_role("button", name="Reject").click()
    camera.screen("review-reject", INCOMPLETE)
    page.keyboard.press("Escape")
    page.goto(f"{(review := page.url)}/route")
    camera.screen("route", "Not a referral")
    page.goto(f"{review}/request")
    camera.screen("request", "Request information", picture="request")
    page.get_by_role("button", name="Preview the letter").click()
    camera.screen("request-letter", "The letter")
    page.get_by_role("button", name="Deliver by hand").click()
    expect(page.get_by_text("Information requested")).to_be_visible()
    camera.screen("request-waits", "Request information")
    page.goto(review)
    camera.screen("review-waits", INCOMPLETE)


def after_release(house, page, camera):
    review = house.url + review_with_a_twin(page, house.url)[0]
    referral = review.rsplit("/", 1)[1]
    page.locator("summary", has_text="Team notes").click()
    page.get_by_label("New team note").fill("Called the practice: the ECG comes by noon")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("[data-memos] blockquote")).to_be_visible()
    camera.screen("review-memo", CLEAN)
    see_all(page)
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    camera.screen("undo", page.locator("h1").inner_text())
    page.goto(review)
    camera.screen("review-released", CLEAN)
    page.goto(f"{house.url}/work")
    camera.screen("work", "Work queue")
    page.get_by_label("Find a patient").fill("Marchetti 8/14/1961")
    page.get_by_role("button", name="Search").click()
    camera.screen("work-search", "Work queue")
    page.get_by_label("Find a patient").fill("Nobody 1/1/1901")
    page.get_by_role("button", name="Search").click()
    camera.screen("work-empty", "Work queue")
    house.act(referral, "accept")
    page.goto(f"{house.url}/referrals/{referral}")
    camera.screen("referral", CLEAN)
    house.act(referral, "schedule", appointment="2031-06-24T15:30:00Z")
    house.act(referral, "mark_seen")
    page.reload()
    page.locator("summary", has_text="Add a note").click()
    camera.screen("referral-note", CLEAN)
    page.emulate_media(media="print")
    camera.shoot("referral", "print")
    page.emulate_media(media="screen")


def whose_it_is(house, page, camera):
    """One of two faxes of a patient was released, so that the register has somebody who may be meant by the other."""
    other = next(item["id"] for item in house.all("/api/v1/referrals") if item["status"] in ("in_review", "ready")
                 and item["fields"].get("patient.name", {}).get("value") == CLEAN)
    page.goto(f"{house.url}/desk/{other}/patient")
    found = page.get_by_role("article", name=CLEAN)
    expect(found).to_be_visible()
    camera.screen("whose", "Whose referral is it?")
    patient = found.get_by_role("link").get_attribute("href")
    page.get_by_role("button", name="A new patient").click()
    expect(page.locator("[data-review].live")).to_be_visible()
    page.goto(house.url + patient)
    expect(page.get_by_role("article", name=CLEAN)).to_be_visible()
    camera.screen("patient", CLEAN)


def the_directory(house, page, camera):
    helen = {"name": "Helen Adeyemi", "organization": "Willow Creek Family Medicine", "npi": "1234567893",
             "direct_address": "helen.adeyemi@direct.willowcreek.example"}
    again = {"name": "Dr. H. Adeyemi", "organization": "Willow Creek Family Medicine, PLLC", "fax": "503 555 0143"}
    one, _ = (house.call("POST", "/api/v1/directory", entry)[0] for entry in (helen, again))
    page.goto(f"{house.url}/directory")
    camera.screen("directory", "Directory")
    page.goto(f"{house.url}/directory/{one['id']}")
    camera.screen("directory-entry", "Helen Adeyemi, Willow Creek Family Medicine")
    page.goto(f"{house.url}/directory/duplicates")
    camera.screen("directory-duplicates", "Possible duplicates")
    return one["id"]


def what_goes_wrong(house, ana, cy, camera):
    ana.expected, cy.expected = ["404"], ["403"]
    ana.page.goto(f"{house.url}/nowhere-at-all")
    camera.screen("error-404", "There is no such page.")
    cy.page.goto(house.url)
    cy.page.get_by_label("Name").fill("cy")
    cy.page.get_by_label("Password").fill(PASSWORD)
    cy.page.get_by_role("button", name="Sign in").click()
    cy.page.get_by_label("Who saw this patient").fill("Marchetti 8/14/1961")
    cy.page.get_by_label("Who saw this patient").press("Enter")
    expect(cy.page.get_by_role("heading", name="Who saw this patient")).to_be_visible()
    Camera(cy.page).screen("audit", "Audit")
    cy.page.goto(f"{house.url}/desk")
    Camera(cy.page).screen("error-403", "Your role does not allow this.")


def the_secure_mail(house, page, camera, folder):
    """Direct with a key and an anchor, and a referral that came as data."""
    authority = str(folder / "authority.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "300",
                    "-subj", "/CN=Example Community", "-keyout", str(folder / "authority.key"), "-out", authority],
                   check=True, capture_output=True)
    house.command("direct", "keygen", "--for", "direct.clinic.example")
    house.command("direct", "anchors", "add", authority, "--for", "direct.clinic.example")
    page.goto(f"{house.url}/direct")
    camera.screen("direct-in-use", "Direct")
    house.send_fax(house.door, PACKAGE, "screens-package")
    house.settled(8)
    open_review(page, house.url, "Rosa M Example")
    camera.screen("review-data", "Rosa M Example")


def who_may_see_it(house, browser, cy, practice):  # noqa: F811
    """A referrer, somebody without a role, and a clinician of another site in an emergency that the auditor reviews."""
    house.command("site", "add", "north", "--name", "North clinic")
    for name, role in (("dana", "referrer"), ("eli", "reviewer"), ("nora", "clinician")):
        house.command("user", "add", name, "--role", role, stdin=PASSWORD + "\n")
    house.command("user", "grant", "dana", "--role", "referrer", "--practice", practice)
    house.command("user", "grant", "nora", "--role", "clinician", "--site", "north")
    for name, role in (("eli", "reviewer"), ("nora", "clinician")):
        house.command("user", "revoke", name, "--role", role)
    dana, eli, nora = (Watched(browser, house.url) for _ in range(3))
    page = sign_in(dana, "dana", "My referrals")
    expect(page.get_by_text(CLEAN).first).to_be_visible()
    Camera(page).screen("own", "My referrals")
    page = sign_in(eli, "eli", "Nobody has given you a role yet")
    Camera(page).screen("no-role", "Nobody has given you a role yet")

    referral = next(item["id"] for item in house.all("/api/v1/referrals")
                    if item["fields"].get("patient.name", {}).get("value") == CLEAN)
    page = sign_in(nora, "nora", "Work queue")
    nora.expected = ["403"]
    page.goto(f"{house.url}/referrals/{referral}")
    Camera(page).screen("error-not-granted", "This is kept at a place where your role was not granted.")
    page.get_by_role("link", name="This is an emergency").click()
    nora.expected = []
    Camera(page).screen("emergency-declare", "See it in an emergency")
    page.get_by_label("What is the emergency?").fill(WHY)
    page.get_by_role("button", name="See it now").click()
    expect(page.get_by_role("alert")).to_contain_text("Emergency: you see everything until")
    Camera(page).screen("emergency-banner", CLEAN)
    cy.expected = []
    cy.page.goto(f"{house.url}/emergencies")
    expect(cy.page.get_by_role("row", name="nora")).to_contain_text(WHY)
    Camera(cy.page).screen("emergencies", "Emergencies")
    assert [person.wrong for person in (dana, eli, nora)] == [[], [], []]


def test_every_screen_of_a_clinic_of_its_own(tmp_path, browser, sample):  # noqa: F811
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    house = House(BINARY, str(tmp_path / "branded"), settings={
        "REFERLOOP_BRAND__NAME": "West Clinic", "REFERLOOP_BRAND__LOGO": str(logo), "REFERLOOP_BRAND__COLOR": "#7a1fa2"})
    house.command("user", "add", "ana", "--role", "admin", stdin=PASSWORD + "\n")
    door = house.ask("door", "add", "front-desk", "--kind", "generic")
    house.token = house.ask("token", "add", "--scope", "admin")["token"]
    house.start()
    try:
        house.send_fax(door, sample("clean-referral"), "screens-brand")
        house.settled(1)
        ana = Watched(browser, house.url)
        page, camera = ana.page, Camera(ana.page)
        page.goto(house.url)
        camera.screen("brand-login", "Sign in")
        ana.sign_in("ana")
        camera.screen("brand-desk", "Review desk")
        open_review(page, house.url, CLEAN)
        camera.screen("brand-review", CLEAN)
        page.goto(page.url.replace("/desk/", "/referrals/"))
        camera.screen("brand-referral", CLEAN)
        hang_up()
        assert ana.wrong == []
    finally:
        house.kill()
