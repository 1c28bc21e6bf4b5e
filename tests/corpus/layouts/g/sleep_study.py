"""Sleep centre's order form: patient's label in the upper right corner, matrix of studies and symptoms, Epworth scale."""
CSS = """body{font:9.5pt 'Nimbus Sans'} .page{padding:.45in .5in} .tp{display:flex;justify-content:space-between} .lt{width:3.55in} .lt b.n{font:bold 15pt 'URW Gothic';display:block;line-height:1.1} .lt p{margin:.03in 0;font-size:8.2pt;line-height:1.4} h1{font:bold 13pt 'URW Gothic';margin:.1in 0 0}
.lb{width:3.75in;border:1.5px solid #000;border-radius:10px;padding:.06in .1in;line-height:1.55} .lb small{font-size:7pt} .v,.w{font:9pt 'DejaVu Sans Mono';font-size:8.3pt} .n .v{font:inherit} h2{font:bold 9.4pt 'URW Gothic';border-top:2px solid #000;border-bottom:1px solid #000;margin:.1in 0 .04in;padding:2px 0}
.m{display:grid;grid-template-columns:1fr 1fr;gap:.035in .2in} .m3{grid-template-columns:repeat(4,1fr)} .l{margin:.055in 0;line-height:1.5} .l u{text-decoration:none;border-bottom:1px solid #000;display:inline-block;min-width:.8in;padding:0 .05in;margin-right:.08in} table.e{border-collapse:collapse;width:100%} .e td,.e th{border:1px solid #000;padding:0 5px;font-size:8.1pt;height:.17in} .e td+td{text-align:center;width:.34in}
.two{display:grid;grid-template-columns:4.1in 1fr;column-gap:.2in} .ft{font-size:7.3pt;margin-top:.08in;line-height:1.3}"""
FORM = """<div class=tp><div class=lt><b class=n>{{ s('recipient.organization') }}</b><p>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Scheduling {{ s.ph(x.rec_phone, '{a}.{x}.{n}') }} &nbsp; <b>Fax orders: {{ s.ph(x.rec_fax, '{a}.{x}.{n}') }}</b><br>AASM accredited &nbsp;|&nbsp; Open 7 nights</p><h1>{{ pick(['SLEEP STUDY ORDER FORM', 'Sleep Center Physician Order', 'Referral for Sleep Testing']) }}</h1>
<p>{{ pick(['Order date:', 'Date ordered:', 'Date']) }} <u>&nbsp;{{ s('referral.date') }}&nbsp;</u></p><p>{{ s.boxes('referral.urgency', urg) }}</p></div>
<div class=lb><small>{{ pick(['PATIENT LABEL', 'PLACE PATIENT LABEL HERE OR COMPLETE', 'PATIENT']) }}</small><br>{{ pick(['Pt:', 'Name:', 'Patient Name:']) }} {{ s('patient.name') }}<br>{{ pick(['DOB:', 'Birth Date:']) }} {{ s('patient.birth_date') }} &nbsp; {{ pick(['Sex:', 'M/F:']) }} {{ s('patient.sex') }}<br>{{ pick(['MRN:', 'Med Rec #:']) }} {{ s('patient.mrn') }}<br>{{ s('patient.address.line') }}<br>{{ s.csz() }}<br>{{ pick(['Ph:', 'Cell:', 'Contact #:']) }} {{ s('patient.phone') }}<br>Alt contact: <span class=w>{{ x.emerg }} {{ s.ph(x.emerg_phone) }}</span></div></div>
<div class=l>{{ pick(['Insurance:', 'Ins. carrier:', 'Primary payer:']) }} <u>{{ s('insurance.payer') }}</u> {{ pick(['ID:', 'Policy:', 'Member #:']) }} <u>{{ s('insurance.member_id') }}</u> {{ pick(['Grp:', 'Group:']) }} <u>{{ s('insurance.group_number') }}</u><br>{{ pick(['2nd insurance:', 'Secondary:']) }} <u>{{ s('insurance.secondary.payer') }}</u> ID: <u>{{ s('insurance.secondary.member_id') }}</u> {{ pick(['Precert #:', 'Pre-auth no.:', 'Auth #:']) }} <u>{{ s('referral.authorization_number') }}</u></div>
{% set on = s.cpt() | map(attribute=0) | list %}
<h2>{{ pick(['STUDY REQUESTED', '1. TEST ORDERED (check one or more)', 'PROCEDURES']) }}</h2><div class=m>{% for code, label in studies %}<div>{{ s.box(code in on) }}{{ label }} ({{ code }})</div>{% endfor %}</div>
<div class=l>{{ pick(['Consultation:', 'Follow-up plan:', 'Sleep physician to:']) }} {{ s.boxes('referral.service', svc) }}</div>
<h2>{{ pick(['DIAGNOSIS / INDICATION', '2. INDICATION FOR STUDY', 'SUSPECTED DIAGNOSIS (ICD-10)']) }}</h2>
{% set dx = s.dx() | map(attribute=0) | list %}<div class=m>{% for code, label in diagnoses %}<div>{{ s.box(s.code(code) in dx) }}{{ s.code(code) }} {{ label }}</div>{% endfor %}</div>
<div class=l>{{ pick(['Pertinent history / reason for study:', 'Reason for referral:', 'Clinical summary:']) }} <u style="display:inline">{{ s('referral.reason', 'bare') }}</u></div>
<div class=two><div><h2>EPWORTH SLEEPINESS SCALE (0 = never doze, 3 = high chance)</h2><table class=e>{% for q, n in ess %}<tr><td>{{ q }}<td>{{ n }}</tr>{% endfor %}<tr><td><b>TOTAL (0-24)</b><td><b>{{ total }}</b></tr></table></div>
<div><h2>SYMPTOMS / HISTORY</h2><div class=m>{% for label, yes in symptoms %}<div>{{ s.box(yes) }}{{ label }}</div>{% endfor %}</div>
<div class=l>BMI <u style="min-width:.4in"><span class=w>{{ bmi }}</span></u> Neck <u style="min-width:.4in"><span class=w>{{ neck }}&quot;</span></u><br>BP <u style="min-width:.4in"><span class=w>{{ x.bp }}</span></u> Wt <u style="min-width:.4in"><span class=w>{{ x.wt }}</span></u><br>Allergies <u><span class=w>{{ x.allergy }}</span></u></div></div></div>
<h2>SPECIAL NEEDS</h2><div class="m m3">{% for label, yes in needs %}<div>{{ s.box(yes) }}{{ label }}</div>{% endfor %}</div>
<div class=l>Language: <u>{{ s('patient.language') }}</u> DME company preference: <u><span class=w>{{ x.place }} Home Medical</span></u></div>
<h2>{{ pick(['ORDERING PROVIDER', '3. PHYSICIAN', 'REFERRING PROVIDER']) }}</h2>
<div class=l>{{ pick(['Printed name:', 'Ordering provider:', 'Physician (print):']) }} <u>{{ s('referrer.name') }}</u> {{ pick(['NPI:', 'NPI No.']) }} <u>{{ s('referrer.npi') }}</u> {{ pick(['Practice:', 'Office:']) }} <u>{{ s('referrer.organization') }}</u><br>{{ pick(['Phone:', 'Office phone:']) }} <u>{{ s('referrer.phone') }}</u> {{ pick(['Fax results to:', 'Fax:']) }} <u>{{ s('referrer.fax') }}</u> Copy to PCP: <u><span class=w>{{ pcp }}</span></u><br>
Signature: <u style="font:15pt Z003;min-width:2.4in">{{ x.referrer[0][0] }}. {{ x.referrer[2] }}</u> Date/Time: <u><span class=w>{{ s.d(x.ref_date) }} {{ clock }}</span></u></div>
<p class=ft>By signing I authorize the center to convert to split-night protocol when criteria are met (AHI &ge; 20 in first 2 h) and to substitute home testing (95806) if required by the payer. Attach face-to-face office note within 6 months, medication list and insurance card. Cancellations: 48 hours&rsquo; notice. CONFIDENTIAL: intended for the addressee only.</p>"""
STUDIES = [("95810", "Diagnostic polysomnogram, attended"), ("95811", "PAP titration study"), ("95806", "Home sleep apnea test"), ("95805", "Multiple sleep latency test (day after PSG)"), ("94762", "Overnight oximetry"), ("95782", "Pediatric PSG, under 6 years")]
DIAGNOSES = [("G47.33", "Obstructive sleep apnea"), ("R06.83", "Snoring"), ("G47.10", "Hypersomnia, unspecified"), ("G47.00", "Insomnia"), ("G25.81", "Restless legs syndrome"), ("G47.61", "Periodic limb movements"), ("G47.30", "Sleep apnea, unspecified"), ("R53.83", "Fatigue")]
WHY = ["Loud snoring and witnessed pauses for {dur}, partner sleeps in another room", "Nodded off at a traffic light last week, unrefreshed for {dur}", "Known apnea, mask lost {dur} ago, needs new titration for replacement machine",
       "Resistant hypertension on three drugs, wakes choking", "Kicks at night and cannot sit still in the evening for {dur}", "Preop screening before bariatric surgery, STOP-BANG 6", "Morning headaches for {dur}, oxygen dips on overnight oximetry"]
