#!/usr/bin/env python3
"""Makes a corpus of fictional faxed referrals, with the truth beside each file:

    make.py --family a --count 160 --seed 1 --out FOLDER [--jobs 2]

A layout writes a case on a Book (sheet.py), chromium prints it (printing.py), a delivery spoils it as faxing and scanning
do (delivery.py). The same seed, packages, fonts and chromium make the same files, however many processes work.
"""
import argparse
import concurrent.futures
import importlib.util
import json
import math
import os
import random
import re
import sys
import tempfile
import zlib
from collections import namedtuple

sys.dont_write_bytecode = True  # no __pycache__ among the layouts

import delivery
import formats
import printing
import sheet
import world

HERE = os.path.dirname(os.path.abspath(__file__))
TRIES = 6  # a case with long names may not fit a form: the next one will
# After eight of a layout, each delivery once, the commoner ones weigh more.
LATER = ["fax_degraded", "digital", "fax_fine", "scan_gray", "fax_standard", "fax_degraded", "fax_fine_pdf", "upside_down"]

class Form(random.Random):
    """Chooses for one printed form: the same of the same choices in each file, whatever was asked before."""

    def __init__(self, seed):
        super().__init__(seed)
        self.form = seed

    def choice(self, choices):
        return random.Random(f"{self.form}/{choices!r}").choice(choices)


Job = namedtuple("Job", "layout instance name delivery seed")


def load_layouts(folder):
    """{name: module}; a file that begins with _ is none"""
    modules = {}
    for file in sorted(os.listdir(folder)):
        name, ending = os.path.splitext(file)
        if ending == ".py" and not name.startswith("_"):
            spec = importlib.util.spec_from_file_location("layout_" + name, os.path.join(folder, file))
            modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(modules[name])
    return modules


def plan(layouts, options):
    """One Job a file. Layouts without a referral get their NUMBER each (2 if they don't say), the others share the rest."""
    others = [name for name, module in layouts.items() if getattr(module, "NON_REFERRAL", False)]
    referrals = [name for name in layouts if name not in others]
    pairs = [(name, i) for name in others for i in range(getattr(layouts[name], "NUMBER", 2))]
    if referrals:
        pairs += [(referrals[k % len(referrals)], k // len(referrals)) for k in range(options.count - len(pairs))]
    # With 8 layouts, or 4, each would get the same deliveries again and again: so go on by one after each round.
    round_of_deliveries = 8 // math.gcd(len(referrals), 8)
    order = list(range(len(pairs)))
    random.Random(options.seed).shuffle(order)  # so that a file's number tells nothing
    number = {pair: k + 1 for k, pair in enumerate(order)}
    jobs = []
    for k, (name, i) in enumerate(pairs):
        if options.only and name != options.only or options.limit and i >= options.limit:
            continue
        at = k if name in others else k + i // round_of_deliveries
        kind = options.delivery or (delivery.DELIVERIES if i < 8 else LATER)[at % 8]
        seed = zlib.crc32(f"{options.seed}/{options.family}/{name}/{i}".encode())
        jobs.append(Job(name, i, f"{options.family}-{number[k]:04d}", kind, seed))
    return jobs


def header_line(rng, book):
    """what the sending machine prints on top of each page"""
    x = book.docs[0].x if book.docs else book.case().x
    plain = "{a}{x}{n}"
    return {"tti_style": rng.randint(0, 2), "tti_date": x["ref_date"].strftime("%b-%d-%Y"),
            "tti_time": f"{rng.randint(7, 18):02d}:{rng.randint(0, 59):02d}", "tti_who": x["place"] + " CLINIC",
            "tti_num": formats.phone(world.phone(rng, x["area"]), plain), "tti_to": formats.phone(x["rec_fax"], plain)}


def truth(job, seed, book, file, rotations):
    documents = []
    for doc in book.docs:
        entry = {"kind": doc.kind, "pages": [doc.first, doc.last], "fields": dict(sorted(doc.fields.items())),
                 "shown_on": dict(sorted(doc.shown_on.items()))}
        documents.append(dict(entry, accept=doc.accept) if doc.accept else entry)
    return {"file": file, "layout": job.layout, "delivery": job.delivery, "seed": seed,
            "pages": [{"kind": page[0], "rotation": turned} for page, turned in zip(book.pages, rotations)],
            "documents": documents or [{"kind": "other", "pages": [1, len(book.pages)], "fields": {}}]}


def write_truth(path, told):
    text = json.dumps(told, indent=1, ensure_ascii=False)
    numbers = r"\[\s+(\d+(?:,\s+\d+)*)\s+\]"  # page lists stay on one line
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(numbers, lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n")


class Maker:
    """makes the files of one process, which has its own chromium profile"""

    def __init__(self, folder, out, profiles, form_seed):
        self.form_seed = form_seed
        self.layouts, self.folder, self.out = load_layouts(folder), folder, out
        self.profile = tempfile.mkdtemp(dir=profiles)

    def make(self, job):
        """(what to say of the file that was made, or None; complaints)"""
        complaints = []
        for seed in range(job.seed, job.seed + TRIES):
            rng = random.Random(seed)
            form = None if self.form_seed is None else Form(self.form_seed)
            book = sheet.Book(rng, self.folder, form)
            self.layouts[job.layout].build(book)
            with tempfile.TemporaryDirectory() as scratch:
                pdf = os.path.join(scratch, "printed.pdf")
                printing.make_pdf(book, pdf, self.profile)
                found = printing.faults(book, pdf)
                if found:
                    complaints.append(f"  {job.name} {job.layout} try {seed - job.seed}: {found[:4]}")
                    continue
                info = dict(header_line(rng, book), landscape=[page[2] for page in book.pages])
                base = os.path.join(self.out, job.name)
                path, rotations = delivery.deliver(job.delivery, pdf, base, job.seed, info)
            write_truth(base + ".json", truth(job, seed, book, os.path.basename(path), rotations))
            size = os.path.getsize(path) // 1024
            return f"{job.name} {job.layout}#{job.instance} {job.delivery} {len(book.pages)}p {size} KiB", complaints
        return None, complaints + [f"FAILED {job.name} {job.layout}"]


def start(*about):
    """in each process, once"""
    global maker
    maker = Maker(*about)


def make(job):
    return maker.make(job)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", required=True, help="a folder of layouts; files are named after it")
    parser.add_argument("--count", type=int, default=60, help="files in all (60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, help="folder for the files")
    parser.add_argument("--layouts", default=os.path.join(HERE, "layouts"), help="folder of the families")
    parser.add_argument("--only", help="only this layout")
    parser.add_argument("--delivery", choices=delivery.DELIVERIES, help="only this delivery, instead of all eight in turn")
    parser.add_argument("--limit", type=int, help="at most this many of each layout")
    parser.add_argument("--form-seed", type=int, 
                        help="one printed form a layout: this seed chooses its wording and looks, only the case varies")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    return parser.parse_args()


def main():
    options = arguments()
    folder = os.path.join(options.layouts, options.family)
    jobs = plan(load_layouts(folder), options)
    os.makedirs(options.out, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="corpus-", ignore_cleanup_errors=True) as profiles:
        about = (folder, options.out, profiles, options.form_seed)
        with concurrent.futures.ProcessPoolExecutor(options.jobs, initializer=start, initargs=about) as pool:
            for made, complaints in pool.map(make, jobs):
                for complaint in complaints:
                    print(complaint, file=sys.stderr, flush=True)
                if made:
                    print(made, flush=True)
                failed += not made
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
