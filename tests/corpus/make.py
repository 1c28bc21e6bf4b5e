#!/usr/bin/env python3
"""Makes a corpus of fictional referrals, with the truth beside each file:

    make.py --family a --count 156 --seed 1 --out FOLDER

People and cases (world.py), layouts/FAMILY/*.py (HTML), chromium, delivery.py: a file and its truth as JSON.
"""
import argparse
import atexit
import base64
import datetime as dt
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

import jinja2
import pikepdf
import simple_icd_10_cm as icd10
from faker import Faker
from markupsafe import Markup, escape

import delivery
import world

HERE = os.path.dirname(os.path.abspath(__file__))
ENV = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
BASE_CSS = """*{box-sizing:border-box}html,body{margin:0;padding:0;color:#000;-webkit-print-color-adjust:exact}
.page{width:8.5in;height:10.99in;padding:.5in;position:relative;overflow:hidden;page-break-after:always;break-after:page;page:port}
.page.land{width:11in;height:8.49in;page:land}
@page port{size:8.5in 11in;margin:0}@page land{size:11in 8.5in;margin:0}
.cb{display:inline-block;width:.15in;height:.15in;border:1.3px solid #000;vertical-align:-2px;text-align:center;font:bold 12px/12.5px 'DejaVu Sans';margin-right:4px}
.circ{border:1.8px solid #000;border-radius:50%;padding:1px 7px}.uncirc{padding:1px 7px;border:1.8px solid transparent}
.opt{white-space:nowrap;margin-right:.14in}.v{}
"""
DATE_FMTS = ["%m/%d/%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%m-%d-%Y", "%-m-%-d-%y", "%m/%d/%y", "%b %-d, %Y", "%B %-d, %Y", "%Y-%m-%d", "%d-%b-%Y"]
PHONE_FMTS = ["({a}) {x}-{n}", "({a}) {x}-{n}", "{a}-{x}-{n}", "{a}.{x}.{n}", "{a}{x}{n}", "+1 {a} {x} {n}", "1-{a}-{x}-{n}", "{a}/{x}-{n}", "({a}){x}-{n}"]
NAME_FMTS = ["first", "first", "last", "last", "LAST", "FIRST"]
URG = [("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT")]
SERVICE_WORDS = {"consult": ["Consultation", "Consult only", "Consultation / opinion"], "evaluate_and_treat": ["Evaluate and treat", "Evaluate & Treat", "Eval and treat"],
                 "procedure": ["Procedure", "Procedure only"], "diagnostic": ["Diagnostic testing", "Diagnostic study"], "second_opinion": ["Second opinion", "2nd opinion"],
                 "transfer_of_care": ["Transfer of care", "Assume care"]}
URG_WORDS = {"routine": ["Routine", "Routine", "Non-urgent"], "urgent": ["Urgent", "URGENT", "Urgent - within 7 days"], "stat": ["STAT", "STAT - same day", "Emergent (STAT)"]}


def fmt_date(d, f):
    if isinstance(d, str):
        d = dt.date.fromisoformat(d)
    if "%y" in f and not (27 <= d.year % 100 <= 99 and d.year < 2000) and not 2020 <= d.year:
        f = f.replace("%y", "%Y")
    return d.strftime(f)


def fmt_phone(e164, f):
    n = e164[2:]
    return f.format(a=n[:3], x=n[3:6], n=n[6:])


def fmt_name(parts, f):
    g, m, l = parts
    gm = " ".join(x for x in (g, m) if x)
    ini = f"{m}." if len(m) == 1 else m
    gmd = " ".join(x for x in (g, ini) if x)
    return {"first": f"{gmd} {l}", "last": f"{l}, {gmd}", "LAST": f"{l}, {gm}".upper(), "FIRST": f"{gm} {l}".upper(),
            "plain": f"{gm} {l}"}[f]


