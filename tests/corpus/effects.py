"""What faxing and scanning do to the image of a page (gray, white 255). Every r is a numpy random generator."""
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FAX_WIDTH = 1728
HEADER_HEIGHT = 40
HEADER_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
HEADER_STYLES = ["{d} {t}  {who:<26.26} {num}   P.{p:03d}/{n:03d}", "From: {num}   To: {to}   {d} {t}   Page: {p}/{n}",
                 "{d}  {t}  FAX {num}  {who:.24}  -> {to}   {p:04d}/{n:04d}"]
# an ordered pattern, as fax servers print shading: the edges of letters stay firm
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 * 110 - 55


def turn(image, clockwise):
    return image if clockwise == 0 else np.ascontiguousarray(np.rot90(image, -clockwise // 90))


def noise(r, strength, shape):
    return r.normal(0, strength, shape).astype(np.float32)


def black_white(gray, level):
    return np.where(gray < level, 0, 255).astype(np.uint8)


def fit_fax(image):
    """as wide as a fax line, cut or filled on both sides"""
    height, width = image.shape
    edge = abs(width - FAX_WIDTH) // 2
    if width >= FAX_WIDTH:
        return image[:, edge:edge + FAX_WIDTH]
    out = np.full((height, FAX_WIDTH), 255, np.uint8)
    out[:, edge:edge + width] = image
    return out


def threshold(image, r, level, strength, dither=False):
    gray = image.astype(np.float32) + noise(r, strength, image.shape)
    if dither:
        height, width = image.shape
        gray = gray + np.tile(BAYER, (height // 4 + 1, width // 4 + 1))[:height, :width]
    return black_white(gray, level)


def header(image, info, page, pages, stretch=1):
    """The line that the sending machine prints over the top margin. stretch: .5 on a page of half the lines."""
    text = HEADER_STYLES[info["tti_style"]].format(d=info["tti_date"], t=info["tti_time"], who=info["tti_who"].upper(),
                                                   num=info["tti_num"], to=info["tti_to"], p=page, n=pages)
    strip = Image.new("L", (FAX_WIDTH, HEADER_HEIGHT), 255)
    ImageDraw.Draw(strip).text((60, 4), text, fill=0, font=ImageFont.truetype(HEADER_FONT, 26))
    band = black_white(np.array(strip), 128)
    if stretch != 1:
        band = cv2.resize(band, (FAX_WIDTH, int(HEADER_HEIGHT * stretch)), interpolation=cv2.INTER_NEAREST)
    out = image.copy()
    out[:band.shape[0]] = np.minimum(out[:band.shape[0]], band)
    return out


def warp(image, degrees, scale_x, scale_y, dx, dy, pixel_ratio=1.0, background=255):
    """Turns and scales about the centre. pixel_ratio: dots an inch down over those across; fax dots are not square."""
    height, width = image.shape
    t = np.deg2rad(degrees)
    rotation = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    square = np.diag([1, pixel_ratio])
    matrix = square @ rotation @ np.diag([scale_x, scale_y]) @ np.linalg.inv(square)
    centre = np.array([width / 2, height / 2])
    offset = centre - matrix @ centre + np.array([dx, dy])
    return cv2.warpAffine(image, np.hstack([matrix, offset[:, None]]), (width, height), flags=cv2.INTER_LINEAR, borderValue=background)


def fade(image, r, severity):
    """blur, smooth bands of fading across and down the page, noise: then black and white"""
    height, width = image.shape
    gray = cv2.GaussianBlur(image, (0, 0), r.uniform(.5, .65) + .3 * severity).astype(np.float32)
    low = r.uniform(.7, .8) - .2 * severity
    across = cv2.resize(r.uniform(low, 1.05, (1, 7)).astype(np.float32), (width, 1), interpolation=cv2.INTER_CUBIC)
    down = cv2.resize(r.uniform(low + .1, 1.05, (5, 1)).astype(np.float32), (1, height), interpolation=cv2.INTER_CUBIC)
    gray = 255 - (255 - gray) * np.clip(across * down, .54, 1.1)
    gray += noise(r, r.uniform(9, 14) + 12 * severity, gray.shape)
    return black_white(gray, r.uniform(158, 182))


def speckle(page, r, severity):
    """black grains, and fewer white holes"""
    height, width = page.shape
    grains = int(height * width * (r.uniform(.00008, .0003) + .0004 * severity))
    ys, xs = r.integers(0, height - 3, grains), r.integers(0, width - 3, grains)
    for y, x, size in zip(ys, xs, r.integers(1, 4, grains)):
        page[y:y + max(1, size - 1), x:x + size] = 0
    holes = int(grains * .6)
    for y, x in zip(r.integers(0, height - 3, holes), r.integers(0, width - 3, holes)):
        page[y:y + 1, x:x + 2] = 255


def break_lines(page, r):
    """scan lines that are lost, repeated, shifted or struck through"""
    height, width = page.shape
    for _ in range(int(r.integers(3, 10))):
        y, kind = int(r.integers(60, height - 40)), r.integers(0, 4)
        if kind == 0:
            page[y, int(r.integers(0, width // 2)):] = 255
        elif kind == 1:
            page[y:y + 2] = page[y - 1]
        elif kind == 2:
            lines = int(r.integers(2, 5))
            page[y:y + lines] = np.roll(page[y:y + lines], int(r.integers(-24, 24)), axis=1)
        else:
            x = int(r.integers(0, width - 500))
            page[y, x:x + int(r.integers(80, 500))] = 0


def degrade(image, r):
    """a bad fax: image is gray, 204 by 196 dots an inch, of fax width"""
    severity, scale = r.random(), r.uniform(0.955, 0.995)
    degrees = float(np.clip(r.normal(0, 1.0), -2, 2))
    if abs(degrees) < .3:
        degrees = .3 if degrees >= 0 else -.3
    image = warp(image, degrees, scale, scale * r.uniform(.99, 1.01), r.uniform(-8, 8), r.uniform(4, 22), 196 / 204)
    page = fade(image, r, severity)
    speckle(page, r, severity)
    break_lines(page, r)
    if r.random() < .4:  # dirt on the glass draws a line down the page
        height, width = page.shape
        x = int(r.choice([r.integers(10, 90), r.integers(width - 90, width - 10), r.integers(100, width - 100)]))
        page[r.random(height) < .8, x] = 0
    return page


def scan(image, r, skew, grain, ink):
    """a flat-bed scan. skew: degrees at most; grain: noise; ink: how dark black is"""
    width = image.shape[1]
    paper = r.uniform(234, 248)
    gray = (image.astype(np.float32) / 255 * (paper - ink) + ink).astype(np.uint8)
    gray = warp(gray, r.uniform(-skew, skew), 1, 1, r.uniform(-5, 5), r.uniform(-5, 5), background=int(paper)).astype(np.float32)
    gray = cv2.GaussianBlur(gray, (0, 0), r.uniform(.45, .75))
    gray += np.linspace(r.uniform(-8, 0), r.uniform(-8, 4), width, dtype=np.float32)[None, :]  # the lamp is not even
    if r.random() < .5:
        shadow = int(r.integers(15, 45))
        gray[:, :shadow] -= np.linspace(r.uniform(30, 90), 0, shadow, dtype=np.float32)[None, :]
    gray += cv2.GaussianBlur(noise(r, grain, gray.shape), (0, 0), .6)
    return np.clip(gray, 0, 255).astype(np.uint8)
