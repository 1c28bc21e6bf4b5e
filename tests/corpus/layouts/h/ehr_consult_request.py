"""Consult request as an electronic record prints it: a patient banner on both pages, label and value in two columns."""
import datetime as dt

import world

CSS = """body{font:10pt 'Lato'} .page{padding:.5in .6in} .ban{border:1px solid #000;border-left:8px solid #000;padding:5px 10px;display:flex;flex-wrap:wrap;gap:2px .3in;font-size:9pt}
.ban strong{font-size:12pt} .st{font-size:8pt;display:flex;justify-content:space-between;margin-bottom:.08in} h1{font-size:15pt;margin:.16in 0 .02in} .o{font-size:8.6pt;margin-bottom:.08in}
h2{font-size:11.4pt;margin:.2in 0 .04in;padding-bottom:2px;border-bottom:1px solid #777} .g{display:grid;grid-template-columns:1.45in 2.2in 1.35in 1fr;gap:7px 8px} .g dt{color:#333} .g dd{margin:0;font-weight:bold;overflow-wrap:anywhere}
dl{margin:0} table{border-collapse:collapse;width:100%} th{text-align:left;font-size:8.4pt;border-bottom:1px solid #000} td{padding:3px 10px 3px 0;vertical-align:top;border-bottom:1px dotted #999}
.box{padding:4px 0;font-size:10pt} .ft{position:absolute;left:.6in;right:.6in;bottom:.38in;font-size:7.8pt;border-top:1px solid #777;padding-top:3px;display:flex;justify-content:space-between}"""
BANNER = """<div class=st><span>{{ s('referrer.organization') }}</span><span>{{ x.ref_addr }}, {{ x.city }} {{ x.state }} {{ x.zip }}</span></div>
<div class=ban><strong>{{ s('patient.name', nameform) }}</strong><span>{{ mrnword }}: {{ s('patient.mrn') }}</span><span>DOB: {{ s('patient.birth_date', '%m/%d/%Y') }} ({{ x.age }} yrs)</span>
<span>{{ sexword }}: {{ s('patient.sex', 'word') }}</span><span>Acct #: {{ x.acct }}</span></div>"""
FOOT = """<div class=ft><span>Printed by {{ user }} on {{ s.d(x.print_date, '%-m/%-d/%Y') }} 4:{{ minute }} PM</span><span>{{ x.patient[2] }}, {{ x.patient[0] }} &mdash; Page NUMBER of 2</span></div>"""
ONE = BANNER + """<h1>{{ heading }} {{ s('referral.specialty') }}</h1><div class=o>Order {{ order }} &nbsp;|&nbsp; Status: Pended for scheduling &nbsp;|&nbsp; Class: External Referral &nbsp;|&nbsp; Visits requested: 3</div>
<h2>Order Details</h2><dl class=g>
<dt>{{ dateword }}<dd>{{ s('referral.date') }}<dt>Expiration date<dd>{{ s.d(expires) }}
<dt>Priority<dd>{{ s('referral.urgency') }}<dt>{{ typeword }}<dd>{{ s('referral.service') }}
<dt>Authorizing provider<dd>{{ s('referrer.name', 'cred') }}<dt>NPI<dd>{{ s('referrer.npi') }}
<dt>Ordering user<dd>{{ user }}<dt>Encounter date<dd>{{ s.d(x.visit) }}
<dt>Department phone<dd>{{ s('referrer.phone') }}<dt>Department fax<dd>{{ s('referrer.fax') }}
{% if s.has('referrer.direct_address') %}<dt>Direct address<dd style="font-weight:normal;grid-column:2/5">{{ s('referrer.direct_address') }}{% endif %}</dl>
<h2>Referred To</h2><dl class=g>
<dt>{{ toword }}<dd>{{ s('recipient.name') }}<dt>Location / POS<dd>{{ s('recipient.organization') }}
<dt>Phone<dd>{{ s.ph(x.rec_phone) }}<dt>Fax<dd>{{ s.ph(x.rec_fax) }}<dt>Address<dd>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }}<dt>Provider NPI<dd>{{ x.rec_npi }}</dl>
<h2>{{ dxword }}</h2><table><tr><th style="width:1.1in">Code<th>Description<th style="width:1.2in">Qualifier</tr>
{% for c, t in s.dx() %}<tr><td>{{ c }}<td>{{ t }}<td>{{ 'Primary' if loop.first }}</tr>{% else %}<tr><td colspan=3>No diagnoses associated with this order</tr>{% endfor %}</table>
<h2>{{ whyword }}</h2><div class=box>{{ s('referral.reason') }}</div>
{% if s.has('referral.procedures') %}<h2>Procedures</h2><table><tr><th style="width:1.1in">CPT&reg;<th>Name<th style="width:1.2in">Qty</tr>{% for c, t in s.cpt() %}<tr><td>{{ c }}<td>{{ t }}<td>1</tr>{% endfor %}</table>{% endif %}
<h2>Order Questions</h2><dl class=g style="grid-template-columns:3.6in 1fr"><dt>Does the patient need an interpreter?<dd>{{ 'Yes' if s.case.values.get('patient.language', 'English') != 'English' else 'No' }}
<dt>Has the patient been seen by this specialty before?<dd>No<dt>Who should schedule?<dd>Receiving office to call patient</dl>""" + FOOT.replace("NUMBER", "1")
TWO = BANNER + """<h2>Patient Demographics</h2><dl class=g>
<dt>Address<dd>{{ s('patient.address.line') }}<br>{{ s.csz() }}<dt>{{ phoneword }}<dd>{{ s('patient.phone') }}
<dt>Preferred language<dd>{{ s('patient.language') }}<dt>SSN<dd>xxx-xx-{{ x.ssn4 }}
<dt>Emergency contact<dd>{{ x.emerg }} ({{ relation }})<dt>Contact phone<dd>{{ s.ph(x.emerg_phone) }}<dt>PCP - General<dd>{{ pcp }}<dt>Pharmacy<dd>{{ x.place }} Pharmacy, {{ s.ph(drug) }}</dl>
<h2>Coverage</h2><table><tr><th>Rank<th>Payer / Plan<th>{{ idword }}<th>Group<th>Subscriber</tr>
<tr><td>1<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{ s('insurance.group_number') }}<td>{{ 'Self' if x.age > 25 else x.emerg }}</tr>
{% if s.has('insurance.secondary.payer') %}<tr><td>2<td>{{ s('insurance.secondary.payer') }}<td>{{ s('insurance.secondary.member_id') }}<td><td>Self</tr>{% endif %}</table>
{% if s.has('referral.authorization_number') %}<dl class=g style="margin-top:7px"><dt>Authorization number<dd>{{ s('referral.authorization_number') }}<dt>Auth status<dd>Approved</dl>{% endif %}
<h2>Allergies</h2><div>{{ x.allergy }}</div>
<h2>Active Medications</h2><div>{% for m in x.meds %}{{ m }}<br>{% endfor %}</div>
<h2>Problem List</h2><table>{% for p in x.history %}<tr><td style="width:1.1in">{{ p }}<td>Chronic, stable</tr>{% endfor %}</table>
<h2>Last Filed Vitals</h2><div>BP {{ x.bp }} &nbsp; Pulse {{ x.hr }} &nbsp; Temp {{ x.temp }} &deg;F &nbsp; Wt {{ x.wt }} lb &nbsp; SpO2 {{ x.spo2 }}%</div>
<p>Electronically signed by {{ s('referrer.name', 'cred') }} on {{ s('referral.date') }}</p>
<p style="font-size:8pt">This information is confidential under state and federal law (45 CFR 164). Redisclosure is prohibited without authorization of the patient.</p>""" + FOOT.replace("NUMBER", "2")