class Doc:
    """one document of a file; the truth is what the templates asked it to show"""
    def __init__(self, book, kind, case):
        self.b, self.kind, self.case, self.x, self.rng = book, kind, case, case.x, book.rng
        r = self.rng
        self.fields, self.shown_on, self.accept, self.first, self.last = {}, {}, {}, None, None
        self.style = {"date": r.choice(DATE_FMTS), "name": r.choice(NAME_FMTS), "refname": r.choice(["first", "first", "last", "FIRST"]),
                      "phone": r.choice(PHONE_FMTS), "dot": r.random() < .88, "cb": r.choice(["sq", "sq", "sqv", "fill", "br", "par"]),
                      "sex": r.choice(["word", "letter", "word", "WORD"])}

    # --- what templates call
    def has(self, key):
        return key in self.case.values

    def drop(self, *keys):
        """this layout has no place for these (or leaves them out)"""
        for k in keys:
            self.case.values.pop(k, None)

    def _reg(self, key, shown=None):
        self.fields[key] = self.case.values[key]
        pg = len(self.b.pages) + 1
        if pg not in self.shown_on.setdefault(key, []):
            self.shown_on[key].append(pg)
        if shown:
            self.b.expect.append((pg, key, shown))

    def text(self, key, fmt=None, also=None):
        if key not in self.case.values:
            return ""
        v, st = self.case.values[key], self.style
        if key in ("patient.birth_date", "referral.date"):
            s = fmt_date(v, fmt or st["date"])
        elif key.endswith((".phone", ".fax")):
            s = fmt_phone(v, fmt or st["phone"])
        elif key == "patient.name":
            s = fmt_name(self.x["patient"], fmt or st["name"])
        elif key == "referrer.name":
            f = fmt or st["refname"]
            s = fmt_name(self.x["referrer"], f if f != "cred" else "first") + ("" if f == "plain" else f", {self.x['cred']}")
        elif key == "recipient.name":
            s = fmt_name(self.x["recipient"], "first")
            s = f"Dr. {s}" if (fmt or st["refname"]) != "last" else f"{s}, {self.x['rcred']}"
        elif key == "patient.sex":
            s = {"word": v.capitalize(), "WORD": v.upper(), "letter": {"other": "X"}.get(v, v[0].upper())}[fmt or st["sex"]]
        elif key == "referral.urgency":
            s = fmt or self.pick(URG_WORDS[v])
        elif key == "referral.service":
            s = fmt or self.pick(SERVICE_WORDS[v])
        elif key == "referral.specialty":
            s = fmt or self.x["spec_shown"]
        elif key == "referral.reason":
            s = v + ("." if (fmt or ".") == "." else "")
        elif key == "referral.diagnoses":
            s = ", ".join(self.code(c) for c in v)
        elif key == "referral.procedures":
            s = ", ".join(v)
        else:
            s = v.upper() if fmt == "upper" else v
        self._reg(key, s)
        if also:
            self.accept.setdefault(key, []).append(also)
        return s

    def __call__(self, key, fmt=None, also=None):
        s = self.text(key, fmt, also)
        return Markup('<span class="v">%s</span>') % s if s else Markup('<span class="v">&nbsp;</span>')

    def csz(self, fmt="{c}, {s} {z}"):
        return Markup('<span class="v">%s</span>') % fmt.format(c=self.text("patient.address.city"), s=self.text("patient.address.state"), z=self.text("patient.address.postal_code"))

    def addr(self):
        return Markup("%s, %s") % (self("patient.address.line"), self.csz())

    def code(self, c):
        return c if self.style["dot"] else c.replace(".", "")

    def dx(self):
        if not self.has("referral.diagnoses"):
            return []
        out = [(self.code(c), d) for c, d in self.case.dx]
        self._reg("referral.diagnoses")
        pg = len(self.b.pages) + 1
        self.b.expect += [(pg, "referral.diagnoses", c) for c, _ in out]
        return out

    def cpt(self):
        if not self.has("referral.procedures"):
            return []
        self._reg("referral.procedures")
        pg = len(self.b.pages) + 1
        self.b.expect += [(pg, "referral.procedures", c) for c, _ in self.case.procs]
        return self.case.procs

    def pick(self, xs):
        return self.rng.choice(xs)

    def box(self, on, style=None):
        style = style or self.style["cb"]
        return {"sq": lambda: Markup('<span class="cb">%s</span>') % ("X" if on else ""),
                "sqv": lambda: Markup('<span class="cb">%s</span>') % ("\u2713" if on else ""),
                "fill": lambda: Markup('<span class="cb" style="%s"></span>') % ("background:#000" if on else ""),
                "br": lambda: Markup("[%s] ") % ("X" if on else Markup("&nbsp;&nbsp;")),
                "par": lambda: Markup("(%s) ") % ("x" if on else Markup("&nbsp;&nbsp;")),
                "line": lambda: Markup("<u>&nbsp;%s&nbsp;</u> ") % ("X" if on else Markup("&nbsp;&nbsp;")),
                "uni": lambda: Markup("<span style=\"font-family:'DejaVu Sans'\">%s</span> ") % ("\u2612" if on else "\u2610")}[style]()

    def boxes(self, key, options, style=None, sep=" "):
        """check boxes; options [(canonical, label)]; the key counts as shown only if its value is among them"""
        v = self.case.values.get(key)
        if v in [o for o, _ in options]:
            self._reg(key)
        out = []
        for o, lab in options:
            if style == "circle":
                out.append(Markup('<span class="opt %s">%s</span>') % ("circ" if o == v else "uncirc", lab))
            else:
                out.append(Markup('<span class="opt">%s%s</span>') % (self.box(o == v, style), lab))
        return Markup(sep).join(out)

    def d(self, date, fmt=None):
        return fmt_date(date, fmt or self.style["date"])

    def ph(self, e164, fmt=None):
        return fmt_phone(e164, fmt or self.style["phone"])

    # --- pages
    def page(self, kind, template, land=False, cls="", **kw):
        html = ENV.from_string(template).render(s=self, x=self.x, b=self.b, pick=self.pick, **kw)
        self.b.add(kind, html, land, cls)
        n = len(self.b.pages)
        self.first = self.first or n
        self.last = n


