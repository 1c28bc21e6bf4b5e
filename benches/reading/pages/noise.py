"""What happens to a page between the sheet and the gateway: skew, then one of several kinds of damage.

All of these take and give grey or black-and-white pixels as numpy arrays, white is 255, and draw from the generator
that they are given.
"""
import numpy as np
from PIL import Image, ImageFilter


def blur(gray, radius):
    return np.asarray(Image.fromarray(gray).filter(ImageFilter.GaussianBlur(radius)))


def skewed(gray, matrix, paper=255):
    """`matrix` maps a place of the result to a place of the sheet (Pillow's way round)."""
    image = Image.fromarray(gray)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=paper))


def black_and_white(gray, level):
    return np.where(gray < level, 0, 255).astype(np.uint8)


def clean(gray, r):
    return black_and_white(gray, r.uniform(160, 190))


def speckle(gray, r):
    """Single pixels of either colour, as a noisy line or a poor sensor leaves them."""
    bits = black_and_white(gray, r.uniform(160, 190))
    share, drawn = r.uniform(.002, .006), r.random(bits.shape)
    bits[drawn < share / 2] = 0
    bits[drawn > 1 - share / 2] = 255
    return bits


def dirt(gray, r):
    """Specks of one to three pixels, and holes in the strokes."""
    bits = black_and_white(gray, r.uniform(155, 185))
    height, width = bits.shape
    count = int(height * width * r.uniform(.0002, .0008))
    for y, x, size in zip(r.integers(0, height - 3, count), r.integers(0, width - 3, count), r.integers(1, 4, count)):
        bits[y:y + max(1, size - 1), x:x + size] = 0
    for y, x in zip(r.integers(0, height - 3, count // 2), r.integers(0, width - 3, count // 2)):
        bits[y, x:x + 2] = 255
    return bits


def faded(gray, r):
    """A tired toner: bands that print pale, and a rough edge to every stroke."""
    height, width = gray.shape
    def band(count, axis_length):
        return np.interp(np.linspace(0, count - 1, axis_length), np.arange(count), r.uniform(.62, 1.05, count))
    ink = (255 - blur(gray, r.uniform(.4, .7)).astype(np.float32)) * np.clip(band(7, width)[None, :] * band(5, height)[:, None], .5, 1.1)
    return black_and_white(255 - ink + r.normal(0, r.uniform(10, 20), gray.shape), r.uniform(165, 185))


def bad_lines(gray, r):
    """Scan lines lost, repeated, shifted or struck through, as errors on a telephone line make them; dust on the glass."""
    bits = clean(gray, r)
    height, width = bits.shape
    for _ in range(int(r.integers(6, 24))):
        y, kind = int(r.integers(40, height - 40)), int(r.integers(0, 4))
        if kind == 0:
            bits[y, int(r.integers(0, width // 2)):] = 255
        elif kind == 1:
            bits[y:y + 2] = bits[y - 1]
        elif kind == 2:
            count = int(r.integers(1, 4))
            bits[y:y + count] = np.roll(bits[y:y + count], int(r.integers(-24, 24)), axis=1)
        else:
            left = int(r.integers(0, width - 500))
            bits[y, left:left + int(r.integers(80, 500))] = 0
    for _ in range(int(r.integers(0, 3))):
        bits[r.random(height) < .8, int(r.integers(20, width - 20))] = 0
    return bits


def copied(gray, r):
    """A copy of a copy: strokes grow thick or thin, corners fill, edges fray."""
    for _ in range(2):
        gray = blur(gray, r.uniform(.6, .9)).astype(np.float32) + r.normal(0, 12, gray.shape)
        gray = black_and_white(gray, r.choice([r.uniform(120, 145), r.uniform(180, 205)]))
    return gray


def dithered(gray, r):
    """A fax server's ordered pattern for everything that is grey, edges of letters among it."""
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 * 110 - 55
    height, width = gray.shape
    pattern = np.tile(bayer, (height // 4 + 1, width // 4 + 1))[:height, :width]
    return black_and_white(gray + pattern + r.normal(0, 8, gray.shape), r.uniform(165, 190))


def coarser(bits, r):
    """Every two lines become one, as a fax in standard resolution sees a sheet."""
    half = Image.fromarray(bits).resize((bits.shape[1], bits.shape[0] // 2), Image.Resampling.BOX)
    return black_and_white(np.asarray(half), r.uniform(140, 185))


def scanned(gray, r):
    """A grey scan: paper that is not white, a shadow at the edge, the sensor's noise."""
    height, width = gray.shape
    paper, ink = r.uniform(228, 248), r.uniform(10, 50)
    light = blur((gray.astype(np.float32) / 255 * (paper - ink) + ink).astype(np.uint8), r.uniform(.4, .8)).astype(np.float32)
    light += np.linspace(r.uniform(-10, 0), r.uniform(-10, 4), width)[None, :]
    if r.random() < .5:
        edge = int(r.integers(15, 45))
        light[:, :edge] -= np.linspace(r.uniform(30, 90), 0, edge)[None, :]
    return np.clip(light + r.normal(0, r.uniform(4, 9), gray.shape), 0, 255).astype(np.uint8)


# Of a fax: black and white when it leaves the machine.
FAX = {"speckle": speckle, "dirt": dirt, "faded": faded, "bad_lines": bad_lines, "copied": copied, "dithered": dithered}
# These happen to the sheet before it is faxed, so they know nothing of how coarse the fax is.
OF_PAPER = {"faded", "copied"}
# Of a sheet scanned to PDF.
SCAN = {"scanned": scanned, "speckle": speckle, "copied": copied}
