"""Orthopaedic surgery group's own referral form: two columns of underlined blanks, captions to the left, filled in by typewriter or pen."""
CSS = """body{font:9.2pt 'Lato'} .page{padding:.45in .55in}
.hd{display:flex;align-items:center;border-bottom:5px solid #000;padding-bottom:.07in} .hd .lg{width:.62in;height:.62in;border-radius:50%;border:5px double #000;
font:bold 20pt 'URW Gothic';text-align:center;line-height:.5in;margin-right:.14in} .hd b{font-size:16pt;display:block} .hd .ad{margin-left:auto;text-align:right;font-size:8pt;line-height:1.45}
h1{font:bold 15pt 'Lato';text-align:center;margin:.1in 0 .03in;letter-spacing:1px} .nt{text-align:center;font-size:8.3pt;margin:0 0 .08in}
.cols{display:grid;grid-template-columns:1fr 1fr;column-gap:.34in} h2{font-size:9.6pt;margin:.1in 0 .02in;text-transform:uppercase;letter-spacing:.6px}
.f{display:flex;align-items:flex-end;margin-top:.055in;min-height:.22in} .c{white-space:nowrap;margin-right:.06in} .u{flex:1;min-width:.3in;border-bottom:1px solid #000;padding:0 2px}
.v,.w{font:10pt 'Nimbus Mono PS'} .hd .v,h1 .v{font:inherit} .row{display:flex;gap:.12in} .row .f{flex:1} .ck{margin:.06in 0;line-height:1.7} .wide .u{line-height:1.5}
.off{border:1.5px dashed #000;padding:.05in .09in;margin-top:.12in;font-size:8pt} .sm{font-size:7.6pt}"""
FORM = """{% macro f(cap, val='') %}<div class=f><span class=c>{{ cap }}</span><span class=u>{{ val }}</span></div>{% endmacro %}
{% macro w(t) %}<span class=w>{{ t }}</span>{% endmacro %}
<div class=hd><div class=lg>{{ logo }}</div><div><b>{{ s('recipient.organization') }}</b>Bones &middot; Joints &middot; Sports Medicine &middot; Hand &amp; Upper Extremity</div>
<div class=ad>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Appointments {{ s.ph(x.rec_phone, '({a}) {x}-{n}') }}<br>Referral Fax {{ s.ph(x.rec_fax, '({a}) {x}-{n}') }}</div></div>
<h1>{{ s('referral.specialty', 'Orthopedic Surgery') }} {{ pick(['Referral Form', 'New Patient Referral', 'Physician Referral Intake']) }}</h1>
<p class=nt>{{ pick(['Please complete all sections and fax with office notes, imaging reports and a copy of the insurance card (front and back).', 'Incomplete forms delay scheduling. Attach demographics, last two office notes and radiology reports.']) }}</p>
<div class=cols><div>
<h2>{{ pick(['Patient', 'Patient Information']) }}</h2>
{{ f(namecap[0], s('patient.name', namecap[1])) }}
<div class=row>{{ f(pick(['DOB', 'Date of Birth', 'Birthdate']), s('patient.birth_date')) }}{{ f(pick(['Sex', 'Gender']), s.boxes('patient.sex', [('male', 'M'), ('female', 'F')])) }}</div>
{{ f('Address', s('patient.address.line')) }}
{{ f('City / State / Zip', s.csz()) }}
{{ f(pick(['Best Phone', 'Cell Phone', 'Phone (cell)']), s('patient.phone')) }}
{{ f('Alternate Phone') }}
{{ f(pick(['Language', 'Preferred Language', 'Interpreter (language)']), s('patient.language')) }}
{{ f('Parent / Guardian (if minor)', w(x.emerg) if x.age < 18 else '') }}
<h2>{{ pick(['Insurance', 'Insurance / Billing']) }}</h2>
{{ f(pick(['Primary Insurance', 'Primary Ins. Co.']), s('insurance.payer')) }}
{{ f(pick(['Policy / ID #', 'ID #', 'Subscriber ID #']), s('insurance.member_id')) }}
{{ f(pick(['Group #', 'Grp No.']), s('insurance.group_number')) }}
{{ f('Subscriber (if not patient)', w(x.emerg) if x.age < 18 else '') }}
{{ f(pick(['Secondary Ins.', 'Secondary Insurance']), s('insurance.secondary.payer')) }}
{{ f('Secondary ID #', s('insurance.secondary.member_id')) }}
{{ f(pick(['Auth / Referral #', 'Insurance Referral # (HMO)']), s('referral.authorization_number')) }}
</div><div>
<h2>{{ pick(['Referring Provider', 'Referred By']) }}</h2>
{{ f(pick(['Referral Date', 'Date', "Today's Date"]), s('referral.date')) }}
{{ f(pick(['Physician', 'Provider', 'Referring MD/DO/NP/PA']), s('referrer.name')) }}
{{ f('NPI #', s('referrer.npi')) }}
{{ f(pick(['Practice', 'Group / Facility']), s('referrer.organization')) }}
{{ f('Office Address', w(x.ref_addr)) }}
<div class=row>{{ f(pick(['Phone', 'Tel']), s('referrer.phone')) }}{{ f('Fax', s('referrer.fax')) }}</div>
{{ f('Contact Person / Ext.', w(x.contact ~ '  x' ~ ext)) }}
{{ f('PCP (if different)', w('Dr. ' ~ pcp) if pcp else '') }}
<h2>Appointment</h2>
{{ f(pick(['Surgeon Requested', 'Preferred Provider', 'Requested Physician']), s('recipient.name') if s.has('recipient.name') else w('First available')) }}
<div class=ck>{{ s.boxes('referral.urgency', urg) }}</div>
<div class=ck>{{ s.boxes('referral.service', [('consult', 'Consult only'), ('evaluate_and_treat', 'Evaluate & treat'), ('second_opinion', '2nd opinion'), ('procedure', 'Surgery / injection'), ('transfer_of_care', 'Transfer of care')]) }}</div>
<h2>Injury Type</h2>
<div class=ck><span class=opt>{{ s.box(not wc) }}Private / health plan</span><span class=opt>{{ s.box(wc) }}Workers&rsquo; Comp</span><span class=opt>{{ s.box(false) }}Auto</span></div>
<div class=row>{{ f('Claim #') }}{{ f('Adjuster') }}</div>
{{ f('Date of Injury') }}
</div></div>
<h2>{{ pick(['Problem', 'Clinical Information']) }}</h2>
<div class=ck>Body part: {% for p, on in parts %}<span class=opt>{{ s.box(on) }}{{ p }}</span>{% endfor %}</div>
<div class=wide>{{ f(pick(['Reason for Visit', 'Chief Complaint / Reason', 'Reason for Referral']), s('referral.reason', 'bare')) }}
{% for c, t in s.dx() %}<div class=f><span class=c>{{ 'Diagnosis / ICD-10' if loop.first else '' }}</span><span class=u><span class=v>{{ c }}</span> {{ w(t) }}</span></div>{% endfor %}
{% if s.has('referral.procedures') %}{{ f(pick(['Procedure / CPT (if known)', 'CPT']), w(cpts(s))) }}{% endif %}</div>
<div class=ck>Imaging: {% for p, on in films %}<span class=opt>{{ s.box(on) }}{{ p }}</span>{% endfor %} Facility: <u>&nbsp;{{ w(x.place ~ ' Imaging') }}&nbsp;</u></div>
<div class=row>{{ f('Referring Signature', w('/s/ ' ~ x.referrer[0][0] ~ '. ' ~ x.referrer[2])) }}{{ f('Pharmacy', w(pharm)) }}</div>
<div class=off><b>OFFICE USE ONLY</b> &nbsp; Rec&rsquo;d ___/___/___ &nbsp; Chart # __________ &nbsp; Appt date __________ Time ______ &nbsp; With Dr. ______________ &nbsp; Scheduled by ______</div>"""
PARTS = [("Shoulder", "shoulder rotator"), ("Elbow", "elbow"), ("Hand/Wrist", "thumb finger wrist hand"), ("Hip", "groin hip"),
         ("Knee", "knee"), ("Foot/Ankle", "ankle toeing"), ("Spine", "curve spine")]


