#!/usr/bin/env python3
"""Draws how often values of each confidence were right:  reliability.py CORPUS=EXTRACTED.ndjson… --out picture.svg

Each point is a tenth of the values in the order of their confidence, with the 95 % interval of its share of right ones.
On the diagonal, confidence means what it says.
"""
import argparse
import math

import fit

SIDE, EDGE = 420, 56


def wilson(right, count, z=1.96):
    share, spread = right / count, z * math.sqrt(right * (count - right) / count**3 + z * z / (4 * count * count))
    middle, scale = share + z * z / (2 * count), 1 + z * z / count
    return (middle - spread) / scale, (middle + spread) / scale


def points(pairs, parts=10):
    """(mean confidence, share right, low, high, count) of each part"""
    pairs.sort()
    for part in range(parts):
        some = pairs[len(pairs) * part // parts:len(pairs) * (part + 1) // parts]
        if some:
            right = sum(r for _, r in some)
            yield (sum(c for c, _ in some) / len(some), right / len(some), *wilson(right, len(some)), len(some))


def svg(found, error, count):
    at = lambda share: EDGE + share * SIDE
    up = lambda share: EDGE + (1 - share) * SIDE
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + 2 * EDGE} {SIDE + 2 * EDGE}" font-family="sans-serif" font-size="13">',
             f'<rect width="100%" height="100%" fill="#fff"/><rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
             f'<path d="M{at(0)} {up(0)}L{at(1)} {up(1)}" stroke="#999" stroke-dasharray="4 4"/>']
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
        lines.append(f'<text x="{at(share)}" y="{up(0) + 20}" text-anchor="middle">{share:g}</text>'
                     f'<text x="{at(0) - 10}" y="{up(share) + 4}" text-anchor="end">{share:g}</text>')
    for confidence, share, low, high, _ in found:
        x = at(confidence)
        lines.append(f'<path d="M{x:.1f} {up(low):.1f}V{up(high):.1f}" stroke="#2563a8" stroke-width="1.5"/>'
                     f'<circle cx="{x:.1f}" cy="{up(share):.1f}" r="4.5" fill="#2563a8"/>')
    lines.append(f'<text x="{at(0.5)}" y="{SIDE + 2 * EDGE - 8}" text-anchor="middle">confidence</text>'
                 f'<text transform="translate(16 {up(0.5)}) rotate(-90)" text-anchor="middle">share right</text>'
                 f'<text x="{at(0.5)}" y="28" text-anchor="middle">{count} values, expected calibration error {error:.3f}</text></svg>')
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="CORPUS=EXTRACTED")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    pairs = [(confidence, right) for one in options.sets for _, _, _, right, confidence, _ in fit.rows(*one.split("=", 1))]
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(svg(list(points(pairs)), fit.expected_error(pairs)[0], len(pairs)))


if __name__ == "__main__":
    main()
