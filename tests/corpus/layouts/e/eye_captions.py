"""Eye surgeons' referral sheet filled in by an optometrist: values on rules with captions beneath, acuity and pressure of each eye."""
import world

CSS = """
.page{padding:.5in .7in} .hd{text-align:center;border-bottom:4px double #000;padding-bottom:6px} .hd b{font-size:1.75em;letter-spacing:1px}
.row{display:flex;gap:.2in;margin-top:.15in;align-items:flex-end} .c{min-width:0} .c p{margin:0;border-bottom:1px solid
#000;min-height:1.6em;padding:0 4px;
font:var(--v);line-height:1.4} .c em{display:block;font:var(--c);padding-left:4px} .tick{margin-top:.13in;line-height:1.75}
.va{border-collapse:collapse;margin-top:.12in;width:100%} .va td{border:1px solid #000;text-align:center;padding:4px;width:14%} .va
td.n{text-align:left;width:auto;white-space:nowrap}
"""
FACES = ["body{font:10.4pt 'URW Gothic';--v:11pt 'Courier Prime';--c:7.8pt 'URW Gothic'}",
         "body{font:11pt P052;--v:11pt P052;--c:italic 8.6pt P052}",
         "body{font:10.6pt 'Nimbus Sans';--v:11.4pt 'Liberation Serif';--c:7.6pt 'Nimbus Sans'} .c em{text-transform:uppercase}",
         "body{font:10.6pt 'Linux Biolinum O';--v:11pt 'DejaVu Sans Condensed';--c:8.6pt 'Linux Biolinum O'} .c em{text-align:center}"]
