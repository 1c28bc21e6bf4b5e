"""A chiropractic or rehabilitation office's request to a spine surgeon: landscape, one dense grid whose small cells hold their captions."""
import datetime as dt

import world

CSS = """
.page{padding:.35in .4in} .title{display:flex;justify-content:space-between;align-items:flex-end;margin-bottom:4px} .title b{font-size:1.5em}
.title span{font-size:.95em;text-align:right;line-height:1.25}
.g{display:grid;grid-template-columns:repeat(24,1fr);border:1.5px solid #000;border-width:1.5px 0 0 1.5px}
.c{border:solid #000;border-width:0 .9px .9px 0;padding:2px 4px 2px;min-height:.485in;font-size:1.1em;line-height:1.12}
.c>i{display:block;font-style:normal;font-size:%s;margin-bottom:1px;white-space:nowrap;%s}
.bar{grid-column:span 24;background:#000;color:#fff;padding:0 5px;font-size:.92em;line-height:1.5} .opt{margin-right:.09in} .t{min-height:.75in}
.hand{font:16pt Z003} .end{font-size:.92em;margin:5px 0} .c .cb{width:.12in;height:.12in;font-size:10px;line-height:10px}
"""
FORM = """{% macro c(n, caption, value, more='') %}<div class="c {{ more }}" style="grid-column:span {{ n }}"><i>{{ caption }}</i>{{ value }}</div>{% endmacro %}
<div class=title><b>{{ s('referrer.organization') }}</b><span>{{ w.title }}<br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</span></div>
<div class=g>
{{ c(9, w.to, s('recipient.organization')) }}{{ c(6, w.surgeon, s('recipient.name')) }}{{ c(5, w.spec, s('referral.specialty', w.spine)) }}
{{ c(4, w.tofax, s.ph(x.rec_fax)) }}
<div class=bar>{{ w.bars[0] }}</div>
{{ c(7, w.name, s('patient.name', 'last')) }}{{ c(4, w.dob, s('patient.birth_date')) }}<div class=c style="grid-column:span 4"><i>{{ w.sex }}</i>
{{ s.boxes('patient.sex', [('male', 'M'), ('female', 'F'), ('other', 'X')]) }}</div>{{ c(5, w.phone, s('patient.phone')) }}
{{ c(4, w.mrn, s('patient.mrn')) }}
{{ c(9, w.street, s('patient.address.line')) }}{{ c(5, w.city, s('patient.address.city')) }}
{{ c(2, w.state, s('patient.address.state')) }}
{{ c(3, w.zip, s('patient.address.postal_code')) }}{{ c(5, w.lang, s('patient.language')) }}
{{ c(8, w.plan, s('insurance.payer')) }}{{ c(5, w.member, s('insurance.member_id')) }}{{ c(5, w.group, s('insurance.group_number')) }}
{{ c(6, w.auth, s('referral.authorization_number')) }}
{{ c(8, w.plan2, s('insurance.secondary.payer')) }}{{ c(5, w.member2, s('insurance.secondary.member_id')) }}{{ c(5, w.injured, s.d(onset)) }}
{{ c(6, w.work, work) }}
<div class=bar>{{ w.bars[1] }}</div>
{{ c(7, w.doctor, s('referrer.name', 'plain')) }}{{ c(3, w.degree, degree) }}{{ c(4, 'NPI', s('referrer.npi')) }}
{{ c(5, w.call, s('referrer.phone')) }}{{ c(5, w.fax, s('referrer.fax')) }}
<div class=c style="grid-column:span 8"><i>{{ w.urgency }}</i>{{ s.boxes('referral.urgency', w.soon) }}</div>
<div class=c style="grid-column:span 12"><i>{{ w.service }}</i>{{ s.boxes('referral.service', [('consult', 'Surgical consult'),
('evaluate_and_treat', 'Evaluate and treat'),
('second_opinion', '2nd opinion'), ('transfer_of_care', 'Assume care')]) }}</div>{{ c(4, w.day, s('referral.date')) }}
<div class=bar>{{ w.bars[2] }}</div>
{{ c(12, w.why, s('referral.reason'), 't') }}<div class="c t" style="grid-column:span 12"><i>{{ w.dx }}</i>
{% for code, words in s.dx() %}{{ code }} {{ words }}{{ '<br>'|safe if not loop.last }}{% endfor %}</div>
{{ c(3, w.pain, pain ~ ' / 10') }}{{ c(3, w.arm, rng.choice(['Left leg', 'Right leg', 'Both legs'])) }}
<div class=c style="grid-column:span 6"><i>{{ w.weak }}</i>
{{ s.box(weak) }}Yes &ensp; {{ s.box(not weak) }}No &ensp; {{ 'Foot dorsiflexion 4/5' if weak }}</div>
<div class=c style="grid-column:span 6"><i>{{ w.bowel }}</i>
{{ s.box(false) }}Yes &ensp; {{ s.box(true) }}No</div>{{ c(6, w.slr, rng.choice(['Positive at 40 degrees', 'Negative', 'Positive at 55 degrees'])) }}
{% for caption, value in tried %}{{ c(6, caption, value) }}{% endfor %}
{% for caption, value in films %}{{ c(8, caption, value) }}{% endfor %}
{{ c(12, w.proc, cpt()) }}<div class=c style="grid-column:span 8"><i>{{ w.sign }}</i><span class=hand>{{ x.referrer[0] }} {{ x.referrer[2] }}</span>
</div>{{ c(4, w.signed, '') }}</div>
<p class=end>{{ pick(['Films travel with the patient on disc. Please fax the consult note to our office within two weeks of the visit.',
'If the patient is not a candidate for surgery please return the patient to our care with your recommendations.']) }}</p>"""
DIAGNOSES = [("M54.16", "Radiculopathy, lumbar region"), ("M48.061", "Spinal stenosis, lumbar, without claudication"),
             ("M43.16", "Spondylolisthesis, lumbar"), ("M51.16", "Disc disorder with radiculopathy, lumbar"),
             ("M48.062", "Spinal stenosis, lumbar, with claudication"), ("M54.17", "Radiculopathy, lumbosacral region"),
             ("M47.816", "Spondylosis without myelopathy, lumbar")]
