"""Health plan's approval of a prior authorization, faxed to the provider: authorization number, service lines, dates, member."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.6in .75in} .h{display:flex;justify-content:space-between;align-items:center;border-bottom:3px solid #000;padding-bottom:6px} .h
b{font-size:1.5em} p{line-height:1.42;margin:.1in 0} h2{font-size:1.2em;margin:.15in 0 .05in}
.k{display:grid;grid-template-columns:1.9in 1fr;gap:3px 8px} table{width:100%;border-collapse:collapse;margin:.1in 0} td,th{border:1px solid
#000;padding:4px 6px;text-align:left}
"""
FACES = ["body{font:10.6pt 'Liberation Sans'}", "body{font:11pt 'Liberation Serif'}", "body{font:10.2pt Roboto}",
       "body{font:10.4pt 'Linux Biolinum O'}"]
T = """<div class=h><b>{{ s('insurance.payer') }}</b><span style="text-align:right">Utilization Management<br>{{ s.ph(um) }} (TTY 711)<br>Fax {{
s.ph(umfax) }}</span></div>
<p>{{ s.d(x.print_date, '%B %-d, %Y') }}</p><p>{{ s('referrer.name') }}<br>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}<br>{{ x.city }},
{{ x.state }} {{ x.zip }}<br>Fax {{ s('referrer.fax') }}</p>
<h2>{{ pick(['NOTICE OF APPROVAL', 'Authorization Approval Notice', 'Determination: APPROVED']) }}</h2><div class=k><b>{{
pick(['Authorization number', 'Reference number', 'Auth ID']) }}</b>{{ s('referral.authorization_number') }}<b>Member</b>{{
s('patient.name') }}<b>Member ID</b>{{ s('insurance.member_id') }}
<b>Date of birth</b>{{ s('patient.birth_date') }}<b>{{ pick(['Requesting provider', 'Referring provider']) }}</b>{{
s('referrer.name') }}<b>Requesting NPI</b>{{ s('referrer.npi') }}<b>{{ pick(['Servicing provider', 'Rendering provider']) }}</b>{{
s('recipient.name') }}
<b>Facility</b>{{ s('recipient.organization') }}<b>{{ pick(['Type of service', 'Service category']) }}</b><span>{{ s('referral.specialty') }} -
outpatient</span><b>{{ pick(['Request received', 'Date of request']) }}</b>{{ s('referral.date') }}<b>Review type</b>{{
s('referral.urgency') }}<b>Diagnosis</b>{{ s('referral.diagnoses') }}</div>
<p>{{ pick(['We have reviewed the request and approve the services listed here.',
'The following services meet our medical necessity criteria and have been approved.']) }}</p>
<table><tr><th>{{ pick(['Code', 'CPT/HCPCS']) }}<th>Description<th>Units<th>From<th>Through<th>Status</tr>{% for c, t in s.cpt() %}<tr><td>{{
c }}<td>{{ t }}<td>{{ pick([1, 1, 2, 6]) }}<td>{{ s.d(x.print_date) }}<td>{{ s.d(end) }}<td>Approved</tr>{% endfor %}
{% if visit %}<tr><td>99204<td>Office visit, new patient<td>1<td>{{ s.d(x.print_date) }}<td>{{ s.d(end) }}<td>Approved</tr>{% endif %}</table>
<p>This approval is not a guarantee of payment. Payment depends on eligibility and benefits on the date of service, and on the rules of the
member's plan. {{ pick(['If more visits are needed, send clinical notes before the end date.',
'To change the provider or the dates, call the number above.']) }}</p>
<p>{{ pick(['cc: member, servicing provider', 'A copy was mailed to the member.']) }}</p><p>{{ x.contact }}, RN<br>{{
pick(['Clinical Review Nurse', 'Utilization Management']) }}</p><p style="font-size:.8em">UM-APV-{{ x.acct[:4] }} &nbsp; {{
pick(['You may request the criteria used in this decision free of charge.',
'Language assistance is available at no cost.']) }}</p>"""


def build(b):
    import world
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    while not c.has("insurance.member_id"):
        c = b.case(drop=False)
    d = b.doc("other", c)
    d.page("other", T, um=world.phone(r, "800"), umfax=world.phone(r, "800"), end=c.x["print_date"] + dt.timedelta(days=r.choice([60, 90, 180])),
           visit=r.random() < .5)
