"""The review page by its parts: what is left, words and regions of the page, type-ahead, what must be seen, keys, undo."""
import re

import pytest
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, field, open_review  # noqa: F401  (fixtures)

CRITICAL = ["patient.name", "patient.birth_date", "insurance.member_id", "referrer.name", "referrer.npi",
            "referral.urgency", "referral.diagnoses"]
CLEAN, INCOMPLETE = "Rosalind T Marchetti", "Desmond Okonjo"


@pytest.fixture
def ana(desk, browser):  # noqa: F811
    ana = Watched(browser, desk.url)
    ana.sign_in("ana")
    yield ana
    assert ana.wrong == []


def value(page, key):
    return field(page, key).locator("[data-value]")


def referral(page):
    return page.locator("[data-review]").get_attribute("data-review")


def words(page, number=1):
    """The page's words, as the desk gets them; the layer is drawn when they are here."""
    page.wait_for_selector(f'.page[data-page="{number}"] .word', state="attached")
    return page.evaluate("""async number => {
        const id = document.querySelector("[data-review]").dataset.review;
        return (await (await fetch(`/api/v1/referrals/${id}/pages/${number}/words`)).json()).words;
    }""", number)


def settle(page):
    """The page glides to a field's place; a click must not come on the way."""
    page.wait_for_timeout(350)


def at(page, x, y):
    """A point of the page on the screen."""
    return page.evaluate("""([x, y]) => {
        const sheet = document.querySelector(".page.shown");
        const at = new DOMPoint(x, y).matrixTransform(sheet.getScreenCTM());
        return [at.x, at.y];
    }""", [x, y])


def click_word(page, word, **options):
    x, y, w, h = word["box"]
    left, top = at(page, x + w / 2, y + h / 2)
    for modifier in options.get("modifiers", []):
        page.keyboard.down(modifier)
    page.mouse.click(left, top)
    for modifier in options.get("modifiers", []):
        page.keyboard.up(modifier)


def find(found, text):
    return next(word for word in found if text in word["text"])


def on_release(page):
    return page.evaluate("document.activeElement.hasAttribute('data-release')")


def enter_through(page):
    for presses in range(60):
        if on_release(page):
            return presses
        page.keyboard.press("Enter")
    raise AssertionError("Enter never came to Release")


def stored(desk, page, key):  # noqa: F811
    return desk.get(f"/api/v1/referrals/{referral(page)}")["fields"][key]


def test_enter_leads_through_what_is_left(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    release = page.locator("[data-release]")
    expect(release).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-unseen]")).to_contain_text("not seen yet")
    enter_through(page)
    expect(page.locator("[data-left]")).to_have_text("Nothing left to check")
    expect(release).to_have_attribute("aria-disabled", "false")
    expect(page.locator("[data-unseen]")).to_be_empty()
    assert on_release(page)

    # What is missing comes first, then what is doubtful; an empty one is passed by, not asked for in a circle.
    open_review(page, desk.url, INCOMPLETE)
    ranks = []
    for _ in range(60):
        if on_release(page):
            break
        classes = page.evaluate("document.activeElement.closest('.field').className").split()
        ranks.append(next((i for i, state in enumerate(["missing", "problem", "check"]) if state in classes), 3))
        page.keyboard.press("Enter")
    assert on_release(page) and ranks == sorted(ranks) and ranks[0] == 0, ranks


