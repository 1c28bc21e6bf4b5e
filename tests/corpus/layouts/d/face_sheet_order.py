"""EHR face sheet with the referral order printed in its middle: demographics and contacts above it, guarantor and coverages below."""
import datetime as dt

import world

CSS = """
.page{padding:.4in .45in} .ban{display:flex;justify-content:space-between;align-items:flex-end;border-bottom:2.5px solid #000;padding-bottom:3px}
.ban b{font-size:1.5em} h4{margin:.11in 0 0;font-size:1em;padding:1px 4px;border-bottom:1px solid #000;letter-spacing:.3px}
table{width:100%;border-collapse:collapse} th{font-weight:normal;text-align:left;font-size:.8em;color:#444;padding:3px 5px 0}
td{padding:0 5px 3px;vertical-align:top} .ord{border:1.2px solid #000;margin-top:.12in;padding:4px 8px 7px;background:#f1f1f1}
.ord h3{margin:0 0 4px;font-size:1.2em} .pr{display:grid;grid-template-columns:1.25in 1fr 1.2in 1fr;gap:2px 8px} .pr
i{font-style:normal;color:#333}
.foot{position:absolute;bottom:.3in;left:.45in;right:.45in;font-size:.76em;display:flex;justify-content:space-between}
"""
FACES = ["body{font:10.6pt/1.3 'Liberation Sans Narrow'}", "body{font:10.2pt/1.3 'Roboto Condensed'}", "body{font:9.6pt/1.3 'Linux Biolinum O'}",
         "body{font:9.2pt/1.3 'DejaVu Sans Condensed'} .ord{background:none;border-width:2px}"]
