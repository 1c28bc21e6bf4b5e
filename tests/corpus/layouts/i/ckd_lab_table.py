"""A kidney clinic's referral sheet for chronic kidney disease: facts in ruled rows, then three columns of laboratory results."""
import datetime as dt

CSS = """
.page{padding:.5in .6in} .mast{text-align:center;border-bottom:4px double #000;padding-bottom:5px} .mast b{font-size:1.6em;letter-spacing:.03em}
.mast p{margin:2px 0 0;font-size:.88em} h1{font-size:1.28em;margin:.09in 0 .02in;font-weight:normal}
h4{margin:.11in 0 .03in;font-size:1em;font-style:italic;border-bottom:1px solid #000} table{border-collapse:collapse;width:100%}
.facts td{border-bottom:.7px solid #999;padding:3px 4px;vertical-align:bottom} .facts td:nth-child(odd){width:1.42in;font-size:.87em;color:#222}
.labs{font-size:.93em} .labs th,.labs td{border:1px solid #555;padding:1.5px 6px;text-align:center} .labs td:first-child{text-align:left}
.labs th{font-weight:bold;border-bottom-width:2px} .line{margin:.05in 0;line-height:1.5} .sign{display:flex;gap:.3in;margin-top:.3in;font-size:.88em}
.sign div{flex:2;border-top:1px solid #000;padding-top:2px} .sign div+div{flex:1}
"""
FORM = """{% macro row(a, one, b='', two='') %}<tr><td>{{ a }}<td>{{ one }}<td>{{ b }}<td>{{ two }}</tr>{% endmacro %}
<div class=mast><b>{{ s('recipient.organization') }}</b><p>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &bull;
{{ s.ph(x.rec_phone) }} &bull; {{ pick(['New-patient fax', 'Intake fax', 'Fax']) }} {{ s.ph(x.rec_fax) }}</p></div>
<h1>{{ s('referral.specialty', 'Nephrology') }} {{ pick(['Referral: Chronic Kidney Disease', 'Consultation Request (CKD)',
'Referral Sheet for CKD']) }}</h1>
<div class=line>{{ w.soon }} {{ s.boxes('referral.urgency', w.urgency) }}</div>
<h4>{{ w.h[0] }}</h4><table class=facts>
{{ row(w.doc, s('referrer.name'), 'NPI', s('referrer.npi')) }}
{{ row(w.clinic, s('referrer.organization'), w.on, s('referral.date')) }}
{{ row(w.call, s('referrer.phone'), w.fax, s('referrer.fax')) }}
{% if s.has('recipient.name') %}{{ row(w.to, s('recipient.name')) }}{% endif %}</table>
<h4>{{ w.h[1] }}</h4><table class=facts>
{{ row(w.pt, s('patient.name'), w.born, s('patient.birth_date')) }}
{{ row(w.home, s('patient.address.line'), w.sex, s('patient.sex')) }}
{{ row(w.csz, s.csz(), w.cell, s('patient.phone')) }}
{{ row(w.plan, s('insurance.payer'), w.member, s('insurance.member_id')) }}
{% if s.has('insurance.secondary.payer') %}{{ row(w.plan2, s('insurance.secondary.payer'), w.member, s('insurance.secondary.member_id')) }}{% endif %}
{{ row(w.mrn, s('patient.mrn'), w.talk, s('patient.language')) }}</table>
<h4>{{ w.h[2] }}</h4>
<div class=line>{{ w.asked }} {{ s.boxes('referral.service', [('consult', 'Consult only'), ('evaluate_and_treat', 'Evaluate and treat'),
('transfer_of_care', 'Assume care'), ('second_opinion', 'Second opinion')]) }}</div>
<div class=line>{{ w.why }} {{ s('referral.reason') }}</div>
<div class=line>{{ w.dx }} {% for code, words in s.dx() %}{{ code }} {{ words }}{{ '; ' if not loop.last }}{% endfor %}</div>
<div class=line>CKD stage: {% for one in ['3a', '3b', '4', '5'] %}<span class="{{ 'circ' if one == stage else 'uncirc' }}">{{ one }}</span>{% endfor %}
&emsp; Diabetes {{ s.box(sugar) }}Y {{ s.box(not sugar) }}N &emsp; Hypertension {{ s.box(true) }}Y {{ s.box(false) }}N &emsp; BP {{ x.bp }}</div>
<h4>{{ w.h[3] }}</h4><table class=labs><tr><th>{{ pick(['Test', 'Analyte', 'Lab']) }}{% for day in days %}<th>{{ s.d(day,
'%m/%d/%y') }}{% endfor %}<th>{{ pick(['Reference', 'Normal']) }}</tr>
{% for name, results, normal in labs %}<tr><td>{{ name }}{% for one in results %}<td>{{ one }}{% endfor %}<td>{{ normal }}</tr>{% endfor %}</table>
<div class=line>{{ pick(['Enclosed:', 'Sent with this sheet:']) }} {{ s.box(true) }}Last two office notes &ensp; {{ s.box(false) }}Renal ultrasound &ensp;
{{ s.box(true) }}Medication list &ensp; {{ s.box(false) }}Urine sediment</div>
<div class=sign><div>{{ pick(['Signature of referring provider', 'Signed']) }}</div><div>{{ pick(['Date', 'Date / time']) }}</div></div>"""
STAGES = {"3a": ("N18.31", "Chronic kidney disease, stage 3a", 46, 58), "3b": ("N18.32", "Chronic kidney disease, stage 3b", 31, 43),
          "4": ("N18.4", "Chronic kidney disease, stage 4 (severe)", 16, 28), "5": ("N18.5", "Chronic kidney disease, stage 5", 9, 14)}
