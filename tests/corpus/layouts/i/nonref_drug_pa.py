"""A pharmacy's or prescriber's request to a drug plan for prior authorization of a medicine: patient, prescriber and diagnosis, but no referral."""
import datetime as dt

import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.42in .55in} .a{display:flex;justify-content:space-between;align-items:flex-start;gap:.3in}
.a h1{font-size:1.5em;margin:0;line-height:1.15} .a div{border:1px solid #000;padding:3px 9px;font-size:.88em;line-height:1.4;white-space:nowrap}
.n{font-size:.86em;margin:.07in 0;line-height:1.35} table{border-collapse:collapse;width:100%;margin-bottom:.09in}
th{background:%s;text-align:left;padding:2px 7px;border:1px solid #000} td{border:1px solid #000;padding:3px 7px;line-height:1.3;vertical-align:top}
td small{font-size:.83em;color:#222} .q td:last-child{white-space:nowrap;width:1.5in} .cov h1{font-size:2.2em;margin:.2in 0}
.cov p{font-size:1.15em;line-height:1.7} .s{display:flex;gap:.3in;margin-top:.32in;font-size:.86em} .s div{flex:2;border-top:1px solid #000}
.s div+div{flex:1}
"""
COVER = """<div class=cov><h1>{{ pick(['Fax Transmittal', 'FACSIMILE', 'Fax']) }}</h1>
<p>To: Prior Authorization Department<br>Fax: {{ s.ph(x.rec_fax) }}<br>From: {{ drugstore }}<br>
Telephone: {{ s.ph(y.rec_phone) }}<br>Date: {{ s.d(x.print_date) }}<br>Pages with this one: 2</p>
<p>{{ pick(['Claim rejected at the counter (code 75). Completed request attached.',
'Prescriber has filled in the attached request. Patient is waiting for this medicine.']) }}</p>
<p style="font-size:.9em">Protected health information. Destroy if received in error.</p></div>"""
FORM = """<div class=a><h1>{{ pick(['Prescription Drug Prior Authorization Request', 'Medication Prior Authorization Form',
'Coverage Determination Request - Drug']) }}</h1>
<div>{{ pick(['Return by fax', 'Fax completed form']) }}: {{ s.ph(x.rec_fax) }}<br>Questions: {{ s.ph(x.rec_phone) }}</div></div>
<p class=n>{{ pick(['Answer every question. A decision is made within 72 hours of a complete request, 24 hours if expedited.',
'Please type or print. Missing answers delay the review. Chart notes may be asked for.']) }}<br>
{{ s.box(not fast) }}Standard review &emsp; {{ s.box(fast) }}Expedited review</p>
<table><tr><th colspan=3>{{ w[0] }}</tr><tr><td colspan=2><small>Name:</small> {{ s('patient.name') }}
<td><small>Date of birth:</small> {{ s('patient.birth_date') }}</tr>
<tr><td colspan=2><small>Address:</small> {{ s.addr() }}<td><small>Phone:</small> {{ s('patient.phone') }}</tr>
<tr><td><small>Plan:</small> {{ s('insurance.payer') }}<td><small>Cardholder ID:</small> {{ s('insurance.member_id') }}
<td><small>RxBIN / PCN:</small> {{ x.acct[:6] }} / {{ pick(['MCAIDADV', 'ADV', 'PDPRX']) }}</tr>
<tr><td><small>Sex:</small> {{ s('patient.sex') }}<td><small>Weight:</small> {{ x.wt }} lb<td><small>Allergies:</small> {{ x.allergy }}</tr></table>
<table><tr><th colspan=3>{{ w[1] }}</tr><tr><td colspan=2><small>Name:</small> {{ s('referrer.name') }}<td><small>NPI:</small> {{ s('referrer.npi') }}</tr>
<tr><td><small>Practice:</small> {{ s('referrer.organization') }}<td><small>Phone:</small> {{ s('referrer.phone') }}
<td><small>Fax:</small> {{ s('referrer.fax') }}</tr>
<tr><td colspan=2><small>Office contact:</small> {{ x.contact }}<td><small>Date of request:</small> {{ s('referral.date') }}</tr></table>
<table><tr><th colspan=3>{{ w[2] }}</tr><tr><td colspan=2><small>Drug and strength:</small> {{ drug }}<td><small>Quantity / days:</small> {{ amount }}</tr>
<tr><td colspan=2><small>Directions:</small> {{ sig }}<td><small>{{ s.box(first) }}New start</small> &nbsp;
<small>{{ s.box(not first) }}Continuing</small></tr>
<tr><td colspan=3><small>Diagnosis and ICD-10 code:</small> {% for code, words in s.dx() %}{{ words }}, {{ code }}{% endfor %}</tr>
<tr><td colspan=2><small>Dispensing pharmacy:</small> {{ drugstore }}<td><small>Pharmacy phone:</small> {{ s.ph(y.rec_phone) }}</tr></table>
<table><tr><th>{{ w[3] }}<th>From - to<th>{{ pick(['Outcome', 'Result', 'Reason stopped']) }}</tr>{% for med, start, end, why in tried %}
<tr><td>{{ med }}<td>{{ s.d(start, '%m/%Y') }} - {{ s.d(end, '%m/%Y') }}<td>{{ why }}</tr>{% endfor %}</table>
<table class=q><tr><th colspan=2>{{ w[4] }}</tr>{% for asked, yes in questions %}<tr><td>{{ asked }}<td>{{ s.box(yes) }}Yes &nbsp;
{{ s.box(not yes) }}No</tr>{% endfor %}</table>
<p class=n>I certify that the above is true and that the medicine is medically necessary for this patient. Records supporting it are kept on file and
will be shown on request.</p>
<div class=s><div>{{ pick(['Prescriber signature', 'Signature of prescriber or delegate']) }}</div><div>Date</div></div>"""
DRUGS = [("adalimumab 40 mg/0.4 mL pen", "2 pens / 28", "Inject 40 mg under the skin every 14 days", ("L40.0", "Psoriasis vulgaris"),
          ["Methotrexate 15 mg weekly", "Clobetasol ointment"]),
         ("semaglutide 1 mg pen", "3 mL / 28", "Inject 1 mg once weekly", ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
          ["Metformin 2000 mg daily", "Glipizide 10 mg"]),
         ("erenumab 70 mg autoinjector", "1 mL / 30", "Inject 70 mg monthly", ("G43.709", "Chronic migraine without aura"),
          ["Topiramate 100 mg", "Propranolol 80 mg"]),
         ("dupilumab 300 mg syringe", "2 syringes / 28", "Inject 300 mg every other week", ("L20.9", "Atopic dermatitis, unspecified"),
          ["Tacrolimus ointment", "Triamcinolone 0.1%"]),
         ("apixaban 5 mg tablet", "60 / 30", "One tablet twice daily", ("I48.20", "Chronic atrial fibrillation"), ["Warfarin", "Rivaroxaban 20 mg"])]
QUESTIONS = ["Has the patient tried at least two formulary alternatives?", "Is the medicine being prescribed by, or with advice from, a specialist?",
             "Was a negative tuberculosis test obtained in the last 12 months?", "Will the medicine be used with another biologic?",
             "Has the patient received samples of this drug?", "Is the requested dose within the labeled limits?"]
HEADS = [["Patient", "Prescriber", "Medication", "Medicines tried before", "Clinical questions"],
         ["SECTION A - MEMBER", "SECTION B - PRESCRIBING PROVIDER", "SECTION C - DRUG REQUESTED", "SECTION D - PRIOR THERAPY", "SECTION E - CRITERIA"]]


def build(book):
    rng, case = book.case_rng, book.case(drop=False)
    while case.x["age"] < 18:
        case = book.case(drop=False)
    book.css = CSS.replace("%s", book.rng.choice(["#dcdcdc", "#e8e8e8", "#fff"]))
    book.css += "body{font:%s}" % book.rng.choice(["9.8pt 'Nimbus Sans'", "9.9pt Roboto", "10.4pt 'Liberation Serif'"])
    drug, amount, sig, diagnosis, tried = rng.choice(DRUGS)
    case.dx, case.values["referral.diagnoses"] = [diagnosis], [diagnosis[0]]
    day = case.x["ref_date"]
    before = [(med, day - dt.timedelta(days=rng.randint(300, 700)), day - dt.timedelta(days=rng.randint(30, 250)),
               rng.choice(["No response", "Side effects", "Lost effect", "Not tolerated"])) for med in tried]
    doc, y = book.doc("other", case), {"rec_phone": world.phone(rng, case.x["area"])}
    more = dict(y=y, drug=drug, amount=amount, sig=sig, tried=before, w=book.rng.choice(HEADS), first=rng.random() < .6, fast=rng.random() < .3,
                drugstore=f"{rng.choice(world.PLACES)} {rng.choice(['Pharmacy', 'Drug', 'Specialty Pharmacy'])}",
                questions=[(asked, rng.random() < .5) for asked in QUESTIONS])
    if book.rng.random() < .4:
        doc.page("cover", COVER, **more)
    doc.page("other", FORM, **more)
