"""What a layout writes on: a Book is one delivered file, a Doc one document in it.

A layout is a module with build(book). Its templates call the Doc as `s`; what they ask it to show becomes the truth.
"""
import base64
import os

import jinja2
import simple_icd_10_cm as icd10
from markupsafe import Markup

import formats
import world

TEMPLATES = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
VALUE, SPACE = Markup('<span class="v">%s</span>'), Markup("&nbsp;")


class Doc:
    """One document. fields: the truth so far; shown_on: the pages of each key; accept: other values that count as right."""

    def __init__(self, book, kind, case):
        self.b, self.kind, self.case, self.x, self.rng = book, kind, case, case.x, book.rng
        self.fields, self.shown_on, self.accept, self.first, self.last = {}, {}, {}, None, None
        pick = self.rng.choice
        self.style = {"date": pick(formats.DATES), "name": pick(formats.NAMES), "refname": pick(formats.DOCTOR_NAMES),
                      "phone": pick(formats.PHONES), "dot": self.rng.random() < .88, "cb": pick(formats.CHECK_BOXES),
                      "sex": pick(formats.SEXES)}

    # What is shown, and so is truth

    def has(self, key):
        return key in self.case.values

    def drop(self, *keys):
        """this layout has no place for these"""
        for key in keys:
            self.case.values.pop(key, None)

    def _reg(self, key, shown=None):
        """the coming page shows this key; shown: text that the check must find there"""
        self.fields[key] = self.case.values[key]
        page = len(self.b.pages) + 1
        if page not in self.shown_on.setdefault(key, []):
            self.shown_on[key].append(page)
        if shown:
            self.b.expect.append((page, key, shown))

    def _written(self, key, fmt):
        """the value as this document writes it, or as fmt says"""
        value, style, x = self.case.values[key], self.style, self.x
        if key in ("patient.birth_date", "referral.date"):
            return formats.date(value, fmt or style["date"])
        if key.endswith((".phone", ".fax")):
            return formats.phone(value, fmt or style["phone"])
        if key == "patient.name":
            return formats.name(x["patient"], fmt or style["name"])
        if key == "referrer.name":
            form = fmt or style["refname"]
            shown = formats.name(x["referrer"], "first" if form == "cred" else form)
            return shown if form == "plain" else f"{shown}, {x['cred']}"
        if key == "recipient.name":
            shown = formats.name(x["recipient"], "first")
            return f"{shown}, {x['rcred']}" if (fmt or style["refname"]) == "last" else f"Dr. {shown}"
        if key == "patient.sex":
            return formats.sex(value, fmt or style["sex"])
        if key == "referral.urgency":
            return fmt or self.pick(formats.URGENCY[value])
        if key == "referral.service":
            return fmt or self.pick(formats.SERVICE[value])
        if key == "referral.specialty":
            return fmt or x["spec_shown"]
        if key == "referral.reason":
            return value + ("." if (fmt or ".") == "." else "")
        if key == "referral.diagnoses":
            return ", ".join(self.code(code) for code in value)
        if key == "referral.procedures":
            return ", ".join(value)
        return value.upper() if fmt == "upper" else value

    def text(self, key, fmt=None, also=None):
        """the bare text of a key, "" if the case lacks it; also: another value that counts as right"""
        if not self.has(key):
            return ""
        shown = self._written(key, fmt)
        self._reg(key, shown)
        if also:
            self.accept.setdefault(key, []).append(also)
        return shown

    def __call__(self, key, fmt=None, also=None):
        return VALUE % (self.text(key, fmt, also) or SPACE)

    def csz(self, fmt="{c}, {s} {z}"):
        """city, state and ZIP code"""
        city, state, postal = (self.text(f"patient.address.{part}") for part in ("city", "state", "postal_code"))
        return VALUE % fmt.format(c=city, s=state, z=postal)

    def addr(self):
        return Markup("%s, %s") % (self("patient.address.line"), self.csz())

    def code(self, code):
        """a diagnosis code, with its dot or not as this document's style has it"""
        return code if self.style["dot"] else code.replace(".", "")

    def _codes(self, key, pairs):
        if not self.has(key):
            return []
        self._reg(key)
        page = len(self.b.pages) + 1
        self.b.expect += [(page, key, code) for code, _ in pairs]
        return pairs

    def dx(self):
        """[(code, words)] of the diagnoses"""
        return self._codes("referral.diagnoses", [(self.code(code), words) for code, words in self.case.dx])

    def cpt(self):
        """[(code, words)] of the procedures"""
        return self._codes("referral.procedures", self.case.procs)

    def boxes(self, key, options, style=None, sep=" "):
        """Check boxes; options [(value, label)]. The key counts as shown only if its value is among them."""
        value = self.case.values.get(key)
        if value in [option for option, _ in options]:
            self._reg(key)
        out = []
        for option, label in options:
            if style == "circle":
                out.append(Markup('<span class="opt %s">%s</span>') % ("circ" if option == value else "uncirc", label))
            else:
                out.append(Markup('<span class="opt">%s%s</span>') % (self.box(option == value, style), label))
        return Markup(sep).join(out)

    # Help for templates; none of it is truth

    def pick(self, choices):
        return self.rng.choice(choices)

    def box(self, on, style=None):
        gap = Markup("&nbsp;&nbsp;")
        form, ticked, empty = {
            "sq": ('<span class="cb">%s</span>', "X", ""),
            "sqv": ('<span class="cb">%s</span>', "\u2713", ""),
            "fill": ('<span class="cb" style="%s"></span>', "background:#000", ""),
            "br": ("[%s] ", "X", gap),
            "par": ("(%s) ", "x", gap),
            "line": ("<u>&nbsp;%s&nbsp;</u> ", "X", gap),
            "uni": ("<span style=\"font-family:'DejaVu Sans'\">%s</span> ", "\u2612", "\u2610")}[style or self.style["cb"]]
        return Markup(form) % (ticked if on else empty)

    def d(self, date, fmt=None):
        return formats.date(date, fmt or self.style["date"])

    def ph(self, e164, fmt=None):
        return formats.phone(e164, fmt or self.style["phone"])

    def page(self, kind, template, land=False, cls="", **more):
        """writes a page; the template sees s, x, b, pick and more"""
        html = TEMPLATES.from_string(template).render(s=self, x=self.x, b=self.b, pick=self.pick, **more)
        self.b.add(kind, html, land, cls)
        self.last = len(self.b.pages)
        self.first = self.first or self.last


class Book:
    """One delivered file. pages: [(kind, html, landscape, class)]; expect: [(page, key, text)] that the check looks for.

    form: what chooses the layout's wording and looks, where they are not to vary with the case.
    """

    def __init__(self, rng, folder, form=None):
        self.rng, self.case_rng, self.folder = form or rng, rng, folder
        self.pages, self.docs, self.expect, self.css = [], [], [], ""

    def case(self, **wanted):
        """a new case; wanted: specialty=, place=, drop=False for one with nothing left out"""
        return world.make_case(self.case_rng, icd10.get_description, **wanted)

    def doc(self, kind, case):
        self.docs.append(Doc(self, kind, case))
        return self.docs[-1]

    def add(self, kind, html, land=False, cls=""):
        self.pages.append((kind, html, land, cls))

    def blank(self):
        self.add("blank", "")

    def font_css(self, family, file):
        """a font that lies in the layouts' own folder fonts/"""
        with open(os.path.join(self.folder, "fonts", file), "rb") as font:
            data = base64.b64encode(font.read()).decode()
        return f"@font-face{{font-family:'{family}';src:url(data:font/woff2;base64,{data}) format('woff2')}}"