REASONS = ["Leg pain below the knee for {dur} despite therapy, disc extrusion on MRI", "Progressive foot weakness over {dur}, please advise",
           "Cannot stand longer than ten minutes for {dur}, stenosis at two levels", "Slip at L4-L5 with pain {freq}, adjustments without relief",
           "Numb outer foot and calf pain {freq}, surgical opinion requested"]
PROCEDURES = [("63047", "Lumbar laminectomy, one level"), ("63030", "Lumbar discectomy"), ("22612", "Lumbar posterolateral fusion")]
CLINICS = ["{p} Chiropractic & Rehabilitation", "{p} Spine and Sport Chiropractic", "{c} Physical Medicine Associates", "{p} Chiropractic, P.C.",
           "{c} Rehabilitation Physicians"]
SURGEONS = ["{p} Spine Institute", "Spine Surgery Associates of {c}", "{c} Orthopedic & Spine Center", "{p} Spine Surgeons",
            "{c} Back and Neck Surgeons, LLC"]
UPPER = dict(title="REQUEST FOR SPINE SURGERY CONSULTATION", to="REFER TO (PRACTICE)", surgeon="SURGEON", spec="SPECIALTY",
             spine="Orthopedic Surgery", tofax="SURGEON FAX", bars=["PATIENT / INSURED", "REFERRING PROVIDER / REQUEST", "CLINICAL FINDINGS"],
             name="PATIENT NAME (LAST, FIRST MI)", dob="DATE OF BIRTH", sex="SEX", phone="PHONE NO.", mrn="ACCOUNT NO.", street="MAILING ADDRESS",
             zip="ZIP CODE", lang="LANGUAGE", plan="PRIMARY CARRIER", member="POLICY / ID NO.", group="GROUP NO.",
             auth="PRE-CERT / AUTHORIZATION NO.", plan2="SECONDARY CARRIER", member2="SECONDARY ID NO.", injured="DATE OF ONSET", work="WORK STATUS",
             doctor="REFERRED BY", degree="DEGREE", call="OFFICE PHONE", fax="OFFICE FAX", urgency="PRIORITY", service="SERVICE REQUESTED",
             day="DATE OF REQUEST", why="REASON FOR REFERRAL", dx="DIAGNOSIS (ICD-10-CM)", pain="PAIN SCORE", arm="RADIATION", weak="MOTOR DEFICIT",
             bowel="BOWEL / BLADDER CHANGE", slr="STRAIGHT LEG RAISE", proc="PROCEDURE UNDER CONSIDERATION (CPT)", sign="SIGNATURE",
             signed="DATE SIGNED", city="CITY", state="ST",
             tried=["MANIPULATION", "THERAPY", "INJECTIONS", "MEDICATION TRIED"], films=["MRI LUMBAR", "X-RAY, FLEXION-EXTENSION", "EMG / NCS"],
             soon=[("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT")])
