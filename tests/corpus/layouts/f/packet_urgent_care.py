"""Urgent care's packet to a specialist: EHR-made fax cover, one-page order, copy of both sides of the card, chart summary."""
import world

CSS = """
.page{padding:.5in .6in} .fx{border:2px solid #000;padding:.18in .25in;margin-top:.3in} .fx div{display:grid;grid-template-columns:1.1in
1fr; padding:4px 0;border-bottom:1px dotted #777} .fx b{font-weight:var(--w)} .lg{display:flex;gap:.15in;align-items:center} .lg
s{width:.55in;height:.55in; border-radius:50%;background:#000;color:#fff;text-align:center;font:bold 15pt/.56in
'Nimbus Sans';text-decoration:none}
h1{font-size:1.45em;margin:.15in 0 .02in} h3{font-size:1em;margin:.15in 0 .04in;border-left:7px solid #000;padding-left:6px}
.p{margin:.03in 0;line-height:1.42} .p b{font-weight:var(--w)} .sig{margin-top:.3in} .card{border:1.4px solid #000;border-radius:11px;
width:3.5in;height:2.2in;padding:.13in .18in;line-height:1.35;font-size:.95em}
.cs{display:flex;flex-direction:column;align-items:center;gap:.35in; margin-top:.6in} .sm{font-size:.84em}
.ch{display:grid;grid-template-columns:1.35in 1fr;row-gap:5px;margin-top:.1in}
"""
FACES = ["body{font:10.4pt/1.3 Roboto;--w:500}", "body{font:10.2pt/1.3 'Liberation Sans';--w:bold}",
         "body{font:10.6pt/1.3 'Linux Biolinum O';--w:bold}",
         "body{font:9.8pt/1.3 'URW Gothic';--w:600}"]
