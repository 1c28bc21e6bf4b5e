"""Foot clinic's half-and-half form: patient left, insurance right; office left, foot findings right; reason between them."""
CSS = """
.page{padding:.5in .55in} .tt{text-align:center;line-height:1.3;margin-bottom:.08in} .tt b{font-size:1.55em}
.w{display:grid;grid-template-columns:1fr 1fr;column-gap:var(--cg)} .bx{border:var(--bx);padding:5px 9px 8px;margin-top:.1in}
.bx h3{margin:0 0 5px;font-size:1em;text-align:var(--ha);background:var(--hb);margin-left:-9px;margin-right:-9px;margin-top:-5px;padding:3px
9px} .ln{display:flex;margin-top:4px;line-height:1.3} .ln>b{font-weight:var(--w);min-width:var(--lw);
margin-right:6px} .ln>span{flex:1;border-bottom:var(--ul);min-height:1.3em} .sm{font-size:.83em;text-align:center}
"""
FACES = ["body{font:10pt/1.3 'Liberation Sans';--cg:.12in;--bx:1.3px solid #000;--ha:center;--hb:#ddd;--w:normal;--lw:0;"
         "--ul:1px solid #888}",
         "body{font:10.4pt/1.3 P052;--cg:.2in;--bx:1px solid #000;--ha:left;--hb:#fff;--w:bold;--lw:1in;--ul:0}",
         "body{font:9.8pt/1.3 Roboto;--cg:.3in;--bx:0;--ha:left;--hb:#222;--w:normal;--lw:.95in;--ul:1px dotted #555}",
         "body{font:9.8pt/1.3 'URW Bookman';font-size:9.4pt;--cg:0;--bx:1px solid #000;--ha:center;--hb:#eee;--w:normal;--lw:0;--ul:0}"]
