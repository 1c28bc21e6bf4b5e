"""Community health center's batch: cover, then two patients' 'Specialty Referral Request' sheets of the same referral desk."""
import world

CSS = """
.page{padding:.5in .65in} .hd{text-align:center;border-bottom:1px solid #000;padding-bottom:6px} .hd b{font-size:1.4em} .hd
i{font-size:.9em}
h1{font-size:1.25em;text-align:center;margin:.1in 0;letter-spacing:var(--ls)} fieldset{border:1.2px solid
#000;border-radius:var(--r);margin:.09in 0 0; padding:3px 10px 7px} legend{font-weight:bold;padding:0 5px}
.g{display:flex;flex-wrap:wrap;column-gap:.3in;row-gap:5px} .g>span
b{font-weight:var(--w)}
.w{width:100%} .cv p{font-size:1.15em;line-height:1.6} .cv table{width:100%;border-collapse:collapse;font-size:1.1em} .cv td{padding:7px;
border-bottom:1px solid #000} .sm{font-size:.84em;text-align:center}
"""
FACES = ["body{font:10.4pt/1.32 'Liberation Sans';--ls:1px;--r:6px;--w:bold}",
         "body{font:11pt/1.3 'Liberation Serif';--ls:0;--r:0;--w:normal}",
         "body{font:9.6pt/1.34 'DejaVu Sans Condensed';--ls:2px;--r:0;--w:bold}",
         "body{font:10.2pt/1.32 'URW Bookman';font-size:9.8pt;--ls:0;--r:12px;--w:bold}"]