T = """
<div class=ban><div>{{ s('referrer.organization') }}<br><b>{{ pick(['Face Sheet', 'Patient Face Sheet', 'Registration Face Sheet']) }}</b></div>
<div style="text-align:right">{{ x.ref_addr }}, {{ x.city }} {{ x.state }} {{ x.zip }}<br>{{ pick(['Main', 'Dept phone', 'Ph']) }}: {{
s('referrer.phone') }}
{% if s.has('referrer.fax') %} &nbsp; {{ pick(['Dept fax', 'Fx', 'Fax']) }}: {{ s('referrer.fax') }}{% endif %}</div></div>
<h4>{{ pick(['Patient Demographics', 'Demographic Information']) }}</h4><table>
<tr><th>{{ pick(['Patient Name', 'Legal Name']) }}<th>{{ pick(['Pat. MRN', 'MRN', 'Enterprise ID']) }}<th>Legal Sex<th>{{ pick(['DOB',
'Birth Date']) }}
<th>{{ pick(['Pref Lang', 'Language']) }}<th>SSN</tr>
<tr><td><b>{{ s('patient.name', 'last') }}</b><td>{{ s('patient.mrn') }}<td>{{ s('patient.sex') }}<td>{{ s('patient.birth_date') }} ({{ x.age }}
yrs)
<td>{{ s('patient.language') }}<td>xxx-xx-{{ x.ssn4 }}</tr></table><table>
<tr><th style="width:48%">Address<th>Home Phone<th>Work Phone<th>Marital Status</tr>
<tr><td>{{ s('patient.address.line') }}<br>{{ s.csz('{c} {s} {z}') }}<td>{{ s('patient.phone') }}<td>{{ work }}<td>{{ marital }}</tr></table>
<h4>{{ pick(['Patient Contacts', 'Emergency Contacts']) }}</h4><table><tr><th>Contact Name<th>Relation<th>Home Phone<th>Legal Guardian?</tr>
<tr><td>{{ x.emerg }}<td>{{ rel }}<td>{{ s.ph(x.emerg_phone) }}<td>{{ 'Yes' if x.age < 18 else 'No' }}</tr></table>
<div class=ord><h3>{{ pick(['AMB REF TO', 'Outpatient Referral:', 'Consult Order -']) }} {{ s('referral.specialty') }}</h3><div class=pr>
<i>Order #</i><span>{{ x.acct }}</span><i>{{ pick(['Ordered On', 'Order Dt', 'Placed']) }}</i>{{ s('referral.date') }}
<i>{{ pick(['Auth. Provider', 'Authorizing Prov']) }}</i>{{ s('referrer.name') }}<i>{{ pick(['Prov NPI', 'NPI']) }}</i>{{ s('referrer.npi') }}
<i>{{ pick(['Referred-to Prov', 'Ref To Provider']) }}</i>{{ s('recipient.name') }}<i>{{ pick(['Referred-to Loc', 'Ref To Loc/POS']) }}</i>
{{ s('recipient.organization') }}<i>{{ pick(['Order Priority', 'Priority']) }}</i>{{ s('referral.urgency') }}<i>{{ pick(['Ref Type',
'Referral Type']) }}</i>
{{ s('referral.service') }}<i>{{ pick(['Pre-Cert/Auth #', 'Auth/Cert No']) }}</i>{{ s('referral.authorization_number') }}<i>Visits Req</i><span>{{
visits }}</span></div>
<div style="margin-top:5px"><i style="font-style:normal;color:#333">{{ pick(['Dx assoc. w/ order', 'Associated Dx', 'Order Diagnoses']) }}</i><br>
{% for c, t in s.dx() %}{{ t }} [{{ c }}]{{ ' - Primary' if loop.first }}<br>{% endfor %}</div>{% if s.has('referral.procedures') %}<div>{{
pick(['Procs req',
'Procedures']) }}: {% for c, t in s.cpt() %}{{ t }} ({{ c }}){{ '; ' if not loop.last }}{% endfor %}</div>{% endif %}
<div style="margin-top:4px"><i style="font-style:normal;color:#333">{{ pick(['Order Comments', 'Comments to Specialist',
'Scheduling Comments']) }}:</i>
{{ s('referral.reason') }}</div></div>
<h4>Guarantor Account</h4><table><tr><th>Guarantor<th>Acct Type<th>Guar. DOB<th>Guar. Phone<th>Employer</tr>
<tr><td>{{ guar }}<td>Personal/Family<td>{{ s.d(gdob) }}<td>{{ s.ph(gph) }}<td>{{ pick(['Retired', 'Self', 'Not employed',
'City Schools']) }}</tr></table>
<h4>{{ pick(['Coverages', 'Hospital Coverages']) }}</h4><table><tr><th>Filing Order<th>Payor / Plan<th>{{ pick(['Subscr. ID', 'Sub ID']) }}<th>{{
pick(['Group',
'Grp No']) }}<th>Subscr. Name<th>Subscr. DOB</tr><tr><td>1<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{
s('insurance.group_number') }}
<td>{{ guar }}<td>{{ s.d(gdob) }}</tr>{% if s.has('insurance.secondary.payer') %}<tr><td>2<td>{{ s('insurance.secondary.payer') }}<td>
{{ s('insurance.secondary.member_id') }}<td><td>{{ guar }}<td>{{ s.d(gdob) }}</tr>{% endif %}</table>
<h4>Care Team</h4><table><tr><th>PCP - General<th>PCP Phone<th>Pharmacy</tr><tr><td>{{ pcp }}, MD<td>{{ s.ph(x.rec_fax) }}<td>{{
pick(['Corner Drug',
'MedMart']) }} {{ x.city }}</tr></table>
<div class=foot><span>Printed by {{ x.contact }} {{ s.d(x.print_date) }}</span><span>CSN {{ x.acct }}4</span><span>Page 1 of 1</span></div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x = c.x
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    child, own = x["age"] < 18, r.random() < .7
    someone = x["emerg"] if child or not own else f"{x['patient'][0]} {x['patient'][2]}"
    p = world.person(r)
    d.page("referral", T, guar=someone, gdob=x["dob"] - dt.timedelta(days=9800 if child else 900) if someone == x["emerg"] else x["dob"],
           gph=world.phone(r, x["area"]), work=r.choice(["", d.ph(world.phone(r, x["area"]))]) if not child else "", rel="Parent" if child else
           r.choice(["Spouse", "Sibling", "Child", "Friend"]), marital="Single" if child else r.choice(["Married", "Single", "Divorced",
                  "Widowed"]),
           visits=r.choice([1, 1, 3, 6]), pcp=f"{p[0]} {p[2]}")
