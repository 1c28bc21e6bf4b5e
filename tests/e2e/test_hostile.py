"""What nobody should send, and somebody will: each is taken, set aside with a plain reason, and harms nothing."""
import struct

import pytest

from house import Refused


def pdf(*objects, trailer=""):
    """A PDF of these objects, the first of which is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R"
                  f"{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n").encode()


def stream(text, extra=""):
    return f"<<{extra}/Length {len(text)}>>\nstream\n{text}\nendstream"


PAGE = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"]


def encrypted_pdf():
    """Wants a password that nobody has."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
    lock = f"<</Filter/Standard/V 1/R 2/O<{'5a' * 32}>/U<{'a5' * 32}>/P -44>>"
    identity = f"<{'00' * 16}>"
    return pdf(*PAGE, page, stream("0 0 m"), lock, trailer=f"/Encrypt 5 0 R/ID[{identity}{identity}]")


def self_drawing_pdf():
    """A form that draws itself, and itself, and itself."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    form = stream("/F Do /F Do", "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>>>")
    return pdf(*PAGE, page, stream("/F Do"), form)


def many_directories_tiff(count=50_000):
    """Fifty thousand pages of one pixel."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 10) + b"\0\0")
    tags = [(256, 3, 1), (257, 3, 1), (258, 3, 1), (259, 3, 1), (262, 3, 0), (273, 4, 8), (278, 3, 1), (279, 4, 1)]
    size = 2 + 12 * len(tags) + 4
    for number in range(count):
        after = 10 + size * (number + 1) if number + 1 < count else 0
        out += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", t, k, 1, v) for t, k, v in tags)
        out += struct.pack("<I", after)
    return bytes(out)


@pytest.fixture
def documents(sample):
    with open(sample("damaged-pdf"), "rb") as damaged:
        return {"text": b"Dear practice, please call me back.\n", "truncated": damaged.read(), "encrypted": encrypted_pdf(),
                "tiff-bomb": many_directories_tiff(), "empty-document": b""}


def test_each_is_set_aside_with_its_reason(house, documents, tmp_path):
    house.start()
    for name, content in documents.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert house.send_fax(house.door, str(file), name)["status"] == "accepted", name
    house.knock(house.door, b"", "multipart/form-data; boundary=x")
    house.knock(house.door, b"\xff\xfe no form at all", "application/json")

    transmissions = house.settled(len(documents) + 2)
    assert {t["stage"] for t in transmissions} == {"quarantined"}
    reasons = {t["gateway_fax_id"]: t["reason"] for t in transmissions}
    assert all(reasons.values()), reasons
    assert reasons["encrypted"] == "encrypted"
    assert reasons["text"] == "not_a_document"
    assert sum(fax_id.startswith("sha256:") for fax_id in reasons) == 2


def test_a_form_that_draws_itself_ends_and_harms_nothing(house, sample, tmp_path):
    bomb = tmp_path / "bomb"
    bomb.write_bytes(self_drawing_pdf())
    house.start()
    house.send_fax(house.door, str(bomb), "bomb")
    house.send_fax(house.door, sample("clean-referral"), "after-the-bomb")
    after = {t["gateway_fax_id"]: t for t in house.settled(2)}
    assert after["bomb"]["stage"] in ("done", "quarantined") and not after["bomb"]["referrals"]
    assert len(after["after-the-bomb"]["referrals"]) == 1


def test_only_a_wrong_key_is_turned_away(house, sample):
    house.start()
    stranger = {**house.door, "secret": "not the secret"}
    with pytest.raises(Refused) as refused:
        house.send_fax(stranger, sample("clean-referral"), "forged")
    assert refused.value.status == 401
    assert house.all("/api/v1/transmissions") == []
