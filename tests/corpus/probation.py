#!/usr/bin/env python3
"""What the first look at new senders is worth (decision 0017): of a corpus with its extraction, how many documents go straight through and
how many of those are wrong, when a value is trusted only after the same layout's same label was right so often running.

    probation.py target/corpus/i=i.ndjson [--table rules/confidence.toml] [--runs 0 1 2 3 5 8]

A layout stands for a sender. Files come in 40 shuffled orders; figures are means. A person corrects every wrong value that they are asked
about, and nobody ever sees what goes straight through."""
import argparse
import collections
import random
import tomllib

import score
import tally


class Certain(tally.Tally):
    """collects of each referral (layout, is it ready?, has it a wrong critical value?, {(key, place): right} of certain values)"""

    def __init__(self, thresholds):
        super().__init__()
        self.thresholds, self.referrals = thresholds, []

    def add_fields(self, file, true, found):
        wrong, missed, any_wrong = super().add_fields(file, true, found)
        troubled = {problem["field"] for problem in found.get("problems", [])}
        certain = {}
        for key in tally.CRITICAL:
            value = found.get("fields", {}).get(key)
            if value and key not in troubled and value["confidence"] >= self.thresholds.get(key, 0.9):
                certain[key, value["rule"].split(" ", 1)[-1]] = key not in wrong
        self.referrals.append((file["layout"], found.get("state") == "ready", bool(wrong), certain))
        return wrong, missed, any_wrong


def went_through(referrals, runs):
    """(how many go straight through, how many of them are wrong)"""
    history = collections.defaultdict(lambda: collections.deque(maxlen=runs))
    through = wrong_ones = 0
    for layout, ready, wrong, certain in referrals:
        looks = {place: history[layout, place] for place in certain}
        untried = {place for place, look in looks.items() if len(look) < runs or not all(look)}
        if ready and not untried:
            through, wrong_ones = through + 1, wrong_ones + wrong
            continue
        for place in untried:
            looks[place].append(certain[place])
    return through, wrong_ones


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", metavar="CORPUS=NDJSON")
    parser.add_argument("--table", default="rules/confidence.toml")
    parser.add_argument("--runs", nargs="+", type=int, default=[0, 1, 2, 3, 5, 8])
    options = parser.parse_args()
    with open(options.table, "rb") as file:
        thresholds = tomllib.load(file)["threshold"]
    referrals = []
    for part in options.parts:
        corpus, extracted = part.split("=")
        certain = Certain(thresholds)
        score.add_files(certain, corpus, extracted)
        referrals += [(corpus + layout, *rest) for layout, *rest in certain.referrals]
    orders = [random.Random(seed).sample(referrals, len(referrals)) for seed in range(40)]
    print(f"{len(referrals)} referrals")
    for runs in options.runs:
        sums = [sum(pair) / len(orders) for pair in zip(*(went_through(order, runs) for order in orders))]
        print(f"{runs} right running: {sums[0]:6.1f} go through, {sums[1]:5.2f} wrong ({100 * sums[1] / max(sums[0], 1):.2f} %)")


if __name__ == "__main__":
    main()
