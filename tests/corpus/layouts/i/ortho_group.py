"""Orthopaedic group's physician referral form: check boxes for body part, urgency and doctor, ruled lines typed or written on."""
import formats
import world

FONTS = ["10.3pt C059", "10.6pt 'Nimbus Roman'", "10pt 'URW Bookman'", "10.6pt 'Liberation Serif'"]
WRITTEN = ["font:10.5pt 'Courier Prime'", "font:10pt 'Liberation Mono'", "font:bold 10pt 'Liberation Sans Narrow'", "font:italic 11.5pt P052"]
CSS = """
.page{padding:.5in .7in} .top{text-align:center;line-height:1.3} .top b{font-size:1.65em} .top .v.v,h1 .v.v{font:inherit}
h1{font-size:1.25em;text-align:center;margin:.1in 0 .04in;letter-spacing:1.5px;text-transform:uppercase;border:1.4px solid #000;padding:3px}
.l{display:flex;gap:.09in;align-items:baseline;margin-top:.11in} .l>i{font-style:normal;white-space:nowrap}
.l>span{flex:1;border-bottom:1px solid #000;min-width:.4in;padding-left:4px;min-height:1.3em} .l>span.w{flex:none;border:0}
.sec{display:grid;grid-template-columns:1.25in 1fr;column-gap:.1in;margin-top:.13in;border-top:.8px solid #000;padding-top:.06in}
.sec>b{line-height:1.25} .bp{display:grid;grid-template-columns:repeat(4,1fr);row-gap:.05in}
.two{display:grid;grid-template-columns:1fr 1fr;row-gap:.05in} .fine{font-size:.8em;text-align:center;margin-top:.13in;line-height:1.35}
"""
FORM = """
<div class=top><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }} &bull; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
Appointments {{ s.ph(x.rec_phone) }} &bull; Referral fax {{ s.ph(x.rec_fax) }}</div>
<h1>{{ s('referral.specialty', pick(['Orthopaedic', 'Orthopedic'])) }} {{ pick(['Physician Referral Form', 'Physician Referral',
'Referral Request']) }}</h1>
<div class=l><i>{{ pick(['Date:', 'Date of referral:']) }}</i><span style="flex:.6">{{ s('referral.date') }}</span>
<i>{{ pick(['Urgency:', 'Please see:', 'Priority:']) }}</i><span class=w>{{ s.boxes('referral.urgency', [('stat',
pick(['Today', 'STAT (24 hrs)', 'Emergent'])), ('urgent', pick(['Urgent', 'Urgent (this week)'])), ('routine', pick(['Routine',
'Next available']))]) }}</span></div>
<div class=l><i>{{ pick(['Patient:', "Patient's name:", 'Patient name']) }}</i><span style="flex:2">{{ s('patient.name') }}</span>
<i>{{ pick(['D.O.B.', 'Birth date:', 'DOB:']) }}</i><span style="flex:.9">{{ s('patient.birth_date') }}</span>
<i class=w>{{ s.boxes('patient.sex', [('male', 'M'), ('female', 'F')]) }}</i></div>
<div class=l><i>Address:</i><span style="flex:1.6">{{ s('patient.address.line') }}</span><i>City/State/Zip:</i><span>{{ s.csz() }}</span></div>
<div class=l><i>{{ pick(['Phone:', 'Daytime phone:', 'Home/cell:']) }}</i><span>{{ s('patient.phone') }}</span><i>Alternate contact:</i>
<span style="flex:1.5"><span class=v>{{ x.emerg }} {{ s.ph(x.emerg_phone) }}</span></span></div>
<div class=l><i>{{ pick(['Insurance:', 'Primary insurance:', 'Ins. company:']) }}</i><span>{{ s('insurance.payer') }}</span></div>
<div class=l><i>{{ pick(['ID #', 'Policy #:', 'Member ID #:']) }}</i><span>{{ s('insurance.member_id') }}</span><i>Group #{{ pick(['',
':']) }}</i>
<span>{{ s('insurance.group_number') }}</span><i>{{ pick(['Auth #',
'Authorization #:']) }}</i><span>{{ s('referral.authorization_number') }}</span></div>
<div class=l><i>{{ pick(['Injury:', 'Injury?']) }}</i><span class=w>{% for t in ['Work related', 'Auto accident', 'Sports', 'No'] %}
<span class=opt>{{ s.box(t == injury) }}{{ t }}</span>{% endfor %}</span><i>When:</i><span></span></div>
<div class=sec><b>{{ pick(['Body part', 'Area of concern', 'Problem area']) }}</b><div class=bp>{% for t in parts %}
<span>{{ s.box(t == part) }}{{ t }}</span>{% endfor %}</div>
<b style="margin-top:.07in">Side</b><div style="margin-top:.07in">{% for t in ['Right', 'Left', 'Both'] %}
<span class=opt>{{ s.box(t == side) }}{{ t }}</span>{% endfor %}</div></div>
<div class=sec><b>{{ pick(['Referred for', 'Request', 'We request']) }}</b><div>{{ s.boxes('referral.service', [('consult', 'Consultation only'),
('evaluate_and_treat', 'Evaluate &amp; treat'|safe), ('second_opinion', 'Second opinion'), ('procedure', pick(['Surgery', 'Procedure'])),
('transfer_of_care', 'Assume care')], sep='  ') }}</div></div>
<div class=l><i>{{ pick(['Reason for referral:', 'Chief complaint:', 'History:']) }}</i><span>{{ s('referral.reason', 'bare') }}</span></div>
{% set dx = pick(['Diagnosis', 'Dx']) %}
{% for c, t in s.dx() %}<div class=l><i>{{ dx }}
{{ loop.index }}:</i><span style="flex:3"><span class=v>{{ t }}</span></span><i>ICD-10:</i>
<span style="flex:.7"><span class=v>{{ c }}</span></span></div>{% else %}<div class=l><i>Diagnosis:</i><span></span></div>{% endfor %}
{% for c, t in s.cpt() %}<div class=l><i>{{ pick(['Procedure',
'Study / procedure']) }}:</i><span style="flex:3"><span class=v>{{ t }}</span></span><i>CPT:</i>
<span style="flex:.7"><span class=v>{{ c }}</span></span></div>{% endfor %}
<div class=sec><b>{{ pick(['Doctor requested', 'Physician', 'Appointment with']) }}</b><div class=two>{{ s.boxes('recipient.name',
doctors, sep='\n') }}
<span>{{ s.box(not s.has('recipient.name')) }}First available</span></div></div>
<div class=sec><b>Films</b><div>{% for t in ['X-ray', 'MRI', 'CT', 'None yet'] %}<span class=opt>{{ s.box(t == film) }}{{ t }}</span>{% endfor %}
Patient should bring a disc.</div></div>
<div class=sec style="display:block"><div class=l style="margin-top:0"><i>{{ pick(['Referring physician:', 'Referring provider (print):',
'Referred by:']) }}</i>
<span style="flex:1.8">{{ s('referrer.name') }}</span><i>NPI:</i><span>{{ s('referrer.npi') }}</span></div>
<div class=l><i>{{ pick(['Practice:', 'Office / clinic:']) }}</i><span>{{ s('referrer.organization') }}</span></div>
<div class=l><i>{{ pick(['Office phone:', 'Tel:']) }}</i><span>{{ s('referrer.phone') }}</span><i>{{ pick(['Office fax:', 'Fax:']) }}</i>
<span>{{ s('referrer.fax') }}</span><i>Contact:</i><span><span class=v>{{ x.contact }}</span></span></div></div>
<div class=fine>{{ pick(['Attach the last office note, imaging reports and a copy of both sides of the insurance card.',
'If a fracture is suspected, please telephone. Do not fax emergencies after 4 p.m.']) }}</div>
"""
PARTS = ["Shoulder", "Elbow", "Hand / wrist", "Spine", "Hip", "Knee", "Foot / ankle", "Other"]
WORDS = {"groin": "Hip", "arm": "Shoulder", "thumb": "Hand / wrist", "finger": "Hand / wrist", "kneecap": "Knee", "elbow": "Elbow",
         "curve": "Spine", "below the left knee": "Knee", "wrist": "Hand / wrist"}


def build(book):
    rng = book.case_rng
    book.css = CSS + "body{font:%s}.v{%s}" % (book.rng.choice(FONTS), book.rng.choice(WRITTEN))
    case = book.case(specialty="Orthopedic Surgery")
    reason = case.values["referral.reason"].lower()
    part = next((part for word, part in WORDS.items() if word in reason), "Other")
    side = "Left" if "left" in reason else rng.choice(["Right", "Left", ""])
    title = ", " + case.x["rcred"]
    doctors = [case.x["recipient"]] + [(one[0], one[1][:1], one[2]) for one in (world.person(rng) for _ in range(4))]
    rng.shuffle(doctors)
    options = [(" ".join(filter(None, one)), formats.name(one, "first") + title) for one in doctors]
    doc = book.doc("referral", case)
    doc.drop("insurance.secondary.payer", "insurance.secondary.member_id", "referrer.direct_address")
    doc.page("referral", FORM, parts=PARTS, part=part, side=side, doctors=options, film=rng.choice(["X-ray", "MRI", "None yet"]),
             injury=rng.choice(["Work related", "Sports", "No", "No"]))
