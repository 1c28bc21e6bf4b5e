"""A reference laboratory's final report, faxed by itself to the office that ordered it: no referral."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.4in .45in} .t{display:flex;justify-content:space-between;align-items:flex-start} .t b{font-size:1.7em;letter-spacing:-.5px} .b3{display:grid;grid-template-columns:1fr 1.12fr 1.15fr;border:1.2px solid #000;margin-top:.08in}
.b3>div{padding:4px 7px;border-left:1px solid #000;line-height:1.35} .b3>div:first-child{border-left:0} .b3 h4{margin:0 0 2px;font-size:.85em;background:#ddd;padding:0 3px} table{width:100%;border-collapse:collapse;margin-top:.1in}
th{text-align:left;border:solid #000;border-width:1.2px 0;font-size:.9em;padding:2px 4px} td{padding:1.6px 4px} .p td{font-weight:bold;padding-top:6px} .ab{font-weight:bold} .fn{font-size:.83em;margin-top:.12in;border-top:1px solid #000;padding-top:4px;line-height:1.35}
"""
FORM = """<div class=t><div><b>{{ lab }}</b><br>{{ y.x.rec_addr }}, {{ y.x.city }}, {{ y.x.state }} {{ y.x.zip }}</div><div style="text-align:right"><span style="font-size:1.25em;font-weight:bold">{{ pick(['LABORATORY REPORT', 'Final Report', 'PATIENT REPORT']) }}</span><br>Client services {{ s.ph(y.x.rec_phone) }}<br>Fax {{ s.ph(y.x.rec_fax) }}</div></div>
<div class=b3><div><h4>{{ pick(['PATIENT INFORMATION', 'Patient Details', 'PATIENT']) }}</h4>{{ s('patient.name') }}<br>{{ pick(['DOB:', 'Date of Birth:']) }} {{ s('patient.birth_date') }}<br>Age: {{ x.age }} &nbsp; {{ pick(['Sex:', 'Gender:']) }} {{ s('patient.sex') }}<br>{{ pick(['Phone:', 'Tel:']) }} {{ s('patient.phone') }}<br>{{ pick(['Patient ID:', 'Alt Pt ID:', 'MRN:']) }} {{ s('patient.mrn') }}</div>
<div><h4>{{ pick(['SPECIMEN INFORMATION', 'Specimen Details', 'SPECIMEN']) }}</h4>Specimen: {{ spec }}<br>Requisition: {{ x.acct[:7] }}<br>Collected: {{ s.d(x.visit) }} {{ hour }}:15<br>Received: {{ s.d(next) }} 01:42<br>Reported: {{ s.d(report) }} 06:30</div>
<div><h4>{{ pick(['CLIENT INFORMATION', 'Ordering Provider', 'PHYSICIAN']) }}</h4>{{ doctor }}<br>{{ org }}<br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>Acct {{ x.acct[-6:] }} &nbsp; NPI {{ x.rec_npi }}<br>Ph {{ s.ph(x.rec_phone) }} Fax {{ s.ph(x.rec_fax) }}</div></div>
<p style="margin:.07in 0 0">{{ pick(['Fasting: Yes', 'Fasting: No', 'FASTING: UNKNOWN']) }} &nbsp;&nbsp; Bill to: {{ pick(['Client', 'Insurance', 'Patient']) }} &nbsp;&nbsp; Ordered items: {{ panels|map(attribute=0)|join('; ') }} &nbsp;&nbsp; ICD: {{ icd }}</p>
<table><tr><th>{{ pick(['TEST', 'Test Name', 'Analyte']) }}</th><th>{{ pick(['RESULT', 'In Range', 'Current Result']) }}</th><th>FLAG</th><th>UNITS</th><th>{{ pick(['REFERENCE RANGE', 'Reference Interval']) }}</th><th>LAB</th></tr>
{% for name, rows in panels %}<tr class=p><td colspan=6>{{ name }}</td></tr>{% for t, v, f, u, ref in rows %}<tr{{ ' class=ab' if f }}><td>&nbsp;&nbsp;{{ t }}</td><td>{{ v }}</td><td>{{ f }}</td><td>{{ u }}</td><td>{{ ref }}</td><td>{{ site }}</td></tr>{% endfor %}{% endfor %}</table>
<div class=fn>{{ site }}: {{ lab }}, {{ y.x.city }}, {{ y.x.state }}. Laboratory director: {{ y.x.recipient[0] }} {{ y.x.recipient[2] }}, MD. CLIA {{ clia }}. For inquiries the physician may contact the branch at {{ s.ph(y.x.emerg_phone) }}.<br>H = high, L = low. {{ pick(['Results should be read together with the clinical picture.', 'The estimated GFR is by the 2021 CKD-EPI equation.', 'Reference intervals are for adults unless stated.']) }}
{{ pick(['Copy faxed at the request of the ordering office.', 'Auto-fax: do not reply to this number.', '']) }}<br>This document contains private and confidential health information protected by state and federal law. If received in error please call {{ s.ph(y.x.rec_phone) }}. &nbsp; <b>** FINAL **</b> &nbsp; Page 1 of 1</div>
"""
# name, low, high, units, digits
PANELS = {"CBC with Differential": [("WBC", 3.4, 10.8, "x10E3/uL", 1), ("RBC", 3.8, 5.3, "x10E6/uL", 2), ("Hemoglobin", 11.1, 15.9, "g/dL", 1), ("Hematocrit", 34.0, 46.6, "%", 1), ("MCV", 79, 97, "fL", 0), ("RDW", 11.7, 15.4, "%", 1), ("Platelets", 150, 450, "x10E3/uL", 0),
                                    ("Neutrophils (absolute)", 1.4, 7.0, "x10E3/uL", 1), ("Lymphs (absolute)", .7, 3.1, "x10E3/uL", 1), ("Eos (absolute)", 0.0, .4, "x10E3/uL", 1)],
          "Comp. Metabolic Panel (14)": [("Glucose", 70, 99, "mg/dL", 0), ("BUN", 6, 24, "mg/dL", 0), ("Creatinine", .57, 1.0, "mg/dL", 2), ("Sodium", 134, 144, "mmol/L", 0), ("Potassium", 3.5, 5.2, "mmol/L", 1), ("Chloride", 96, 106, "mmol/L", 0), ("Carbon Dioxide, Total", 20, 29, "mmol/L", 0),
                                         ("Calcium", 8.7, 10.2, "mg/dL", 1), ("Protein, Total", 6.0, 8.5, "g/dL", 1), ("Albumin", 3.8, 4.9, "g/dL", 1), ("Bilirubin, Total", 0.0, 1.2, "mg/dL", 1), ("ALT (SGPT)", 0, 32, "IU/L", 0)],
          "Lipid Panel": [("Cholesterol, Total", 100, 199, "mg/dL", 0), ("Triglycerides", 0, 149, "mg/dL", 0), ("HDL Cholesterol", 40, 90, "mg/dL", 0), ("LDL Chol Calc (NIH)", 0, 99, "mg/dL", 0)],
          "Thyroid / Other": [("TSH", .45, 4.5, "uIU/mL", 2), ("T4, Free (Direct)", .82, 1.77, "ng/dL", 2), ("Hemoglobin A1c", 4.8, 5.6, "%", 1), ("Vitamin D, 25-Hydroxy", 30, 100, "ng/mL", 1), ("Ferritin", 15, 150, "ng/mL", 0)]}


