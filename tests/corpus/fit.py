#!/usr/bin/env python3
"""Fits rules/confidence.toml:  fit.py CORPUS=EXTRACTED.ndjson… --out rules/confidence.toml [--test CORPUS=EXTRACTED.ndjson…] [--solve CORPUS=EXTRACTED.ndjson…]

CORPUS is a folder that make.py filled, EXTRACTED what `referloop extract --json` said of its files. A logistic model
over what speaks for each value (src/extraction/confidence.rs), with a ridge, by Newton's method. Without --out it only
tells how well the table that made the file is calibrated.
"""
import argparse
import collections
import json
import os
import tomllib

import numpy as np

import score

PLACES = ["right", "below", "above", "choice", "prose", "letter", "form", "parts", "zone", "leftover"]
SIGNS = ["score", "unlike", "helped", "unsure", "illegible", "exact", "twice", "plain", "worn", "known", "agrees", "agree", "rival", "contradicted", "remarked"]
MOST = 0.998
# Of the documents that go straight through, as many may hold a wrong critical value.
MOST_WRONG = 0.005
# Nothing less sure goes straight through, however few went wrong.
LEAST = 0.90
OWN = ["exact", "twice", "plain", "worn", "agrees", "unsure"]
# What every referral must show; an urgent one does not wait for what only its specialty asks for.
TIERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../rules/tiers.toml")
REMARKS = {"repaired", "not_billable", "unknown_code", "unread_code", "mixed_codes"}


def needed():
    """the keys whose lack keeps any referral back"""
    with open(TIERS, "rb") as f:
        return {key for tier in tomllib.load(f)["tier"] for need in tier["needs"] for key in need["one_of"]}


def signs(key, field, problems):
    """As src/extraction/confidence.rs computes them."""
    e = field["evidence"]
    s = min(max(e["score"], 0.02), 0.98)
    exact = e["scan"] > 0.999
    plain = key in score.CRITICAL and e["likeness"] > 0.97 and e["reading"] > 0.99 and e["rival"] < 0.3 and not problems & (REMARKS | {"contradiction"})
    return [np.log(s / (1 - s)), (1 - e["likeness"]) * 10, 1 - e["reading"], 1 - e["scan"], float(e["scan"] < 0.5), float(exact), float(not exact and e["scan"] > 0.985), float(plain),
            min(e.get("worn", 0.0) * 10, 4.0), e.get("known", 0.0), float(e["agreeing"] > 0), float(e["agreeing"] > 1), e["rival"], float("contradiction" in problems), float(bool(problems & REMARKS))]


def rows(corpus, extracted):
    """(key, place, signs, right, confidence as extracted, document) of each value of each referral; no document where something
    else than a confidence keeps it from going straight through"""
    always = needed()
    for line in open(extracted):
        found = json.loads(line)
        name = os.path.splitext(os.path.basename(found["file"]))[0]
        truth = json.load(open(os.path.join(corpus, name + ".json")))
        blanks = {n + 1 for n, page in enumerate(truth["pages"]) if page["kind"] == "blank"}
        for i, j in score.match_docs(truth["documents"], found["documents"], blanks):
            if j is None:
                continue
            document = found["documents"][j]
            if document["kind"] != "referral":
                continue
            critical = {p["field"] for p in document["problems"]} & set(score.CRITICAL)
            guessed = any(f.get("evidence", {}).get("place") in (("leftover", "form") if k == "referral.diagnoses" else ("leftover",)) for k, f in document["fields"].items() if k in score.CRITICAL)
            held = always & set(document["missing"]) or critical or guessed
            true = truth["documents"][i] if i is not None and truth["documents"][i]["kind"] == "referral" else {"fields": {}}
            for key, field in document["fields"].items():
                if key not in score.FIELDS or "evidence" not in field:
                    continue
                problems = {p["problem"] for p in document["problems"] if p["field"] == key}
                right = score.compare_field(key, true, field["value"])[3]
                yield key, field["evidence"]["place"], signs(key, field, problems), right, field["confidence"], None if held else (corpus, name, j)


def row(key, place, s, keys):
    own = [s[SIGNS.index(name)] for name in OWN]
    beside = [value if key == k else 0.0 for k in score.CRITICAL for value in own]
    return [1.0] + [float(k == key) for k in keys] + [float(p == place) for p in PLACES] + s + beside


def fit(data, keys, ridge=3.0):
    x = np.array([row(key, place, s, keys) for key, place, s, *_ in data])
    y = np.array([float(right) for *_, right, _, _ in data])
    w = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 0.01
    penalty[1 + len(keys) + len(PLACES):] = 0.3  # signs are few, and each is seen often
    limit = {1 + len(keys) + len(PLACES) + SIGNS.index(n) for n in ("contradicted", "remarked")}
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (y - p) - penalty * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        w += np.linalg.solve(hessian, gradient)
        for at in limit:  # a doubt never makes surer
            w[at] = min(w[at], 0.0)
    return w


def probabilities(data, keys, w):
    x = np.array([row(key, place, s, keys) for key, place, s, *_ in data])
    return np.clip(1 / (1 + np.exp(-x @ w)), 1 - MOST, MOST)


def targets(fields):
    """the share of values above its threshold that must be right, for each critical field of rules/fields.toml"""
    with open(fields, "rb") as f:
        catalogue = tomllib.load(f)["field"]
    return {field["key"]: field.get("target", 0.99) for field in catalogue if field.get("critical")}


