"""Neurology center's sheet of check-box groups: clinics, EEG and EMG studies, symptoms; few written answers."""
CSS = """
.page{padding:.45in .55in} .hd{display:flex;align-items:center;border-bottom:2px solid #000;padding-bottom:5px} .hd
b{font-size:1.5em;flex:1;line-height:1.1} .hd span{font-size:.86em;line-height:1.3;text-align:right}
.f{display:flex;flex-wrap:wrap;column-gap:.22in;row-gap:4px;margin-top:6px} .f span.q{display:inline-block} .f b{font-weight:var(--w)}
h3{margin:.11in 0 .04in;font-size:1em;text-transform:var(--tt);border-bottom:var(--hb)}
.g3{display:grid;grid-template-columns:1fr 1fr 1fr;column-gap:.2in} .g3 .opt{display:block;white-space:normal;margin:2.5px
0;padding-left:.2in;text-indent:-.2in;line-height:1.25} .g3 .cb{text-indent:0}
.sm{font-size:.83em}
"""
FACES = ["body{font:9.8pt/1.3 'Liberation Sans';--w:bold;--tt:uppercase;--hb:0}",
         "body{font:10.2pt/1.3 'Linux Libertine O';font-size:11pt;--w:normal;--tt:none;--hb:1px solid #000}",
         "body{font:9.6pt/1.3 Lato;--w:bold;--tt:none;--hb:1px solid #999}",
         "body{font:9.8pt/1.3 'Nimbus Sans Narrow';font-size:11pt;--w:normal;--tt:uppercase;--hb:1px dotted #000}"]
