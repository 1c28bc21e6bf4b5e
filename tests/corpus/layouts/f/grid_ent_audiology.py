"""Ear, nose, throat and audiology group's boxed grid: small capital caption at each cell's top, columns of services."""
from markupsafe import Markup

CSS = """
.page{padding:.45in .5in} .hd{display:flex;justify-content:space-between;align-items:flex-end;margin-bottom:5px} .hd b{font-size:1.5em} .hd
span{text-align:right;font-size:.9em}
table{border-collapse:collapse;width:100%;table-layout:fixed} td{border:1px solid #000;padding:4px 5px;vertical-align:top;height:.38in}
td small{display:block;font-size:.7em;
text-transform:var(--tt);letter-spacing:.3px;line-height:1.25} .z td{background:#000;color:#fff;font-weight:bold;height:auto;padding:2px
5px} td .v{font:var(--v)} td.k .opt{display:block;margin:2px 0;
white-space:normal} .sm{font-size:.8em;margin:.07in 0}
"""
FACES = ["body{font:9.8pt/1.25 'Nimbus Sans';--tt:uppercase;--v:10.4pt/1.25 'Courier Prime'}",
         "body{font:9.8pt/1.25 'Liberation Sans Narrow';font-size:10.6pt;--tt:uppercase;--v:inherit}",
         "body{font:9.6pt/1.25 'Liberation Sans';--tt:none;--v:10.2pt/1.2 'Liberation Serif'}",
         "body{font:9.4pt/1.25 Roboto;--tt:none;--v:500 10pt/1.2 Roboto}"]
