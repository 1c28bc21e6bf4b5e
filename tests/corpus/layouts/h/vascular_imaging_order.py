"""A vascular laboratory's order form: patient label box at the upper right, a matrix of studies by side, indications to tick."""
import simple_icd_10_cm as icd10

CSS = """
.page{padding:.36in .5in} .up{display:grid;grid-template-columns:1fr 3.75in;gap:.25in} .logo{font-size:1.5em;font-weight:bold;line-height:1.1}
.pt{border:2px solid #000;border-radius:6px;padding:.06in .1in} .pt div{display:flex;padding:1.7px 0} .pt b{width:1in;flex:none;font-weight:normal;text-transform:uppercase;font-size:.8em;padding-top:2px}
.tl{text-align:center;font-weight:bold;font-size:1.32em;border:solid #000;border-width:2px 0;margin:.1in 0;padding:3px;letter-spacing:1px}
table{width:100%;border-collapse:collapse} .m td,.m th{border:1px solid #555;padding:1.7px 6px;text-align:center} .m td:first-child,.m th:first-child{text-align:left} .m th{background:#e4e4e4}
.m .grp td{background:#f3f3f3;font-weight:bold;text-align:left} .m .cb,.l .cb{margin-right:3px;width:.13in;height:.13in;font-size:10px;line-height:10.5px} .l{display:grid;grid-template-columns:1fr 1fr 1fr;gap:3px 8px}
.o{display:grid;grid-template-columns:1fr 1fr;gap:5px .25in;margin-top:.06in} .o div{border-bottom:1px solid #000;padding:1px 2px} .o b{margin-right:7px} h3{margin:.07in 0 .03in;font-size:1.02em;text-decoration:underline}
"""
FORM = """
{% macro p(k, v) %}<div><b>{{ k }}</b><span>{{ v }}</span></div>{% endmacro %}
<div class=up><div><div class=logo>{{ s('recipient.organization') }}</div><p style="margin:.05in 0">{{ pick(['Noninvasive Vascular Laboratory', 'Vascular Lab', 'Vascular Ultrasound Section']) }},
{{ pick(['Department of', 'Division of']) }} {{ s('referral.specialty') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}</p>
<p style="margin:.05in 0"><b>{{ pick(['Scheduling', 'Call to schedule', 'Central scheduling']) }} {{ s.ph(x.rec_phone) }}</b><br>Order fax {{ s.ph(x.rec_fax) }}<br>{{ pick(['IAC accredited', 'IAC Vascular Testing accredited facility']) }}</p>
<p style="font-size:.86em;margin:.05in 0">Tax ID on request &bull; Facility NPI {{ x.rec_npi }}</p></div>
<div class=pt>{{ p(pick(['Patient', 'Name', 'Pt. name']), s('patient.name')) }}{{ p(pick(['DOB', 'Birth date']), s('patient.birth_date')) }}{{ p(pick(['Sex', 'Gender']), s('patient.sex')) }}{{ p(pick(['MR #', 'Med rec no', 'MRN']), s('patient.mrn')) }}
{{ p(pick(['Phone', 'Day phone', 'Contact #']), s('patient.phone')) }}{{ p('Address', s.addr()) }}{{ p(pick(['Insurance', 'Carrier']), s('insurance.payer')) }}{{ p(pick(['Policy #', 'ID no', 'Insured ID']), s('insurance.member_id')) }}
{{ p(pick(['Group #', 'Grp no']), s('insurance.group_number')) }}{{ p(pick(['Precert #', 'Auth no']), s('referral.authorization_number')) }}</div></div>
<div class=tl>{{ pick(['VASCULAR IMAGING ORDER', 'VASCULAR STUDY REQUISITION', 'Outpatient Vascular Laboratory Order Form']) }}</div>
<p style="margin:0 0 .06in">{{ pick(['Exam priority:', 'Schedule:', 'Perform:']) }} &nbsp;{{ urg }} <span style="float:right">{{ pick(['Call report to', 'Wet read, call']) }} ____________________</span></p>
<table class=m><tr><th>{{ pick(['Examination', 'Study', 'Procedure']) }}</th><th style="width:.8in">CPT</th><th style="width:.75in">Right</th><th style="width:.75in">Left</th><th style="width:.85in">Bilateral</th></tr>
{% for g, rows in groups %}<tr class=grp><td colspan=5>{{ g }}</td></tr>{% for code, t, sides in rows %}<tr><td>{{ t }}</td><td>{{ code }}</td>
{% for n in range(3) %}<td>{% if sides[n] == 'x' %}{{ s.box(code in chosen and at[code] == n) }}{% endif %}</td>{% endfor %}</tr>{% endfor %}{% endfor %}</table>
<h3>{{ pick(['Signs and symptoms', 'Indications (check)', 'Clinical indication']) }}</h3><div class=l>{% for t in signs %}<span>{{ s.box(t in has) }}{{ t }}</span>{% endfor %}</div>
<h3>{{ pick(['Required: ICD-10 code and diagnosis', 'Diagnosis code(s) supporting the exam', 'ICD-10 - "rule out" is not payable']) }}</h3>
<p style="margin:0">{% for c, d in s.dx() %}<span style="margin-right:.25in">{{ c }} &nbsp;{{ d }}</span>{% else %}______________________________{% endfor %}</p>
<h3>{{ pick(['History / question to be answered', 'Reason for exam', 'Pertinent history']) }}</h3><p style="margin:0">{{ s('referral.reason') }}</p>
<p style="margin:.06in 0 0;font-size:.93em">Prior study: {{ pick(['none', 'outside, ' ~ s.d(x.visit, '%m/%Y'), 'unknown']) }} &emsp; Diabetic {{ s.box(rng.random() < 0.3) }}Y {{ s.box(False) }}N &emsp; On anticoagulant {{ s.box(rng.random() < 0.3) }}Y {{ s.box(False) }}N &emsp; Contact isolation {{ s.box(False) }}Y</p>
<h3>{{ pick(['Ordering provider', 'Physician order', 'Ordered by']) }}</h3>
<div class=o><div><b>{{ pick(['Ordering provider', 'Physician (print)', 'Provider name']) }}</b>{{ s('referrer.name') }}</div><div><b>NPI</b>{{ s('referrer.npi') }}</div>
<div><b>{{ pick(['Practice', 'Office', 'Group']) }}</b>{{ s('referrer.organization') }}</div><div><b>{{ pick(['Phone', 'Office tel']) }}</b>{{ s('referrer.phone') }}</div>
<div><b>Signature</b><span style="font:16pt/12pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></div><div><b>{{ pick(['Results fax', 'Fax report to', 'Fax']) }}</b>{{ s('referrer.fax') }}</div>
<div><b>{{ pick(['Order date', 'Date signed', 'Date/time']) }}</b>{{ s('referral.date') }}</div><div><b>{{ pick(['Copy to', 'cc']) }}</b>{{ cc }}</div></div>
<p style="font-size:.83em;margin:.09in 0 0"><b>Preparation.</b> Aorta, renal and mesenteric studies: nothing to eat or drink for {{ pick([6, 8]) }} hours. Wear loose clothing. Bring this order, a photo ID and your insurance card; arrive 15 minutes early. To cancel call {{ s.ph(x.rec_phone) }}.</p>
"""
GROUPS = [("Cerebrovascular", [("93880", "Carotid duplex, complete", "--x"), ("93882", "Carotid duplex, limited", "xx-")]),
          ("Venous", [("93970", "Extremity venous duplex for DVT, complete", "--x"), ("93971", "Extremity venous duplex, one leg or limited", "xx-")]),
          ("Arterial", [("93922", "ABI, limited (1-2 levels)", "--x"), ("93923", "Segmental pressures / ABI, 3+ levels", "--x"), ("93925", "Lower extremity arterial duplex", "--x"), ("93926", "Lower extremity arterial duplex, limited", "xx-"),
                        ("93931", "Upper extremity arterial duplex, limited", "xx-")]),
          ("Abdominal / access", [("93978", "Aorta, IVC, iliac duplex", "--x"), ("93975", "Renal or mesenteric artery duplex", "--x"), ("93990", "Hemodialysis access duplex", "xx-")])]
