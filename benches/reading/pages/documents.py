"""Born-digital documents to fax: made-up people and practices, in the layouts that referrals come in.

`sheets(seed, count)` gives HTML pages and, for each, the values it shows. Every phone ends in 555-01xx, every address
in .example, every identifier is drawn at random; none of it is anyone's.
"""
import html
import random

GIVEN = ("Marisol Terrence Oluwaseun Beatrix Hollis Priya Desmond Ingrid Caleb Rosalind Yusuf Annika Leopold Saoirse "
         "Mateo Winifred Dashiell Noor Percival Lucinda Ezekiel Tamsin Arturo Genevieve").split()
FAMILY = ("Quintero Ashdown Bellweather Okonkwo Lindqvist Marchetti Thackeray Vandermeer Sorrell Ruiz-Calder Fairbairn "
          "Iwasaki Holloway Petrakis Brackenridge Nwosu Castellan Drummond Ellery Zielinska Abernathy Moreau").split()
STREETS = "Juniper Alder Foxglove Harbor Millrace Larkspur Quarry Bluebell Tanager Sycamore Cobbler Orchard".split()
PLACES = [("Beaverton", "OR", "97005"), ("Salem", "OR", "97301"), ("Tacoma", "WA", "98402"), ("Boise", "ID", "83702"),
          ("Reno", "NV", "89501"), ("Fresno", "CA", "93721"), ("Bozeman", "MT", "59715"), ("Provo", "UT", "84601")]
PRACTICES = ["Willow Creek Family Medicine", "Harborview Specialty Group", "Cedar Lane Internal Medicine",
             "Northgate Women's Health", "Prairie Rose Pediatrics", "Summit Ridge Orthopedics", "Larkfield Clinic"]
PAYERS = ["Cascade Mutual Health", "Blue Prairie Health Plan", "Evergreen Benefit Trust", "Pacific Crest PPO", "Medicare Part B"]
SPECIALTIES = ["Cardiology", "Gastroenterology", "Dermatology", "Neurology", "Orthopedic Surgery", "Endocrinology",
               "Pulmonology", "Rheumatology", "Ophthalmology", "Urology"]
DIAGNOSES = [("I48.0", "Paroxysmal atrial fibrillation"), ("K21.9", "Gastro-esophageal reflux disease"),
             ("M54.50", "Low back pain, unspecified"), ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
             ("G43.909", "Migraine, unspecified"), ("J45.40", "Moderate persistent asthma"), ("L40.0", "Psoriasis vulgaris"),
             ("R07.9", "Chest pain, unspecified"), ("N20.0", "Calculus of kidney"), ("M17.11", "Primary osteoarthritis, right knee"),
             ("H25.13", "Age-related nuclear cataract, bilateral"), ("I10", "Essential (primary) hypertension")]
DRUGS = ["lisinopril 10 mg daily", "metformin 500 mg twice daily", "atorvastatin 40 mg at bedtime", "omeprazole 20 mg daily",
         "albuterol inhaler as needed", "levothyroxine 75 mcg daily", "apixaban 5 mg twice daily", "sertraline 50 mg daily",
         "gabapentin 300 mg three times daily", "hydrochlorothiazide 25 mg daily"]
TESTS = [("Sodium", "mmol/L", "136-145", 128, 150, 0), ("Potassium", "mmol/L", "3.5-5.1", 3, 6, 1), ("Creatinine", "mg/dL", "0.60-1.30", 0.5, 2, 2),
         ("Glucose", "mg/dL", "70-99", 62, 240, 0), ("Hemoglobin", "g/dL", "12.0-16.0", 8, 18, 1), ("Platelets", "K/uL", "150-400", 90, 480, 0),
         ("TSH", "mIU/L", "0.40-4.50", 0.1, 9, 2), ("Hemoglobin A1c", "%", "4.0-5.6", 4, 12, 1), ("ALT", "U/L", "7-56", 5, 120, 0),
         ("Calcium", "mg/dL", "8.6-10.2", 7, 12, 1), ("Albumin", "g/dL", "3.5-5.0", 2, 6, 1), ("Ferritin", "ng/mL", "15-150", 4, 300, 0)]
