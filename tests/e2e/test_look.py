"""How it looks: on a small screen, on paper, in light and dark, and under a clinic's own name."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import BINARY, PASSWORD, House
from playwright.sync_api import expect
from test_desk import Watched, browser, desk, open_review  # noqa: F401  (fixtures)

PHONE = {"width": 320, "height": 640}
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">
<circle cx="16" cy="16" r="14" fill="#7a1fa2"/></svg>"""

# What is smaller than a fingertip; links within a sentence and words of the page are excepted by WCAG.
SMALL = """() => [...document.querySelectorAll('a[href], button, select, summary, textarea, input:not([type=hidden])')]
    .filter((e) => !e.closest('.sr, .skip, td p, .notice p'))
    .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
    .filter(([, r]) => r.width > 1 && r.height > 1 && (r.width < 23.5 || r.height < 23.5))
    .map(([html, r]) => `${Math.round(r.width)}x${Math.round(r.height)} ${html}`)"""


def accessible(page, name):
    found = [(v["id"], v["nodes"][0]["html"][:160]) for v in Axe().run(page).response["violations"]]
    assert found == [], name


def review_with_a_twin(page, url):
    """Opens the review of the later of two faxes of one patient, and returns the way to the comparison."""
    page.goto(f"{url}/desk")
    hrefs = [link.get_attribute("href") for link in page.get_by_role("link", name="Rosalind T Marchetti").all()]
    for href in hrefs:
        page.goto(url + href)
        expect(page.locator("[data-review].live")).to_be_visible()
        compare = page.get_by_role("link", name="Compare")
        if compare.count():
            return href, compare.get_attribute("href")
    raise AssertionError("no referral has a twin")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_small_screen(desk, browser, sample, scheme):  # noqa: F811
    desk.send_fax(desk.door, sample("clean-referral"), "look-again")
    desk.settled(4)
    ana = Watched(browser, desk.url, color_scheme=scheme)
    page = ana.page
    page.set_viewport_size(PHONE)

    def fits(name):
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        assert page.evaluate(SMALL) == [], name
        accessible(page, name)

    page.goto(desk.url)
    fits("login")
    ana.sign_in("ana")
    fits("desk")
    review, twins = review_with_a_twin(page, desk.url)
    fits("review")
    pages, form = page.locator(".pages").bounding_box(), page.locator(".fields").bounding_box()
    assert pages["height"] > 300 and pages["y"] + pages["height"] <= form["y"]
    for name, path in {"work": "/work", "referral": review.replace("/desk/", "/referrals/"), "request": f"{review}/request",
                       "route": f"{review}/route", "twins": twins}.items():
        page.goto(desk.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(name)
    assert ana.wrong == []


def test_paper_is_white_and_says_whose_it_is(desk, browser):  # noqa: F811
    ana = Watched(browser, desk.url, color_scheme="dark")
    page = ana.sign_in("ana")
    open_review(page, desk.url, "Rosalind T Marchetti")
    review = page.url
    for path in (review, review.replace("/desk/", "/referrals/"), f"{desk.url}/work"):
        page.goto(path)
        line = page.locator(".printed")
        expect(line).to_be_hidden()
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.locator(".rail")).to_be_hidden()
        expect(line).to_be_visible()
        expect(line).to_contain_text("Referloop")
        expect(line).to_contain_text("Printed ")
        if path != f"{desk.url}/work":
            expect(line).to_contain_text(review.rsplit("/", 1)[1])
        expect(page.locator("button:not(.state):visible, .button:visible")).to_have_count(0)
        expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
        expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
        page.emulate_media(media="screen", color_scheme="dark")

    # Values stay readable, and the history does.
    page.goto(review.replace("/desk/", "/referrals/"))
    page.emulate_media(media="print")
    expect(page.locator(".facts").first).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.emulate_media(media="screen")

    # The button asks the browser to print, and the line then tells the time of it.
    page.evaluate("""() => {
        document.querySelector('[data-printed]').dateTime = '2000-01-01T00:00Z';
        window.print = () => { window.printed = true; dispatchEvent(new Event('beforeprint')); };
    }""")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    assert page.evaluate("Date.now() - new Date(document.querySelector('[data-printed]').dateTime)") < 10_000
    assert ana.wrong == []


@pytest.fixture
def branded(tmp_path, sample):
    """A service under a clinic's own name, with one referral read."""
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    house = House(BINARY, str(tmp_path / "branded"), settings={
        "REFERLOOP_BRAND__NAME": "West Clinic", "REFERLOOP_BRAND__LOGO": str(logo), "REFERLOOP_BRAND__COLOR": "#7a1fa2"})
    house.command("user", "add", "ana", "--role", "admin", stdin=PASSWORD + "\n")
    door = house.ask("door", "add", "front-desk", "--kind", "generic")
    house.token = house.ask("token", "add", "--scope", "admin")["token"]
    house.start()
    house.send_fax(door, sample("clean-referral"), "look-brand")
    house.settled(1)
    yield house
    if house.process.poll() is None:
        house.kill()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_clinic_has_its_own_name_and_colour(branded, browser, scheme):  # noqa: F811
    ana = Watched(browser, branded.url, color_scheme=scheme)
    page = ana.page
    page.goto(branded.url)
    expect(page).to_have_title("Sign in · West Clinic")
    expect(page.locator(".alone .brand")).to_contain_text("West Clinic")
    accessible(page, "login")
    ana.sign_in("ana")
    expect(page).to_have_title("Review desk · West Clinic")
    expect(page.locator(".rail .brand")).to_contain_text("West Clinic")
    logo = page.locator(".rail .brand img")
    assert logo.evaluate("(image) => image.complete && image.naturalWidth > 0")
    answer = page.request.get(branded.url + logo.get_attribute("src"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    if scheme == "light":
        button = page.get_by_role("link", name="Review", exact=True).first
        page.goto(branded.url + button.get_attribute("href").replace("/desk/", "/referrals/"))
        expect(page.locator("a.button.primary")).to_have_css("background-color", "rgb(122, 31, 162)")
    for path in ("/desk", "/work"):
        page.goto(branded.url + path)
        accessible(page, path)
    open_review(page, branded.url, "Rosalind T Marchetti")
    accessible(page, "review")
    page.goto(page.url.replace("/desk/", "/referrals/"))
    accessible(page, "referral")
    ana.expected = ["404"]
    page.goto(f"{branded.url}/nowhere-at-all")
    expect(page.locator(".brand")).to_contain_text("West Clinic")
    assert ana.wrong == []


def test_a_logo_that_could_do_something_stops_serving_alone(tmp_path):
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO.replace("<circle", '<circle onload="x()"'))
    house = House(BINARY, str(tmp_path / "data"), settings={"REFERLOOP_BRAND__LOGO": str(logo)})
    house.command("user", "add", "ana", "--role", "admin", stdin=PASSWORD + "\n")
    with pytest.raises(Exception, match="an event handler"):
        house.start()
