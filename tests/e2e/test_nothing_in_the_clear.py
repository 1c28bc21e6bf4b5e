"""A patient's name, wherever it came in, is in no file and no output of the service."""
import base64

from canaries import in_the_clear, spellings

# What the samples say, and what is typed in below. Each stands for a person.
CANARIES = ["Marchetti", "CMH482913765", "5035550118", "Okonjo", "Quillfeather", "Castellano"]


def test_canaries_are_nowhere(house, sample):
    house.start()
    for case in ("clean-referral", "incomplete-referral", "upside-down-fax", "damaged-pdf", "lab-result"):
        house.send_fax(house.door, sample(case), f"canary-{case}")
    # Bad requests carry names too, and must not end up in an error's words.
    house.send_fax(house.door, sample("clean-referral"), "canary-clean-referral", csid="Quillfeather")
    transmissions = {t["gateway_fax_id"]: t for t in house.settled(5)}
    referral = transmissions["canary-clean-referral"]["referrals"][0]
    path = f"/api/v1/referrals/{referral}"
    assert "Marchetti" in house.get(path)["fields"]["patient.name"]["value"], "the canary should have been read"
    # What is asked stands in no address and no log; what it is found by shows nothing in the database.
    asked = {"birth_date": "1961-08-14", "name": "Marchetti"}
    found = house.call("POST", "/api/v1/referrals/search", asked)[0]
    assert referral in [item["referral"]["id"] for item in found["items"]]
    assert not house.call("POST", "/api/v1/referrals/search", {"identifier": "CMH999999999", "name": "Castellano"})[0]["items"]
    house.change("PATCH", f"{path}/fields/patient.name", {"value": "Rosalind Quillfeather"}, of=path)
    house.act(referral, "reject", reason="Quillfeather is not our patient")
    assert house.stop()
    house.start()
    assert house.get(path)["fields"]["patient.name"]["value"] == "Rosalind Quillfeather"
    assert house.stop()

    assert not in_the_clear(CANARIES, house.log, house.data)


def test_the_search_itself_finds_what_is_there():
    for word in CANARIES:
        for shift in range(3):
            hidden = base64.b64encode(b"x" * shift + word.encode() + b" and more")
            assert any(s in hidden for s in spellings(word)), (word, shift)
        assert any(s in f"<{word.upper()}>".encode("utf-16-le") for s in spellings(word))
