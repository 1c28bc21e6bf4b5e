"""A pediatrician's order for a child's speech, occupational or physical therapy, written as a large prescription blank."""
import simple_icd_10_cm as icd10

CSS = """
.page{padding:.55in .7in} .rx{border:2.5px solid #000;outline:1px solid #000;outline-offset:3px;padding:.2in .28in;min-height:9.3in}
.top{text-align:center;line-height:1.3;border-bottom:1.2px solid #000;padding-bottom:.08in} .top b{font-size:1.55em}
h1{font-size:1.18em;text-align:center;margin:.1in 0;letter-spacing:1px} .w{margin:.085in 0;display:flex;flex-wrap:wrap;gap:.04in .16in;line-height:1.35}
.w u{text-decoration:none;border-bottom:1px solid #000;padding:0 .06in;min-width:.6in;display:inline-block} .big{font:bold 34pt 'DejaVu Serif';line-height:.9;margin-right:.2in}
.dis{border:1.2px solid #000;border-width:1.2px 0;padding:.09in 0;margin:.1in 0;display:flex;align-items:center} .dis .opt{display:block;font-size:1.12em;margin:.03in 0}
.fl{display:grid;grid-template-columns:1fr 1fr 1fr;gap:.03in} .sg{display:grid;grid-template-columns:2.4fr 1fr;gap:.06in .3in;margin-top:.22in}
.sg div{border-top:1px solid #000;font-size:.83em;padding-top:1px}
"""
FORM = """<div class=rx><div class=top><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['Tel', 'Ph:', 'Office']) }} {{ s('referrer.phone') }} &nbsp;&nbsp; {{ pick(['Fax', 'Fx:']) }} {{ s('referrer.fax') }}<br>
<span style="font-size:.85em">{{ partners }}</span></div>
<h1>{{ pick(['PEDIATRIC THERAPY PRESCRIPTION', 'ORDER FOR OUTPATIENT PEDIATRIC THERAPY', 'Pediatric Therapy Services - Physician Order']) }}</h1>
<div class=w><span>{{ pick(["Child's name", 'Name of child', 'Child']) }} <u><b>{{ s('patient.name') }}</b></u></span>
<span>{{ pick(['Birth date', 'DOB', 'D.O.B.']) }} <u>{{ s('patient.birth_date') }}</u></span><span>{{ pick(['Boy / Girl', 'Sex', 'Gender']) }} <u>{{ s('patient.sex') }}</u></span>
<span>Age <u>{{ x.age }}</u></span></div>
<div class=w><span>{{ pick(['Parent / guardian', "Parent's name", 'Mother / father / guardian']) }} <u>{{ x.emerg }}</u></span>
<span>{{ pick(['Home phone', 'Family phone', 'Phone']) }} <u>{{ s('patient.phone') }}</u></span><span>Parent's work <u>{{ s.ph(x.emerg_phone) }}</u></span></div>
<div class=w><span>{{ pick(['Lives at', 'Home address', 'Address']) }} <u>{{ s.addr() }}</u></span>{% if s.has('patient.language') %}
<span>Language at home <u>{{ s('patient.language') }}</u></span>{% endif %}</div>
<div class=w><span>{{ pick(['Insurance', 'Health plan', 'Covered by']) }} <u>{{ s('insurance.payer') }}</u></span>
<span>{{ pick(['ID', 'Member #', 'Recipient ID']) }} <u>{{ s('insurance.member_id') }}</u></span>{% if s.has('insurance.group_number') %}<span>Grp <u>{{ s('insurance.group_number') }}</u></span>{% endif %}
{% if s.has('referral.authorization_number') %}<span>Prior auth <u>{{ s('referral.authorization_number') }}</u></span>{% endif %}</div>
<div class=w><span>{{ pick(['Therapy clinic', 'Send to', 'Refer to']) }}: <u>{{ s('recipient.organization') }}</u></span><span>fax {{ s.ph(x.rec_fax) }}</span></div>
<div class=dis><span class=big>&#8478;</span><div>{{ disc }}</div></div>
<div class=w>{{ serv }}</div>
<div class=w><span>{{ pick(['Diagnosis', 'Treatment diagnosis', 'Dx']) }} <i>({{ pick(['ICD-10 required', 'with ICD-10']) }})</i>:</span>{% for c, d in s.dx() %}<u>{{ c }} &ndash; {{ d }}</u>{% endfor %}</div>
{% if s.has('referral.procedures') %}<div class=w><span>{{ pick(['Codes to bill', 'CPT', 'Procedure code(s)']) }}:</span>{% for c, d in s.cpt() %}<u>{{ c }} {{ d }}</u>{% endfor %}</div>{% endif %}
<div class=w><span>{{ pick(['Concern', 'Why therapy is needed', 'Clinical concern']) }}: <u>{{ s('referral.reason') }}</u></span></div>
<div class=w><span>{{ pick(['Frequency', 'How often']) }} <u>{{ pick([1, 2, 3]) }} x / week</u></span><span>{{ pick(['Duration', 'For']) }} <u>{{ pick(['12 weeks', '6 months', '1 year']) }}</u></span>
<span>{{ urg }}</span></div>
<div style="margin:.1in 0 .03in"><b>{{ pick(['Goals', 'Areas to address']) }}</b></div><div class=fl>{% for g in goals %}<span>{{ s.box(rng.random() < 0.4) }}{{ g }}</span>{% endfor %}</div>
<p style="margin:.09in 0"><b>Precautions:</b> {{ pick(['none known', 'seizures', 'latex', 'aspiration risk, thin liquids']) }}. <b>Allergies:</b> {{ x.allergy }}.
<b>Hearing test:</b> {{ pick(['passed', 'referred to audiology', 'pending', 'n/a']) }}. <b>School services (IEP/IFSP):</b> {{ pick(['yes', 'no', 'applied']) }}.</p>
<p style="margin:.09in 0;font-size:.88em">{{ pick(['I have examined this child and find the above therapy medically necessary.',
'This order is good for one year unless otherwise written above. Therapist may update the plan of care with my signature.']) }}</p>
<div class=sg><span style="font:22pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span><span style="padding-top:.14in">{{ s('referral.date') }}</span>
<div>{{ pick(['Physician signature (no stamps)', 'Signature']) }}</div><div>{{ pick(['Date', 'Date of order']) }}</div>
<span>{{ s('referrer.name') }}</span><span>{{ s('referrer.npi') }}</span><div>Printed name</div><div>NPI</div></div></div>
"""
# dx, CPT codes with words, reasons
THERAPY = {
    "Speech Therapy": ("F80.1 F80.2 F80.0 F84.0 R63.32", {"92523": "Speech and language evaluation", "92507": "Speech treatment", "92526": "Feeding treatment"},
                       ["Says few words, points and grunts for what is wanted", "Strangers understand less than half of what is said", "Gags on solids, eats five foods only"]),
    "Occupational Therapy": ("F82 F88 R27.8 F84.0 R62.50", {"97166": "OT evaluation", "97530": "Therapeutic activities", "97533": "Sensory integration"},
                             ["Cannot button, hold a crayon or use scissors like peers", "Melts down with noise, tags and haircuts", "Handwriting illegible, teacher asks for help"]),
    "Physical Therapy": ("F82 M62.81 R62.0 R26.89 M43.6 G80.1", {"97162": "PT evaluation, moderate", "97110": "Therapeutic exercise", "97116": "Gait training"},
                         ["Toe walks most of the day, heel cords tight", "Not walking yet, low tone in trunk and legs", "Trips daily, cannot hop or climb stairs alone"])}
