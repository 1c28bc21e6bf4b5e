"""Printout of an electronic record in three pages: the visit's note, the order of the referral in the middle, medicines and results at the end."""
import datetime as dt

import world

CSS = """
.page{padding:.4in .5in .5in} .ban{background:#e4e8ec;border-bottom:2px solid #4a5a6a;padding:5px 8px;display:flex;justify-content:space-between;gap:10px}
.ban b{font-size:1.25em} h2{font-size:1.3em;margin:.12in 0 .04in} h3{font-size:1.02em;margin:.12in 0 .03in;border-bottom:1px solid #8a96a2;color:#222} p{margin:3px 0}
.kv{display:grid;grid-template-columns:1.45in 1fr 1.3in 1fr;gap:3px 8px} .kv>*{min-width:0;overflow-wrap:anywhere} .kv dt,.k{color:#444} .kv dd{margin:0} dl{margin:0}
table.l{border-collapse:collapse;width:100%} table.l td,table.l th{text-align:left;border-bottom:1px solid #ccc;padding:2px 6px} .ft{position:absolute;left:.5in;right:.5in;bottom:.28in;
font-size:.82em;display:flex;justify-content:space-between;border-top:1px solid #999;padding-top:3px} ul{margin:2px 0;padding-left:.22in}
"""
BANNER = """{% macro foot(n) %}<div class=ft><span>Printed by {{ x.contact }} on {{ s.d(x.print_date) }} {{ clock }}</span><span>{{ s.text('patient.name') }}</span><span>Page {{ n }} of 3</span></div>{% endmacro %}
<div class=ban><div><b>{{ s('patient.name') }}</b><br>{{ x.age }} y.o. {{ s('patient.sex', 'word') | lower }}, {{ dobw }} {{ s('patient.birth_date') }}</div>
<div>MRN: {{ s('patient.mrn') }}<br>PCP: {{ pcp }}</div><div style="text-align:right">{{ org }}<br>CSN {{ csn }}</div></div>"""
NOTE = BANNER + """<h2>{{ pick(['Progress Notes', 'Office Visit', 'Encounter Summary']) }} &ndash; {{ s.d(x.ref_date) }}</h2>
<p>{{ s('referrer.name') }} &bull; {{ pick(['Family Medicine', 'Internal Medicine', 'Primary Care']) }} &bull; Visit type: {{ pick(['OFFICE VISIT', 'Established patient', 'FOLLOW UP 20']) }}</p>
<h3>Chief Complaint</h3><p>{{ pick(['Patient presents with follow up of several problems.', 'Follow-up; new symptoms', 'Chronic condition check']) }}</p>
<h3>{{ pick(['Subjective', 'History of Present Illness', 'HPI']) }}</h3><p>{{ x.title }} {{ x.patient[2] }} is a {{ x.age }} y.o. {{ x.sexword }} seen today for a problem present for {{ x.dur }}. {{ x.he | capitalize }} was last seen
here {{ s.d(x.visit) }}. No fever or chills. Appetite and sleep are unchanged. Home medicines were reviewed and reconciled. {{ pick(['No recent travel.', 'Lives with family, feels safe at home.', 'Denies tobacco use.']) }}</p>
<h3>Patient Active Problem List</h3><table class=l><tr><th>Diagnosis</th><th>ICD-10-CM</th><th>Noted</th></tr>{% for c in x.history %}<tr><td>{{ words[c] }}</td><td>{{ c }}</td><td>{{ s.d(noted[loop.index0]) }}</td></tr>{% endfor %}</table>
<h3>Objective</h3><p>BP {{ x.bp }} | Pulse {{ x.hr }} | Temp {{ x.temp }} &deg;F | Wt {{ x.wt }} lb | SpO2 {{ x.spo2 }}%</p>
<p>General: alert, in no distress. Neck: supple. Heart: regular. Lungs: clear to auscultation. Abdomen: soft. Extremities: no edema. Neuro: grossly intact. Skin: warm and dry. Psych: normal affect.</p>
<h3>{{ pick(['Assessment / Plan', 'Assessment & Plan', 'Impression and Plan']) }}</h3><ul>{% for c, d in s.case.dx %}<li>{{ d }}: {{ pick(['referral placed, see order.', 'discussed, specialist input wanted.', 'Ambulatory referral ordered.']) }}</li>{% endfor %}
{% for c in x.history %}<li>{{ words[c] }}: {{ pick(['stable, continue current treatment.', 'at goal.', 'recheck at next visit.']) }}</li>{% endfor %}</ul>
<p>Return in about {{ pick(['3 months', '6 weeks', '4 weeks']) }}, sooner if worse. Total time on the day of the encounter: {{ pick([22, 28, 31, 40]) }} minutes.</p>
<p style="margin-top:.15in"><i>Electronically signed by {{ signer }} at {{ s.d(x.ref_date) }} {{ clock }}</i></p>{{ foot(1) }}"""
ORDER = BANNER + """<h2>{{ pick(['Order Requisition', 'Outgoing Referral', 'Referral Order Details']) }}</h2>
<p style="font-size:1.12em"><b>{{ pick(['AMB REFERRAL TO', 'Ambulatory Referral to', 'REFERRAL TO']) }} {{ s('referral.specialty') }}</b> &nbsp; (Order {{ x.acct }})</p>
<h3>Order Information</h3><dl class=kv><dt>{{ pick(['Order Date', 'Ordered on', 'Date/Time Ordered']) }}</dt><dd>{{ s('referral.date') }}</dd><dt>Priority</dt><dd>{{ s('referral.urgency') }}</dd>
<dt>{{ pick(['Authorizing Provider', 'Ordering Provider', 'Auth Provider']) }}</dt><dd>{{ s('referrer.name') }}</dd><dt>{{ pick(['Provider NPI', 'NPI']) }}</dt><dd>{{ s('referrer.npi') }}</dd>
<dt>{{ pick(['Entered by', 'Ordering User']) }}</dt><dd>{{ x.contact }}, {{ pick(['CMA', 'RN', 'LPN']) }}</dd><dt>{{ pick(['Order Class', 'Class']) }}</dt><dd>{{ pick(['Outgoing Referral', 'External']) }}</dd>
<dt>{{ pick(['Department', 'Encounter Dept']) }}</dt><dd>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}<br>{{ x.city }} {{ x.state }} {{ x.zip }}</dd><dt>Dept Phone<br>Dept Fax</dt><dd>{{ s('referrer.phone') }}<br>{{ s('referrer.fax') }}</dd>
<dt>{{ pick(['Referral Type', 'Type of Referral']) }}</dt><dd>{{ s('referral.service') }}</dd><dt>{{ pick(['# of Visits', 'Visits Requested']) }}</dt><dd>{{ pick([1, 3, 6]) }}</dd>
<dt>{{ pick(['Expires', 'Expiration Date']) }}</dt><dd>{{ s.d(expires) }}</dd><dt>{{ pick(['Auth #', 'Authorization No.']) }}</dt><dd>{{ s('referral.authorization_number') }}</dd></dl>
<h3>{{ pick(['Associated Diagnoses', 'Order Diagnoses', 'Diagnoses']) }}</h3>{% for c, d in s.dx() %}<p>{{ d }} {{ '[' ~ c ~ ']' if br else '- ' ~ c }}{{ ' - Primary' if loop.first and loop.length > 1 }}</p>{% endfor %}
{% if s.has('referral.procedures') %}<h3>{{ pick(['Procedures Requested', 'Requested Services']) }}</h3>{% for c, d in s.cpt() %}<p>{{ 'HCPCS' if c[0].isalpha() else 'CPT' }} {{ c }} {{ d }}</p>{% endfor %}{% endif %}
<h3>{{ pick(['Comments', 'Reason for Referral', 'Order Questions: Reason?', 'Clinical Notes']) }}</h3><p>{{ s('referral.reason', 'bare') }}</p>
<h3>{{ pick(['Referred To', 'Refer To Location / Provider']) }}</h3><dl class=kv><dt>{{ pick(['Location', 'Place of Service', 'To Facility']) }}</dt><dd>{{ s('recipient.organization') }}<br>{{ x.rec_addr }}</dd><dt>Provider</dt><dd>{{ s('recipient.name') }}</dd>
<dt>Phone</dt><dd>{{ s.ph(x.rec_phone) }}</dd><dt>Fax</dt><dd>{{ s.ph(x.rec_fax) }}</dd></dl>
<h3>{{ pick(['Patient Demographics', 'Patient Contact']) }}</h3><dl class=kv><dt>Address</dt><dd>{{ s('patient.address.line') }}<br>{{ s.csz('{c} {s} {z}') }}</dd><dt>{{ pick(['Phone (M)', 'Mobile', 'Home Phone']) }}</dt><dd>{{ s('patient.phone') }}</dd>
<dt>{{ pick(['Pref Language', 'Language']) }}</dt><dd>{{ s('patient.language') }}</dd><dt>Emerg. Contact</dt><dd>{{ x.emerg }}<br>{{ s.ph(x.emerg_phone) }}</dd></dl>
<h3>{{ pick(['Coverage', 'Insurance Information', 'Coverage Information']) }}</h3><table class=l><tr><th></th><th>Payer / Plan</th><th>{{ pick(['Subscriber ID', 'Member ID', 'Sub. ID']) }}</th><th>Group</th><th>Rel. to sub.</th></tr>
<tr><td>Primary</td><td>{{ s('insurance.payer') }}</td><td>{{ s('insurance.member_id') }}</td><td>{{ s('insurance.group_number') }}</td><td>{{ 'Child' if x.age < 18 else 'Self' }}</td></tr>
{% if s.has('insurance.secondary.payer') %}<tr><td>Secondary</td><td>{{ s('insurance.secondary.payer') }}</td><td>{{ s('insurance.secondary.member_id') }}</td><td></td><td>{{ 'Child' if x.age < 18 else 'Spouse' }}</td></tr>{% endif %}</table>
<p class=k>Guarantor: {{ x.emerg if x.age < 18 else x.patient[0] ~ ' ' ~ x.patient[2] }} &nbsp; Acct type: Personal/Family</p>{{ foot(2) }}"""
RESULTS = BANNER + """<h2>{{ pick(['Medications and Results', 'Current Medications / Recent Labs', 'Clinical Summary']) }}</h2>
<h3>{{ pick(['Outpatient Medications', 'Current Outpatient Medications on File Prior to Visit']) }}</h3><ul>{% for m in x.meds %}<li>{{ m }}</li>{% endfor %}</ul><p>Allergies: {{ x.allergy }} &nbsp; Pharmacy: {{ pharm }}, {{ s.ph(pharm_phone) }}</p>
{% for title, lab_rows in labs %}<h3>{{ title }} (collected {{ s.d(x.visit) }})</h3><table class=l><tr><th style="width:40%">Component</th><th>Value</th><th>Ref Range</th><th>Flag</th></tr>{% for n, v, ref, flag in lab_rows %}
<tr><td>{{ n }}</td><td>{{ v }}</td><td>{{ ref }}</td><td>{{ flag }}</td></tr>{% endfor %}</table>{% endfor %}
<p>Resulting lab: {{ x.place }} Regional Laboratory, {{ s.ph(lab_phone) }}. Specimen: blood, serum. Status: Final result.</p>{{ foot(3) }}"""
LABS = {"CBC": [("WBC", 4, 13, "K/uL", 4.0, 11.0), ("Hemoglobin", 9, 16, "g/dL", 12.0, 16.0), ("Hematocrit", 30, 48, "%", 36.0, 46.0), ("Platelets", 120, 420, "K/uL", 150, 400)],
    "Comprehensive metabolic panel": [("Sodium", 132, 146, "mmol/L", 135, 145), ("Potassium", 3.2, 5.4, "mmol/L", 3.5, 5.1), ("Creatinine", 0.5, 1.6, "mg/dL", 0.6, 1.2), ("Glucose", 70, 160, "mg/dL", 70, 99),
    ("Calcium", 8.4, 10.6, "mg/dL", 8.6, 10.3), ("ALT", 10, 75, "U/L", 7, 52), ("AST", 10, 60, "U/L", 13, 39)], "TSH": [("TSH", 0.3, 5.5, "uIU/mL", 0.45, 4.5)]}


