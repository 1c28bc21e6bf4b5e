"""Work that is shared: a note that everybody sees, many referrals given at once by keys alone, and views that stay."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, open_review, see_all  # noqa: F401  (fixtures)

SAID = "Called the practice: they fax page 2 by noon"


def accessible(page):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.fixture
def full_desk(desk, sample):  # noqa: F811
    """Three referrals to review."""
    desk.send_fax(desk.door, sample("clean-referral"), "desk-again")
    desk.settled(4)
    return desk


def picks(page):
    return page.locator("#desk [data-pick]")


def listening(page):
    expect(page.locator("html[data-live-stream]")).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_note_is_seen_by_everybody(desk, browser, scheme):  # noqa: F811
    ana = Watched(browser, desk.url, color_scheme=scheme)
    bo = Watched(browser, desk.url, color_scheme=scheme)
    ana.sign_in("ana")
    bo.sign_in("bo")
    listening(bo.page)
    open_review(ana.page, desk.url, "Rosalind T Marchetti")
    expect(ana.page.get_by_text("Nobody has noted anything yet.")).to_be_visible()
    ana.page.locator("summary", has_text="Team notes").click()
    ana.page.get_by_label("New team note").fill(SAID)
    accessible(ana.page)
    # The keys that release elsewhere keep the note here.
    ana.page.get_by_label("New team note").press("Control+Enter")
    expect(ana.page.locator("[data-memos] blockquote")).to_have_text(SAID)
    expect(ana.page).to_have_url(re.compile("/desk/ref_"))

    # The other one's list shows it by itself, and the work list and the referral's own page do, too.
    row = bo.page.get_by_role("row", name="Rosalind T Marchetti")
    expect(row.locator(".sticky")).to_contain_text(SAID)
    assert re.match(r"ana, \d+ \w+ \d{4}, ", row.locator(".sticky").get_attribute("title"))
    accessible(bo.page)
    bo.page.goto(f"{desk.url}/work")
    expect(bo.page.locator("#queue .sticky")).to_contain_text(SAID)
    accessible(bo.page)
    bo.page.get_by_role("link", name="Rosalind T Marchetti").click()
    notes = bo.page.locator("[data-memos]")
    expect(notes.locator("blockquote")).to_have_text(SAID)
    bo.page.get_by_label("New team note").fill("It came.")
    bo.page.get_by_role("button", name="Keep the note").click()
    expect(notes.locator("blockquote").first).to_have_text("It came.")
    accessible(bo.page)
    bo.page.goto(f"{bo.page.url}/memos")
    expect(bo.page.get_by_role("heading", name="Team notes")).to_be_visible()
    accessible(bo.page)
    assert ana.wrong == [] and bo.wrong == []


def test_three_are_given_at_once_by_keys_alone(full_desk, browser):  # noqa: F811
    ana = Watched(browser, full_desk.url)
    page = ana.sign_in("ana")
    listening(page)
    expect(picks(page)).to_have_count(3)
    # Every change is a key; focus() only saves the way through the navigation.
    for box in picks(page).all():
        box.focus()
        page.keyboard.press("Space")
    expect(page.locator("[data-picked]")).to_have_text("3 chosen")
    expect(page.get_by_label("Select all")).to_be_checked()
    page.get_by_label("Give the chosen to").focus()
    page.keyboard.type("bo")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Assign", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 assigned.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Show").get_by_role("link", name="Nobody's 0")).to_be_visible()
    assert ana.wrong == []


def test_what_is_chosen_and_what_is_shown_survive_a_refresh(full_desk, browser):  # noqa: F811
    ana, bo = Watched(browser, full_desk.url), Watched(browser, full_desk.url)
    page = ana.sign_in("ana")
    page.get_by_role("navigation", name="Show").get_by_role("link", name=re.compile("^Nobody's")).click()
    expect(page).to_have_url(re.compile(r"show=unowned"))
    listening(page)
    expect(picks(page)).to_have_count(3)
    page.get_by_label("Select all").check()
    expect(page.locator("[data-picked]")).to_have_text("3 chosen")

    # Somebody else takes one: it leaves this view, and the others stay chosen.
    bo.sign_in("bo")
    bo.page.goto(f"{full_desk.url}/work")
    bo.page.locator("#queue").get_by_role("button", name="Assign to me").first.click()
    expect(bo.page.locator("#queue").get_by_role("cell", name="bo", exact=True)).to_have_count(1)
    expect(picks(page)).to_have_count(2)
    expect(page.locator("[data-picked]")).to_have_text("2 chosen")
    for box in picks(page).all():
        expect(box).to_be_checked()
    expect(page.get_by_role("navigation", name="Show").locator("[aria-current]")).to_contain_text("Nobody's")
    assert ana.wrong == [] and bo.wrong == []


def test_a_form_works_without_a_script(full_desk, browser):  # noqa: F811
    ana = Watched(browser, full_desk.url, java_script_enabled=False)
    page = ana.sign_in("ana")
    picks(page).first.check()
    page.get_by_label("Give the chosen to").select_option("nobody")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("1 assigned.")).to_be_visible()
    assert ana.wrong == []


def typed_note(page, text):
    page.locator("summary", has_text="Team notes").click()
    note = page.get_by_label("New team note")
    note.fill(text)
    return note


def test_a_note_that_was_typed_is_kept_by_the_release(desk, browser):  # noqa: F811
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    open_review(page, desk.url, "Rosalind T Marchetti")
    see_all(page)
    note = typed_note(page, SAID)
    ana.expected = ["ERR_FAILED", "/memos"]
    page.route("**/memos", lambda route: route.abort())
    page.get_by_role("button", name="Release").click()
    # Nothing goes on without it, and nothing is lost.
    expect(page.locator(".finish .saved")).to_contain_text("Not released: your team note could not be kept.")
    expect(page.get_by_role("alert").filter(has_text="Not kept: no connection.")).to_be_visible()
    expect(note).to_be_focused()
    expect(note).to_have_value(SAID)
    accessible(page)
    page.unroute("**/memos")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released Rosalind T Marchetti.")).to_be_visible()
    page.goto(f"{desk.url}/work")
    expect(page.locator("#queue .sticky")).to_contain_text(SAID)
    assert ana.wrong == []


def test_a_note_that_was_typed_is_kept_by_whatever_leaves(desk, browser):  # noqa: F811
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    row = page.get_by_role("row", name="Rosalind T Marchetti")
    # By a link.
    open_review(page, desk.url, "Rosalind T Marchetti")
    typed_note(page, "They call back")
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(row.locator(".sticky")).to_contain_text("They call back")
    # By an act, whose dialog makes way where the note can't be kept.
    open_review(page, desk.url, "Rosalind T Marchetti")
    referral = page.locator("[data-review]").get_attribute("data-review")
    note = typed_note(page, SAID)
    ana.expected = ["ERR_FAILED", "/memos"]
    page.route("**/memos", lambda route: route.abort())
    page.get_by_role("button", name="Reject").first.click()
    dialog = page.locator("dialog#reject")
    dialog.get_by_label("Reason").select_option(index=1)
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog).to_be_hidden()
    expect(note).to_have_value(SAID)
    page.unroute("**/memos")
    page.get_by_role("button", name="Reject").first.click()
    dialog.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected.")).to_be_visible()
    page.goto(f"{desk.url}/referrals/{referral}")
    expect(page.locator("[data-memos] blockquote").first).to_have_text(SAID)
    assert ana.wrong == []
