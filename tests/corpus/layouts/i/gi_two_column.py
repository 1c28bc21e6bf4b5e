"""A gastroenterology group's own one-page referral form: boxes in two columns under shaded headings, a list of procedures to tick."""
import world

CSS = """
.page{padding:.4in .5in} .top{display:flex;justify-content:space-between;align-items:flex-end;padding-bottom:5px}
.top h1{font-size:1.75em;margin:0;max-width:4.3in;line-height:1.1} .top div{text-align:right;font-size:.86em;line-height:1.35}
h2{text-align:center;font-size:1.25em;margin:.08in 0 .03in;letter-spacing:.02em} .how{text-align:center;font-size:.84em;margin:0 0 .08in}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.1in} .box{border:1.2px solid #333;margin-bottom:.1in} .br .opt{display:block;margin:2px 0 5px}
.box h3{margin:0;padding:2px 7px;font-size:1em;border-bottom:1.2px solid #333} .in{padding:6px 8px 7px;line-height:1.45}
.in p{margin:0;display:flex;align-items:baseline;min-height:.285in;line-height:1.2} .in p b{font-weight:normal;white-space:nowrap;margin-right:5px}
.in p u{flex:1;text-decoration:none;border-bottom:.8px solid #777;padding-left:3px} .in p u+b{margin-left:6px} .in p u:nth-of-type(2){flex:.55}
.proc{display:grid;grid-template-columns:1fr 1fr;gap:6px 10px} .foot{display:grid;grid-template-columns:1.2fr 1fr 1fr 1fr;font-size:.82em}
.foot span{border:1px solid #333;margin-left:-1px;padding:2px 5px 17px} .wide{display:grid;grid-template-columns:1fr 1fr;gap:5px 16px}
"""
FORM = """{% macro f(label, value) %}<b>{{ label }}</b><u>{{ value }}</u>{% endmacro %}
<div class=top><h1>{{ s('recipient.organization') }}</h1><div>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['Phone', 'Tel', 'Scheduling']) }} {{ s.ph(x.rec_phone) }}<br>{{ pick(['Fax', 'Referral fax', 'Fax referrals to']) }} {{ s.ph(x.rec_fax) }}
</div></div>
<h2>{{ s('referral.specialty', 'Gastroenterology') }} {{ pick(['Referral Form', 'Patient Referral', 'Referral Request']) }}</h2>
<p class=how>{{ pick(['Please send a copy of both sides of the insurance card, the last office note and recent labs with this form.',
'Incomplete forms delay scheduling. Attach demographics, office notes, labs and imaging.',
'Our office will call your patient within two business days of receiving this page.']) }}</p>
<div class=two><div>
<div class=box><h3>{{ h[0] }}</h3><div class=in><p>{{ f(lab.name, s('patient.name')) }}</p>
<p>{{ f(lab.dob, s('patient.birth_date')) }}{{ f(pick(['Sex:', 'Gender:', 'M/F:']), s('patient.sex')) }}</p>
<p>{{ f('Address:', s('patient.address.line')) }}</p>
<p>{{ f(pick(['City/State/Zip:', 'City, State, ZIP:']), s.csz()) }}</p><p>{{ f(lab.phone, s('patient.phone')) }}{{ f('Alt:', '') }}</p>
<p>{{ f(pick(['Preferred language:', 'Language:']), s('patient.language')) }}{{ f('Interpreter?', '') }}</p></div></div>
<div class=box><h3>{{ h[1] }}</h3><div class=in><p>{{ f(pick(['Primary:', 'Primary insurance:', 'Plan:']), s('insurance.payer')) }}</p>
<p>{{ f(pick(['ID #:', 'Policy #:', 'Member ID:']), s('insurance.member_id')) }}{{ f('Group:', s('insurance.group_number')) }}</p>
<p>{{ f(pick(['Secondary:', 'Secondary insurance:']), s('insurance.secondary.payer')) }}</p><p>{{ f('ID #:', s('insurance.secondary.member_id')) }}</p>
<p>{{ f(pick(['Authorization # (if required):', 'Referral/auth #:', 'Prior auth no.:']), s('referral.authorization_number')) }}</p></div></div>
</div><div>
<div class=box><h3>{{ h[2] }}</h3><div class=in><p>{{ f(lab.doc, s('referrer.name')) }}</p><p>{{ f(pick(['Practice:', 'Practice name:', 'Office:']),
s('referrer.organization')) }}</p><p>{{ f('NPI:', s('referrer.npi')) }}</p><p>{{ f('Phone:', s('referrer.phone')) }}</p>
<p>{{ f('Fax:', s('referrer.fax')) }}</p>
<p>{{ f(pick(['Contact person:', 'Form completed by:']), x.contact) }}</p><p>{{ f(pick(['Date:', 'Date referred:', 'Referral date:']),
s('referral.date')) }}</p></div></div>
<div class=box><h3>{{ h[3] }}</h3><div class=in>{% for name in others[:2] %}<p>{{ s.box(False) }}Dr. {{ name }}</p>{% endfor %}
{% if s.has('recipient.name') %}<p>{{ s.box(True) }}{{ s('recipient.name', 'first') }}</p>{% endif %}<p>{{ s.box(False) }}Dr. {{ others[2] }}</p>
<p>{{ s.box(not s.has('recipient.name')) }}{{ pick(['First available', 'No preference', 'Next available provider']) }}</p></div></div>
</div></div>
<div class=two><div class=box><h3>{{ h[4] }}</h3><div class="in br">{{ s.boxes('referral.urgency', urgencies) }}</div></div>
<div class=box><h3>{{ h[5] }}</h3><div class="in wide">{{ s.boxes('referral.service', services) }}</div></div></div>
{% set mine = s.cpt()|map(attribute=0)|list %}<div class=box><h3>{{ h[6] }}</h3><div class="in proc">
{% for code, words in menu %}<span>{{ s.box(code in mine) }}{{ words }} ({{ code }})</span>{% endfor %}</div></div>
<div class=box><h3>{{ h[7] }}</h3><div class=in><p>{{ f(pick(['ICD-10:', 'Diagnosis (ICD-10):', 'Dx code(s):']), codes()) }}</p>
<p>{{ f(pick(['Reason for referral:', 'Symptoms / reason:', 'Indication:']), s('referral.reason')) }}</p>
<div class=wide>{% for asked in history %}<span>{{ asked }} &nbsp; {{ s.box(asked == yes) }}Yes
&nbsp;{{ s.box(asked != yes) }}No</span>{% endfor %}</div></div></div>
<div class=foot><span>{{ pick(['OFFICE USE ONLY', 'For GI office use']) }}</span><span>Received</span><span>Patient called</span>
<span>Appt date / time</span></div>"""
HISTORY = ["Takes a blood thinner", "Diabetic on insulin", "Pacemaker or defibrillator", "Home oxygen", "Sleep apnea", "Kidney disease"]


