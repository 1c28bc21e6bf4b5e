"""Oral surgeon's referral slip filled in by a dentist: 'Introducing', tooth chart with ringed teeth, radiographs, D codes."""
CSS = """
.page{padding:.55in .7in} .top{text-align:center;border:3px double #000;padding:8px} .top b{font-size:17pt}
.ln{display:flex;gap:8px;margin-top:.09in;
align-items:flex-end} .ln i{font-style:normal;white-space:nowrap} .ln span.l{flex:1;border-bottom:1px solid
#000;min-height:.2in;padding-left:4px;min-width:0}
.ch{margin:.12in auto;border-collapse:collapse} .ch td{width:.38in;text-align:center;padding:4px 0;font-size:10pt} .ch .m{border-right:1.5px
solid #000}
.ch .up td{border-bottom:1.5px solid #000} .tt{border:2px solid #000;border-radius:50%;padding:1px 4px} .sm{font-size:8.6pt}
h4{margin:.13in 0 .02in;text-align:center;font-size:1.05em;letter-spacing:2px}
"""
FACES = ["body{font:10pt 'URW Bookman'} .hw{font:15pt Z003}", "body{font:11pt 'Linux Biolinum O'} .hw{font:11pt 'Courier Prime Code'}",
       "body{font:10.4pt C059} .hw{font:10.6pt 'Nimbus Sans'}",
         "body{font:10.6pt Lato} .hw{font:bold 10.6pt 'Nimbus Mono PS'}"]
