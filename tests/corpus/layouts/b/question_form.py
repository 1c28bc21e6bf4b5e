"""Plain-language referral sheet whose labels are whole questions, answers written underneath or beside."""
FONTS = ["'URW Gothic'", "P052", "'Liberation Serif'", "'DejaVu Sans'"]
CSS = """
.page{padding:.5in .65in} h1{font-size:1.75em;margin:0} .q{margin-top:.12in;break-inside:avoid} .q b{display:block}
.line .a{border-bottom:.7px solid #000;min-height:1.45em} .box .a{border:.8px solid #555;padding:2px 6px;min-height:1.6em} .ind .a{padding-left:.25in}
.row{display:grid;grid-template-columns:repeat(6,1fr);column-gap:.2in} .row .q{min-width:0} .a{overflow-wrap:anywhere;line-height:1.3}
.n{counter-increment:q} .num .n b:before{content:counter(q) ". "}
"""
T = """
{% macro q(t, w=6) %}<div class="q n" style="grid-column:span {{ w }}"><b>{{ t }}</b><div class=a>{{ caller() }}</div></div>{% endmacro %}
<div style="display:flex;justify-content:space-between;align-items:baseline;border-bottom:1px solid #000;padding-bottom:5px"><h1>
{{ pick(['Asking for a specialist','Specialist request sheet','Help us see your patient']) }}</h1><span>{{ pick(['Five minutes, one page',
'Please answer every question','Form R-7']) }}</span></div>
<div class="{{ deco }}"><div class=row>
{% call q(pick(['Who is the patient?','Whom are you sending?','What is the patient\\'s name?']), 3) %}{{ s('patient.name') }}{% endcall %}
{% call q(pick(['When was the patient born?','What is the date of birth?'])|safe, 2) %}{{ s('patient.birth_date') }}{% endcall %}
{% call q(pick(['Male or female?','What sex?']), 1) %}{{ s('patient.sex', 'word') }}{% endcall %}
{% call q(pick(['Where does the patient live?','What is the home address?']), 4) %}{{ s.addr() }}{% endcall %}
{% call q(pick(['What number should we call?','How do we reach the patient?']), 2) %}{{ s('patient.phone') }}{% endcall %}
{% if lang %}{% call q(pick(['Which language is spoken at home?',
'What language does the patient prefer?']), 3) %}{{ s('patient.language') }}{% endcall %}{% endif %}
{% call q(pick(['Who can we call if the patient cannot be reached?','Is there a relative we may talk to?']), 3) %}{{ x.emerg }},
{{ s.ph(x.emerg_phone) }}{% endcall %}
{% if not lang %}{% call q('Is there a copay?', 3) %}{{ pick(['Not known','$40','$25','None']) }}{% endcall %}{% endif %}
{% call q(pick(['Who pays for the visit?','What insurance does the patient have?']), 3) %}{{ s('insurance.payer') }}{% endcall %}
{% call q(pick(['What is the number on the card?','What is the member number?']), 2) %}{{ s('insurance.member_id') }}{% endcall %}
{% call q(pick(['Any group no.?','Which group?']), 1) %}{{ s('insurance.group_number') }}{% endcall %}
{% call q(pick(['Is there a second insurance, and its number?','Does any other plan cover this? (plan, ID)']), 4) %}{%
if s.has('insurance.secondary.payer') %}{{ s('insurance.secondary.payer') }}, {{ s('insurance.secondary.member_id') }}{% else %}No{% endif %}{% endcall %}
{% call q(pick(['Authorization number, if needed?','Has the plan given an approval number?']), 2) %}{{ s('referral.authorization_number') }}{% endcall %}
{% call q(pick(['Which kind of specialist is needed?','Which specialty do you need?']), 3) %}{{ s('referral.specialty') }}{% endcall %}
{% call q(pick(['Do you want a certain doctor or office?','Who should see the patient?']), 3) %}{% if s.has('recipient.name') %}{{ s('recipient.name') }},
{% endif %}{{ s('recipient.organization') }}{% endcall %}
{% call q(pick(['How soon must the patient be seen?','How quickly?'])) %}{{ urg }}{% endcall %}
{% call q(pick(['What do you want the specialist to do?','What should we do for you?'])) %}{{ serv }}{% endcall %}
{% call q(pick(['What is the question for the specialist?','What would you like answered?',
'Why is the patient being sent?'])) %}{{ s('referral.reason') }}{% endcall %}
{% call q(pick(['What diagnoses (with ICD-10 codes) go with this request?',
'Which diagnosis code(s) apply to this visit?'])) %}{% for c,d in s.dx() %}{{ d }} ({{ c }}){{ '; ' if not loop.last }}{% endfor %}{% endcall %}
{% if s.has('referral.procedures') %}{% call q(pick(['Do you want a test or procedure? Which CPT?',
'Any procedure in mind (CPT code)?'])) %}{% for c,d in s.cpt() %}{{ c }} {{ d }}{{ '; ' if not loop.last }}{% endfor %}{% endcall %}{% endif %}
{% call q(pick(['What has been tried or tested so far?','What medicines is the patient taking?'])) %}{{ x.meds[0] }}; {{ x.meds[2] }}. Allergies:
{{ x.allergy|lower }}.{% endcall %}
{% call q(pick(['Who is asking?','Who are you (referring clinician)?']), 3) %}{{ s('referrer.name') }}{% endcall %}
{% call q('What is your NPI?', 3) %}{{ s('referrer.npi') }}{% endcall %}
{% call q(pick(['Which practice are you with?','What is your office called?']), 3) %}{{ s('referrer.organization') }}{% endcall %}
{% call q(pick(['What is your office phone?','Where can we call you?']), 2) %}{{ s('referrer.phone') }}{% endcall %}
{% call q('And your fax?', 1) %}{{ s('referrer.fax') }}{% endcall %}
{% call q(pick(['When did you fill this in?','What is today\\'s date?']), 3) %}{{ s('referral.date') }}{% endcall %}
{% call q(pick(['When did you last see the patient?','Date of the last office visit?']), 3) %}{{ s.d(x.visit) }}{% endcall %}
</div></div>
"""


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%spt %s}" % (r.choice([9.6, 10, 10.3]), r.choice(FONTS)) + r.choice(["",
        ".q b{font-weight:normal;font-style:italic;font-size:.92em}", ".q b{font-size:.9em}"])
    d = b.doc("referral", b.case())
    d.drop("referrer.direct_address", "patient.mrn", *(["insurance.secondary.payer", "insurance.secondary.member_id"] if r.random() < .3 else []))
    uo = [("routine", "Next opening (routine)"), ("urgent", "Within a week (urgent)"), ("stat", "Today (STAT)")]
    so = [("consult", "Advise only (consult)"), ("evaluate_and_treat", "Evaluate and treat"), ("procedure", "Do a procedure"), ("diagnostic", "Do a test"),
        ("second_opinion", "Second opinion"), ("transfer_of_care", "Take over care")]
    st = r.choice([None, None, "circle", "uni"])
    d.page("referral", T, deco=r.choice(["line", "box", "ind", "line num"]), lang=d.has("patient.language"), urg=d.boxes("referral.urgency", uo, st),
        serv=d.boxes("referral.service", so, st))
