"""Health plan's own referral / authorization request form: member, requesting and servicing provider sections with IDs, visits, dates."""
import datetime as dt

import world

PLANS = ["Evergreen Health Partners HMO", "Keystone Valley Health Plan", "Humana Gold Plus HMO", "Summit Peak Health", "Molina Healthcare Medicaid",
    "Community Health Choice Medicaid"]
FONTS = ["'Liberation Sans Narrow'", "'Roboto Condensed'", "'Nimbus Sans'", "'Liberation Sans'"]
CSS = """
.page{padding:.4in .45in} .hd{display:flex;align-items:center;gap:.15in;margin-bottom:5px}
.logo{width:.5in;height:.5in;border-radius:50%;border:7px solid #444} .hd h1{font-size:15pt;margin:0}
.bar{background:#222;color:#fff;font-weight:bold;padding:2px 6px;font-size:9.5pt} .bar.g{background:#ccc;color:#000;border:1px solid #000;border-bottom:0}
table{width:100%;border-collapse:collapse;margin-bottom:6px;table-layout:fixed}
td{border:1px solid #000;padding:1px 4px 3px;vertical-align:top;overflow-wrap:anywhere;height:.38in} td small{display:block;font-size:7.2pt;line-height:1.15}
.fine{font-size:7.4pt;line-height:1.2}
"""
T = """
{% macro f(l, v, n=1) %}<td colspan={{ n }}><small>{{ l }}</small>{{ v }}</td>{% endmacro %}
<div class=hd><div class=logo></div><div style="flex:1"><h1>{{ s('insurance.payer') }}</h1><b style="font-size:11.5pt">
{{ pick(['Referral / Authorization Request','Specialty Referral and Prior Authorization Request','Request for Referral Authorization']) }}</b></div>
<div class=fine style="text-align:right">Utilization Management<br>Fax completed form to {{ s.ph(um) }}<br>Provider Services {{ s.ph(ps) }}</div></div>
<p class=fine style="margin:0 0 4px">Incomplete requests will be returned. Payment is subject to member eligibility on the date of service.
{{ pick(['Type or print in black ink.','Attach clinical notes that support the request.']) }}</p>
<table><tr><td colspan=6><small>REVIEW TYPE (choose one)</small>{{ s.boxes('referral.urgency', [('routine', pick(['Routine / Standard','Routine'])),
('urgent', pick(['Urgent / Expedited','Urgent'])),('stat', pick(['STAT / Emergent','STAT - same day']))]) }}</td>
{{ f(dl, s('referral.date'), 3) }}{{ f('FOR PLAN USE: AUTHORIZATION NUMBER', s('referral.authorization_number'), 3) }}</tr></table>
<div class="bar {{ bar }}">{{ pick(['SECTION 1 - MEMBER','A. MEMBER INFORMATION','MEMBER']) }}</div>
<table><tr>{{ f('MEMBER NAME', s('patient.name'), 5) }}{{ f(pick(['DATE OF BIRTH','BIRTH DATE (DOB)']), s('patient.birth_date'), 2) }}
{{ f(pick(['GENDER','SEX']), s('patient.sex'), 2) }}{{ f(pick(['MEMBER ID','PLAN ID NUMBER','SUBSCRIBER / MEMBER ID']), s('insurance.member_id'), 3) }}</tr>
<tr>{{ f('MEMBER ADDRESS', s('patient.address.line'), 5) }}{{ f('CITY / STATE / ZIP', s.csz('{c} {s} {z}'), 4) }}
{{ f(pick(['MEMBER TELEPHONE','DAYTIME PHONE']), s('patient.phone'), 3) }}</tr>
<tr>{{ f('GROUP NO.', s('insurance.group_number'), 3) }}{{ f('OTHER INSURANCE (NAME)', s('insurance.secondary.payer'), 4) }}
{{ f('OTHER INSURANCE ID', s('insurance.secondary.member_id'), 3) }}{{ f('INTERPRETER LANGUAGE', s('patient.language'), 2) }}</tr>
<tr>{{ f('WORK RELATED?', s.box(False) ~ 'Y ' ~ s.box(True) ~ 'N', 3) }}{{ f('AUTO ACCIDENT?', s.box(False) ~ 'Y ' ~ s.box(True) ~ 'N', 3) }}
{{ f('PCP OF RECORD (if not the requesting provider)', pcp, 6) }}</tr></table>
<div class="bar {{ bar }}">{{ pick(['SECTION 2 - REQUESTING PROVIDER','B. REQUESTING / REFERRING PROVIDER','REFERRING PROVIDER']) }}</div>
<table><tr>{{ f('PROVIDER NAME', s('referrer.name'), 5) }}{{ f('NPI (individual)', s('referrer.npi'), 3) }}{{ f('PLAN PROVIDER ID', ids[0], 2) }}
{{ f('TAX ID', ids[1], 2) }}</tr>
<tr>{{ f(pick(['PRACTICE / GROUP NAME','GROUP NAME']), s('referrer.organization'), 5) }}{{ f('PHONE', s('referrer.phone'), 2) }}
{{ f('FAX', s('referrer.fax'), 2) }}{{ f('OFFICE CONTACT', x.contact, 3) }}</tr></table>
<div class="bar {{ bar }}">{{ pick(['SECTION 3 - SERVICING PROVIDER','C. SERVICING / REFERRED-TO PROVIDER','SERVICING PROVIDER OR FACILITY']) }}</div>
<table><tr>{{ f('PROVIDER NAME', s('recipient.name'), 5) }}{{ f('SPECIALTY', s('referral.specialty'), 3) }}{{ f('NPI', x.rec_npi, 2) }}
{{ f('PLAN PROVIDER ID', ids[2], 2) }}</tr>
<tr>{{ f('FACILITY / GROUP NAME', s('recipient.organization'), 5) }}{{ f('PHONE', s.ph(x.rec_phone), 2) }}{{ f('FAX', s.ph(x.rec_fax), 2) }}
{{ f('NETWORK STATUS', s.box(True) ~ 'Par ' ~ s.box(False) ~ 'Non-par', 3) }}</tr></table>
<div class="bar {{ bar }}">{{ pick(['SECTION 4 - SERVICES','D. SERVICES REQUESTED','SERVICE DETAIL']) }}</div>
<table><tr><td colspan=12><small>TYPE OF SERVICE</small>{{ s.boxes('referral.service', [('consult','Consultation only'),
('evaluate_and_treat', pick(['Evaluate and treat','Consult and treat'])),('procedure','Procedure'),('diagnostic','Diagnostic
testing'),('second_opinion','Second opinion'),('transfer_of_care','Transfer of care')]) }}</td></tr>
<tr>{{ f('VISITS REQUESTED', visits, 2) }}{{ f('SERVICE START DATE', s.d(start), 2) }}{{ f('SERVICE END DATE', s.d(end), 2) }}
<td colspan=6><small>PLACE OF SERVICE</small>{{ s.box(True) }}Office &nbsp; {{ s.box(False) }}Outpatient hosp. &nbsp; {{ s.box(False) }}ASC &nbsp;
{{ s.box(False) }}Home</td></tr>
<tr><td colspan=6><small>ICD-10-CM DIAGNOSIS CODE(S) AND DESCRIPTION</small>{% for c,d in s.dx() %}<div><b>{{ c }}</b> {{ d }}</div>{% endfor %}</td>
<td colspan=6><small>CPT / HCPCS CODE(S)</small>{% for c,d in s.cpt() %}<div><b>{{ c }}</b> {{ d }} x 1</div>{% endfor %}</td></tr>
<tr><td colspan=12 style="height:.7in"><small>{{ pick(['CLINICAL INDICATION / REASON FOR REQUEST',
'REASON FOR REFERRAL (include pertinent history and treatment tried)']) }}</small>{{ s('referral.reason') }}</td></tr></table>
<table><tr>{{ f('SIGNATURE OF REQUESTING PROVIDER', sig, 8) }}{{ f('DATE SIGNED', s.d(x.ref_date), 4) }}</tr></table>
<p class=fine style="margin:0">An authorization is not a guarantee of payment.
The information in this request is confidential and is intended for the health plan named above. &nbsp; UM-{{ x.acct[:4] }} (rev.
{{ pick(['01/2023','07/24','10/2024']) }})</p>
"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + "body{font:%spt %s}" % (r.choice([9, 9.4, 9.6]), r.choice(FONTS))
    c = b.case()
    c.values["insurance.payer"] = r.choice([p for p in PLANS if p != c.values.get("insurance.secondary.payer")])
    d = b.doc("referral", c)
    d.drop("referrer.direct_address", "patient.mrn")
    start = c.x["ref_date"] + dt.timedelta(days=r.randint(1, 9))
    g = world.person(r)
    sig = Markup("<span style=\"font:17pt Z003\">%s %s</span>") % (c.x["referrer"][0], c.x["referrer"][2])
    d.page("referral", T, bar=r.choice(["", "g"]), ids=["P" + world.digits(r, 6), f"{r.randint(20, 88)}-{world.digits(r, 7)}", "P" + world.digits(r, 6)],
        start=start, sig=sig,
           end=start + dt.timedelta(days=r.choice([60, 90, 180, 365])), visits=r.choice([1, 2, 3, 6]), um=world.phone(r, "800"), ps=world.phone(r, "800"),
           pcp=r.choice(["", f"{g[0]} {g[2]}, MD", "Same"]), dl=r.choice(["DATE OF REQUEST", "REQUEST DATE", "DATE SUBMITTED"]))
