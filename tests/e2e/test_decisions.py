"""What a reviewer decides beside releasing: asking for what is missing, and saying what a double is."""
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, open_review  # noqa: F401  (fixtures)


def accessible(page):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_information_is_requested(desk, browser, tmp_path):  # noqa: F811
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    page.locator("#to-review").locator("xpath=ancestor::section").get_by_role("link").first.click()
    page.get_by_role("link", name="Request information").click()
    expect(page.get_by_role("heading", name="Request information")).to_be_visible()
    accessible(page)
    page.screenshot(path=str(tmp_path / "checklist.png"), full_page=True)

    # Exactly what is ticked stands in the letter.
    ticked = page.locator("input[name=item]:checked")
    while ticked.count():
        ticked.first.uncheck()
    page.get_by_label("Something else").fill("ECG of March\nLast office note")
    page.get_by_label("A word to the referrer").fill("By Friday, please.")
    page.get_by_role("button", name="Preview the letter").click()
    letter = page.locator(".letter")
    expect(letter).to_contain_text("•  ECG of March")
    expect(letter).to_contain_text("By Friday, please.")
    assert letter.inner_text().count("•") == 2
    accessible(page)
    page.screenshot(path=str(tmp_path / "preview.png"), full_page=True)

    page.get_by_role("button", name="Deliver by hand").click()
    expect(page.get_by_text("Information requested")).to_be_visible()
    href = page.get_by_role("link", name="Letter").get_attribute("href")
    pdf = page.request.get(desk.url + href)
    assert pdf.ok and pdf.body().startswith(b"%PDF-")
    (tmp_path / "letter.pdf").write_bytes(pdf.body())
    page.get_by_label("How did it go out?").fill("Faxed at 14:10, confirmation kept")
    page.get_by_role("button", name="I have delivered it").click()
    expect(page.get_by_text("Faxed at 14:10")).to_be_visible()
    accessible(page)
    page.screenshot(path=str(tmp_path / "waits.png"), full_page=True)
    assert ana.wrong == []


def test_a_double_is_compared_and_closed(desk, browser, sample, tmp_path):  # noqa: F811
    desk.send_fax(desk.door, sample("clean-referral"), "desk-again")
    desk.settled(4)
    ana = Watched(browser, desk.url)
    page = ana.sign_in("ana")
    compare = page.get_by_role("link", name="Compare")
    for link in page.get_by_role("link", name="Rosalind T Marchetti").all():
        page.goto(desk.url + link.get_attribute("href"))
        if compare.count():
            break
        page.go_back()
    expect(page.get_by_text("The very same document came")).to_be_visible()
    compare.click()
    expect(page.get_by_role("heading", name="The same referral?")).to_be_visible()
    expect(page.locator(".beside img")).not_to_have_count(0)
    accessible(page)
    page.screenshot(path=str(tmp_path / "twins.png"), full_page=True)
    page.get_by_role("button", name="Same referral").click()
    expect(page.get_by_text("Rejected.")).to_be_visible()
    expect(page.get_by_role("link", name="Rosalind T Marchetti")).to_have_count(1)
    assert ana.wrong == []
