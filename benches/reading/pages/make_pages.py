#!/usr/bin/env python3
"""Makes the pages that `make bench-reading` reads:  make_pages.py OUT [--seed N] [--pages N] [--only DELIVERY,…]

Chromium prints made-up documents; poppler draws them as a fax machine or a scanner sees them; noise.py damages them; and
libtiff packs them. The truth beside each file is the text layer: every word with its place, in inches of the upright
page, and every value that the document shows. One file is one page, and beside
it lie the same pixels as a PNG.

Seeds: a published run takes 2026 and more; to tune on pages, take a seed below 1000.
"""
import argparse
import io
import json
import math
import os
import re
import subprocess
import tempfile
import html as markup

import img2pdf
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import documents
import noise

FAX_WIDTH = 1728
MONO = "/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf"
# How pages come: dots an inch across and down, the kinds of damage, skew in degrees at most, share of all pages.
DELIVERIES = {
    "fax_fine": ((204, 196), noise.FAX, 2.0, 1.0),
    "fax_standard": ((204, 98), noise.FAX, 2.0, 1.0),
    "scan_200": ((200, 200), noise.SCAN, 1.5, 0.4),
    "scan_300": ((300, 300), noise.SCAN, 1.5, 0.3),
    "fine_clean": ((204, 196), {"clean": noise.clean}, 0.0, 0.25),
    "standard_clean": ((204, 98), {"clean": noise.clean}, 0.0, 0.25),
    "turned": ((204, 196), noise.FAX | {"clean": noise.clean}, 1.0, 1.0),
    "digital": (None, {"none": None}, 0.0, 0.25),
    "blank": ((204, 196), {"clean": noise.clean, "speckle": noise.speckle, "dirt": noise.dirt}, 0.0, 0.15),
}


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def print_pdf(text, pdf, folder):
    with open(f"{folder}/sheets.html", "w", encoding="utf-8") as sheet:
        sheet.write(text)
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder}/profile",
        "--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{folder}/sheets.html")


def text_layer(pdf):
    """Words of each page with [left, top, right, bottom] in inches."""
    out = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    pages = []
    for page in out.split("<page ")[1:]:
        words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', page)
        pages.append([(markup.unescape(text), [float(v) / 72 for v in box]) for *box, text in words])
    return pages


def drawn(pdf, number, dpi, folder):
    across, down = dpi
    run("pdftoppm", "-f", str(number), "-l", str(number), "-singlefile", "-rx", str(across), "-ry", str(down), "-gray", pdf, f"{folder}/page")
    return np.asarray(Image.open(f"{folder}/page.pgm"))


def placed(words, matrix, dpi):
    """Where the words lie on the delivered page: the skew's inverse applied to the corners of their boxes."""
    a, b, c, d, e, f = matrix
    inverse = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]]))
    across, down = dpi
    for text, (left, top, right, bottom) in words:
        corners = np.array([[x * across, y * down, 1] for x in (left, right) for y in (top, bottom)]).T
        x, y, _ = inverse @ corners
        yield {"text": text, "box": [round(float(v), 3) for v in (x.min() / across, y.min() / down, x.max() / across, y.max() / down)]}


def skew_matrix(degrees, shape, dpi, crop):
    """Turns about the middle of the sheet, right for pixels that are not square; `crop` columns are cut off at the left."""
    height, width = shape
    angle, ratio = math.radians(degrees), dpi[0] / dpi[1]
    a, b = math.cos(angle), -math.sin(angle) * ratio
    d, e = math.sin(angle) / ratio, math.cos(angle)
    x, y = width / 2, height / 2
    return (a, b, x - a * x - b * y + crop, d, e, y - d * x - e * y)


def header_line(bits, dpi, r, number):
    """The line that the sending fax stamps on top of the page, straight whatever the page does. Returns its words."""
    text = f"JUN-{r.integers(1, 29):02}-2026 {r.integers(7, 19):02}:{r.integers(0, 60):02}  {r.choice(documents.PRACTICES).upper()[:20].strip()}  503 555 01{r.integers(0, 100):02}  P.{number:03}"
    across, down = dpi
    height = round(.16 * down)
    band = Image.new("L", (bits.shape[1], round(.16 * across)), 255)
    draw, font, left, words = ImageDraw.Draw(band), ImageFont.truetype(MONO, round(.12 * across)), .35 * across, []
    for word in text.split():
        draw.text((left, 2), word, fill=0, font=font)
        right = left + font.getlength(word)
        words.append({"text": word, "box": [round(float(v), 3) for v in (left / across, 0, right / across, .16)]})
        left = right + font.getlength("  ")
    stamp = np.asarray(band.resize((bits.shape[1], height), Image.Resampling.BOX))
    bits[:height] = noise.black_and_white(stamp, 140)
    return [w for w in words if w["box"][2] * across < bits.shape[1]]


