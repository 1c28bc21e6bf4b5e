"""Screen print of an old practice system: capitals only, labels shortened to PT NM, PH, FX, RSN, two fields a line, function keys at the foot."""
import world

CSS = """
.page{padding:.5in .55in;text-transform:uppercase} .ln{display:grid;grid-template-columns:1fr 1fr;column-gap:.25in}
.c{display:grid;grid-template-columns:var(--w) 1fr;line-height:1.42}
.c span{overflow-wrap:anywhere;min-width:0} .w{grid-column:span 2} .hr{white-space:nowrap;overflow:hidden}
.t{display:flex;justify-content:space-between}
"""
FACES = ["body{font:10pt 'Liberation Mono';--w:1in}", "body{font:9.4pt 'DejaVu Sans Mono';--w:1in}",
       "body{font:bold 10.2pt 'Nimbus Mono PS';--w:1.02in}", "body{font:9.6pt 'Noto Sans Mono';--w:1in}"]
T = """{% macro c(lab, v='', cls='') %}<div class="c {{ cls }}"><span>{{ lab }}{{ colon }}</span><span>{{ v }}</span></div>{% endmacro %}{% macro
bar(t) %}<div class=hr>{{ rule * 2 }} {{ t }} {{ rule * fill }}</div>{% endmacro %}
<div class=t><span>{{ s('referrer.organization', 'upper') }}</span><span>{{ pick(['REF01', 'RFRL-P', 'SCRN 14']) }}</span><span>{{
s.d(x.print_date, '%m/%d/%Y') }} {{ pick(['08:15', '16:22', '11:40']) }}</span></div>
{{ bar(pick(['REFERRAL OUT', 'REFERRAL/CONSULT RQST', 'OUTSIDE REFERRAL'])) }}
{% for p in parts %}{% if p == 'pt' %}{{ bar(pick(['PT INFO', 'PATIENT'])) }}<div class=ln>{{ c(pick(['PT NM', 'PT NAME', 'PT']),
s('patient.name', 'LAST')) }}{{ c(pick(['ACCT', 'CHT #', 'PT #']), s('patient.mrn')) }}{{ c('DOB', s('patient.birth_date')) }}{{ c(pick(['SX',
'SEX', 'GNDR']),
s('patient.sex', 'letter')) }}{{ c(pick(['ADDR', 'ADR', 'ST ADDR']), s('patient.address.line', 'upper')) }}{{ c(pick(['CTY/ST/ZP', 'C/S/Z']),
s.csz('{c} {s} {z}')) }}{{ c(pick(['HM PH', 'PT PH', 'PH']), s('patient.phone')) }}{{ c('WK PH', wk) }}{{ c(pick(['LANG', 'LNG']),
s('patient.language')) }}{{ c('SS', 'XXX-XX-' ~ x.ssn4) }}{{ c('EMER CNT', x.emerg) }}{{ c('EMER PH', s.ph(x.emerg_phone)) }}</div>
{% elif p == 'ins' %}{{ bar(pick(['INS', 'INSURANCE'])) }}<div class=ln>{{ c(pick(['INS 1', 'PRI INS', 'INS CO']), s('insurance.payer')) }}{{
c(pick(['POL #', 'ID #', 'SUB ID']), s('insurance.member_id')) }}{{ c(pick(['GRP #', 'GRP']), s('insurance.group_number')) }}{{ c('SUBSCR',
sub) }}{{ c(pick(['INS 2', 'SEC INS']), s('insurance.secondary.payer')) }}{{ c(pick(['POL # 2', 'ID # 2']),
s('insurance.secondary.member_id')) }}{{ c(pick(['AUTH #', 'AUTH', 'PRECERT']), s('referral.authorization_number')) }}{{ c('INS PH',
s.ph(insph)) }}</div>
{% elif p == 'ref' %}{{ bar(pick(['RFRL', 'REQUEST'])) }}<div class=ln>{{ c(pick(['REF DT', 'RFRL DT', 'DT']), s('referral.date')) }}{{
c(pick(['PRTY', 'URG', 'PRI']), s('referral.urgency')) }}{{ c(pick(['SPEC', 'SPCLTY', 'DEPT']), s('referral.specialty')) }}{{ c(pick(['SVC',
'RQST', 'TYPE']),
s('referral.service')) }}{{ c(pick(['REF TO', 'CONS DR', 'TO DR']), s('recipient.name')) }}{{ c(pick(['FAC', 'TO FAC', 'LOC']),
s('recipient.organization')) }}{{ c(pick(['TO PH', 'FAC PH']), s.ph(x.rec_phone)) }}{{ c(pick(['TO FX', 'FAC FX']), s.ph(x.rec_fax)) }}</div>
<div class=ln>{{ c(pick(['RSN', 'RSN REF', 'CC']), s('referral.reason'), 'w') }}{% for k, t in s.dx() %}{{ c('DX ' ~ loop.index if num else ('DX'
if loop.first else ''), k ~ ' ' ~ t, 'w') }}{% endfor %}{% for k, t in s.cpt() %}{{ c('PROC ' ~ loop.index if num else ('CPT' if
loop.first else ''), k ~ ' ' ~ t, 'w') }}{% endfor %}{{ c('PMH', x.history|join(', '), 'w') }}{{ c('ALG', x.allergy, 'w') }}</div>
{% else %}{{ bar(pick(['REF BY', 'RFRNG PROV'])) }}<div class=ln>{{ c(pick(['REF DR', 'RFRNG', 'PROV']), s('referrer.name')) }}{{ c(pick(['NPI',
'NPI #']), s('referrer.npi')) }}{{ c(pick(['OFC PH', 'PH', 'TEL']), s('referrer.phone')) }}{{ c(pick(['OFC FX', 'FX', 'FAX']),
s('referrer.fax')) }}
{{ c('TIN', tin) }}{{ c('COORD', x.contact) }}</div>{% endif %}{% endfor %}
{{ bar('') }}<div class=t><span>F1=HLP F3=EXIT F7=BK F8=FWD</span><span>OPR {{ x.contact[:3] }}{{ x.age }}</span><span>PG 1/1</span></div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    d.style["date"], d.style["phone"] = r.choice(["%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"]), r.choice(["{a}-{x}-{n}", "{a}{x}{n}", "({a}){x}-{n}",
           "{a}/{x}-{n}"])
    parts = r.choice([["pt", "ins", "ref", "by"], ["ref", "by", "pt", "ins"], ["pt", "ref", "by", "ins"]])
    d.page("referral", T, parts=parts, colon=r.choice([":", "", " .", ":"]), rule=r.choice(["-", "=", "*"]), fill=90, num=r.random() < .5,
           wk=r.choice(["", d.ph(world.phone(r, c.x["area"]))]), sub=x_sub(c, r),
           insph=world.phone(r, "800"), tin=f"{r.randint(10, 98)}-{world.digits(r, 7)}")


def x_sub(case, rng):
    """who holds the policy"""
    return case.x["emerg"] if case.x["age"] < 18 else rng.choice(["SELF", "SELF", case.x["emerg"]])
