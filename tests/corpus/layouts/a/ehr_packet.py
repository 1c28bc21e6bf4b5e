"""EHR packet: face sheet first, the referral order on the second page, then an encounter note and lab results."""
CSS = """body{font:9.8pt 'Liberation Sans'} .top{display:flex;justify-content:space-between;font-size:8.5pt;border-bottom:1px solid #000;margin-bottom:.1in} h2{font-size:13pt;margin:.05in 0} h3{font-size:10.5pt;margin:.13in 0 .03in;border-bottom:2px solid #888}
.kv{display:grid;grid-template-columns:1.5in 1fr 1.4in 1fr;row-gap:.04in} .kv b{font-weight:bold} p{margin:.04in 0} table{border-collapse:collapse;width:100%} td,th{padding:2px 8px;text-align:left;border-bottom:1px solid #bbb}"""
TOP = """<div class=top><span>{{ s.case.values['referrer.organization'] if False else '' }}Patient: {{ s('patient.name','last') }} &nbsp; DOB: {{ s('patient.birth_date') }}</span><span>Printed {{ s.d(x.print_date) }} 8:42 AM &nbsp; Page {{ n }} of 4</span></div>"""
FACE = TOP + """<h2>Face Sheet</h2><h3>Demographics</h3><div class=kv><b>Legal name</b><span>{{ s('patient.name','last') }}</span><b>MRN</b><span>{{ s('patient.mrn') }}</span><b>Date of birth</b><span>{{ s('patient.birth_date') }}</span><b>Legal sex</b><span>{{ s('patient.sex') }}</span>
<b>Home address</b><span>{{ s('patient.address.line') }}<br>{{ s.csz() }}</span><b>{{ pick(['Mobile phone','Primary phone']) }}</b><span>{{ s('patient.phone') }}</span><b>Preferred language</b><span>{{ s('patient.language') }}</span><b>Marital status</b><span>{{ pick(['Married','Single','Widowed']) }}</span></div>
<h3>Emergency contact</h3><div class=kv><b>Name</b><span>{{ x.emerg }}</span><b>Phone</b><span>{{ s.ph(x.emerg_phone) }}</span></div>
<h3>Coverage - primary</h3><div class=kv><b>Payer</b><span>{{ s('insurance.payer') }}</span><b>Subscriber ID</b><span>{{ s('insurance.member_id') }}</span><b>Group number</b><span>{{ s('insurance.group_number') }}</span><b>Relation to subscriber</b><span>Self</span></div>
{% if s.has('insurance.secondary.payer') %}<h3>Coverage - secondary</h3><div class=kv><b>Payer</b><span>{{ s('insurance.secondary.payer') }}</span><b>Subscriber ID</b><span>{{ s('insurance.secondary.member_id') }}</span></div>{% endif %}
<h3>Primary care provider</h3><div class=kv><b>PCP</b><span>{{ x.contact }}, MD</span><b>PCP phone</b><span>{{ s.ph(x.rec_fax) }}</span></div>"""
ORDER = TOP + """<h2>Ambulatory Referral to {{ s('referral.specialty') }}</h2><h3>Order information</h3><div class=kv><b>Order date</b><span>{{ s('referral.date') }}</span><b>Order number</b><span>{{ x.acct }}</span><b>Priority</b><span>{{ s('referral.urgency') }}</span><b>Class</b><span>External</span><b>{{ pick(['Referral type','Type']) }}</b><span>{{ s('referral.service') }}</span><b>Authorization #</b><span>{{ s('referral.authorization_number') }}</span></div>
<h3>Referral from</h3><div class=kv><b>Ordering provider</b><span>{{ s('referrer.name','cred') }}</span><b>NPI</b><span>{{ s('referrer.npi') }}</span><b>Department</b><span>{{ s('referrer.organization') }}</span><b>Phone</b><span>{{ s('referrer.phone') }}</span><b>Direct address</b><span style="font-size:8.5pt">{{ s('referrer.direct_address') }}</span><b>Fax</b><span>{{ s('referrer.fax') }}</span></div>
<h3>Referral to</h3><div class=kv><b>Provider</b><span>{{ s('recipient.name') }}</span><b>Location</b><span>{{ s('recipient.organization') }}</span><b>Phone</b><span>{{ s.ph(x.rec_phone) }}</span><b>NPI</b><span>{{ x.rec_npi }}</span></div>
<h3>Associated diagnoses</h3><table><tr><th>Code<th>Description</tr>{% for c,t in s.dx() %}<tr><td>{{ c }}<td>{{ t }}</tr>{% endfor %}</table>
{% if s.has('referral.procedures') %}<h3>Procedures</h3><table>{% for c,t in s.cpt() %}<tr><td>{{ c }}<td>{{ t }}</tr>{% endfor %}</table>{% endif %}
<h3>{{ pick(['Reason for referral','Order comments']) }}</h3><p>{{ s('referral.reason') }}</p><p style="margin-top:.2in">Electronically signed by {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} on {{ s.d(x.print_date) }}</p>"""
NOTE = TOP + """<h2>Progress Note</h2><p><b>Encounter date:</b> {{ s.d(x.visit) }}</p><h3>Subjective</h3><p>{{ x.age }} y.o. {{ x.sexword }} here for follow-up. Symptoms for {{ x.dur }}.</p><h3>Active problems</h3>{% for h in hist %}<p>{{ h }}</p>{% endfor %}<h3>Current medications</h3>{% for m in x.meds %}<p>{{ m }}</p>{% endfor %}
<h3>Allergies</h3><p>{{ x.allergy }}</p><h3>Vitals</h3><p>BP {{ x.bp }} Pulse {{ x.hr }} Temp {{ x.temp }} SpO2 {{ x.spo2 }}% Wt {{ x.wt }} lb</p><h3>Assessment and plan</h3><p>Will refer to {{ x.spec_shown }}. Continue medicines. Recheck in 3 months.</p><p>{{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }}</p>"""
LAB = TOP + """<h2>Laboratory results</h2><p>Collected {{ s.d(x.visit) }} &nbsp; Specimen: serum &nbsp; Status: Final</p><table><tr><th>Test<th>Result<th>Units<th>Reference range<th>Flag</tr>{% for a,v,u,rr in labs %}<tr><td>{{ a }}<td>{{ v }}<td>{{ u }}<td>{{ rr }}<td></tr>{% endfor %}</table>"""


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Lato';font-size:9.4pt}", "body{font-family:'DejaVu Sans';font-size:8.4pt}"])
    c = b.case()
    d = b.doc("referral", c)
    d.style["name"] = "last"
    hist = [f"{icd.get_description(h)} ({h})" for h in c.x["history"]]
    labs = [("Sodium", r.randint(134, 146), "mmol/L", "136-145"), ("Potassium", f"{r.uniform(3.4, 5.2):.1f}", "mmol/L", "3.5-5.1"),
            ("Creatinine", f"{r.uniform(.6, 1.6):.2f}", "mg/dL", "0.60-1.30"), ("Hemoglobin", f"{r.uniform(10, 16):.1f}", "g/dL", "12.0-16.0")]
    for n, (kind, t) in enumerate([("other", FACE), ("referral", ORDER), ("clinical_note", NOTE), ("lab", LAB)], 1):
        d.page(kind, t, n=n, hist=hist, labs=labs)
