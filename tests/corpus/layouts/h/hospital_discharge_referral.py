"""A hospital's electronic record printed at discharge: the summary, the order for a follow-up with a specialist, the medication list."""
import datetime as dt

import simple_icd_10_cm as icd10

CSS = """
.page{padding:.4in .55in;line-height:1.32} .hd{display:flex;justify-content:space-between;border-bottom:1px solid #000;padding-bottom:3px;font-size:.9em} .ft{position:absolute;bottom:.35in;left:.55in;right:.55in;border-top:1px solid #000;font-size:.8em;display:flex;justify-content:space-between;padding-top:2px}
h1{font-size:1.35em;margin:.13in 0 .02in} h2{font-size:1.05em;margin:.13in 0 .03in;border-bottom:.6px solid #777} p{margin:.04in 0} .k{display:grid;grid-template-columns:1.75in 1fr;row-gap:2.5px} .k b{font-weight:bold}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 .3in} table{width:100%;border-collapse:collapse;font-size:.95em} th{text-align:left;border-bottom:1.2px solid #000} td{padding:3px 6px 3px 0;border-bottom:.5px solid #aaa;vertical-align:top} .two .k{grid-template-columns:1.15in 1fr}
"""
TOP = """{% macro kv(k, v) %}<b>{{ k }}:</b><span>{{ v }}</span>{% endmacro %}
<div class=hd><span><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</span>
<span style="text-align:right">{{ s('patient.name') }}<br>{{ pick(['MRN:', 'MRN', 'Med Rec #']) }} {{ s('patient.mrn') }}, {{ pick(['DOB:', 'DOB', 'Birth date:']) }} {{ s('patient.birth_date') }}, {{ pick(['Sex:', 'Legal sex:']) }} {{ s('patient.sex') }}</span></div>
<div class=ft><span>{{ x.patient[2] }}, {{ x.patient[0] }} &nbsp; CSN {{ x.acct }} &nbsp; Printed {{ s.d(x.print_date) }} {{ x.hr % 12 + 1 }}:{{ x.temp[-1] }}7 PM</span><span>Page {{ n }} of 3</span></div>"""
SUMMARY = TOP + """<h1>{{ pick(['Discharge Summary', 'Hospital Discharge Summary', 'DISCHARGE SUMMARY']) }}</h1><p>{{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} &nbsp;&bull;&nbsp; {{ unit }} &nbsp;&bull;&nbsp; Signed {{ s.d(x.ref_date) }}</p>
<div class=k>{{ kv('Admission date', s.d(admitted)) }}{{ kv('Discharge date', s.d(x.ref_date)) }}{{ kv('Attending at discharge', x.referrer[0] ~ ' ' ~ x.referrer[2] ~ ', ' ~ x.cred) }}{{ kv('Admitting provider', y.x.referrer[0] ~ ' ' ~ y.x.referrer[2] ~ ', MD') }}
{{ kv('PCP', 'Dr. ' ~ pcp ~ ', ' ~ y.values['referrer.organization'] ~ ', ' ~ s.ph(y.x.rec_phone)) }}{{ kv('Disposition', pick(['Home or self care', 'Home with home health', 'Skilled nursing facility'])) }}{{ kv('Condition', pick(['Stable', 'Good', 'Fair'])) }}{{ kv('Code status', 'Full code') }}</div>
<h2>{{ pick(['Principal problem', 'Discharge diagnosis', 'Hospital problems addressed']) }}</h2>{% for c, d in s.dx() %}<p>{{ d }} [{{ c }}]</p>{% else %}<p>See problem list</p>{% endfor %}
<h2>{{ pick(['Past medical history', 'Chronic problems']) }}</h2>{% for c, d in history %}<p>{{ d }} ({{ c }})</p>{% endfor %}
<h2>Hospital course</h2><p>{{ x.age }} y.o. {{ x.sexword }} who came to the emergency department {{ (x.ref_date - admitted).days }} days before discharge and was admitted to {{ unit }}. {{ pick(['Seen by the consult service on day two; further evaluation can be done as an outpatient.',
'Improved on supportive care. No procedure was done during this stay.', 'Work-up here was limited by the patient\\'s wish to go home; the rest is left to the clinic.']) }} Tolerating a regular diet, walking the hall, pain controlled with oral medication. {{ pick(['No fever for 48 hours.', 'Oxygen weaned to room air.', 'Lines and catheter removed.']) }}</p>
<h2>Discharge exam and vitals</h2><p>BP {{ x.bp }} | Pulse {{ x.hr }} | Temp {{ x.temp }} &deg;F | Wt {{ x.wt }} lb | SpO2 {{ x.spo2 }}%. Alert, no distress. Lungs clear. Abdomen soft. No focal deficit.</p>
<h2>Pending at discharge</h2><p>{{ pick(['None', 'Blood culture, final read', 'Vitamin D level']) }}</p><h2>{{ pick(['Follow-up', 'Follow-up appointments']) }}</h2><p>1. PCP Dr. {{ pcp }} within {{ pick([7, 10, 14]) }} days, {{ s.ph(y.x.rec_phone) }}.<br>2. {{ x.spec_shown }}, referral placed, see next page. The office will call the patient.</p>
<p>Questions about this stay: hospital medicine line {{ s.ph(y.x.emerg_phone) }}. Time spent on discharge: {{ pick([32, 35, 40]) }} minutes.</p>"""
ORDER = TOP + """<h1>{{ pick(['Ambulatory Referral to', 'AMB REFERRAL TO', 'Referral to']) }} {{ s('referral.specialty') }} <span style="font-weight:normal;font-size:.8em">(Order #{{ x.acct }})</span></h1>
<h2>{{ pick(['Order information', 'Referral details', 'Order details']) }}</h2><div class=k>{{ kv(pick(['Order date', 'Date ordered', 'Ordered on']), s('referral.date')) }}{{ kv('Order class', pick(['Outgoing referral', 'External referral'])) }}{{ kv(pick(['Priority', 'Referral priority']), s('referral.urgency')) }}
{{ kv(pick(['Type', 'Referral type', 'Services requested']), s('referral.service')) }}{{ kv('Number of visits', pick([1, 3, 6])) }}{{ kv('Expires', s.d(expires)) }}{% if s.has('referral.authorization_number') %}{{ kv(pick(['Authorization #', 'Auth number']), s('referral.authorization_number')) }}{% endif %}</div>
<h2>{{ pick(['Referred by', 'Referring provider information', 'Ordering user / authorizing provider']) }}</h2><div class=k>{{ kv(pick(['Authorizing provider', 'Referring provider', 'Provider']), s('referrer.name')) }}{{ kv('NPI', s('referrer.npi')) }}{{ kv('Entered by', x.contact ~ ', RN') }}
{{ kv(pick(['Department phone', 'Phone']), s('referrer.phone')) }}{{ kv(pick(['Department fax', 'Fax']), s('referrer.fax')) }}{% if s.has('referrer.direct_address') %}{{ kv('Direct address', s('referrer.direct_address')) }}{% endif %}</div>
<h2>{{ pick(['Referred to', 'Refer to', 'Referral destination']) }}</h2><div class=k>{% if s.has('recipient.name') %}{{ kv('Provider', s('recipient.name')) }}{% endif %}{{ kv(pick(['Location', 'Practice', 'Place of service']), s('recipient.organization')) }}{{ kv('Address', x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state) }}{{ kv('Phone / Fax', s.ph(x.rec_phone) ~ ' / ' ~ s.ph(x.rec_fax)) }}</div>
<h2>{{ pick(['Diagnoses', 'Associated diagnoses']) }}</h2>{% for c, d in s.dx() %}<p>{{ c }} (ICD-10-CM) - {{ d }}</p>{% else %}<p>None listed</p>{% endfor %}
{% if s.has('referral.procedures') %}<h2>Procedures</h2>{% for c, d in s.cpt() %}<p>{{ c }} (CPT) - {{ d }}</p>{% endfor %}{% endif %}
<h2>{{ pick(['Reason for referral', 'Order comments', 'Comments / clinical question']) }}</h2><p>{{ s('referral.reason') }}</p>
<div class=two><div><h2>{{ pick(['Patient demographics', 'Patient contact']) }}</h2><div class=k>{{ kv('Address', s.addr()) }}{{ kv(pick(['Mobile', 'Home phone', 'Phone']), s('patient.phone')) }}{{ kv(pick(['Language', 'Pref. language']), s('patient.language')) }}{{ kv('Emerg. contact', x.emerg ~ ', ' ~ s.ph(x.emerg_phone)) }}</div></div>
<div><h2>{{ pick(['Coverage', 'Guarantor / coverage']) }}</h2><div class=k>{{ kv(pick(['Payer', 'Primary plan', 'Payor/Plan']), s('insurance.payer')) }}{{ kv(pick(['Subscriber ID', 'Member ID']), s('insurance.member_id')) }}{{ kv('Group #', s('insurance.group_number')) }}{{ kv('Subscriber', pick(['Self', 'Self', x.emerg])) }}{% if s.has('insurance.secondary.payer') %}
{{ kv('Secondary', s('insurance.secondary.payer')) }}{{ kv('Secondary ID', s('insurance.secondary.member_id')) }}{% endif %}</div></div></div>
<p style="margin-top:.12in">Electronically authorized by {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} at {{ x.hr % 12 + 1 }}:{{ x.temp[-1] }}2 AM</p>"""
MEDS = TOP + """<h1>{{ pick(['Discharge Medication List', 'Medication Reconciliation at Discharge', 'Your Medicines After You Leave']) }}</h1><p>Allergies: {{ x.allergy }} &nbsp;|&nbsp; Weight {{ x.wt }} lb &nbsp;|&nbsp; Preferred pharmacy: {{ y.x.place }} Pharmacy, {{ y.x.ref_addr }}, {{ s.ph(y.x.rec_fax) }}</p>
<h2>{{ pick(['CONTINUE taking', 'Continue these medications']) }}</h2><table><tr><th>Medication</th><th>Last given</th><th>Next due</th></tr>{% for m in x.meds[:3] %}<tr><td>{{ m }}</td><td>{{ s.d(x.ref_date) }} 8 AM</td><td>{{ pick(['tonight', 'tomorrow morning']) }}</td></tr>{% endfor %}</table>
<h2>{{ pick(['START taking', 'New medications']) }}</h2><table><tr><th>Medication</th><th>Disp</th><th>Refills</th></tr>{% for m in y.x.meds[:2] if m not in x.meds %}<tr><td>{{ m }}</td><td>{{ pick([14, 30]) }}</td><td>0</td></tr>{% else %}<tr><td>None</td><td></td><td></td></tr>{% endfor %}</table>
<h2>STOP taking</h2><table><tr><td>{{ x.meds[3] }}</td><td>{{ pick(['no longer needed', 'replaced', 'low blood pressure']) }}</td></tr></table>
<h2>{{ pick(['When to call', 'Return precautions']) }}</h2><p>Call 911 for chest pain, trouble breathing or fainting. Call your doctor for fever over 101 &deg;F, new bleeding, or pain that does not improve. Nurse line, day or night: {{ s.ph(y.x.emerg_phone) }}.</p>
<p>I have received and understand these instructions. Patient signature ______________________ &nbsp; Nurse {{ x.contact }}, RN</p>
<p style="font-size:.85em;margin-top:.2in">This printout holds information protected by federal law. If you are not the intended recipient, please notify the sender at {{ s.ph(y.x.rec_phone) }} and destroy it.</p>"""


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["10pt 'Noto Sans Mono'", "10.8pt 'Nimbus Roman'", "10pt 'Liberation Sans'"])
    if "Mono" in book.css:
        book.css += ".page{font-size:8.6pt}"
    case = book.case()
    while case.x["age"] < 18:
        case = book.case()
    x = case.x
    other = book.case(drop=False, place=(x["city"], x["state"], x["zip"], x["area"]))
    case.values.setdefault("patient.mrn", "E" + x["acct"][:7])  # a hospital always has one
    case.values["referrer.organization"] = cr.choice(["{p} Regional Medical Center", "{c} Memorial Hospital", "St. Brendan Hospital {c}", "{p} General Hospital"]).format(p=x["place"], c=x["city"])
    doc = book.doc("referral", case)
    more = {"y": other, "pcp": f"{other.x['recipient'][0]} {other.x['recipient'][2]}", "unit": r.choice(["Hospital Medicine", "4 West Medical", "Observation Unit"]), "admitted": x["ref_date"] - dt.timedelta(days=cr.randint(2, 9)),
            "expires": x["ref_date"] + dt.timedelta(days=365), "history": [(code, icd10.get_description(code)) for code in x["history"]]}
    for n, (kind, text) in enumerate((("clinical_note", SUMMARY), ("referral", ORDER), ("clinical_note", MEDS)), 1):
        doc.page(kind, text, n=n, **more)
