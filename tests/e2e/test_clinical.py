"""A referral that came as data: the sheet that the desk shows of it, and where each value comes from."""
import os
import subprocess

from conftest import ROOT
from mail_partner import ADDRESS, OUR_DOMAIN, PARTNER, PYTHON, MailPartner
from playwright.sync_api import expect
from test_desk import Watched, browser, field, open_review  # noqa: F401  (`browser` is a fixture)

PACKAGE = os.path.join(ROOT, "samples", "direct", "referral-package.zip")


def test_a_package_is_reviewed_like_a_fax(house, browser):  # noqa: F811
    house.start()
    house.send_fax(house.door, PACKAGE, "package-1")
    house.settled(1)
    ana = Watched(browser, house.url)
    page = ana.sign_in("ana")
    open_review(page, house.url, "Rosa M Example")

    # The order's values and the document's, each with its source; what is critical waits for a person.
    name = field(page, "patient.name")
    expect(name.locator("[data-value]")).to_have_value("Rosa M Example")
    expect(name.get_by_text("HL7 order", exact=True)).to_be_visible()
    expect(name.locator("[data-part=state]")).to_contain_text("To check")
    payer = field(page, "insurance.payer")
    expect(payer.get_by_text("C-CDA", exact=True)).to_be_visible()
    payer.locator("[data-history]").click()
    expect(payer.locator("code")).to_contain_text("representedOrganization")

    # A picture of the sheet, with the value's box on it.
    name.locator("[data-value]").focus()
    expect(page.locator('g.mark[data-field="patient.name"]').first).to_be_attached()
    expect(name.locator("svg.crop")).to_be_visible()

    # The order stands on the referral's page, and the original is what came.
    page.goto(page.url.replace("/desk/", "/referrals/"))
    expect(page.get_by_text("RF-2026-0042 (2.999.2.7)")).to_be_visible()
    expect(page.get_by_text("needed by 19 Jan 2026")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Original").click()
    with open(PACKAGE, "rb") as package, open(downloading.value.path(), "rb") as downloaded:
        assert downloaded.read() == package.read()
    assert ana.wrong == []


def test_what_is_written_wrongly_stands_in_its_field(house, browser, tmp_path):  # noqa: F811
    with open(os.path.join(ROOT, "samples", "direct", "referral-note.xml"), encoding="utf-8") as file:
        note = file.read()
    odd = tmp_path / "note.xml"
    odd.write_text(note.replace('<birthTime value="19610409"/>', '<birthTime value="199O0101"/>'), encoding="utf-8")
    house.start()
    house.send_fax(house.door, str(odd), "note-1")
    house.settled(1)
    ana = Watched(browser, house.url)
    page = ana.sign_in("ana")
    open_review(page, house.url, "Rosa M Example")

    born = field(page, "patient.birth_date")
    expect(born.locator("[data-value]")).to_have_value("199O0101")
    expect(born.locator("[data-part=state]")).to_contain_text("Problem")
    born.locator("[data-history]").click()
    expect(born.locator("code").first).to_contain_text("birthTime")
    assert ana.wrong == []


def test_what_the_sender_wrote_stands_beside_its_file(house, browser, tmp_path):  # noqa: F811
    subject = "Urgent: please call before Friday"
    partner = MailPartner(str(tmp_path))
    house.environment.update(partner.settings())
    partner.introduce(house)
    try:
        house.start()
        subprocess.run([PYTHON, PARTNER, "send", partner.folder, "--address", ADDRESS, "--peer-cert", partner.file("ours.pem"),
                        "--submit", f"127.0.0.1:{partner.our_port}", "--to", f"referrals@{OUR_DOMAIN}", "--subject", subject],
                       check=True, timeout=60)
        [transmission] = house.settled(1)
    finally:
        partner.stop()
    [referral] = transmission["referrals"]
    ana = Watched(browser, house.url)
    page = ana.sign_in("ana")
    for path in ("desk", "referrals"):
        page.goto(f"{house.url}/{path}/{referral}")
        beside = page.get_by_role("group").filter(has_text="What the sender wrote with it")
        expect(beside.get_by_text(subject)).to_be_visible()
        expect(beside.get_by_text("Please see the attached referral.")).to_be_visible()
    assert ana.wrong == []
