"""Managed-care 'uniform consultation referral form': patient and carrier boxed side by side, plan IDs, services desired, place."""
import datetime as dt

from markupsafe import Markup

import world

CSS = """
.page{padding:.45in .5in} h1{font-size:1.35em;text-align:center;margin:0;letter-spacing:.5px}
.sb{text-align:center;font-size:.9em;margin-bottom:4px}
table{border-collapse:collapse;width:100%;table-layout:fixed} td{border:1px solid #000;padding:3.5px 5px;vertical-align:top;line-height:1.4}
td b{font-weight:normal;font-size:.88em;margin-right:5px} .h td{font-weight:bold;background:var(--h);text-align:center;padding:3px}
.v,.t{font-family:var(--v);font-size:1.04em} .c2{columns:2;column-gap:8px} .c2 .opt{display:block;white-space:normal;break-inside:avoid}
.sm{font-size:.84em;line-height:1.25}
"""
FACES = ["body{font:9.9pt 'Liberation Sans';--v:'Liberation Sans';--h:#d9d9d9}",
         "body{font:10.2pt 'Liberation Serif';--v:'Liberation Mono';--h:#fff}",
         "body{font:9.8pt Roboto;--v:'Roboto Medium';--h:#e8e8e8}", "body{font:9.9pt 'Nimbus Sans';--v:'Courier Prime Code';--h:#ccc}"]
