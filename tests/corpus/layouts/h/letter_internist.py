"""An internist's letter of referral on letterhead: prose, and a small table with the patient's data under it."""
import world

CSS = """body{font:11.4pt 'Linux Libertine O';line-height:1.32} .page{padding:.7in .95in} .lh{text-align:center;border-bottom:1px solid #000;padding-bottom:.08in;margin-bottom:.2in}
.lh b{font-size:17pt;font-variant:small-caps;letter-spacing:1px} .lh div{font-size:9.6pt} p{margin:.11in 0} .to{margin:.17in 0;line-height:1.2} .re{font-weight:bold;margin-left:.4in}
table{border-collapse:collapse;margin:.15in 0 0;font-size:10pt;width:100%} td{border:1px solid #666;padding:2px 8px} td:nth-child(odd){width:1.2in} .sig{font:23pt 'Z003';line-height:1.15} .end{font-size:8.8pt;margin-top:.13in;line-height:1.2}"""
LETTER = """<div class=lh><b>{{ s('referrer.organization') }}</b><div>{{ doctors }}</div>
<div>{{ x.ref_addr }} &middot; {{ x.city }}, {{ x.state }} {{ x.zip }} &middot; Telephone {{ s('referrer.phone') }} {% if s.has('referrer.fax') %}&middot; Facsimile {{ s('referrer.fax') }}{% endif %}</div></div>
<div>{{ s('referral.date', dateform) }}</div>
<div class=to>{% if s.has('recipient.name') %}{{ s('recipient.name', 'last') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<p class=re>{{ re }} {{ s('patient.name', 'first') }}{{ comma }} {{ born }} {{ s('patient.birth_date') }}</p>
<p>Dear {{ 'Dr. ' ~ x.recipient[2] if s.has('recipient.name') else 'Colleague' }}:</p>
<p>{{ opening }} {{ x.title }} {{ x.patient[2] }}, {{ x.age }} years old, {{ known }} {{ s('referral.specialty') }} {{ visit }} {% if x.visit_by %}My partner {{ x.visit_by }} saw the patient first on {{ s.d(x.visit, '%B %-d') }}.{% endif %}</p>
<p>{{ question }} {{ s('referral.reason') }}</p>
{% if s.has('referral.diagnoses') %}<p>{{ working }} {% for c, t in s.dx() %}{{ t[0]|lower }}{{ t[1:] }} ({{ c }}){{ ', and ' if loop.revindex0 == 1 else ', ' if not loop.last }}{% endfor %}.
{% if s.has('referral.procedures') %}If you agree, please arrange {% for c, t in s.cpt() %}{{ t }} (CPT {{ c }}){{ ' and ' if not loop.last }}{% endfor %}.{% endif %}</p>{% endif %}
<p>Present medicines are {{ x.meds[0] }}, {{ x.meds[1] }} and {{ x.meds[2] }}. Allergies: {{ x.allergy }}. When last examined the pressure was {{ x.bp }}, the pulse {{ x.hr }} and oxygen saturation {{ x.spo2 }}% on room air. {{ family }}</p>
<p>{{ thanks }} {% if s.has('referrer.fax') %}A copy of your note by fax would help us.{% endif %}</p>
<div>{{ close }},</div><div class=sig>{{ x.referrer[0] }} {{ x.referrer[2] }}</div><div>{{ s('referrer.name', 'cred') }}{% if s.has('referrer.npi') %} &nbsp;(NPI {{ s('referrer.npi') }}){% endif %}</div>
<table><tr><td>{{ sexword }}<td>{{ s('patient.sex', 'word') }}<td>Telephone<td>{{ s('patient.phone') }}</tr>
<tr><td>Lives at<td colspan=3>{{ s.addr() }}</tr>
<tr><td>{{ planword }}<td>{{ s('insurance.payer') }}<td>{{ idword }}<td>{{ s('insurance.member_id') }}</tr>
<tr><td>{{ urgword }}<td>{{ s('referral.urgency') }}<td>Our chart<td>{{ s('patient.mrn') }}</tr>
{% if s.has('patient.language') or s.has('referral.authorization_number') %}<tr><td>Speaks<td>{{ s('patient.language') }}<td>Plan approval<td>{{ s('referral.authorization_number') }}</tr>{% endif %}</table>
<div class=end>{{ refs }}: {{ x.contact[0] }}{{ x.contact[1]|lower }} &nbsp; Enc.: office notes, laboratory &nbsp; cc: {{ cc }}, {{ s.ph(ccphone) }}; patient's chart</div>"""


def build(book):
    r, form, c = book.case_rng, book.rng, book.case()
    book.css = CSS + form.choice(["", "body{font:10.7pt 'P052';line-height:1.28}", "body{font:11pt 'Liberation Serif'} .lh{text-align:left}"])
    x, pick = c.x, form.choice
    if not x["title"]:
        x["title"] = x["patient"][0]
    other = world.person(r)
    x["visit_by"] = f"Dr. {other[2]}" if r.random() < .35 else ""
    third, phone = world.person(r), world.phone(r, x["area"])
    while phone in c.values.values():
        phone = world.phone(r, x["area"])
    doc = book.doc("referral", c)
    doc.drop("referrer.direct_address", "insurance.group_number", "referral.service", "insurance.secondary.payer", "insurance.secondary.member_id")
    if "referral.diagnoses" not in c.values:
        doc.drop("referral.procedures")
    while len(c.dx) > 2:
        c.dx.pop()
        c.values.get("referral.diagnoses", [0]).pop()
    doc.page("referral", LETTER, dateform=pick(["%B %-d, %Y", "%B %-d, %Y", "%b %-d, %Y"]), re=pick(["RE:", "Re:", "In re:"]), comma=pick([",", ";", ""]),
             born=pick(["born", "DOB", "date of birth"]), opening=pick(["Thank you for seeing", "I am writing to refer", "I would be grateful if you would see"]),
             known=pick(["whom I have followed for several years, in", "a longstanding patient of this practice, in"]), visit=pick(["consultation.", "clinic."]),
             doctors=f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']} \u00b7 {other[0]} {other[2]}, MD \u00b7 Internal Medicine",
             question=pick(["In brief:", "The history is this.", "The problem:", "My question concerns the following."]),
             working=pick(["My working diagnosis is", "I have coded this as", "Diagnoses so far are"]), family=pick(["There is no relevant family history.", "Tobacco: none. Alcohol: rarely.", ""]),
             thanks=pick(["Thank you for your kind attention to this patient.", "I appreciate your help and look forward to your opinion.", "Please call me if you need anything further."]),
             close=pick(["Sincerely yours", "With kind regards", "Respectfully"]), sexword=pick(["Sex", "Gender"]), planword=pick(["Insurance", "Insurer", "Coverage"]),
             idword=pick(["Policy no.", "Member no.", "Insurance ID"]), urgword=pick(["Urgency", "Priority"]), refs=pick(["Dictated/typed", "Typed"]),
             cc=f"{third[0]} {third[2]}, MD", ccphone=phone)
