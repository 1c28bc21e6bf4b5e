"""Pulmonary clinic's own referral form: grey section bars, label and blank in two columns, records to send, office use block."""
import world

CSS = """body{font:9.8pt 'Liberation Sans'} .page{padding:.45in .55in}
.top{display:flex;justify-content:space-between;align-items:flex-end} .top h1{font-size:17pt;margin:0} .top div{font-size:8.6pt;text-align:right}
.sub{text-align:center;font-weight:bold;font-size:13pt;margin:.1in 0 .02in;letter-spacing:.5px} .how{text-align:center;font-size:8.6pt;font-style:italic}
.bar{background:#cfcfcf;font-weight:bold;padding:2px 6px;margin:.11in 0 .05in;border:1px solid #888;font-size:10pt}
.g{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in;row-gap:.055in} .f{display:flex;align-items:flex-end} .f.w{grid-column:1/3}
.f b{font-weight:normal;white-space:nowrap;margin-right:5px} .f span.u{flex:1;border-bottom:1px solid #000;padding-left:3px}
.r{display:grid;grid-template-columns:repeat(3,1fr);row-gap:3px} .t{margin:.05in 0} .u2{border-bottom:1px solid #000;display:block;min-height:.19in}
.ou{border:1.5px solid #000;padding:4px 8px;font-size:8.6pt;margin-top:.12in} .ou b{margin-right:.08in} .cf{font-size:7.2pt;margin-top:.07in}"""
FORM = """{% macro f(label, value, wide=False) %}<div class="f {{ 'w' if wide }}"><b>{{ label }}:</b><span class=u>{{ value }}</span></div>{% endmacro %}
<div class=top><h1>{{ s('recipient.organization') }}</h1><div>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Appointments {{ s.ph(x.rec_phone) }} &bull; Fax {{ s.ph(x.rec_fax) }}</div></div>
<div class=sub>{{ s('referral.specialty', upper and x.spec_shown.upper() or None) }} {{ title }}</div>
<div class=how>Complete all sections and fax with records to {{ s.ph(x.rec_fax) }}. Incomplete forms will delay scheduling.</div>
<div class=bar>PATIENT INFORMATION</div><div class=g>
{{ f(pick(['Patient Name', 'Patient Name (as on insurance card)', 'Name of Patient']), s('patient.name')) }}{{ f(pick(['Date of Birth', 'DOB', 'Birthdate']), s('patient.birth_date')) }}
{{ f('Street Address', s('patient.address.line')) }}{{ f('City, State, Zip', s.csz()) }}
{{ f(pick(['Best Contact Phone', 'Cell Phone', 'Home Phone']), s('patient.phone')) }}{{ f('Alternate Phone', alt) }}
<div class=f><b>Gender:</b>{{ s.boxes('patient.sex', [('male', 'Male'), ('female', 'Female'), ('other', 'Other')]) }}</div>{{ f('Preferred Language', s('patient.language')) }}
{{ f('Emergency Contact', x.emerg) }}{{ f('Emergency Contact Phone', s.ph(x.emerg_phone)) }}</div>
<div class=bar>INSURANCE INFORMATION <span style="font-weight:normal;font-size:8.4pt">(attach copy of card, front and back)</span></div><div class=g>
{{ f('Primary Insurance', s('insurance.payer')) }}{{ f(pick(['Policy / ID #', 'Subscriber ID', 'ID Number']), s('insurance.member_id')) }}
{{ f('Group #', s('insurance.group_number')) }}{{ f('Policy Holder (if not patient)', x.emerg if x.age < 26 else '') }}
{{ f('Secondary Insurance', s('insurance.secondary.payer')) }}{{ f('Policy / ID #', s('insurance.secondary.member_id')) }}
{{ f(pick(['Authorization # (if required by plan)', 'Referral / Auth # from insurance']), s('referral.authorization_number'), True) }}</div>
<div class=bar>REFERRING PROVIDER</div><div class=g>
{{ f(pick(['Referring Physician', 'Referring Provider', 'Provider Name']), s('referrer.name', 'cred')) }}{{ f('NPI #', s('referrer.npi')) }}
{{ f('Practice', s('referrer.organization')) }}{{ f('Person completing form', x.contact) }}
{{ f('Office Phone', s('referrer.phone')) }}{{ f('Office Fax', s('referrer.fax')) }}
{{ f('Primary Care Physician (if different)', pcp) }}{{ f('Date', s('referral.date')) }}</div>
<div class=bar>REASON FOR REFERRAL</div>
<div class=t>How soon? {{ s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent (within 2 weeks)'), ('stat', 'STAT - provider must call')]) }}</div>
<div class=t>Type of visit: {{ s.boxes('referral.service', services) }}</div>
<div class=r>{% for one in common %}<div>{{ s.box(one == 'Other (describe)') }}{{ one }}</div>{% endfor %}</div>
<div class=t>{{ pick(['Describe symptoms / question to be answered:', 'Clinical details:', 'Please describe reason for consult:']) }}<span class=u2>{{ s('referral.reason') }}</span></div>
<div class=t>{{ pick(['Diagnosis with ICD-10 code:', 'ICD-10 / Diagnosis (required):']) }}{% for c, t in s.dx() %}<span class=u2>{{ c }} &nbsp;{{ t }}</span>{% else %}<span class=u2></span>{% endfor %}</div>
{% if s.has('referral.procedures') %}<div class=t>Tests to be performed before visit: {% for c, t in s.cpt() %}<u>{{ t }} ({{ c }})</u>{{ '; ' if not loop.last }}{% endfor %}</div>{% endif %}
<div class=bar>PLEASE SEND</div><div class=r>{% for one in send %}<div>{{ s.box(loop.index in sent) }}{{ one }}</div>{% endfor %}</div>
<div class=ou><b>OFFICE USE ONLY</b> Received ____/____/____ &nbsp; Chart # ______________ &nbsp; Appt ____/____/____ at ______ &nbsp; With Dr. ____________ &nbsp; Initials _____</div>
<div class=cf>CONFIDENTIAL: This transmission contains protected health information. If you received it in error call {{ s.ph(x.rec_phone) }} at once and destroy all pages.</div>"""