T = """{% macro k(lab, v='', n=1) %}<td colspan={{ n }}><b>{{ lab }}</b>{{ v }}</td>{% endmacro %}{% macro t(v) %}<span class=t>{{ v
}}</span>{%
endmacro %}
<h1>{{ pick(['UNIFORM CONSULTATION REFERRAL FORM', 'Managed Care Consultation Referral', 'CONSULTATION REFERRAL FORM']) }}</h1><div
class=sb>{{
pick(['Please type or print. One form for each consultant.',
'To be completed by the primary care office and given or faxed to the consultant']) }}</div>
<table><tr>{{ k('Date of Referral:', s('referral.date'), 3) }}{{ k('Control No.', t(ctl), 3) }}</tr>
<tr class=h><td colspan=3>Patient Information<td colspan=3>Carrier Information</tr>
<tr>{{ k('Name: (Last, First, MI)', s('patient.name', 'last'), 3) }}{{ k('Name:', s('insurance.payer'), 3) }}</tr>
<tr>{{ k('Date of Birth:', s('patient.birth_date'), 2) }}{{ k('Sex:', s('patient.sex')) }}{{
k('Address:', t(pobox), 3) }}</tr>
<tr>{{ k('Member #:', s('insurance.member_id'), 2) }}{{ k('Site #:', t(site)) }}{{ k('Phone Number:', t(s.ph(insph)), 3) }}</tr>
<tr>{{ k('Phone:', s('patient.phone'), 2) }}{{ k('Group #:', s('insurance.group_number')) }}{{
k('Facsimile/Data #:', t(s.ph(insfax)), 3) }}</tr>
<tr>{{ k('Address:', s.addr(), 3) }}{{ k('Other carrier / ID:', s('insurance.secondary.payer') ~ ' ' ~ s('insurance.secondary.member_id') if
s.has('insurance.secondary.payer') else '', 3) }}</tr>
<tr class=h><td colspan=3>{{ pick(['Primary or Requesting Provider', 'Referring Provider']) }}<td colspan=3>Consultant / Facility
Provider</tr>
<tr>{{ k('Name: (Last, First, MI)', s('referrer.name', pick(['last', 'first'])), 3) }}{{ k('Name: (Last, First, MI)', s('recipient.name'),
3) }}</tr>
<tr>{{ k('Institution / Group Name:', s('referrer.organization'), 3) }}{{ k('Institution / Group Name:', s('recipient.organization'), 3)
}}</tr>
<tr>{{ k('Provider ID #:', t(pid)) }}{{ k('Specialty:', t(own), 2) }}{{ k('Provider ID #:') }}{{ k('Specialty:',
s('referral.specialty'), 2) }}</tr>
<tr>{{ k('NPI:', s('referrer.npi'), 3) }}{{ k('NPI:', t(x.rec_npi), 3) }}</tr>
<tr>{{ k('Address: (Street, City, State, Zip)', t(x.ref_addr ~ ', ' ~ x.city ~ ', ' ~ x.state ~ ' ' ~ x.zip), 3) }}{{
k('Address: (Street, City, State, Zip)', t(x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state ~ ' ' ~ x.zip), 3) }}</tr>
<tr>{{ k('Phone Number:', s('referrer.phone'), 3) }}{{ k('Phone Number:', t(s.ph(x.rec_phone)), 3) }}</tr>
<tr>{{ k('Facsimile Number:', s('referrer.fax'), 3) }}{{ k('Facsimile Number:', t(s.ph(x.rec_fax)), 3) }}</tr>
<tr class=h><td colspan=6>Referral Information</tr>
<tr>{{ k('Reason for Referral:', s('referral.reason'), 6) }}</tr>
<tr>{{ k('Brief History, Diagnosis and Test Results:', history(), 6) }}</tr>
<tr><td colspan=3><b>Services Desired: provide care as indicated</b><div>{{ s.boxes('referral.service', [('consult',
'Initial Consultation Only'),
('evaluate_and_treat', 'Evaluation and Treatment'), ('diagnostic', 'Diagnostic Test (specify)'), ('procedure',
'Consultation With Specific Procedures (specify)'), ('second_opinion', 'Second Opinion'), ('transfer_of_care', 'Transfer of Care')],
sep='<br>'|safe) }}</div>{% if s.has('referral.procedures') %}<div><b>Specify:</b>{% for c, n in s.cpt() %}{{ t(c ~ ' ' ~ n) }}{{ '; ' if
not
loop.last }}{% endfor %}</div>{% endif %}</td><td colspan=3><b>Place of Service:</b><div class=c2>{% for p in ['Office',
'Outpatient Medical/Surgical Center*',
'Radiology', 'Laboratory', 'Inpatient Hospital*', 'Extended Care Facility*'] %}<span class=opt>{{ s.box(loop.first) }}{{ p }}</span>{%
endfor %}</div>
<div class=sm>* Specific facility must be named</div><div style="margin-top:4px"><b>{{ pick(['Urgency:', 'Appointment needed:',
'Type of request:']) }}</b>{{
s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'Emergent')]) }}</div></td></tr>
<tr>{{ k('Number of Visits: (if blank, 1 visit is assumed)', t(pick(['', '1', '3', '6'])), 2) }}{{ k('Authorization #: (if required)',
s('referral.authorization_number'), 2) }}{{ k('Referral is Valid Until: (date)', t(s.d(end)), 2) }}</tr>
<tr>{{ k('Signature: (individual completing this form)', t(x.contact), 3) }}{{ k('Authorizing Signature: (if required)', '', 3)
}}</tr></table>
<p class=sm>Referral certification is not a guarantee of payment. Payment of benefits is subject to a member's eligibility on the date that
the
service is rendered and to any other contractual provisions of the plan/carrier. White: carrier. Yellow: primary provider. Pink:
consultant.</p>"""


def history(doc):
    """what a nurse writes into the history box"""
    pairs = "; ".join(f"{code} {words}" for code, words in doc.dx())
    told = f"{pairs}{'. ' if pairs else ''}Meds: {', '.join(doc.x['meds'][:2])}. Allergies: {doc.x['allergy']}"
    return Markup('<span class="t">%s</span>') % told


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    while "Self" in c.values["insurance.payer"] or "SELF" in c.values["insurance.payer"]:  # who has no plan has no form of a plan
        c = b.case()
    x, d = c.x, b.doc("referral", c)
    d.page("referral", T, history=lambda: history(d), ctl=world.digits(r, 7), site=r.randint(1, 48),
           pobox=f"P.O. Box {r.randint(100, 9800)}, {r.choice(['Columbus', 'Omaha', 'Phoenix'])}", insph=world.phone(r, "800"),
           insfax=world.phone(r, "800"), pid=world.digits(r, 6), own=r.choice(["Pediatrics" if x["age"] < 18 else "Internal Med",
                   "Family Practice"]),
           end=x["ref_date"] + dt.timedelta(days=r.choice([60, 90, 120])))