def build(b):
    r = b.case_rng
    b.css = CSS + b.rng.choice(["", ".u .v,.w{font:9.6pt 'Liberation Sans'}", ".u .v,.w{font:italic 11pt 'Linux Libertine O'}"])
    c = b.case(specialty="Orthopedic Surgery")
    d = b.doc("referral", c)
    d.drop("patient.mrn", "referrer.direct_address")
    why = c.values["referral.reason"].lower()
    words = ["Routine", "Urgent (1-3 days)", "Same day / fracture"], ["Next available", "Urgent", "STAT"], ["Non-urgent", "Urgent", "Emergent"]
    urg = list(zip(("routine", "urgent", "stat"), b.rng.choice(words)))
    namecap = b.rng.choice([("Patient Name (Last, First, MI)", "last"), ("Patient Name", None), ("Name", None)])
    pcp = " ".join((r.choice(["Alan", "Joyce", "Priya", "Marcus"]), r.choice(["Teller", "Brandt", "Okafor", "Lindqvist"]))) if r.random() < .5 else ""
    d.page("referral", FORM, namecap=namecap, urg=urg, pcp=pcp, ext=r.randint(101, 399), wc="orkers" in c.values["insurance.payer"],
           parts=[(p, any(k in why for k in keys.split())) for p, keys in PARTS], logo=c.values["recipient.organization"][0],
           films=[("X-ray", r.random() < .7), ("MRI", r.random() < .35), ("CT", False), ("EMG/NCS", r.random() < .2), ("None", False)],
           cpts=lambda s: "; ".join(f"{code} {words}" for code, words in s.cpt()), pharm=r.choice(["Main St. Drug", "CVS #4417", "Walgreens - 5th Ave", ""]))