# CPT, ICD-10-CM, symptom, question
CASES = [("93880", "I65.23 R42 G45.9", "Dizziness / TIA", "Bruit over the right neck at annual visit, degree of stenosis?"), ("93882", "I65.22 H53.9", "Bruit", "Follow up of known carotid narrowing, last looked at a year ago"),
         ("93971", "R60.0 M79.662", "Swelling", "Left calf swollen since a car trip of nine hours, clot?"), ("93970", "R60.0 I83.893", "Swelling", "Heavy legs every evening, stockings do not help, reflux?"),
         ("93923 93925", "I70.213 I73.9", "Claudication", "Calves cramp after one block, cannot feel pedal pulses"), ("93922", "I73.9 E11.51", "Cold or blue toes", "Diabetic with slow healing toe sore, check flow before debridement"),
         ("93926 93922", "I70.245 L97.521", "Ulcer / wound", "Heel wound open for weeks, can it heal without a bypass?"), ("93978", "I71.40 Z13.6", "Pulsatile mass", "Aneurysm of 4.1 cm seen on a CT done for stones, yearly size check"),
         ("93975", "I70.1 I15.0", "Uncontrolled BP", "Pressure high on four drugs, abdominal bruit, renal stenosis?"), ("93990", "N18.6 T82.898A", "Access problem", "Fistula thrill weak, long bleeding after dialysis needles")]


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["8.9pt 'Nimbus Sans'", "8.8pt Roboto", "9.7pt 'Nimbus Roman'"])
    case = book.case(specialty="Diagnostic Radiology")
    while case.x["age"] < 35:
        case = book.case(specialty="Diagnostic Radiology")
    cpts, dxs, sign, reason = cr.choice(CASES)
    names = {code: text for _, rows in GROUPS for code, text, _ in rows}
    case.procs = [(code, names[code]) for code in cpts.split()]
    case.dx = [(code, icd10.get_description(code)) for code in dxs.split()[:cr.choice([1, 2])]]
    case.values.update({"referral.reason": reason, "referral.service": "diagnostic", "referral.procedures": cpts.split()})
    if case.has("referral.diagnoses"):
        case.values["referral.diagnoses"] = [code for code, _ in case.dx]
    doc = book.doc("referral", case)
    doc.drop("patient.language", "recipient.name", "referrer.direct_address", "insurance.secondary.payer", "insurance.secondary.member_id")
    urg = doc.boxes("referral.urgency", [("routine", "Routine"), ("urgent", "Urgent, within 48 hours"), ("stat", "STAT today")])
    left = cr.choice([0, 1]) if "eft" not in reason else 1
    at = {code: 2 if sides == "--x" else left for _, rows in GROUPS for code, _, sides in rows}
    other = book.case(drop=False).x["recipient"]
    doc.page("referral", FORM, urg=urg, groups=GROUPS, chosen=[code for code, _ in doc.cpt()], at=at, rng=cr, has=[sign], signs=[*dict.fromkeys(c[2] for c in CASES), "Leg pain at rest", "Pre-op", "Post-op / graft check"],
             cc=r.choice(["", f"Dr. {other[0]} {other[2]}"]))
