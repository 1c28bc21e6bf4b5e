#!/usr/bin/env python3
"""Scores what was extracted against the truth:

    score.py CORPUS EXTRACTED [--json OUT.json] [--errors FIELD|all]

CORPUS: a folder that make.py filled. EXTRACTED: what `referloop extract --json` printed, or a folder of NAME.json; a file
that is missing there counts as empty. What counts as right: values.py. Standard library only.
"""
import argparse
import collections
import glob
import json
import os
import sys

from report import table
from tally import CRITICAL, FIELDS, Tally, compare_field, match_docs
from values import equal

__all__ = ["CRITICAL", "FIELDS", "compare_field", "equal", "match_docs", "score"]
THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99]
NOTHING = {"pages": [], "documents": []}


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def reader(extracted, tally):
    """a function that gives what was extracted from the file of a name"""
    if os.path.isdir(extracted):
        def from_folder(name):
            path = os.path.join(extracted, name + ".json")
            if not os.path.exists(path):
                tally.files["no_prediction"] += 1
                return NOTHING
            try:
                return read_json(path)
            except ValueError:
                tally.files["bad_json"] += 1
                return NOTHING
        return from_folder
    with open(extracted, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    by_name = {os.path.splitext(os.path.basename(line["file"]))[0]: line for line in lines}

    def from_lines(name):
        tally.files["no_prediction"] += name not in by_name
        return by_name.get(name, NOTHING)
    return from_lines


def ratio(part, whole):
    return round(part / whole, 4) if whole else None


def calibration(rows, true_count):
    """at each threshold: how many values pass, and how many of those are wrong"""
    out = []
    for threshold in THRESHOLDS:
        passed = [right for confidence, right, _ in rows if confidence >= threshold]
        out.append({"threshold": threshold, "accepted": len(passed), "coverage": ratio(len(passed), true_count),
                    "error_rate": ratio(sum(not right for right in passed), len(passed))})
    return out


def calibration_error(rows):
    """expected over ten bins: how far what was said is from what came true"""
    bins = collections.defaultdict(list)
    for confidence, right, _ in rows:
        bins[min(9, int(confidence * 10))].append((confidence, right))
    gaps = (abs(sum(c for c, _ in one) / len(one) - sum(r for _, r in one) / len(one)) * len(one) for one in bins.values())
    return round(sum(gaps) / max(1, len(rows)), 4)


def grouped(counts, groups):
    out = {}
    for name in sorted(set(counts) | set(groups)):
        group = groups[name]
        out[name] = dict(counts[name].figures() if name in counts else {}, documents=group["n"],
                         kind_accuracy=ratio(group["kind_ok"], group["n"]), ready_rate=ratio(group["ready"], group["ref"]),
                         ready_wrong=group["ready_wrong"])
    return out


def confusion(kinds, of):
    return {f"{true} -> {found}": n for (what, true, found), n in sorted(kinds.items(), key=str) if what == of}


def straight_through(ready):
    """of what went through without a person"""
    n = ready["ready"]
    wrong_by_field = {key.split(":")[1]: count for key, count in sorted(ready.items()) if key.startswith("wrong:")}
    return {"referrals": ready["referrals"], "ready": n, "rate": ratio(ready["ready_referral"], ready["referrals"]),
            "ready_not_a_referral": ready["not_referral"], "ready_with_wrong_critical": ready["wrong"],
            "wrong_critical_rate": ratio(ready["wrong"], n), "ready_with_missed_critical": ready["missed"],
            "missed_critical_rate": ratio(ready["missed"], n), "any_wrong_field_rate": ratio(ready["any_wrong"], n),
            "wrong_by_field": wrong_by_field}


def figures(tally):
    files, pages, documents = tally.files, tally.pages, tally.documents
    fields = {key: tally.by_field[key].figures() for key in FIELDS if key in tally.by_field}
    macro = {m: round(sum(f[m] for f in fields.values()) / len(fields), 4) if fields else None for m in ("precision", "recall", "f1")}
    return {
        "files": files["n"], "no_prediction": files["no_prediction"], "bad_json": files["bad_json"], "unknown_keys": files["unknown_keys"],
        "micro": tally.total.figures(), "macro": macro, "critical": {key: fields[key] for key in CRITICAL if key in fields},
        "fields": fields, "layouts": grouped(tally.by_layout, tally.groups["layout"]),
        "deliveries": grouped(tally.by_delivery, tally.groups["delivery"]),
        "document_kind": {"n": documents["n"], "accuracy": ratio(documents["kind_ok"], documents["n"]),
                          "referral_or_not_accuracy": ratio(documents["referral_or_not_ok"], documents["n"]),
                          "extra_documents": documents["extra"], "confusion": confusion(tally.kinds, "doc")},
        "page_kind": {"n": pages["n"], "accuracy": ratio(pages["kind_ok"], pages["n"]), "confusion": confusion(tally.kinds, "page")},
        "rotation": {"n": pages["rotation_n"], "accuracy": ratio(pages["rotation_ok"], pages["rotation_n"]),
                     "turned_pages": pages["turned_n"], "turned_accuracy": ratio(pages["turned_ok"], pages["turned_n"])},
        "split": {"n": files["n"], "accuracy": ratio(files["split_ok"], files["n"]), "multi_document_files": files["several"],
                  "multi_accuracy": ratio(files["several_ok"], files["several"])},
        "missing_lists": {"claimed": documents["missing_n"], "truly_absent": ratio(documents["missing_ok"], documents["missing_n"])},
        "calibration": {"truth_fields": tally.true_fields, "predicted_fields": len(tally.rows), "ece": calibration_error(tally.rows),
                        "all": calibration(tally.rows, tally.true_fields),
                        "critical": calibration([row for row in tally.rows if row[2]], tally.true_critical)},
        "straight_through": straight_through(tally.ready)}


def score(corpus, extracted, all_kinds=False, rotation="to_upright", errors=None):
    """the figures; errors: a list to which each wrong or missing value is added"""
    tally = Tally(all_kinds, rotation, errors)
    add_files(tally, corpus, extracted)
    return figures(tally)


def add_files(tally, corpus, extracted):
    found = reader(extracted, tally)
    for path in sorted(glob.glob(os.path.join(corpus, "*.json"))):
        true = read_json(path)
        if "documents" in true:
            tally.add_file(true, found(os.path.basename(path)[:-len(".json")]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("extracted")
    parser.add_argument("--json", help="write the figures here ('-': print them instead of the table)")
    parser.add_argument("--all-kinds", action="store_true", help="score the fields of other documents than referrals too")
    parser.add_argument("--rotation", choices=["to_upright", "applied"], default="to_upright",
                        help="what 'rotation' means: the clockwise turn that makes the page upright, or the one it suffered")
    parser.add_argument("--errors", help="list the errors of this field ('all': of every field)")
    options = parser.parse_args()
    errors = [] if options.errors else None
    result = score(options.corpus, options.extracted, options.all_kinds, options.rotation, errors)
    if options.json == "-":
        json.dump(result, sys.stdout, indent=1)
        return
    print(table(result, CRITICAL))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
    for file, layout, delivery, key, true, value, confidence in errors or []:
        if options.errors in ("all", key):
            print(f"{file}\t{layout}\t{delivery}\t{key}\ttruth={true!r}\tfound={value!r}\tconf={confidence}")


if __name__ == "__main__":
    main()
