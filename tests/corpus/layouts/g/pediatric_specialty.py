"""Children's hospital's specialty referral: which clinic, priority, child, parents or guardians with telephones of their own, referring provider."""
import datetime as dt

import world

CLINICS = [("Allergy and Immunology", "Allergy / Immunology"), ("Cardiology", "Cardiology"), ("Dermatology", "Dermatology"), ("Endocrinology", "Endocrinology"),
    ("Otolaryngology", "ENT"), ("Gastroenterology", "Gastroenterology"), ("Neurology", "Neurology"), ("Ophthalmology", "Ophthalmology"),
    ("Orthopedic Surgery", "Orthopedics"), ("Pulmonology", "Pulmonology")]
OTHERS = ["Genetics", "Child Development", "Craniofacial", "Weight Management"]
CSS = """
.cb{overflow:hidden} .page{padding:.45in .55in} .hd{display:flex;gap:.2in;align-items:center} .hd i{width:.62in;height:.62in;border-radius:50%;border:7px solid #777;flex:none}
.hd h1{font-size:1.9em;margin:0;font-weight:bold} .sec{border:1.3px solid #555;border-radius:9px;padding:.2in .12in .07in;margin-top:.17in;position:relative}
.sec>em{position:absolute;top:-9px;left:14px;background:#fff;padding:0 6px;font-style:normal;font-weight:bold;font-size:1.1em}
.r{display:flex;gap:.16in;margin-bottom:.055in;align-items:baseline} .r>div{display:flex;gap:5px;min-width:0;align-items:baseline} .r span.q{white-space:nowrap;font-size:.92em}
.r span.a{flex:1;border-bottom:1px solid #999;min-height:1.25em;min-width:0;overflow-wrap:anywhere;padding-left:2px}
.cl{display:grid;grid-template-columns:1.25fr 1fr 1.2fr 1fr 1fr;gap:4px 4px;font-size:.92em} .cl .opt{margin:0;white-space:normal}
"""
FORM = """
{% macro f(q, w=1) %}<div style="flex:{{ w }}"><span class=q>{{ q }}</span><span class=a>{{ caller() }}</span></div>{% endmacro %}
<div class=hd><i></i><div><h1>{{ hosp }}</h1>{{ pick(['Outpatient Specialty Referral', 'Specialty Clinic Referral Form', 'Request for Pediatric Specialty Appointment']) }}<br>
<span style="font-size:.9em">{{ pick(['Fax', 'Fax completed form to']) }} {{ s.ph(x.rec_fax) }} &nbsp;|&nbsp; {{ pick(['Access Center', 'Family Scheduling Line']) }} {{ s.ph(x.rec_phone) }}
&nbsp;|&nbsp; Physician Priority Line {{ s.ph(line) }}</span></div></div>
<div class=sec><em>{{ pick(['Clinic', 'Specialty requested', 'Refer to']) }}</em><div class=cl>{{ clinics }}</div>
<div class=r style="margin-top:7px">{% call f(pick(['Specific provider (optional)', 'Preferred physician'])) %}{{ s('recipient.name') }}{% endcall %}</div>
<div style="margin-top:4px"><b>{{ pick(['Priority', 'Timing', 'Needs to be seen']) }}:</b> &nbsp; {{ urg }}</div></div>
<div class=sec><em>{{ pick(['Child', 'Patient information', 'About the patient']) }}</em>
<div class=r>{% call f(pick(["Child's legal name", 'Legal name', 'Patient (last, first, middle)']), 2) %}{{ s('patient.name', nm) }}{% endcall %}{% call f('Goes by', 0.7) %}{{ nick }}{% endcall %}</div>
<div class=r>{% call f(pick(['DOB', 'Birth date', 'Date of birth'])) %}{{ s('patient.birth_date') }}{% endcall %}{% call f('Age', 0.5) %}{{ x.age }} {{ pick(['yr', 'y', 'years']) }}{% endcall %}
<div><span class=q>{{ pick(['Sex assigned at birth', 'Sex', 'Legal sex']) }}</span> {{ sex }}</div></div>
<div class=r>{% call f(pick(['Home address', 'Address where child lives'])) %}{{ s.addr() }}{% endcall %}</div>
<div class=r>{% call f(pick(['Home phone', 'Main phone for child']), 1) %}{{ s('patient.phone') }}{% endcall %}{% call f(pick(['Language spoken at home', 'Family language']), 1.1) %}{{ s('patient.language') }}{% endcall %}
<div><span class=q>Interpreter?</span> {{ s.box(interp) }}Y {{ s.box(not interp) }}N</div></div></div>
<div class=sec><em>{{ pick(['Parent / Guardian', 'Parents or legal guardians', 'Responsible adults']) }}</em>
<div class=r>{% call f('1. Name', 1.5) %}{{ x.emerg }}{% endcall %}{% call f('Relationship', 0.9) %}{{ rel }}{% endcall %}{% call f('Cell', 1.1) %}{{ s.ph(x.emerg_phone) }}{% endcall %}</div>
<div class=r>{% call f('2. Name', 1.5) %}{{ other }}{% endcall %}{% call f('Relationship', 0.9) %}{{ rel2 }}{% endcall %}{% call f('Cell', 1.1) %}{{ s.ph(phone2) if other }}{% endcall %}</div>
<div>{{ pick(['Custody papers or foster placement?', 'Is the child in foster care?']) }} {{ s.box(False) }}Yes (attach) {{ s.box(True) }}No &nbsp; May we text? {{ s.box(True) }}Yes {{ s.box(False) }}No</div></div>
<div class=sec><em>{{ pick(['Coverage', 'Insurance', 'Health plan']) }}</em>
<div class=r>{% call f(pick(['Plan', 'Primary plan', 'Insurance name']), 1.5) %}{{ s('insurance.payer') }}{% endcall %}{% call f(pick(['Member #', "Child's ID on card", 'ID']), 1.2) %}{{ s('insurance.member_id') }}{% endcall %}
{% call f('Group', 0.8) %}{{ s('insurance.group_number') }}{% endcall %}</div>
<div class=r>{% call f('Subscriber', 1.3) %}{{ x.emerg }}{% endcall %}{% call f("Subscriber's DOB", 1.35) %}{{ s.d(sub_dob) }}{% endcall %}{% call f(pick(['Auth #', 'Authorization']), 1) %}{{ s('referral.authorization_number') }}{% endcall %}</div>
{% if s.has('insurance.secondary.payer') %}<div class=r>{% call f('Second plan', 1.5) %}{{ s('insurance.secondary.payer') }}{% endcall %}{% call f('ID', 1.2) %}{{ s('insurance.secondary.member_id') }}{% endcall %}</div>{% endif %}</div>
<div class=sec><em>{{ pick(['Medical question', 'Reason for referral', 'Clinical information']) }}</em>
<div style="border-bottom:1px solid #999">{{ s('referral.reason') }}</div>
<table style="margin-top:5px;font-size:.96em">{% for c, w in s.dx() %}<tr><td style="white-space:nowrap;padding-right:10px;vertical-align:top">{{ dxw }} {{ loop.index }}</td><td><b>{{ c }}</b> &nbsp; {{ w }}</td></tr>{% endfor %}</table>
<div style="margin-top:4px">{{ pick(['Sent with this form', 'Enclosed']) }}: {% for t, on in sent %}<span class=opt>{{ s.box(on) }}{{ t }}</span> {% endfor %}</div>
<div style="margin-top:4px">Wt {{ x.wt }} lb &nbsp; Immunizations current {{ s.box(True) }} &nbsp; Allergies: {{ x.allergy }} &nbsp; Meds: {{ x.meds[0] }}</div></div>
<div class=sec><em>{{ pick(['Referring provider', 'Your office', 'Referral source']) }}</em>
<div class=r>{% call f(pick(['Provider', 'Name, credentials']), 1.4) %}{{ s('referrer.name') }}{% endcall %}{% call f('NPI', 0.9) %}{{ s('referrer.npi') }}{% endcall %}{% call f(pick(['Date', 'Date of referral']), 1.3) %}{{ s('referral.date') }}{% endcall %}</div>
<div class=r>{% call f(pick(['Practice', 'Clinic / group']), 1.4) %}{{ s('referrer.organization') }}{% endcall %}{% call f('Tel', 0.9) %}{{ s('referrer.phone') }}{% endcall %}{% call f('Fax', 0.9) %}{{ s('referrer.fax') }}{% endcall %}</div>
<div class=r>{% call f('Practice address', 1.6) %}{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}{% endcall %}{% call f(pick(["Child's PCP if different", 'PCP']), 1) %}{{ pcp }}{% endcall %}</div></div>
"""