def tiff(bits, dpi, path, compression):
    """Packs a page as a fax board does: one strip, white is zero."""
    plain = path + ".plain"
    Image.fromarray(bits).convert("1", dither=Image.Dither.NONE).save(
        plain, "TIFF", compression="group4", tiffinfo={262: 0, 278: bits.shape[0], 282: float(dpi[0]), 283: float(dpi[1]), 296: 2})
    run("tiffcp", "-c", compression, "-r", str(bits.shape[0] + 8), plain, path)
    os.remove(plain)


def scan_pdf(gray, dpi, path):
    """A scanner's PDF: JPEG for grey, G4 for black and white."""
    if np.isin(gray, (0, 255)).all():
        tiff(gray, dpi, path + ".tif", "g4")
        source = open(path + ".tif", "rb").read()
        os.remove(path + ".tif")
    else:
        packed = io.BytesIO()
        Image.fromarray(gray).save(packed, "JPEG", quality=60, dpi=dpi)
        source = packed.getvalue()
    with open(path, "wb") as out:
        out.write(img2pdf.convert(source, nodate=True))


def deliver(delivery, number, sheets, out, seed, folder):
    """One page of a delivery, with its truth."""
    dpi, kinds, skew_max, _ = DELIVERIES[delivery]
    r = np.random.default_rng([seed, number, list(DELIVERIES).index(delivery)])
    kind = list(kinds)[(number + number // len(documents.LAYOUTS)) % len(kinds)]
    pdf, layer, values = sheets
    page = number % len(layer)
    name = f"{delivery}-{number:03}"
    truth = {"delivery": delivery, "damage": kind, "rotation": 0, "skew": 0.0, "words": [{"text": t, "box": b} for t, b in layer[page]], "values": values[page]}
    if dpi is None:
        truth["file"] = f"{name}.pdf"
        run("pdfseparate", "-f", str(page + 1), "-l", str(page + 1), pdf, f"{out}/{name}.pdf")
    else:
        fax = not delivery.startswith("scan")
        # A sheet fed sideways is scanned with the other resolution down its lines, and is as wide as it is long.
        turns = number % 4 if delivery == "turned" else 0
        truth |= {"dpi": dpi, "rotation": turns * 90}
        if turns % 2:
            dpi = dpi[::-1]
        halved = dpi == (204, 98) and kind in noise.OF_PAPER
        if halved:
            dpi = (204, 196)
        gray = drawn(pdf, page + 1, dpi, folder)
        if delivery == "blank":
            gray, truth["words"], truth["values"] = np.full_like(gray, 255), [], []
        degrees = float(r.uniform(.3, skew_max) * r.choice([-1, 1])) if skew_max else 0.0
        crop = (gray.shape[1] - FAX_WIDTH) // 2 if fax and turns % 2 == 0 else 0
        matrix = skew_matrix(degrees, gray.shape, dpi, crop)
        truth |= {"skew": round(degrees, 2), "words": list(placed([(w["text"], w["box"]) for w in truth["words"]], matrix, dpi))}
        pixels = kinds[kind](noise.skewed(gray, matrix), r)
        if halved:
            pixels, dpi = noise.coarser(pixels, r), (204, 98)
        if crop:
            pixels = np.ascontiguousarray(pixels[:, :FAX_WIDTH])
        if fax and delivery != "blank" and r.random() < .5:
            truth["words"] = header_line(pixels, dpi, r, number) + truth["words"]
        pixels = np.ascontiguousarray(np.rot90(pixels, turns))
        truth["file"] = f"{name}.tif" if fax else f"{name}.pdf"
        if delivery not in ("turned", "blank"):  # for peers that read pictures
            Image.fromarray(pixels).save(f"{out}/{name}.png", dpi=truth["dpi"])
        if fax:
            compression = "g4" if dpi[1] > 98 else ["g3:1d", "g3:2d", "g3:1d:fill"][number % 3]
            tiff(pixels, truth["dpi"], f"{out}/{truth['file']}", compression)
        else:
            scan_pdf(pixels, dpi, f"{out}/{truth['file']}")
    with open(f"{out}/{name}.json", "w", encoding="utf-8") as beside:
        json.dump(truth, beside, ensure_ascii=False)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out")
    arguments.add_argument("--seed", type=int, default=2026)
    arguments.add_argument("--pages", type=int, default=120, help="noisy pages of each kind of fax")
    arguments.add_argument("--only", default=",".join(DELIVERIES))
    chosen = arguments.parse_args()
    os.makedirs(chosen.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        text, values = documents.sheets(chosen.seed, chosen.pages)
        pdf = f"{folder}/sheets.pdf"
        print_pdf(text, pdf, folder)
        sheets = (pdf, text_layer(pdf), values)
        for delivery in chosen.only.split(","):
            count = max(4, round(chosen.pages * DELIVERIES[delivery][3]))
            for number in range(count):
                deliver(delivery, number, sheets, chosen.out, chosen.seed, folder)
            print(f"{delivery}: {count} pages", flush=True)


if __name__ == "__main__":
    main()
