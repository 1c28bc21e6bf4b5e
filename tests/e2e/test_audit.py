"""An auditor answers who saw a patient, in a browser, without seeing any document."""
import csv

import pytest
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, open_review  # noqa: F401  (fixtures)
from test_look import PHONE, SMALL, accessible


def sign_in(auditor):
    auditor.page.goto(auditor.url)
    auditor.page.get_by_label("Name").fill("cy")
    auditor.page.get_by_label("Password").fill(PASSWORD)
    auditor.page.get_by_role("button", name="Sign in").click()
    expect(auditor.page.get_by_role("heading", level=1)).to_have_text("Audit")
    return auditor.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_saw_this_patient(desk, browser, scheme):  # noqa: F811
    desk.command("user", "add", "cy", "--role", "auditor", stdin=PASSWORD + "\n")
    ana, cy = Watched(browser, desk.url), Watched(browser, desk.url, color_scheme=scheme)
    page = ana.sign_in("ana")
    open_review(page, desk.url, "Rosalind T Marchetti")
    referral = page.locator("[data-review]").get_attribute("data-review")

    page = sign_in(cy)
    main = page.get_by_role("navigation", name="Main")
    expect(main.get_by_role("link", name="Audit")).to_have_attribute("aria-current", "page")
    expect(main.get_by_role("link", name="Work queue")).to_have_count(0)
    accessible(page, "audit")
    page.get_by_label("Who saw this patient").fill("Marchetti 8/14/1961")
    page.get_by_label("Who saw this patient").press("Enter")
    people = page.locator("section", has=page.get_by_role("heading", name="Who saw this patient"))
    expect(people.get_by_role("row", name="ana")).to_contain_text("viewed")
    expect(page.get_by_role("link", name=f"referral {referral}").first).to_be_visible()
    assert "Marchetti" not in page.url
    accessible(page, "answer")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    with open(download.value.path(), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert any(row["who"] == "ana" and row["act"] == "view" and row["id"] == referral for row in rows), rows
    assert not any("Marchetti" in cell for row in rows for cell in row.values())

    # One person's acts are a click away, and a kind of acts is a choice.
    page.get_by_role("link", name="ana", exact=True).first.click()
    expect(page.get_by_label("Who", exact=True)).to_have_value(rows[0]["actor"] if rows[0]["who"] == "ana" else
                                                                next(row["actor"] for row in rows if row["who"] == "ana"))
    page.get_by_label("What", exact=True).select_option("exports")
    page.get_by_label("Who", exact=True).select_option("")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("cell", name="Took the audit log away")).to_have_count(1)

    # Acts, not documents.
    cy.expected = ["403"]
    page.goto(f"{desk.url}/referrals/{referral}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your role does not allow this.")
    assert ana.wrong == [] and cy.wrong == []


def test_the_log_fits_a_small_screen(desk, browser):  # noqa: F811
    desk.command("user", "add", "cy", "--role", "auditor", stdin=PASSWORD + "\n")
    cy = Watched(browser, desk.url)
    page = sign_in(cy)
    page.set_viewport_size(PHONE)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SMALL) == []
    accessible(page, "phone")
    assert cy.wrong == []
