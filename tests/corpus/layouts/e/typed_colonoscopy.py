"""Direct-access endoscopy request of a GI group, typed a little off the printed lines; yes/no screening questions."""
CSS = """
.page{padding:.6in .75in} h1{font-size:1.5em;margin:0} .ad{font-size:.92em;margin-bottom:.12in}
.l{display:flex;align-items:flex-end;margin-top:.15in;gap:6px}
.l>s{text-decoration:none;white-space:nowrap} .l>u{text-decoration:none;border-bottom:1px solid
#000;flex:1;min-height:1.35em;padding-left:6px}
.ty{font:11.4pt/1 'Courier Prime',monospace;position:relative;display:inline-block} .q{display:grid;grid-template-columns:1fr .5in
.5in;margin-top:3px}
.q div{border-bottom:1px dotted #000;padding:5px 0 1px} .q .y{text-align:center;font:bold 11.4pt 'Courier Prime'}
h2{font-size:1.05em;margin:.17in 0 0;text-decoration:underline}
"""
FACES = ["body{font:10.6pt 'Liberation Serif'}", "body{font:10pt 'Nimbus Sans'}",
         "body{font:10.4pt C059} .ty{font-family:'Nimbus Mono PS';font-weight:bold}",
         "body{font:10.2pt 'URW Bookman'} .ty{font-family:'Courier Prime Code'}"]
T = """{% macro ty(v) %}<span class=ty style="top:{{ off() }}px;left:{{ off() }}px">{{ v }}</span>{% endmacro %}{% macro k(lab, v='', w=1)
%}<s>{{ lab }}</s><u style="flex-grow:{{ w }}">{{ ty(v) if v else '' }}</u>{% endmacro %}
<h1>{{ s('recipient.organization') }}</h1><div class=ad>{{ s('referral.specialty') }} &ndash; {{ pick(['Direct Access Endoscopy Referral',
'Open Access Colonoscopy / EGD Request',
'Physician Referral']) }}<br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; {{ pick(['Tel.', 'Phone']) }} {{
s.ph(x.rec_phone, '({a}) {x}-{n}') }}
&nbsp; Fax {{ s.ph(x.rec_fax, '({a}) {x}-{n}') }}</div>
<div class=l>{{ k(pick(['Date', 'Date of request']), s('referral.date'), 1) }}{{ k(pick(['Physician requested',
'Gastroenterologist preferred']), s('recipient.name'), 2) }}</div>
<div class=l>{{ k(pick(["Patient's name", 'Patient', 'Name of
patient']), s('patient.name'), 3) }}{{ k(pick(['Birthdate', 'D.O.B.']), s('patient.birth_date'), 1)
}}</div>
<div class=l>{{ k('Address', s('patient.address.line'), 2) }}{{ k(pick(['City', 'Town']), s('patient.address.city'), 1)
}}{{ k('State', s('patient.address.state'), 0.2) }}{{
k('Zip', s('patient.address.postal_code'), 0.4) }}</div>
<div class=l>{{ k(pick(['Telephone', "Patient's tel."]), s('patient.phone'), 1) }}{{ k('Sex', s('patient.sex'), 0.4) }}{{ k('Wt.', x.wt ~
' lb', 0.4) }}{{ k('Language',
s('patient.language'), 1) }}</div>
<div class=l>{{ k(pick(['Insurance', 'Insurance company']), s('insurance.payer'), 2) }}{{ k(pick(['I.D. no.', 'Cert. no.', 'Policy no.']),
s('insurance.member_id'), 1.3) }}</div>
<div class=l>{{ k('Group', s('insurance.group_number'), 1) }}{{ k(pick(['Auth. no.', 'Referral no. (HMO)']),
s('referral.authorization_number'), 1) }}{{ k('Copay', '', 0.3) }}</div>
<div class=l>{{ k(pick(['Other insurance', 'Second insurance']), s('insurance.secondary.payer'), 2) }}{{ k('I.D. no.',
s('insurance.secondary.member_id'), 1.3) }}</div>
<h2>{{ pick(['REQUEST', 'What is requested']) }}</h2>
<div class=l>{{ k(pick(['Type of visit', 'Service']), s('referral.service'), 1.3) }}{{ k(pick(['How soon', 'Priority']),
s('referral.urgency'), 1) }}</div>
<div class=l>{{ k(pick(['Indication', 'Reason for referral']), s('referral.reason'), 1) }}</div>
<div class=l>{{ k(pick(['Diagnosis code', 'ICD-10 code']), s('referral.diagnoses'), 1) }}{{ k(pick(['Procedure code', 'CPT']),
s('referral.procedures'), 1) }}</div>
<h2>{{ pick(['SCREENING (answer all)', 'Safety questions']) }}</h2><div class=q><div></div><div class=y style="font:inherit">YES</div><div
class=y style="font:inherit">NO</div>
{% for t in asks %}<div>{{ t }}</div><div class=y>{{ 'X' if loop.index in yes else '' }}</div><div class=y>{{ '' if loop.index in yes else
'X' }}</div>{% endfor %}</div>
<h2>{{ pick(['REFERRED BY', 'Referring physician']) }}</h2>
<div class=l>{{ k('Name', s('referrer.name'), 2) }}{{ k('NPI', s('referrer.npi'), 1) }}</div><div class=l>{{ k(pick(['Practice', 'Office']),
s('referrer.organization'), 1)
}}</div><div class=l>{{ k(pick(['Tel.', 'Office tel.']), s('referrer.phone'), 1) }}{{ k('Fax', s('referrer.fax'), 1) }}{{ k('Nurse',
x.contact, 1) }}</div>
<div class=l>{{ k(pick(['Signature', 'Physician signature']), '', 2) }}{{ k('Chart no.', s('patient.mrn'), 1) }}</div>"""
ASKS = ["Takes a blood thinner or clopidogrel?", "Pacemaker or defibrillator?", "Home oxygen or severe COPD?",
        "Diabetes treated with insulin?",
        "Kidney disease or dialysis?", "Trouble with anesthesia before?",
        "Sleep apnea with CPAP?", "Prior colonoscopy? (send report)", "Latex or egg allergy?"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Gastroenterology")
    while c.x["age"] < 18:
        c = b.case(specialty="Gastroenterology")
    d = b.doc("referral", c)
    tilt = r.choice([1.5, 2.5, 3.5])  # how badly the sheet sat in the machine
    asks = r.sample(ASKS, 6)
    d.page("referral", T, asks=asks, yes=r.sample(range(1, 7), r.choice([0, 1, 2])), off=lambda: round(r.uniform(-tilt, tilt), 1))
