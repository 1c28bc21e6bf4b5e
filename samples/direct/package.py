#!/usr/bin/python3
"""Makes referral-package.zip: an XDM package with an order (360X) and the clinical document that belongs to it.

Nothing but Python's zipfile and hashlib, so that Referloop does not read only what it wrote itself. Run it in this folder
after a change to the files that it packs; it gives the same bytes every time.
"""
import hashlib
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
SUBSET = "IHE_XDM/SUBSET01"
UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
PATIENT = "MRN-40217^^^&amp;2.999.1&amp;ISO"
FILES = [
    ("referral-request.hl7", "ORDER001.HL7", "x-application/hl7-v2+er7"),
    ("referral-note.xml", "NOTE0001.XML", "text/xml"),
]
INDEX = ("<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Referral</title></head><body><ul>"
         "<li><a href=\"IHE_XDM/SUBSET01/NOTE0001.XML\">Referral note</a></li></ul></body></html>\n")
README = "A referral from Northside Family Practice to Lakeview Cardiology. Everyone in it is fictional.\n"


def slot(name, value):
    return f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'


def entry(number, body, uri, media_type):
    slots = {"creationTime": "20260105153000", "hash": hashlib.sha1(body).hexdigest(), "size": len(body),
             "sourcePatientId": PATIENT, "URI": uri}
    slots = "".join(slot(name, value) for name, value in slots.items())
    return (f'<rim:ExtrinsicObject id="Document{number:02}" mimeType="{media_type}" '
            'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
            f'{slots}<rim:ExternalIdentifier identificationScheme="{UNIQUE}" value="2.999.6.{number}"/>'
            '</rim:ExtrinsicObject>')


def metadata(bodies):
    entries = "".join(entry(number, body, uri, media_type)
                      for number, (body, (_, uri, media_type)) in enumerate(zip(bodies, FILES), 1))
    members = "".join(
        f'<rim:Association associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" id="as{number}" '
        f'sourceObject="SubmissionSet01" targetObject="Document{number:02}"/>' for number in range(1, len(FILES) + 1))
    recipient = "Lakeview Cardiology||^^Internet^referrals@direct.lakeview-cardiology.example"
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
            'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList>'
            f'{entries}<rim:RegistryPackage id="SubmissionSet01">{slot("submissionTime", "20260105153000")}'
            f'{slot("intendedRecipient", recipient)}</rim:RegistryPackage>{members}'
            '</rim:RegistryObjectList></lcm:SubmitObjectsRequest>\n').encode()


def main():
    bodies = [(HERE / name).read_bytes() for name, _, _ in FILES]
    with zipfile.ZipFile(HERE / "referral-package.zip", "w", zipfile.ZIP_DEFLATED) as package:
        def add(name, body):
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 5, 9, 30, 0))
            info.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
            package.writestr(info, body)

        add("INDEX.HTM", INDEX)
        add("README.TXT", README)
        add("IHE_XDM/", b"")
        add(f"{SUBSET}/", b"")
        add(f"{SUBSET}/METADATA.XML", metadata(bodies))
        for body, (_, uri, _) in zip(bodies, FILES):
            add(f"{SUBSET}/{uri}", body)


if __name__ == "__main__":
    main()