def documents(data, sure):
    """(corpus, {critical field: (confidence, right)}) of each referral that only its confidences keep from going straight through"""
    found = collections.defaultdict(dict)
    for (key, _, _, right, _, document), confidence in zip(data, sure):
        if document and key in score.CRITICAL:
            found[document][key] = (round(float(confidence), 3), right)
    needed = set(score.CRITICAL) - {"insurance.member_id"}  # who pays for himself has none
    return [(document[0], values) for document, values in found.items() if needed <= set(values)]


def solved(documents, targets):
    """The thresholds with which most documents go straight through, while of the values that do the share right reaches each field's
    target, and of the documents of each corpus no more than MOST_WRONG hold a wrong one. Each threshold is moved alone, as long as
    that lets more through, from many beginnings."""
    keys, corpora = list(targets), sorted({corpus for corpus, _ in documents})
    sure = np.array([[d.get(key, (1.0, True))[0] for key in keys] for _, d in documents])
    right = np.array([[d.get(key, (1.0, True))[1] for key in keys] for _, d in documents])
    has = np.array([[key in d for key in keys] for _, d in documents])
    of = np.array([corpora.index(corpus) for corpus, _ in documents])
    allowance = np.array([1 - targets[key] for key in keys])

    def through(thresholds):
        """how many, or -1 where too many are wrong"""
        gone = (sure >= thresholds - 1e-9).all(axis=1)
        missed = (gone[:, None] & has & ~right).sum(axis=0) > allowance * gone.sum()
        wrong = gone & ~right.all(axis=1)
        spoiled = any(wrong[of == c].sum() > MOST_WRONG * gone[of == c].sum() for c in range(len(corpora)))
        return -1 if missed.any() or spoiled else int(gone.sum())

    steps = np.array([round(LEAST + 0.005 * n, 3) for n in range(20)] + [1.0])
    chance = np.random.default_rng(1)
    best, most = np.ones(len(keys)), through(np.ones(len(keys)))
    for _ in range(60):
        thresholds = chance.choice(steps[8:], len(keys))
        reached = through(thresholds)
        while True:
            moves = [(through(np.where(np.arange(len(keys)) == k, step, thresholds)), step, k) for k in range(len(keys)) for step in steps]
            count, step, k = max(moves)
            if count <= reached:
                break
            thresholds[k], reached = step, count
        if reached > most:
            best, most = thresholds, reached
    return dict(zip(keys, (float(t) for t in best)))


def expected_error(pairs):
    """expected calibration error over ten bins, with each bin's count, mean confidence and share right"""
    bins = collections.defaultdict(list)
    for confidence, right in pairs:
        bins[min(int(confidence * 10), 9)].append((confidence, right))
    table = [(b / 10, len(v), np.mean([c for c, _ in v]), np.mean([r for _, r in v])) for b, v in sorted(bins.items())]
    return sum(n * abs(c - r) for _, n, c, r in table) / max(len(pairs), 1), table


def write(path, w, keys, version, thresholds):
    at = iter(w)
    lines = ["# What speaks for a value, in logits: see src/extraction/confidence.rs. Fitted, not written by hand:", "# `tests/corpus/fit.py` says how.",
             "schema = 1", f"version = {version}", f"start = {next(at):.4f}", f"most = {MOST}", "", "[field]"]
    lines += [f'"{key}" = {next(at):.4f}' for key in keys] + ["", "[place]"]
    lines += [f"{place} = {next(at):.4f}" for place in PLACES] + ["", "[sign]"]
    lines += [f"{sign} = {next(at):.4f}" for sign in SIGNS] + ["", "# Besides, for critical fields.", "[own]"]
    lines += [f'"{key}" = {{ ' + ", ".join(f"{name} = {next(at):.4f}" for name in OWN) + " }" for key in score.CRITICAL]
    lines += ["", "# From where values go straight through, so that of those that do as many are right as the field's target asks for.", "[threshold]"]
    lines += [f'"{key}" = {threshold:.3f}' for key, threshold in sorted(thresholds.items())]
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("sets", nargs="*")
    ap.add_argument("--test", nargs="*", default=[])
    ap.add_argument("--solve", nargs="*", default=[], help="further parts that thresholds must hold on")
    ap.add_argument("--out")
    ap.add_argument("--fields", default="rules/fields.toml", help="where targets stand")
    ap.add_argument("--version", type=int, default=1)
    a = ap.parse_args()
    read = lambda sets: [row for pair in sets for row in rows(*pair.split("=", 1))]
    data, test = read(a.sets), read(a.test)
    if a.out:
        keys = sorted({row[0] for row in data})
        w = fit(data, keys)
        further = read(a.solve)
        held = data + further
        thresholds = solved(documents(held, probabilities(held, keys, w)), targets(a.fields))
        write(a.out, w, keys, a.version, thresholds)
        for name, part in (("fitted on", data), ("left out", test)):
            if len(part):
                p = probabilities(part, keys, w)
                error, table = expected_error([(c, r[3]) for c, r in zip(p, part)])
                print(f"{name}: {len(part)} values, expected calibration error {error:.4f}")
                for low, n, c, r in table:
                    print(f"  {low:.1f}  {n:6d}  said {c:.3f}  right {r:.3f}")
    else:
        error, table = expected_error([(row[4], row[3]) for row in data])
        print(f"as extracted: {len(data)} values, expected calibration error {error:.4f}")
        for low, n, c, r in table:
            print(f"  {low:.1f}  {n:6d}  said {c:.3f}  right {r:.3f}")


if __name__ == "__main__":
    main()