T = """{% macro q(lab, v) %}<span class=q><b>{{ lab }}</b> {{ v }}</span>{% endmacro %}{% macro list(items, on) %}{% for t in items %}<span
class=opt>{{ s.box(t in on) }}{{ t }}</span>{% endfor %}{% endmacro %}
<div class=hd><b>{{ s('recipient.organization') }}</b><span>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Phone {{
s.ph(x.rec_phone) }} &nbsp; Fax {{ s.ph(x.rec_fax) }}</span></div>
<div class=f style="justify-content:space-between"><span style="font-size:1.15em;font-weight:bold">{{ s('referral.specialty') }} {{
pick(['Referral / Order Form', 'Referral and Testing Order', 'Request Form']) }}</span>{{ q(L.date,
s('referral.date')) }}</div>
<h3>{{ L.pt }}</h3><div class=f style="margin-top:0">{{ q(L.name, s('patient.name')) }}{{ q(L.dob, s('patient.birth_date')) }}<span
class=q><b>{{ L.sex }}</b> {{ s.boxes('patient.sex', [('female', 'Female'), ('male', 'Male'), ('other',
'Other / X')]) }}</span>{{ q(L.ph, s('patient.phone')) }}{{ q(L.addr, s.addr()) }}{% if s.has('patient.mrn') %}{{ q(L.mrn, s('patient.mrn'))
}}{% endif %}{% if s.has('patient.language') %}{{ q(L.lang, s('patient.language')) }}{% endif
%}<span class=q><b>Interpreter</b> {{ s.box(inter) }}Yes {{ s.box(not inter) }}No</span></div>
<h3>{{ L.ins }}</h3><div class=f style="margin-top:0">{{ q(L.payer, s('insurance.payer')) }}{{ q(L.mid, s('insurance.member_id')) }}{{
q(L.grp, s('insurance.group_number')) }}{% if s.has('insurance.secondary.payer') %}{{ q('Secondary:',
s('insurance.secondary.payer')) }}{{ q('ID:', s('insurance.secondary.member_id')) }}{% endif %}{{ q(L.auth,
s('referral.authorization_number')) }}<span class=q>{{ s.box(not s.has('referral.authorization_number')) }}Auth not required {{
s.box(False) }}Auth pending</span></div>
<h3>{{ L.pri }}</h3><div>{{ s.boxes('referral.urgency', [('routine', pick(['Routine', 'Routine, next available'])), ('urgent',
pick(['Urgent, within 2 weeks', 'Urgent'])), ('stat', pick(['STAT', 'STAT / same day']))]) }}</div>
<div class=g3><div><h3>{{ L.svc }}</h3><div class=c>{{ s.boxes('referral.service', [('consult', 'Consultation only'), ('evaluate_and_treat',
'Evaluation and treatment'), ('diagnostic', 'Diagnostic test only'), ('procedure', 'Procedure'),
('second_opinion', 'Second opinion'), ('transfer_of_care', 'Transfer of care')], sep='') }}</div><h3>Clinic</h3>{{ list([
'General neurology', 'Headache', 'Epilepsy', 'Memory', 'Movement disorders', 'Neuromuscular', 'Sleep'], [clinic]) }}</div>
<div><h3>{{ pick(['EEG', 'Electroencephalography']) }}</h3>{{ list(['Routine EEG', 'Sleep-deprived EEG', 'Ambulatory EEG 24 hr', 'Ambulatory
EEG 72 hr', 'Video EEG monitoring'], []) }}<h3>{{ pick(['EMG / NCS', 'Nerve studies']) }}</h3>{{
list(['Right arm', 'Left arm', 'Both arms', 'Right leg', 'Left leg', 'Both legs', 'Repetitive stimulation'], []) }}</div>
<div><h3>Symptoms</h3>{{ list(signs, on) }}<h3>Sent with this form</h3>{{ list(['Office notes', 'Medication list', 'Labs',
'MRI / CT report', 'Insurance card'], ['Office notes', enclosed]) }}</div></div>
<h3>{{ L.why }}</h3><div>{{ s('referral.reason') }}</div>{% if s.has('referral.diagnoses') %}<div class=f>{{ q(L.dx, dx) }}</div>{% endif
%}{% if s.has('referral.procedures') %}<div class=f>{{ q(L.px, px) }}</div>{% endif %}
<div class=f>{{ q('Tried so far:', x.meds[:2]|join(', ')) }}{{ q('Allergies:', x.allergy) }}<span class=q><b>Pacemaker or implant?</b> {{
s.box(False) }}Yes {{ s.box(True) }}No</span></div>
<h3>{{ L.by }}</h3><div class=f style="margin-top:0">{{ q(L.prov, s('referrer.name')) }}{{ q('NPI', s('referrer.npi')) }}{{ q(L.prac,
s('referrer.organization')) }}{{ q(L.tel, s('referrer.phone')) }}{{ q(L.fax, s('referrer.fax')) }}{% if
s.has('referrer.direct_address') %}{{ q('Direct', s('referrer.direct_address')) }}{% endif %}{% if s.has('recipient.name') %}{{ q(L.to,
s('recipient.name')) }}{% endif %}</div>
<p class=sm>Signature <u>&nbsp; {{ x.referrer[0] }} {{ x.referrer[2] }} &nbsp;</u> &nbsp; {{ pick(['Reports go to the ordering provider in 5
to 7 days.', 'No driving after sleep-deprived EEG. Wash hair the night before; no oils.']) }}</p>"""
LABELS = {"date": ["Date:", "Order date:", "Date of referral:"], "pt": ["Patient", "Patient information"], "name": ["Name:", "Patient:"],
          "dob": ["DOB:", "Birth date:"], "sex": ["Sex:", "Gender:"], "ph": ["Phone:", "Contact phone:"],
          "addr": ["Address:", "Lives at:"], "mrn": ["Your MRN:", "MRN:"], "lang": ["Language:", "Spoken language:"],
          "ins": ["Insurance", "Billing"], "payer": ["Plan:", "Insurance:", "Payer:"], "mid": ["ID:", "Member #:"],
          "grp": ["Group:", "Grp #:"], "auth": ["Authorization #:", "Auth #:"], "pri": ["Priority", "Appointment timeframe", "Urgency"],
          "svc": ["Service requested", "Type of referral", "We request"],
          "why": ["Clinical question", "Reason for referral", "Brief history"], "dx": ["ICD-10:", "Diagnosis:"],
          "px": ["CPT:", "Test / procedure:"], "by": ["Ordering provider", "Referring provider"], "prov": ["Name:", "Provider:"],
          "prac": ["Practice:", "Office:"], "tel": ["Phone:", "Tel:"], "fax": ["Fax:", "Fax report to:"],
          "to": ["Requested neurologist:", "See Dr.:"]}
SIGNS = ["Headache", "Seizure or spell", "Memory loss", "Tremor", "Weakness", "Numbness", "Gait problem", "Dizziness", "Sleepiness"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Neurology")
    d = b.doc("referral", c)
    dx = ", ".join(f"{code} {words}" for code, words in d.dx())
    px = ", ".join(f"{code} {words}" for code, words in d.cpt())
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, inter=c.values.get("patient.language", "English") != "English",
           signs=SIGNS, on=r.sample(SIGNS, 2), dx=dx, px=px,
           clinic=r.choice(["General neurology", "Headache", "Memory", ""]), enclosed=r.choice(["Labs", "Medication list",
                                                                                                "MRI / CT report"]))
