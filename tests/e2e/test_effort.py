"""What a referral costs a reviewer in keys and clicks, beyond what is typed; and how long the next one takes to be there.

`REFERLOOP_REFERRALS` names a folder of other faxes to count on, `REFERLOOP_PACE` the seconds that a person looks before each press. The times are printed (`pytest -s`), never asserted.
"""
import collections
import glob
import os
import random
import statistics

from conftest import ROOT
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)

#: The goal is 12. These forms are the hardest that we have: up to twenty values of one are in doubt.
PRESSES_MAX = 22
WRONG_A_REFERRAL = 3
#: Seconds before each press: a person reads what they accept, and what lies in sight meanwhile counts as seen.
PACE = float(os.environ.get("REFERLOOP_PACE", "0"))
STATES = '["missing", "problem", "check"]'
#: Any words are a valid value of these.
WORDED = ["patient.name", "insurance.payer", "referrer.name", "referrer.organization", "referral.reason"]

#: From the keys of the release until the next referral's first page is painted.
TIMER = """
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey && event.key === "Enter")) return;
  const before = document.querySelector("[data-review]")?.dataset.review;
  const begun = performance.now();
  const look = () => {
    const now = document.querySelector("[data-review]");
    const there = now && now.dataset.review !== before && now.querySelector(".page.shown image")?.getBoundingClientRect().width > 0;
    if (there) requestAnimationFrame(() => {
      // A page that was not fetched ahead is loaded, and forgets what stands in the window.
      sessionStorage.waits = `${sessionStorage.waits ?? ""} ${performance.now() - begun}`;
    });
    else if (performance.now() - begun < 5000) requestAnimationFrame(look);
  };
  look();
}, true);
"""


def faxes():
    folder = os.environ.get("REFERLOOP_REFERRALS")
    if folder:
        return sorted(glob.glob(os.path.join(folder, "*.tif")) + glob.glob(os.path.join(folder, "*.pdf")))
    samples = os.path.join(ROOT, "samples")
    return sorted(glob.glob(os.path.join(samples, "*-referral", "fax.tif")) + glob.glob(os.path.join(samples, "unseen-forms", "*.tif")))


class Reviewer:
    """Counts what the hands do, by what for. Typing a value is free."""

    def __init__(self, page):
        self.page, self.counts = page, collections.Counter()

    @property
    def count(self):
        return sum(self.counts.values())

    def press(self, key, why):
        if PACE:
            self.page.wait_for_timeout(1_000 * PACE)
        self.counts[why] += 1
        self.page.keyboard.press(key)

    def focused(self):
        return self.page.evaluate("document.activeElement.closest('.field')?.dataset.key ?? ''")

    def on_release(self):
        return self.page.evaluate("document.activeElement.hasAttribute('data-release')")

    def state(self):
        return self.page.evaluate(f"{STATES}.find((state) => document.activeElement.closest('.field')?.classList.contains(state)) ?? 'unseen'")

    def correct(self):
        self.page.keyboard.type("Corrected Words")
        self.press("Enter", "corrected")

    def review(self, wrong):
        for _ in range(60):
            if self.on_release():
                break
            if self.focused() in wrong:
                wrong.remove(self.focused())
                self.correct()
            elif self.state() == "problem":
                # What stands there is no value of its field, and nobody can say so: it is cleared.
                self.press("Delete", "problem")
                self.press("Enter", "problem")
            else:
                self.press("Enter", self.state())
        for key in wrong:
            self.counts["corrected"] += 1
            self.page.locator(f'.field[data-key="{key}"] [data-value]').click()
            self.correct()

    def is_asked_who(self):
        return self.page.evaluate("document.activeElement.hasAttribute('data-question')")

    def say_who(self):
        """On to the first answer that can be given, and back at the referral."""
        while not self.page.evaluate("document.activeElement.matches('button[name=choose]')"):
            self.press("Tab", "who")
        with self.page.expect_navigation():
            self.press("Enter", "who")
        self.page.locator("[data-review].live").wait_for()

    def release(self, referral):
        """Until it is gone: each critical field that was not in sight yet is gone to first."""
        for _ in range(20):
            self.press("Control+Enter", "release")
            try:
                expect(self.page.locator(f'[data-review="{referral}"]')).to_have_count(0, timeout=1_500)
                return
            except AssertionError:
                if self.is_asked_who():
                    self.say_who()
        said = self.page.locator(".finish .saved").inner_text()
        raise AssertionError(f"it was never released: {said}, at {self.focused()}")


def test_a_referral_costs_few_presses(house, browser):  # noqa: F811
    house.start()
    documents = faxes()
    for number, path in enumerate(documents):
        house.send_fax(house.door, path, f"effort-{number}")
    house.settled(len(documents), seconds=300)
    ana = Watched(browser, house.url)
    ana.page.add_init_script(TIMER)
    page = ana.sign_in("ana")
    page.goto(f"{house.url}/desk/next")
    chance, counts, whys = random.Random(1), [], collections.Counter()
    while page.locator("[data-review].live").count():
        referral = page.locator("[data-review]").get_attribute("data-review")
        # The eye is slower than this script: what comes next has been fetched by then.
        page.wait_for_timeout(1_500)
        held = [key for key in WORDED if page.locator(f'.field[data-key="{key}"] [data-value]').input_value()]
        reviewer = Reviewer(page)
        reviewer.review(chance.sample(held, min(WRONG_A_REFERRAL, len(held))))
        reviewer.release(referral)
        counts.append(reviewer.count)
        whys.update(reviewer.counts)
    waits = [float(wait) for wait in page.evaluate("sessionStorage.waits ?? ''").split()]
    told = f"{len(counts)} referrals: presses and clicks {sorted(counts)}, mean {statistics.mean(counts):.1f}"
    told += "; of these " + ", ".join(f"{why} {number / len(counts):.1f}" for why, number in whys.most_common())
    if waits:
        told += f"; the next page after {statistics.median(waits):.0f} ms, at most {max(waits):.0f} ms"
    print(told)
    assert len(counts) >= 8, told
    assert statistics.mean(counts) <= PRESSES_MAX, told
