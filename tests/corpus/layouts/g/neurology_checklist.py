"""Neurology clinic's checklist: grouped check boxes for symptoms and studies, insurance at the bottom."""
CSS = """body{font:10.2pt 'P052'} .page{padding:.45in .6in} h1{font:bold 19pt 'P052';text-align:center;margin:0} .sub{text-align:center;font-size:9pt;margin:.02in 0 .1in}
.bar{background:#222;color:#fff;font:bold 9.3pt 'Nimbus Sans';padding:2px 7px;margin:.1in 0 .05in} .v,.w{font:9.8pt 'Liberation Sans'} .t .v{font:inherit}
.l{margin:.055in 0;line-height:1.45} .l u{text-decoration:none;border-bottom:1px solid #000;padding:0 .07in;margin-right:.1in;display:inline-block;min-width:.65in}
.g{display:grid;grid-template-columns:repeat(3,1fr);column-gap:.15in} .g h3{font:italic bold 9.7pt 'P052';margin:.02in 0} .g div div{margin:.022in 0}
.box{border:1px solid #000;padding:.04in .08in;min-height:.5in} .ft{font-size:7.8pt;margin-top:.1in;text-align:center} .st{display:grid;grid-template-columns:1fr 1fr 1fr 1fr;row-gap:.03in}"""
INS = """<div class=bar>{{ pick(['INSURANCE INFORMATION (attach copy of card)', 'INSURANCE', 'COVERAGE']) }}</div>
<div class=l>{{ pick(['Insurance:', 'Insurance Company:', 'Primary Insurance:']) }} <u>{{ s('insurance.payer') }}</u> {{ pick(['Member ID:', 'ID Number:', 'Policy #:']) }} <u>{{ s('insurance.member_id') }}</u> {{ pick(['Group:', 'Group Number:']) }} <u>{{ s('insurance.group_number') }}</u></div>
<div class=l>Policy Holder: <u><span class=w>{{ holder }}</span></u> Relationship: <u><span class=w>{{ rel }}</span></u> Customer service phone: <u><span class=w>1-800-555-0{{ tail }}</span></u></div>
<div class=l>Secondary: <u>{{ s('insurance.secondary.payer') }}</u> ID: <u>{{ s('insurance.secondary.member_id') }}</u> {{ pick(['Pre-authorization #:', 'Referral/Auth #:', 'Authorization No.:']) }} <u>{{ s('referral.authorization_number') }}</u></div>"""
FORM = """<h1 class=t>{{ s('recipient.organization') }}</h1>
<p class=sub>{{ x.rec_addr }} &bull; {{ x.city }}, {{ x.state }} {{ x.zip }} &bull; Ph {{ s.ph(x.rec_phone, '{a}-{x}-{n}') }} &bull; <b>Fax completed form to {{ s.ph(x.rec_fax, '{a}-{x}-{n}') }}</b></p>
<div class=t style="text-align:center;font:bold 13pt 'Nimbus Sans'">{{ s('referral.specialty', 'Neurology') }} {{ pick(['Referral Checklist', 'Consultation Request', 'Referral Request']) }}</div>
<div class=l style="text-align:right">{{ pick(['Date of referral:', 'Date:', 'Date sent:']) }} <u>{{ s('referral.date') }}</u></div>
<div class=l>{{ pick(['Appointment needed:', 'Priority:', 'How soon?']) }} {{ s.boxes('referral.urgency', urg) }}</div>
<div class=bar>PATIENT</div>
<div class=l>{{ pick(['Name:', 'Patient:', 'Patient Name:']) }} <u>{{ s('patient.name') }}</u> {{ pick(['DOB:', 'D.O.B.', 'Date of Birth:']) }} <u>{{ s('patient.birth_date') }}</u> {{ pick(['Sex:', 'Gender:']) }} <u>{{ s('patient.sex') }}</u> Age: <u><span class=w>{{ x.age }}</span></u></div>
<div class=l>Address: <u>{{ s.addr() }}</u></div>
<div class=l>{{ pick(['Telephone:', 'Daytime phone:', 'Phone:']) }} <u>{{ s('patient.phone') }}</u> Emergency contact: <u><span class=w>{{ x.emerg }} {{ s.ph(x.emerg_phone) }}</span></u></div>
<div class=l>Interpreter? <span class=opt>{{ s.box(not terp) }}No</span><span class=opt>{{ s.box(terp) }}Yes</span> Language spoken: <u>{{ s('patient.language') }}</u> {{ pick(['Your chart #:', 'Referring office MRN:']) }} <u>{{ s('patient.mrn') }}</u></div>
<div class=bar>REASON FOR REFERRAL &ndash; check all that apply</div>
<div class=g>{% for head, items in groups %}<div><h3>{{ head }}</h3>{% for label, on in items %}<div>{{ s.box(on) }}{{ label }}</div>{% endfor %}</div>{% endfor %}</div>
<div class=l style="margin-bottom:.02in">{{ pick(['Clinical question / brief history:', 'Please describe symptoms and specific question:', 'Details (required):']) }}</div><div class=box>{{ s('referral.reason', 'bare') }}</div>
<div class=l>ICD-10: {% for c, t in s.dx() %}<u><span class=v>{{ c }}</span> <span class=w>{{ t }}</span></u> {% else %}<u>&nbsp; &nbsp; &nbsp; &nbsp; &nbsp; &nbsp; &nbsp;</u>{% endfor %}</div>
<div class=l>{{ pick(['Type of service:', 'Requesting:', 'Please:']) }} {{ s.boxes('referral.service', svc) }}</div>
{% if s.has('referral.procedures') %}<div class=l>Testing requested (CPT): {% for c, t in s.cpt() %}<u><span class=v>{{ c }}</span> <span class=w>{{ t }}</span></u> {% endfor %}</div>{% endif %}
<div class=bar>STUDIES ALREADY DONE &ndash; send reports; patient to bring images on disc</div>
<div class=st>{% for label, on in done %}<span>{{ s.box(on) }}{{ label }}</span>{% endfor %}</div>
<div class=bar>REFERRING PROVIDER</div>
<div class=l>{{ pick(['Provider name:', 'Referring physician:', 'Print name:']) }} <u>{{ s('referrer.name') }}</u> NPI: <u>{{ s('referrer.npi') }}</u></div>
<div class=l>{{ pick(['Practice:', 'Clinic name:']) }} <u>{{ s('referrer.organization') }}</u> Phone: <u>{{ s('referrer.phone') }}</u> Fax: <u>{{ s('referrer.fax') }}</u></div>
<div class=l>Neurologist requested: <u>{{ s('recipient.name') if s.has('recipient.name') else 'any' }}</u> Form completed by: <u><span class=w>{{ x.contact }}</span></u></div>
""" + INS + """
<p class=ft>We do not treat chronic pain or complete disability forms. For suspected acute stroke call 911. &nbsp; Rev. {{ rev }}</p>"""
GROUPS = [("Head / Face", [("Migraine / headache", "migraine headache"), ("Facial pain", "cheek"), ("Facial weakness", "facial weak"), ("Concussion", "concuss")]),
          ("Seizure / Movement", [("Seizure / spells", "convulsion stares"), ("Tremor", "tremor"), ("Tics", "blinking"), ("Gait / balance", "gait toeing")]),
          ("Nerve / Memory", [("Memory loss", "moca repeated"), ("Neuropathy", "soles"), ("Weakness / numbness", "numb"), ("Developmental delay", "tone")])]


