"""Kidney center's referral on one landscape sheet: three columns of patient, plan and kidney data, lab values beneath."""
CSS = """
.page.land{padding:.4in .45in} .t{display:flex;justify-content:space-between;align-items:baseline;border-bottom:3px solid #000} .t
b{font-size:1.6em}
.c3{display:grid;grid-template-columns:1fr 1fr 1fr;margin-top:.1in;border:1px solid #000} .c3>div{padding:5px 9px;border-left:1px solid
#000;min-width:0}
.c3>div:first-child{border:0} h2{font-size:1em;margin:0 0 4px;letter-spacing:1.5px;text-transform:uppercase} .f{margin-bottom:6px} .f
b{display:block;font-size:.78em;
font-weight:normal;color:var(--g)} .f .x{display:block;border-bottom:.7px solid var(--g);min-height:1.5em;overflow-wrap:anywhere}
.l{border-collapse:collapse;width:100%;
margin-top:.1in} .l td{border:1px solid #000;text-align:center;padding:2px 4px} .bt{display:grid;grid-template-columns:2fr
1fr;gap:.25in;margin-top:.09in}
"""
FACES = ["body{font:10.3pt/1.3 'Liberation Sans';--g:#444}",
         "body{font:10.8pt/1.26 'Linux Libertine O';--g:#000} h2{font-variant:small-caps;text-transform:none}",
         "body{font:10.2pt/1.28 Lato;--g:#333} h2{background:#000;color:#fff;padding:1px 5px}",
         "body{font:9.6pt/1.28 'DejaVu Sans Condensed';--g:#555}"]
T = """{% macro f(lab, v='') %}<div class=f><b>{{ lab }}</b><span class=x>{{ v }}</span></div>{% endmacro %}
<div class=t><b>{{ s('recipient.organization') }}</b><span>{{ s('referral.specialty') }} {{
pick(['- Kidney Disease and Transplant Evaluation Referral',
'Patient Referral', 'New Patient Intake Request']) }}</span><span>{{ pick(['Coordinator', 'Intake']) }} {{ s.ph(x.rec_phone) }} | Fax {{
s.ph(x.rec_fax) }}</span></div>
<div class=c3><div><h2>1 {{ pick(['Patient', 'Patient information']) }}</h2>{{ f(pick(['Legal name', 'Full name',
'Name as on insurance card']), s('patient.name')) }}{{
f(pick(['Birth date', 'Date of birth (DOB)']), s('patient.birth_date')) }}{{ f(pick(['Sex', 'Birth sex']), s.boxes('patient.sex',
[('female', 'Female'), ('male',
'Male'), ('other', 'Other')])) }}{{ f(pick(['Home address', 'Mailing address']), s('patient.address.line')) }}{{ f('City, ST, ZIP', s.csz())
}}{{ f(pick(['Best phone',
'Cell / home phone']), s('patient.phone')) }}{{ f(pick(['Preferred language', 'Speaks']), s('patient.language')) }}{{
f(pick(['Support person / phone', 'Care partner']),
x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}{{ f('SSN (last 4)', x.ssn4) }}{{ f(pick(['Referring center MRN', 'Your record no.']),
s('patient.mrn')) }}</div>
<div><h2>2 {{ pick(['Coverage', 'Insurance']) }}</h2>{{ f(pick(['Primary', 'Primary payer']), s('insurance.payer')) }}{{
f(pick(['Policy / ID', 'Member no.']),
s('insurance.member_id')) }}{{ f('Group', s('insurance.group_number')) }}{{ f('Secondary', s('insurance.secondary.payer')) }}{{
f(pick(['Policy / ID (secondary)',
'Secondary member no.']), s('insurance.secondary.member_id')) }}{{ f(pick(['Authorization', 'Auth. no. for evaluation']),
s('referral.authorization_number')) }}
<h2 style="margin-top:9px">3 {{ pick(['Referring clinician', 'Referred by']) }}</h2>{{ f('Name and credentials', s('referrer.name')) }}{{
f('NPI', s('referrer.npi')) }}{{
f(pick(['Practice', 'Practice / dialysis unit']), s('referrer.organization')) }}{{ f('Phone', s('referrer.phone')) }}{{ f('Fax',
s('referrer.fax')) }}{{
f('Direct / e-mail', s('referrer.direct_address')) }}</div>
<div><h2>4 {{ pick(['Kidney history', 'Referral']) }}</h2>{{ f(pick(['Date of referral', 'Referral date']), s('referral.date')) }}{{
f(pick(['Requested specialist',
'Nephrologist requested']), s('recipient.name')) }}{{ f(pick(['Timing', 'Urgency']), s.boxes('referral.urgency', [('routine', 'Routine'),
('urgent', 'Urgent'), ('stat',
'STAT')])) }}{{ f(pick(['Service', 'Requesting']), s('referral.service')) }}{{ f(pick(['Reason', 'Reason for referral']),
s('referral.reason')) }}
{{ f(pick(['Diagnosis (ICD-10)', 'ICD-10 and diagnosis']), dxs()) }}{{ f('Test or procedure (CPT)', cpts()) }}{{ f('On dialysis?', yn(dial))
}}{{ f('Dialysis type / start', '') }}{{ f('Prior transplant?', yn(false)) }}</div></div>
<table class=l><tr>{% for k in labs %}<td>{{ k[0] }}{% endfor %}</tr><tr>{% for k in labs %}<td>{{ k[1] }}{% endfor %}</tr></table>
<div class=bt><div>{{ pick(['Send with this form:', 'Checklist:']) }} {% for t in ['H&P', 'Labs (90 days)', 'Renal ultrasound', 'CMS-2728',
'Card copy', 'Med list'] %}<span
class=opt>{{ s.box(loop.index in sent) }}{{ t }}</span> {% endfor %}</div><div>Completed by {{ x.contact }} &nbsp; {{ s.d(x.print_date)
}}</div></div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Nephrology")
    x, d = c.x, b.doc("referral", c)
    labs = [("Drawn", d.d(x["visit"])), ("Creatinine", f"{r.uniform(1.6, 6.2):.1f}"), ("eGFR", r.randint(9, 44)),
            ("BUN", r.randint(24, 80)),
            ("K", f"{r.uniform(3.6, 5.6):.1f}"), ("Hgb", f"{r.uniform(8.4, 12.9):.1f}"), ("ACR", r.randint(30, 2400)), ("BP", x["bp"]),
            ("Wt (lb)", x["wt"]),
            ("BMI", f"{r.uniform(19, 39):.1f}")]
    box = r.choice(["sq", "sqv", "uni"])
    d.page("referral", T, land=True, labs=labs, dial=r.random() < .3, sent=r.sample(range(1, 7), 3),
           yn=lambda on: d.box(on, box) + "Yes " + d.box(not on, box) + "No", dxs=lambda: "; ".join(f"{k} {t}" for k, t in d.dx()),
           cpts=lambda: "; ".join(f"{k} {t}" for k, t in d.cpt()))