SENTENCES = """The patient reports that symptoms began about three months ago and have become more frequent since.
There is no history of trauma, fever or recent travel.
Conservative treatment with rest and anti-inflammatory medicine gave little relief.
An ultrasound at the county imaging center was read as unremarkable.
Blood pressure at this visit was 138/84 with a pulse of 76 and regular.
Family history is notable for early coronary disease in the father.
We would be grateful for your opinion on further workup and management.
The patient lives alone, does not smoke and drinks alcohol on occasion.
Please send your consultation note to the fax number above when it is complete.
Examination showed mild tenderness without guarding, and normal bowel sounds.
Prior records and the most recent laboratory results are enclosed with this letter.
The patient prefers morning appointments and needs an interpreter by telephone.
Sensation was reduced over the lateral aspect of the left foot.
A repeat electrocardiogram in the office showed sinus rhythm with occasional premature beats.
She has tolerated the current dose well and denies dizziness or falls.
Authorization has been requested from the plan and is expected this week.""".split("\n")

STYLE = """@page{size:8.5in 11in;margin:0}*{box-sizing:border-box}body{margin:0;color:#000}
section{width:8.5in;height:10.99in;padding:.75in .65in .5in;overflow:hidden;page-break-after:always}
h1{font-size:1.5em;margin:0 0 .05in}h2{font-size:1.05em;margin:.14in 0 .05in;border-bottom:2px solid #000}p{margin:.07in 0}
table{width:100%;border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:3px 6px}
.ruled td,.ruled th{border:1.3px solid #000}.c{text-align:center}.two{display:flex;gap:.4in}.two>div{flex:1}.shade{background:#ddd}
.v{white-space:nowrap}.tick{display:inline-block;width:.15in;height:.15in;border:1.3px solid #000;margin:0 4px 0 12px;vertical-align:-1px}"""
FONTS = ['"Liberation Sans"', '"Liberation Sans"', '"Liberation Serif"', '"Liberation Sans Narrow"', '"Liberation Mono"']


class Sheet:
    """One page: draws a case, and writes down each value that it shows."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.values = []

    def show(self, value):
        self.values.append(value)
        return f'<span class="v">{html.escape(value)}</span>'

    def person(self):
        return f"{self.r.choice(GIVEN)} {self.r.choice('ABCDEFGHJKLMNPRSTW')} {self.r.choice(FAMILY)}"

    def date(self, first, last):
        year, month, day = self.r.randint(first, last), self.r.randint(1, 12), self.r.randint(1, 28)
        return self.r.choice([f"{month:02}/{day:02}/{year}", f"{month}/{day}/{year}", f"{month:02}-{day:02}-{year}"])

    def phone(self):
        area, line = self.r.choice([503, 206, 208, 775, 559, 406, 801]), f"01{self.r.randint(0, 99):02}"
        return self.r.choice([f"({area}) 555-{line}", f"{area}-555-{line}", f"{area}.555.{line}"])

    def digits(self, count):
        return "".join(self.r.choice("0123456789") for _ in range(count))

    def member(self):
        return "".join(self.r.choice("ABCDEFGHJKMNPQRTUVWXY") for _ in range(3)) + self.digits(9)

    def prose(self, count):
        return " ".join(self.r.sample(SENTENCES, count))

    def address(self):
        city, state, code = self.r.choice(PLACES)
        return f"{self.r.randint(12, 9800)} {self.r.choice(STREETS)} {self.r.choice(['St', 'Ave', 'Court', 'Lane'])}", f"{city}, {state} {code}"

    def page(self, body):
        size = self.r.choice([9, 9.5, 10, 10, 10.5, 11, 11.5])
        font = self.r.choice(FONTS)
        if "Mono" in font:
            size = min(size, 9)
        return f'<section style=\'font:{size}pt/1.25 {font}\'>{body}</section>'


def letterhead(s):
    street, place = s.address()
    return f"<h1>{s.r.choice(PRACTICES)}</h1><p>{street}, {place} &nbsp; Phone: {s.show(s.phone())} &nbsp; Fax: {s.show(s.phone())}</p>"


def form(s):
    """A boxed referral form."""
    street, place = s.address()
    ticks = "".join(f'<span class="tick"></span>{word}' for word in ["Routine", "Urgent", "Consult only", "Evaluate and treat"])
    code, name = s.r.choice(DIAGNOSES)
    return f"""{letterhead(s)}<h1 class="c">SPECIALIST REFERRAL</h1><h2>Patient</h2><table class="ruled">
