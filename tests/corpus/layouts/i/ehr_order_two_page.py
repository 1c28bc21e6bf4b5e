"""A referral order as a chart system prints it: two pages with the patient's banner on each, the order between problem and medication lists."""
import datetime as dt

import simple_icd_10_cm as icd10
import world

CSS = """
.page{padding:.4in .5in .55in} .top{display:flex;justify-content:space-between;font-size:.9em;line-height:1.3} .top b{font-size:1.35em}
.ban{border:1px solid #444;border-left:7px solid #444;background:#ededed;padding:4px 9px;margin:.07in 0 .1in;display:flex;justify-content:space-between;gap:12px}
.ban b{font-size:1.12em} h2{font-size:1.28em;margin:.02in 0 .03in}
h3{font-size:1.02em;margin:.17in 0 .05in;padding-bottom:1px;border-bottom:1.4px solid #444}
.kv{display:grid;grid-template-columns:1.45in 1fr 1.2in 1fr;gap:5px 8px;line-height:1.3} .kv.one{grid-template-columns:1.75in 1fr}
.kv>:nth-child(odd){color:#333;font-weight:%s} table{border-collapse:collapse;width:100%%} th{text-align:left;background:#ededed}
th,td{padding:4px 6px;border-bottom:.6px solid #bbb;vertical-align:top} .ord{border:1.4px solid #444;padding:6px 10px 8px;margin:.12in 0}
.bot{position:absolute;left:.5in;right:.5in;bottom:.28in;font-size:.82em;display:flex;justify-content:space-between;border-top:.6px solid #777;padding-top:2px}
"""
HEAD = """{% macro kv(label, value) %}<span>{{ label }}</span><span>{{ value }}</span>{% endmacro %}
<div class=top><span><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }} {{ x.state }} {{ x.zip }}</span>
<span style="text-align:right">{{ w.main }} {{ s('referrer.phone') }}<br>{{ 'Fax: ' if s.has('referrer.fax') }}{{ s('referrer.fax') }}</span></div>
<div class=ban><b>{{ s('patient.name', 'last') }}</b><span>{{ w.dob }} {{ s('patient.birth_date') }} ({{ x.age }} {{ w.yrs }})</span>
<span>{{ w.sex }} {{ s('patient.sex') }}</span>{% if s.has('patient.mrn') %}<span>MRN: {{ s('patient.mrn') }}</span>{% endif %}</div>"""
FOOT = """<div class=bot><span>Printed by {{ x.contact }} on {{ s.d(x.print_date) }} {{ clock }}</span>
<span>Encounter {{ x.acct }}</span><span>Page {{ n }} of 2</span></div>"""
FIRST = HEAD + """<h3>{{ w.demo }}</h3><div class=kv>{{ kv(w.home, s('patient.address.line')) }}{{ kv(w.phone, s('patient.phone')) }}
{{ kv('City/State/ZIP:', s.csz()) }}{{ kv(w.lang, s('patient.language')) }}{{ kv('Emergency contact:', x.emerg) }}
{{ kv('Contact phone:', s.ph(x.emerg_phone)) }}
{{ kv('PCP:', pcp) }}{{ kv('Last visit:', s.d(x.visit)) }}</div>
<h3>{{ w.cover }}</h3><table><tr><th>{{ w.rank }}<th>Payer<th>{{ w.member }}<th>{{ w.group }}</tr>
<tr><td>1<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{ s('insurance.group_number') }}</tr>
{% if s.has('insurance.secondary.payer') %}<tr><td>2<td>{{ s('insurance.secondary.payer') }}<td>{{ s('insurance.secondary.member_id') }}
<td></tr>{% endif %}</table>
<h3>{{ w.problems }}</h3><table><tr><th>Problem<th>ICD-10<th>{{ pick(['Noted', 'Onset', 'Date noted']) }}</tr>
{% for code, words, day in problems %}<tr><td>{{ words }}<td>{{ code }}<td>{{ s.d(day) }}</tr>{% endfor %}</table>
<div class=ord><h2>{{ w.title }} {{ s('referral.specialty') }}</h2><div class="kv one">{{ kv(w.number, order) }}{{ kv(w.day, s('referral.date')) }}
{{ kv(w.urgency, s('referral.urgency')) }}{{ kv('Order class:', 'External referral') }}{{ kv(w.service, s('referral.service')) }}
<span>{{ w.dx }}</span><span>{% for code, words in s.dx() %}{{ words }} [{{ code }}]{{ '<br>'|safe if not loop.last }}{% endfor %}</span>
{{ kv(w.why, s('referral.reason')) }}{% if s.has('referral.procedures') %}
<span>{{ w.proc }}</span><span>{% for code, words in s.cpt() %}{{ code }} - {{ words }}{{ '; ' if not loop.last }}{% endfor %}</span>{% endif %}
{{ kv('Visits requested:', visits) }}</div></div>""" + FOOT
SECOND = HEAD + """<h2>{{ w.title }} {{ s('referral.specialty') }} ({{ w.cont }})</h2>
<div class=ord><div class="kv one">{{ kv(w.to, s('recipient.organization')) }}{% if s.has('recipient.name') %}{{ kv(w.to_doctor,
s('recipient.name')) }}{% endif %}
{{ kv('Location:', x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state) }}{{ kv('Location phone / fax:', s.ph(x.rec_phone) ~ ' / ' ~ s.ph(x.rec_fax)) }}
{{ kv(w.by, s('referrer.name')) }}{{ kv(w.npi, s('referrer.npi')) }}
{% if s.has('referrer.direct_address') %}{{ kv('Direct address:', s('referrer.direct_address')) }}{% endif %}
{% if s.has('referral.authorization_number') %}{{ kv(w.auth, s('referral.authorization_number')) }}{% endif %}
{{ kv('Order valid through:', s.d(until)) }}{{ kv('Scheduling instructions:', w.sched) }}</div></div>
<h3>{{ w.meds }}</h3><table><tr><th>Medication and directions<th>Refills<th>Start</tr>
{% for drug in x.meds %}<tr><td>{{ drug }}<td>{{ loop.index % 3 }}<td>{{ s.d(problems[0][2]) }}</tr>{% endfor %}</table>
<h3>Allergies</h3><div>{{ x.allergy }}</div><h3>{{ pick(['Vital signs', 'Most recent vitals']) }} ({{ s.d(x.visit) }})</h3>
<div>BP {{ x.bp }} &emsp; Pulse {{ x.hr }} &emsp; Temp {{ x.temp }} F &emsp; Wt {{ x.wt }} lb &emsp; SpO2 {{ x.spo2 }}%</div>
<h3>Immunizations</h3><table>{% for shot in shots %}<tr><td>{{ shot }}<td>{{ s.d(problems[loop.index0][2]) }}</tr>{% endfor %}</table>
<h3>Social history</h3><div>{{ social }}</div><p>{{ w.signed }} {{ s('referrer.name') }} {{ s('referral.date') }} {{ clock }}</p>""" + FOOT
WORDS = [dict(main="Main:", dob="DOB:", yrs="yrs", sex="Sex:", demo="Patient Demographics", home="Address:", phone="Phone:", lang="Language:",
              cover="Coverage", rank="Rank", member="Subscriber ID", group="Group", problems="Active Problem List", title="Ambulatory Referral to",
              number="Order number:", day="Ordered on:", urgency="Priority:", service="Type of service:", dx="Associated diagnoses:",
              why="Reason for referral:", proc="Requested procedures:", cont="continued", to="Referred to:", to_doctor="Referred to provider:",
              by="Ordering provider:", npi="Provider NPI:", auth="Authorization #:", sched="Please call the patient to schedule",
              meds="Current Outpatient Medications", signed="Electronically signed by"),
         dict(main="Tel", dob="Born", yrs="y.o.", sex="Legal sex", demo="Contact information", home="Home address", phone="Mobile phone",
              lang="Preferred language", cover="Insurance on file", rank="Seq", member="Member ID", group="Group no.", problems="Problems",
              title="Referral Order -", number="Referral ID", day="Order date", urgency="Urgency", service="Referral type", dx="Diagnosis",
              why="Clinical reason", proc="Procedure code(s)", cont="cont.", to="Refer to (facility)", to_doctor="Refer to (provider)",
              by="Referring provider", npi="NPI", auth="Auth no.", sched="Patient will call", meds="Medications", signed="Authorized by")]

