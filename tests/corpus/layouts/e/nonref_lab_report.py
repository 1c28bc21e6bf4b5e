"""Reference laboratory's final report to the office that ordered it: specimen, client account, values with flags and ranges."""
import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.45in .55in} .top{display:flex;justify-content:space-between;border-bottom:3px solid #000;padding-bottom:4px} .top
b{font-size:1.6em} .g{display:grid;grid-template-columns:1.2fr 1fr 1.1fr;column-gap:.14in;border-bottom:1px solid #000;
padding:5px 0;line-height:1.4} .g b{font-weight:var(--w);display:inline-block;min-width:.78in}
table{border-collapse:collapse;width:100%;margin-top:.1in} td,th{text-align:left;padding:2.5px 5px} th{border-bottom:1px solid #000}
td.f{font-weight:bold}
tr.p td{font-weight:bold;padding-top:8px} .ft{position:absolute;bottom:.4in;left:.55in;right:.55in;font-size:.82em;border-top:1px solid
#000;padding-top:3px}
"""
FACES = ["body{font:9.8pt/1.3 'Liberation Sans';--w:bold}", "body{font:8.8pt/1.3 'Liberation Mono';--w:normal}",
         "body{font:10pt/1.3 Roboto;--w:bold}", "body{font:9.2pt/1.3 'DejaVu Sans Mono';font-size:8pt;--w:normal}"]
T = """<div class=top><b>{{ lab }}</b><span style="text-align:right">{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Client
services {{ s.ph(x.rec_phone) }}</span></div>
<div class=g><div><b>Patient</b> {{ s('patient.name', pick(['LAST', 'last'])) }}<br><b>DOB</b> {{ s('patient.birth_date') }}<br><b>Sex</b>
{{ s('patient.sex') }}<br><b>{{ pick(['Phone', 'Pt phone']) }}</b> {{ s('patient.phone') }}<br><b>{{ pick(['Patient ID', 'Alt ID']) }}</b>
{{ s('patient.mrn')
}}</div><div><b>Specimen</b> {{ acc }}<br><b>Collected</b> {{ s.d(x.visit) }} 08:{{ mm }}<br><b>Received</b> {{ s.d(x.visit) }} 19:{{ mm
}}<br><b>Reported</b> {{ s.d(x.ref_date) }} 06:1{{ mm[0] }}<br><b>Status</b> {{ pick(['FINAL', 'Final report']) }}</div><div><b>{{
pick(['Client',
'Account']) }}</b> {{ x.acct[:7] }}<br>{{ s('referrer.organization') }}<br><b>{{ pick(['Ordering', 'Physician']) }}</b> {{
s('referrer.name') }}<br><b>NPI</b> {{ s('referrer.npi') }}<br><b>Fax</b> {{ s('referrer.fax') }}</div></div>
<div style="margin-top:5px">{{ pick(['Dx', 'ICD-10', 'Diagnosis codes']) }}: {{ s('referral.diagnoses') }} &emsp; {{ pick(['Bill to', 'Billing']) }}: {{
s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{ s('insurance.member_id') }}{% endif %} &emsp; Fasting: {{ pick(['Y', 'N',
'not given']) }}</div>
<table><tr><th>{{ pick(['Test', 'TESTS']) }}<th>Result<th>Flag<th>{{ pick(['Reference interval', 'Ref range']) }}<th>Units<th>Lab</tr>{% for
panel, rows in panels %}<tr class=p><td colspan=6>{{ panel }}</tr>{% for t, v, f, ref, u in rows %}<tr><td>&nbsp; {{ t }}<td>{{ v }}<td
class=f>{{ f }}<td>{{
ref }}<td>{{ u }}<td>01</tr>{% endfor %}{% endfor %}</table><p>{{ pick(['Comment: clinical correlation is advised.',
'Note: hemolysis index normal.', '']) }}</p>
<div class=ft>01: {{ lab }}, Dir: {{ director }}, MD &nbsp; For inquiries the physician may contact {{ s.ph(x.rec_phone) }}. &nbsp; Page 1
of 1<br>{{ pick(['This document contains private and confidential health information protected by state and federal law.', 'END OF REPORT'])
}}</div>"""
PANELS = {"CBC With Differential": [("WBC", 3.4, 10.8, "x10E3/uL"), ("RBC", 3.8, 5.3, "x10E6/uL"), ("Hemoglobin", 11.1, 15.9, "g/dL"),
                                    ("Hematocrit", 34.0, 46.6, "%"), ("MCV", 79, 97, "fL"), ("Platelets", 150, 450, "x10E3/uL")],
          "Comp. Metabolic Panel (14)": [("Glucose", 70, 99, "mg/dL"), ("BUN", 6, 24, "mg/dL"), ("Creatinine", 0.57, 1.0, "mg/dL"),
                                         ("Sodium", 134, 144, "mmol/L"), ("Potassium", 3.5, 5.2, "mmol/L"),
                                         ("Calcium", 8.7, 10.2, "mg/dL"), ("AST (SGOT)", 0, 40, "IU/L"), ("ALT (SGPT)", 0, 32, "IU/L")],
          "Lipid Panel": [("Cholesterol, Total", 100, 199, "mg/dL"), ("Triglycerides", 0, 149, "mg/dL"),
                          ("HDL Cholesterol", 40, 90, "mg/dL"), ("LDL Chol Calc", 0, 99, "mg/dL")],
          "Thyroid": [("TSH", 0.45, 4.5, "uIU/mL"), ("T4, Free", 0.82, 1.77, "ng/dL")],
          "Iron": [("Ferritin", 15, 150, "ng/mL"), ("Iron Saturation", 15, 55, "%")], "Hemoglobin A1c": [("Hemoglobin A1c", 4.8, 5.6, "%")]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    d = b.doc("lab_result", c)
    panels = []
    for name in r.sample(list(PANELS), r.choice([3, 4, 4])):
        rows = []
        for test, low, high, unit in PANELS[name]:
            value = r.uniform(low * .85 + high * .04, high * 1.18)
            rows.append((test, round(value) if high > 30 else f"{value:.2f}" if high < 3 else f"{value:.1f}",
                         "Low" if value < low else "High" if value > high else "", f"{low}-{high}", unit))
        panels.append((name, rows))
    p = world.person(r)
    d.page("lab", T, lab=r.choice(["{} Reference Laboratory", "{} Diagnostics", "{} Clinical Labs"]).format(r.choice(world.PLACES)),
           panels=panels, acc=f"{r.randint(100, 365)}-{world.digits(r, 3)}-{world.digits(r, 4)}-0",
           mm=str(r.randint(10, 59)), director=f"{p[0]} {p[2]}")
