"""Packet of five sheets: fax cover, the office's referral with dotted leaders, visit note, laboratory values, copy of the card."""
import world

CSS = """
.page{padding:.6in .75in} .cv h1{font-size:2.6em;margin:0;text-align:right;font-weight:normal} .cv
table{border-collapse:collapse;width:100%;margin:.2in 0} .cv td{border:1.5px solid #000;
padding:9px 12px;width:50%;font-size:1.1em} .cv td b{display:block;font-size:.76em}
.ld{display:flex;align-items:flex-start;margin-top:.075in} .ld u{text-decoration:none;flex:0 0 auto}
.ld s{text-decoration:none;flex:0 0 auto;width:var(--w);overflow:hidden;white-space:nowrap} .ld span.x{flex:1;padding-left:6px}
h2{font-size:1.12em;margin:.17in 0 .03in;text-transform:uppercase;
letter-spacing:1px} .nt p{margin:.07in 0;line-height:1.4} .lb{border-collapse:collapse;width:100%;margin-top:.1in} .lb td,.lb
th{text-align:left;border-bottom:1px solid #999;padding:3px 6px}
.card{width:4.1in;height:2.5in;border:1.6px solid #000;border-radius:12px;margin:.3in auto;padding:.16in .2in;line-height:1.4} .card
h3{margin:0 0 .08in;font-size:1.4em}
"""
FACES = ["body{font:10.4pt/1.3 'Linux Libertine O';font-size:11pt;--w:2.2in}", "body{font:10.2pt/1.3 'Liberation Sans';--w:2.1in}",
         "body{font:10.4pt/1.3 C059;--w:2.3in}",
         "body{font:9.8pt/1.3 'DejaVu Sans';--w:2.3in} h2{text-decoration:underline}"]
