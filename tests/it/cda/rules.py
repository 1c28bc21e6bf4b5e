#!/usr/bin/python3
"""Holds a C-CDA document against HL7's own Schematron rules for R2.1: `rules.py FOLDER DOCUMENT…` prints each rule that fails.

FOLDER holds Consolidation.sch and voc.xml, as `infra/setup test` puts them there. Only the rules whose breach is an error
are asked. lxml evaluates their XPath; nothing of Referloop's has a part in it.
"""
import os
import sys

from lxml import etree

SCH = "{http://purl.oclc.org/dsdl/schematron}"


def main(folder, documents):
    schema = etree.parse(os.path.join(folder, "Consolidation.sch"), etree.XMLParser(huge_tree=True)).getroot()
    namespaces = {ns.get("prefix"): ns.get("uri") for ns in schema.iter(f"{SCH}ns")}
    code_lists = []

    def document_function(_context, _name):
        if not code_lists:
            # The rules step on from a document to its root element.
            holder = etree.Element("document")
            holder.append(etree.parse(os.path.join(folder, "voc.xml"), etree.XMLParser(huge_tree=True)).getroot())
            code_lists.append(holder)
        return code_lists

    etree.FunctionNamespace(None)["document"] = document_function
    active = {entry.get("pattern") for phase in schema.iter(f"{SCH}phase") if phase.get("id") == "errors"
              for entry in phase.iter(f"{SCH}active")}
    rules = {rule.get("id"): rule for rule in schema.iter(f"{SCH}rule")}
    asked = 0
    for path in documents:
        tree = etree.parse(path)
        for pattern in schema.iter(f"{SCH}pattern"):
            if pattern.get("id") not in active:
                continue
            taken = set()
            for rule in pattern.iter(f"{SCH}rule"):
                if rule.get("abstract") == "true":
                    continue
                for node in nodes(tree, rule.get("context"), namespaces):
                    # The first rule of a pattern that fits a node is the only one.
                    if node in taken:
                        continue
                    taken.add(node)
                    known = {}
                    for check in checks(rule, rules):
                        if check.tag == f"{SCH}let":
                            value = f"string({check.get('value')})"
                            known[check.get("name")] = node.xpath(value, namespaces=namespaces, **known)
                            continue
                        asked += 1
                        if not node.xpath(f"boolean({check.get('test')})", namespaces=namespaces, **known):
                            print(f"{tree.getpath(node)}: {' '.join(' '.join(check.itertext()).split())}")
    print(f"{asked} rules asked", file=sys.stderr)


def nodes(tree, context, namespaces):
    path = " | ".join(one if one.strip().startswith("/") else f"//{one.strip()}" for one in alternatives(context))
    return tree.xpath(path, namespaces=namespaces)


def alternatives(context):
    """The parts of a context between bars that stand in no brackets."""
    depth, start = 0, 0
    for at, character in enumerate(context):
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            yield context[start:at]
            start = at + 1
    yield context[start:]


def checks(rule, rules):
    """What a rule asserts, and the names that it gives to values, with those of the rules that it extends."""
    for child in rule:
        if child.tag in (f"{SCH}assert", f"{SCH}let"):
            yield child
        elif child.tag == f"{SCH}extends":
            yield from checks(rules[child.get("rule")], rules)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
