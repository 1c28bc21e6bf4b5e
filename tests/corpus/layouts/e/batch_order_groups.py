"""Two patients' orders in one transmission without a cover: cloud EHR's order with two provider columns, one with its visit note."""
import world

CSS = """
.page{padding:.45in .55in} .h{display:flex;justify-content:space-between;font-size:.92em;line-height:1.3} .h b{font-size:1.25em}
h1{font-size:1.5em;margin:.13in 0 .02in} .id{font-size:.85em;color:#333}
.bx{border:1px solid #888;padding:6px 9px;margin-top:.1in;line-height:1.42} .pr{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in}
h2{font-size:1.02em;margin:.14in 0 .02in;border-bottom:1px solid #888}
.q{display:grid;grid-template-columns:1.55in 1fr;row-gap:2px} .q i{font-style:normal;color:#333}
.ft{position:absolute;bottom:.35in;left:.55in;right:.55in;font-size:.8em;display:flex;justify-content:space-between}
.nt p{margin:.05in 0}
"""
FACES = ["body{font:9.9pt/1.36 'Liberation Sans'}", "body{font:9.9pt/1.36 Roboto} .bx{border-width:1px 0}",
         "body{font:10.2pt/1.34 Lato} .bx{background:#f2f2f2;border:0}", "body{font:9.2pt/1.36 'DejaVu Sans'}"]