COVER = """<div class=cv><div class=hd><b>{{ x.hc }}</b><br><i>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</i></div>
<h1>{{ pick(['Referral Department Fax', 'FAX COVER LETTER', 'Referrals - Fax']) }}</h1><table><tr><td>To<td>{{ s('recipient.organization')
}}</tr><tr><td>Fax number<td>{{ s.ph(x.rec_fax) }}</tr><tr><td>From<td>{{ x.contact }}, {{ pick(['Referral Specialist', 'Referral
Coordinator', 'Care
Coordinator']) }}</tr>
<tr><td>Tel / Fax<td>{{ s('referrer.phone') }} / {{ s('referrer.fax') }}</tr><tr><td>Date<td>{{ s.d(x.print_date) }}</tr><tr><td>Total
pages<td>3</tr></table>
<p>{{ pick(['Two referrals attached. Please contact the patients to schedule and fax us the appointment information.',
'2 patients in this fax. If you do not accept their insurance let us know right away.']) }}</p><p>{{ pick(['Muchas gracias!', 'Thank you for
seeing our patients.', '']) }}</p></div>"""
FORM = """{% macro f(lab, v, c='') %}<span class="{{ c }}"><b>{{ lab }}</b> {{ v }}</span>{% endmacro %}
<div class=hd><b>{{ s('referrer.organization') }}</b><br><i>{{ tag }}</i></div><h1>{{ L.title }}</h1><div class=g
style="justify-content:space-between">{{ f(L.date, s('referral.date')) }}<span>{{ s.boxes('referral.urgency', [('routine', L.rt), ('urgent',
L.ur), ('stat', L.st)]) }}</span></div>
<fieldset><legend>{{ L.pt }}</legend><div class=g>{{ f(L.name, s('patient.name')) }}{{ f(L.dob, s('patient.birth_date')) }}{{ f(L.sex,
s('patient.sex')) }}{{ f(L.mrn, s('patient.mrn')) if s.has('patient.mrn') }}{{ f(L.addr, s.addr(), 'w') }}{{ f(L.ph, s('patient.phone'))
}}{{ f('Alt. phone:', '')
}}{{ f(L.lang, s('patient.language')) }}<span>{{ L.int }} {{ s.box(inter) }}Y {{ s.box(not inter) }}N</span><span>Transportation needed: {{
s.box(False)
}}Y {{ s.box(True) }}N</span></div></fieldset>
<fieldset><legend>{{ L.ins }}</legend><div class=g>{{ f(L.plan, s('insurance.payer')) }}{{ f(L.mid, s('insurance.member_id')) }}{{
f('Group:', s('insurance.group_number')) if s.has('insurance.group_number') }}{{ f(L.auth, s('referral.authorization_number')) }}{% if
s.has('insurance.secondary.payer') %}{{ f('Second insurance:', s('insurance.secondary.payer')) }}{{ f('ID:',
s('insurance.secondary.member_id')) }}{% endif %}{{ f('Sliding fee:',
pick(['A', 'B', 'C', 'n/a'])) }}</div></fieldset>
<fieldset><legend>{{ L.to }}</legend><div class=g>{{ f(L.spec, s('referral.specialty')) }}{{ f(L.cl, s('recipient.organization')) }}{% if
s.has('recipient.name') %}{{ f('Provider:', s('recipient.name')) }}{% endif %}{{ f('Ph:', s.ph(x.rec_phone)) }}{{ f('Fx:', s.ph(x.rec_fax))
}}</div></fieldset>
<fieldset><legend>{{ L.cli }}</legend><div class=g>{{ f(L.why, s('referral.reason'), 'w') }}<span class=w><b>{{ L.dx }}</b> {% for c, t in
s.dx() %}{{ c }} - {{ t }}{{ '; ' if not loop.last }}{% endfor %}</span>{% if s.has('referral.procedures') %}<span class=w><b>{{ L.px
}}</b> {% for c, t in
s.cpt() %}{{ t }} ({{ c }}){{ ', ' if not loop.last }}{% endfor %}</span>{% endif %}<span class=w><b>{{ L.svc }}</b> {{
s.boxes('referral.service', [('consult',
'Consultation'), ('evaluate_and_treat', 'Evaluate/treat'), ('procedure', 'Procedure'), ('diagnostic', 'Testing'), ('second_opinion', '2nd
opinion'),
('transfer_of_care', 'Assume care')]) }}</span>{{ f('Allergies:', x.allergy) }}{{ f('Current meds:', x.meds|join(', '), 'w') }}<span
class=w><b>Attached:</b> {{
s.box(True) }}Progress note {{ s.box(False) }}Labs {{ s.box(False) }}Imaging {{ s.box(False) }}Immunizations</span></div></fieldset>
<fieldset><legend>{{ L.by }}</legend><div class=g>{{ f(L.prov, s('referrer.name')) }}{{ f('NPI:', s('referrer.npi')) }}{{ f(L.tel,
s('referrer.phone')) }}{{ f(L.fax, s('referrer.fax')) }}{% if s.has('referrer.direct_address') %}{{ f('Direct:',
s('referrer.direct_address')) }}{% endif %}{{ f(L.co,
x.contact) }}</div></fieldset><p class=sm>{{ pick(['Specialist: please send your consult note within 10 days of the visit.', 'Consult report
requested.']) }} &nbsp; Appt date ___________ time ________ with ________________</p>"""
LABELS = {"title": ["SPECIALTY REFERRAL REQUEST", "Specialty Referral", "REFERRAL FOR SPECIALTY CARE"],
          "date": ["Referral date:", "Date of request:"],
          "rt": ["Routine", "Routine (30 days)"], "ur": ["Urgent", "Urgent (7 days)"], "st": ["Stat", "STAT (24-48 hrs)"],
          "pt": ["Patient", "Patient Demographics"], "name": ["Name:", "Patient name:"], "dob": ["DOB:", "Date of birth:"],
          "sex": ["Gender:", "Sex:"],
          "mrn": ["Chart #:", "Patient ID:", "Medical record:"], "addr": ["Address:", "Home address:"], "ph": ["Phone:", "Cell phone:"],
          "lang": ["Language:", "Primary language:"], "int": ["Interpreter:", "Needs interpreter:"], "ins": ["Insurance", "Coverage"],
          "plan": ["Plan:", "Insurance name:"], "mid": ["ID #:", "Member/Medicaid ID:", "Policy ID:"],
          "auth": ["Auth #:", "Prior auth. #:"],
          "to": ["Refer To", "Specialist"], "spec": ["Specialty:", "Type of specialist:"], "cl": ["Clinic:", "Facility:"],
          "cli": ["Clinical", "Clinical Information"], "why": ["Reason for referral:", "Chief complaint / reason:"],
          "dx": ["Diagnosis:", "Dx (ICD-10):"],
          "px": ["Procedure (CPT):", "Specific test:"], "svc": ["Request for:", "Requesting:"], "by": ["Referred By", "Referring Provider"],
          "prov": ["Provider:", "PCP:"], "tel": ["Phone:", "Tel:"], "fax": ["Fax:", "Fax back to:"],
          "co": ["Coordinator:", "Completed by:"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    one = b.case()
    one.values["referrer.organization"] = r.choice(["{} Community Health Center", "{} Family Health Center", "La Clinica de {}",
                                                    "{} Neighborhood Health Services"]).format(r.choice([one.x["city"],
                                                                                                         r.choice(world.PLACES)]))
    one.x["hc"] = one.values["referrer.organization"]
    two, where = None, tuple(one.x[k] for k in ("city", "state", "zip", "area"))
    while not two or two.x["patient"][2] == one.x["patient"][2]:
        two = b.case(specialty=one.values["referral.specialty"], place=where)
    shared = {k: v for k, v in one.values.items() if k.startswith(("referrer.", "recipient."))}  # one desk, one specialist
    two.values = {k: v for k, v in two.values.items() if not k.startswith(("referrer.", "recipient."))} | shared
    two.values["referral.date"] = one.values["referral.date"]
    two.x.update({k: one.x[k] for k in ("referrer", "cred", "recipient", "rcred", "ref_addr", "contact", "rec_phone", "rec_fax", "rec_addr",
                                        "ref_date", "spec_shown", "hc")})
    labels = {k: r.choice(v) for k, v in LABELS.items()}
    docs = [b.doc("referral", c) for c in (one, two)]
    docs[1].style = docs[0].style
    docs[0].page("cover", COVER)
    tag = r.choice(["Medical - Dental - Behavioral Health", "Your community, your health"])
    for d in docs:
        d.page("referral", FORM, L=labels, tag=tag, inter=d.case.values.get("patient.language", "English") != "English")