def test_a_click_takes_a_word_of_the_page(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    found = words(page)
    birth = value(page, "patient.birth_date")
    birth.fill("8/15/1961")
    birth.press("Enter")
    expect(birth).to_have_value("1961-08-15")
    birth.click()
    settle(page)
    word = find(found, "1961")
    click_word(page, word)
    expect(birth).to_have_value("1961-08-14")
    expect(birth).to_be_focused()
    kept = stored(desk, page, "patient.birth_date")
    assert (kept["value"], kept["page"], kept["box"]) == ("1961-08-14", 1, word["box"])
    expect(page.locator('.mark.on[data-field="patient.birth_date"]')).to_have_count(1)

    # Shift adds a word.
    name = value(page, "patient.name")
    name.click()
    settle(page)
    first, last = find(found, "Rosalind"), find(found, "Marchetti")
    click_word(page, first)
    click_word(page, last, modifiers=["Shift"])
    expect(name).to_have_value("Rosalind Marchetti")
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")
    kept = stored(desk, page, "patient.name")
    assert kept["value"] == "Rosalind Marchetti"
    assert kept["box"][0] == min(first["box"][0], last["box"][0]) and len(kept["boxes"]) == 2

    # Esc takes it back.
    name.press("Escape")
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")
    expect(name).to_have_value("Rosalind T Marchetti")
    assert page.locator(".words").first.get_attribute("aria-hidden") == "true"


def test_a_part_of_the_page_is_read_again(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    word = find(words(page), "1961")
    birth = value(page, "patient.birth_date")
    birth.click()
    settle(page)
    x, y, w, h = word["box"]
    corners = [at(page, x - 8, y - 8), at(page, x + w + 8, y + h + 8)]
    page.locator('[data-tool="region"]').click()
    birth.focus()
    settle(page)
    for left, top in corners:
        page.mouse.click(left, top)
    offer = field(page, "patient.birth_date").locator("[data-offer]")
    expect(offer).to_contain_text("1961")
    birth_before = birth.input_value()
    assert birth_before == "1961-08-14"
    page.keyboard.press("Enter")
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")
    expect(birth).to_be_focused()
    kept = stored(desk, page, "patient.birth_date")
    assert kept["value"] == "1961-08-14" and abs(kept["box"][0] - (x - 8)) <= 3

    # By Alt and a drag, and put away by Esc.
    settle(page)
    page.keyboard.down("Alt")
    page.mouse.move(*at(page, x - 8, y - 8))
    page.mouse.down()
    page.mouse.move(*at(page, x + w + 8, y + h + 8), steps=4)
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(offer).to_contain_text("1961")
    page.keyboard.press("Escape")
    expect(offer).to_be_empty()
    expect(birth).to_be_focused()


def test_typing_finds_the_words_of_the_page(desk, ana):  # noqa: F811
    page = ana.page
    # What is typed half is no value yet, and is refused as such once the typing rests.
    ana.expected = ["422"]
    open_review(page, desk.url, CLEAN)
    words(page)
    mrn = value(page, "patient.mrn")
    mrn.fill("")
    mrn.type("wc-2")
    options = page.locator("#suggestions li")
    expect(options.first).to_contain_text("WC-204417")
    expect(mrn).to_have_attribute("aria-expanded", "true")
    mrn.press("ArrowDown")
    expect(mrn).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(page.locator(".pointed")).to_be_visible()
    mrn.press("Enter")
    expect(mrn).to_have_value("WC-204417")
    expect(options).to_have_count(0)
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")
    assert stored(desk, page, "patient.mrn")["page"] == 1

    # Esc closes it; it can be turned off.
    mrn.fill("")
    mrn.type("wc")
    expect(options.first).to_be_visible()
    mrn.press("Escape")
    expect(options).to_have_count(0)
    expect(mrn).to_be_focused()
    mrn.press("Escape")
    page.keyboard.press("?")
    page.get_by_label("Suggest words of the page").uncheck()
    page.keyboard.press("Escape")
    mrn.click()
    mrn.press_sequentially("-2")
    page.wait_for_timeout(300)
    expect(options).to_have_count(0)
    mrn.fill("WC-204417")
    mrn.press("Tab")
    expect(page.locator(".finish .saved")).to_have_text("All changes saved")


def test_why_a_field_stands_as_it_does(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    name = value(page, "patient.name")
    name.fill("Rosalind Marchetti")
    name.press("Tab")
    expect(field(page, "patient.name").locator(".state")).to_contain_text("Corrected by ana")
    name.press("Escape")
    expect(field(page, "patient.name")).to_be_focused()
    page.keyboard.press("i")
    more = field(page, "patient.name").locator(".more")
    expect(more.locator("del")).to_contain_text("T")
    expect(more).to_contain_text("The pages say so in")
    expect(more.locator(".past li")).to_have_count(2)
    page.keyboard.press("i")
    expect(more).to_be_hidden()


def test_a_referral_is_released_without_a_pointer_and_brought_back(desk, ana):  # noqa: F811
    page = ana.page
    # From the list on: nothing but keys.
    page.get_by_role("link", name=CLEAN).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-review].live")).to_be_visible()
    first = referral(page)
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.matches('.field [data-value]')"), "not seen yet: it leads there"
    assert desk.get(f"/api/v1/referrals/{first}")["status"] in ("in_review", "ready")
    enter_through(page)
    expect(page.locator(".ahead .page")).to_have_count(1)
    page.evaluate("""() => {
        addEventListener("keydown", (event) => { if (event.key === "Enter") window.pressed = performance.now(); }, { capture: true });
        document.addEventListener("review:open", async () => {
            await document.querySelector(".page.shown image").decode();
            window.there = performance.now();
        });
    }""")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text(INCOMPLETE)
    page.wait_for_function("window.there")
    took = page.evaluate("window.there - window.pressed")
    print(f"the next referral's first page stood on the screen after {took:.0f} ms")
    assert took < 300
    assert page.url == f"{desk.url}/desk/{referral(page)}" and referral(page) != first
    assert desk.get(f"/api/v1/referrals/{first}")["status"] == "released"
    expect(page.locator(".toast")).to_contain_text(f"Released {CLEAN}.")

    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text(CLEAN)
    assert referral(page) == first
    assert desk.get(f"/api/v1/referrals/{first}")["status"] == "in_review"

    # The page that took the other's place is whole: a change is saved under its own version, and Back leads back.
    enter_through(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text(INCOMPLETE)
    mrn = value(page, "patient.mrn")
    mrn.fill("X-77120")
    mrn.press("Tab")
    expect(field(page, "patient.mrn").locator(".state")).to_contain_text("by ana")
    page.go_back()
    expect(page.locator("h1")).to_have_text(CLEAN)


def test_single_letters_are_keys_and_can_be_turned_off(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    settle(page)
    page.keyboard.press("Escape")
    boxes = page.locator('[data-tool="marks"]')
    page.keyboard.press("b")
    expect(boxes).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("f")
    expect(page.locator('[data-tool="freeze"]')).to_have_attribute("aria-pressed", "true")
    before = page.locator(".page.shown").get_attribute("viewBox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    settle(page)
    assert page.locator(".page.shown").get_attribute("viewBox") == before
    page.keyboard.press("r")
    expect(page.locator("dialog#reject")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_label("Single letters are keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(boxes).to_have_attribute("aria-pressed", "false")
    page.reload()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(boxes).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("n")
    assert referral(page), "nothing was opened"
    page.get_by_title(re.compile("Keys")).click()
    page.get_by_label("Single letters are keys").check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text(INCOMPLETE)
    assert page.url != f"{desk.url}/desk"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_looks_as_it_should(desk, browser, scheme, tmp_path_factory):  # noqa: F811
    from axe_playwright_python.sync_playwright import Axe
    ana = Watched(browser, desk.url, color_scheme=scheme)
    ana.expected = ["422"]
    page = ana.sign_in("ana")
    open_review(page, desk.url, CLEAN)
    words(page)
    name = value(page, "patient.name")
    name.fill("")
    name.type("ros")
    expect(page.locator("#suggestions li").first).to_be_visible()
    name.press("ArrowDown")
    settle(page)
    folder = tmp_path_factory.getbasetemp()
    page.screenshot(path=str(folder / f"suggestions-{scheme}.png"))
    found = Axe().run(page).response["violations"]
    name.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.wait_for_timeout(500)
    page.screenshot(path=str(folder / f"why-{scheme}.png"))
    found += Axe().run(page).response["violations"]
    page.keyboard.press("?")
    page.screenshot(path=str(folder / f"keys-{scheme}.png"))
    found += Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found] == []
    assert ana.wrong == []


def test_each_critical_field_shows_whether_it_was_seen(desk, ana):  # noqa: F811
    page = ana.page
    open_review(page, desk.url, CLEAN)
    signs, seen = page.locator("[data-sight]"), page.locator("[data-sight].done")
    release = page.locator("[data-release]")
    expect(signs).to_have_count(len(CRITICAL))
    expect(field(page, "patient.mrn").locator("[data-sight]")).to_have_count(0)
    last = field(page, "referral.diagnoses")
    expect(last.locator("[data-sight]")).to_be_visible()
    value(page, "referral.diagnoses").focus()
    # In words, and by another icon: not by its colour alone.
    expect(last.locator("[data-sight] .done")).to_be_visible()
    expect(last.locator("[data-sight] .done")).to_have_text("seen")
    expect(last.locator("[data-sight] .not-yet")).to_be_hidden()
    enter_through(page)
    expect(seen).to_have_count(len(CRITICAL))
    expect(release).to_have_attribute("aria-disabled", "false")

    # Words for screen readers stand in the list of fields; the page itself is as high as the window.
    assert page.evaluate("document.scrollingElement.scrollHeight - innerHeight") <= 1

    # Loaded anew it is looked at anew, and the signs say what the release asks for.
    page.reload()
    expect(page.locator("[data-review].live")).to_be_visible()
    expect(release).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-sight]:not(.done)").first).to_contain_text("not seen yet")
    told, shown = page.evaluate("""() => [
        parseInt(document.querySelector("[data-unseen]").textContent, 10),
        document.querySelectorAll("[data-sight]:not(.done)").length,
    ]""")
    assert told == shown > 0


def test_a_reason_that_is_unfolded_stays_so(desk, ana):  # noqa: F811
    page = ana.page
    ana.expected = ["422"]
    open_review(page, desk.url, CLEAN)
    npi = field(page, "referrer.npi")
    npi.locator(".state").click()
    expect(npi.locator(".more")).to_be_visible()
    before = npi.locator("[data-value]").input_value()
    for typed, told in (("123", "Not saved: see the field"), (before, "All changes saved")):
        npi.locator("[data-value]").fill(typed)
        npi.locator("[data-value]").press("Tab")
        expect(page.locator(".finish .saved")).to_have_text(told)
        expect(npi.locator(".more")).to_be_visible()
        expect(npi.locator(".state")).to_have_attribute("aria-expanded", "true")
    npi.locator(".state").click()
    expect(npi.locator(".more")).to_be_hidden()
