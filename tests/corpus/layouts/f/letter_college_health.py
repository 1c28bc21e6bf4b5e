"""College health service's letter by a nurse practitioner: letterhead left, patient in one 'Regarding' line, underlined run-in heads."""
import world

CSS = """
.page{padding:.6in .85in} .top{display:flex;justify-content:space-between;align-items:flex-start} .top
b{font-size:1.5em;display:block;line-height:1.1} .top .rt{text-align:right;
font-size:.86em;line-height:1.4} hr{border:0;border-top:2px solid #000;margin:8px 0 .2in} p{margin:.1in 0;line-height:1.45} .rg{margin:.17in
0;padding-left:.5in;text-indent:-.5in; line-height:1.45;font-weight:var(--rw)} u{text-decoration:var(--hu);font-weight:var(--hw)}
.ft{position:absolute;bottom:.45in;left:.85in;right:.85in;font-size:.78em;border-top:1px solid
#777;padding-top:4px}
"""
FACES = ["body{font:10.8pt 'Linux Biolinum O';--rw:bold;--hu:none;--hw:bold}",
         "body{font:10.2pt 'Nimbus Sans';--rw:normal;--hu:underline;--hw:normal}",
         "body{font:10.4pt 'URW Bookman';font-size:9.8pt;--rw:normal;--hu:underline;--hw:normal}",
         "body{font:10.2pt Roboto;--rw:500;--hu:none;--hw:500}"]