<tr><td>Patient Name: {s.show(s.person())}</td><td>Date of Birth: {s.show(s.date(1931, 2019))}</td><td>Sex: {s.r.choice(['Female', 'Male'])}</td></tr>
<tr><td>Address: {s.show(street)}</td><td colspan="2">City, State, ZIP: {s.show(place)}</td></tr>
<tr><td>Phone: {s.show(s.phone())}</td><td>MRN: {s.show(s.digits(7))}</td><td>Language: English</td></tr></table>
<h2>Insurance</h2><table class="ruled"><tr><td>Insurance: {s.show(s.r.choice(PAYERS))}</td><td>Member ID: {s.show(s.member())}</td><td>Group #: {s.show(s.digits(6))}</td></tr></table>
<h2>Referral</h2><table class="ruled"><tr><td>Referral Date: {s.show(s.date(2026, 2026))}</td><td colspan="2">{ticks}</td></tr>
<tr><td>Specialty: {s.show(s.r.choice(SPECIALTIES))}</td><td>Refer To: Dr. {s.show(s.person())}</td><td>Practice: {s.r.choice(PRACTICES)}</td></tr>
<tr><td colspan="3">Diagnosis (ICD-10): {s.show(code)} {name}</td></tr>
<tr><td colspan="3" style="height:1in">Reason for Referral: {s.prose(2)}</td></tr></table>
<h2>Referring provider</h2><table class="ruled"><tr><td>Referring Provider: {s.show(s.person())}, MD</td><td>NPI: {s.show('1' + s.digits(9))}</td></tr>
<tr><td>Authorization #: {s.show('A' + s.digits(8))}</td><td>Visits: {s.r.randint(1, 12)}</td></tr></table>"""


def letter(s):
    """A letter from one doctor to another."""
    name = s.person()
    paragraphs = "".join(f"<p>{s.prose(s.r.randint(2, 4))}</p>" for _ in range(s.r.randint(3, 5)))
    code, diagnosis = s.r.choice(DIAGNOSES)
    return f"""{letterhead(s)}<p>{s.show(s.date(2026, 2026))}</p><p>Dear Dr. {s.r.choice(FAMILY)},</p>
<p><b>RE: {s.show(name)} &nbsp; DOB: {s.show(s.date(1931, 2019))} &nbsp; Member ID: {s.show(s.member())}</b></p>
<p>Thank you for seeing this patient with {diagnosis.lower()} ({s.show(code)}).</p>{paragraphs}
<p>Current medicines: {"; ".join(s.show(d) for d in s.r.sample(DRUGS, 3))}.</p><p>Sincerely,</p><p>{s.show(s.person())}, MD &nbsp; NPI {s.show('1' + s.digits(9))}</p>"""