def build(book):
    r, form, c = book.case_rng, book.rng, book.case()
    book.css = CSS + form.choice(["", "body{font-family:'DejaVu Sans Condensed';font-size:8.9pt}", "body{font-family:'Liberation Sans'} .g dd{font-weight:normal} .g dt{font-weight:bold}"])
    doc, pick = book.doc("referral", c), form.choice
    drug = world.phone(r, c.x["area"])
    while drug in c.values.values():
        drug = world.phone(r, c.x["area"])
    given, _, family, _ = world.person(r)
    mine = {"nameform": pick(["last", "LAST", "first"]), "mrnword": pick(["MRN", "MRN", "Med Rec"]), "sexword": pick(["Sex", "Legal sex", "Gender"]),
            "heading": pick(["Ambulatory Referral to", "Consult Request:", "AMB REFERRAL TO"]), "order": world.digits(r, 9), "user": c.x["contact"] + ", CMA",
            "minute": f"{r.randint(0, 59):02d}", "dateword": pick(["Order date", "Date ordered", "Referral date"]), "typeword": pick(["Referral type", "Type of service"]),
            "toword": pick(["To provider", "Referred to provider"]), "dxword": pick(["Diagnoses", "Associated Diagnoses"]),
            "whyword": pick(["Reason for Referral", "Reason for Consult", "Comments to Consultant"]), "phoneword": pick(["Mobile phone", "Home phone", "Phone"]),
            "idword": pick(["Member ID", "Subscriber ID", "Policy number"]), "pcp": f"{family}, {given}, MD", "drug": drug,
            "relation": r.choice(["Spouse", "Sibling"]) if c.x["age"] > 25 else "Parent", "expires": c.x["ref_date"] + dt.timedelta(days=365)}
    doc.page("referral", ONE, **mine)
    doc.page("referral", TWO, **mine)