T = """<div class=top><div><b>{{ s('referrer.organization') }}</b>{{ pick(['Division of Student Affairs', 'Student Life', 'Primary Care -
Women\\'s Health - Travel Clinic']) }}</div><div class=rt>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>p: {{
s('referrer.phone') }}{% if s.has('referrer.fax') %}<br>f: {{
s('referrer.fax') }}{% endif
%}</div></div><hr>{{ s('referral.date') }}<p>{{ s('recipient.organization') }}<br>{% if s.has('recipient.name') %}Attn: {{
s('recipient.name') }}<br>{% endif %}{{ pick(['By fax:', 'Via fax', 'Sent by fax to']) }} {{ s.ph(x.rec_fax) }}</p>
<div class=rg>{{ pick(['Regarding:', 'Regarding', 'Subject:']) }} {{ pick(['', 'referral of ', 'our patient ']) }}{{ s('patient.name') }},
{{ pick(['date of birth', 'DOB', 'born']) }} {{ s('patient.birth_date') }}{% if s.has('patient.mrn') %}, {{ pick(['chart', 'record no.',
'student health no.']) }} {{ s('patient.mrn') }}{%
endif %}</div>
<p>{{ pick(['Dear', 'Good morning']) }} {{ pick(['colleagues', 'scheduling team and providers']) }},</p><p>{{ pick(['Please accept this
letter as a', 'This letter is a', 'We are writing with a']) }} {{ how }}referral to {{ s('referral.specialty') }}. {{
pick(['The student', 'Our patient', 'This patient']) }} is a {{ x.age }}-year-old {{ said }} {{ pick(['seen here on', 'last seen at our
center on']) }} {{ s.d(x.visit) }}.</p>
<p><u>{{ pick(['Concern.', 'Presenting concern:', 'Reason for referral:']) }}</u> {{ s('referral.reason') }}</p><p><u>{{ pick(['History.',
'Past history:', 'Background:']) }}</u> {{ pick(['No surgeries.', 'Tonsillectomy in childhood.', 'Otherwise non-contributory.']) }} Problem
list codes: {{ x.history[:2]|join(', ') }}.
Does not smoke.</p><p><u>{{ pick(['Medications.', 'Medicines:', 'Current medications:']) }}</u> {{ x.meds[:3]|join('; ') }}. {{
pick(['Allergic to:', 'Allergies:']) }} {{ x.allergy
}}.</p><p><u>{{ pick(['Exam.', 'Findings:', 'Objective:']) }}</u> BP {{ x.bp }}, pulse {{ x.hr }}, temperature {{ x.temp }}, weight {{ x.wt
}} lb. {{ pick(['Remaining exam unremarkable.', 'Well
appearing.']) }}</p>{% if
s.has('referral.diagnoses') %}<p><u>{{ pick(['Assessment.', 'Diagnosis:', 'Impression:']) }}</u> {% for c, t in s.dx() %}{{ t }}, {{ c }}{{
'; ' if not loop.last }}{% endfor %}.</p>{% endif %}
<p><u>{{ pick(['Request.', 'Our request:', 'What we ask:']) }}</u> {{ ask }}{% if s.has('referral.procedures') %} {{ pick(['Requested:', 'We
ask for:', 'Please include']) }} {% for c, t in
s.cpt() %}{{ t }} ({{ c }}){{ ', ' if not loop.last }}{% endfor %}.{% endif %}</p><p><u>{{ pick(['Contact and coverage.', 'Insurance:',
'Demographics:']) }}</u> {% if
s.has('patient.phone') %}{{ pick(['The patient can be reached at', 'Please call the patient at', 'Cell phone']) }} {{ s('patient.phone')
}}. {% endif %}Local address: {{ s.addr() }}. {% if
s.has('patient.language') %}Preferred language {{ s('patient.language') }}. {% endif %}{{ pick(['Covered by', 'Coverage is through', 'Health
insurance is']) }} {{ s('insurance.payer') }}{% if
s.has('insurance.member_id') %}, member ID {{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, group {{
s('insurance.group_number') }}{% endif %}{% if
s.has('insurance.secondary.payer') %}; second plan {{ s('insurance.secondary.payer') }}, ID {{ s('insurance.secondary.member_id') }}{% endif
%}. {% if s.has('referral.authorization_number') %}Authorization {{ s('referral.authorization_number') }} has been obtained.{% endif %}</p>
<p>{{ pick(['Thank you for your partnership in the care of our students.', 'Thank you. Please fax the consultation note to us.']) }}</p><p
style="margin-top:.25in">{{ pick(['Respectfully,', 'Best,', 'Sincerely,']) }}<br><span style="font:20pt Z003">{{ x.referrer[0] }} {{
x.referrer[2] }}</span><br>{{ s('referrer.name', 'first')
}}<br>{{ pick(['Staff Clinician', 'Student Health', 'Primary Care Provider']) }}{% if s.has('referrer.npi') %}, NPI {{ s('referrer.npi')
}}{% endif %}{% if s.has('referrer.direct_address')
%}<br>Direct: {{ s('referrer.direct_address') }}{% endif %}</p><div class=ft>Student health records are protected by FERPA and state law.
Accredited by the ambulatory care accreditation body.
Health center hours: Monday - Friday 8 to 5.</div>"""
ASK = {"consult": ["We seek consultation."], "evaluate_and_treat": ["Please evaluate and treat.",
                                                                    "Evaluation and treatment at your discretion."],
       "procedure": ["The patient is referred for a procedure."], "diagnostic": ["Diagnostic testing."],
       "second_opinion": ["The family asks for a second opinion."],
       "transfer_of_care": ["Transfer of care to your practice, as the patient is graduating."]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    while not 18 <= c.x["age"] <= 44 or c.values["patient.sex"] == "other":
        c = b.case()
    d = b.doc("referral", c)
    c.x["cred"] = r.choice(["FNP-BC", "NP", "PA-C", "MD"])
    c.values["referrer.organization"] = r.choice(["{} College Health Services", "{} State University Student Health Center",
                                                  "{} University Health & Wellness"]).format(
        r.choice(world.PLACES))
    for key in ("referral.service", "referral.urgency", "patient.sex"):
        if d.has(key):
            d._reg(key)
    how = {"routine": "routine ", "urgent": r.choice(["high priority, urgent ", "time-sensitive, URGENT "]), "stat": "STAT "}
    d.page("referral", T, how=how.get(c.values.get("referral.urgency"), ""), said=c.x["sexword"],
           ask=r.choice(ASK[c.values["referral.service"]]))
