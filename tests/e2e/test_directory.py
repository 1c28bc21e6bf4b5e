"""The directory in a browser: duplicates found, merged, and parted again; an address that somebody verified."""
import pytest
from conftest import PASSWORD
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)
from test_look import PHONE, SMALL, accessible

HELEN = "helen.adeyemi@direct.willowcreek.example"


@pytest.fixture
def clinic(house):
    """A directory in which one doctor stands twice, and a coordinator who may mend it."""
    house.command("user", "add", "bo", "--role", "coordinator", stdin=PASSWORD + "\n")
    house.start()
    house.entries = [house.call("POST", "/api/v1/directory", entry)[0] for entry in (
        {"name": "Helen Adeyemi", "organization": "Willow Creek Family Medicine", "npi": "1234567893", "direct_address": HELEN},
        {"name": "Dr. H. Adeyemi", "organization": "Willow Creek Family Medicine, PLLC", "fax": "503 555 0143"},
        {"name": "Omar Okonjo", "organization": "Northside Dental", "phone": "412 555 0188"})]
    return house


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_duplicates_are_merged_and_parted(clinic, browser, scheme):  # noqa: F811
    bo = Watched(browser, clinic.url, color_scheme=scheme)
    page = bo.sign_in("bo")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Directory").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Directory")
    expect(page.locator("tbody tr")).to_have_count(3)
    accessible(page, "list")
    page.get_by_role("link", name="Possible duplicates").click()
    expect(page.locator("section.card")).to_have_count(1)
    expect(page.get_by_text("the same practice and a similar name")).to_be_visible()
    accessible(page, "duplicates")
    page.get_by_role("button", name="Merge, keep the first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Helen Adeyemi, Willow Creek Family Medicine")
    expect(page.locator("table")).to_contain_text("+15035550143")
    accessible(page, "entry")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: both entries are as they were")).to_be_visible()
    expect(page.locator("table")).not_to_contain_text("+15035550143")
    page.goto(f"{clinic.url}/directory/duplicates")
    page.get_by_role("button", name="Not the same").click()
    expect(page.get_by_text("No duplicates")).to_be_visible()
    assert bo.wrong == []


def test_an_address_is_verified_by_keys_alone(clinic, browser):  # noqa: F811
    bo = Watched(browser, clinic.url)
    page = bo.sign_in("bo")
    page.goto(f"{clinic.url}/directory")
    page.get_by_label("Find").focus()
    page.keyboard.type("adeyemi willow")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Helen Adeyemi").press("Enter")
    row = page.get_by_role("row", name=HELEN)
    expect(row).to_contain_text("Not verified")
    row.get_by_role("button", name="Mark as verified").press("Enter")
    expect(row).to_contain_text("Verified")
    expect(row).not_to_contain_text("Not verified")
    page.get_by_label("which is").fill("desk@direct.willowcreek.example")
    page.get_by_label("which is").press("Enter")
    expect(page.get_by_role("row", name="desk@direct.willowcreek.example")).to_contain_text("Not verified")
    bo.expected = ["422"]
    page.get_by_label("which is").fill("no address")
    page.get_by_label("which is").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was entered cannot be used.")
    assert bo.wrong == []


def test_the_directory_fits_a_small_screen(clinic, browser):  # noqa: F811
    bo = Watched(browser, clinic.url)
    page = bo.sign_in("bo")
    page.set_viewport_size(PHONE)
    for path in ("/directory", "/directory/duplicates", f"/directory/{clinic.entries[0]['id']}"):
        page.goto(clinic.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert page.evaluate(SMALL) == [], path
        accessible(page, path)
    assert bo.wrong == []


def test_the_command_line_merges_too(clinic):
    helen, again, _ = (entry["id"] for entry in clinic.entries)
    found = clinic.ask("directory", "duplicates")["items"]
    assert [[entry["id"] for entry in pair["entries"]] for pair in found] == [[helen, again]]
    merge = clinic.ask("directory", "merge", helen, again)["merge"]
    assert clinic.ask("directory", "duplicates")["items"] == []
    assert clinic.ask("directory", "undo", merge)["survivor"] == helen
    assert clinic.ask("directory", "verify", helen, HELEN)["items"] == [{"entry": helen, "value": HELEN, "verified": True}]
    contacts = next(entry for entry in clinic.get("/api/v1/directory")["items"] if entry["id"] == helen)["contacts"]
    assert [(contact["value"], contact["evidence"]) for contact in contacts] == [(HELEN, "person")]
