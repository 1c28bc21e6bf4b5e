"""Two reviewers at one desk: each sees what the other is at, and nobody writes into another's referral."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, field, open_review  # noqa: F401  (fixtures)

CLEAN, INCOMPLETE = "Rosalind T Marchetti", "Desmond Okonjo"


@pytest.fixture
def people(desk, browser):  # noqa: F811
    ana, bo = Watched(browser, desk.url), Watched(browser, desk.url)
    ana.sign_in("ana")
    bo.sign_in("bo")
    yield ana, bo
    assert ana.wrong == [] and bo.wrong == []


def name(page):
    return field(page, "patient.name").locator("[data-value]")


def row(page):
    return page.get_by_role("row").filter(has_text=CLEAN)


def test_who_is_at_what_is_seen_and_freed(desk, people):  # noqa: F811
    ana, bo = people
    open_review(ana.page, desk.url, CLEAN)
    # The list follows by itself.
    expect(row(bo.page)).to_contain_text("ana is reviewing", timeout=10_000)
    bo.page.goto(f"{desk.url}/desk/next")
    expect(bo.page.locator("h1")).to_have_text(INCOMPLETE)

    # A page that is loaded anew keeps what it had, though the old one says good-bye after the new one has come.
    ana.page.reload()
    expect(ana.page.locator("[data-review].live")).to_be_visible()
    ana.page.wait_for_timeout(500)
    bo.page.goto(f"{desk.url}/desk")
    expect(row(bo.page)).to_contain_text("ana is reviewing")

    # Who leaves the page leaves the referral.
    ana.page.goto(f"{desk.url}/work")
    expect(row(bo.page)).not_to_contain_text("ana is reviewing", timeout=10_000)
    open_review(bo.page, desk.url, CLEAN)
    expect(name(bo.page)).to_be_editable()


def test_a_referral_is_taken_over_with_a_reason(desk, people):  # noqa: F811
    ana, bo = people
    open_review(ana.page, desk.url, CLEAN)
    # Ana's page hears nothing: a save that is refused must tell her all the same.
    ana.expected = ["409", "ERR_FAILED", "claim?poll"]
    ana.page.route("**/claim?poll", lambda route: route.abort())

    open_review(bo.page, desk.url, CLEAN)
    held = bo.page.locator("[data-held]")
    expect(held).to_contain_text("ana is reviewing this")
    expect(name(bo.page)).not_to_be_editable()
    expect(bo.page.locator("[data-release]")).to_have_count(0)
    assert Axe().run(bo.page).response["violations"] == []
    held.get_by_role("button", name="Take over…").click()
    dialog = bo.page.locator("dialog#take-over")
    dialog.get_by_role("button", name="Take over", exact=True).click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Why").fill("Ana is at lunch")
    dialog.get_by_role("button", name="Take over", exact=True).click()
    expect(bo.page.locator("[data-release]")).to_be_visible()
    expect(bo.page.locator("[data-held]")).to_have_count(0)

    name(ana.page).fill("Rosalind M Marchetti")
    name(ana.page).press("Tab")
    expect(ana.page.locator(".finish .saved")).to_have_text("Not saved: bo is reviewing this referral.")
    expect(name(ana.page)).to_have_value("Rosalind M Marchetti")

    # Once it hears, it says who and why, and what was typed stays in sight.
    ana.page.unroute("**/claim?poll")
    name(ana.page).fill("Rosalind N Marchetti")
    name(ana.page).press("Tab")
    expect(ana.page.locator("[data-lost]")).to_contain_text("bo took this over: “Ana is at lunch”")
    expect(name(ana.page)).not_to_be_editable()
    expect(name(ana.page)).to_have_value("Rosalind N Marchetti")
    expect(ana.page.locator("[data-release]")).to_be_disabled()

    name(bo.page).fill("Rosalind B Marchetti")
    name(bo.page).press("Tab")
    expect(field(bo.page, "patient.name").locator(".state")).to_contain_text("Corrected by bo")
    referral = bo.page.locator("[data-review]").get_attribute("data-review")
    assert "M Marchetti" not in str(desk.get(f"/api/v1/referrals/{referral}")["fields"]["patient.name"])
    bo.page.goto(f"{desk.url}/referrals/{referral}")
    expect(bo.page.get_by_text("Ana is at lunch")).to_be_visible()


def test_what_lies_open_is_told_by_itself(desk, people):  # noqa: F811
    ana, bo = people
    ana.expected = ["409"]
    open_review(ana.page, desk.url, CLEAN)
    expect(ana.page.locator("html[data-live-stream]")).to_be_attached()
    open_review(bo.page, desk.url, CLEAN)
    bo.page.get_by_role("button", name="Take over…").click()
    bo.page.locator("dialog#take-over").get_by_label("Why").fill("Urgent, the practice is on the phone")
    bo.page.keyboard.press("Enter")
    expect(ana.page.locator("[data-lost]")).to_contain_text("the practice is on the phone", timeout=10_000)
    expect(name(ana.page)).not_to_be_editable()


def test_the_pages_beside_the_review_keep_the_claim(desk, people):  # noqa: F811
    ana, bo = people
    open_review(ana.page, desk.url, CLEAN)
    review = ana.page.url
    # There, further, and back: it stays hers all along.
    ana.page.get_by_role("link", name="Request information").click()
    expect(ana.page.get_by_role("heading", name="Request information")).to_be_visible()
    ana.page.get_by_label("Something else").fill("ECG of March")
    ana.page.get_by_role("button", name="Preview the letter").click()
    expect(ana.page.locator(".letter")).to_contain_text("ECG of March")
    ana.page.wait_for_timeout(500)
    bo.page.goto(f"{desk.url}/desk")
    expect(row(bo.page)).to_contain_text("ana is reviewing")
    ana.page.get_by_role("link", name="Back to the checklist").click()
    ana.page.get_by_role("link", name="Back to the review").click()
    expect(ana.page.locator("[data-review].live")).to_be_visible()
    ana.page.wait_for_timeout(500)
    bo.page.goto(f"{desk.url}/desk")
    expect(row(bo.page)).to_contain_text("ana is reviewing")

    # Another can read there, and decide nothing.
    for page, button in (("request", "Preview the letter"), ("route", "File it")):
        bo.page.goto(f"{review}/{page}")
        expect(bo.page.locator("[data-held]")).to_contain_text("ana is reviewing this")
        expect(bo.page.get_by_role("button", name=button)).to_have_count(0)
        assert Axe().run(bo.page).response["violations"] == []

    # Lost there, it is told there.
    ana.expected = ["409"]
    ana.page.goto(f"{review}/request")
    expect(ana.page.locator("html[data-live-stream]")).to_be_attached()
    bo.page.get_by_role("link", name="the review page").click()
    bo.page.get_by_role("button", name="Take over…").click()
    bo.page.locator("dialog#take-over").get_by_label("Why").fill("Ana is at lunch")
    bo.page.keyboard.press("Enter")
    expect(bo.page.locator("[data-release]")).to_be_visible()
    expect(ana.page.get_by_role("alert")).to_contain_text("bo took this over: “Ana is at lunch”", timeout=10_000)
    expect(ana.page.get_by_role("button", name="Preview the letter")).to_be_disabled()
    # Whoever lost it ends nothing when they go.
    ana.page.goto(f"{desk.url}/work")
    ana.page.goto(f"{desk.url}/desk")
    expect(row(ana.page)).to_contain_text("bo is reviewing")


def test_who_waits_is_told_when_it_is_free(desk, people):  # noqa: F811
    ana, bo = people
    open_review(ana.page, desk.url, CLEAN)
    open_review(bo.page, desk.url, CLEAN)
    expect(bo.page.locator("html[data-live-stream]")).to_be_attached()
    told = bo.page.locator("[data-free]")
    expect(told).to_have_attribute("role", "status")
    expect(told).to_be_empty()
    ana.page.goto(f"{desk.url}/work")
    expect(told).to_contain_text("It is free now.", timeout=10_000)
    expect(bo.page.locator("[data-held]")).to_be_hidden()
    assert Axe().run(bo.page).response["violations"] == []

    # Somebody was faster again, and then decided.
    open_review(ana.page, desk.url, CLEAN)
    expect(told).to_be_empty(timeout=10_000)
    expect(bo.page.locator("[data-held]")).to_contain_text("ana is reviewing this.")
    ana.page.goto(f"{desk.url}/work")
    told.get_by_role("link", name="Review it").click(timeout=10_000)
    expect(bo.page.locator("[data-release]")).to_be_visible()

    # Now Ana waits, and it is decided.
    open_review(ana.page, desk.url, CLEAN)
    expect(ana.page.locator("[data-held]")).to_contain_text("bo is reviewing this")
    expect(ana.page.locator("html[data-live-stream]")).to_be_attached()
    bo.page.get_by_role("button", name="Reject").first.click()
    dialog = bo.page.locator("dialog#reject")
    dialog.get_by_label("Reason").select_option(index=1)
    dialog.get_by_role("button", name="Reject").click()
    expect(bo.page.get_by_text("Rejected.")).to_be_visible()
    expect(ana.page.locator("[data-free]")).to_contain_text("It is not under review any more.", timeout=10_000)
