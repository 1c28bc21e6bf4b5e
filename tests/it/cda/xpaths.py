"""Prints what each XPath of standard input leads to in a document, a line each: xpaths.py DOCUMENT < XPATHS"""
import sys

from lxml import etree

document = etree.parse(sys.argv[1], etree.XMLParser(no_network=True, resolve_entities=False))
for line in sys.stdin:
    found = document.xpath(line.rstrip("\n"))
    assert len(found) == 1, f"{len(found)} nodes: {line}"
    text = found[0] if isinstance(found[0], str) else "".join(found[0].itertext())
    print(" ".join(text.split()))
