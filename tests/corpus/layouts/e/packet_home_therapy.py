"""Home health packet from a discharging hospital: case manager's cover, intake order with face-to-face text, medication list."""
import datetime as dt

import world

CSS = """
.page{padding:.5in .6in} .cv{font-size:1.15em} .cv h1{border:3px solid #000;text-align:center;padding:6px;margin:0 0 .15in;font-size:1.5em}
.cv p{margin:.09in 0} .cv p b{display:inline-block;width:1.25in}
.bar{font-weight:bold;border:1px solid #000;border-left:9px solid #000;padding:2px 7px;margin:.13in 0 .05in} .i{line-height:1.75} .i
b{font-weight:var(--w)} .i .v,.i .t{border-bottom:var(--u);padding:0 5px}
.ml{border-collapse:collapse;width:100%} .ml td,.ml th{border:1px solid #000;text-align:left;padding:4px 6px}
.hd{display:flex;justify-content:space-between;align-items:flex-end} .hd b{font-size:1.4em}
"""
FACES = ["body{font:10.4pt/1.35 'Liberation Sans';--w:bold;--u:0}",
         "body{font:10.4pt/1.35 'URW Bookman';font-size:9.8pt;--w:normal;--u:1px solid #000}",
         "body{font:10.6pt/1.35 'Linux Biolinum O';--w:bold;--u:0} .bar{border-width:0 0 2px}",
         "body{font:10.6pt/1.35 'Nimbus Roman';--w:normal;--u:1px dotted #000}"]
