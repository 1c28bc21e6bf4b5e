"""University department's new-patient referral: From left and To right under the same labels, then patient beside insurance."""
import datetime as dt

import world

CSS = """
.page{padding:.5in .6in} .top{display:flex;gap:.2in;align-items:center} .seal{width:.62in;height:.62in;border:2.5px solid
#000;border-radius:50%;
font:bold 15pt/.56in 'Liberation Serif';text-align:center;flex:none} .top b{font-size:1.5em} .two{display:grid;grid-template-columns:1fr
1fr;gap:.3in;
margin-top:.15in} h2{font-size:1.06em;margin:0 0 3px;padding:2px 6px;background:var(--h);color:var(--c)}
.r{display:flex;gap:6px;align-items:flex-end;
margin-top:.065in} .r i{font-style:normal;white-space:nowrap;font-size:.92em} .r span.u{border-bottom:.8px solid
#000;flex:1;min-height:1.25em;padding:0 3px}
.all{margin-top:.17in} .nb{font-size:.84em;margin-top:.1in} .ck .opt{margin-right:.2in}
"""
FACES = ["body{font:10.6pt/1.3 Lato;--h:#000;--c:#fff}", "body{font:11.2pt/1.28 'Liberation Serif';--h:#dcdcdc;--c:#000}",
         "body{font:11.4pt/1.28 'Linux Biolinum O';--h:#fff;--c:#000} h2{border-bottom:2px solid #000;padding:0}",
         "body{font:10pt/1.3 'URW Gothic';--h:#555;--c:#fff}"]
T = """{% macro r(lab, v='') %}<div class=r><i>{{ lab }}</i><span class=u>{{ v }}</span></div>{% endmacro %}
<div class=top><div class=seal>{{ seal }}</div><div><b>{{ s('recipient.organization') }}</b><br>Department of {{ s('referral.specialty')
}}<br>{{
pick(['New Patient Referral Form', 'Outpatient Consultation Request', 'Referring Physician Form']) }}</div></div>
<p class=nb>{{ pick(['Fax this form with office notes, insurance information and test results.', 'Incomplete forms delay scheduling.']) }}
We will call your patient within {{ pick(['2', '3', '5']) }} business days of receipt. {{ pick(['Referral office hours 8:00 - 4:30.', ''])
}}</p>
<div class=ck><b>{{ pick(['Timeframe:', 'Please indicate:', 'Visit needed:']) }}</b> {{ s.boxes('referral.urgency', soon) }}</div>
<div class=two><div><h2>{{ hf }}</h2>{{ r('Name', s('referrer.name')) }}{{ r('NPI', s('referrer.npi')) }}{{ r(prac,
s('referrer.organization')) }}{{ r('Address', x.ref_addr) }}{{ r('City/State/Zip', x.city ~ ', ' ~ x.state ~ ' ' ~ x.zip) }}{{ r('Phone',
s('referrer.phone')) }}{{ r('Fax', s('referrer.fax')) }}{{ r('Email', s('referrer.direct_address')) }}{{ r('Contact person', x.contact)
}}</div>
<div><h2>{{ ht }}</h2>{{ r('Name', s('recipient.name') if s.has('recipient.name') else pick(['First available', '', 'Any provider'])) }}{{
r('NPI', x.rec_npi if npi else '') }}{{ r(prac, s('recipient.organization')) }}{{ r('Address', x.rec_addr) }}{{ r('City/State/Zip', x.city ~
', '
~ x.state ~ ' ' ~ x.zip) }}{{ r('Phone', s.ph(x.rec_phone)) }}{{ r('Fax', s.ph(x.rec_fax)) }}{{ r('Email', '') }}{{ r('Contact person', '')
}}</div></div>
<div class=two><div><h2>PATIENT</h2>{{ r('Name', s('patient.name')) }}{{ r(pick(['Date of birth', 'DOB']), s('patient.birth_date')) }}{{
r(pick(['Sex', 'Gender']), s('patient.sex')) }}{{ r('Address', s('patient.address.line')) }}{{ r('City/State/Zip', s.csz()) }}{{
r(pick(['Phone', 'Daytime phone']), s('patient.phone')) }}{{ r(pick(['Your MRN', 'Outside MRN']), s('patient.mrn')) }}{{
r(pick(['Language', 'Interpreter language']), s('patient.language')) }}</div>
<div><h2>INSURANCE</h2>{{ r(pick(['Plan', 'Primary']), s('insurance.payer')) }}{{ r(pick(['ID', 'Policy ID']), s('insurance.member_id'))
}}{{ r('Group',
s('insurance.group_number')) }}{{ r('Policy holder', holder) }}{{ r('Holder DOB', s.d(hdob)) }}{{ r(pick(['Secondary', 'Second plan']),
s('insurance.secondary.payer')) }}{{ r('Secondary ID', s('insurance.secondary.member_id')) }}{{ r(pick(['Auth / referral no.',
'Prior auth no.']),
s('referral.authorization_number')) }}</div></div>
<div class=all><h2>{{ pick(['REASON FOR REFERRAL', 'CLINICAL QUESTION', 'WHAT WOULD YOU LIKE US TO ADDRESS?']) }}</h2><p style="margin:.07in
0">{{
s('referral.reason') }}</p><div class=ck>{{ s.boxes('referral.service', ask) }}</div>
{{ r(pick(['Diagnosis and ICD-10', 'ICD-10 / diagnosis']), dxs()) }}{{ r('Procedure / CPT (if any)', cpts()) }}</div>
<div class=two><div class=ck><b>{{ pick(['Enclosed', 'Records sent']) }}</b><br>{% for t in ['Office notes', 'Labs', 'Imaging report',
'Medication list'] %}<span
class=opt>{{ s.box(loop.index in sent) }}{{ t }}</span> {% endfor %}</div><div>{{ r('Signature', sig) }}{{ r('Date', s('referral.date'))
}}</div></div>"""
SOON = [[("routine", "Routine (next available)"), ("urgent", "Urgent (1-2 weeks)"), ("stat", "Emergent (call first)")],
        [("stat", "STAT"), ("urgent", "Urgent"), ("routine", "Routine")]]
