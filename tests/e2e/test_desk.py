"""The desk as a person meets it: in a browser, by mouse and by keys, with every error of the page counted."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PASSWORD
from playwright.sync_api import expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


class Watched:
    """A browser context that notes whatever goes wrong in it. Refusals that a test asks for are named in `expected`."""

    def __init__(self, browser, url, **options):
        self.url, self.wrong, self.expected = url, [], []
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        self.page = self.context.new_page()
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))")
        self.page.on("console", lambda m: m.type == "error" and self.note(f"console: {m.text}"))
        self.page.on("pageerror", lambda e: self.note(f"script: {e}"))
        self.page.on("requestfailed", lambda r: r.failure != "net::ERR_ABORTED" and self.note(f"failed: {r.url}"))
        self.page.on("response", lambda r: r.status >= 400 and self.note(f"{r.status}: {r.url}"))

    def note(self, what):
        if not any(word in what for word in self.expected):
            self.wrong.append(what)

    def sign_in(self, name):
        self.page.goto(self.url)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Review desk")).to_be_visible()
        return self.page


@pytest.fixture
def desk(house, sample):
    """A service that has read one clean and one incomplete referral, and set a damaged file aside."""
    house.command("user", "add", "bo", "--role", "coordinator", stdin=PASSWORD + "\n")
    house.start()
    for case in ("clean-referral", "incomplete-referral", "damaged-pdf"):
        house.send_fax(house.door, sample(case), f"desk-{case}")
    house.settled(3)
    return house


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def open_review(page, url, patient):
    page.goto(f"{url}/desk")
    page.get_by_role("link", name=patient).click()
    expect(page.locator("[data-review].live")).to_be_visible()


def field(page, key):
    return page.locator(f'.field[data-key="{key}"]')


def see_all(page):
    """Looks at every critical field, as a release asks for."""
    for key in page.locator("[data-review]").get_attribute("data-critical").split():
        field(page, key).locator("[data-value]").focus()


def test_a_referral_is_corrected_and_released(desk, browser):
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    expect(page.get_by_text("Damaged file")).to_be_visible()
    open_review(page, desk.url, "Rosalind T Marchetti")

    # The page follows the field: its box is lit, and in sight.
    birth = field(page, "patient.birth_date")
    birth.locator("[data-value]").click()
    mark = page.locator('.mark.on[data-field="patient.birth_date"] .edge')
    expect(mark).to_be_in_viewport()
    expect(birth.locator(".crop")).to_be_visible()

    # A correction is saved by itself, in the canonical form, with both values in its history.
    birth.locator("[data-value]").fill("8/15/1961")
    birth.locator("[data-value]").press("Tab")
    expect(birth.locator(".state")).to_contain_text("Corrected by ana")
    expect(birth.locator("[data-value]")).to_have_value("1961-08-15")
    birth.locator(".state").click()
    expect(birth.locator(".past")).to_contain_text("15 Aug 1961")
    expect(birth.locator(".past")).to_contain_text("14 Aug 1961")

    # What cannot be is refused with its reason, and nothing is lost.
    ana.expected = ["422"]
    npi = field(page, "referrer.npi").locator("[data-value]")
    npi.fill("123")
    npi.press("Tab")
    expect(field(page, "referrer.npi").locator(".why")).to_contain_text("Not saved")
    npi.fill("1234567893")
    npi.press("Tab")
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")

    # Enter goes through what is left to check, and ends on Release.
    page.locator(".field [data-value]").first.click()
    for _ in range(40):
        if page.evaluate("document.activeElement.hasAttribute('data-release')"):
            break
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Released Rosalind T Marchetti.")).to_be_visible()
    page.goto(f"{desk.url}/desk")
    expect(page.get_by_role("link", name="Rosalind T Marchetti")).to_have_count(0)
    page.get_by_role("link", name="Work queue").click()
    expect(page.get_by_role("link", name="Rosalind T Marchetti")).to_be_visible()
    assert ana.wrong == []


def test_two_windows_overwrite_nothing(desk, browser):
    # Two people never have one referral; two windows of one person do.
    ana, other = Watched(browser, desk.url), Watched(browser, desk.url)
    for window in (ana, other):
        window.sign_in("ana")
        open_review(window.page, desk.url, "Rosalind T Marchetti")
    name, same = (field(window.page, "patient.name") for window in (ana, other))
    name.locator("[data-value]").fill("Rosalind Marchetti-Lee")
    name.locator("[data-value]").press("Tab")
    expect(name.locator(".state")).to_contain_text("Corrected by ana")

    # The same field shows both values, and the person decides.
    other.expected = ["412"]
    same.locator("[data-value]").fill("Rosalind Marchetty")
    same.locator("[data-value]").press("Tab")
    both = same.locator(".both")
    expect(both).to_contain_text("Rosalind Marchetti-Lee")
    expect(both).to_contain_text("Rosalind Marchetty")
    before = same.get_attribute("data-sequence")
    both.get_by_role("button", name="Keep").click()
    expect(same.locator("[data-value]")).to_have_value("Rosalind Marchetti-Lee")
    expect(same).not_to_have_attribute("data-sequence", before)

    ana.expected = ["412"]

    # Another field is nobody's conflict, and what was written elsewhere meanwhile comes into sight.
    mrn = field(ana.page, "patient.mrn").locator("[data-value]")
    mrn.fill("WC-204418")
    mrn.press("Tab")
    expect(field(ana.page, "patient.mrn").locator(".state")).to_contain_text("Corrected by ana")
    expect(name).to_have_attribute("data-sequence", same.get_attribute("data-sequence"))
    group = field(other.page, "insurance.group_number").locator("[data-value]")
    group.fill("70316")
    group.press("Tab")
    expect(field(other.page, "insurance.group_number").locator(".state")).to_contain_text("Corrected by ana")
    expect(field(other.page, "patient.mrn").locator("[data-value]")).to_have_value("WC-204418")

    # Newer versions that came in by other fields don't let a stale text win.
    name.locator("[data-value]").fill("Rosalind T Marchetti")
    before = same.get_attribute("data-sequence")
    same.locator("[data-value]").fill("Rosa Marchetti")
    same.locator("[data-value]").press("Tab")
    expect(same).not_to_have_attribute("data-sequence", before)
    ana.page.evaluate("""() => {
        const field = document.querySelector('.field[data-key="patient.language"] [data-value]');
        field.value = 'Spanish';
        field.dispatchEvent(new Event('change', { bubbles: true }));
    }""")
    expect(field(ana.page, "patient.language").locator(".state")).to_contain_text("by ana")
    expect(name.locator("[data-value]")).to_have_value("Rosalind T Marchetti")
    name.locator("[data-value]").press("Tab")
    expect(name.locator(".both")).to_contain_text("Rosa Marchetti")
    assert ana.wrong == [] and other.wrong == []


def test_a_referral_walks_through_the_queue(desk, browser):
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    open_review(page, desk.url, "Rosalind T Marchetti")
    see_all(page)
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released Rosalind T Marchetti.")).to_be_visible()
    page.get_by_role("link", name="Work queue").click()
    page.get_by_role("link", name="Rosalind T Marchetti").click()
    page.get_by_role("button", name="Accept").click()
    page.locator("summary", has_text="Schedule a visit").click()
    page.get_by_label("Visit").fill("2031-06-24T09:30")
    page.locator("details[open]").get_by_role("button", name="Schedule a visit").click()
    expect(page.get_by_text("visit 24 Jun 2031, 09:30")).to_be_visible()
    page.get_by_role("button", name="Patient was seen").click()
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("Kind").select_option("final")
    page.locator("#add_note-text").fill("Paroxysmal atrial fibrillation confirmed.")
    page.locator("details[open]").get_by_role("button", name="Add a note").click()
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    page.locator("summary", has_text="Deliver by hand").click()
    page.get_by_label("How do you know that it arrived?").fill("Handed to the front desk, received by M. Ortiz.")
    page.locator("details[open]").get_by_role("button", name="Deliver by hand").click()
    expect(page.get_by_text("Proof: Handed to the front desk")).to_be_visible()
    assert ana.wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(desk, browser, scheme):
    ana = Watched(browser, desk.url, color_scheme=scheme)
    page = ana.page
    page.goto(desk.url)
    pages = {"login": Axe().run(page)}
    ana.sign_in("ana")
    pages["desk"] = Axe().run(page)
    open_review(page, desk.url, "Rosalind T Marchetti")
    pages["review"] = Axe().run(page)
    page.goto(f"{desk.url}/work")
    pages["work"] = Axe().run(page)
    page.get_by_role("link", name="Rosalind T Marchetti").click()
    expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
    pages["referral"] = Axe().run(page)
    found = {name: [(v["id"], v["nodes"][0]["html"][:160]) for v in axe.response["violations"]]
             for name, axe in pages.items() if axe.response["violations"]}
    assert found == {}
