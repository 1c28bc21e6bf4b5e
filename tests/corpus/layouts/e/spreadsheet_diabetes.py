"""Endocrine and diabetes education referral kept as a spreadsheet: shaded label cells, section bands, lists of services."""
from markupsafe import Markup

CSS = """
.page{padding:.45in .5in} table{border-collapse:collapse;width:100%;table-layout:fixed} td{border:1px solid
#000;padding:var(--p);vertical-align:middle;line-height:1.25;overflow-wrap:anywhere}

td.b{background:var(--l)} tr.s td{background:var(--s);color:var(--t);font-weight:bold;text-align:var(--a)}
.ti{font-size:1.4em;font-weight:bold;text-align:center;padding:7px} .ck .opt{display:inline-block;min-width:2in}
"""
FACES = ["body{font:10pt 'Liberation Sans';--l:#e6e6e6;--s:#444;--t:#fff;--a:left;--p:4.5px 5px}",
         "body{font:10.2pt 'Roboto Condensed';--l:#fff;--s:#bbb;--t:#000;--a:center;--p:5px} td.b{font-weight:bold}",
         "body{font:9.8pt 'Nimbus Sans Narrow';font-size:11pt;--l:#eee;--s:#fff;--t:#000;--a:left;--p:4px 6px}",
         "body{font:10.6pt 'Liberation Serif';--l:#ddd;--s:#999;--t:#000;--a:left;--p:4px 5px}"]
