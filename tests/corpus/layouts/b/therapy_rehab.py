"""Physical / occupational therapy prescription: discipline boxes, frequency and duration, weight bearing, precautions, goals, certification line."""
import datetime as dt

CSS = """
.page{padding:.5in .6in} h1{font-size:1.55em;margin:0;text-align:center} table{width:100%;border-collapse:collapse;margin-top:.11in;table-layout:fixed}
td,th{padding:3.5px 6px;vertical-align:top;text-align:left;overflow-wrap:anywhere} .ln td{border-bottom:.7px solid #666} th{width:1.35in;font-weight:bold}
.out{border:1.4px solid #000;border-radius:9px;padding:.07in .12in;margin-top:.12in}
.cap{font-weight:bold;text-transform:uppercase;letter-spacing:.7px;font-size:.92em;margin-bottom:4px}
.g4{display:grid;grid-template-columns:repeat(4,auto);gap:4px .1in}
.t{display:inline-block;border-bottom:.8px solid #000;min-width:.5in;text-align:center;padding:0 5px}
"""
T = """
{% macro row(a, b, c='', d='') %}<tr><th>{{ a }}</th><td{{ ' colspan=3' if not c }}>{{ b }}</td>{% if c %}<th>{{ c }}</th>
<td>{{ d }}</td>{% endif %}</tr>{% endmacro %}
<h1>{{ pick(['THERAPY PRESCRIPTION','Rehabilitation Services Order','Outpatient Therapy Referral','PT / OT / ST Referral']) }}</h1>
<p style="text-align:center;margin:3px 0">{{ pick(['To:','Therapy provider:','Send to:']) }}
<b>{{ s('recipient.organization') }}</b>{% if s.has('recipient.name') %} &ndash; {{ pick(['Attn','Clinic director']) }}
{{ s('recipient.name') }}{% endif %} &nbsp; {{ x.rec_addr }} &nbsp; F {{ s.ph(x.rec_fax) }}</p>
<div class=out><span style="margin-right:.25in"><b>{{ pick(['Discipline','Therapy ordered','Service']) }}:</b></span>{{ disc }}</div>
<table class=ln>{{ row(pick(['Patient','Client name','Patient name']), s('patient.name'), pick(['DOB','Birth date']), s('patient.birth_date')) }}
{{ row(pick(['Telephone','Patient phone','Contact no.']), s('patient.phone'), 'Sex', s('patient.sex')) }}
{{ row('Address', s.addr()) }}{{ row(pick(['Payer','Insurance co.','Health plan']), s('insurance.payer'), pick(['Policy ID','Insured ID',
'Claim / policy ID']), s('insurance.member_id')) }}
{{ row(pick(['Authorization','Auth no.']), s('referral.authorization_number'), 'Group', s('insurance.group_number')) }}
{{ row(pick(['Chart number','Record no.']), s('patient.mrn'), 'Interpreter for', s('patient.language')) }}</table>
<table class=ln>{{ row(pick(['Date of order','Prescription date','Rx date']), s('referral.date'), pick(['Onset date','Date of onset / injury',
'Surgery date']), s.d(onset)) }}
<tr><th>{{ pick(['Treating dx','Therapy diagnosis','Diagnosis (ICD-10)']) }}</th><td colspan=3>{% for c,d in s.dx() %}<div>{{ c }}:
{{ d }}</div>{% endfor %}</td></tr>
{{ row(pick(['Purpose','Reason','Reason for therapy']), s('referral.reason')) }}{{ row(pick(['Start of care','Schedule','Priority']), urg) }}</table>
<div class=out><div class=cap>{{ pick(['Orders','Plan','Therapist to']) }}</div>{{ serv }}
<div style="margin:6px 0">Frequency <span class=t>{{ freq }}</span> x per week &nbsp; for <span class=t>{{ weeks }}</span> weeks &nbsp;&nbsp;
Total visits not over <span class=t>{{ freq * weeks }}</span></div>
<div class=g4>{% for m in mods %}<span>{{ s.box(rng.random() < 0.4) }}{{ m }}</span>{% endfor %}</div>{% if s.has('referral.procedures') %}
<div style="margin-top:5px"><b>CPT ordered:</b> {% for c,d in s.cpt() %}{{ c }} ({{ d }}){{ ', ' if not loop.last }}{% endfor %}</div>{% endif %}</div>
<div class=out><div class=cap>{{ pick(['Precautions','Restrictions and precautions']) }}</div><div>Weight bearing:
{% for w in ['Full','As tolerated','Partial ____ %','Toe touch','None'] %}<span class=opt>{{ s.box(w == wb) }}{{ w }}</span> {% endfor %}</div>
<div style="margin-top:4px">{% for w in ['Fall risk','Cardiac','Seizure','Diabetes','Pacemaker','Osteoporosis','No lifting over 10 lb'] %}<span class=opt>
{{ s.box(rng.random() < 0.25) }}{{ w }}</span> {% endfor %}</div><div style="margin-top:4px">Allergies: {{ x.allergy }}. Other: {{ pick(['none',
'stop if pain exceeds 6/10','see operative note','________________']) }}</div></div>
<div class=out><div class=cap>Goals</div>{% for w in ['Reduce pain','Increase range','Increase strength','Safe gait','Independence at home',
'Return to work / sport'] %}<span class=opt>{{ s.box(rng.random() < 0.5) }}{{ w }}</span> {% endfor %}</div>
<p style="margin:.1in 0 .02in;font-size:.9em">
{{ pick(['I certify that these services are medically necessary and are furnished under a plan of care that I will review every',
'The plan of care will be sent to me for signature. I will review it within']) }}
{{ pick([30, 60, 90]) }} days. Certification period {{ s.d(x.ref_date) }} to {{ s.d(cert) }}.</p>
<table>{{ row(pick(['Prescriber','Ordering practitioner','Referring provider']), s('referrer.name'), 'NPI', s('referrer.npi')) }}
{{ row('Practice', s('referrer.organization')) }}{{ row(pick(['Phone','Office no.']), s('referrer.phone'), pick(['Fax for plan of care',
'Fax']), s('referrer.fax')) }}
{% if s.has('referrer.direct_address') %}{{ row('Direct', s('referrer.direct_address')) }}{% endif %}<tr><th>Signature</th>
<td colspan=3 style="border-bottom:.7px solid #000"><span style="font:16pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></td></tr></table>
"""
MODS = ["Therapeutic exercise", "Manual therapy", "Gait training", "Balance", "Heat / ice", "Ultrasound", "Electrical stim.", "Traction", "Home program",
    "Aquatic therapy", "Dry needling", "Splint / orthosis"]


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.3pt 'Nimbus Sans'", "9.2pt Roboto", "10pt 'Linux Libertine O'", "9pt 'URW Bookman'"])
    c = b.case(specialty="Physical Therapy")
    c.values["referral.service"] = r.choice(["evaluate_and_treat"] * 4 + ["consult"])
    d = b.doc("referral", c)
    d.drop("insurance.secondary.payer", "insurance.secondary.member_id", *(["referral.procedures"] if r.random() < .3 else []), *(["patient.mrn",
        "patient.language"] if r.random() < .3 else []))
    disc = d.boxes("referral.specialty", [("Physical Therapy", "Physical Therapy"), ("Occupational Therapy", "Occupational Therapy"), ("Speech Therapy",
        "Speech Therapy")])
    urg = d.boxes("referral.urgency", [("routine", r.choice(["Routine", "Routine (next opening)"])), ("urgent", "Urgent, within 1 week"), ("stat",
        "STAT, same day")])
    serv = d.boxes("referral.service", [("evaluate_and_treat", "Evaluate and treat"), ("consult", r.choice(["Consult / evaluation only",
        "Consultation only"]))])
    onset = c.x["ref_date"] - dt.timedelta(days=r.randint(14, 160))
    d.page("referral", T, disc=disc, urg=urg, serv=serv, onset=onset, freq=r.choice([1, 2, 3]), weeks=r.choice([4, 6, 8]), mods=MODS, rng=r,
        wb=r.choice(["Full", "As tolerated"]), cert=c.x["ref_date"] + dt.timedelta(days=90))
