"""Hospital EHR's requisition print: patient banner with account numbers, order name, 'Order Details' as label and value, coverage table."""
import world

CSS = """
.page{padding:.4in .5in} .fac{text-align:center;font-weight:bold;font-size:1.15em} .fac
small{display:block;font-weight:normal;font-size:.8em} .ban{border:1.5px solid #000;
display:grid;grid-template-columns:1.7fr 1fr 1fr;column-gap:.15in;row-gap:3px;padding:6px 8px;margin:8px 0} .ban b,.od
b{font-weight:var(--w)} .bar{background:var(--bar);font-weight:bold;
padding:3px 7px;margin:.11in 0 .04in;border:var(--bd)} .od{display:grid;grid-template-columns:2.05in 1fr;row-gap:4px;padding:0 7px}
.two{display:grid;grid-template-columns:1fr 1fr;column-gap:.25in}
table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:3px 7px;border-bottom:1px solid #bbb;vertical-align:top}
.ft{position:absolute;bottom:.35in;left:.5in;right:.5in;
font-size:.82em;border-top:1px solid #000;padding-top:4px;display:flex;justify-content:space-between}
"""
FACES = ["body{font:9.6pt/1.3 'Liberation Sans';--w:bold;--bar:#d4d4d4;--bd:0}",
         "body{font:9.9pt/1.3 'Roboto Condensed';font-size:10.4pt;--w:normal;--bar:#fff;--bd:1px solid #000}",
         "body{font:9pt/1.3 'DejaVu Sans';font-size:8.6pt;--w:bold;--bar:#eee;--bd:0}",
         "body{font:9.4pt/1.32 'Noto Sans Mono';font-size:8.4pt;--w:normal;--bar:#fff;--bd:1px dashed #000}"]