T = """{% macro c(w, cap, v='') %}<div class=c style="flex:{{ w }} 1 0"><p>{{ v or '' }}</p><em>{{ cap }}</em></div>{% endmacro %}
<div class=hd><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }} &bull; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{
pick(['Phone',
'Appointments']) }} {{ s.ph(x.rec_phone) }} &bull; Fax {{ s.ph(x.rec_fax) }}<br><span style="font-size:1.15em">{{ s('referral.specialty') }}
{{
pick(['Patient Referral', 'Consultation Request', 'Referral for Medical / Surgical Eye Care']) }}</span></div>
<div class=row>{{ c(3.4, pick(['Patient name', 'Name of patient (please print)', 'Patient']), s('patient.name')) }}{{ c(1.5,
pick(['Date of birth',
'Birth date', 'DOB']), s('patient.birth_date')) }}{{ c(1.5, pick(["Today's date", 'Date of referral']), s('referral.date')) }}</div>
<div class=row>{{ c(3, pick(['Street address', 'Mailing address']), s('patient.address.line')) }}{{ c(2.4, 'City, state,
zip', s.csz()) }}{{ c(1, pick(['Sex',
'M / F']), s('patient.sex')) }}</div>
<div class=row>{{ c(2, pick(['Phone where patient can be reached', 'Home or cell phone']), s('patient.phone')) }}{{ c(2, pick(['Emergency
contact',
'Responsible party']), x.emerg) }}{{ c(2, 'Contact phone', s.ph(x.emerg_phone)) }}</div>
<div class=row>{{ c(3, pick(['Medical insurance', 'Medical insurance (not vision plan)']), s('insurance.payer')) }}{{ c(2, pick(['ID
number', 'Policy number',
'Insurance ID']), s('insurance.member_id')) }}{{ c(1.4, 'Group number', s('insurance.group_number')) }}</div>
<div class=row>{{ c(3, pick(['Secondary insurance', 'Supplement']), s('insurance.secondary.payer')) }}{{ c(2, 'ID number',
s('insurance.secondary.member_id')) }}{{ c(1.6, pick(['Vision plan', 'Routine vision plan']), vision) }}{{ c(1.6, pick(['Referral / auth
number',
'HMO authorization']), s('referral.authorization_number')) }}</div>
<div class=tick><b>{{ pick(['Please evaluate for:', 'Refer
for:']) }}</b> {% for t in ['Cataract', 'Glaucoma', 'Retina', 'Cornea', 'Oculoplastics',
'Pediatric / strabismus', 'Other'] %}<span class=opt>{{ s.box(loop.index == which) }}{{ t }}</span> {% endfor %}<br><b>{{ pick(['See
patient:',
'When:']) }}</b> {{ s.boxes('referral.urgency', [('stat', 'Same day / STAT'), ('urgent', 'Urgent (this week)'), ('routine', 'Routine')]) }}
<b>{{ pick(['Service:', 'I request:']) }}</b> {{ s.boxes('referral.service', [('consult', 'Consult'), ('evaluate_and_treat', 'Eval /
treat'), ('procedure',
'Surgery'), ('diagnostic', 'Test'), ('second_opinion', '2nd opinion'), ('transfer_of_care', 'Transfer')]) }}</div>
<table class=va><tr><td class=n>{{ pick(['Exam of', 'Last
exam']) }} {{ s.d(x.visit) }}<td>BCVA<td>Refraction<td>IOP<td>C/D<td>Lens</tr>{% for e in eyes %}<tr>
<td class=n><b>{{ e[0] }}</b>{% for v in e[1:] %}<td>{{ v }}{% endfor %}</tr>{% endfor %}</table>
<div class=row>{{ c(1, pick(['Reason for referral / chief complaint', 'Findings and reason for referral', 'Why are you sending this
patient?']),
s('referral.reason')) }}</div>
<div class=row>{{ c(1.2, 'ICD-10 code(s)', s('referral.diagnoses')) }}{{ c(2.6, 'Diagnosis', words) }}</div>
<div class=row>{{ c(1.2, 'CPT, if procedure', s('referral.procedures')) }}{{ c(2.6, pick(['Ocular medications and allergies', 'Drops / drug
allergies']), x.allergy) }}</div>
<div class=row>{{ c(2.6, pick(['Referring doctor', 'Referring optometrist / physician', 'Doctor
(print)']), s('referrer.name')) }}{{ c(1.5, 'NPI',
s('referrer.npi')) }}{{ c(2.4, pick(['Practice', 'Office']), s('referrer.organization')) }}</div>
<div class=row>{{ c(1.4, pick(['Office phone', 'Telephone']), s('referrer.phone')) }}{{ c(1.4, pick(['Office fax', 'Fax for
report']), s('referrer.fax')) }}{{ c(2.4,
pick(['Email', 'Secure e-mail']), s('referrer.direct_address')) }}</div>
<div class=tick>{{ pick(['Post-operative co-management desired?', 'Do you wish to
co-manage?']) }} {% for t in ['Yes', 'No'] %}<span class=opt>{{
s.box(loop.first == comanage) }}{{ t }}</span>{% endfor %} &nbsp; Dilated today? {%
for t in ['Yes', 'No'] %}<span class=opt>{{ s.box(loop.first) }}{{ t }}</span>{% endfor %}</div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Ophthalmology")
    x = c.x
    if r.random() < .7:
        x["cred"] = "OD"
        c.values["referrer.organization"] = r.choice(["{p} Family Eyecare", "{p} Vision Center", "{f} Optometry, P.C.",
                                                      "{c} Optical and Eye Exams"]).format(
            p=x["place"], c=x["city"], f=x["referrer"][2])
    eyes = [(e, f"20/{r.choice([20, 25, 30, 40, 60, 80, 200])}", f"{r.choice('+-')}{r.randint(0, 5)}.{r.choice(['00', '25', '50', '75'])}",
             r.randint(11, 29), f"0.{r.randint(2, 8)}", r.choice(["NS 1+", "NS 2+", "clear", "PCO", "IOL"])) for e in ("OD", "OS")]
    d = b.doc("referral", c)
    d.page("referral", T, eyes=eyes, which=r.choice([1, 2, 3, 4, 7]), comanage=r.random() < .6,
           words="; ".join(t for _, t in c.dx) if d.has("referral.diagnoses") else "",
           vision=r.choice(["", "none", f"{r.choice(world.PLACES)} Vision Plan"]))
