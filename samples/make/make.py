#!/usr/bin/python3
"""Makes the sample faxes:  samples/make/make.py [CASE…]

A case is one page of HTML beside this file. Each `<section>` is a sheet; whatever a `data-field` marks is shown on it and
goes into `expected.json`, so that a sample and its truth can't drift apart. Chromium prints the sheets, poppler and
libtiff turn them into what a fax machine would have sent. Every person, practice and number is made up: phones end in
555-01xx, addresses in .example.
"""
import html.parser
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = {"referral.diagnoses", "referral.procedures"}
FINE, STANDARD = (204, 196), (204, 98)  # dots an inch, across and down
FAX_WIDTH = 1728

# How each case was delivered: (file name, resolution, libtiff compression); None: as a PDF from a computer.
CASES = {
    "clean-referral": ("fax.tif", FINE, "g4"),
    "incomplete-referral": ("fax.tif", FINE, "g4"),
    "referral-letter": ("document.pdf", None, None),
    "upside-down-fax": ("fax.tif", STANDARD, "g3:1d"),
    "two-patients": ("fax.tif", FINE, "g3:2d"),
    "lab-result": ("fax.tif", FINE, "g4"),
    "junk": ("fax.tif", STANDARD, "g3:1d:fill"),
    "damaged-pdf": ("document.pdf", None, None),
    "consult-note": ("document.pdf", None, None),
}


class Truth(html.parser.HTMLParser):
    """Reads from a case what the reader of its pages should find."""

    def __init__(self):
        super().__init__()
        self.pages, self.documents, self.key, self.value = [], [], None, None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "section":
            self.pages.append({"kind": a["data-kind"], "rotation": int(a.get("data-rotation", 0))})
            if "data-document" in a:
                self.documents.append({"kind": a["data-document"], "pages": [len(self.pages)] * 2, "fields": {}})
            else:
                self.documents[-1]["pages"][1] = len(self.pages)
        if "data-field" in a:
            self.key, self.value, self.text = a["data-field"], a.get("data-value"), ""

    def handle_data(self, data):
        if self.key:
            self.text += data

    def handle_endtag(self, tag):
        if not self.key:
            return
        value, fields = self.value or " ".join(self.text.split()), self.documents[-1]["fields"]
        if self.key in LISTS:
            fields.setdefault(self.key, []).append(value)
        else:
            assert fields.setdefault(self.key, value) == value, f"two values for {self.key}"
        self.key = None


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def print_pdf(case, pdf, folder):
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}/profile",
        "--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{HERE}/{case}.html")


def black_and_white(gray, width, height):
    """One bit a pixel, 1 is black, rows cut to the width of a fax: what a fax machine sees of a grey picture."""
    bit = bytes(49 if level < 168 else 48 for level in range(256))  # "1" and "0"
    left = (width - FAX_WIDTH) // 2
    rows = (gray[y * width + left:y * width + left + FAX_WIDTH].translate(bit) for y in range(height))
    return b"".join(int(row, 2).to_bytes(FAX_WIDTH // 8, "big") for row in rows)


def plain_tiff(bits, height, resolution):
    """An uncompressed TIFF of one strip, for tiffcp to compress. White is zero."""
    directory, rationals = 8, 8 + 2 + 12 * 12 + 4
    strip = rationals + 16
    tags = [(256, 4, FAX_WIDTH), (257, 4, height), (258, 3, 1), (259, 3, 1), (262, 3, 0), (273, 4, strip), (277, 3, 1),
            (278, 4, height), (279, 4, len(bits)), (282, 5, rationals), (283, 5, rationals + 8), (296, 3, 2)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    across, down = resolution
    return (struct.pack("<2sHIH", b"II", 42, directory, len(tags)) + entries
            + struct.pack("<IIIII", 0, across, 1, down, 1) + bits)


def fax(pdf, out, resolution, compression, folder):
    """A fax TIFF as a fax board writes it: 1728 pixels across, one strip a page."""
    across, down = resolution
    run("pdftoppm", "-rx", str(across), "-ry", str(down), "-gray", pdf, f"{folder}/page")
    sheets = []
    for picture in sorted(f for f in os.listdir(folder) if f.endswith(".pgm")):
        header, gray = open(f"{folder}/{picture}", "rb").read().split(b"\n255\n", 1)
        width, height = map(int, header.split()[1:3])
        sheets.append(f"{folder}/{picture}.tif")
        with open(sheets[-1], "wb") as sheet:
            sheet.write(plain_tiff(black_and_white(gray, width, height), height, resolution))
    run("tiffcp", "-c", compression, "-r", str(11 * down + 8), *sheets, out)


def make(case):
    name, resolution, compression = CASES[case]
    target = os.path.join(HERE, "..", case)
    os.makedirs(target, exist_ok=True)
    out = os.path.join(target, name)
    truth = Truth()
    truth.feed(open(f"{HERE}/{case}.html", encoding="utf-8").read())
    with tempfile.TemporaryDirectory() as folder:
        pdf = f"{folder}/sheets.pdf"
        print_pdf(case, pdf, folder)
        expected = {"file": name, "pages": truth.pages, "documents": truth.documents}
        if resolution:
            fax(pdf, out, resolution, compression, folder)
        else:
            data = open(pdf, "rb").read()
            if case == "damaged-pdf":  # broken off in the first stream, before any page object
                data, expected = data[:1500], {"file": name, "pages": [], "documents": [], "error": "unreadable"}
            # Chromium's clock and version would make each run another file.
            data = re.sub(rb"/(CreationDate|ModDate) \(D:\d{14}", rb"/\1 (D:20260601090000", data)
            open(out, "wb").write(data)
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    text = re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", text)
    open(os.path.join(target, "expected.json"), "w", encoding="utf-8").write(text + "\n")
    print(f"{case}: {name}, {len(truth.pages)} pages, {os.path.getsize(out) // 1024} KiB")


for wanted in sys.argv[1:] or CASES:
    make(wanted)
