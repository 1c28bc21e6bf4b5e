"""Fax cover sheet on which the whole referral is written, then a registration sheet of the patient and no order at all."""
import datetime as dt

import world

CSS = """
.page{padding:.6in .75in} .fx{display:flex;justify-content:space-between;align-items:flex-end;border-bottom:6px solid #000;padding-bottom:6px}
.fx b{font-size:40pt;line-height:.9;letter-spacing:5px} .hd{display:grid;grid-template-columns:.95in 1fr .8in 1.5in;gap:7px 8px;margin:.16in
0;font-size:1.05em}
.hd i{font-style:normal;font-weight:bold} .ck{border-top:1px solid #000;border-bottom:1px solid #000;padding:5px 0}
.msg{margin-top:.15in;line-height:1.55}
.msg p{margin:0 0 .1in} .leg{position:absolute;bottom:.5in;left:.75in;right:.75in;font-size:7.8pt;border-top:1px solid #000;padding-top:4px}
.rg{font:9.6pt/1.3 'Liberation Sans'} .rg h2{font-size:13pt;margin:0 0 .1in;text-align:center} .rg
h3{font-size:9.6pt;background:#000;color:#fff;margin:.14in 0 .04in;padding:2px 6px}
.rg dl{display:grid;grid-template-columns:1.3in 1fr 1.2in 1fr;margin:0;gap:4px 8px} .rg dt{font-weight:bold} .rg
dd{margin:0;min-width:0;overflow-wrap:anywhere}
"""
FACES = ["body{font:11pt 'Liberation Sans'}", "body{font:10.6pt 'DejaVu Serif'}", "body{font:11.4pt 'Courier Prime Code'}",
       "body{font:11.5pt 'Liberation Serif'} .fx b{font-family:'URW Gothic'}",
         "body{font:11pt 'Nimbus Mono PS'} .fx b{font-family:'Nimbus Sans'}"]
