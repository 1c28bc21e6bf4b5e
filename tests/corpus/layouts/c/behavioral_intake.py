"""Print-out of an on-line referral form for counseling and psychiatry: whole questions as labels, answers beneath."""
import world

CSS = """
body{font:9.6pt/1.28 'Roboto'} .page{padding:.5in .65in .4in} .tp{display:flex;justify-content:space-between;font-size:7.6pt;color:#222;margin-bottom:.08in}
h1{font-size:15pt;font-weight:500;margin:0 0 2px} h2{font-size:10.4pt;margin:.1in 0 .03in;border-left:6px solid #000;padding-left:6px}
.qs{display:grid;grid-template-columns:1fr 1fr;column-gap:.25in} .q{margin:.025in 0} .q.w{grid-column:1/3} .q p{margin:0;font-size:8.3pt}
.q div{border:1px solid #777;min-height:.205in;padding:1px 6px;font-size:9.6pt} .sc{font-size:8.6pt;margin:3px 0}
"""
FACES = ["", ".q div{border-width:0 0 1px 0}", "body{font-family:'Lato'} .q div{background:#eee;border:0}",
           "body{font-family:'Liberation Sans'} .q p{font-weight:bold}", "body,.q div{font-family:'DejaVu Serif';font-size:8.6pt} .q p{font-size:7.8pt}"]
T = """{% macro q(lab, v='', w='') %}<div class="q {{ w }}"><p>{{ lab }}</p><div>{{ v }}</div></div>{% endmacro %}
<div class=tp><span>{{ s.d(x.print_date, '%-m/%-d/%y') }}, {{ clock }}</span><span>{{ pick(['Refer a client', 'New client referral']) }} -
Submission {{ sub }}</span><span>1/1</span></div>
<h1>{{ s('recipient.organization') }}</h1><div style="font-size:9pt">{{ pick(['Referral for',
'Professional referral to']) }} {{ s('referral.specialty') }} {{ pick(['services',
'care']) }} &nbsp; {{ s.ph(x.rec_phone) }} &nbsp; {{ pick(['In crisis? Call or text 988', 'Crisis line 988']) }}</div>
<h2>{{ pick(['About the person you are referring', 'The client']) }}</h2><div class=qs>{{ q(pick(['Who would you like us to see? (full legal name)',
'What is the full name of the person being referred?']), s('patient.name')) }}{{ q(pick(['When was this person born?',
'What is their date of birth?']), s('patient.birth_date')) }}
{{ q(pick(["What sex is listed on this person's insurance?", 'What is the sex recorded at birth or on the plan card?']),
s('patient.sex')) }}{{ q(pick(['What number should we call to reach them, and may we leave a message?',
'What is the best telephone number for this person?']), s('patient.phone')) }}
{{ q(pick(['Where does this person live at present?', 'What is the current home address?']),
s.addr(), 'w') }}{{ q(pick(['In which language would they prefer to talk about personal matters?',
'What language should the therapist speak?']), s('patient.language')) }}{{ q(pick(['Do you have a chart number for this person in your own system?',
'What is your medical record number for them?']), s('patient.mrn')) }}
{{ q(pick(['Is there someone we may contact if we cannot reach the client? (name, number)',
'Whom should we notify in an emergency?']), x.emerg ~ ', ' ~ s.ph(x.emerg_phone)) }}{{ q(pick(['Does a guardian or court need to consent?',
'Is this person under guardianship?']), pick(['No', 'Not to my knowledge'])) if x.age > 17 else q('Which parent or guardian will consent to care?', x.emerg)
}}</div>
<h2>{{ pick(['How will care be paid for?', 'Coverage']) }}</h2><div class=qs>{{ q(pick(['Which health plan covers mental health visits?',
'What insurance does the client carry?']), s('insurance.payer')) }}{{ q(pick(['What identification number is on the front of the card?',
'What is the member number?']), s('insurance.member_id')) }}{{ q('What group number is on the card, if any?',
s('insurance.group_number')) }}{{ q(pick(['Has the plan already authorized visits? If so, under what number?',
'Authorization number given by the plan, if needed']), s('referral.authorization_number')) }}
{% if s.has('insurance.secondary.payer') %}{{ q('Is there a second plan? Which one?',
s('insurance.secondary.payer')) }}{{ q('What is the member number with the second plan?', s('insurance.secondary.member_id')) }}{% else %}
{{ q('Is there a second plan? Which one?', pick(['No', '']), 'w') }}{% endif %}</div>
<h2>{{ pick(['What is going on?', 'Clinical picture']) }}</h2>
<div class=qs>{{ q(pick(['In your own words, what problem led you to make this referral today?',
'Please describe what you are worried about and what you hope we can do']), s('referral.reason'), 'w')
}}{{ q(pick(['What diagnoses (with ICD-10 codes) are you treating or suspecting?', 'Which mental health diagnoses apply to this request?']), dx, 'w') }}
{% if s.has('referral.procedures') %}{{ q(pick(['Are you asking for particular services? (CPT)',
'Which billed services do you have in mind?']), cpt, 'w') }}{% endif %}{{ q(pick(['What role would you like us to take?',
'What are you asking our team to do?']), s('referral.service')) }}{{ q(pick(['How quickly must this person be seen?',
'How pressing is the need?']), s('referral.urgency')) }}
{{ q('What medicines does the client take now?', x.meds[:3]|join(', '), 'w') }}{{ q('Has there been a prior therapist or psychiatrist? (name, telephone)',
prior, 'w') }}</div>
<div class=sc>Latest scores on file: PHQ-9 {{ phq }}, GAD-7 {{ gad }}, AUDIT-C {{ aud }}. {{ pick(['Suicide screen (ASQ): negative.',
'Columbia screen: negative.', 'Thoughts of harm to self or others: denied.']) }} Firearms in home: {{ pick(['no', 'not asked']) }}.</div>
<h2>{{ pick(['Who is making this referral?', 'Your details']) }}</h2><div class=qs>{{ q(pick(['What is your name and credential?',
'Name of the referring clinician']), s('referrer.name')) }}{{ q(pick(['What is your individual NPI?',
'Your NPI']), s('referrer.npi')) }}{{ q(pick(['What practice or agency do you work for?', 'Where do you practice?']),
s('referrer.organization')) }}{{ q(pick(['On what date are you making this referral?', 'When was this referral made?']), s('referral.date')) }}
{{ q(pick(['What is your office telephone?', 'At what number can we call you?']),
s('referrer.phone')) }}{{ q(pick(['To what fax number should we send our notes?', 'What is your fax number?']),
s('referrer.fax')) }}{{ q(pick(['Do you have a Direct secure address?', 'Secure message address (Direct), if you have one']),
s('referrer.direct_address')) }}{{ q(pick(['Is there one of our clinicians you would like?',
'Did you have a certain provider here in mind?']), s('recipient.name')) }}</div>"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Behavioral Health")
    d = b.doc("referral", c)
    x = c.x
    p = world.person(r)
    prior = r.choice(["None known", "", f"{p[0]} {p[2]}, LCSW, {d.ph(world.phone(r, x['area']))}"])
    dx = Markup("; ").join(Markup(r.choice(["%s: %s"])) % t for t in d.dx())
    cpt = Markup(", ").join(Markup("%s (%s)") % t for t in d.cpt())
    d.page("referral", T, dx=dx, cpt=cpt, prior=prior, clock=f"{r.randint(8, 11)}:{r.randint(10, 59)} AM", sub=f"#{r.randint(1000, 99999)}",
           phq=r.randint(4, 22), gad=r.randint(3, 19), aud=r.randint(0, 6))
