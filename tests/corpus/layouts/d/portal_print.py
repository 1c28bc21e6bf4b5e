"""Browser print of a referral in a web portal: breadcrumbs, status chips, grey labels above their values in cards, page address at the foot."""
import world

CSS = """
.page{padding:.3in .45in} .br{display:flex;justify-content:space-between;font:7.6pt 'Liberation Sans';color:#333}
.nav{font-size:.9em;color:#444;margin:.14in 0 .04in}
h1{font-size:1.6em;font-weight:500;margin:0 0 .05in} .chip{border:1px solid #444;border-radius:9px;padding:1px
9px;font-size:.86em;margin-right:6px}
.card{border:1px solid #bbb;border-radius:6px;margin-top:.1in;padding:7px 12px 9px} .card h2{font-size:1.08em;font-weight:600;margin:0 0 5px}
.g{display:grid;grid-template-columns:repeat(4,1fr);gap:7px 14px} .g div{min-width:0;overflow-wrap:anywhere} .g
s{text-decoration:none;display:block;color:#666;font-size:.82em}
.w{grid-column:span 4} .h{grid-column:span 2} .tabs{border-bottom:1px solid #bbb;color:#555;padding-bottom:4px;margin-top:.1in;font-size:.92em}
.tabs b{color:#000;border-bottom:2.5px solid #000;padding-bottom:3px}
"""
FACES = ["body{font:9.6pt/1.3 Roboto}", "body{font:9.6pt/1.32 Lato}", "body{font:9.3pt/1.3 'Liberation Sans'}",
       "body{font:9.5pt/1.3 'Nimbus Sans'} .g s{text-transform:uppercase;letter-spacing:.4px;font-size:.8em}"]