COVER = """<div class=fx><b>{{ pick(['FAX', 'Fax', 'FAX COVER']) }}</b><span style="text-align:right">{{ s('referrer.organization') }}<br>{{
x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}</span></div>
<div class=hd><i>TO:</i><span>{{ s('recipient.organization') }}</span><i>FAX:</i><span>{{ s.ph(x.rec_fax) }}</span><i>ATTN:</i><span>{{
s('recipient.name') if s.has('recipient.name') else
pick(['New patient scheduling', 'Referrals', 'Intake']) }}</span><i>PHONE:</i><span>{{ s.ph(x.rec_phone) }}</span><i>FROM:</i><span>{{
x.contact }}, {{ pick(['referrals', 'MA', 'front desk', 'RN']) }}</span>
<i>FAX:</i><span>{{ s('referrer.fax') }}</span><i>DATE:</i><span>{{ s('referral.date') }}</span><i>PHONE:</i><span>{{
s('referrer.phone') }}</span>
<i>RE:</i><span>{{ pick(['NEW REFERRAL', 'Referral', 'Pt referral']) }} - {{ s('patient.name') }}</span><i>PAGES:</i><span>2 {{
pick(['incl. cover', 'with cover', '']) }}</span></div>
<div class=ck>{% for k, t in [('stat', 'STAT'), ('urgent', 'Urgent'), ('routine', 'Routine')] %}{{ s.boxes('referral.urgency', [(k, t)]) }}{%
endfor %}<span class=opt>{{ s.box(true) }}{{ pick(['Please call patient',
'Please Reply']) }}</span><span class=opt>{{ s.box(false) }}For Review</span></div>
<div class=msg><p><b>{{ pick(['MESSAGE:', 'Comments:', 'NOTES:']) }}</b></p>
<p>{{ pick(['Please schedule this pt with', 'Dr ' ~ x.referrer[2] ~ ' would like this patient seen by', 'Pls call to schedule for']) }} {{
s('referral.specialty') }}{% if s.has('referral.service') %} - {{ s('referral.service') }}{% endif %}.</p><p>{{ pick(['Reason:', 'For:',
'Needs to be seen for:']) }} {{ s('referral.reason') }}</p>
{% if s.has('referral.diagnoses') %}<p>{{ pick(['Dx:', 'DX codes:', 'Diagnosis:']) }} {% for c, t in s.dx() %}{{ c }} ({{ t }}){{ ', ' if not
loop.last }}{% endfor %}</p>{% endif %}
{% if s.has('referral.procedures') %}<p>{{ pick(['CPT:', 'Px codes:']) }} {{ s('referral.procedures') }}</p>{% endif %}
<p>{{ pick(['Birthday', 'DOB', 'Pt DOB']) }} {{ s('patient.birth_date') }}, {{ pick(['cell', 'ph', 'phone']) }} {{ s('patient.phone') }}. {{
pick(['Ins is', 'Has', 'Insurance -']) }} {{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{ pick(['ID#', 'id', 'policy #']) }}
{{ s('insurance.member_id') }}{% endif %}.{% if s.has('referral.authorization_number') %} {{ pick(['Auth obtained,', 'Insurance auth',
'Ref auth']) }} # {{ s('referral.authorization_number') }}.{% endif %} {{ pick(['Face sheet attached.', 'Demographics on next page.',
'See demo sheet.']) }}</p>
<p>{{ pick(['Ordering:', 'Ordered by', 'Referring dr:']) }} {{ s('referrer.name') }}{% if s.has('referrer.npi') %}, NPI {{ s('referrer.npi') }}{%
endif %}. {{ pick(['Thanks!', 'Thank you', 'Let us know the appt date, thank you.']) }}</p></div>
<div class=leg>{{ pick(['CONFIDENTIALITY NOTICE: the documents with this transmission hold health information that is privileged.
If you have received them in error call the sender at once and destroy all copies.',
'IMPORTANT: this message is meant for the person named above only. Unlawful use or disclosure may carry penalties under HIPAA.']) }}</div>"""
SHEET = """<div class=rg><h2>{{ pick(['PATIENT REGISTRATION', 'Patient Information Sheet', 'DEMOGRAPHIC SHEET']) }}</h2>
<h3>PATIENT</h3><dl><dt>Last, First MI<dd>{{ s('patient.name', 'last') }}<dt>Acct / Chart<dd>{{ s('patient.mrn') }}<dt>Birth date<dd>{{
s('patient.birth_date') }}<dt>Sex<dd>{{ s('patient.sex') }}
<dt>Street<dd>{{ s('patient.address.line') }}<dt>Mobile<dd>{{ s('patient.phone') }}<dt>City, ST Zip<dd>{{ s.csz() }}<dt>E-mail<dd>{{
pick(['declined', 'none']) }}
<dt>Language<dd>{{ s('patient.language') }}<dt>Race / ethnicity<dd>{{ pick(['declined', 'not asked']) }}</dl>
<h3>{{ pick(['RESPONSIBLE PARTY', 'GUARANTOR']) }}</h3><dl><dt>Name<dd>{{ x.emerg }}<dt>Birth date<dd>{{ s.d(gdob) }}<dt>Relation<dd>{{ 'Parent'
if x.age < 18 else pick(['Spouse', 'Parent', 'Child']) }}<dt>Phone<dd>{{ s.ph(x.emerg_phone) }}</dl>
<h3>PRIMARY INSURANCE</h3><dl><dt>Company<dd>{{ s('insurance.payer') }}<dt>Policy no.<dd>{{ s('insurance.member_id') }}<dt>Insured<dd>{{
'Same as responsible party' if x.age < 18 else 'Self' }}<dt>Group no.<dd>{{ s('insurance.group_number') }}
<dt>Copay<dd>${{ pick([0, 20, 35, 50]) }}<dt>Ins. phone<dd>{{ s.ph(insph) }}</dl>
<h3>SECONDARY INSURANCE</h3><dl><dt>Company<dd>{{ s('insurance.secondary.payer') }}<dt>Policy no.<dd>{{ s('insurance.secondary.member_id') }}</dl>
<h3>PROVIDERS</h3><dl><dt>Usual provider<dd>{{ usual }}, MD<dt>Last visit<dd>{{ s.d(x.visit) }}<dt>Next visit<dd>none
scheduled<dt>Balance<dd>$0.00</dl>
<p style="margin-top:.3in;font-size:8pt">Printed {{ s.d(x.print_date) }} {{ pick(['9:12 AM', '2:47 PM', '4:31 PM']) }} &nbsp; user {{
x.contact.split()[0]|lower }} &nbsp; {{ s('referrer.organization') }}</p></div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    p = world.person(r)
    more = dict(gdob=c.x["dob"] - dt.timedelta(days=10000 if c.x["age"] < 18 else -700), insph=world.phone(r, "800"), usual=f"{p[0]} {p[2]}")
    d.page("cover", COVER, **more)
    d.page("other", SHEET, **more)