def measured(rng, name, low, high, units, places):
    """one line of results: (test, value, flag, units, interval)"""
    wide = high - low
    value = round(max(low * .5, rng.gauss((low + high) / 2, wide * .28)), places)
    flag = "H" if value > high else "L" if value < low else ""
    return name, f"{value:.{places}f}", flag, units, f"{low:.{places}f} - {high:.{places}f}"


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["9pt 'Liberation Mono'", "8.4pt 'DejaVu Sans Mono'", "9.6pt 'Liberation Sans Narrow'", "9.2pt 'Nimbus Sans'"])
    case, other = book.case(), book.case(drop=False)
    doc = book.doc("lab_result", case)
    x = case.x
    panels = [(name, [measured(cr, *row) for row in rows]) for name, rows in PANELS.items() if name[0] == "C" or cr.random() < .6]
    doc.page("lab", FORM, y=other, panels=panels, lab=r.choice([f"{other.x['place']} Reference Laboratories", f"{other.x['place']} Diagnostics", f"{other.x['city']} Clinical Labs, Inc."]),
             doctor=f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']}", org=case.values["referrer.organization"], spec=f"{cr.randint(100, 365)}-{cr.randint(100, 999)}-{cr.randint(1000, 9999)}-0", hour=f"{cr.randint(7, 11):02d}", icd=", ".join(x["history"][:2]),
             next=x["visit"] + dt.timedelta(days=1), report=x["visit"] + dt.timedelta(days=2), site=r.choice(["01", "TA", "BN"]), clia=f"{cr.randint(11, 52)}D{cr.randint(1000000, 2199999)}")