class Book:
    """one delivered file"""
    def __init__(self, rng, fake, folder):
        self.rng, self.fake, self.folder = rng, fake, folder
        self.pages, self.docs, self.expect, self.css = [], [], [], ""

    def case(self, **kw):
        return world.make_case(self.rng, self.fake, icd10.get_description, **kw)

    def doc(self, kind, case):
        d = Doc(self, kind, case)
        self.docs.append(d)
        return d

    def add(self, kind, html, land=False, cls=""):
        self.pages.append((kind, html, land, cls))

    def blank(self):
        self.add("blank", "")

    def font_css(self, family, file):
        data = base64.b64encode(open(os.path.join(self.folder, "fonts", file), "rb").read()).decode()
        return f"@font-face{{font-family:'{family}';src:url(data:font/woff2;base64,{data}) format('woff2')}}"

    def html(self):
        body = "".join(f'<section class="page {"land" if land else ""} {cls}">{h}</section>' for _, h, land, cls in self.pages)
        js = """<script>(async()=>{await document.fonts.ready;let bad=[];document.querySelectorAll('.page').forEach((p,i)=>{const r=p.getBoundingClientRect();
p.querySelectorAll('*').forEach(e=>{const q=e.getBoundingClientRect();if(q.width&&(q.bottom>r.bottom-6||q.right>r.right-6||q.left<r.left-1))bad.push((i+1)+':'+e.tagName+'.'+e.className+' '+(e.textContent||'').slice(0,30))});
p.querySelectorAll('.v,.clip').forEach(e=>{for(let a=e;a&&a!==p;a=a.parentElement){const o=getComputedStyle(a).overflow;if(o==='hidden'&&(a.scrollWidth>a.clientWidth+1||a.scrollHeight>a.clientHeight+1)){bad.push((i+1)+':clipped '+e.textContent)}}})});
document.title=bad.length?'BAD '+bad.slice(0,3).join(' | '):'OK'})()</script>"""
        return f'<!doctype html><html><head><meta charset="utf-8"><title>-</title><style>{BASE_CSS}{self.css}</style></head><body>{body}{js}</body></html>'


def chromium_pdf(html, out, profile):
    with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False) as f:
        f.write(html)
    try:
        cmd = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", "--virtual-time-budget=4000", "--no-pdf-header-footer", f"--print-to-pdf={out}", "file://" + f.name]
        for _ in range(3):
            subprocess.run(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
            if os.path.exists(out):
                with pikepdf.open(out) as p:
                    if str(p.docinfo.get("/Title", "-")) != "-":  # the page's own check has run
                        return
        raise RuntimeError("chromium made no checked PDF")
    finally:
        os.unlink(f.name)


def squash(s):
    s = re.sub(r"\s+", "", s).lower()
    return s.replace("\u2019", "'").replace("\ufb01", "fi").replace("\ufb02", "fl").replace("\ufb00", "ff").replace("\ufb03", "ffi")


def verify(book, pdf):
    """every value in the truth is really in the PDF's text, on its page, and nothing ran off the paper"""
    with pikepdf.open(pdf) as p:
        title, n = str(p.docinfo.get("/Title", "")), len(p.pages)
    errs = []
    if title != "OK":
        errs.append("layout: " + title)
    if n != len(book.pages):
        errs.append(f"pages {n} != {len(book.pages)}")
    txt = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True).stdout.split("\f")
    txt = [squash(t) for t in txt]
    for pg, key, s in book.expect:
        if pg <= len(txt) and squash(s) not in txt[pg - 1]:
            errs.append(f"p{pg} {key} {s!r} not in text")
    return errs


def load_layouts(family):
    folder = os.path.join(HERE, "layouts", family)
    mods = []
    for f in sorted(os.listdir(folder)):
        if f.endswith(".py") and not f.startswith("_"):
            sp = importlib.util.spec_from_file_location(f"{family}_{f[:-3]}", os.path.join(folder, f))
            m = importlib.util.module_from_spec(sp)
            sys.dont_write_bytecode = True
            sp.loader.exec_module(m)
            m.NAME, m.FOLDER = f[:-3], folder
            mods.append(m)
    return mods


