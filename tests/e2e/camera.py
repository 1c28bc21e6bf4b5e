"""Pictures of screens: all of them for eyes, small ones that are kept in docs/screens, those of the guides in docs/images."""
import io
import os

from conftest import ROOT
from PIL import Image
from playwright.sync_api import expect

# Where every screen goes as it is, and the folder of docs/ that keeps pictures, if they are to be kept.
SCREENS = os.environ.get("REFERLOOP_SCREENS", os.path.join(ROOT, "target", "screens"))
PICTURES = os.environ.get("REFERLOOP_PICTURES")
DESKTOP, PHONE, GUIDE = [{"width": w, "height": h} for w, h in ((1440, 900), (320, 640), (1280, 800))]
# What a picture of a guide may weigh: pages are loaded over slow lines, and kept for ever.
GUIDE_BYTES_MAX = 120_000
# What stays of a screen's size where it is kept: large enough to see what stands where, a tenth of the weight.
KEPT_SCALE = {"light": 0.6, "dark": 0.6, "print": 0.6, "phone": 0.75}


class Camera:
    def __init__(self, page):
        self.page = page
        os.makedirs(SCREENS, exist_ok=True)

    def screen(self, name, heading, picture=None):
        """Three pictures of what is open; `picture` names one for the guides."""
        page = self.page
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            self.shoot(name, scheme)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        self.shoot(name, "phone")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{name} is {wide} wide"
        if picture:
            self.for_guide(picture)
        page.set_viewport_size(DESKTOP)

    def shoot(self, name, look):
        # A page that is laid out anew glides to its place.
        self.page.wait_for_timeout(300)
        shot = self.page.screenshot(full_page=True, animations="disabled")
        with open(os.path.join(SCREENS, f"{name}-{look}.png"), "wb") as file:
            file.write(shot)
        if PICTURES:
            image, scale = Image.open(io.BytesIO(shot)).convert("RGB"), KEPT_SCALE[look]
            image = image.resize([round(side * scale) for side in image.size], Image.Resampling.LANCZOS)
            image.save(os.path.join(PICTURES, "screens", f"{name}-{look}.webp"), quality=50, method=6)

    def for_guide(self, name):
        if not PICTURES:
            return
        self.page.set_viewport_size(GUIDE)
        self.page.wait_for_timeout(300)
        image = Image.open(io.BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        path = os.path.join(PICTURES, "images", f"{name}.png")
        # Nobody sees that there are no more than 256 colours, and it weighs a third.
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        assert os.path.getsize(path) <= GUIDE_BYTES_MAX, f"{name} weighs {os.path.getsize(path)} bytes"


def forget():
    """Before all screens are taken anew: one that is no more would stay."""
    if PICTURES:
        folder = os.path.join(PICTURES, "screens")
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))


def hang_up():
    """The page that shows them all."""
    if not PICTURES:
        return
    folder = os.path.join(PICTURES, "screens")
    looks = {}
    for file in sorted(os.listdir(folder)):
        name, _, look = file.removesuffix(".webp").rpartition("-")
        if file.endswith(".webp"):
            looks.setdefault(name, []).append(look)
    lines = ["# Every screen", "", "In light, in dark and on a phone, as `make pictures` takes them from a running service."]
    for name, taken in looks.items():
        lines += ["", f"## {name.replace('-', ' ').capitalize()}", ""]
        order = sorted(taken, key=list(KEPT_SCALE).index)
        lines.append(" ".join(f'<img src="{name}-{look}.webp" alt="{look}" width="{180 if look == "phone" else 380}">' for look in order))
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
