"""Country family doctor's fax: one sheet typed on a typewriter, a label and its value on each line, no ruling and no boxes."""
FONTS = ["11.5pt 'Courier Prime'", "11pt 'Nimbus Mono PS'", "10.5pt 'Liberation Mono'", "11.2pt 'Courier Prime Code'"]
CSS = """
.page{padding:.7in .85in;line-height:1.32} .c{text-align:center} .v{font:inherit}
.l{display:flex} .l>span:first-child{flex:none;white-space:pre} .l>span:last-child{min-width:0;overflow-wrap:anywhere} .g{height:1.1em}
"""
SHEET = """
{% macro ln(label, value) %}<div class=l><span>{{ (label ~ lead * 30)[:width] if lead != ':' else (label ~ ':' ~ ' ' * 30)[:width] }} </span>
<span>{{ value }}</span></div>{% endmacro %}
{% macro gap() %}<div class=g></div>{% endmacro %}
<div class=c>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['TEL', 'PHONE', 'PH']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp; FAX {{ s('referrer.fax') }}{% endif %}</div>
<div class=c>{{ rule }}</div>
<div class=c>{{ pick(['R E F E R R A L', 'REFERRAL TO SPECIALIST', 'PATIENT REFERRAL', 'REFERRAL SHEET']) }}</div>{{ gap() }}
{{ ln(pick(['DATE', 'Date']), s('referral.date')) }}
{{ ln(pick(['TO', 'REFER TO', 'SENT TO']), s('recipient.organization')) }}
{% if s.has('recipient.name') %}{{ ln(pick(['ATTN', 'ATTENTION', 'DOCTOR']), s('recipient.name')) }}{% endif %}
{{ ln(pick(['THEIR FAX', 'FAX TO']), s.ph(x.rec_fax)) }}
{{ ln(pick(['FOR', 'SPECIALTY', 'DEPT']), s('referral.specialty')) }}
{% if s.has('referral.urgency') %}{{ ln(pick(['HOW SOON', 'URGENCY', 'PRIORITY']), s('referral.urgency')) }}{% endif %}{{ gap() }}
{{ ln(pick(['PATIENT', 'NAME', 'PT NAME']), s('patient.name')) }}
{{ ln(pick(['BORN', 'DOB', 'BIRTHDATE']), s('patient.birth_date')) }}
{{ ln(pick(['SEX', 'M/F']), s('patient.sex')) }}
{{ ln(pick(['ADDRESS', 'HOME ADDR', 'LIVES AT']), s('patient.address.line')) }}
{{ ln(pick(['TOWN', 'CITY/ST/ZIP']), s.csz()) }}
{% if s.has('patient.phone') %}{{ ln(pick(['PHONE', 'TELEPHONE', 'HOME PH']), s('patient.phone')) }}{% endif %}
{% if s.has('patient.language') and show_language %}{{ ln('SPEAKS', s('patient.language')) }}{% endif %}
{% if s.has('patient.mrn') %}{{ ln(pick(['OUR CHART NO', 'CHART', 'CHART #']), s('patient.mrn')) }}{% endif %}{{ gap() }}
{{ ln(pick(['INSURANCE', 'INS', 'INS CO']), s('insurance.payer')) }}
{% if s.has('insurance.member_id') %}{{ ln(pick(['ID NO', 'POLICY NO', 'ID']), s('insurance.member_id')) }}{% endif %}
{% if s.has('insurance.group_number') %}{{ ln(pick(['GROUP', 'GROUP NO', 'GRP']), s('insurance.group_number')) }}{% endif %}
{% if s.has('insurance.secondary.payer') %}{{ ln(pick(['2ND INS', 'SECONDARY', 'ALSO HAS']), s('insurance.secondary.payer')) }}
{{ ln(pick(['2ND ID NO', '2ND ID']), s('insurance.secondary.member_id')) }}{% endif %}
{% if s.has('referral.authorization_number') %}{{ ln(pick(['AUTH NO', 'APPROVAL NO', 'AUTH']),
s('referral.authorization_number')) }}{% endif %}{{ gap() }}
{{ ln(pick(['PROBLEM', 'REASON', 'COMPLAINT']), s('referral.reason')) }}
{% set dx = pick(['DIAG', 'DX', 'DIAGNOSIS']) %}
{% for c, t in s.dx() %}{{ ln(dx ~ (' ' ~ loop.index if not loop.first else ''), c ~ '  ' ~ t) }}{% endfor %}
{{ ln(pick(['WANTED', 'PLEASE DO', 'REQUEST']), s('referral.service')) }}
{% for c, t in s.cpt() %}{{ ln(pick(['PROCEDURE', 'TEST']), c ~ '  ' ~ t) }}{% endfor %}
{{ ln(pick(['MEDS', 'TAKES']), x.meds[:3]|join(', ')) }}{{ ln('ALLERGIES', x.allergy) }}
{{ ln(pick(['LAST SEEN', 'SEEN HERE']), s.d(x.visit) ~ ', BP ' ~ x.bp ~ ', WT ' ~ x.wt) }}{{ gap() }}
{{ ln(pick(['REFERRED BY', 'REF. DOCTOR', 'FROM']), s('referrer.name')) }}
{% if s.has('referrer.npi') %}{{ ln('NPI', s('referrer.npi')) }}{% endif %}
{{ ln(pick(['TYPED BY', 'CALL BACK']), x.contact) }}
<div class=c>{{ rule }}</div>
<div>{{ pick(['PLEASE CALL PATIENT WITH APPT AND FAX US THE TIME. NOTES TO FOLLOW.',
'Records will be mailed. Please send us a letter after the visit. Thanks.',
'Pt has no car, mornings are best. Please let us know the date.']) }}</div>
"""


def build(book):
    rng = book.rng
    book.css = CSS + "body{font:%s}" % rng.choice(FONTS) + rng.choice(["", "", ".page{text-transform:uppercase}"])
    doc = book.doc("referral", book.case())
    doc.drop("referrer.direct_address")
    doc.style["name"] = rng.choice(["last", "LAST", "first", "FIRST"])
    doc.page("referral", SHEET, lead=rng.choice([":", ":", "."]), width=rng.choice([14, 15]), rule=rng.choice(["-" * 60, "=" * 60, "* " * 30]),
             show_language=rng.random() < .5)