COVER = """<div class=cv><h1>{{ s('referrer.organization') }}<br><span style="font-size:.7em;font-weight:normal">{{ pick(['Case Management',
'Care Coordination', 'Discharge Planning']) }} &nbsp; {{ x.ref_addr }}, {{ x.city }},
{{ x.state }} {{ x.zip }}</span></h1><p><b>Agency:</b>{{ s('recipient.organization') }}</p><p><b>Fax:</b>{{ s.ph(x.rec_fax)
}}</p><p><b>Attn:</b>{{ pick(['Intake', 'Home health intake', 'Referral intake nurse']) }}</p><p><b>From:</b>{{
x.contact }}, {{ pick(['RN case manager', 'LSW', 'discharge planner']) }}</p><p><b>Call back:</b>{{ s('referrer.phone') }}</p><p><b>Our
fax:</b>{{ s('referrer.fax') }}</p><p><b>Pages:</b>3</p><p><b>Date:</b>{{ s.d(x.print_date) }}</p>
<p style="margin-top:.3in">{{ pick(['Please confirm acceptance within 2 hours.', 'Please let me know today if you can accept.',
'Patient chose your agency from the list given.']) }} {{ pick(['Start of care is asked for within 48 hours of',
'Discharge is planned for', 'Expected discharge']) }} {{ s.d(out) }}. {{ pick(['Thank you', 'Thanks!']) }}</p>{% for t in ['Accept',
'Decline - no staff', 'Decline - out of network', 'Need more information'] %}<p>{{ s.box(false) }}{{ t }}</p>{%
endfor %}<p style="font-size:.74em;margin-top:1.2in">This transmission may contain health information protected by federal and state law.
Unintended recipients must notify the sender and destroy it.</p></div>"""
ORDER = """{% macro k(lab, v='') %}<b>{{ lab }}</b> {{ v }} &emsp; {% endmacro %}{% macro t(v) %}<span class=t>{{ v }}</span>{% endmacro %}
<div class=hd><b>{{ pick(['Home Health Intake / Referral Order', 'HOME CARE REFERRAL', 'Physician Referral for Home Care Services'])
}}</b><span>{{ pick(['Referral date', 'Date of referral', 'Ordered']) }} {{ s('referral.date') }}</span></div>
<div class=bar>{{ pick(['Patient', 'CLIENT', 'Demographics']) }}</div><div class=i>{{ k(pick(['Name:', 'Client name:', 'Pt:']),
s('patient.name')) }}{{ k(pick(['DOB:', 'Birthdate:']), s('patient.birth_date')) }}{{ k('Sex:', s('patient.sex')) }}<br>{{
k(pick(['Address of care:', 'Home address:', 'Lives at:']), s.addr()) }}<br>{{ k(pick(['Phone:', 'Home phone:']), s('patient.phone')) }}{{
k(pick(['Caregiver:', 'Contact:']), t(x.emerg ~ ' ' ~ s.ph(x.emerg_phone))) }}<br>{{
k(pick(['Language:', 'Primary language:']), s('patient.language')) }}{{ k(pick(['Hospital MRN:', 'MRN:']), s('patient.mrn')) }}{{
k('Lives alone?', t(pick(['No', 'Yes']))) }}</div>
<div class=bar>{{ pick(['Payer', 'INSURANCE', 'Insurance verification']) }}</div><div class=i>{{ k(pick(['Primary:', 'Primary payer:']),
s('insurance.payer')) }}{{ k(pick(['ID:', 'Medicare / policy no.:', 'Policy:']), s('insurance.member_id')) }}{{ k('Group:',
s('insurance.group_number')) }}<br>{{ k('Secondary:', s('insurance.secondary.payer')) }}{{ k('ID:', s('insurance.secondary.member_id')) }}{{
k(pick(['Auth:', 'Authorization no.:']), s('referral.authorization_number')) }}</div>
<div class=bar>{{ pick(['Services ordered', 'SERVICES', 'Disciplines']) }}</div><div class=i>{% for code, n in services %}<span class=opt>{{
s.box(code in on, mark) }}{{ n }}</span> {% endfor %}<br>{{ k(pick(['Main service:', 'Specialty:', 'Primary discipline:']),
s('referral.specialty')) }}{{ k(pick(['Order:', 'Type:']), s('referral.service')) }}<br>{{ k(pick(['Start of care:', 'Priority:',
'Urgency:']), s.boxes('referral.urgency', [('stat', 'STAT / same day'), ('urgent', 'Urgent, 24-48 h'), ('routine',
'Routine')], mark)) }}{{ k('Frequency:', t(freq)) }}{% if s.has('referral.procedures') %}<br>{{ k('Treatment codes:', cpts()) }}{% endif
%}<br>{{ k(pick(['Reason:', 'Reason for home care:', 'Goals and reason:']), s('referral.reason')) }}</div>
<div class=bar>{{ pick(['Diagnoses', 'DIAGNOSES (ICD-10)', 'Medical']) }}</div><div class=i>{% for c, n in s.dx() %}{{ loop.index }}. {{ n
}} {{ t(c) }}<br>{% endfor %}{{ k('Admitted:', t(s.d(inn))) }}{{ k('Discharged:', t(s.d(out))) }}{{ k('Allergies:', t(x.allergy)) }}<br>{{
k('Weight bearing:', t(pick(['as tolerated', 'WBAT', 'partial']))) }}{{ k('Diet:', t(pick(['regular', 'cardiac', 'diabetic']))) }}{{
k('Code status:', t('full')) }}</div>
<div class=bar>{{ pick(['Face-to-face encounter', 'FACE TO FACE']) }}</div><div style="font-size:.92em">I certify that this patient is under
my care and that I had a face-to-face encounter on {{ s.d(x.visit) }}. Leaving home takes considerable and taxing effort because of {{
pick(['weakness', 'pain with walking', 'unsteady gait']) }}; the patient is homebound and needs {{ pick(['intermittent skilled care',
'skilled therapy']) }}.</div>
<div class=i style="margin-top:.06in">{{ k(pick(['Ordering physician:', 'Certifying provider:']), s('referrer.name')) }}{{ k('NPI:',
s('referrer.npi')) }}<br>{{ k(pick(['Facility:', 'Hospital / office:']), s('referrer.organization')) }}<br>{{ k('Ph:', s('referrer.phone'))
}}{{
k('Fax:', s('referrer.fax')) }}{{ k('PCP to follow:', t(pcp)) }}{% if s.has('referrer.direct_address') %}<br>{{ k('Direct:',
s('referrer.direct_address')) }}{% endif %}</div>"""
MEDS = """<div class=hd><b>{{ pick(['Discharge Medication List', 'Medication Reconciliation', 'Current Medications']) }}</b><span>{{
s.d(x.print_date) }}</span></div><p>{{ s('patient.name', 'last') }} &emsp; {{ s('patient.birth_date') }} &emsp; {{ x.place }} unit {{
pick(['4 West', '2B',
'Rehab']) }}</p><table class=ml><tr><th>Medication<th>Last given<th>Status</tr>{% for m in x.meds %}<tr><td>{{ m }}<td>{{ s.d(out) }} {{
pick(['0800', '0900', '2100']) }}<td>{{ pick(['Continue', 'New', 'Changed']) }}</tr>{% endfor %}</table><p>Allergies: {{ x.allergy
}}</p><p>Vitals at
discharge: BP {{ x.bp }}, HR {{ x.hr }}, T {{ x.temp }}, SpO2 {{ x.spo2 }}% {{ pick(['room air', 'RA']) }}, Wt {{ x.wt }} lb</p><p>History:
{{ x.history|join(', ') }}</p><p>Follow-up: primary care within 7 days; surgeon {{ pick(['2 weeks', 'as scheduled', 'n/a']) }}.</p>"""
SERVICES = [("SN", "Skilled nursing"), ("PT", "Physical therapy"), ("OT", "Occupational therapy"), ("ST", "Speech"),
            ("MSW", "Social work"), ("HHA", "Home health aide")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Physical Therapy")
    x = c.x
    c.values["recipient.organization"] = r.choice(["{} Home Health", "{} Home Care and Hospice",
                                                   "Visiting Nurses of {}"]).format(r.choice([x["city"], x["place"]]))
    c.values["referrer.organization"] = r.choice(["{} Regional Hospital", "{} Memorial Hospital",
                                                  "{} Rehabilitation Center"]).format(r.choice([x["city"], r.choice(world.PLACES)]))
    d = b.doc("referral", c)
    p = world.person(r)
    out = x["ref_date"] + dt.timedelta(days=r.randint(0, 2))
    more = dict(services=SERVICES, on={"PT", r.choice(["SN", "OT", "HHA", "PT"])}, mark=r.choice(["sq", "sqv", "br", "uni"]), out=out,
                inn=out - dt.timedelta(days=r.randint(3, 12)), freq=r.choice(["2w3 1w2", "3 x week for 4 weeks", "1w1 2w4"]),
                pcp=f"Dr. {p[0]} {p[2]}",
                cpts=lambda: "; ".join(f"{k} {t}" for k, t in d.cpt()))
    d.page("cover", COVER, **more)
    for kind, template in r.choice([[("referral", ORDER), ("clinical_note", MEDS)], [("clinical_note", MEDS), ("referral", ORDER)]]):
        d.page(kind, template, **more)
