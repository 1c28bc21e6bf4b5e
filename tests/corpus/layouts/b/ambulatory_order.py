"""EHR print-out 'Ambulatory Referral to ...': order details, associated diagnoses, coverage table, referred by / to columns, encounter decoys; 2 pages."""
import datetime as dt

import world

FONTS = ["'Liberation Sans'", "Roboto", "'DejaVu Sans Condensed'", "'Nimbus Sans'"]
CSS = """
.page{padding:.45in .55in} .hd{display:flex;justify-content:space-between;border-bottom:1px solid #000;padding-bottom:4px;font-size:8.6pt;line-height:1.3}
.hd b{font-size:11pt}
h2{font-size:14pt;margin:.12in 0 .06in} h3{font-size:10.5pt;margin:.15in 0 .04in;background:#e4e4e4;padding:2px 5px}
table{border-collapse:collapse;width:100%} th{text-align:left;font-size:8.4pt;border-bottom:1.2px solid #000;padding:2px 5px}
td{padding:2.5px 5px;vertical-align:top;overflow-wrap:anywhere}
table.l td{border-bottom:.5px solid #aaa} .o{display:grid;grid-template-columns:1.45in 1fr 1.35in 1.5fr;row-gap:4px;column-gap:6px}
.o div{min-width:0;overflow-wrap:anywhere} .o i{font-style:normal;color:#333} .c2{display:grid;grid-template-columns:1fr 1fr;gap:.2in}
.c2 td:first-child{width:.95in;color:#333}
.ft{position:absolute;bottom:.35in;left:.55in;right:.55in;display:flex;justify-content:space-between;font-size:7.5pt;border-top:1px solid #000;padding-top:2px}
"""
HEAD = """<div class=hd><div><b>{{ s('patient.name') }}</b><br>{{ pick(['MRN:','Med Rec #:']) }} {{ s('patient.mrn') }}</div><div>DOB:
{{ s('patient.birth_date') }}<br>{{ pick(['Legal Sex:','Sex:']) }} {{ s('patient.sex') }}</div>
<div style="text-align:right">{{ s('referrer.organization') }}<br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div></div>"""
FOOT = """<div class=ft><span>Printed by {{ x.contact }} at {{ s.d(x.print_date) }} {{ tm }}</span><span>Order {{ order }}</span><span>Page {{ pg }}
of 2</span></div>"""
P1 = HEAD + """
<h2>{{ pick(['Ambulatory Referral to','AMB REFERRAL TO','Referral to (Ambulatory)']) }}
{{ s('referral.specialty') }} &nbsp;<span style="font-size:9pt;font-weight:normal">(Order # {{ order }})</span></h2>
<h3>Order Details</h3><div class=o><i>{{ pick(['Order date','Date ordered']) }}</i><div>{{ s('referral.date') }}</div><i>Department</i><div>{{ x.place }}
{{ pick(['Fam Prac','Adult Med','Int Med']) }} Clinic A</div>
<i>Priority</i><div>{{ s('referral.urgency') }}</div><i>Class</i><div>External Referral</div><i>{{ pick(['Type of service','Referral type']) }}</i>
<div>{{ s('referral.service') }}</div><i>Status</i><div>{{ pick(['Authorized','Open','Pending Scheduling']) }}</div>
<i>Authorizing provider</i><div>{{ s('referrer.name') }}</div><i>Encounter provider</i><div>{{ enc }}</div><i>Order entered by</i><div>{{ x.contact }},
{{ pick(['RN','LPN','CMA']) }}</div><i>Encounter</i><div>{{ pick(['Office Visit','Telemedicine','Refill']) }} {{ s.d(x.visit) }}</div><i>Expires</i>
<div>{{ s.d(exp) }}</div><i>Visits requested</i><div>{{ vis }}</div></div>
<h3>{{ pick(['Reason for Referral','Comments / Reason','Order Questions']) }}</h3><table class=l>{% if q %}<tr>
<td style="width:2.6in">Reason for referral?<td>{{ s('referral.reason') }}</tr><tr>
<td>Has the patient been seen before?<td>{{ pick(['No','Unknown']) }}</tr><tr><td>Transportation needs?<td>None reported</tr>{% else %}<tr>
<td>{{ s('referral.reason') }}</tr>{% endif %}</table>
<h3>Associated Diagnoses</h3><table class=l><tr><th style="width:1.2in">ICD-10-CM<th>Description<th style="width:.9in">Primary</tr>{% for c,d in s.dx() %}
<tr><td>{{ c }}<td>{{ d }}<td>{{ 'Yes' if loop.first else 'No' }}</tr>{% endfor %}</table>
{% if s.has('referral.procedures') %}<h3>{{ pick(['Requested Procedures','Procedure Requested']) }}</h3><table class=l><tr>
<th style="width:1.2in">CPT/HCPCS<th>Name<th style="width:.9in">Qty</tr>{% for c,d in s.cpt() %}<tr><td>{{ c }}<td>{{ d }}
<td>1</tr>{% endfor %}</table>{% endif %}
<div class=c2 style="margin-top:.12in"><div><h3 style="margin-top:0">Referred By</h3><table><tr><td>Provider<td>{{ s('referrer.name') }}</tr><tr>
<td>NPI<td>{{ s('referrer.npi') }}</tr><tr><td>Practice<td>{{ s('referrer.organization') }}</tr><tr><td>Phone<td>{{ s('referrer.phone') }}</tr><tr>
<td>Fax<td>{{ s('referrer.fax') }}</tr>{% if s.has('referrer.direct_address') %}<tr>
<td>Direct<td>{{ s('referrer.direct_address') }}</tr>{% endif %}</table></div>
<div><h3 style="margin-top:0">Referred To</h3><table><tr><td>Provider<td>{{ s('recipient.name') or 'Any available' }}</tr><tr>
<td>Location<td>{{ s('recipient.organization') }}</tr><tr><td>Address<td>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }}</tr><tr>
<td>Phone<td>{{ s.ph(x.rec_phone) }}</tr><tr><td>Fax<td>{{ s.ph(x.rec_fax) }}</tr><tr><td>NPI<td>{{ x.rec_npi }}</tr></table></div></div>
""" + FOOT
P2 = HEAD + """
<h3>Patient Demographics</h3><div class=o><i>Address</i><div>{{ s('patient.address.line') }}<br>{{ s.csz() }}</div>
<i>{{ pick(['Mobile phone','Home phone','Phone']) }}</i><div>{{ s('patient.phone') }}</div><i>Preferred language</i><div>{{ s('patient.language') }}</div>
<i>Emergency contact</i><div>{{ x.emerg }} ({{ pick(['Spouse','Sibling','Child']) }}) {{ s.ph(x.emerg_phone) }}</div><i>PCP - General</i>
<div>{{ pcp }}</div><i>SSN</i><div>xxx-xx-{{ x.ssn4 }}</div></div>
<h3>Coverage</h3><table class=l><tr><th style="width:1.15in">Filing order<th>Payer / Plan<th>Subscriber ID<th>Group #<th>Relation</tr><tr>
<td>1 - Primary<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{ s('insurance.group_number') }}
<td>Self</tr>{% if s.has('insurance.secondary.payer') %}<tr><td>2 - Secondary<td>{{ s('insurance.secondary.payer') }}
<td>{{ s('insurance.secondary.member_id') }}<td><td>{{ pick(['Self','Spouse']) }}</tr>{% endif %}</table>
<h3>Referral Authorization</h3><div class=o><i>{{ pick(['Auth number','Authorization #']) }}</i><div>{{ s('referral.authorization_number') }}</div>
<i>Internal referral ID</i><div>{{ x.acct }}</div></div>
<h3>Active Problem List <span style="font-weight:normal;font-size:8.5pt">(not associated with this order)</span></h3><table class=l>{% for c,d in hist %}
<tr><td style="width:3.9in">{{ d }}<td>{{ c }}<td>Noted {{ s.d(x.visit.replace(year=x.visit.year - loop.index - 1, day=1)) }}</tr>{% endfor %}</table>
<h3>Current Outpatient Medications</h3><table class=l>{% for m in x.meds %}<tr><td>{{ m }}
<td style="width:2in">{{ pick(['Taking','Taking as needed','Not reviewed']) }}</tr>{% endfor %}</table>
<h3>Allergies</h3><table class=l><tr><td>{{ x.allergy }}</tr></table><h3>Vitals at {{ s.d(x.visit) }}</h3>
<p style="margin:3px 5px">BP {{ x.bp }} | Pulse {{ x.hr }} | Temp {{ x.temp }} &deg;F | Wt {{ x.wt }} lb | SpO2 {{ x.spo2 }}%</p>
<p style="margin:.2in 5px 0">Electronically signed by: {{ s('referrer.name') }} on {{ s('referral.date') }} at {{ tm }}</p>
""" + FOOT


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + "body{font:9.3pt %s}" % r.choice(FONTS)
    d = b.doc("referral", b.case())
    d.style["name"] = r.choice(["last", "LAST", "last", "first"])
    d.drop(*(["referral.authorization_number"] if r.random() < .3 else []))
    x, p, e = d.x, world.person(r), world.person(r)
    kw = dict(order=world.digits(r, 9), tm=f"{r.randint(1, 12)}:{r.randint(0, 59):02d} {r.choice(['AM', 'PM'])}",
        enc=f"{e[2]}, {e[0]}, {r.choice(['MD', 'NP', 'PA-C'])}", pcp=f"{p[2]}, {p[0]}, MD",
              exp=x["ref_date"] + dt.timedelta(days=365), vis=r.choice([1, 3, 6]), q=r.random() < .5, hist=[(d.code(h),
                  icd.get_description(h)) for h in x["history"]])
    d.page("referral", P1, pg=1, **kw)
    d.page("referral", P2, pg=2, **kw)
