"""Family doctor's letter on a letterhead of two columns; the patient's data stand in a narrow column beside the prose."""
import world

CSS = """
.page{padding:.6in .7in} .lh{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid #000;padding-bottom:8px} .lh
h1{grid-column:1/3;text-align:center;
margin:0 0 6px;font-size:1.75em;font-weight:normal;letter-spacing:3px} .lh div{font-size:.84em;line-height:1.3} .two{display:grid;
grid-template-columns:2.15in 1fr;gap:.3in;margin-top:.2in} .side{border-right:1px solid #000;padding-right:.15in;font-size:.9em;line-height:1.3}
.side b{display:block;margin-top:.1in;font-weight:normal;font-style:italic;font-size:.92em} p{margin:0 0 .11in;line-height:1.42}
"""
FACES = ["body{font:10.8pt P052}", "body{font:11.4pt 'Linux Libertine O'}", "body{font:10.4pt C059}",
       "body{font:11pt 'Liberation Serif'} .lh h1{font-weight:bold}",
         "body{font:10.4pt 'DejaVu Serif Condensed'}"]
T = """<div class=lh><h1>{{ s('referrer.organization') }}</h1><div>{% for n in staff %}{{ n }}<br>{% endfor %}</div><div
style="text-align:right">{{ x.ref_addr }}<br>
{{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Telephone', 'Tel.']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %}<br>{{
pick(['Facsimile', 'Fax']) }}
{{ s('referrer.fax') }}{% endif %}{% if s.has('referrer.direct_address') %}<br>{{ s('referrer.direct_address') }}{% endif %}</div></div>
<div class=two><div class=side><b>{{ pick(['Patient', 'Regarding']) }}</b>{{ s('patient.name') }}<b>{{ pick(['Date of birth', 'Born']) }}</b>{{
s('patient.birth_date') }}
<b>{{ pick(['Lives at', 'Home']) }}</b>{{ s('patient.address.line') }}<br>{{ s.csz() }}<b>{{ pick(['Can be reached at', 'Telephone']) }}</b>{{
s('patient.phone') }}
{% if s.has('patient.language') %}<b>{{ pick(['Prefers to speak', 'Language']) }}</b>{{ s('patient.language') }}{% endif %}
<b>{{ pick(['Insurance', 'Covered by']) }}</b>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}<br>{{ pick(['no.', 'ID',
'member']) }} {{ s('insurance.member_id') }}{% endif %}
{% if s.has('insurance.group_number') %}<br>group {{ s('insurance.group_number') }}{% endif %}{% if s.has('insurance.secondary.payer') %}<b>{{
pick(['Secondary', 'Also covered by']) }}</b>
{{ s('insurance.secondary.payer') }}<br>{{ s('insurance.secondary.member_id') }}{% endif %}{% if s.has('referral.authorization_number') %}<b>{{
pick(['Plan authorization', 'Authorization']) }}</b>
{{ s('referral.authorization_number') }}{% endif %}{% if s.has('patient.mrn') %}<b>Our chart</b>{{ s('patient.mrn') }}{% endif %}
{% if s.has('referral.diagnoses') %}<b>{{ pick(['Coded as', 'Diagnoses for billing']) }}</b>{% for c, t in s.dx() %}{{ c }}<br>{% endfor %}{%
endif %}{% if s.has('referral.procedures') %}<b>{{
pick(['Service codes', 'Procedures']) }}</b>
{% for c, t in s.cpt() %}{{ c }} {{ t }}<br>{% endfor %}{% endif %}<b>Also treated here for</b>{{ x.history|join(', ') }}<b>Allergies</b>{{
x.allergy }}
<b>{{ pick(['Next of kin', 'In an emergency']) }}</b>{{ x.emerg }}<br>{{ s.ph(x.emerg_phone) }}</div>
<div><p>{{ s('referral.date') }}</p><p>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{
s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}
<br>{{ pick(['By fax', 'Via fax']) }} {{ s.ph(x.rec_fax) }}</p><p>Dear {{ 'Dr. ' ~ x.recipient[2] if s.has('recipient.name') else
pick(['Colleague', 'Doctor']) }},</p>
<p>{{ pick(['Thank you for agreeing to see', 'I would be grateful if you would see', 'I am sending you']) }} {{ x.title }} {{ x.patient[2] }}, {{
an }} {{ x.age }} year old
{{ x.sexword }}, in {{ s('referral.specialty') }}{{ ask }}</p>
<p>{{ pick(['The story in brief:', 'What worries me:', 'The problem is this.']) }} {{ s('referral.reason') }}</p>
<p>{{ pick(['At the last visit here', 'When I examined the patient']) }} on {{ s.d(x.visit) }} the blood pressure was {{ x.bp }}, pulse {{ x.hr }}
and oxygen saturation {{ x.spo2 }}%. {{ pick(['The rest of the examination was not
remarkable.', 'I found nothing else of note.']) }} Present medicines are {{ x.meds[:3]|join(', ') }}.</p>{% if s.has('referral.urgency') %}
<p>{{ urg }}</p>{% endif %}<p>{{ pick(['Please send your note to the fax number above; my staff will arrange any tests you want done beforehand.',
'I will gladly go on with whatever you advise. Copies of the recent laboratory work follow separately.']) }}</p><p>{{ pick(['Sincerely,',
'With kind regards,', 'Yours truly,']) }}</p>
<div style="font:22pt/1.1 Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</div><p>{{ s('referrer.name', 'first') }}{% if
s.has('referrer.npi') %}<br>NPI {{ s('referrer.npi') }}{% endif %}</p>
<p style="font-size:.82em">{{ x.contact[:1] }}{{ x.contact.split()[-1][:1] }}/ref{% if cc %}<br>cc: {{ cc }}{% endif %}</p></div></div>"""
ASKS = {"consult": [" for your opinion.", " for consultation."], "evaluate_and_treat": [" to evaluate and treat.",
       " for evaluation and treatment."],
        "procedure": [" for the procedure named beside.", " for a procedure."], "diagnostic": [" for diagnostic testing."],
        "second_opinion": [" for a second opinion."], "transfer_of_care": [" for transfer of care."]}
TIMES = {"routine": ["This is routine; your next opening will do.", "There is no hurry, a routine appointment is fine."],
         "urgent": ["I regard this as urgent and ask for a visit within the week.", "Would you kindly treat this as urgent?"],
         "stat": ["This is a STAT request: please see the patient today.", "Please see the patient today, STAT."]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    d.style["name"] = r.choice(["first", "first", "FIRST"])
    d._reg("referral.service")
    if c.values["patient.sex"] != "other":  # woman, boy
        d._reg("patient.sex")
    urg = ""
    if d.has("referral.urgency"):
        d._reg("referral.urgency")
        urg = r.choice(TIMES[c.values["referral.urgency"]])
    x = c.x
    others = [world.person(r) for _ in range(r.choice([2, 3]))]
    staff = [f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']}"] + [f"{p[0]} {p[2]}, {r.choice(['MD', 'DO', 'NP'])}" for p in others]
    r.shuffle(staff)
    age = str(x["age"])
    d.page("referral", T, staff=staff, ask=r.choice(ASKS[c.values["referral.service"]]), urg=urg, an="an" if age in ("8", "11",
           "18") or age[0] == "8" else "a", cc=r.choice(["", f"Dr. {others[0][2]}"]))