GOALS = ["Articulation", "Expressive language", "Receptive language", "Feeding / oral motor", "Fine motor", "Sensory regulation", "Gross motor", "Gait / balance", "Parent teaching"]


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["10.2pt Lato", "11pt P052", "10.8pt 'Linux Biolinum O'"])
    case = book.case(specialty="Neurology")
    while case.x["age"] > 7 or case.x["age"] < 2:
        case = book.case(specialty="Neurology")
    wanted = cr.choice(["Physical Therapy", "Physical Therapy", *THERAPY])
    codes, words, reasons = THERAPY[wanted]
    case.dx = [(code, icd10.get_description(code)) for code in cr.sample(codes.split(), cr.choice([1, 1, 2]))]
    case.procs = cr.sample(list(words.items()), cr.choice([1, 2]))
    case.values.update({"referral.specialty": wanted, "referral.reason": cr.choice(reasons), "referral.service": cr.choice(["evaluate_and_treat"] * 3 + ["consult"]),
                        "recipient.organization": f"{cr.choice(['Little Steps', case.x['place'], case.x['city']])} {cr.choice(['Pediatric Therapy', 'Kids Rehab', 'Therapy for Children'])}"})
    for key, value in (("referral.diagnoses", case.dx), ("referral.procedures", case.procs)):
        if case.has(key):
            case.values[key] = [code for code, _ in value]
    doc = book.doc("referral", case)
    doc.drop("patient.mrn", "recipient.name", "referrer.direct_address", "insurance.secondary.payer", "insurance.secondary.member_id")
    if r.random() < .5:
        doc.drop("referral.procedures")
    disc = doc.boxes("referral.specialty", [("Speech Therapy", "Speech Therapy"), ("Occupational Therapy", "Occupational Therapy"), ("Physical Therapy", "Physical Therapy")])
    serv = doc.boxes("referral.service", [("evaluate_and_treat", "Evaluate and treat"), ("consult", "Evaluation only, report to me")])
    urg = doc.boxes("referral.urgency", [("routine", "Routine"), ("urgent", "Urgent"), ("stat", "Emergent")])
    others = [book.case(drop=False).x["recipient"] for _ in range(3)]
    doc.page("referral", FORM, disc=disc, serv=serv, urg=urg, goals=GOALS, rng=cr, partners="  \u2022  ".join(f"{p[0]} {p[2]}, MD, FAAP" for p in others))
