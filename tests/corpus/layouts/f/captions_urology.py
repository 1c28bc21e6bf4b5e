"""Urology associates' one-page physician form: answers on rules, italic captions under the rules, several to a row, IPSS and PSA lines."""
from markupsafe import Markup

CSS = """
.page{padding:.55in .7in} .t{display:flex;justify-content:space-between;border-bottom:var(--tb);padding-bottom:6px} .t
b{font-size:1.6em;line-height:1.1} .t span{font-size:.88em;text-align:right;line-height:1.35}
h2{font-size:1.05em;margin:.15in 0 0;text-align:var(--al);letter-spacing:var(--ls)}
.r{display:flex;column-gap:.22in;margin-top:.07in;align-items:flex-end} .c{flex:var(--g,1);display:flex;flex-direction:column}
.c>div{border-bottom:1px solid #000;min-height:.23in;display:flex;align-items:flex-end;padding:0 3px 1px;font:var(--v)}
.c>em{font-size:.76em;font-style:var(--it);padding-left:3px;line-height:1.25} .sm{font-size:.83em}
"""
FACES = ["body{font:10.2pt/1.25 'Liberation Serif';font-size:10.8pt;--it:italic;--tb:3px double #000;--al:left;--ls:0;"
         "--v:10.6pt 'Courier Prime Code'}",
         "body{font:9.8pt/1.25 'Liberation Sans';--it:normal;--tb:1px solid #000;--al:center;--ls:2px;--v:inherit}",
         "body{font:10.4pt/1.25 P052;--it:italic;--tb:2px solid #000;--al:center;--ls:1px;--v:10pt 'Liberation Sans'}",
         "body{font:9.8pt/1.25 'DejaVu Serif Condensed';--it:italic;--tb:1px solid #000;--al:left;--ls:0;--v:inherit}"]