def build(b):
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.6pt 'URW Gothic'", "10.9pt 'Linux Biolinum O'", "10.2pt Lato"])
    spec = cr.choice([key for key, _ in CLINICS])
    c = b.case(specialty=spec)
    while c.x["age"] > 17:
        c = b.case(specialty=spec)
    x = c.x
    d = b.doc("referral", c)
    d.drop("patient.mrn", "referral.procedures", "referral.service", "referrer.direct_address", "recipient.organization")
    clinics = d.boxes("referral.specialty", sorted(CLINICS + [(o, o) for o in OTHERS], key=lambda pair: pair[1]))
    urg = d.boxes("referral.urgency", [("stat", r.choice(["Emergent: call Priority Line", "STAT, within 24 hours"])), ("urgent", r.choice(["Urgent (1-2 weeks)",
        "Urgent"])), ("routine", r.choice(["Routine (next available)", "Routine"]))])
    sex = d.boxes("patient.sex", [("female", "F"), ("male", "M"), ("other", "X")])
    mother = x["emerg"].split()[0] in world.FEMALE
    other = "" if cr.random() < .3 else f"{cr.choice(world.MALE if mother else world.FEMALE)} {cr.choice([x['patient'][2], cr.choice(world.FAMILY)])}"
    d.page("referral", FORM, dxw=r.choice(["Diagnosis", "ICD-10"]), clinics=clinics, urg=urg, sex=sex, nm=cr.choice(["first", "last", "LAST"]), nick=x["patient"][0][:3] if cr.random() < .3 else "",
        hosp=f"{r.choice([x['city'], x['place']])} {r.choice(['Children’s Hospital', 'Children’s Medical Center', 'Hospital for Children'])}", line=world.phone(cr, x["area"]),
        interp=c.values.get("patient.language", "English") != "English", rel="mother" if mother else "father", other=other,
        rel2=("father" if mother else "mother") if other else "", phone2=world.phone(cr, x["area"]), sub_dob=x["dob"] - dt.timedelta(days=cr.randint(8000, 14000)),
        sent=[(t, cr.random() < .5) for t in ("Growth chart", "Office notes", "Labs", "Imaging on disc")],
        pcp="same" if cr.random() < .6 else "Dr. " + cr.choice(world.FAMILY))
