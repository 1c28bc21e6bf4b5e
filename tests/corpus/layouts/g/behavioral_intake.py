"""Community mental-health center's referral: typewriter face, values on ruled lines, each caption below its line, reason in free text."""
import textwrap

import world

CSS = """
.cb{overflow:hidden} .page{padding:.55in .7in;line-height:1.25} .ti{text-align:center;margin-bottom:.1in} .ti b{font-size:1.3em;letter-spacing:1px}
.r{display:flex;gap:.22in;margin-top:.11in;align-items:flex-end} .r>div{min-width:0} .r .a{border-bottom:1px solid #000;min-height:1.3em;overflow-wrap:anywhere;padding:0 3px}
.r small{display:block;font-size:.78em;line-height:1.2;padding:2px 0 0 3px} .sh{margin:.16in 0 0;font-weight:bold;text-decoration:underline}
.ln{border-bottom:1px solid #000;min-height:1.45em;padding:3px 3px 0} .st{font-size:.8em;margin-top:.14in;border-top:1px dashed #000;padding-top:5px}
.ck{display:grid;grid-template-columns:1fr 1fr 1fr;gap:3px;margin-top:4px} .ck .opt{white-space:normal;margin:0}
"""
FORM = """
{% macro f(cap, w=1) %}<div style="flex:{{ w }}"><div class=a>{{ caller() }}</div><small>{{ cap }}</small></div>{% endmacro %}
<div class=ti><b>{{ name }}</b><br>{{ pick(['REFERRAL FOR SERVICES', 'Agency / Physician Referral', 'INTAKE REFERRAL']) }}<br>
<small>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} &nbsp; Access {{ s.ph(x.rec_phone) }} &nbsp; Fax {{ s.ph(x.rec_fax) }}<br>
{{ pick(['Crisis? Do not fax. Call or text 988, or mobile crisis', 'Mobile crisis team, 24 hours']) }} {{ s.ph(crisis) }}</small></div>
<div>{{ pick(['RESPONSE NEEDED', 'LEVEL OF NEED', 'TRIAGE']) }}: {{ urg }}</div>
<p class=sh>{{ pick(['PERSON BEING REFERRED', 'CLIENT', 'WHO NEEDS SERVICES']) }}</p>
<div class=r>{% call f(pick(['Full legal name', 'Client name', 'Name of individual']), 2.2) %}{{ s('patient.name') }}{% endcall %}
{% call f(pick(['Birth date', 'DOB']), 1.2) %}{{ s('patient.birth_date') }}{% endcall %}{% call f(pick(['Sex', 'Sex on birth record', 'Gender']), 0.8) %}{{ s('patient.sex') }}{% endcall %}</div>
<div class=r>{% call f(pick(['Street', 'Where the person stays now']), 2) %}{{ s('patient.address.line') }}{% endcall %}{% call f('City, State, Zip', 1.7) %}{{ s.csz() }}{% endcall %}</div>
<div class=r>{% call f(pick(['Telephone (safe to leave message)', 'Phone', 'Best number to reach client']), 1.3) %}{{ s('patient.phone') }}{% endcall %}
{% call f('Primary language', 1) %}{{ s('patient.language') }}{% endcall %}{% call f('Last 4 of SSN', 0.6) %}{{ x.ssn4 }}{% endcall %}</div>
<div class=r>{% call f(pick(['Guardian / support person', 'Emergency contact']), 1.5) %}{{ x.emerg }}{% endcall %}{% call f('Relationship', 0.9) %}{{ rel }}{% endcall %}
{% call f('Their phone', 1.2) %}{{ s.ph(x.emerg_phone) }}{% endcall %}</div>
<div class=r>{% call f(pick(['Payor / Medicaid plan', 'Insurance', 'Funding source']), 1.6) %}{{ s('insurance.payer') }}{% endcall %}{% call f(pick(['Recipient or policy ID', 'ID number']), 1.2) %}{{ s('insurance.member_id') }}{% endcall %}
{% call f('Group', 0.8) %}{{ s('insurance.group_number') }}{% endcall %}</div>
<p class=sh>{{ pick(['REFERRED BY', 'REFERRAL SOURCE', 'PERSON COMPLETING THIS FORM']) }}</p>
<div class=r>{% call f(pick(['Name and title', 'Referring clinician']), 1.5) %}{{ s('referrer.name') }}{% endcall %}{% call f(pick(['Agency / practice', 'Organization']), 1.7) %}{{ s('referrer.organization') }}{% endcall %}</div>
<div class=r>{% call f('Phone', 1) %}{{ s('referrer.phone') }}{% endcall %}{% call f('Fax', 1) %}{{ s('referrer.fax') }}{% endcall %}{% call f('NPI', 0.9) %}{{ s('referrer.npi') }}{% endcall %}
{% call f(pick(['Date', 'Date of referral', 'Date completed']), 1) %}{{ s('referral.date') }}{% endcall %}</div>
<div>&nbsp;</div><div>Has the person agreed to this referral? {{ s.box(True) }}Yes {{ s.box(False) }}No &nbsp; Current therapist: {{ ther }}</div>
<p class=sh>{{ pick(['REASON FOR REFERRAL', 'PRESENTING PROBLEM', 'WHAT IS GOING ON?']) }} <span style="font-weight:normal">{{ pick(['(describe)', '(use back if needed)', '']) }}</span></p>
{% for line in lines %}<div class=ln>{{ line }}</div>{% endfor %}<div class=ln>&nbsp;</div>
<div class=r>{% call f(pick(['Diagnosis, if known (ICD-10)', 'Working diagnosis / code']), 1) %}{% for c, w in s.dx() %}{{ c }} {{ w }}{{ '; ' if not loop.last }}{% endfor %}{% endcall %}</div>
<div class=r>{% call f(pick(['Psychotropic medication now', 'Current medications']), 1) %}{{ x.meds[0] }}, {{ x.meds[1] }}{% endcall %}</div>
<div class=ck>{% for t, on in asks %}<span class=opt>{{ s.box(on) }}{{ t }}</span>{% endfor %}</div>
<div class=st>{{ pick(['Records of substance use treatment are protected by 42 CFR Part 2 and may not be passed on without written consent.',
'CONFIDENTIAL - Federal rules (42 CFR Part 2) prohibit further disclosure.']) }}<br>FOR INTAKE STAFF: Rec ____/____ Clinician __________ Case no. ________ Appt ____/____</div>
"""