T = """{% macro c(lab, v='', g=1) %}<div class=c style="--g:{{ g }}"><div>{{ v }}</div><em>{{ lab }}</em></div>{% endmacro %}
<div class=t><b>{{ s('recipient.organization') }}</b><span>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Appointments {{
s.ph(x.rec_phone) }}<br>Referral fax {{ s.ph(x.rec_fax) }}</span></div>
<h2>{{ s('referral.specialty') }} {{ pick(['Referral', 'New Patient Referral Form', 'Physician Referral']) }}</h2>
<div class=r>{{ c(L.date, s('referral.date')) }}{{ c(L.doc, s('recipient.name') if s.has('recipient.name') else pick(['', 'any']), 2) }}{{
c(L.off, pick(['Main office', 'North', '']), 1) }}</div>
<div class=r>{{ c(L.name, s('patient.name'), 3) }}{{ c(L.dob, s('patient.birth_date'), 1.3) }}{{ c(L.sex, s('patient.sex'), 0.8) }}</div>
<div class=r>{{ c(L.addr, s('patient.address.line'), 2.2) }}{{ c('City', s('patient.address.city'), 1.3) }}{{ c('State',
s('patient.address.state'), 0.5) }}{{ c('Zip', s('patient.address.postal_code'), 0.9) }}</div>
<div class=r>{{ c(L.ph, s('patient.phone')) }}{{ c('Work or alternate phone') }}{{ c(L.lang, s('patient.language')) }}</div>
<h2>{{ pick(['Insurance', 'Insurance (copy front and back of cards)', 'Coverage']) }}</h2>
<div class=r>{{ c(L.payer, s('insurance.payer'), 2) }}{{ c(L.mid, s('insurance.member_id'), 1.6) }}{{ c(L.grp, s('insurance.group_number'))
}}</div>
<div class=r>{{ c('Secondary insurance', s('insurance.secondary.payer'), 2) }}{{ c('Secondary ID number',
s('insurance.secondary.member_id'), 1.6) }}{{ c(L.auth, s('referral.authorization_number'), 1.2) }}</div>
<h2>{{ pick(['Reason for Visit', 'Clinical Information', 'Consultation']) }}</h2>
<div class=r>{{ c(L.why, s('referral.reason')) }}</div>
<div class=r>{{ c(L.dx, dx, 2) }}</div>{% if px %}<div class=r>{{ c(L.px, px) }}</div>{% endif %}
<div class=r>{{ c(pick(['Service requested', 'Please']), s('referral.service'), 1.2) }}{{ c(pick(['Urgency', 'How soon', 'Priority']),
s('referral.urgency')) }}{{ c(pick(['Duration of symptoms', 'Onset']), x.dur) }}</div>
<div class=r>{{ c('PSA, date', psa) }}{{ c('Creatinine', cr) }}{{ c('Urinalysis', pick(['neg', 'trace blood', 'see lab', '']), 1.2) }}{{
c('Symptom score', score) }}</div>
<div class=r>{{ c('Current medications', x.meds[:3]|join(', '), 2) }}{{ c('Drug allergies', x.allergy) }}</div>
<h2>{{ pick(['Referring Physician', 'Referred By', 'From']) }}</h2>
<div class=r>{{ c(L.prov, s('referrer.name'), 1.6) }}{{ c('NPI', s('referrer.npi')) }}{{ c(L.prac, s('referrer.organization'), 2) }}</div>
<div class=r>{{ c(L.tel, s('referrer.phone')) }}{{ c(L.fax, s('referrer.fax')) }}{{ c('Secure e-mail (Direct)',
s('referrer.direct_address'), 1.9) }}</div>
<div class=r>{{ c(pick(['Signature of referring physician', 'Provider signature']), sign, 2) }}{{ c(pick(['Person completing form', 'Office
contact']), x.contact) }}</div>
<p class=sm>{{ pick(['Please include: last office note, urinalysis and culture, PSA history, imaging reports.', 'Bring imaging on disc.
Patients on blood thinners: do not stop before the visit.']) }} {{ pick(['Appointment given: _______________ at
______ with Dr. _______________', '']) }}</p>"""
LABELS = {"date": ["Date", "Date of referral", "Today's date"], "doc": ["Urologist requested", "Refer to physician"],
          "off": ["Preferred office", "Location"], "name": ["Patient's name", "Name of patient", "Patient (last, first)"],
          "dob": ["Date of birth", "Birthdate"], "sex": ["Sex", "Gender"], "addr": ["Street address", "Home address"],
          "ph": ["Phone", "Home or cell phone"], "lang": ["Language", "Preferred language"],
          "payer": ["Name of insurance", "Primary insurance", "Insurance company"], "mid": ["ID number", "Policy number", "Member number"],
          "grp": ["Group", "Group number"], "auth": ["Authorization number", "HMO referral number"],
          "why": ["Reason for referral", "Problem / question to be answered"], "dx": ["Diagnosis and ICD-10 code", "Diagnosis"],
          "px": ["Procedure or test requested", "CPT"], "prov": ["Referring physician", "Print name", "Physician or provider"],
          "prac": ["Practice", "Clinic or group"], "tel": ["Telephone", "Office phone"], "fax": ["Fax", "Fax number"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Urology")
    d, x = b.doc("referral", c), c.x
    d.drop("patient.mrn")
    codes = "; ".join(f"{words} {code}" for code, words in d.dx())
    px = "; ".join(f"{words} {code}" for code, words in d.cpt())
    sign = Markup('<span style="font:16pt Z003">%s %s</span>') % (x["referrer"][0], x["referrer"][2])
    psa = f"{r.uniform(.4, 11):.1f}  {d.d(x['visit'])}" if c.values["patient.sex"] == "male" else "n/a"
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, dx=codes, px=px, sign=sign, psa=psa,
           cr=f"{r.uniform(.6, 1.6):.2f}", score=r.choice(["", "8", "14", "22"]))
