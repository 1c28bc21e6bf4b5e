"""Children's hospital's request for a visit with one of its subspecialties: list of clinics to tick, guardian block, who may consent."""
import datetime as dt

import world

CSS = """
.page{padding:.45in .55in} .hd{text-align:center;margin-bottom:.07in} .hd b{font-size:1.55em} fieldset{border:1.6px solid
#000;border-radius:7px;margin:.08in 0 0;padding:2px 10px 6px}
legend{font-weight:bold;padding:0 6px;font-size:1.02em} .f{display:inline-block;margin:3px 16px 2px 0} .f
s{text-decoration:none;font-size:.88em;margin-right:5px}
.cl{columns:4;column-gap:.1in} .cl .opt{display:block;margin:1px 0;font-size:.94em} .f .v,.f .t{font-family:var(--v);font-size:1.04em}
"""
FACES = ["body{font:9.6pt/1.3 'URW Gothic';--v:'Liberation Serif'}", "body{font:9.8pt/1.3 Lato;--v:'Courier Prime Code'}",
       "body{font:9.8pt/1.3 'Liberation Sans';--v:'Liberation Sans'} fieldset{border-radius:0;border-width:1px}",
         "body{font:10.2pt/1.3 'URW Bookman';--v:'Nimbus Sans'} .f{margin-right:12px}"]