HEAD = """<div class=h><div><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Ph {{
s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp; Fx {{ s('referrer.fax') }}{% endif %}</div>
<div style="text-align:right">{{ L.pt }} {{ s('patient.name', 'LAST') }}<br>{{ L.dob }} {{ s('patient.birth_date') }}{% if
s.has('patient.mrn') %}<br>#{{ s('patient.mrn') }}{% endif %}</div></div>"""
FOOT = """<div class=ft><span>{{ tool }} &nbsp; ID:{{ oid }}</span><span>{{ n }} of {{ of }}</span></div>"""
ORDER = HEAD + """<h1>{{ L.title }}</h1><div class=id>[ID:{{ oid }}] &nbsp; Orders included: 1 &nbsp; {{ L.sum }}</div>
<div class=bx>{{ s('patient.name') }}, {{ s('patient.sex') }}, {{ x.age }} {{ L.yo }} {{ s('patient.birth_date') }}<br>{{ s.addr() }}<br>{{
L.ph }} {{ s('patient.phone') }}{% if s.has('patient.language') %} &nbsp; Language: {{ s('patient.language') }}{% endif %} &nbsp; {{
L.em }} {{ x.emerg }} {{ s.ph(x.emerg_phone) }}</div>
<h2>{{ L.cov }}</h2><div class=q><i>Primary</i><div>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{ L.mid }} {{
s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, Group: {{ s('insurance.group_number') }}{% endif %}</div>
{% if s.has('insurance.secondary.payer') %}<i>Secondary</i><div>{{ s('insurance.secondary.payer') }}, {{ L.mid }} {{
s('insurance.secondary.member_id') }}</div>{% endif %}<i>{{ L.auth }}</i><div>{{ s('referral.authorization_number') if
s.has('referral.authorization_number') else pick(['NOT REQUIRED', '']) }}</div></div>
<div class=pr><div><h2>{{ L.from }}</h2>{{ s('referrer.name') }}<br>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}<br>{{ x.city }}, {{
x.state }} {{ x.zip }}<br>Phone: {{ s('referrer.phone') }}<br>Fax: {{ s('referrer.fax') }}<br>NPI: {{ s('referrer.npi') }}{% if
s.has('referrer.direct_address') %}<br>Direct: {{ s('referrer.direct_address') }}{% endif %}</div><div><h2>{{ L.to }}</h2>{% if
s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{
x.state }}
{{ x.zip }}<br>Phone: {{ s.ph(x.rec_phone) }}<br>Fax: {{ s.ph(x.rec_fax) }}<br>NPI: {{ x.rec_npi }}</div></div>
<h2>{{ L.info }}</h2><div class=q><i>{{ L.date }}</i><div>{{ s('referral.date') }}</div><i>{{ L.what }}</i><div>{{ s('referral.specialty')
}} {{ L.ref }}</div><i>{{ L.svc }}</i><div>{{ s('referral.service') }}</div><i>{{ L.when }}</i><div>{{ s('referral.urgency') }}</div><i>{{
L.dx
}}</i><div>{% for c, t in s.dx() %}ICD-10: {{ c }}: {{ t }}<br>{% endfor %}</div>{% if s.has('referral.procedures') %}<i>{{ L.px
}}</i><div>{% for c, t in s.cpt() %}{{ c }}: {{ t }}<br>{% endfor %}</div>{% endif %}<i>{{ L.why }}</i><div>{{ s('referral.reason')
}}</div><i>Visits</i><div>{{
pick([1, 3, 99]) }}</div><i>Internal note</i><div></div></div>
<p style="margin-top:.2in">Electronically Signed by: {{ s('referrer.name', 'first') }} &nbsp; {{ s.d(x.ref_date) }} {{ pick(['10:14 AM',
'3:02 PM', '5:47 PM']) }}</p>""" + FOOT
NOTE = HEAD + """<div class=nt><h1>Encounter {{ s.d(x.visit) }}</h1><h2>HPI</h2><p>{{ s('referral.reason') }} {{ x.age }}yo here for follow
up, ongoing {{ x.dur }}.</p><h2>Medications</h2>{% for m in x.meds %}<p>{{ m }}</p>{% endfor %}<h2>Allergies</h2><p>{{ x.allergy
}}</p><h2>Problems</h2><p>{{
x.history|join(', ') }}</p><h2>Vitals</h2><p>BP {{ x.bp }} &nbsp; HR {{ x.hr }} &nbsp; T {{ x.temp }} F &nbsp; Wt {{ x.wt }} lbs &nbsp; O2
{{ x.spo2 }}%</p><h2>Exam</h2><p>Constitutional: well developed. Lungs: clear. Cardiovascular: regular rate and rhythm. Psych: normal
mood.</p><h2>Assessment
/ Plan</h2><p>Specialist evaluation ordered today. Continue medicines above. Return to office in {{ pick(['3 months', '4 weeks'])
}}.</p></div>""" + FOOT
LABELS = {"pt": ["Pt:", "Patient:"], "dob": ["DOB:", "Born"], "title": ["Referral Order", "Consult / Referral Order", "Order: Referral"],
          "sum": ["Summary of care record sent separately", "See attached clinical summary"],
          "yo": ["yo, DOB", "y/o, born", "years, DOB"], "ph": ["H:", "M:", "Cell:", "Phone:"], "em": ["Emergency contact:", "NOK:"],
          "cov": ["Insurance", "Insurance Information"], "mid": ["ID:", "Member ID:", "Policy #:"],
          "auth": ["Authorization", "Prior auth #", "Auth number"], "from": ["From Provider", "Ordering Provider", "Referring Provider"],
          "to": ["To Provider", "Refer To", "Send To"], "info": ["Referral Order Information", "Order Information"],
          "date": ["Order date", "Ordered on", "Created"], "what": ["Order name", "Referral", "Order"], "ref": ["Referral", "referral"],
          "svc": ["Type", "Reason for order", "Service"], "when": ["Schedule Within", "Priority", "Urgency"],
          "dx": ["Diagnosis", "Diagnoses"], "px": ["Procedure", "Procedures"], "why": ["Notes to provider", "Clinical note",
                  "Reason for referral"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    one = b.case()
    place = tuple(one.x[k] for k in ("city", "state", "zip", "area"))
    two = b.case(specialty=one.values["referral.specialty"], place=place)
    while two.x["patient"][2] == one.x["patient"][2]:
        two = b.case(specialty=one.values["referral.specialty"], place=place)
    # the same office sends both to the same specialist
    for key in [k for k in (*one.values, *two.values) if k.startswith(("referrer.", "recipient."))] + ["referral.date"]:
        two.values.pop(key, None)
        if key in one.values:
            two.values[key] = one.values[key]
    two.x.update({k: one.x[k] for k in ("referrer", "cred", "recipient", "rcred", "ref_addr", "contact", "rec_phone", "rec_fax",
                                        "rec_addr", "rec_npi", "ref_date", "print_date", "spec_shown")})
    labels = {k: r.choice(v) for k, v in LABELS.items()}
    tool, noted = r.choice(["CareCloudNet", "clinicweb", "Practice Cloud"]), r.choice([0, 0, 1])
    docs = [b.doc("referral", c) for c in (one, two)]
    docs[1].style = docs[0].style
    for at, d in enumerate(docs):
        parts = [("referral", ORDER)] + ([("clinical_note", NOTE)] if at == noted else [])
        oid = world.digits(r, 6)
        for n, (kind, template) in enumerate(parts, 1):
            d.page(kind, template, L=labels, tool=tool, oid=oid, n=n, of=len(parts))
