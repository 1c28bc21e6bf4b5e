"""Dictated letter on a letterhead, transcribed by a service: patient's data in the sentences alone, dictation stamps at the end."""
CSS = """
.page{padding:.65in 1in} .lh{text-align:var(--a);margin-bottom:.3in} .lh b{font-size:1.7em;display:block} .lh span{font-size:.9em}
p{margin:0 0 .13in;line-height:1.45}
.st{font-size:.84em;margin-top:.2in;line-height:1.3}
"""
FACES = ["body{font:11.4pt 'Liberation Serif';--a:center} .lh{border-bottom:1px solid #000;padding-bottom:8px}",
         "body{font:10.8pt 'Courier Prime';--a:left} .page{padding:.6in .9in}",
         "body{font:10.8pt C059;--a:right}",
         "body{font:10.6pt 'Liberation Sans';--a:left} .lh{border-left:6px solid #000;padding-left:12px}"]
T = """<div class=lh><b>{{ s('referrer.organization') }}</b><span>{{ x.ref_addr }} &middot; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{
pick(['Office', 'Phone', 'Tel']) }} {{
s('referrer.phone') }}{% if s.has('referrer.fax') %} &middot; Fax {{ s('referrer.fax') }}{% endif %}</span></div>
<p>{{ s('referral.date', '%B %-d, %Y') }}</p>
<p>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{
x.city }}, {{ x.state }} {{ x.zip }}</p>
<p>Dear {{ 'Dr. ' ~ x.recipient[2] if s.has('recipient.name') else pick(['Doctor', 'Colleagues', 'Sir or Madam']) }}:</p>
<p>{{ pick(['I had the pleasure of seeing', 'Today in the office I saw', 'This letter is to introduce']) }} {{ s('patient.name', 'first')
}}, {{ a }} {{ x.age }}-year-old {{ sexword }}
{{ pick(['with a birth date of', 'whose date of birth is', 'born on']) }} {{ s('patient.birth_date', '%B %-d, %Y') }}, {{
pick(['and I am requesting', 'for whom I would like to request',
'and would like to arrange']) }} {{ urg }} {{ s('referral.service', service) }} {{ pick(['in', 'with', 'by']) }} {{ s('referral.specialty')
}}. {{ pick(['The question is as follows.',
'In brief:', 'The reason is this.']) }} {{ s('referral.reason') }}</p>
<p>{{ pick(['Past history is notable for', 'The problem list also carries']) }} {{ x.history|join(', ') }}. {{ pick(['Medications include',
'Current medications are']) }} {{
x.meds[:3]|join(', ') }}. {{ pick(['Allergies:', 'As to allergies,']) }} {{ x.allergy }}. On examination {{ pick(['', 'today']) }} blood
pressure {{ x.bp }}, pulse {{ x.hr }},
temperature {{ x.temp }}, weight {{ x.wt }} pounds. {{ pick(['Heart and lungs were clear.',
'General examination was otherwise unremarkable.', 'Gait was steady and affect appropriate.']) }}</p>
{% if s.has('referral.diagnoses') %}<p>{{ pick(['For your billing office, the diagnosis is', 'My working diagnosis is',
'We have coded this as']) }} {% for c, t in s.dx() %}{{ t }} ({{ c }}){{
', and ' if not loop.last }}{% endfor %}.{% if s.has('referral.procedures') %} {{ pick(['Please consider',
'The procedure I have in mind is', 'I would ask for']) }} {% for c, t in s.cpt() %}{{ t }}, CPT {{
c }}{{ ', and ' if not loop.last }}{% endfor %}.{% endif %}</p>{% endif %}
<p>{{ subj }} {{ pick(['lives at', 'resides at']) }} {{ s.addr() }}{% if s.has('patient.phone') %} and {{ pick(['can be reached at',
'the telephone there is', 'answers at']) }} {{ s('patient.phone') }}{%
endif %}. {{ pick(['Insurance is', 'Coverage is through', 'The payer is']) }} {{ s('insurance.payer') }}{% if s.has('insurance.member_id')
%}, {{ pick(['identification number', 'member number', 'ID']) }} {{
s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, group {{ s('insurance.group_number') }}{% endif %}{% if
s.has('insurance.secondary.payer') %}, with {{
s('insurance.secondary.payer') }} as secondary, number {{ s('insurance.secondary.member_id') }}{% endif %}.{% if
s.has('referral.authorization_number') %} {{ pick(['The plan gave authorization number',
'Authorization was obtained, number']) }} {{ s('referral.authorization_number') }}.{% endif %}{% if s.has('patient.language') and x.lang
%} {{ subj }} speaks {{ s('patient.language') }}{{
pick([' and will need an interpreter', '']) }}.{% endif %}</p>
<p>{{ pick(['Thank you for your help with this', 'I appreciate your assistance with this', 'Many thanks for seeing this']) }} {{
pick(['pleasant', 'nice', '']) }} {{ x.sexword }}. {{
pick(['Please call with any questions.', 'I look forward to your report.', 'Please fax your note when done.']) }}</p>
<p>{{ pick(['Sincerely,', 'Yours truly,', 'Best regards,']) }}</p><p style="margin-top:.25in">{{ s('referrer.name', 'first') }}{% if
s.has('referrer.npi') and npi %}<br>NPI {{ s('referrer.npi')
}}{% endif %}</p>
<div class=st>{{ pick(['Dictated but not read', 'Electronically authenticated', 'DICTATED BUT NOT PROOFREAD']) }}<br>{{ x.referrer[0][0]
}}{{ x.referrer[2][0] }}/{{
x.contact.split()[0][0]|lower }}{{ x.contact.split()[-1][0]|lower }}<br>D: {{ s.d(x.ref_date) }} &nbsp; T: {{ s.d(x.print_date) }} &nbsp;
Job# {{ x.acct }}</div>"""
ASKED = {"consult": ["consultation", "a consultation"], "evaluate_and_treat": ["evaluation and treatment"], "procedure": ["a procedure"],
         "diagnostic": ["diagnostic testing"], "second_opinion": ["a second opinion"], "transfer_of_care": ["transfer of care"]}
SOON = {"routine": ["routine"], "urgent": ["urgent"], "stat": ["STAT", "stat"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x, d = c.x, b.doc("referral", c)
    x["lang"] = r.random() < .8
    if c.values["patient.sex"] != "other":  # the sentences tell by woman or boy
        d._reg("patient.sex")
    service = r.choice(ASKED[c.values["referral.service"]])
    urg = ""
    if d.has("referral.urgency"):
        urg = d.text("referral.urgency", r.choice(SOON[c.values["referral.urgency"]]))
        service = service.removeprefix("a ")
        urg = f"{'an' if urg == 'urgent' else 'a'} {urg}" if service in ("consultation", "procedure", "second opinion") else urg
    an = "an" if x["age"] in (8, 11, 18) or 80 <= x["age"] <= 89 else "a"
    d.page("referral", T, a=an, sexword=x["sexword"], urg=urg, service=service, npi=r.random() < .6,
           subj={"she": "She", "he": "He"}.get(x["he"], "The patient"))