def plan(mods, count):
    """[(layout, instance)]: non-referral layouts get their NUMBER each (default 2), referral layouts share the rest"""
    non = [m for m in mods if getattr(m, "NON_REFERRAL", False)]
    ref = [m for m in mods if m not in non]
    jobs = [(m, i) for m in non for i in range(getattr(m, "NUMBER", 2))]
    for k in range(count - len(jobs)):
        jobs.append((ref[k % len(ref)], k // len(ref)))
    return jobs, ref, non


EXTRA = ["fax_degraded", "digital", "fax_fine", "scan_gray", "fax_standard", "fax_degraded", "fax_fine_pdf", "upside_down"]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--family", required=True, help="a folder of layouts/")
    ap.add_argument("--count", type=int, default=60)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--out", required=True)
    ap.add_argument("--only", help="layout name")
    ap.add_argument("--delivery", help="force one delivery")
    ap.add_argument("--redo", help="only the files whose planned delivery is this")
    ap.add_argument("--limit", type=int, help="instances per layout")
    ap.add_argument("--keep-pdf", action="store_true", help="also keep the born-digital PDF as BASE.src.pdf")
    a = ap.parse_args()
    out = a.out
    os.makedirs(out, exist_ok=True)
    mods = load_layouts(a.family)
    jobs, ref, non = plan(mods, a.count)
    order = list(range(len(jobs)))
    random.Random(a.seed).shuffle(order)  # file numbers tell nothing
    number = {j: k + 1 for k, j in enumerate(order)}
    profile = tempfile.mkdtemp(prefix="corpus-chromium-")
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    failed = 0
    for j, (m, i) in enumerate(jobs):
        if a.only and m.NAME != a.only or a.limit and i >= a.limit:
            continue
        seed = zlib.crc32(f"{a.seed}/{a.family}/{m.NAME}/{i}".encode())
        pos = (ref.index(m) if m in ref else non.index(m) * 3 + 1)
        D = delivery.DELIVERIES
        kind = a.delivery or (D[(i + pos) % 8] if i < 8 else EXTRA[(i - 8 + pos) % 8])
        name = f"{a.family}-{number[j]:04d}"
        if a.redo and kind != a.redo:
            continue
        for attempt in range(6):
            rng = random.Random(seed + attempt)
            fake = Faker("en_US")
            fake.seed_instance(seed + attempt)
            book = Book(rng, fake, m.FOLDER)
            m.build(book)
            with tempfile.TemporaryDirectory() as td:
                pdf = f"{td}/a.pdf"
                chromium_pdf(book.html(), pdf, profile)
                errs = verify(book, pdf)
                if errs:
                    print(f"  {name} {m.NAME} try {attempt}: {errs[:4]}", file=sys.stderr)
                    continue
                x = book.docs[0].x if book.docs else book.case().x
                info = {"landscape": [p[2] for p in book.pages], "tti_style": rng.randint(0, 2), "tti_date": x["ref_date"].strftime("%b-%d-%Y"),
                        "tti_time": f"{rng.randint(7, 18):02d}:{rng.randint(0, 59):02d}", "tti_who": x["place"] + " CLINIC",
                        "tti_num": fmt_phone(world.phone(rng, x["area"]), "{a}{x}{n}"), "tti_to": fmt_phone(x["rec_fax"], "{a}{x}{n}")}
                path, rot = delivery.deliver(kind, pdf, os.path.join(out, name), seed, info)
                if a.keep_pdf:
                    os.replace(pdf, os.path.join(out, name + ".src.pdf"))
            break
        else:
            failed += 1
            print(f"FAILED {name} {m.NAME}", file=sys.stderr)
            continue
        truth = {"file": os.path.basename(path), "layout": m.NAME, "delivery": kind, "seed": seed + attempt,
                 "pages": [{"kind": p[0], "rotation": r} for p, r in zip(book.pages, rot)], "documents": []}
        for d in book.docs:
            e = {"kind": d.kind, "pages": [d.first, d.last], "fields": dict(sorted(d.fields.items())), "shown_on": dict(sorted(d.shown_on.items()))}
            if d.accept:
                e["accept"] = d.accept
            truth["documents"].append(e)
        if not book.docs:
            truth["documents"].append({"kind": "other", "pages": [1, len(book.pages)], "fields": {}})
        js = re.sub(r"\[\s+(\d+(?:,\s+\d+)*)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", json.dumps(truth, indent=1, ensure_ascii=False))
        with open(os.path.join(out, name + ".json"), "w") as f:
            f.write(js + "\n")
        print(f"{name} {m.NAME}#{i} {kind} {len(book.pages)}p {os.path.getsize(path) // 1024} KiB", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
