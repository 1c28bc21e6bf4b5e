"""Spine and pain center's order: matrix of injections against side and level with one or two boxes ticked, blood thinners, imaging done."""
import world

CSS = """
.page{padding:.42in .5in} .tp{display:flex;justify-content:space-between;align-items:center;background:var(--b);color:var(--f);padding:7px
10px}
.tp b{font-size:1.5em} .tp div{font-size:.92em;line-height:1.3} .pt{display:grid;grid-template-columns:repeat(6,1fr);border:1px solid
#000;border-width:0 0 0 1px;
margin-top:.08in} .pt div{border:1px solid #000;border-width:1px 1px 0 0;padding:5px 5px;min-height:.32in;min-width:0;margin-bottom:0} .pt
b{margin-right:5px}
.pt{border-bottom-width:1px} .w2{grid-column:span 2} .w3{grid-column:span 3} .w4{grid-column:span 4} .w6{grid-column:span 6}
table{border-collapse:collapse;width:100%;margin-top:.1in} th,td{border:1px solid #000;padding:4px 5px;text-align:center;font-size:.95em}
td:first-child,
th:first-child{text-align:left} .cb{margin-right:0} .o .cb,.sx .cb{margin-right:4px} .sx .opt{margin-right:5px}
.o{margin-top:.09in;line-height:1.6} h3{margin:.1in 0 0;font-size:1.05em}
"""
FACES = ["body{font:9.8pt/1.28 'Roboto Condensed';--b:#000;--f:#fff}",
         "body{font:9.4pt/1.28 'Liberation Sans';--b:#fff;--f:#000} .tp{border:2px solid #000}",
         "body{font:9.7pt/1.26 'URW Bookman';font-size:9pt;--b:#ddd;--f:#000}",
         "body{font:10.2pt/1.28 'Liberation Sans Narrow';--b:#333;--f:#fff}"]
