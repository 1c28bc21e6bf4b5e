#!/usr/bin/env python3
"""Makes icd-10-cm.tsv.gz anew:  pip install simple-icd-10-cm==1.5.0 && rules/codes/make.py

A line a code, sorted: code without its dot, `1` for a billable one or `0` for a category, description.
The list is the federal one (CDC/NCHS, April 2026), in the public domain; the package only carries it.
"""
import gzip
import os

import simple_icd_10_cm as icd

# A code that is both a block and its only category stands in the package twice.
lines = sorted({
    f"{code.replace('.', '')}\t{int(icd.is_leaf(code))}\t{icd.get_description(code)}"
    for code in icd.get_all_codes(True) if len(code) > 2 and "-" not in code and not icd.is_chapter(code)})
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "icd-10-cm.tsv.gz")
with open(out, "wb") as f:
    f.write(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
print(len(lines), os.path.getsize(out))
