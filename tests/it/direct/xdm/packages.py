"""Makes and reads XDM packages for tests, with nothing but Python's zipfile and hashlib.

    packages.py make FOLDER   writes odd packages as partners send them, and hostile ones
    packages.py read FILE     prints, a line each: the folders, the documents with hash and size checked, the texts
"""
import hashlib
import io
import struct
import sys
import zipfile
import xml.etree.ElementTree as ET

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
LCM = "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}"
CDA = b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Fictional</title></ClinicalDocument>\n'
PDF = b"%PDF-1.4 fictional\n%%EOF\n"
INDEX = b"<html><head><title>Broken<body><p>not closed & wrong"
UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"


def slot(name, value):
    return f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'


def entry(body, uri="DOC1.XML", number=1, mime="text/xml", patient="1001^^^&amp;2.999.1&amp;ISO", **other):
    slots = {"hash": hashlib.sha1(body).hexdigest(), "size": len(body), "sourcePatientId": patient, "URI": uri} | other
    slots = "".join(slot(name, value) for name, value in slots.items() if value is not None)
    return (f'<rim:ExtrinsicObject id="Document{number}" mimeType="{mime}">{slots}<rim:ExternalIdentifier '
            f'identificationScheme="{UNIQUE}" value="2.999.7.{number}"/></rim:ExtrinsicObject>')


def metadata(*entries):
    return (f'<lcm:SubmitObjectsRequest xmlns:lcm="{LCM[1:-1]}" xmlns:rim="{RIM[1:-1]}"><rim:RegistryObjectList>'
            f'{"".join(entries)}<rim:RegistryPackage id="set">{slot("submissionTime", "20260105120000")}'
            f'{slot("intendedRecipient", "|^^^^|^^Internet^referrals@direct.lakeview-cardiology.example")}'
            f'</rim:RegistryPackage></rim:RegistryObjectList></lcm:SubmitObjectsRequest>').encode()


def usual(folder="IHE_XDM/SUBSET01/", **other):
    return {f"{folder}METADATA.XML": metadata(entry(CDA, **other)), f"{folder}DOC1.XML": CDA}