T = """{% macro l(lab, v='', grow=1) %}<i>{{ lab }}</i><span class="l hw" style="flex:{{ grow }}">{{ v }}</span>{% endmacro %}
<div class=top><b>{{ s('recipient.organization') }}</b><br>{{ pick(['Practice limited to', 'Specialists in']) }} {{ s('referral.specialty') }}<br>
<span class=sm>{% if s.has('recipient.name') %}{{ s('recipient.name', '') }} &bull; {% endif %}{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{
x.zip }}<br>
{{ pick(['Tel', 'Office', 'P']) }} {{ s.ph(x.rec_phone) }} &bull; {{ pick(['Fax', 'F']) }} {{ s.ph(x.rec_fax) }}</span></div>
<div class=ln>{{ l(pick(['Introducing', 'This will introduce', 'Introducing our patient:']), s('patient.name'), 2) }}{{ l(pick(['Date',
"Today's date"]), s('referral.date')) }}</div>
<div class=ln>{{ l(pick(['DOB', 'Birthdate', 'Date of Birth']), s('patient.birth_date')) }}<i>{{ s.boxes('patient.sex', [('male', 'M'), ('female',
'F')]) }}</i>{{ l(pick(['Cell', 'Best phone', 'Patient ph.']), s('patient.phone')) }}</div>
<div class=ln>{{ l(pick(['Address', 'Home address']), s.addr()) }}</div>
<div class=ln>{{ l(pick(['Parent / guardian (if minor)', 'Responsible party']), par) }}{{ l('Phone', parph, 0.6) }}</div>
<h4>{{ pick(['PLEASE EVALUATE FOR', 'REASON FOR VISIT', 'TREATMENT REQUESTED']) }}</h4>
<div class=ln style="flex-wrap:wrap"><span>{% for k, t in kinds %}<span class=opt>{{ s.box(k in ticks) }}{{ t }}</span> {% endfor %}</span></div>
<table class=ch><tr class=up>{% for t in range(1, 17) %}<td class="{{ 'm' if t == 8 }}">{% if t in teeth %}<span class=tt>{{ t }}</span>{%
else %}{{ t }}{% endif %}</td>{% endfor %}</tr>
<tr>{% for t in range(32, 16, -1) %}<td class="{{ 'm' if t == 25 }}">{% if t in teeth %}<span class=tt>{{ t }}</span>{% else %}{{ t }}{%
endif %}</td>{% endfor %}</tr></table>
<div class=sm style="text-align:center">RIGHT &nbsp; (circle teeth to be treated) &nbsp; LEFT &emsp; Primary: A B C D E F G H I J / T S R Q P O N
M L K</div>
<div class=ln>{{ l(pick(['Remarks', 'Comments / history', 'Concerns']), s('referral.reason')) }}</div>
{% if s.has('referral.procedures') %}<div class=ln>{{ l(pick(['ADA code(s)', 'CDT', 'Procedure (CDT)']), s('referral.procedures')) }}</div>{%
endif %}
{% if s.has('referral.diagnoses') %}<div class=ln>{{ l(pick(['Medical dx (ICD-10), for medical billing', 'ICD-10']),
s('referral.diagnoses')) }}</div>{% endif %}
<div class=ln><i>{{ pick(['Is this referral urgent?', 'Does the patient have pain that cannot wait?']) }}</i> <span>{{ s.boxes('referral.urgency',
[('urgent', 'YES'), ('routine', 'NO')]) }}</span></div>
<div class=ln><i>{{ pick(['Radiographs:', 'X-rays:']) }}</i><span>{% for t in ['Panorex', 'PA', 'FMX', 'CBCT'] %}<span class=opt>{{
s.box(pick([true, false, false])) }}{{ t }}</span> {% endfor %}
<span class=opt>{{ s.box(true) }}{{ pick(['e-mailed', 'with patient', 'please take']) }}</span></span></div>
<div class=ln><i>{{ pick(['Premed required?', 'Blood thinner?']) }}</i> <span>{{ s.boxes('none', [('y', 'Y'), ('n', 'N')]) }}</span>{{
l('Allergies', x.allergy) }}</div>
<div class=ln>{{ l(pick(['Insurance', 'Dental/medical plan', 'Insurance co.']), s('insurance.payer'), 1.4) }}{{ l(pick(['ID', 'Subscriber #',
'ID/SS#']), s('insurance.member_id')) }}{{ l('Grp', s('insurance.group_number'), 0.7) }}</div>
<h4>{{ pick(['REFERRED BY', 'REFERRING DENTIST']) }}</h4>
<div class=ln>{{ l(pick(['Dr.', 'Doctor']), s('referrer.name')) }}{{ l(pick(['Office', 'Practice']), s('referrer.organization')) }}</div>
<div class=ln>{{ l(pick(['Phone', 'Office ph.']), s('referrer.phone')) }}{% if s.has('referrer.fax') %}{{ l('Fax', s('referrer.fax')) }}{%
endif %}{{ l('NPI', s('referrer.npi')) }}</div>
<p class=sm style="text-align:center">{{ pick(['Appointment: _____________ at ______ a.m./p.m. Kindly give 48 hours notice if you cannot keep it.',
'Minors must come with a parent. Nothing to eat or drink for 8 hours before sedation.']) }}</p>"""
KINDS = [("x", "Extraction"), ("w", "Wisdom teeth"), ("i", "Implant"), ("b", "Biopsy / pathology"), ("j", "TMJ"), ("e", "Expose & bond"), ("c",
       "3-D scan")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Oral and Maxillofacial Surgery")
    x, v = c.x, c.values
    x["cred"], x["rcred"] = r.choice(["DDS", "DMD"]), r.choice(["DDS", "DMD", "MD"])
    v["referrer.organization"] = r.choice(["{} Family Dentistry", "{} Dental Care", "{} Dental Group, PC"]).format(x["place"])
    if "referral.urgency" in v:
        v["referral.urgency"] = r.choice(["urgent", "routine", "routine"])
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.language", "referrer.direct_address", "insurance.secondary.payer", "insurance.secondary.member_id",
           "referral.authorization_number", "referral.service")
    teeth = {"D7230": [1, 16, 17, 32], "D7250": [3, 14, 19, 30, 5, 12], "D7286": [], "D7880": [], "D0367": [18, 31]}
    ask = {"D7230": "w", "D7250": "x", "D7286": "b", "D7880": "j", "D0367": "c"}
    codes = v.get("referral.procedures", [])
    ringed = [t for k in codes for t in r.sample(teeth[k], min(2, len(teeth[k])))] or r.sample(range(2, 32), 1)
    brought = x["age"] < 18 or r.random() < .3
    d.page("referral", T, kinds=KINDS, ticks=[ask[k] for k in codes], teeth=ringed, par=x["emerg"] if brought else "",
           parph=d.ph(x["emerg_phone"]) if brought else "")
