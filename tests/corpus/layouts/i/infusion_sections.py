"""Rheumatology and infusion centre's order referral: sections 1 to 6 under black bars, drugs and codes to tick."""
FONTS = ["10pt 'Roboto Condensed'", "10.4pt 'Liberation Sans Narrow'", "9.4pt 'Liberation Sans'", "9pt 'DejaVu Sans Condensed'"]
CSS = """
.page{padding:.4in .5in} .v{font-weight:bold}
.hd{display:flex;justify-content:space-between;align-items:flex-start;gap:.2in} .hd .t{font-size:1.55em;font-weight:bold;line-height:1.15}
.hd .fx{border:2px solid #000;padding:.05in .1in;text-align:center;white-space:nowrap;line-height:1.35}
h2{background:#111;color:#fff;font-size:1.02em;margin:.1in 0 .02in;padding:2.5px 8px;text-transform:uppercase}
h2 b{display:inline-block;width:.28in}
table{width:100%;border-collapse:collapse;table-layout:fixed}
td{padding:4.5px 4px;border-bottom:.6px solid #999;vertical-align:top;overflow-wrap:anywhere}
.ck{display:grid;grid-template-columns:repeat(3,1fr);gap:5px 8px;padding:5px 4px} .ck2{grid-template-columns:1fr 1fr}
p{margin:6px 4px} .sg{display:grid;grid-template-columns:2.4fr 1fr;gap:.3in;margin-top:.26in} .sg div{border-top:1px solid #000;font-size:.85em}
"""
FORM = """
<div class=hd><div><div class=t>{{ s('recipient.organization') }}</div>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
<span style="font-size:1.2em">{{ s('referral.specialty', 'Rheumatology') }} {{ pick(['and Infusion Center Order Referral',
'/ Infusion Services - Referral and Order Form', 'Infusion Referral Order']) }}</span></div>
<div class=fx>FAX COMPLETED FORM TO<br><b>{{ s.ph(x.rec_fax) }}</b><br>Questions: {{ s.ph(x.rec_phone) }}</div></div>
<p>{{ pick(['Order date:', 'Date:', 'Date ordered:']) }} {{ s('referral.date') }} &emsp; {{ pick(['Priority:', 'Start:', 'Urgency:']) }}
{{ s.boxes('referral.urgency', [('routine', pick(['Routine', 'Standard'])), ('urgent', pick(['Urgent', 'Expedited'])), ('stat', 'STAT')]) }}</p>
<h2><b>1</b>{{ pick(['Patient information', 'Patient demographics', 'Patient']) }}</h2><table>
<tr><td colspan=2>{{ pick(['Patient name:', 'Name:', 'Patient:']) }} {{ s('patient.name') }}<td>{{ pick(['DOB:', 'Date of birth:']) }}
{{ s('patient.birth_date') }}</tr>
<tr><td colspan=2>Address: {{ s('patient.address.line') }}<td>{{ s.csz() }}</tr>
<tr><td>{{ pick(['Phone:', 'Cell phone:', 'Primary phone:']) }} {{ s('patient.phone') }}<td>Sex: {{ s('patient.sex') }}
<td>{{ pick(['Language:', 'Preferred language:']) }} {{ s('patient.language') }}</tr>
<tr><td>Weight: {{ (x.wt / 2.2046)|round(1) }} kg<td>Allergies: {{ x.allergy }}<td>{{ pick(['MRN:', 'Chart #:']) }} {{ s('patient.mrn') }}</tr>
</table>
<h2><b>2</b>{{ pick(['Insurance information', 'Insurance (attach copy of cards)', 'Coverage']) }}</h2><table>
<tr><td>{{ pick(['Primary:', 'Primary insurance:', 'Medical plan:']) }} {{ s('insurance.payer') }}
<td>{{ pick(['Member ID:', 'ID #:', 'Policy ID:']) }} {{ s('insurance.member_id') }}<td>{{ pick(['Group #:', 'Group:']) }}
{{ s('insurance.group_number') }}</tr>
<tr><td>{{ pick(['Secondary:', 'Secondary insurance:']) }} {{ s('insurance.secondary.payer') }}
<td>{{ pick(['Member ID:', 'ID #:']) }} {{ s('insurance.secondary.member_id') }}
<td>{{ pick(['Prior auth #:', 'PA number:', 'Authorization:']) }} {{ s('referral.authorization_number') }}</tr></table>
<h2><b>3</b>{{ pick(['Diagnosis (ICD-10 required)', 'Diagnosis', 'Primary diagnosis and clinical reason']) }}</h2>
{% set chosen = s.dx()|map(attribute=0)|list %}<div class=ck>{% for c, t in listed %}<span>{{ s.box(s.code(c) in chosen) }}{{ s.code(c) }}
{{ t }}</span>
{% endfor %}</div><p>{{ pick(['Other (ICD-10):', 'Other ICD-10 code:']) }}
<span class=v>{% for c in chosen if c not in printed %}{{ c }}{{ '' if loop.last else ', ' }}{% else %}________{% endfor %}</span></p>
<p>{{ pick(['Reason for referral:', 'Clinical summary:', 'Indication / history:']) }} {{ s('referral.reason') }}</p>
<h2><b>4</b>{{ pick(['Referral type and order', 'Requested service and medication', 'Order']) }}</h2>
<p>{{ s.boxes('referral.service', [('consult', 'Consultation'), ('evaluate_and_treat', pick(['Evaluate and treat',
'Evaluate &amp; treat, infuse if indicated'|safe])),
('procedure', pick(['Infusion only', 'Infusion order only (no consult)']))]) }}</p>
{% set ordered = s.cpt()|map(attribute=0)|list %}<div class="ck ck2">{% for code, drug,
dose in drugs %}<span>{{ s.box(code in ordered) }}{{ drug }} ({{ code }})
&nbsp;{{ dose if code in ordered else '________' }}</span>{% endfor %}</div>
<p>Premedication: {{ s.box(ordered|length > 0) }}Acetaminophen 650 mg PO &ensp; {{ s.box(False) }}Diphenhydramine 25 mg PO &ensp;
{{ s.box(False) }}None
&emsp; Refills: {{ pick(['12 months', '6 months', '11']) }}</p>
<h2><b>5</b>{{ pick(['Required documentation', 'Please attach', 'Checklist']) }}</h2><div class=ck>{% for t in papers %}
<span>{{ s.box(t in sent) }}{{ t }}</span>{% endfor %}</div><p>TB test: {{ pick(['negative', 'pending']) }}
&emsp; Hepatitis B: {{ pick(['negative',
'pending']) }} &emsp; Last seen {{ s.d(x.visit) }}</p>
<h2><b>6</b>{{ pick(['Prescriber information', 'Referring provider', 'Ordering provider']) }}</h2><table>
<tr><td colspan=2>{{ pick(['Prescriber name:', 'Provider:', 'Ordering provider:']) }} {{ s('referrer.name') }}
<td>NPI: {{ s('referrer.npi') }}</tr>
<tr><td colspan=2>{{ pick(['Practice:', 'Facility:', 'Office name:']) }} {{ s('referrer.organization') }}<td>Contact: {{ x.contact }}</tr>
<tr><td>Phone: {{ s('referrer.phone') }}<td>Fax: {{ s('referrer.fax') }}
<td>Best time to call: {{ pick(['a.m.', 'after 1 pm', '']) }}</tr>{% if s.has('referrer.direct_address') %}
<tr><td colspan=3>Direct: {{ s('referrer.direct_address') }}</tr>{% endif %}</table>
<div class=sg><div>Prescriber signature (no stamps)</div><div>Date</div></div>
"""
LISTED = [("M05.9", "Rheumatoid arthritis, RF+"), ("M06.4", "Inflammatory polyarthropathy"), ("L40.59", "Psoriatic arthropathy"),
          ("M32.9", "Lupus (SLE)"), ("M31.6", "Giant cell arteritis"), ("M81.0", "Osteoporosis"), ("M46.1", "Sacroiliitis"),
          ("M10.9", "Gout"), ("M45.9", "Ankylosing spondylitis")]