ASK = [("consult", "Consult only"), ("evaluate_and_treat", "Evaluate and treat"), ("second_opinion", "Second opinion"),
       ("procedure", "Procedure"),
       ("diagnostic", "Testing"), ("transfer_of_care", "Transfer of care")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x = c.x
    c.values["recipient.organization"] = r.choice(["{} University Physicians", "{} University Hospital",
                                                   "University Faculty Practice of {}"]).format(
        r.choice([x["city"], r.choice(world.PLACES)]))
    d = b.doc("referral", c)
    own = x["age"] >= 18 and (r.random() < .7 or "edic" in c.values["insurance.payer"])
    holder = r.choice(["Self", "Same", f"{x['patient'][0]} {x['patient'][2]}"]) if own else x["emerg"]
    hf, ht = r.choice([("FROM", "TO"), ("REFERRED FROM", "REFERRED TO"), ("From (your office)", "To (our clinic)")])
    d.page("referral", T, seal=c.values["recipient.organization"][0] + "U", soon=r.choice(SOON), ask=ASK, hf=hf, ht=ht,
           prac=r.choice(["Practice", "Clinic", "Organization"]), npi=r.random() < .6, holder=holder,
           hdob=x["dob"] if own else x["dob"] - dt.timedelta(days=10200 if x["age"] < 18 else -500), sent=r.sample([1, 2, 3, 4], 2),
           dxs=lambda: "; ".join(f"{t} ({k})" for k, t in d.dx()), cpts=lambda: "; ".join(f"{k} {t}" for k, t in d.cpt()),
           sig=f"{x['referrer'][0]} {x['referrer'][2]}")