T = """{% macro k(lab, v='', n=3) %}<td colspan={{ n }}><small>{{ lab }}</small>{{ v }}</td>{% endmacro %}
<div class=hd><b>{{ s('recipient.organization') }}</b><span>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }}<br>Fax completed form: {{
s.ph(x.rec_fax) }} &nbsp; Tel: {{ s.ph(x.rec_phone)
}}</span></div><div style="text-align:center;font-weight:bold;margin-bottom:4px">{{ pick(['PHYSICIAN REFERRAL FORM', 'Provider Referral to',
'REQUEST FOR SERVICES:']) }} {{ s('referral.specialty') }} /
{{ pick(['Audiology', 'Hearing & Balance', 'Voice & Swallowing']) }}</div>
<table><tr class=z><td colspan=12>{{ heads[0] }}</tr>
<tr>{{ k(L.name, s('patient.name'), 6) }}{{ k(L.dob, s('patient.birth_date')) }}{{ k('Age', x.age, 1) }}{{ k(L.sex, s.boxes('patient.sex',
[('male', 'M'), ('female', 'F')]), 2) }}</tr>
<tr>{{ k(L.addr, s('patient.address.line'), 5) }}{{ k('City', s('patient.address.city')) }}{{ k('State', s('patient.address.state'), 1) }}{{
k('Zip', s('patient.address.postal_code')) }}</tr>
<tr>{{ k(L.ph, s('patient.phone')) }}{{ k('Other phone', '') }}{{ k(L.lang, s('patient.language')) }}{{ k('Parent / legal guardian (if
minor)', x.emerg if x.age < 18 else '') }}</tr>
<tr class=z><td colspan=12>{{ heads[1] }}</tr>
<tr>{{ k(L.payer, s('insurance.payer'), 5) }}{{ k(L.mid, s('insurance.member_id'), 4) }}{{ k(L.grp, s('insurance.group_number')) }}</tr>
<tr>{{ k('Secondary insurance', s('insurance.secondary.payer'), 5) }}{{ k('Secondary ID', s('insurance.secondary.member_id'), 4) }}{{
k(L.auth, s('referral.authorization_number')) }}</tr>
<tr>{{ k('Subscriber (if not patient)', x.emerg if x.age < 18 else '', 5) }}{{ k('Subscriber DOB', '', 4) }}{{ k('Work injury? Claim no.',
pick(['', 'No', 'N/A'])) }}</tr>
<tr class=z><td colspan=12>{{ heads[2] }}</tr>
<tr>{{ k(L.date, s('referral.date')) }}{{ k(L.pri, s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent (1 wk)'),
('stat', 'Same day')]), 5) }}{{ k(L.doc,
s('recipient.name') if s.has('recipient.name') else pick(['First available', '']), 4) }}</tr>
<tr>{{ k(L.why, s('referral.reason'), 12) }}</tr>
<tr><td colspan=7><small>{{ L.dx }}</small>{% for c, t in s.dx() %}<span class=v>{{ c }}</span> {{ t }}{{ '<br>'|safe if not loop.last }}{%
endfor %}</td><td colspan=5><small>{{ L.px
}}</small>{% if s.has('referral.procedures') %}{% for c, t in s.cpt() %}<span class=v>{{ c }}</span> {{ t }}{{ '<br>'|safe if not loop.last
}}{% endfor %}{% endif %}</td></tr>
<tr><td colspan=4 class=k><small>{{ pick(['Service', 'Physician service']) }}</small>{{ s.boxes('referral.service', [('consult',
'Consultation only'), ('evaluate_and_treat', 'Evaluate and treat'), ('procedure',
'Procedure / surgery'), ('diagnostic', 'Diagnostic testing'), ('second_opinion', 'Second opinion'), ('transfer_of_care', 'Assume care')],
sep='') }}</td><td colspan=4 class=k><small>Hearing and
balance</small>{% for t in ['Comprehensive audiogram', 'Tympanometry', 'VNG / balance testing', 'Hearing aid evaluation', 'Tinnitus
evaluation', 'Newborn hearing screen'] %}<span class=opt>{{
s.box(loop.index == tick) }}{{ t }}</span>{% endfor %}</td><td colspan=4 class=k><small>Speech-language pathology</small>{% for t in ['Voice
evaluation', 'Swallow evaluation (MBS)', 'FEES', 'Language evaluation', 'Fluency'] %}<span
class=opt>{{ s.box(False) }}{{ t }}</span>{% endfor %}</td></tr>
<tr>{{ k('Blood thinner / bleeding risk', pick(['None', 'aspirin', 'No']), 4) }}{{ k('Allergies', x.allergy, 4) }}{{ k('Previous ENT
surgery', pick(['none', 'tonsils', '']), 4) }}</tr>
<tr class=z><td colspan=12>{{ heads[3] }}</tr>
<tr>{{ k(L.prov, s('referrer.name'), 5) }}{{ k('NPI', s('referrer.npi')) }}{{ k(L.prac, s('referrer.organization'), 4) }}</tr>
<tr>{{ k(L.tel, s('referrer.phone')) }}{{ k(L.fax, s('referrer.fax')) }}{{ k('Direct address', s('referrer.direct_address'), 6) }}</tr>
<tr>{{ k(pick(['Office contact', 'Form completed by']), x.contact, 5) }}{{ k("Provider's signature", sign, 7) }}</tr></table>
<p class=sm>{{ pick(['Please send demographics, insurance card, office notes, audiograms and imaging with this form.', 'Attach last office
note. CT on disc should be brought by the patient.']) }} {{ pick(['Appointments are
confirmed by fax within two business days.', '']) }}</p>"""
LABELS = {"name": ["Patient name", "Name (last, first, MI)", "Patient's full name"], "dob": ["Date of birth", "DOB"],
          "sex": ["Sex", "Gender"],
          "addr": ["Street address", "Mailing address"], "ph": ["Home / cell phone", "Daytime phone", "Phone"],
          "lang": ["Language", "Interpreter language"], "payer": ["Primary insurance", "Insurance company"],
          "mid": ["Policy number", "Member ID", "ID number"], "grp": ["Group number", "Group"],
          "auth": ["Authorization no.", "Referral / auth number"],
          "date": ["Date of referral", "Date"], "pri": ["Appointment needed", "Priority"],
          "doc": ["Preferred physician", "Doctor requested"],
          "why": ["Reason for referral / symptoms", "Chief complaint"], "dx": ["Diagnosis with ICD-10", "ICD-10 code(s)"],
          "px": ["CPT, if known", "Procedure requested (CPT)"],
          "prov": ["Referring provider", "Physician / NP / PA (print)"], "prac": ["Practice name", "Clinic"],
          "tel": ["Office phone", "Phone"], "fax": ["Office fax", "Fax"]}
HEADS = [["PATIENT", "INSURANCE", "REFERRAL", "REFERRING PROVIDER"], ["PATIENT INFORMATION", "INSURANCE", "REASON FOR VISIT",
                                                                      "REFERRED BY"],
         ["SECTION 1 - PATIENT", "SECTION 2 - INSURANCE", "SECTION 3 - REASON FOR VISIT", "SECTION 4 - REFERRED BY"]]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Otolaryngology")
    d = b.doc("referral", c)
    d.drop("patient.mrn")
    sign = Markup('<span style="font:15pt Z003">%s %s</span>') % (c.x["referrer"][0], c.x["referrer"][2])
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, tick=r.choice([0, 0, 1, 3]), sign=sign, heads=r.choice(HEADS))