T = """{% macro k(lab, v='', cls='') %}<div class="{{ cls }}"><s>{{ lab }}</s>{{ v if v else '--' }}</div>{% endmacro %}{% macro o(key, lab,
cls='') %}{% if s.has(key) %}{{ k(lab, s(key), cls) }}{% else %}{{ k(lab) }}{% endif %}{% endmacro %}
<div class=br><span>{{ s.d(x.print_date, '%-m/%-d/%y') }}, {{ tm }}</span><span>{{ app }} | Referral {{ x.acct }}</span></div>
<div class=nav>Home &rsaquo; {{ pick(['Outgoing', 'Referrals sent', 'Care coordination']) }} &rsaquo; {{ x.spec_shown }} &rsaquo; {{
x.acct }}</div><h1>{{ pick(['Referral details', 'Referral summary', 'Referral']) }}</h1>
<div><span class=chip>{{ pick(['Sent', 'New', 'Awaiting scheduling']) }}</span>{% if s.has('referral.urgency') %}<span class=chip>{{
s('referral.urgency') }}</span>{% endif %}<span style="font-size:.86em;color:#555">Last updated by {{ x.contact }} {{
s.d(x.print_date) }}</span></div>
<div class=tabs><b>Overview</b> &emsp; Documents (3) &emsp; Messages &emsp; History</div>
{% for p in parts %}{% if p == 'pt' %}<div class=card><h2>{{ pick(['Patient', 'Patient details']) }}</h2><div class=g>{{ o('patient.name',
'Full name', 'h') }}{{ o('patient.birth_date', pick(['Date of birth', 'Birth date'])) }}{{ o('patient.sex', pick(['Administrative sex', 'Sex',
'Gender'])) }}
<div class=h><s>{{ pick(['Home address', 'Address']) }}</s>{{ s('patient.address.line') }}<br>{{ s.csz() }}</div>{{ o('patient.phone',
pick(['Primary phone', 'Mobile', 'Phone'])) }}{{ o('patient.language', pick(['Language', 'Preferred language'])) }}
{{ o('patient.mrn', pick(['Patient ID', 'MRN (sending org)', 'Medical record no.'])) }}{{ k('Email') }}{{ k('Emergency contact', x.emerg) }}{{
k('Emergency phone', s.ph(x.emerg_phone)) }}</div></div>
{% elif p == 'req' %}<div class=card><h2>{{ pick(['Request', 'Referral request', 'Clinical']) }}</h2><div class=g>{{ o('referral.specialty',
pick(['Specialty', 'Service'])) }}{{ o('referral.service', pick(['Referral type', 'Category'])) }}{{ o('referral.date', pick(['Created',
'Date created',
'Referral date'])) }}{{ k('Expires', s.d(exp)) }}<div class=w><s>{{ pick(['Clinical question', 'Reason', 'Notes to specialist']) }}</s>{{
s('referral.reason') }}</div><div class=h><s>{{ pick(['Diagnoses', 'Conditions']) }}</s>{% for c, t in s.dx() %}{{ t }} &middot; {{ c }}<br>{%
else %}--{% endfor %}</div>
<div class=h><s>{{ pick(['Services requested', 'Procedures']) }}</s>{% for c, t in s.cpt() %}{{ t }} &middot; {{ c }}<br>{% else %}--{%
endfor %}</div><div class=w><s>Chronic problems</s>{{ x.history|join(' &middot; '|safe) }}</div></div></div>
{% elif p == 'ft' %}<div style="display:grid;grid-template-columns:1fr 1fr;gap:.1in"><div class=card><h2>{{ pick(['Referring provider', 'From',
'Sender']) }}</h2><div class=g style="grid-template-columns:1fr 1fr">{{ o('referrer.name', 'Name', 'h') }}{{ o('referrer.organization',
pick(['Organization',
'Practice']), 'h') }}{{ o('referrer.phone', 'Phone') }}{{ o('referrer.fax', 'Fax') }}{{ o('referrer.npi', 'NPI') }}{{ k('Tax ID', tax) }}{{
o('referrer.direct_address', 'Direct address', 'h') }}</div></div>
<div class=card><h2>{{ pick(['Referred to', 'To', 'Receiver']) }}</h2><div class=g style="grid-template-columns:1fr 1fr">{{ o('recipient.name',
'Name', 'h') }}{{ o('recipient.organization', pick(['Organization', 'Practice']), 'h') }}{{ k('Phone', s.ph(x.rec_phone)) }}{{ k('Fax',
s.ph(x.rec_fax)) }}
{{ k('NPI', x.rec_npi) }}{{ k('Next available', s.d(avail)) }}{{ k('Address', x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state,
'h') }}</div></div></div>
{% else %}<div class=card><h2>{{ pick(['Coverage', 'Insurance', 'Eligibility']) }}</h2><div class=g>{{ o('insurance.payer', pick(['Primary payer',
'Health plan', 'Plan name']), 'h') }}{{ o('insurance.member_id', pick(['Member ID', 'Subscriber ID'])) }}{{ o('insurance.group_number',
pick(['Group', 'Group
number'])) }}{% if s.has('insurance.secondary.payer') %}{{ o('insurance.secondary.payer', 'Secondary payer', 'h') }}{{
o('insurance.secondary.member_id', pick(['Secondary member ID', 'Secondary subscriber ID']), 'h') }}{% endif %}{{ k('Eligibility checked',
s.d(x.print_date)) }}
{{ k('Payer phone', s.ph(payph)) }}{{ o('referral.authorization_number', pick(['Authorization', 'Authorization number']), 'h') }}</div></div>{%
endif %}{% endfor %}
<div class=br style="position:absolute;bottom:.28in;left:.45in;right:.45in"><span>https://{{ app|lower }}.example/referrals/outgoing/{{
x.acct }}?tab=overview</span><span>1/1</span></div>"""


def build(b):
    import datetime as dt
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    day = c.x["ref_date"]
    parts = r.choice([["pt", "req", "ft", "ins"], ["req", "pt", "ins", "ft"], ["ft", "pt", "ins", "req"], ["req", "ft", "pt", "ins"]])
    d.page("referral", T, parts=parts, tm=f"{r.randint(8, 11)}:{r.randint(10, 59)} AM", app=r.choice(["CareBridge",
           "ReferNet", "LinkHealth"]), exp=day + dt.timedelta(days=180),
           avail=day + dt.timedelta(days=r.randint(8, 40)), tax=f"{r.randint(10, 98)}-{world.digits(r, 7)}", payph=world.phone(r, "800"))