def write(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as package:
        for name, body in files.items():
            package.writestr(name, body)


def odd(folder):
    readable = {"INDEX.HTM": INDEX, "README.TXT": b"fictional\r\n"}
    subset = "IHE_XDM/SUBSET01"
    write(f"{folder}/01-no-slash.zip", {"INDEX.htm": INDEX, "README.txt": b"x",
          f"{subset}METADATA.xml": metadata(entry(CDA, "a1.xml")), f"{subset}a1.xml": CDA})
    write(f"{folder}/02-default-subset.zip", readable | usual("IHE_XDM/Default/"))
    write(f"{folder}/03-several-subsets.zip", readable | usual() | {
          "IHE_XDM/SUBSET02/METADATA.XML": metadata(entry(PDF, "DOC1.PDF", 2, "application/pdf")),
          "IHE_XDM/SUBSET02/DOC1.PDF": PDF})
    write(f"{folder}/04-top-folder.zip", {f"transfer/{name}": body for name, body in (readable | usual()).items()})
    write(f"{folder}/05-lower-case.zip", {name.lower(): body for name, body in (readable | usual()).items()})
    write(f"{folder}/06-bad-xhtml.zip", {"INDEX.HTM": b"\xff\xfe<<<!DOCTYPE" + INDEX} | usual())
    write(f"{folder}/07-wrong-hash-and-size.zip", readable | usual(hash="0" * 40, size=1))
    write(f"{folder}/08-furniture.zip", readable | usual() | {f"{subset}/.DS_Store": b"\0", f"{subset}/CCD.xsl": b"<x/>",
          "__MACOSX/._INDEX.HTM": b"\0"})
    write(f"{folder}/09-octet-stream.zip", readable | usual(mime="application/octet-stream"))
    write(f"{folder}/10-application-xml.zip", readable | usual(mime="application/xml"), zipfile.ZIP_STORED)
    write(f"{folder}/11-no-uri.zip", readable | usual(uri=None))
    with zipfile.ZipFile(f"{folder}/12-explicit-directories.zip", "w") as package:
        for name in ("IHE_XDM/", f"{subset}/"):
            package.writestr(zipfile.ZipInfo(name), b"")
        for name, body in usual().items():
            package.writestr(name, body)
    write(f"{folder}/13-backslashes.zip", {name.replace("/", "\\"): body for name, body in usual().items()})
    inner = io.BytesIO()
    write(inner, usual())
    write(f"{folder}/14-packed-twice.zip", {"package.zip": inner.getvalue()})
    write(f"{folder}/15-unlisted.zip", readable | usual() | {f"{subset}/EXTRA.PDF": PDF})
    write(f"{folder}/16-two-patients.zip", readable | {f"{subset}/METADATA.XML": metadata(entry(CDA),
          entry(PDF, "DOC2.PDF", 2, "application/pdf", "2002^^^&amp;2.999.1&amp;ISO")),
          f"{subset}/DOC1.XML": CDA, f"{subset}/DOC2.PDF": PDF})
    write(f"{folder}/17-missing-document.zip", {f"{subset}/METADATA.XML": metadata(entry(PDF, "GONE.PDF"))})
    write(f"{folder}/18-broken-metadata.zip", {f"{subset}/METADATA.XML": b"<a", f"{subset}/DOC1.XML": CDA})
    write(f"{folder}/19-too-many-entries.zip", usual() | {"IHE_XDM/SUBSET02/METADATA.XML": metadata(
          *[entry(b"", None, n) for n in range(501)])})


def patched(source, path, change):
    body = bytearray(open(source, "rb").read())
    change(body)
    open(path, "wb").write(bytes(body))


def hostile(folder):
    safe = f"{folder}/safe"
    write(safe, usual())
    write(f"{folder}/too-many.bad", usual() | {f"IHE_XDM/{n}": b"" for n in range(600)})
    write(f"{folder}/bomb.bad", usual() | {"IHE_XDM/SUBSET01/B.XML": b" " * (64 << 20)})
    write(f"{folder}/large.bad", usual() | {f"IHE_XDM/SUBSET01/{n}.XML": b"<a/>" * (1 << 18) for n in range(240)})
    for number, name in enumerate(("../up.xml", "/etc/x.xml", "IHE_XDM/../../x", "C:\\x.xml", "a\nb")):
        write(f"{folder}/name{number}.bad", usual() | {name: b"x"})
    write(f"{folder}/case.bad", usual() | {"ihe_xdm/subset01/doc1.xml": PDF})
    write(f"{folder}/twin.bad", usual() | {"IHE_XDM/SUBSET01/DOC9.XML": PDF})
    patched(f"{folder}/twin.bad", f"{folder}/twin.bad", lambda body: body.__setitem__(slice(None), body.replace(b"DOC9", b"DOC1")))
    write(f"{folder}/bzip2.bad", usual(), zipfile.ZIP_BZIP2)
    write(f"{folder}/no-metadata.bad", {"DOC1.XML": CDA})
    inner = io.BytesIO()
    write(inner, usual())
    middle = io.BytesIO()
    write(middle, {"package.zip": inner.getvalue()})
    write(f"{folder}/packed-thrice.bad", {"package.zip": middle.getvalue()})

    def encrypt(body):
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = body.find(mark)
            while place >= 0:
                flags = struct.unpack_from("<H", body, place + at)[0]
                struct.pack_into("<H", body, place + at, flags | 1)
                place = body.find(mark, place + 1)

    def damage(body):
        place = body.find(b"DOC1.XML") + 12
        body[place] ^= 0xFF

    patched(safe, f"{folder}/encrypted.bad", encrypt)
    patched(safe, f"{folder}/damaged.bad", damage)
    patched(safe, f"{folder}/cut.bad", lambda body: body.__delitem__(slice(len(body) // 2, None)))


def read(path):
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        names = package.namelist()
        print("folders", *[name for name in names if name.endswith("/")])
        print("methods", *sorted({i.compress_type for i in package.infolist() if not i.is_dir()}))
        ET.fromstring(package.read("INDEX.HTM"))
        root = ET.fromstring(package.read("IHE_XDM/SUBSET01/METADATA.XML"))
        assert root.tag == f"{LCM}SubmitObjectsRequest", root.tag
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), ids
        for document in root.iter(f"{RIM}ExtrinsicObject"):
            slots = {s.get("name"): [v.text for v in s.iter(f"{RIM}Value")] for s in document.findall(f"{RIM}Slot")}
            body = package.read(f"IHE_XDM/SUBSET01/{slots['URI'][0]}")
            assert slots["hash"] == [hashlib.sha1(body).hexdigest()], slots
            assert slots["size"] == [str(len(body))], slots
            codes = sorted(c.get("nodeRepresentation") for c in document.iter(f"{RIM}Classification"))
            print("document", slots["URI"][0], document.get("mimeType"), len(document.findall(f"{RIM}ExternalIdentifier")), *codes)
            print("patient", *slots["sourcePatientId"], *slots["sourcePatientInfo"])
            print("referral", *slots["urn:ihe:iti:xds:2013:referenceIdList"])
        for part in root.iter(f"{RIM}RegistryPackage"):
            print("recipient", *[v.text for s in part.findall(f"{RIM}Slot") if s.get("name") == "intendedRecipient" for v in s.iter(f"{RIM}Value")])
        print("members", len(list(root.iter(f"{RIM}Association"))))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        odd(sys.argv[2])
        hostile(sys.argv[2])
    else:
        read(sys.argv[2])