T = """{% macro k(lab, v='', n=1) %}<td class=b>{{ lab }}</td><td colspan={{ n }}>{{ v }}</td>{% endmacro %}
<table><colgroup><col style="width:19%"><col style="width:32%"><col style="width:18%"><col style="width:31%"></colgroup><tr><td colspan=4
class=ti>{{ s('recipient.organization') }}<br><span style="font-size:.66em">{{
s('referral.specialty') }} &mdash; {{ pick(['Diabetes Education (DSMES) and Medical Nutrition Therapy Referral', 'Provider Referral Form',
'Referral / Order for Services']) }}</span></td></tr>
<tr>{{ k('Fax form to', s.ph(x.rec_fax)) }}{{ k('Questions', s.ph(x.rec_phone)) }}</tr>
{% for part in order %}{% if part == 'p' %}<tr class=s><td colspan=4>{{ pick(['PATIENT', 'Patient Information', 'A. Participant'])
}}</td></tr>
<tr>{{ k(pick(['Patient name', 'Name', 'Last, First']) if s.style.name in ('last', 'LAST') else pick(['Patient name', 'Name']),
s('patient.name')) }}{{ k(pick(['DOB', 'Date of birth']), s('patient.birth_date')) }}</tr>
<tr>{{ k(pick(['Address', 'Street']), s('patient.address.line')) }}{{ k(pick(['City, State Zip', 'City/State/ZIP']), s.csz()) }}</tr><tr>{{
k(pick(['Phone', 'Mobile #', 'Home/cell']), s('patient.phone')) }}{{ k(pick(['Gender',
'Sex']), s('patient.sex')) }}</tr><tr>{{ k(pick(['Language', 'Primary language']), s('patient.language')) }}{{ k(pick(['MRN', 'Chart ID']),
s('patient.mrn')) }}</tr><tr>{{ k('Emergency contact', x.emerg) }}{{ k('Contact #',
s.ph(x.emerg_phone)) }}</tr>
{% elif part == 'i' %}<tr class=s><td colspan=4>{{ pick(['INSURANCE', 'Insurance (attach copy of card)', 'B. Payer']) }}</td></tr><tr>{{
k(pick(['Primary', 'Insurance 1']), s('insurance.payer')) }}{{ k(pick(['Member ID', 'ID number', 'Policy ID']),
s('insurance.member_id')) }}</tr><tr>{{ k(pick(['Group', 'Group ID']), s('insurance.group_number')) }}{{ k(pick(['Authorization',
'Auth # (if req.)']), s('referral.authorization_number')) }}</tr><tr>{{ k(pick(['Secondary', 'Insurance 2']),
s('insurance.secondary.payer')) }}{{ k(pick(['Member ID', 'ID number']), s('insurance.secondary.member_id')) }}</tr>
{% elif part == 'r' %}<tr class=s><td colspan=4>{{ pick(['REFERRAL', 'Order', 'C. Services ordered']) }}</td></tr><tr>{{
k(pick(['Order date', 'Referral date', 'Date']), s('referral.date')) }}{{ k(pick(['Priority', 'Appointment']),
s('referral.urgency')) }}</tr><tr>{{ k(pick(['Requested provider', 'Endocrinologist']), s('recipient.name')) }}{{ k(pick(['Visit type',
'Referral type']), s('referral.service')) }}</tr><tr>{{ k(pick(['Dx (ICD-10)', 'ICD-10 codes',
'Diagnosis code(s)']), s('referral.diagnoses')) }}{{ k('CPT/HCPCS', s('referral.procedures')) }}</tr><tr>{{ k(pick(['Reason for referral',
'Clinical concern', 'Reason/comments']), s('referral.reason'), 3) }}</tr>
<tr>{{ k('Education needed', boxes(edu), 3) }}</tr><tr>{{ k('Barriers', boxes(bar), 3) }}</tr>
{% elif part == 'l' %}<tr class=s><td colspan=4>{{ pick(['CLINICAL DATA', 'Labs and vitals', 'D. Recent results']) }}</td></tr><tr>{{
k('A1c / date', a1c ~ '%  ' ~ s.d(x.visit)) }}{{ k('BP', x.bp) }}</tr><tr>{{ k('Weight / BMI', x.wt ~ ' lb') }}{{
k('LDL / eGFR', pick(['94 / 71', '121 / 88', '66 / 54', ''])) }}</tr><tr>{{ k('Medications', x.meds|join('; '), 3) }}</tr><tr>{{
k('Other conditions', x.history|join(', ')) }}{{ k('Allergies', x.allergy) }}</tr>
{% else %}<tr class=s><td colspan=4>{{ pick(['REFERRING PROVIDER', 'Provider', 'E. Ordered by']) }}</td></tr><tr>{{ k(pick(['Provider',
'Name', 'Ordering provider']), s('referrer.name')) }}{{ k('NPI', s('referrer.npi')) }}</tr><tr>{{
k(pick(['Clinic', 'Practice']), s('referrer.organization')) }}{{ k('Address', x.ref_addr ~ ', ' ~ x.city) }}</tr><tr>{{ k(pick(['Phone',
'Office ph']), s('referrer.phone')) }}{{ k(pick(['Fax', 'Office fax']), s('referrer.fax')) }}</tr><tr>{{ k(pick(['Direct/email',
'E-mail']), s('referrer.direct_address'), 3) }}</tr><tr>{{ k('Signature', sig, 3) }}</tr>{% endif %}{% endfor %}</table>
<p style="font-size:.82em">{{ pick(['I certify that I am managing this condition and that the training ordered is needed.',
'Medicare covers 10 hours of initial training in 12 months.', 'Please allow 5 business days.']) }}</p>"""
EDUCATION = ["Initial training (10 hrs)", "Follow-up (2 hrs)", "Nutrition therapy (MNT)", "Insulin start", "CGM / pump training"]
BARRIERS = ["None", "Vision", "Hearing", "Literacy", "Language", "Transport"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Endocrinology")
    d = b.doc("referral", c)
    sugar = any(k.startswith(("E10", "E11")) for k, _ in c.dx)
    order = r.choice([["p", "i", "r", "l", "o"], ["o", "p", "i", "r", "l"], ["r", "p", "i", "o", "l"], ["p", "o", "i", "l", "r"]])
    ticked = set(r.sample(EDUCATION, 2) if sugar else []) | {r.choice(BARRIERS[:1] * 4 + BARRIERS[1:])}
    d.page("referral", T, order=order, edu=EDUCATION, bar=BARRIERS, a1c=f"{r.uniform(5.2, 10.8):.1f}",
           boxes=lambda names: Markup(" ").join(Markup('<span class="opt">%s%s</span>') % (d.box(n in ticked), n) for n in names),
           sig=r.choice(["", "on file", f"e-signed {c.x['referrer'][0]} {c.x['referrer'][2]}"]))
