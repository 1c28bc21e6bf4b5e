#!/usr/bin/env python3
"""Reads the files of OpenTofu without OpenTofu: their syntax, that every name in them is one, and what must not be lost.

    tofu.py FOLDER

It knows nothing of the provider: `tofu validate` does, where there is a network.
"""
import re
import sys
from pathlib import Path

import hcl2


def blocks(text):
    """(kind, labels, body) of every top-level block."""
    for begun in re.finditer(r'^(\w+)((?: "[\w-]+")*) \{(?:\}$|\n(.*?)^\})', text, re.M | re.S):
        yield begun[1], re.findall(r'"([\w-]+)"', begun[2]), begun[3] or ""


def declared(text):
    names = set()
    for kind, labels, body in blocks(text):
        if kind == "resource":
            names.add(".".join(labels))
        elif kind == "data":
            names.add("data." + ".".join(labels))
        elif kind == "variable":
            names.add("var." + labels[0])
        elif kind == "locals":
            names.update("local." + name for name in re.findall(r"^  (\w+) +=", body, re.M))
    return names


def used(text):
    # What is quoted is no name, but for what stands in ${…}.
    code = re.sub(r'"((?:[^"\\$]|\\.|\$\{[^}]*\})*)"', lambda quoted: " ".join(re.findall(r"\$\{([^}]*)\}", quoted[1])), text)
    code += " ".join(re.findall(r"\$\{([^}]*)\}", text))
    return set(re.findall(r"\b((?:var|local)\.\w+|(?:data\.)?aws_\w+\.\w+)", code))


def faults(text):
    names, uses = declared(text), used(text)
    for name in sorted(uses - names):
        yield f"{name} is not declared"
    for name in sorted(name for name in names - uses if name.startswith(("var.", "local."))):
        yield f"{name} is used nowhere"
    bodies = {(kind, *labels): body for kind, labels, body in blocks(text)}
    buckets = [labels for _, *labels in bodies if labels and labels[0] == "aws_s3_bucket"]
    for _, name in buckets:
        if f"local.{name}" not in bodies.get(("locals",), "") and not re.search(rf"buckets += .*local\.{name}\b", text):
            yield f"the bucket {name} is not among local.buckets"
    for companion in ("versioning", "server_side_encryption_configuration", "public_access_block", "policy"):
        if "for_each" not in bodies.get(("resource", f"aws_s3_bucket_{companion}", "all"), ""):
            yield f"not every bucket has its {companion}"
    for (kind, *labels), body in bodies.items():
        if labels and labels[0] == "aws_kms_key" and not re.search(r"enable_key_rotation += true", body):
            yield f"{labels[1]} is not rotated"
        for statement in re.findall(r"  statement \{\n.*?^  \}", body, re.M | re.S):
            if "kms:GenerateDataKey" in statement and "condition {" not in statement:
                yield f"{'.'.join(labels)} lets a key be used without a condition"
            if re.search(r'sid += "Sealing"', statement) and "kms:EncryptionContext:tenant" not in statement:
                yield f"{'.'.join(labels)} does not ask for the tenant"
    if "object_lock_enabled = true" not in bodies.get(("resource", "aws_s3_bucket", "checkpoints"), ""):
        yield "checkpoints can be removed"


def main():
    whole = ""
    for path in sorted(Path(sys.argv[1]).glob("*.tf")):
        text = path.read_text()
        try:
            hcl2.loads(text)
        except Exception as error:
            sys.exit(f"{path}: {str(error).splitlines()[0]}")
        whole += re.sub(r"^\s*#.*\n", "", text, flags=re.M)
    found = list(faults(whole))
    for fault in found:
        print(f"infra/tofu: {fault}", file=sys.stderr)
    sys.exit(1 if found or not whole else 0)


if __name__ == "__main__":
    main()