COVER = """<div class=cv><h1>{{ pick(['Fax Transmittal', 'Telecopier Cover', 'fax transmission']) }}</h1><div><b>{{
s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<table><tr><td><b>To</b>{{ s('recipient.organization') }}<td><b>From</b>{{ x.contact }}, {{ pick(['referral desk', 'front office',
'medical assistant']) }}</tr><tr><td><b>Fax number</b>{{ s.ph(x.rec_fax)
}}<td><b>Sender's fax</b>{{ s('referrer.fax') }}</tr><tr><td><b>Attention</b>{{ s('recipient.name') }}<td><b>Sender's phone</b>{{
s('referrer.phone') }}</tr><tr><td><b>Date / time</b>{{ s.d(x.print_date) }} {{
pick(['8:52 am', '1:06 pm', '4:40 pm']) }}<td><b>Pages</b>5 {{ pick(['including this one', '(cover + 4)']) }}</tr><tr><td
colspan=2><b>Subject</b>{{ pick(['Referral', 'New referral and records', 'Patient referral -']) }}
{{ initials }}</tr></table><p>{{ pick(['Message: referral, last note, labs and card follow. Please call the patient directly.',
'Records attached as your office asked. Thank you!']) }}</p><p
style="font-size:.82em;margin-top:2.6in">{{
pick(['The information in this facsimile is confidential and intended only for the addressee. If
you are not the addressee, please notify us by telephone at once and shred what you received.',
'PRIVACY NOTICE: contains protected health information under 45 CFR 164. Redisclosure without consent is prohibited.']) }}</p></div>"""
REF = """{% macro k(lab, v='') %}<div class=ld><s>{{ lab }} {{ '. ' * 40 }}</s><span class=x>{{ v }}</span></div>{% endmacro %}
<div style="text-align:center;font-size:1.3em"><b>{{ pick(['REFERRAL TO A SPECIALIST', 'Specialty Referral',
'Request for Specialist Appointment']) }}</b></div><div style="text-align:center">{{
s('referrer.organization') }}</div>
<h2>{{ pick(['Request', 'Appointment requested']) }}</h2>{{ k(pick(['Written on', 'Date written', 'Referral date']), s('referral.date'))
}}{{ k(pick(['Specialty', 'Type of specialist']), s('referral.specialty')) }}{{
k(pick(['Send patient to', 'Office or hospital']), s('recipient.organization')) }}{{ k(pick(['Specialist', 'Doctor requested']),
s('recipient.name')) }}{{ k(pick(['Urgency', 'To be seen']), s('referral.urgency')) }}{{
k(pick(['Kind of request', 'Type of referral']), s('referral.service')) }}{{ k(pick(['Reason', 'Reason for visit', 'Presenting problem']),
s('referral.reason')) }}{% for c, t in s.dx() %}{{ k('Diagnosis' if loop.first else
'Diagnosis ' ~ loop.index, t ~ ' [' ~ c ~ ']') }}{% endfor %}{% for c, t in s.cpt() %}{{ k('Procedure' if loop.first else 'Procedure ' ~
loop.index, c ~ ' ' ~ t) }}{% endfor %}
<h2>{{ pick(['Patient', 'Patient data']) }}</h2>{{ k(pick(['Name', 'Patient name']), s('patient.name')) }}{{ k(pick(['Date of birth',
'Birth date']), s('patient.birth_date')) }}{{ k('Sex', s('patient.sex')) }}{{
k(pick(['Residence', 'Home address']), s.addr()) }}{{ k(pick(['Telephone', 'Phone']), s('patient.phone')) }}{% if s.has('patient.language')
%}{{ k(pick(['Language', 'Language at home']), s('patient.language')) }}{%
endif %}{% if s.has('patient.mrn') %}{{ k(pick(['Chart', 'Record number']), s('patient.mrn')) }}{% endif %}{{ k(pick(['Emergency contact',
'Next of kin']), x.emerg ~ ', ' ~ s.ph(x.emerg_phone)) }}
<h2>{{ pick(['Insurance', 'Coverage']) }}</h2>{{ k(pick(['Company', 'Plan name']), s('insurance.payer')) }}{{ k(pick(['Member number',
'Identification']), s('insurance.member_id')) }}{{ k('Group', s('insurance.group_number'))
}}{{ k(pick(['Prior authorization', 'Plan referral number']), s('referral.authorization_number')) }}{% if s.has('insurance.secondary.payer')
%}{{ k('Second company', s('insurance.secondary.payer')) }}{{
k('Second company number', s('insurance.secondary.member_id')) }}{% endif %}
<h2>{{ pick(['Referring office', 'Requested by']) }}</h2>{{ k(pick(['Clinician', 'Provider']), s('referrer.name')) }}{{ k('NPI',
s('referrer.npi')) }}{{ k(pick(['Phone / fax', 'Office phone / fax']), s('referrer.phone') ~ ' / ' ~
s('referrer.fax')) }}{% if s.has('referrer.direct_address') %}{{ k('Direct mail', s('referrer.direct_address')) }}{% endif %}"""
NOTE = """<div class=nt><h2>{{ pick(['Office visit', 'Clinic note', 'SOAP note']) }}</h2><p>{{ s('patient.name') }} &nbsp; {{
s('patient.birth_date') }} &nbsp; Visit {{ s.d(x.visit) }} &nbsp; {{ x.referrer[0] }} {{ x.referrer[2] }}, {{
x.cred }}</p><p><b>S:</b> {{ s('referral.reason') }} Symptoms for {{ x.dur }}. No fever or weight change. Medicines taken as
prescribed.</p><p><b>O:</b> BP {{ x.bp }}, P {{ x.hr }}, T {{ x.temp }}, Wt {{ x.wt }}, SpO2 {{
x.spo2 }}%. Alert, comfortable. Chest clear. Heart regular. Abdomen soft. Neuro grossly intact.</p><p><b>Meds:</b> {{ x.meds|join(', ')
}}</p><p><b>Allergies:</b> {{ x.allergy }}</p><p><b>PMH:</b> {{ x.history|join(', ') }}</p><p><b>A/P:</b>
{% for t in words %}{{ loop.index }}. {{ t }}. {% endfor %}Referral placed. Labs reviewed with patient. Recheck in {{ pick(['6 weeks',
'3 months']) }} or sooner.</p><p style="font:18pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</p></div>"""
LABS = """<div><h2>{{ pick(['Laboratory report', 'Lab results']) }}</h2>{{ s('patient.name', 'LAST') }} &nbsp; DOB {{
s('patient.birth_date') }} &nbsp; Collected {{ s.d(x.visit) }} &nbsp; Acc# {{ x.acct }}<br>Client: {{
s('referrer.organization') }} &nbsp; Physician: {{ x.referrer[2]|upper }}, {{ x.referrer[0][0] }}<table
class=lb><tr><th>Test<th>Result<th>Flag<th>Reference<th>Units</tr>{% for t, v, f, ref, u in labs %}<tr><td>{{ t }}<td>{{ v
}}<td>{{ f }}<td>{{ ref }}<td>{{ u }}</tr>{% endfor %}</table><p style="font-size:.85em">Performed at {{ x.place }} Reference Laboratory, {{
x.city }}, {{ x.state }}. Final report.</p></div>"""
CARD = """<div class=card><h3>{{ s('insurance.payer') }}</h3>{{ pick(['Member', 'Subscriber', 'Name']) }}<br><b>{{ sub }}</b><br>{{
pick(['Member ID', 'ID', 'Identification No.']) }} <b>{{ s('insurance.member_id') }}</b><br>{% if
s.has('insurance.group_number') %}{{ pick(['Group', 'Grp No.']) }} <b>{{ s('insurance.group_number') }}</b><br>{% endif %}RxBIN {{ bin }}
&nbsp; RxPCN {{ pick(['ADV', 'MCAIDADV', '9999']) }}<br>PCP ${{ pick([0, 20, 30]) }} &nbsp; Specialist ${{
pick([0, 40, 60]) }} &nbsp; ER ${{ pick([100, 250]) }}</div><div class=card style="font-size:.88em">Members: call {{ s.ph(insph) }} for
service.<br>Providers: call {{ s.ph(insph2) }} for eligibility and prior authorization.<br>Submit claims to:
P.O. Box {{ bin[:4] }}, {{ pick(['Omaha, NE 68103', 'El Paso, TX 79998', 'Lexington, KY 40512']) }}<br><br>This card does not guarantee
coverage. In an emergency go to the nearest hospital.</div>"""
TESTS = [("Glucose", 70, 99, "mg/dL"), ("BUN", 7, 25, "mg/dL"), ("Creatinine", 0.6, 1.2, "mg/dL"), ("Sodium", 135, 146, "mmol/L"),
         ("Potassium", 3.5, 5.3, "mmol/L"), ("ALT", 6, 46, "U/L"),
         ("WBC", 3.8, 10.8, "K/uL"), ("Hemoglobin", 12.0, 16.0, "g/dL"), ("Platelets", 140, 400, "K/uL"), ("TSH", 0.4, 4.5, "mIU/L")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    while "insurance.member_id" not in c.values:
        c = b.case()
    x, d = c.x, b.doc("referral", c)
    labs = []
    for name, low, high, unit in TESTS:
        value = r.uniform(low * .85, high * 1.15)
        labs.append((name, f"{value:.1f}" if high < 20 else round(value), "L" if value < low else "H" if value > high else "",
                     f"{low}-{high}", unit))
    more = dict(initials=f"{x['patient'][0][0]}.{x['patient'][2][0]}.", words=[t for _, t in c.dx], labs=labs, bin=world.digits(r, 6),
                insph=world.phone(r, "800"),
                insph2=world.phone(r, "888"), sub=f"{x['patient'][0]} {x['patient'][2]}".upper() if x["age"] > 25 else x["emerg"].upper())
    pages = [("clinical_note", NOTE), ("lab", LABS), ("insurance_card", CARD)]
    r.shuffle(pages)
    for kind, template in [("cover", COVER), ("referral", REF), *pages]:
        d.page(kind, template, **more)