def order(s):
    """An order printed from a medical record, two columns of keys and values."""
    street, place = s.address()
    def rows(pairs):
        return "".join(f"<p><b>{key}:</b> {s.show(value)}</p>" for key, value in pairs)
    left = rows([("Patient", s.person()), ("DOB", s.date(1931, 2019)), ("MRN", s.digits(8)), ("Home phone", s.phone()), ("Address", street), ("City", place)])
    right = rows([("Order date", s.date(2026, 2026)), ("Order number", s.digits(9)), ("Ordering provider", s.person()), ("NPI", "1" + s.digits(9)), ("Specialty", s.r.choice(SPECIALTIES)), ("Fax", s.phone())])
    listed = "".join(f"<tr><td>{s.show(code)}</td><td>{name}</td></tr>" for code, name in s.r.sample(DIAGNOSES, 3))
    return f"""{letterhead(s)}<h2>Ambulatory referral</h2><div class="two"><div>{left}</div><div>{right}</div></div>
<h2>Diagnoses</h2><table>{listed}</table><h2>Medications</h2>{"".join(f"<p>{s.show(d)}</p>" for d in s.r.sample(DRUGS, 5))}
<h2>Comments</h2><p>{s.prose(4)}</p><h2>Coverage</h2>{rows([("Plan", s.r.choice(PAYERS)), ("Subscriber ID", s.member())])}"""


def results(s):
    """A laboratory's table of results."""
    rows = ""
    for name, unit, normal, low, high, places in s.r.sample(TESTS, 11):
        value = f"{s.r.uniform(low, high):.{places}f}"
        rows += f"<tr><td>{name}</td><td>{s.show(value)}</td><td>{unit}</td><td>{normal}</td></tr>"
    return f"""<h1>Clearwater Reference Laboratory</h1><p>Patient: {s.show(s.person())} &nbsp; DOB: {s.show(s.date(1931, 2019))} &nbsp; Accession: {s.show('C' + s.digits(8))}</p>
<p>Collected: {s.show(s.date(2026, 2026))} &nbsp; Ordered by: {s.show(s.person())} &nbsp; Phone: {s.show(s.phone())}</p>
<table class="ruled"><tr class="shade"><th>Test</th><th>Result</th><th>Units</th><th>Reference</th></tr>{rows}</table><p>{s.prose(3)}</p>"""


def cover(s):
    """A fax cover sheet: large and sparse."""
    return f"""<h1 style="font-size:2.4em">FAX</h1>{letterhead(s)}<table class="ruled" style="font-size:1.15em">
<tr><td>To: {s.show(s.person())}</td><td>From: {s.show(s.person())}</td></tr><tr><td>Fax: {s.show(s.phone())}</td><td>Phone: {s.show(s.phone())}</td></tr>
<tr><td>Date: {s.show(s.date(2026, 2026))}</td><td>Pages: {s.r.randint(2, 14)}</td></tr><tr><td colspan="2">Re: {s.show(s.r.choice(SPECIALTIES))} referral</td></tr></table>
<p>{s.prose(2)}</p><p><b>CONFIDENTIALITY NOTICE:</b> This transmission may contain health information that is protected by law. If you are not
the intended recipient, please notify the sender at once by telephone and destroy all copies of the pages received.</p>"""


def note(s):
    """A dense office note."""
    parts = ["History of present illness", "Review of systems", "Physical examination", "Assessment and plan"]
    text = "".join(f"<h2>{part}</h2><p>{s.prose(s.r.randint(5, 8))}</p>" for part in parts)
    vitals = f"BP {s.r.randint(104, 168)}/{s.r.randint(58, 98)}, pulse {s.r.randint(54, 104)}, temp {s.r.uniform(97, 100):.1f}, weight {s.r.randint(98, 260)} lb"
    return f"""{letterhead(s)}<p><b>Office note</b> &nbsp; {s.show(s.person())} &nbsp; DOB {s.show(s.date(1931, 2019))} &nbsp; Visit {s.show(s.date(2026, 2026))}</p><p>{s.show(vitals)}</p>{text}
<p>Medications: {", ".join(s.show(d) for d in s.r.sample(DRUGS, 4))}.</p><p>Signed: {s.show(s.person())}, MD</p>"""


LAYOUTS = [form, letter, order, results, cover, note]


def sheets(seed, count):
    """HTML of `count` sheets, and the values that each shows."""
    pages, values = [], []
    for number in range(count):
        sheet = Sheet(f"{seed}/{number}")
        pages.append(sheet.page(LAYOUTS[number % len(LAYOUTS)](sheet)))
        values.append(sheet.values)
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>{"".join(pages)}', values