CHRONIC = ["I10", "E78.5", "K21.9", "R73.03", "M54.50", "E66.9", "N39.0", "H26.9"]
SHOTS = ["Influenza, injectable, quadrivalent", "Tdap", "COVID-19, mRNA", "Hepatitis B", "MMR"]
SOCIAL = ["Lives with family. No tobacco. No alcohol.", "Lives in own home, feels safe there. Never smoked.", "Smoke-free household. Drinks no alcohol."]


def build(book):
    rng, case = book.case_rng, book.case()
    look = book.rng.choice([("10.6pt 'Liberation Sans'", "normal"), ("10.8pt Roboto", "bold"), ("9.6pt 'DejaVu Sans Condensed'", "normal")])
    book.css = CSS % look[1] + "body{font:%s}" % look[0]
    doc, day = book.doc("referral", case), case.x["ref_date"]
    codes = case.x["history"] + (rng.sample(CHRONIC, 3) if case.x["age"] > 40 else [])
    problems = [(doc.code(code), icd10.get_description(code), day - dt.timedelta(days=rng.randint(40, 1500))) for code in codes]
    pcp = world.person(rng)
    words = book.rng.choice(WORDS)
    more = dict(w=words, problems=problems, pcp=f"{pcp[0]} {pcp[2]}, MD", order=world.digits(rng, 9), visits=rng.choice([1, 1, 3, 6]),
                shots=rng.sample(SHOTS, 3), social=rng.choice(SOCIAL),
                clock=f"{rng.randint(8, 17)}:{rng.randint(10, 59)}", until=day + dt.timedelta(days=365))
    doc.page("referral", FIRST, n=1, **more)
    doc.page("referral", SECOND, n=2, **more)
