"""The files that images of pages are delivered in."""
import io
import os
import subprocess
import tempfile

import img2pdf
import pikepdf
from PIL import Image

# numbers of TIFF tags
PHOTOMETRIC, ROWS_PER_STRIP, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 262, 278, 282, 283, 296


def save_tiff(pages, out, x_dpi, y_dpi, compression, least_bit_first=False):
    """one bit, 0 is white, one strip a page, resolution as a fax board writes it; compression as tiffcp names it"""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, page in enumerate(pages):
            files.append(os.path.join(folder, f"{i:03d}.tif"))
            tags = {PHOTOMETRIC: 0, X_RESOLUTION: float(x_dpi), Y_RESOLUTION: float(y_dpi), RESOLUTION_UNIT: 2,
                    ROWS_PER_STRIP: page.shape[0]}
            Image.fromarray(page).convert("1", dither=Image.Dither.NONE).save(files[-1], compression="group4", tiffinfo=tags)
        rows = max(page.shape[0] for page in pages) + 8
        order = ["-f", "lsb2msb"] if least_bit_first else []
        subprocess.run(["tiffcp", "-c", compression, "-r", str(rows), *order, *files, out], check=True)


def save_pdf(source, out):
    """source: a path or the bytes of a PDF, here without what tells who made it and when"""
    with pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source) as pdf:
        for key in list(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        if "/Metadata" in pdf.Root:
            del pdf.Root.Metadata
        if "/ID" in pdf.trailer:
            del pdf.trailer.ID
        pdf.save(out, deterministic_id=True)


def save_fax_pdf(pages, out, x_dpi, y_dpi):
    """pages of fax code, as fax servers mail them"""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, page in enumerate(pages):
            files.append(os.path.join(folder, f"{i:03d}.tif"))
            save_tiff([page], files[-1], x_dpi, y_dpi, "g4")
        save_pdf(img2pdf.convert(files, nodate=True), out)


def save_jpeg_pdf(pages, out, dpi, quality):
    images = []
    for page in pages:
        buffer = io.BytesIO()
        Image.fromarray(page).save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi))
        images.append(buffer.getvalue())
    save_pdf(img2pdf.convert(images, nodate=True), out)
