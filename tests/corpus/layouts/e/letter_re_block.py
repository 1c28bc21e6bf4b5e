"""Practice's letter with a RE: block of several lines, numbered diagnoses, and the request set apart in bold at the end."""
import world

CSS = """
.page{padding:.55in .95in} .lh{display:flex;justify-content:space-between;align-items:flex-start;border-bottom:var(--r);padding-bottom:9px}
.lh b{font-size:1.55em}
.lh div{font-size:.88em;line-height:1.32} .re{display:grid;grid-template-columns:.55in 1fr;margin:.14in 0 .14in var(--m);line-height:1.38}
.re>b{grid-row:1/20} .re div{grid-column:2}
p{margin:0 0 .11in;line-height:1.4} ol{margin:0 0 .11in;line-height:1.35} .rq{border-left:3px solid
#000;padding-left:10px;margin-bottom:.12in;line-height:1.4}
"""
FACES = ["body{font:10.8pt P052;--r:3px double #000;--m:0}", "body{font:10.6pt 'Liberation Sans';--r:1px solid #000;--m:.5in}",
         "body{font:11.2pt 'Liberation Serif';--r:0;--m:1.2in}",
         "body{font:10.3pt 'DejaVu Serif Condensed';--r:1px solid #000;--m:0} .re b,.re div{font-weight:bold}",
         "body{font:11pt 'Linux Biolinum O';--r:5px solid #888;--m:.3in}"]
T = """<div class=lh><div><b>{{ s('referrer.organization') }}</b><br>{{ staff|join(' &#8226; '|safe) }}</div><div
style="text-align:right">{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{
x.zip }}<br>{{ pick(['P:', 'Phone', 'Tel.']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %}<br>{{ pick(['F:', 'Fax']) }} {{
s('referrer.fax') }}{% endif %}</div></div>
<p style="margin-top:.2in">{{ s('referral.date') }}</p><p>{{ pick(['VIA FAX', 'Sent by facsimile', 'By fax:']) }} {{ s.ph(x.rec_fax)
}}</p><p>{{ s('recipient.organization') }}{% if
s.has('recipient.name') %}<br>{{ pick(['Attention:', 'Attn:']) }} {{ s('recipient.name') }}{% endif %}<br>{{ x.rec_addr }}, {{ x.city }}, {{
x.state }} {{ x.zip }}</p>
<div class=re><b>RE:</b><div>{{ pick(['Patient: ', '', 'Our patient: ']) }}{{ s('patient.name') }}</div><div>{{ pick(['DOB:', 'D.O.B.',
'Date of Birth:']) }} {{ s('patient.birth_date') }}{% if one
%} &nbsp;&nbsp; Sex: {{ s('patient.sex') }}{% endif %}</div>{% if s.has('patient.phone') %}<div>{{ pick(['Phone:', 'Home:', 'Tel:']) }} {{
s('patient.phone') }}</div>{% endif %}{% if where %}<div>{{
pick(['Address: ', '']) }}{{ s.addr() }}</div>{% endif %}{% if s.has('patient.mrn') and mrn %}<div>{{ pick(['Chart #', 'MRN:', 'Our file:'])
}} {{ s('patient.mrn') }}</div>{% endif %}
<div>{{ pick(['Insurance:', 'Ins.:', 'Carrier:']) }} {{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}{{ pick([', ID ', ' # ',
' - Member ID: ']) }}{{ s('insurance.member_id') }}{% endif %}{%
if s.has('insurance.group_number') %}, Group {{ s('insurance.group_number') }}{% endif %}</div>{% if s.has('insurance.secondary.payer')
%}<div>Secondary: {{ s('insurance.secondary.payer') }}, {{
s('insurance.secondary.member_id') }}</div>{% endif %}{% if s.has('referral.authorization_number') %}<div>{{ pick(['Authorization:',
'Referral auth #', 'Ins. referral no.']) }} {{
s('referral.authorization_number') }}</div>{% endif %}</div>
<p>Dear {{ 'Dr. ' ~ x.recipient[2] if s.has('recipient.name') else pick(['Doctor', 'Colleague', 'Referral Coordinator']) }}:</p>
<p>{{ pick(['Thank you for seeing the above patient.', 'I am referring the above-named patient to your office.',
'Please see the above captioned patient.']) }} {{ s('referral.reason') }} {{ pick(['This has been going on for',
'Duration so far:', 'Symptoms have lasted']) }} {{ x.dur }}.</p>
<p>{{ pick(['Other problems include', 'The chart also lists']) }} {{ x.history|join(', ') }}. {{ pick(['Current medicines:',
'Medications:']) }} {{ x.meds|join(', ') }}. Allergies: {{ x.allergy }}. {{
pick(['Last vitals', 'When last seen']) }} ({{ s.d(x.visit) }}): BP {{ x.bp }}, pulse {{ x.hr }}, O2 sat {{ x.spo2 }}%.</p>
{% if s.has('referral.diagnoses') %}<p style="margin:0">{{ pick(['Diagnoses:', 'Impression:', 'Assessment']) }}</p><ol>{% for c, t in s.dx()
%}<li>{{ t }} {{ '(' ~ c ~ ')' if par else '- ' ~ c }}</li>{% endfor
%}</ol>{% endif %}
<div class=rq><b>{{ pick(['Request:', 'Requested:', 'We are asking for:']) }}</b> {{ s('referral.service') }}, {{ s('referral.specialty')
}}{% if s.has('referral.procedures') %}<br>{{ pick(['Procedure', 'CPT', 'Test'])
}}: {% for c, t in s.cpt() %}{{ c }} {{ t }}{{ '; ' if not loop.last }}{% endfor %}{% endif %}{% if s.has('referral.urgency') %}<br>{{
pick(['Priority', 'Urgency', 'Time frame']) }}: {{ s('referral.urgency') }}{%
endif %}{% if s.has('patient.language') %}<br>{{ pick(['Language', 'Patient speaks', 'Interpreter language']) }}: {{ s('patient.language')
}}{% endif %}</div>
<p>{{ pick(['Please send us a copy of your findings.', 'Kindly let us know the date of the appointment.',
'Recent labs and notes are on the way under separate cover.']) }} {{ pick(['My nurse', 'Our coordinator'])
}} {{ x.contact }} {{ pick(['can help with records.', 'handles referrals here.']) }}</p><p>{{ pick(['Sincerely,', 'Respectfully,',
'Thank you,']) }}</p>
<div style="font:20pt/1.2 Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</div><p>{{ s('referrer.name') }}{% if s.has('referrer.npi')
%}<br>NPI: {{ s('referrer.npi') }}{% endif %}{% if
s.has('referrer.direct_address') %}<br>{{ s('referrer.direct_address') }}{% endif %}</p><p style="font-size:.85em">cc: {{
pick(['patient chart', 'file', 'Dr. ' ~ other]) }}{{ pick(['; encl.', '']) }}</p>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x, d = c.x, b.doc("referral", c)
    people = [world.person(r) for _ in range(r.choice([1, 2]))]
    staff = [f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']}"] + [f"{p[0]} {p[2]}, {r.choice(['MD', 'DO', 'PA-C'])}" for p in people]
    r.shuffle(staff)
    d.page("referral", T, staff=staff, one=r.random() < .6, where=r.random() < .7, mrn=r.random() < .7, par=r.random() < .6,
           other=people[0][2])