def build(book):
    rng, case = book.rng, book.case(specialty="Gastroenterology")
    while case.x["age"] < 18:
        case = book.case(specialty="Gastroenterology")
    look = rng.choice([("9.6pt 'Liberation Sans'", "#d9d9d9"), ("9.8pt Lato", "#cfd8dc"), ("9.4pt Roboto", "#e3e3e3")])
    book.css = CSS + "body{font:%s}.box h3{background:%s}" % look
    doc = book.doc("referral", case)
    doc.drop("patient.mrn", "referrer.direct_address")
    others = ["{0[0]} {0[2]}".format(world.person(book.case_rng)) for _ in range(3)]
    heads = rng.choice([
        ["PATIENT INFORMATION", "INSURANCE", "REFERRING PROVIDER", "PROVIDER REQUESTED", "PRIORITY", "TYPE OF VISIT", "PROCEDURES", "CLINICAL"],
        ["Patient", "Insurance information", "Referred by", "Our physicians", "How soon?", "Request", "Procedure requested, if known", "Diagnosis"],
        ["1. About the patient", "2. Coverage", "3. Referring office", "4. Requested physician", "5. Appointment needed", "6. We are asking for",
         "7. Procedure or test", "8. Diagnosis and history"]])
    labels = rng.choice([dict(name="Name:", dob="DOB:", phone="Phone:", doc="Provider name:"),
                         dict(name="Patient name:", dob="Date of birth:", phone="Home phone:", doc="Physician:"),
                         dict(name="Last, first, MI:", dob="Birth date:", phone="Best phone:", doc="Referring MD/NP/PA:")])
    if labels["name"].startswith("Last"):
        doc.style["name"] = "last"
    urgencies = rng.choice([[("routine", "Routine"), ("urgent", "Urgent - within 2 weeks"), ("stat", "STAT - call our office")],
                            [("stat", "Emergent (same day)"), ("urgent", "Urgent"), ("routine", "Routine, next available")]])
    services = [("consult", "Consultation"), ("evaluate_and_treat", "Evaluate and treat"), ("procedure", "Procedure only"),
                ("diagnostic", "Diagnostic testing"), ("second_opinion", "Second opinion"), ("transfer_of_care", "Transfer of care")]
    menu = [(code, world.CPT_WORDS[code]) for code in world.SPECIALTIES["Gastroenterology"]["cpt"].split()]

    def codes():
        return "; ".join(f"{code} {words}" for code, words in doc.dx())

    doc.page("referral", FORM, h=heads, lab=labels, others=others, urgencies=urgencies, services=services, menu=menu, codes=codes,
             history=HISTORY, yes=book.case_rng.choice(HISTORY + [""]))