BESIDES = [("R80.9", "Proteinuria, unspecified"), ("D63.1", "Anemia in chronic kidney disease"), ("E87.5", "Hyperkalemia"),
           ("N25.81", "Secondary hyperparathyroidism of renal origin"), ("E11.22", "Type 2 diabetes mellitus with diabetic CKD")]
REASONS = ["Filtration has dropped by {fall} points over {dur}, please advise on slowing further loss", "Albumin in urine stays high on full dose {med}",
           "Worsening kidney function for {dur} with normal ultrasound, cause not known", "Swelling of both legs for {dur} and rising creatinine on {med}",
           "Blood pressure above goal on three agents, kidney function falling", "Potassium keeps climbing since {med} was started, help with management"]
WORDS = [dict(soon="Priority:", urgency=[("routine", "Routine"), ("urgent", "Urgent (1-2 weeks)"), ("stat", "STAT")], doc="Referring provider",
              clinic="Practice", on="Date of referral", call="Office phone", fax="Office fax", to="Nephrologist requested", pt="Patient name",
              born="DOB", home="Street address", sex="Sex", csz="City / state / zip", cell="Phone", plan="Primary insurance", member="ID number",
              plan2="Secondary insurance", mrn="Your chart no.", talk="Language", asked="Please:", why="Reason for referral:", dx="ICD-10 code(s):",
              h=["From", "Patient", "Clinical question", "Recent laboratory results"]),
         dict(soon="To be seen:", urgency=[("stat", "Same day (call us first)"), ("urgent", "Urgently"), ("routine", "Next routine opening")],
              doc="Requesting clinician", clinic="Clinic", on="Requested on", call="Telephone", fax="Fax for consult note", to="Attention",
              pt="Name (as on insurance card)", born="Date of birth", home="Mailing address", sex="Gender", csz="City, state, ZIP",
              cell="Daytime telephone", plan="Health plan", member="Subscriber ID", plan2="Other coverage", mrn="MRN", talk="Speaks",
              asked="Service wanted:", why="Question for the nephrologist:", dx="Diagnosis with code:",
              h=["Requesting office", "Person referred and coverage", "Indication", "Laboratory trend (last three draws)"])]


def results(rng, low, high, sugar):
    """(the last three eGFR, rows of the table)"""
    last = rng.randint(low, high)
    egfr = [last + rng.randint(9, 14), last + rng.randint(4, 8), last]
    span = lambda a, b, form: [form.format(rng.uniform(a, b)) for _ in range(3)]
    rows = [("eGFR (CKD-EPI 2021)", egfr, "> 60 mL/min"), ("Creatinine", [f"{72 / one:.2f}" for one in egfr], "0.6 - 1.2 mg/dL"),
            ("BUN", span(24, 58, "{:.0f}"), "7 - 20 mg/dL"), ("Potassium", span(4.4, 5.6, "{:.1f}"), "3.5 - 5.1 mmol/L"),
            ("Bicarbonate", span(18, 25, "{:.0f}"), "22 - 29 mmol/L"), ("Phosphorus", span(3.4, 5.4, "{:.1f}"), "2.5 - 4.5 mg/dL"),
            ("Hemoglobin", span(9.2, 12.6, "{:.1f}"), "12.0 - 16.0 g/dL"), ("Urine albumin/creatinine", span(60, 1900, "{:.0f}"), "< 30 mg/g")]
    return egfr, rows + ([("Hemoglobin A1c", span(6.6, 9.4, "{:.1f}"), "< 5.7 %")] if sugar else [])


def build(book):
    rng, case = book.case_rng, book.case(specialty="Nephrology")
    book.css = CSS + "body{font:%s}" % book.rng.choice(["11pt 'Linux Libertine O'", "9.2pt 'DejaVu Serif Condensed'", "10.6pt C059"])
    stage, sugar = rng.choice(list(STAGES)), rng.random() < .5
    code, words, low, high = STAGES[stage]
    egfr, labs = results(rng, low, high, sugar)
    case.values["referral.reason"] = rng.choice(REASONS).format(dur=case.x["dur"], fall=egfr[0] - egfr[2], med=rng.choice(["lisinopril", "losartan"]))
    case.dx = [(code, words)] + rng.sample(BESIDES[:4 + sugar], rng.choice([0, 1, 1, 2]))
    if case.has("referral.diagnoses"):
        case.values["referral.diagnoses"] = [one for one, _ in case.dx]
    doc = book.doc("referral", case)
    doc.drop("referrer.direct_address", "referral.procedures", "insurance.group_number", "referral.authorization_number")
    day = case.x["ref_date"]
    doc.page("referral", FORM, w=book.rng.choice(WORDS), stage=stage, sugar=sugar, labs=labs,
             days=[day - dt.timedelta(days=back) for back in (rng.randint(300, 400), rng.randint(90, 200), rng.randint(3, 30))])