def build(book):
    r, c = book.case_rng, book.case(specialty="Pulmonology")
    book.css = CSS + book.rng.choice(["", "body{font-family:'Nimbus Sans'}", ".bar{background:#b5b5b5;border:0;font-family:'Liberation Serif'}"])
    doc = book.doc("referral", c)
    doc.drop("patient.mrn", "recipient.name", "referrer.direct_address")
    other = world.phone(r, c.x["area"])
    while other in c.values.values() or other in (c.x["rec_phone"], c.x["rec_fax"]):
        other = world.phone(r, c.x["area"])
    given, _, family, _ = world.person(r)
    doc.page("referral", FORM, title=book.rng.choice(["Referral Form", "New Patient Referral", "Clinic Referral"]),
             upper=book.rng.random() < .3, alt=doc.ph(other) if r.random() < .5 else "", pcp=f"{given} {family}, MD" if r.random() < .4 else "",
             sent=r.sample(range(1, 7), 3),
             services=[("consult", "Consult only"), ("evaluate_and_treat", "Evaluate and treat"), ("procedure", "Procedure"),
                       ("diagnostic", "Testing only"), ("second_opinion", "2nd opinion"), ("transfer_of_care", "Transfer of care")],
             common=["COPD / emphysema", "Asthma", "Lung nodule or mass", "Chronic cough", "Sleep apnea", "Interstitial lung disease",
                     "Pleural effusion", "Shortness of breath", "Other (describe)"],
             send=["Last office note", "Medication list", "Chest x-ray / CT reports", "PFT results", "Sleep study", "Labs (last 6 mo.)"])
