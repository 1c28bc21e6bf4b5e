#!/usr/bin/env python3
"""Makes names.txt.gz anew:  pip install names==0.3.0 && rules/codes/make_names.py

A name a line, in capitals, sorted: family and given names that many people in the United States have. The lists are the Census
Bureau's (Frequently Occurring Names and Surnames, 1990), in the public domain; the package only carries them.
"""
import gzip
import os

import names

folder = os.path.dirname(names.__file__)
found = set()
for file in ("dist.all.last", "dist.female.first", "dist.male.first"):
    with open(os.path.join(folder, file)) as lines:
        found |= {line.split()[0].upper() for line in lines}
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "names.txt.gz")
with open(out, "wb") as f:
    f.write(gzip.compress(("\n".join(sorted(found)) + "\n").encode(), 9, mtime=0))
print(len(found), os.path.getsize(out))
