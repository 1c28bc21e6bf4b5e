"""Physician's paper form: values written on rules, small captions under them, no colons anywhere."""
CSS = """body{font:11pt 'C059'} h1{font-size:17pt;text-align:center;margin:0 0 2px;font-variant:small-caps} .sub{text-align:center;font-size:9pt;margin-bottom:.12in}
.r{display:flex;gap:.22in;margin-top:.1in} .c{flex:1} .c .l{border-bottom:1px solid #000;min-height:.24in;padding:0 4px;white-space:nowrap} .c small{font:8pt 'Nimbus Sans';display:block;padding-left:3px}
h3{font:bold 10.5pt 'Nimbus Sans';background:#ddd;margin:.16in 0 0;padding:2px 6px}"""
T = """
{% macro c(cap, v, f=1) %}<div class=c style="flex:{{ f }}"><div class=l>{{ v }}</div><small>{{ cap }}</small></div>{% endmacro %}
<h1>Specialist Referral</h1><div class=sub>Please complete all lines and return with chart notes</div>
<div class=r>{{ c('Date of referral', s('referral.date')) }}{{ c('Specialty requested', s('referral.specialty'), 2) }}{{ c(pick(['Priority','Urgency']), s('referral.urgency'), 1.3) }}</div>
<h3>1. {{ pick(['Patient','About the patient']) }}</h3>
<div class=r>{{ c(pick(['Patient name','Name of patient','Full name']), s('patient.name'), 2) }}{{ c(pick(['Date of birth','Birth date']), s('patient.birth_date')) }}{{ c('Sex', s('patient.sex'), 0.6) }}</div>
<div class=r>{{ c('Street address', s('patient.address.line'), 2) }}{{ c('City', s('patient.address.city')) }}{{ c('State', s('patient.address.state'), 0.4) }}{{ c('Zip', s('patient.address.postal_code'), 0.7) }}</div>
<div class=r>{{ c(pick(['Home telephone','Telephone','Best phone']), s('patient.phone')) }}{{ c('Preferred language', s('patient.language')) }}{{ c('Chart no.', s('patient.mrn')) }}</div>
<div class=r>{{ c('Emergency contact', x.emerg, 1.4) }}{{ c('Emergency telephone', s.ph(x.emerg_phone)) }}</div>
<h3>2. {{ pick(['Coverage','Insurance']) }}</h3>
<div class=r>{{ c(pick(['Insurance company','Health plan','Carrier']), s('insurance.payer'), 1.6) }}{{ c(pick(['Member ID','Identification no.','Policy number']), s('insurance.member_id'), 1.2) }}{{ c('Group no.', s('insurance.group_number')) }}</div>
<div class=r>{{ c('Secondary insurance', s('insurance.secondary.payer'), 1.6) }}{{ c('Secondary member ID', s('insurance.secondary.member_id'), 1.2) }}{{ c('Authorization no.', s('referral.authorization_number')) }}</div>
<h3>3. {{ pick(['Clinical','Medical information']) }}</h3>
{% for code, text in s.dx() %}<div class=r>{{ c('ICD-10', code, 0.5) }}{{ c('Diagnosis', text, 3) }}</div>{% endfor %}
<div class=r>{{ c(pick(['Reason for referral','Clinical question']), '') }}</div><div style="margin-top:-.38in;padding:0 6px;min-height:.24in">{{ '' }}</div>
<div style="padding:.02in .1in;border-bottom:1px solid #000;margin-top:.28in">{{ s('referral.reason') }}</div><small style="font:8pt 'Nimbus Sans'">&nbsp;</small>
<h3>4. {{ pick(['Referring physician','Referred by']) }}</h3>
<div class=r>{{ c(pick(['Physician name','Referring physician']), s('referrer.name'), 1.5) }}{{ c('NPI', s('referrer.npi')) }}{{ c('Office telephone', s('referrer.phone')) }}{{ c('Office fax', s('referrer.fax')) }}</div>
<div class=r>{{ c('Practice', s('referrer.organization'), 1.6) }}{{ c('Practice address', x.ref_addr, 1.6) }}</div>
<div class=r>{{ c('Signature', '', 2) }}{{ c('Date signed', s.d(x.print_date)) }}</div>
"""


def build(b):
    b.css = CSS + b.rng.choice(["", ".c .l{font-family:'Courier Prime'}", "body{font-family:'URW Bookman';font-size:10pt}"])
    d = b.doc("referral", b.case())
    d.drop("referrer.direct_address", "recipient.name", "recipient.organization", "referral.service", "referral.procedures")
    d.page("referral", T)