def build(b):
    r, c = b.case_rng, b.case(specialty="Neurology")
    b.css = CSS + b.rng.choice(["", ".l .v,.box .v,.w{font:9.2pt 'Noto Sans Mono';letter-spacing:-.4px}", ".bar{background:#ddd;color:#000;border:1px solid #000}"])
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    why, minor = c.values["referral.reason"].lower(), c.x["age"] < 18
    urg = list(zip(("routine", "urgent", "stat"), b.rng.choice([("Routine (4-6 wks)", "Urgent (within 2 weeks)", "Emergent - call office first"), ("Routine", "Urgent", "STAT")])))
    svc = [("consult", "Consultation"), ("evaluate_and_treat", "Evaluation & ongoing management"), ("diagnostic", "EMG / EEG only"),
           ("second_opinion", "Second opinion"), ("transfer_of_care", "Transfer from other neurologist")]
    done = [(n, r.random() < p) for n, p in (("MRI brain", .5), ("CT head", .4), ("MRI C/T/L spine", .2), ("EEG", .2), ("EMG / NCS", .2),
                                              ("Labs (B12, TSH)", .6), ("Lumbar puncture", .05), ("Sleep study", .1))]
    d.page("referral", FORM, urg=urg, svc=svc, done=done, terp=c.values.get("patient.language", "English") != "English",
           groups=[(h, [(label, any(k in why for k in keys.split())) for label, keys in items]) for h, items in GROUPS],
           holder=c.x["emerg"] if minor else "Self", rel="Parent" if minor else "Self", tail=r.randint(100, 199), rev=b.rng.choice(["03/2023", "11-2021", "1/24"]))