T = """<div class=fac>{{ s('referrer.organization') }}<small>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; {{
s('referrer.phone') }}</small></div>
<div class=ban><span><b>{{ L.pt }}</b> {{ s('patient.name', 'LAST') }}</span><span><b>{{ L.mrn }}</b> {{ s('patient.mrn')
}}</span><span><b>FIN:</b> {{ x.acct }}</span><span><b>{{ L.dob
}}</b> {{ s('patient.birth_date') }} &nbsp; <b>Age:</b> {{ x.age }} Years</span><span><b>{{ L.sex }}</b> {{ s('patient.sex')
}}</span><span><b>Encounter:</b> {{ pick(['Clinic', 'Outpatient',
'Office Visit']) }}</span><span><b>Address:</b> {{ s.addr() }}</span><span><b>{{ L.ph }}</b> {{ s('patient.phone') }}</span><span><b>{{
L.lang }}</b> {{ s('patient.language')
}}</span></div>
<div class=bar>{{ L.ord }}</div><div class=od><b>{{ L.name }}</b><span>{{ pick(['Referral to', 'Ambulatory Referral', 'Consult to']) }} {{
s('referral.specialty') }}</span><b>{{ L.dt
}}</b><span>{{ s('referral.date') }} {{ pick(['09:41', '13:22', '16:05']) }} {{ pick(['CST', 'EDT', '']) }}</span><b>Order
Status</b><span>{{ pick(['Ordered', 'Ordered (Active)']) }}</span><b>Order
ID</b><span>{{ oid }}</span><b>Entered By</b><span>{{ x.contact }}, {{ pick(['RN', 'CMA']) }}</span>{% if s.has('referral.urgency') %}<b>{{
L.pri }}</b><span>{{ s('referral.urgency')
}}</span>{% endif %}<b>{{ L.svc }}</b><span>{{ s('referral.service') }}</span><b>{{ L.why }}</b><span>{{ s('referral.reason') }}</span>{% if
s.has('referral.procedures') %}<b>{{ L.px
}}</b><span>{% for c, t in s.cpt() %}{{ t }} [{{ c }}]{{ '<br>'|safe if not loop.last }}{% endfor %}</span>{% endif %}<b>Number of
Visits</b><span>{{ pick(['1', '6', '12']) }}</span><b>Special
Instructions</b><span>{{ pick(['', 'Patient uses a walker', 'Call after 3 pm', 'Needs morning appointment']) }}</span></div>
<div class=bar>{{ L.dx }}</div><table><tr><th>{{ pick(['Description', 'Diagnosis']) }}<th>{{ pick(['Code', 'ICD-10-CM']) }}<th>Type</tr>{%
for c, t in s.dx() %}<tr><td>{{ t }}<td>{{ c }}<td>{{
'Primary' if loop.first else 'Secondary' }}</tr>{% endfor %}</table>
<div class=two><div><div class=bar>{{ L.by }}</div><div class=od style="grid-template-columns:.95in 1fr"><b>Name</b><span>{{
s('referrer.name', pick(['last', 'first'])) }}</span><b>NPI</b><span>{{
s('referrer.npi') }}</span><b>Phone</b><span>{{ s('referrer.phone') }}</span><b>Fax</b><span>{{ s('referrer.fax') }}</span>{% if
s.has('referrer.direct_address') %}<b>Direct</b><span
style="font-size:.92em">{{ s('referrer.direct_address') }}</span>{% endif %}</div></div><div><div class=bar>{{ L.to }}</div><div class=od
style="grid-template-columns:.95in
1fr"><b>Location</b><span>{{ s('recipient.organization') }}</span>{% if s.has('recipient.name') %}<b>Provider</b><span>{{
s('recipient.name') }}</span>{% endif %}<b>Phone</b><span>{{
s.ph(x.rec_phone) }}</span><b>Fax</b><span>{{ s.ph(x.rec_fax) }}</span></div></div></div>
<div class=bar>{{ L.cov }}</div><table><tr><th>Seq<th>Health Plan<th>{{ pick(['Member Number', 'Subscriber ID', 'Policy Number']) }}<th>{{
pick(['Group', 'Group Number']) }}<th>{{
pick(['Auth Number', 'Authorization']) }}</tr><tr><td>1<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{
s('insurance.group_number') }}<td>{{
s('referral.authorization_number') }}</tr>{% if s.has('insurance.secondary.payer') %}<tr><td>2<td>{{ s('insurance.secondary.payer') }}<td>{{
s('insurance.secondary.member_id')
}}<td><td></tr>{% endif %}</table>
<div class=bar>{{ pick(['Allergies', 'Allergies (Active)']) }} / {{ pick(['Home Medications', 'Medications']) }}</div><div style="padding:0
7px">{{ x.allergy }}<br>{{ x.meds|join('; ') }}</div>
<p style="padding:0 7px">Electronically Signed By: {{ x.referrer[2] }}, {{ x.referrer[0] }} {{ x.cred }} on {{ s.d(x.ref_date) }}</p>
<div class=ft><span>{{ s('patient.name', 'LAST') }} &nbsp; {{ L.dob }} {{ s('patient.birth_date') }}</span><span>Printed: {{
s.d(x.print_date) }} by {{ usr }}</span><span>Page 1 of 1</span></div>"""
LABELS = {"pt": ["Patient:", "Patient Name:"], "mrn": ["MRN:", "Med Rec Num:"], "dob": ["DOB:", "Birth Date:"],
          "sex": ["Sex:", "Gender:", "Birth Sex:"], "ph": ["Home Phone:", "Phone:", "Mobile:"],
          "lang": ["Language:", "Pref Lang:"], "ord": ["Order Information", "Order Details", "REQUISITION"],
          "name": ["Order", "Order Name", "Orderable"],
          "dt": ["Order Date/Time", "Start Date/Time", "Original Order Date/Time"], "pri": ["Priority", "Referral Priority"],
          "svc": ["Type of Service", "Referral Type", "Scope"],
          "why": ["Reason for Referral", "Reason For Exam/Consult", "Clinical Indication"], "px": ["Requested Procedure", "Procedures"],
          "dx": ["Associated Diagnoses", "Diagnosis (Problems Addressed)"], "by": ["Ordering Provider", "Referring Provider"],
          "to": ["Refer To", "Referred To", "Scheduling Location"],
          "cov": ["Insurance", "Coverage Information", "Payer Information"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    d = b.doc("referral", b.case())
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, oid=world.digits(r, 10),
           usr=world.slug(r.choice(world.FAMILY))[:5].upper() + world.digits(r, 2))