LOWER = dict(title="Surgical Referral - Spine", to="Send to", surgeon="Doctor requested", spec="Department", spine="Orthopaedics",
             tofax="Fax number of surgeon", bars=["Who the patient is", "Who is asking, and what for", "What we found"],
             name="Patient (last name, first)", dob="Born", sex="Sex at birth", phone="Daytime phone", mrn="Our file no.",
             street="Street and apartment", zip="Zip", lang="Preferred language", plan="Insurance company", member="Member ID", group="Group",
             auth="Authorization (if needed)", plan2="Second insurance", member2="Second member ID", injured="Symptoms began", work="Working?",
             doctor="Referring clinician", degree="Degree", call="Clinic telephone", fax="Clinic fax", urgency="How soon", service="What we ask",
             day="Referral date", why="Why the patient is sent", dx="Diagnoses with codes", pain="Worst pain", arm="Goes to", weak="Weakness",
             bowel="Bowel or bladder trouble", slr="Straight leg raise", proc="Operation to consider", sign="Clinician's signature",
             signed="Signed on", city="City", state="State",
             tried=["Adjustments", "Exercise therapy", "Injections", "Medicines tried"], films=["Lumbar MRI", "Bending films", "Nerve test"],
             soon=[("stat", "Emergency"), ("urgent", "Urgent"), ("routine", "Elective / routine")])


def build(book):
    rng, case = book.case_rng, book.case(specialty="Orthopedic Surgery")
    while case.x["age"] < 18:
        case = book.case(specialty="Orthopedic Surgery")
    x, values, words = case.x, case.values, book.rng.choice([UPPER, LOWER])
    book.css = CSS % book.rng.choice([("6.6pt", ""), ("6.9pt", "color:#333"), ("6.5pt", "font-weight:bold")])
    book.css += "body{font:%s}" % book.rng.choice(["10.6pt 'Liberation Sans Narrow'", "10.2pt 'Roboto Condensed'", "10.8pt 'Nimbus Sans Narrow'"])
    clinic = rng.choice(CLINICS)
    degree = "DC" if "Chiropractic" in clinic else rng.choice(["MD", "DO"])
    values["referrer.organization"] = clinic.format(p=x["place"], c=x["city"])
    values["recipient.organization"] = rng.choice(SURGEONS).format(p=rng.choice(world.PLACES), c=x["city"])
    values["referral.reason"] = rng.choice(REASONS).format(dur=x["dur"], freq=rng.choice(["most days", "several times a week", "every night"]))
    case.dx, case.procs = rng.sample(DIAGNOSES, rng.choice([1, 2, 2])), rng.sample(PROCEDURES, 1)
    for key, pairs in (("referral.diagnoses", case.dx), ("referral.procedures", case.procs)):
        if case.has(key):
            values[key] = [code for code, _ in pairs]
    doc = book.doc("referral", case)
    doc.drop("referrer.direct_address")
    if doc.style["date"] in ("%B %-d, %Y", "%b %-d, %Y"):
        doc.style["date"] = "%m/%d/%Y"  # the cells are small
    tried = zip(words["tried"], [f"{rng.randint(6, 24)} visits", f"{rng.randint(4, 12)} weeks", rng.choice(["None", "ESI x 1", "ESI x 2"]),
                                 rng.choice(["Naproxen, gabapentin", "Meloxicam", "Ibuprofen, tizanidine"])])
    films = zip(words["films"], [f"{doc.d(x['visit'])} disc on CD", "Not done", rng.choice(["Not done", "Ordered", "L5 root changes"])])
    doc.page("referral", FORM, land=True, w=words, degree=degree, rng=rng, onset=x["ref_date"] - dt.timedelta(days=rng.randint(40, 400)),
             work=rng.choice(["Full duty", "Light duty", "Off work", "Retired"]), pain=rng.randint(4, 9), weak=rng.random() < .4, tried=list(tried),
             films=list(films), cpt=lambda: "; ".join(f"{code} {what}" for code, what in doc.cpt()))
