"""Cancer centre's new patient referral: a stub of section names at the left, diagnosis block, checklist of records to send."""
import world

CSS = """body{font:10pt 'Lato'} .page{padding:.42in .5in} .hd{text-align:center} .hd h1{font-size:18pt;font-weight:300;margin:0;letter-spacing:.5px} .hd h2{font-size:12pt;margin:.02in 0;background:#000;color:#fff;padding:4px;text-transform:uppercase;letter-spacing:2px}
.hd p{margin:.05in 0 .08in;font-size:8.8pt} table.m{width:100%;border-collapse:collapse} table.m>tbody>tr>th{width:1.05in;border:1.2px solid #000;font-size:9pt;font-weight:900;padding:4px;vertical-align:top;text-align:left} table.m>tbody>tr>td{border:1.2px solid #000;padding:4px 8px}
.l{display:flex;flex-wrap:wrap;gap:2px .25in;margin:.045in 0} .l i{font-style:normal;color:#222} .l i:after{content:' '} .v{font-weight:bold} .ck{display:grid;grid-template-columns:1fr 1fr;gap:3px 10px} .w{min-height:.4in} .ft{font-size:7.8pt;margin-top:.08in}"""
FORM = """<div class=hd><h1>{{ s('recipient.organization') }}</h1><h2>{{ title }} &ndash; {{ s('referral.specialty') }}</h2>
<p>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;|&nbsp; New Patient Coordinator <b>{{ x.coordinator }}</b> {{ s.ph(x.rec_phone) }} &nbsp;|&nbsp; Fax {{ s.ph(x.rec_fax) }}</p></div>
<table class=m><tr><th>{{ stub[0] }}<td>
<div class=l><div><i>{{ dateword }}</i>{{ s('referral.date') }}</div><div><i>Requested physician (or first available):</i>{{ s('recipient.name') if s.has('recipient.name') else 'first available' }}</div></div>
<div class=l><div><i>Timeframe:</i> {{ s.boxes('referral.urgency', [('routine', 'Routine / next available'), ('urgent', 'Urgent - within 72 hours'), ('stat', 'Emergent (STAT) - MD to MD call')]) }}</div></div>
<div class=l><div><i>For:</i> {{ s.boxes('referral.service', [('consult', 'Consultation'), ('evaluate_and_treat', 'Evaluation and treatment'), ('second_opinion', 'Second opinion'), ('transfer_of_care', 'Transfer of care'), ('procedure', 'Procedure')]) }}</div></div></td></tr>
<tr><th>{{ stub[1] }}<td>
<div class=l><div><i>{{ nameword }}</i>{{ s('patient.name') }}</div><div><i>{{ dobword }}</i>{{ s('patient.birth_date') }}</div><div><i>Age</i><span class=v>{{ x.age }}</span></div><div><i>Sex</i>{{ s('patient.sex') }}</div></div>
<div class=l><div><i>Address</i>{{ s.addr() }}</div><div><i>{{ mrnword }}</i>{{ s('patient.mrn') }}</div></div>
<div class=l><div><i>{{ phoneword }}</i>{{ s('patient.phone') }}</div><div><i>Interpreter / language</i>{{ s('patient.language') }}</div></div>
<div class=l><div><i>Caregiver or next of kin</i><span class=v>{{ x.emerg }}</span></div><div><i>Caregiver phone</i><span class=v>{{ s.ph(x.emerg_phone) }}</span></div></div>
<div class=l><div><i>Is the patient aware of the diagnosis and of this referral?</i> {{ s.box(True) }}Yes &nbsp;{{ s.box(False) }}No</div></div></td></tr>
<tr><th>{{ stub[2] }}<td><div class=l><div><i>Primary plan</i>{{ s('insurance.payer') }}</div><div><i>{{ idword }}</i>{{ s('insurance.member_id') }}</div><div><i>Group</i>{{ s('insurance.group_number') }}</div></div>
<div class=l><div><i>Secondary plan</i>{{ s('insurance.secondary.payer') }}</div><div><i>{{ idword }}</i>{{ s('insurance.secondary.member_id') }}</div></div>
<div class=l><div><i>Referral / authorization no.</i>{{ s('referral.authorization_number') }}</div><div><i>Insured's name</i><span class=v>{{ x.emerg if x.age < 26 else 'same as patient' }}</span></div></div></td></tr>
<tr><th>{{ stub[3] }}<td><div class=l><div><i>{{ dxword }}</i></div></div>{% for c, t in s.dx() %}<div class=v>{{ c }} &ndash; {{ t }}</div>{% endfor %}
<div class=l><div><i>Pathology confirmed?</i> {{ s.box(path == 0) }}Yes &nbsp;{{ s.box(path == 1) }}No &nbsp;{{ s.box(path == 2) }}Pending</div><div><i>Biopsy date</i>{{ s.d(x.visit) if path == 0 else '____________' }}</div></div>
<div class=w><i style="font-style:normal">{{ whyword }}</i> {{ s('referral.reason') }}</div>
{% if s.has('referral.procedures') %}<div class=l><div><i>Requested tests / procedures (CPT):</i>{% for c, t in s.cpt() %}<span class=v>{{ c }} {{ t }}</span>{{ '; ' if not loop.last }}{% endfor %}</div></div>{% endif %}
<div class=l><div><i>Prior cancer treatment:</i> {{ s.box(True) }}None {{ s.box(False) }}Surgery {{ s.box(False) }}Chemotherapy {{ s.box(False) }}Radiation &nbsp; Where ____________</div></div></td></tr>
<tr><th>{{ stub[4] }}<td><div class=l><div><i>{{ byword }}</i>{{ s('referrer.name', 'cred') }}</div><div><i>NPI</i>{{ s('referrer.npi') }}</div></div>
<div class=l><div><i>{{ orgword }}</i>{{ s('referrer.organization') }}</div><div><i>Address</i><span class=v>{{ x.ref_addr }}, {{ x.city }}</span></div></div>
<div class=l><div><i>Office phone</i>{{ s('referrer.phone') }}</div><div><i>Office fax</i>{{ s('referrer.fax') }}</div><div><i>Contact</i><span class=v>{{ x.contact }}</span></div></div>
{% if s.has('referrer.direct_address') %}<div class=l><div><i>Secure (Direct) e-mail</i>{{ s('referrer.direct_address') }}</div></div>{% endif %}
<div class=l><div><i>Other physicians to receive letters</i><span class=v>{{ x.surgeon }}</span>, fax <span class=v>{{ s.ph(surgeon_fax) }}</span></div></div></td></tr>
<tr><th>{{ stub[5] }}<td><div class=ck>{% for one in records %}<div>{{ s.box(loop.index0 in sent) }}{{ one }}</div>{% endfor %}</div></td></tr></table>
<div class=ft>We will contact your patient within one business day of receipt of all records. Send discs and slides to: Pathology Receiving, {{ x.rec_addr }}. For scheduling questions after 5 PM call the operator. <b>This fax is intended only for the recipient above and contains information protected by HIPAA.</b></div>
<div class=ft style="border:1px dashed #000;padding:4px">For cancer center use: &nbsp; Reviewed by _________ &nbsp; Disease team _____________ &nbsp; Appt date/time ________________ &nbsp; MRN assigned ___________</div>"""