ESS = ["Sitting and reading", "Watching TV", "Sitting inactive in a public place", "As a passenger in a car for an hour", "Lying down in the afternoon", "Sitting and talking to someone", "Sitting quietly after lunch, no alcohol", "In a car, stopped in traffic"]


def build(b):
    import world
    r, c = b.case_rng, b.case(specialty="Pulmonology")
    while c.x["age"] < 18:
        c = b.case(specialty="Pulmonology")
    b.css = CSS + b.rng.choice(["", "body{font-family:'Liberation Sans Narrow';font-size:10pt}", ".lb .v,.w,.l .v{font:9.2pt 'Courier Prime Code'}.lb{border-radius:0;border-style:dashed}"])
    place = r.choice(world.PLACES)
    c.values["recipient.organization"] = r.choice([f"{place} Sleep Disorders Center", f"{c.x['city']} Sleep Center", f"{place} Hospital Sleep Lab"])
    c.values["referral.reason"] = r.choice(WHY).format(dur=c.x["dur"])
    c.dx, c.procs = r.sample(DIAGNOSES, r.choice([1, 1, 2])), r.sample(STUDIES[:5], r.choice([1, 1, 1, 2]))
    for key, pairs in (("referral.diagnoses", c.dx), ("referral.procedures", c.procs)):
        if key == "referral.procedures" or c.has(key):
            c.values[key] = [code for code, _ in pairs]
    d = b.doc("referral", c)
    d.drop("referral.specialty", "referrer.direct_address", "recipient.name")
    urg = list(zip(("routine", "urgent", "stat"), b.rng.choice([("Routine", "Urgent", "STAT"), ("Next available", "Urgent - within 7 days", "STAT")])))
    svc = [("evaluate_and_treat", "Evaluate & manage (consult, study, PAP set-up)"), ("diagnostic", "Study only - return to me"), ("consult", "Consult first")]
    scores, flag = [r.randint(0, 3) for _ in ESS], lambda *pairs: [(label, r.random() < p) for label, p in pairs]
    d.page("referral", FORM, urg=urg, svc=svc, studies=STUDIES, diagnoses=DIAGNOSES, ess=list(zip(ESS, scores)), total=sum(scores), bmi=f"{r.uniform(24, 46):.1f}", neck=r.choice([14, 15, 16, 17, 18.5]),
           symptoms=flag(("Snoring", .8), ("Gasping", .5), ("Apneas", .5), ("AM headache", .4), ("Leg jerks", .2), ("HTN", .6), ("Afib", .15), ("Diabetes", .3)), pcp=r.choice(["same", "Dr. " + r.choice(world.FAMILY)]),
           needs=flag(("Oxygen ___ L/min", .1), ("Wheelchair", .1), ("Caregiver stays", .1), ("Lift needed", .05)), clock=f"{r.randint(8, 16)}:{r.randint(10, 59)}")