def build(b):
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.4pt 'Courier Prime'", "10pt 'Liberation Mono'", "10pt 'Nimbus Mono PS'"])
    c = b.case(specialty="Behavioral Health")
    d = b.doc("referral", c)
    d.style["cb"] = r.choice(["br", "line", "par"])
    d.drop("patient.mrn", "referral.procedures", "referral.service", "referral.authorization_number", "referral.specialty", "referrer.direct_address",
           "insurance.secondary.payer", "insurance.secondary.member_id", "recipient.name", "recipient.organization")
    urg = d.boxes("referral.urgency", [("routine", "Routine"), ("urgent", r.choice(["Urgent", "Urgent (7 days)"])), ("stat", r.choice(["Emergent", "Emergent 24 h"]))])
    lines = textwrap.wrap(d.text("referral.reason"), 62)
    kind = r.choice(["COUNTY BEHAVIORAL HEALTH AUTHORITY", "COMMUNITY MENTAL HEALTH CENTER", "COUNSELING AND RECOVERY SERVICES"])
    asks = ["Individual therapy", "Group", "Medication visit", "Case management", "Psych testing", "Substance use eval"]
    d.page("referral", FORM, urg=urg, lines=lines, name=f"{c.x['place'].upper()} {kind}", crisis=world.phone(cr, c.x["area"]),
           rel="parent" if c.x["age"] < 18 else cr.choice(["spouse", "sibling", "cousin", "friend"]), asks=[(t, cr.random() < .3) for t in asks],
           ther=cr.choice(["none", "none", f"{cr.choice(world.FEMALE)} {cr.choice(world.FAMILY)}, LCSW {d.ph(world.phone(cr, c.x['area']))}"]))