COVER = """<div class=lg><s>+</s><div><b style="font-size:1.4em">{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{
x.state }} {{ x.zip }}</div></div><h1>{{ pick(['Fax Message', 'Electronic Fax', 'Outbound Fax Document']) }}</h1><div class=fx>
<div><b>{{ pick(['Recipient:', 'Send to:']) }}</b><span>{{ s('recipient.organization') }}</span></div>
<div><b>Fax:</b><span>{{ s.ph(x.rec_fax) }}</span></div>
<div><b>{{ pick(['Sender:', 'Sent by:']) }}</b><span>{{ x.contact }}, {{ pick(['MA', 'RT(R)', 'LPN', 'front desk']) }}</span></div>
<div><b>{{ pick(['Callback:', 'Phone:']) }}</b><span>{{ s('referrer.phone') }}</span></div><div><b>Our fax:</b><span>{{ s('referrer.fax')
}}</span></div>
<div><b>Sent:</b><span>{{ s.d(x.print_date) }} {{ pick(['7:55 PM', '12:20 PM', '6:31 PM'])
}}</span></div><div><b>Pages:</b><span>4</span></div>
<div><b>Message:</b><span>{{ pick(['Referral for patient seen at our center. Imaging disc sent with patient.',
'Please schedule. Chart and insurance attached.', 'REFERRAL - pls confirm receipt']) }}</span></div></div>
<p class=sm>If you are not the intended recipient, do not read, copy or distribute. Notify {{ s.ph(s.case.values['referrer.phone'])
}}.</p>"""
ORDER = """<div class=sm>{{ s('referrer.organization') }} &nbsp;|&nbsp; {{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}
&nbsp;|&nbsp; P {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp;|&nbsp; F {{ s('referrer.fax') }}{% endif %}</div>
<h1>{{ pick(['Specialist Referral', 'Referral Order', 'Outpatient Specialty Referral']) }}: {{ s('referral.specialty') }}</h1>
<div class=p>{{ pick(['Ordered', 'Created', 'Referral placed']) }} {{ s('referral.date') }} {{ pick(['by', 'by provider']) }} {{
s('referrer.name') }}{% if s.has('referrer.npi') %} (NPI {{ s('referrer.npi') }}){% endif %}</div>
<h3>{{ pick(['Patient', 'Patient details']) }}</h3><div class=p><b>{{ s('patient.name') }}</b>, {{ s('patient.sex') }}, {{ pick(['DOB',
'born', 'date of birth']) }} {{ s('patient.birth_date') }} ({{ x.age }} y){% if s.has('patient.mrn') %} &nbsp; {{ pick(['Chart #', 'MRN'])
}} {{ s('patient.mrn') }}{%
endif %}<br>{{ s.addr() }}<br>{{ pick(['Mobile', 'Phone', 'Tel']) }} {{ s('patient.phone') }}{% if s.has('patient.language') %} &nbsp;
Language {{
s('patient.language') }}{% endif %}</div>
<h3>{{ pick(['Refer to', 'Referred to']) }}</h3><div class=p>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{
s('recipient.organization') }}<br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Ph {{ s.ph(x.rec_phone) }}, Fax {{
s.ph(x.rec_fax) }}</div>
<h3>{{ pick(['Why', 'Reason for referral', 'Clinical summary']) }}</h3><div class=p>{{ s('referral.reason') }}</div>
<h3>{{ pick(['Assessment', 'Diagnoses', 'Visit diagnoses']) }}</h3>{% for c, t in s.dx() %}<div class=p>{{ t }} ({{ c }})</div>{% endfor %}
{% if s.has('referral.procedures') %}<h3>{{ pick(['Requested testing / procedure', 'Please also perform']) }}</h3>{% for c, t in s.cpt()
%}<div class=p>{{ t }} - CPT {{ c }}</div>{% endfor %}{% endif %}
<h3>{{ pick(['Scheduling', 'Handling']) }}</h3><div class=p>{% if s.has('referral.urgency') %}<b>{{ pick(['Priority', 'Urgency', 'Acuity'])
}}:</b> {{ s('referral.urgency') }} &nbsp; {% endif %}<b>{{ pick(['Service', 'Scope', 'Type']) }}:</b> {{ s('referral.service') }} &nbsp;
<b>Next visit
here:</b> {{ pick(['as needed', 'none scheduled']) }}</div>
<h3>{{ pick(['Payer', 'Insurance on file']) }}</h3><div class=p>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{
pick(['ID', 'member', 'policy']) }} {{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, group {{
s('insurance.group_number') }}{% endif %}{%
if s.has('insurance.secondary.payer') %}<br>Secondary: {{ s('insurance.secondary.payer') }}, {{ s('insurance.secondary.member_id') }}{%
endif
%}{% if s.has('referral.authorization_number') %}<br>{{ pick(['Auth', 'Prior auth no.']) }} {{ s('referral.authorization_number') }}{% endif
%}</div>
<div class=sig>e-Signed: {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} &nbsp; {{ s.d(x.ref_date) }}</div>"""
CARD = """<div class=cs><div class=card><b style="font-size:1.3em">{{ s('insurance.payer') }}</b><br><br>{{ pick(['Member Name',
'Subscriber', 'Name']) }}: {{ x.patient[0]|upper }} {{ x.patient[2]|upper }}<br>{{ pick(['Member ID', 'ID No', 'Identification #']) }}: {{
s('insurance.member_id')
}}<br>{% if
s.has('insurance.group_number') %}Group: {{ s('insurance.group_number') }}<br>{% endif %}Effective {{ eff }}<br><br><span class=sm>OV $25
&nbsp; SPC $50 &nbsp; UC $75 &nbsp; ER $300</span></div><div class=card><span class=sm>Present this card when you receive services.
Non-emergency
admissions must be certified.<br><br>Customer service {{ s.ph(p1) }}<br>Provider line {{ s.ph(p2) }}<br>Nurse line {{ s.ph(p3)
}}<br><br>Mail claims: PO Box {{ box }}, Phoenix, AZ 85072<br>Electronic payer ID {{ box }}</span></div></div>"""
CHART = """<h1>{{ pick(['Chart Summary', 'Urgent Care Visit', 'Visit Note']) }}</h1>{{ s('patient.name') }} | {{ s('patient.birth_date') }}
| Seen {{ s.d(x.visit) }}<div class=ch><b>Complaint</b><div>{{ s('referral.reason') }}</div><b>Onset</b><div>{{ x.dur
}}</div><b>Vitals</b><div>BP {{
x.bp }}, HR {{ x.hr }}, T {{ x.temp }}, SpO2 {{ x.spo2 }}% RA, {{ x.wt }} lb</div><b>Allergies</b><div>{{ x.allergy }}</div><b>Home
meds</b><div>{{
x.meds|join('<br>'|safe) }}</div><b>Problem list</b><div>{{ x.history|join(', ') }}</div><b>Exam</b><div>No acute distress. Skin warm and
dry. Breath sounds equal. Abdomen non-tender. Neurovascularly intact.</div><b>MDM</b><div>Stable for outpatient follow up. Discussed return
precautions.
{{ pick(['No imaging today.', 'Films reviewed with patient.']) }}</div><b>Plan</b><div>Referral to specialist, see order. PCP copied: {{ pcp
}}.</div>
<b>Disposition</b><div>Home, ambulatory</div></div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    while "insurance.member_id" not in c.values or c.x["age"] < 18:
        c = b.case()
    d = b.doc("referral", c)
    c.values["referrer.organization"] = r.choice(["{} Urgent Care", "{} Immediate Care Center", "QuickWell Urgent Care - {}"]).format(
        r.choice([c.x["city"], r.choice(world.PLACES)]))
    d.drop("referrer.direct_address")
    p = world.person(r)
    more = dict(eff=f"01/01/{c.x['ref_date'].year}", p1=world.phone(r, "800"), p2=world.phone(r, "866"), p3=world.phone(r, "877"),
                box=world.digits(r, 5), pcp=f"{p[0]} {p[2]}, MD")
    for kind, template in [("cover", COVER), ("referral", ORDER), ("insurance_card", CARD), ("clinical_note", CHART)]:
        d.page(kind, template, **more)