def build(b):
    import simple_icd_10_cm as icd10
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.5pt Roboto", "9.4pt 'DejaVu Sans Condensed'", "9.8pt 'Nimbus Sans'"])
    c = b.case()
    while not c.has("patient.mrn"):  # the record's own printout always has it
        c = b.case()
    d, x = b.doc("referral", c), c.x
    d.drop("referrer.direct_address")
    labs = []
    for title, lines in LABS.items():
        values = [(n, cr.uniform(lo, hi), unit, a, z) for n, lo, hi, unit, a, z in lines]
        labs.append((title, [(n, f"{v:.0f}" if z > 30 else f"{v:.1f}", f"{a} - {z} {unit}", "H" if v > z + .5 else "L" if v < a - .5 else "") for n, v, unit, a, z in values]))
    pcp = x["referrer"] if cr.random() < .6 else world.person(cr)
    kw = dict(words={k: icd10.get_description(k) for k in x["history"]}, noted=[x["visit"] - dt.timedelta(days=cr.randint(90, 2500)) for _ in x["history"]],
        pcp=f"{pcp[0]} {pcp[2]}, {x['cred'] if pcp is x['referrer'] else 'MD'}", org=f"{x['place']} Health", csn=world.digits(cr, 9), clock=f"{cr.randint(1, 12)}:{cr.randint(10, 59)} {cr.choice(['AM', 'PM'])}", labs=labs,
        signer=f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']}", br=r.random() < .6, expires=x["ref_date"] + dt.timedelta(days=365), dobw=r.choice(["DOB", "born", "DOB:"]),
        pharm=cr.choice(["Main Street Pharmacy", "Corner Drug", "Valu-Rx #214"]), pharm_phone=world.phone(cr, x["area"]), lab_phone=world.phone(cr, x["area"]))
    d.page("clinical_note", NOTE, **kw)
    d.page("referral", ORDER, **kw)
    d.page("lab", RESULTS, **kw)
