"""A Book becomes a PDF: HTML, chromium, and the check that the truth can be read there."""
import os
import re
import subprocess
import tempfile

import pikepdf

BASE_CSS = """*{box-sizing:border-box}html,body{margin:0;padding:0;color:#000;-webkit-print-color-adjust:exact}
.page{width:8.5in;height:10.99in;padding:.5in;position:relative;overflow:hidden;page-break-after:always;break-after:page;page:port}
.page.land{width:11in;height:8.49in;page:land}
@page port{size:8.5in 11in;margin:0}@page land{size:11in 8.5in;margin:0}
.cb{display:inline-block;width:.15in;height:.15in;border:1.3px solid #000;vertical-align:-2px;text-align:center;
font:bold 12px/12.5px 'DejaVu Sans';margin-right:4px}
.circ{border:1.8px solid #000;border-radius:50%;padding:1px 7px}.uncirc{padding:1px 7px;border:1.8px solid transparent}
.opt{white-space:nowrap;margin-right:.14in}.v{}
"""
# Does anything run off the paper, is a value cut off? The page tells by its title, which chromium writes into the PDF.
SELF_CHECK = """<script>(async()=>{
await document.fonts.ready;
const bad=[];
document.querySelectorAll('.page').forEach((page,i)=>{
  const paper=page.getBoundingClientRect();
  page.querySelectorAll('*').forEach(e=>{
    const r=e.getBoundingClientRect();
    if(r.width&&(r.bottom>paper.bottom-6||r.right>paper.right-6||r.left<paper.left-1))
      bad.push((i+1)+':'+e.tagName+'.'+e.className+' '+(e.textContent||'').slice(0,30));
  });
  page.querySelectorAll('.v,.clip').forEach(e=>{
    for(let a=e;a&&a!==page;a=a.parentElement)
      if(getComputedStyle(a).overflow==='hidden'&&(a.scrollWidth>a.clientWidth+1||a.scrollHeight>a.clientHeight+1))
        bad.push((i+1)+':clipped '+e.textContent);
  });
});
document.title=bad.length?'BAD '+bad.slice(0,3).join(' | '):'OK';
})()</script>"""
UNCHECKED = "-"
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000",
            "--no-pdf-header-footer"]
LIGATURES = {"\u2019": "'", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi"}


def html(book):
    sheets = "".join(f'<section class="page {"land" if land else ""} {cls}">{body}</section>' for _, body, land, cls in book.pages)
    return (f'<!doctype html><html><head><meta charset="utf-8"><title>{UNCHECKED}</title><style>{BASE_CSS}{book.css}</style></head>'
            f"<body>{sheets}{SELF_CHECK}</body></html>")


def title(pdf):
    with pikepdf.open(pdf) as opened:
        return str(opened.docinfo.get("/Title", UNCHECKED)), len(opened.pages)


def make_pdf(book, out, profile):
    """prints the book with chromium, which now and then dies or prints before the page has checked itself: then once more"""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "book.html")
        with open(source, "w", encoding="utf-8") as file:
            file.write(html(book))
        command = CHROMIUM + [f"--user-data-dir={profile}", f"--print-to-pdf={out}", "file://" + source]
        for _ in range(3):
            try:
                subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
            except subprocess.TimeoutExpired:
                continue
            if os.path.exists(out) and title(out)[0] != UNCHECKED:
                return
    raise RuntimeError("chromium made no checked PDF")


def squash(text):
    text = re.sub(r"\s+", "", text).lower()
    for one, other in LIGATURES.items():
        text = text.replace(one, other)
    return text


def faults(book, pdf):
    """what is wrong with the PDF: every value of the truth must stand in the text of its page, and nothing run off the paper"""
    told, pages = title(pdf)
    found = [] if told == "OK" else ["layout: " + told]
    if pages != len(book.pages):
        found.append(f"pages {pages} != {len(book.pages)}")
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout
    texts = [squash(page) for page in text.split("\f")]
    for page, key, shown in book.expect:
        if page <= len(texts) and squash(shown) not in texts[page - 1]:
            found.append(f"p{page} {key} {shown!r} not in text")
    return found
