"""One fax without a cover holding two patients' referrals from the same office, back to back; each form counts its own pages from one."""
FONTS = ["font:10pt 'Liberation Mono'", "font:10pt Roboto", "font:10.4pt 'Linux Biolinum O'", "font:10pt C059"]
CSS = """
.page{padding:.55in .65in} .t{display:flex;justify-content:space-between;border-bottom:1.5px solid #000;padding-bottom:4px;align-items:flex-end}
.t b{font-size:1.35em} dl{display:grid;grid-template-columns:1.65in 1fr;margin:.06in 0;row-gap:3px} dt{font-weight:bold}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
h3{margin:.13in 0 0;font-size:1.02em;border-left:8px solid #000;padding-left:7px} p{margin:.06in 0;line-height:1.35}
.ft{position:absolute;bottom:.4in;left:.65in;right:.65in;text-align:center;font-size:8pt} .w{border:1px solid #000;padding:.05in .1in;margin-top:.1in}
"""
TOP = """<div class=t><b>{{ s('referrer.organization') }}</b><span>Ph {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} / Fx
{{ s('referrer.fax') }}{% endif %}</span></div>"""
A = TOP + """
<p style="text-align:center;font-size:1.2em;margin:.1in 0"><b>{{ ttl }}</b></p>
<dl><dt>{{ L[0] }}<dd>{{ s('referral.date') }}<dt>{{ L[1] }}<dd>{{ s('recipient.organization') }}{% if s.has('recipient.name') %},
{{ s('recipient.name') }}{% endif %} (fax {{ s.ph(x.rec_fax) }})<dt>{{ L[2] }}<dd>{{ s('referral.specialty') }}<dt>{{ L[3] }}<dd>{{ s('referral.urgency') }}
<dt>{{ L[4] }}<dd>{{ s('referral.service') }}</dl>
<h3>Patient</h3><dl><dt>{{ L[5] }}<dd>{{ s('patient.name') }}<dt>{{ L[6] }}<dd>{{ s('patient.birth_date') }} &nbsp; ({{ s('patient.sex') }})<dt>{{ L[7] }}
<dd>{{ s('patient.phone') }}<dt>Address<dd>{{ s.addr() }}{% if s.has('patient.mrn') %}<dt>{{ L[8] }}
<dd>{{ s('patient.mrn') }}{% endif %}{% if s.has('patient.language') %}<dt>Language<dd>{{ s('patient.language') }}{% endif %}</dl>
<h3>Insurance</h3><dl><dt>Carrier<dd>{{ s('insurance.payer') }}<dt>{{ L[9] }}<dd>{{ s('insurance.member_id') }}
<dt>Group<dd>{{ s('insurance.group_number') }}{% if s.has('insurance.secondary.payer') %}<dt>Supplemental<dd>{{ s('insurance.secondary.payer') }},
ID {{ s('insurance.secondary.member_id') }}{% endif %}{% if s.has('referral.authorization_number') %}
<dt>Authorization<dd>{{ s('referral.authorization_number') }}{% endif %}</dl>
<h3>{{ L[10] }}</h3><p>{{ s('referral.reason') }}</p>
<dl><dt>{{ L[11] }}<dd>{% for c,d in s.dx() %}<div>{{ c }} {{ d }}</div>{% endfor %}{% if s.has('referral.procedures') %}
<dt>Procedure code<dd>{% for c,d in s.cpt() %}<div>{{ c }} {{ d }}</div>{% endfor %}{% endif %}<dt>Medications<dd>{{ x.meds[:2]|join(', ') }}
<dt>Allergies<dd>{{ x.allergy }}</dl>
<h3>{{ L[12] }}</h3><dl><dt>Name<dd>{{ s('referrer.name') }}{% if s.has('referrer.npi') %}
<dt>NPI<dd>{{ s('referrer.npi') }}{% endif %}{% if s.has('referrer.direct_address') %}<dt>Direct<dd>{{ s('referrer.direct_address') }}{% endif %}
<dt>Coordinator<dd>{{ x.contact }}</dl>
<div class=ft>Page {{ 1 }} of {{ of }}{{ ' - continued' if of > 1 }}</div>"""
B = TOP + """
<div class=w><p><b>{{ L[12] }}:</b> {{ s('referrer.name') }}{% if s.has('referrer.npi') %} (NPI {{ s('referrer.npi') }}){% endif %} is sending <b>
{{ s('patient.name') }}</b>, {{ s('patient.sex','word')|lower }}, born {{ s('patient.birth_date') }}, to <b>{{ s('recipient.organization') }}</b>{%
if s.has('recipient.name') %}, attention {{ s('recipient.name') }}{% endif %} for {{ s('referral.specialty') }} on {{ s('referral.date') }}.</p></div>
<div class=w><p><b>Service:</b> {{ s('referral.service') }} &emsp; {% if s.has('referral.urgency') %}<b>{{ L[3] }}:</b>
{{ s('referral.urgency') }}{% endif %}</p><p><b>{{ L[10] }}:</b> {{ s('referral.reason') }}</p><p><b>{{ L[11] }}:</b>
{% for c,d in s.dx() %}{{ d }} [{{ c }}]{{ '; ' if not loop.last }}{% endfor %}</p>{% if s.has('referral.procedures') %}<p><b>CPT:</b>
{{ s('referral.procedures') }}</p>{% endif %}</div>
<div class=w><p><b>How to reach the patient:</b> {{ s('patient.phone') }}; {{ s.addr() }}.
{% if s.has('patient.language') %}Speaks {{ s('patient.language') }}.{% endif %} If no answer: {{ x.emerg }} at {{ s.ph(x.emerg_phone) }}.</p>
<p><b>Coverage:</b> {{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{ L[9] }}
{{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %},
group {{ s('insurance.group_number') }}{% endif %}{% if s.has('insurance.secondary.payer') %}; then {{ s('insurance.secondary.payer') }},
{{ s('insurance.secondary.member_id') }}{% endif %}.{% if s.has('referral.authorization_number') %} Authorized under no.
{{ s('referral.authorization_number') }}.{% endif %}{% if s.has('patient.mrn') %} {{ L[8] }}: {{ s('patient.mrn') }}.{% endif %}</p></div>
<p style="margin-top:.3in"><span style="font:19pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></p><div class=ft>Page 1 of {{ of }}</div>"""
N = TOP + """
<p><b>{{ s('patient.name') }}</b> &emsp; {{ L[6] }} {{ s('patient.birth_date') }} &emsp; Visit of {{ s.d(x.visit) }}</p><h3>Subjective</h3>
<p>{{ x.age }}-year-old here about the complaint on page 1. Duration {{ x.dur }}. Sleeping and eating fairly. No recent hospital stay,
no new drugs apart from those listed.</p>
<h3>Past history</h3>{% for h in hist %}<p>{{ h }}</p>{% endfor %}<h3>Medication list</h3>{% for m in x.meds %}<p>{{ m }}</p>{% endfor %}<h3>Objective</h3>
<p>BP {{ x.bp }}, P {{ x.hr }}, T {{ x.temp }}, weight {{ x.wt }} lb, sat {{ x.spo2 }}%. Comfortable. HEENT normal. Chest clear. Heart without gallop.
Belly soft. Extremities without edema. Gait steady.</p><h3>Assessment and plan</h3><p>Refer as written on the first page. Labs before the visit.
Back here in 8 weeks.</p>
<div class=ft>Page 2 of 2</div>"""
KEEP = ["referrer.name", "referrer.npi", "referrer.organization", "referrer.phone", "referrer.fax", "referrer.direct_address"]


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + "body{%s}" % r.choice(FONTS)
    c1 = b.case()
    x1 = c1.x
    while True:
        c2 = b.case(place=(x1["city"], x1["state"], x1["zip"], x1["area"]))
        if c2.x["patient"][2] != x1["patient"][2]:
            break
    for k in KEEP:
        c2.values.pop(k, None)
        if k in c1.values:
            c2.values[k] = c1.values[k]
    c2.x.update({k: x1[k] for k in ("referrer", "cred", "ref_addr", "place", "contact", "print_date")})
    c2.values["referral.date"] = c1.values["referral.date"]
    p = r.choice
    L = [p(["Date", "Referral date"]), p(["Refer to", "Sent to"]), p(["Specialty", "Clinic"]), p(["Urgency", "Timing", "Priority"]), p(["Type", "Request"]),
        p(["Name", "Patient name"]), p(["DOB", "Born"]), p(["Phone", "Cell phone"]),
         p(["Chart no.", "MRN"]), p(["ID", "Member no.", "Policy no."]), p(["Reason", "Why referred", "Clinical question"]), p(["Diagnosis",
             "Dx (ICD-10)"]), p(["Referring clinician", "Referred by"])]
    ttl, first, same, style = p(["PATIENT REFERRAL", "REFERRAL ORDER", "REFERRAL TO SPECIALIST"]), p([A, A, B]), r.random() < .6, None
    for i, c in enumerate((c1, c2)):
        d = b.doc("referral", c)
        style = style or d.style
        d.style = dict(style)
        of = r.choice([1, 2, 2])
        d.page("referral", first if i == 0 or same else (B if first is A else A), L=L, of=of, ttl=ttl)
        if of == 2:
            d.page("clinical_note", N, L=L, hist=[icd.get_description(h) for h in c.x["history"]])