T = """{% macro k(lab, v='', w='w2') %}<div class={{ w }}><b>{{ lab }}</b>{{ v }}</div>{% endmacro %}
<div class=tp><b>{{ s('recipient.organization') }}</b><div style="text-align:right">{{ x.rec_addr }}, {{ x.city }}<br>P {{ s.ph(x.rec_phone)
}} &nbsp; F {{
s.ph(x.rec_fax) }}</div></div>
<h3>{{ s('referral.specialty') }} {{ pick(['Referral & Procedure Order', 'Referral Form', 'Provider Order Form']) }}</h3>
<div class=o><b>{{ pick(['Order type:', 'Refer for:']) }}</b> {{ s.boxes('referral.service', [('evaluate_and_treat', 'Evaluate & treat'),
('consult',
'Consult only'), ('procedure', 'Injection only (mark below)'), ('second_opinion', 'Second opinion'), ('transfer_of_care',
'Take over pain care'),
('diagnostic', 'Diagnostic')]) }}<br><b>{{ pick(['Priority:', 'Schedule:']) }}</b> {{ s.boxes('referral.urgency', [('routine', 'Routine'),
('urgent',
'Urgent'), ('stat', 'STAT')]) }} <b>{{ pick(['Ordered:', 'Order date:']) }}</b> {{ s('referral.date') }}</div>
<div class=pt>{{ k(pick(['Patient:', 'Pt name:', 'Patient name']), s('patient.name'), 'w3') }}{{ k(pick(['DOB:', 'Date of birth']),
s('patient.birth_date'), 'w2')
}}{{ k('Sex', s.boxes('patient.sex', [('male', 'M'), ('female', 'F')]), 'sx') }}{{ k(pick(['Address:', 'Addr']), s.addr(), 'w4') }}{{
k(pick(['Phone:', 'Cell']),
s('patient.phone')) }}{{ k(pick(['Insurance:', 'Payor:']), s('insurance.payer'), 'w3') }}{{ k(pick(['Policy #', 'Member #', 'ID #']),
s('insurance.member_id'), 'w3') }}{{ k(pick(['2nd ins.', 'Secondary:']), s('insurance.secondary.payer'), 'w3') }}{{ k('ID #',
s('insurance.secondary.member_id'),
'w3') }}{{ k(pick(['Pre-cert #', 'Auth #']), s('referral.authorization_number')) }}{{ k('Work comp? DOI:', '') }}{{ k('Group',
s('insurance.group_number')) }}</div>
<table><tr><th>{{ pick(['Procedure', 'INJECTION']) }}<th>CPT<th>Left<th>Right<th>Bilat.<th>{{ pick(['Level(s)', 'Level']) }}</tr>{% for
code, name in rows %}<tr>
<td>{{ name }}<td>{{ code }}{% for side in [1, 2, 3] %}<td>{{ s.box(code in ordered and side == sides, mark) }}{% endfor %}<td>{{ (neck if
'ervical' in name else back) if code in ordered else ''
}}</tr>{% endfor %}</table>

<div class=pt>{{ k(pick(['ICD-10:', 'Diagnosis codes']), s('referral.diagnoses'), 'w2') }}{{ k('Description', words, 'w4') }}{{
k(pick(['Reason / symptoms:',
'Clinical indication:', 'History:']), s('referral.reason'), 'w6') }}</div>
<div class=o><b>{{ pick(['Anticoagulants', 'Blood thinners']) }}</b> {% for t in ['None', 'Aspirin', 'Clopidogrel', 'Warfarin', 'Other']
%}<span class=opt>{{
s.box(loop.index == thin) }}{{ t }}</span> {% endfor %}<br><b>{{ pick(['Imaging (send report)', 'Imaging in last 12 months']) }}</b> {% for
t in ['MRI', 'CT', 'X-ray',
'EMG', 'None'] %}<span class=opt>{{ s.box(loop.index == img) }}{{ t }}</span> {% endfor %} <b>Tried:</b> {% for t in ['PT', 'NSAID',
'Opioid'] %}<span class=opt>{{
s.box(loop.index in tried) }}{{ t }}</span> {% endfor %}<br><b>Diabetic</b> <span class=opt>{{ s.box(false) }}Yes</span><span class=opt>{{
s.box(true) }}No</span> <b>Allergy:</b>
{{ x.allergy }}</div>
<div class=pt>{{ k(pick(['Referring provider', 'Ordering provider:']), s('referrer.name'), 'w3') }}{{ k('NPI', s('referrer.npi'), 'w3') }}{{
k(pick(['Practice', 'Clinic:']), s('referrer.organization'), 'w6') }}{{ k(pick(['Ph', 'Office phone']), s('referrer.phone'), 'w3') }}{{
k(pick(['Fx',
'Office fax']), s('referrer.fax'), 'w3') }}{{ k(pick(['Pain physician requested', 'Requested physician']), s('recipient.name'), 'w3') }}{{
k('PCP, if different', pcp, 'w3')
}}{{ k(pick(['Signature', 'Provider signature']), sig, 'w6') }}</div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Pain Medicine")
    while c.values["patient.sex"] == "other":
        c = b.case(specialty="Pain Medicine")
    d = b.doc("referral", c)
    rows = [(k, world.CPT_WORDS[k]) for k in world.SPECIALTIES["Pain Medicine"]["cpt"].split()]
    rows += [("62323", "Lumbar epidural, interlaminar"), ("64493", "Lumbar medial branch block"),
             ("64479", "Cervical transforaminal epidural")]
    r.shuffle(rows)
    ordered = [k for k, _ in c.procs] if d.has("referral.procedures") else []
    if ordered:
        d._reg("referral.procedures")
    p = world.person(r)
    d.page("referral", T, rows=rows, ordered=ordered, sides=r.choice([1, 2, 3]), back=r.choice(["L4-5", "L5-S1", ""]),
           neck=r.choice(["C5-6", "C4-C6", ""]),
           mark=r.choice(["sq", "sqv", "uni"]), thin=r.choice([1, 1, 2, 3]), img=r.choice([1, 2, 3, 5]), tried=r.sample([1, 2, 3], 2),
           words="; ".join(t for _, t in c.dx) if d.has("referral.diagnoses") else "", pcp=r.choice(["", "same", f"Dr. {p[0]} {p[2]}"]),
           sig=r.choice(["", "on file", f"/s/ {c.x['referrer'][0]} {c.x['referrer'][2]}"]))