DRUGS = [("J1745", "Infliximab", "3 mg/kg IV, weeks 0, 2, 6, then every 8"), ("J0129", "Abatacept", "750 mg IV every 4 weeks"),
         ("J3262", "Tocilizumab", "4 mg/kg IV every 4 weeks"), ("J1602", "Golimumab", "2 mg/kg IV every 8 weeks"),
         ("J9312", "Rituximab", "1000 mg IV, days 1 and 15"), ("J3489", "Zoledronic acid", "5 mg IV once a year")]
PAPERS = ["Face sheet", "Insurance cards", "Last office note", "Lab results", "TB screening", "Failed therapies"]


def build(book):
    rng = book.case_rng
    book.css = CSS + "body{font:%s;line-height:1.25}" % book.rng.choice(FONTS)
    case = book.case(specialty="Rheumatology")
    case.values["referral.service"] = rng.choice(["procedure", "evaluate_and_treat", "consult"])
    if case.values["referral.service"] == "consult":
        case.values.pop("referral.procedures", None)
    else:
        code, drug, _ = rng.choice(DRUGS)
        case.values["referral.procedures"], case.procs = [code], [(code, drug)]
    doc = book.doc("referral", case)
    doc.drop("recipient.name")
    doc.style["dot"] = True  # the codes are printed
    doc.page("referral", FORM, listed=LISTED, printed=[doc.code(code) for code, _ in LISTED], drugs=DRUGS, papers=PAPERS,
             sent=rng.sample(PAPERS, 4))