T = """{% macro f(lab, v='') %}<span class=f><s>{{ lab }}</s>{{ v }}</span> {% endmacro %}{% macro t(v) %}<span class=t>{{ v }}</span>{%
endmacro %}
<div class=hd><b>{{ s('recipient.organization') }}</b><br>{{ pick(['Physician Referral - Outpatient Specialty Clinics',
'REQUEST FOR SUBSPECIALTY APPOINTMENT', 'Community Provider Referral']) }}<br>
<span style="font-size:.9em">{{ pick(['Access Center', 'Central scheduling']) }} {{ s.ph(x.rec_phone) }} &bull; {{ pick(['Referral fax',
'Fax this page and records to']) }} {{ s.ph(x.rec_fax) }} &bull;
Physician line {{ s.ph(line) }}</span></div>
<fieldset><legend>{{ pick(['Clinic requested (one only)', 'Which clinic?']) }}</legend><div class=cl>{% for k, n in clinics %}<span class=opt>{{
s.box(k == spec, mark) }}{{ n }}</span>{% endfor %}</div>
{{ f(pick(['Physician, if preferred', 'Requested specialist']), s('recipient.name')) }}{{ f(pick(['How soon', 'Needs to be seen']),
s.boxes('referral.urgency', soon, mark)) }}</fieldset>
<fieldset><legend>{{ pick(['Child', "Patient (child's legal name)"]) }}</legend>{{ f(pick(['Last, first, middle', 'Legal name']),
s('patient.name', 'last')) }}{{ f(pick(['Birthdate', 'DOB']), s('patient.birth_date')) }}
{{ f('Sex at birth', s.boxes('patient.sex', [('female', 'F'), ('male', 'M')], mark)) }}{{ f(pick(['Street', 'Child lives at']),
s('patient.address.line')) }}{{ f(pick(['City/St/Zip', 'City, state, ZIP']), s.csz()) }}
{{ f(pick(['Home number', 'Phone for appointment calls']), s('patient.phone')) }}{{ f('Your chart #', s('patient.mrn')) }}{{ f('Born at', t(gest ~
' wk')) }}{{ f('Weight', t(kg ~ ' kg')) }}</fieldset>
<fieldset><legend>{{ pick(['Parent / legal guardian', 'Who brings the child?', 'Guardian']) }}</legend>{{ f('Name', t(par1)) }}{{ f('DOB',
t(s.d(pdob))) }}{{ f('Relationship', t(pick(['parent', 'parent', 'grandparent', 'foster parent']))) }}
{{ f('Cell', t(s.ph(x.emerg_phone))) }}{{ f('Other guardian', t(par2)) }}{{ f('Cell', t(s.ph(cell2) if par2 else '')) }}{{
f(pick(['Custody papers?', 'In state custody?']), s.boxes('none', [('y', 'Yes'), ('n', 'No')], mark)) }}
{{ f(pick(['Language spoken at home', 'Family speaks']), s('patient.language')) }}{{ f('Interpreter', s.boxes('none', [('y', 'Yes'), ('n', 'No')],
mark)) }}</fieldset>
<fieldset><legend>{{ pick(['Coverage', "Child's insurance"]) }}</legend>{{ f(pick(['Plan', 'Insurer']), s('insurance.payer')) }}{{
f(pick(["Child's member number", 'ID']), s('insurance.member_id')) }}{{ f('Group', s('insurance.group_number')) }}
{{ f('Policyholder', t(par1)) }}{{ f('Policyholder DOB', t(s.d(pdob))) }}{% if s.has('insurance.secondary.payer') %}{{ f(pick(['Other coverage',
'Secondary plan']), s('insurance.secondary.payer')) }}{{ f('its ID',
s('insurance.secondary.member_id')) }}{% endif %}{{ f(pick(['Referral/auth no. from plan', 'Auth number']),
s('referral.authorization_number')) }}</fieldset>
<fieldset><legend>{{ pick(['What is your question?', 'Clinical question', 'Reason for this visit']) }}</legend><div>{{
s('referral.reason') }}</div>{% for c, n in s.dx() %}{{ f(pick(['ICD-10', 'Working diagnosis']) if loop.first else '', t(c ~ ' ' ~ n)) }}{%
endfor %}
<br>{{ f(pick(['We would like you to', 'Requesting']), s.boxes('referral.service', [('consult', 'advise us'), ('evaluate_and_treat',
'evaluate and treat'), ('transfer_of_care', 'take over care'), ('second_opinion', 'second opinion'), ('diagnostic', 'test'),
('procedure', 'procedure')] if words else [('consult', 'Consult'), ('evaluate_and_treat', 'Eval + treat'), ('procedure', 'Procedure'),
('diagnostic', 'Testing'), ('second_opinion', '2nd opinion'), ('transfer_of_care', 'Transfer care')], mark)) }}
{% if s.has('referral.procedures') %}{{ f('CPT', s('referral.procedures')) }}{% endif %}{{ f('Immunizations', t(pick(['current', 'behind']))) }}{{
f('Allergies', t(x.allergy)) }}{{ f('Other problems', t(x.history[:2]|join(', '))) }}</fieldset>
<fieldset><legend>{{ pick(['Referring office', 'From']) }}</legend>{{ f(pick(['Clinician', 'Referring clinician', 'Pediatrician']),
s('referrer.name')) }}{{ f('NPI', s('referrer.npi')) }}{{ f(pick(['Practice', 'Clinic']), s('referrer.organization')) }}
{{ f(pick(['Back line', 'Tel']), s('referrer.phone')) }}{{ f(pick(['Fax for visit note', 'Fax']), s('referrer.fax')) }}{% if
s.has('referrer.direct_address') %}{{ f('Direct', s('referrer.direct_address')) }}{% endif %}
{{ f(pick(['Date', 'Completed on']), s('referral.date')) }}{{ f('Completed by', t(x.contact)) }}</fieldset>"""
CLINICS = [("Allergy and Immunology", "Allergy"), ("Cardiology", "Cardiology"), ("Dermatology", "Dermatology"), ("Endocrinology",
       "Endocrinology"), ("Gastroenterology", "GI"), ("Neurology", "Neurology"),
           ("Ophthalmology", "Eye"), ("Orthopedic Surgery", "Orthopedics"), ("Otolaryngology", "ENT"), ("Pulmonology", "Pulmonary"),
                  ("Behavioral Health", "Behavioral Health"), ("g", "Genetics"), ("n", "Nephrology"),
           ("r", "Rheumatology"), ("s", "Surgery"), ("u", "Urology")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    spec = r.choice([k for k, _ in CLINICS if len(k) > 1])
    c = b.case(specialty=spec)
    while c.x["age"] >= 18:
        c = b.case(specialty=spec)
    c.values["recipient.organization"] = r.choice(["Children's Hospital of {}", "{} Children's Medical Center",
           "St. Agnes Children's Hospital of {}"]).format(c.x["city"])
    d = b.doc("referral", c)
    d._reg("referral.specialty")
    p = world.person(r)
    d.page("referral", T, clinics=sorted(CLINICS, key=lambda k: k[1]), spec=spec, mark=r.choice(["sq", "sqv", "uni", "par"]), line=world.phone(r,
           c.x["area"]), par1=c.x["emerg"],
           par2=r.choice(["", f"{p[0]} {c.x['patient'][2]}"]), cell2=world.phone(r, c.x["area"]),
                  pdob=c.x["dob"] - dt.timedelta(days=r.randint(7500, 13000)), kg=round(c.x["wt"] / 2.2),
           gest=r.randint(27, 41), words=r.random() < .4, soon=r.choice([[("routine", "Next available"), ("urgent", "Urgent, 1 week"), ("stat",
                  "Today (call)")], [("routine", "Routine"), ("urgent", "Urgent"), ("stat", "Emergent")]]))
