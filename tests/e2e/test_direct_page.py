"""The administrator's page of Direct: an anchor is added, seen, and removed."""
import subprocess

import pytest
from playwright.sync_api import expect
from test_desk import Watched, browser  # noqa: F401  (a fixture)
from test_team import accessible

OURS = "direct.clinic.example"


@pytest.fixture
def ana(house, browser):  # noqa: F811
    """An administrator of a clinic that has a Direct domain, and a key that waits for its certificate."""
    house.environment["REFERLOOP_MAIL__DIRECT_DOMAIN"] = OURS
    house.command("direct", "keygen")
    house.start()
    yield (ana := Watched(browser, house.url))
    assert ana.wrong == []


@pytest.fixture
def authority(tmp_path):
    """A community's authority, made by openssl: its certificate, and the fingerprint."""
    pem = tmp_path / "authority.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "300",
                    "-subj", "/CN=Example Community", "-keyout", tmp_path / "authority.key", "-out", pem],
                   check=True, capture_output=True)
    der = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-fingerprint", "-sha256"], check=True, capture_output=True, text=True)
    return pem.read_text(), der.stdout.strip().split("=")[1].replace(":", "").lower()


def test_an_anchor_comes_and_goes(house, ana, authority):
    certificate, fingerprint = authority
    page = ana.sign_in("ana")
    page.get_by_role("link", name="Direct", exact=True).click()
    expect(page.get_by_role("heading", name="Direct", exact=True)).to_be_visible()
    expect(page.get_by_text(f"A key for {OURS} waits for its certificate.")).to_be_visible()
    accessible(page)

    form = page.get_by_role("form", name="Add an anchor")
    form.get_by_label("Certificate").fill(certificate)
    form.get_by_label("Which messages").select_option("incoming")
    form.get_by_role("button", name="Trust this anchor").click()
    row = page.get_by_role("row", name="Example Community")
    expect(row).to_contain_text(fingerprint)
    expect(row).to_contain_text(f"{OURS}, incoming")
    accessible(page)
    listed = house.ask("direct", "anchors", "list")["items"]
    assert [(one["fingerprint"], one["direction"]) for one in listed] == [(fingerprint, "incoming")]

    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Only partners whose certificates we hold are trusted.")).to_be_visible()
    assert house.ask("direct", "anchors", "list")["items"] == []