def build(book):
    r, form, c = book.case_rng, book.rng, book.case(specialty="Hematology and Oncology")
    book.css = CSS + form.choice(["", ".hd h2{background:#fff;color:#000;border:2px solid #000}", "body{font-family:'Roboto Condensed';font-size:10.4pt} .v{font-weight:normal}"])
    pick, town = form.choice, c.x["city"]
    place = form.choice(["{} Cancer Center", "{} Regional Cancer Institute", "Center for Cancer & Blood Disorders of {}"])
    c.values["recipient.organization"] = place.format(town)
    coordinator, surgeon, fax = world.person(r), world.person(r), world.phone(r, c.x["area"])
    while fax in c.values.values():
        fax = world.phone(r, c.x["area"])
    c.x["coordinator"], c.x["surgeon"] = coordinator[0], f"{surgeon[0]} {surgeon[2]}, MD"
    doc = book.doc("referral", c)
    stub = pick([["Referral", "Patient", "Insurance", "Diagnosis", "Referring Provider", "Records Checklist"],
                 ["APPOINTMENT REQUEST", "PATIENT DEMO-GRAPHICS", "COVERAGE", "CLINICAL", "REFERRED BY", "PLEASE ENCLOSE"]])
    doc.page("referral", FORM, stub=stub, title=pick(["New Patient Referral", "New Patient Intake", "Physician Referral"]), dateword=pick(["Date of referral:", "Date sent:", "Today's date:"]),
             nameword=pick(["Name", "Patient name", "Legal name"]), dobword=pick(["DOB", "Date of birth"]), mrnword=pick(["Your MRN", "Referring office chart #"]), phoneword=pick(["Best phone", "Phone", "Home / cell"]),
             idword=pick(["ID", "Policy no.", "Member ID"]), dxword=pick(["Cancer type / diagnosis (ICD-10):", "Diagnosis and ICD-10:"]), whyword=pick(["Reason for visit / history:", "Reason for referral:", "Clinical summary:"]),
             byword=pick(["Physician", "Referring physician", "Name"]), orgword=pick(["Practice", "Group"]), path=r.randint(0, 2), surgeon_fax=fax, sent=r.sample(range(10), 5),
             records=["Pathology reports (all biopsies)", "Operative reports", "CT / PET / MRI reports and disc", "Mammogram / ultrasound reports", "CBC and chemistry, last 3 months", "Tumor markers",
                      "History & physical, office notes", "Chemotherapy / radiation summary", "Genetic test results", "Insurance cards, front and back"])