T = """{% macro l(lab, v='') %}<div class=ln><b>{{ lab }}</b><span>{{ v }}</span></div>{% endmacro %}
<div class=tt><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; Tel {{
s.ph(x.rec_phone) }} &nbsp; Fax {{ s.ph(x.rec_fax) }}<br>{{ s('referral.specialty') }} {{ pick(['Referral',
'Patient Referral Form', 'Referral - please fax with chart notes']) }}</div>
<div class=w><div>{{ l(L.date, s('referral.date')) }}</div><div>{{ l(L.pri, s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent',
'Urgent'), ('stat', 'STAT')])) }}</div></div>
<div class=w><div class=bx><h3>{{ L.pt }}</h3>{{ l(L.name, s('patient.name')) }}{{ l(L.dob, s('patient.birth_date')) }}{{ l(L.sex,
s('patient.sex')) }}{{ l(L.addr, s('patient.address.line')) }}{{ l(L.csz, s.csz()) }}{{ l(L.ph,
s('patient.phone')) }}{{ l('Other phone:') }}{{ l(L.lang, s('patient.language')) }}{% if s.has('patient.mrn') %}{{ l(L.mrn,
s('patient.mrn')) }}{% endif %}</div>
<div class=bx><h3>{{ L.ins }}</h3>{{ l(L.payer, s('insurance.payer')) }}{{ l(L.mid, s('insurance.member_id')) }}{{ l(L.grp,
s('insurance.group_number')) }}{{ l('Policy holder:', pick(['self', 'Self', ''])) }}{{ l('Holder DOB:', '') }}{{
l('Secondary:', s('insurance.secondary.payer')) }}{{ l('Secondary ID:', s('insurance.secondary.member_id')) }}{{ l(L.auth,
s('referral.authorization_number')) }}</div></div>
<div class=bx><h3>{{ L.cl }}</h3>{{ l(L.why, s('referral.reason')) }}{% for c, t in s.dx() %}{{ l(L.dx if loop.first else '&nbsp;'|safe, c ~
' - ' ~ t) }}{% else %}{{ l(L.dx) }}{% endfor %}{% if s.has('referral.procedures') %}{% for c, t in
s.cpt() %}{{ l(L.px if loop.first else '&nbsp;'|safe, c ~ ' - ' ~ t) }}{% endfor %}{% endif %}{{ l(L.svc, s('referral.service')) }}</div>
<div class=w><div class=bx><h3>{{ L.by }}</h3>{{ l(L.prov, s('referrer.name')) }}{{ l('NPI:', s('referrer.npi')) }}{{ l(L.prac,
s('referrer.organization')) }}{{ l('Address:', x.ref_addr) }}{{ l('', x.city ~ ', ' ~ x.state ~ ' ' ~ x.zip)
}}{{ l(L.tel, s('referrer.phone')) }}{{ l(L.fax, s('referrer.fax')) }}{% if s.has('referrer.direct_address') %}<div class=ln
style="font-size:.92em"><b>Direct:</b><span>{{ s('referrer.direct_address') }}</span></div>{% endif %}{{
l('Contact:', x.contact) }}</div>
<div class=bx><h3>{{ pick(['Foot and Diabetes Data', 'Lower Extremity', 'If Diabetic']) }}</h3>{{ l('Diabetes:', s.box(dm) ~ 'Yes ' ~
s.box(not dm) ~ 'No') }}{{ l('Last A1c:', a1c) }}{{ l('Date last seen by PCP:', s.d(x.visit)) }}{{ l('Pulses:',
pick(['2+ both', 'DP 1+ L', 'not examined'])) }}{{ l('Monofilament:', pick(['intact', 'reduced', ''])) }}{{ l('Ulcer:', s.box(False) ~ 'Yes
' ~ s.box(True) ~ 'No') }}{{ l('Anticoagulant:', pick(['none', 'aspirin 81']))
}}{{ l('Allergies:', x.allergy) }}{{ l(L.to, s('recipient.name')) }}</div></div>
<p class=sm>{{ pick(['Medicare requires the name of the physician managing diabetes and the date last seen.', 'Please attach X-rays,
vascular studies and the last visit note.', 'We call patients within 48 hours.']) }}</p>"""
LABELS = {"date": ["Date:", "Referral date:"], "pri": ["Priority:", "Urgency:"],
          "pt": ["Patient", "PATIENT INFORMATION", "About the Patient"], "name": ["Name:", "Patient:"], "dob": ["DOB:", "Date of birth:"],
          "sex": ["Sex:", "Gender:"],
          "addr": ["Address:", "Street:"], "csz": ["City/State/Zip:", "City, State, ZIP:"], "ph": ["Phone:", "Cell:", "Home phone:"],
          "lang": ["Language:", "Interpreter for:"], "mrn": ["Chart #:", "MRN:"],
          "ins": ["Insurance", "INSURANCE INFORMATION", "Billing"], "payer": ["Primary:", "Company:", "Plan:"],
          "mid": ["ID #:", "Member ID:", "Policy #:"], "grp": ["Group #:", "Group:"], "auth": ["Auth #:", "Referral auth #:"],
          "cl": ["Reason for Referral", "REASON / DIAGNOSIS", "Problem"], "why": ["Complaint:", "Reason:", "History:"],
          "dx": ["ICD-10:", "Diagnosis:"], "px": ["Procedure:", "CPT:"], "svc": ["Service:", "Please:"],
          "by": ["Referring Provider", "REFERRED BY", "Your Office"], "prov": ["Provider:", "Name:", "Physician:"],
          "prac": ["Practice:", "Clinic:"], "tel": ["Phone:", "Office:"], "fax": ["Fax:", "Fax #:"],
          "to": ["Podiatrist:", "Doctor requested:"]}


def build(b):
    r = b.rng
    face = r.choice(FACES)
    b.css = CSS + face + (".bx h3{color:#fff}" if "--hb:#222" in face else "")
    d = b.doc("referral", b.case(specialty="Podiatry"))
    dm = r.random() < .5
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, dm=dm, a1c=f"{r.uniform(6.2, 10.4):.1f}" if dm else "")
