"""County or state Medicaid referral for mental health services: official form, ruled boxes with numbered captions, typed answers."""
import world

TYPED = ["10.4pt 'Courier Prime'", "9.6pt 'Liberation Mono'", "10pt 'Nimbus Mono PS'", "9.6pt 'Liberation Sans'"]
CSS = """
.page{padding:.4in .5in;font:8pt 'Liberation Sans'}
.id{display:flex;justify-content:space-between;align-items:flex-end;line-height:1.35} .id b{font-size:9.5pt}
h1{text-transform:uppercase;font-size:13pt;text-align:center;margin:.04in 0 .02in} .au{text-align:center;font-size:7.4pt;margin-bottom:.06in}
h2{grid-column:1/-1;margin:0;font-size:8.6pt;background:#d9d9d9;padding:2px 5px;border-right:1px solid #000;border-bottom:1px solid #000}
.t{display:grid;grid-template-columns:repeat(12,1fr);border-top:1px solid #000;border-left:1px solid #000}
.t>div{border-right:1px solid #000;border-bottom:1px solid #000;padding:2px 5px 3px;min-height:.43in;min-width:0;overflow-wrap:anywhere}
.t small{display:block;font-size:7.2pt;line-height:1.25;margin-bottom:2px} .x{line-height:1.7}
.ft{display:flex;justify-content:space-between;margin-top:.06in;font-size:7.2pt}
"""
FORM = """
{% set ns = namespace(n=0) %}
{% macro bx(w, caption, value, cls='v') %}{% set ns.n = ns.n + 1 %}<div style="grid-column:span {{ w }}"><small>{{ ns.n }}. {{ caption }}</small>
<span class="{{ cls }}">{{ value }}</span></div>{% endmacro %}
<div class=id><div><b>{{ issuer }}</b><br>{{ pick(['Division of Community Services', 'Office of Medicaid Programs',
'Adult and Family Services Bureau']) }}</div>
<div style="text-align:right">Form {{ pick(['DHS-4117', 'CBH 210', 'MAP-826', 'HS-0659A']) }}<br>(Rev. {{ pick(['07/2021', '1-23',
'10/2019']) }})</div></div>
<h1>{{ pick(['Referral for', 'Request and referral for', 'Client referral -']) }} {{ s('referral.specialty', pick(['Behavioral Health',
'Mental Health', 'Behavioral Health'])) }} services</h1>
<div class=au>{{ pick(['Complete all items. Print or type. Incomplete forms will be returned to the referring agency.',
'Information on this form is confidential. Disclosure without consent of the client is prohibited by law.']) }}</div>
<div class=t><h2>{{ parts[0] }}</h2>
{{ bx(6, pick(['Client name (Last, First, MI)', 'Name of client (last, first, middle)', 'Client Name: Last, First, M.I.']), s('patient.name')) }}
{{ bx(3, pick(['Date of birth', 'Birth date (mm/dd/yyyy)']), s('patient.birth_date')) }}
{{ bx(3, pick(['Sex', 'Gender']), s.boxes('patient.sex', [('male', 'M'), ('female', 'F'), ('other', 'X')]), 'x') }}
{{ bx(5, pick(['Residence address (number and street)', 'Street address']), s('patient.address.line')) }}
{{ bx(3, pick(['City', 'City or town']), s('patient.address.city')) }}{{ bx(1, 'State', s('patient.address.state')) }}
{{ bx(3, 'ZIP code', s('patient.address.postal_code')) }}
{{ bx(4, pick(['Telephone number', 'Telephone (home or message)', 'Phone no.']), s('patient.phone')) }}
{{ bx(4, pick(['Primary language', 'Language spoken']), s('patient.language')) }}
{{ bx(4, pick(['Case / record number', 'Client record no.', 'Agency case number']), s('patient.mrn')) }}
{{ bx(7, pick(['Parent, guardian or emergency contact', 'Responsible person or contact']), x.emerg) }}
{{ bx(5, pick(['Contact telephone', 'Telephone of contact']), s.ph(x.emerg_phone)) }}
<h2>{{ parts[1] }}</h2>
{{ bx(5, pick(['Medical assistance program or health plan', 'Medicaid / insurance plan', 'Name of health plan']), s('insurance.payer')) }}
{{ bx(4, pick(['Medicaid / member ID number', 'Recipient ID no.', 'Identification number']), s('insurance.member_id')) }}
{{ bx(3, pick(['Group number (if any)', 'Group no.']), s('insurance.group_number')) }}
{{ bx(5, pick(['Other coverage', 'Secondary insurance']), s('insurance.secondary.payer')) }}
{{ bx(4, pick(['Other coverage ID number', 'Secondary ID no.']), s('insurance.secondary.member_id')) }}
{{ bx(3, pick(['Prior authorization number', 'Authorization no.']), s('referral.authorization_number')) }}
<h2>{{ parts[2] }}</h2>
{{ bx(3, pick(['Date of referral', 'Referral date']), s('referral.date')) }}
{{ bx(9, pick(['Level of urgency (check one)', 'Priority of referral', 'Client should be seen']), s.boxes('referral.urgency', [('stat',
pick(['Emergency', 'Emergent (same day)'])), ('urgent', pick(['Urgent', 'Urgent (within 72 hours)'])), ('routine', pick(['Routine', 'Routine (10
days)']))]), 'x') }}
{{ bx(12, pick(['Type of service requested', 'Service requested (check one)']), s.boxes('referral.service', [('consult', 'Consultation'),
('evaluate_and_treat', pick(['Evaluation and treatment', 'Evaluate and treat'])), ('diagnostic', 'Psychological testing'), ('second_opinion',
'Second opinion'),
('transfer_of_care', 'Transfer of care')]), 'x') }}
{{ bx(12, pick(['Reason for referral / presenting problem', 'Presenting problem', 'Describe reason for referral']), s('referral.reason')) }}
{% set codes = s.dx() %}
{{ bx(4, pick(['Diagnosis code(s) (ICD-10-CM)', 'ICD-10 diagnosis']), codes|map(attribute=0)|join(', ')) }}
{{ bx(8, 'Description', codes|map(attribute=1)|join('; ')) }}
{% set asked %}{% for c, words in s.cpt() %}{{ c }} {{ words }}{{ '; ' if not loop.last }}{% endfor %}{% endset %}
{% if asked %}{{ bx(12, pick(['Procedure code(s)', 'Procedure / service code and description']), asked) }}{% endif %}
{{ bx(6, pick(['Current medications', 'Medications']), x.meds[:2]|join('; ')) }}
{% set ticks %}{% for t in risks %}<span class=opt>{{ s.box(t in at_risk) }}{{ t }}</span> {% endfor %}{% endset %}
{{ bx(6, pick(['Risk factors (check all that apply)', 'Known risks']), ticks, 'x') }}
<h2>{{ parts[3] }}</h2>
{{ bx(6, pick(['Referring provider (name and title)', 'Name and title of person making referral', 'Referring practitioner']),
s('referrer.name')) }}
{{ bx(6, pick(['Agency or practice', 'Referring agency', 'Organization']), s('referrer.organization')) }}
{{ bx(4, pick(['NPI', 'Provider NPI number']), s('referrer.npi')) }}{{ bx(4, pick(['Telephone', 'Telephone number']), s('referrer.phone')) }}
{{ bx(4, pick(['Fax', 'Fax number']), s('referrer.fax')) }}
<h2>{{ parts[4] }}</h2>
{{ bx(6, pick(['Agency', 'Name of agency', 'Receiving agency']), s('recipient.organization')) }}
{{ bx(6, pick(['Clinician (if known)', 'Attention']), s('recipient.name')) }}
{{ bx(7, pick(['Signature of referring person', 'Signature']), '') }}{{ bx(5, 'Date signed', '') }}</div>
<div class=ft><span>{{ pick(['Distribution: original - receiving agency; copy - case file',
'Retain for seven years']) }}</span><span>Page 1 of 1</span></div>
"""
PARTS = [["SECTION A - CLIENT IDENTIFICATION", "SECTION B - ELIGIBILITY AND COVERAGE", "SECTION C - REFERRAL",
          "SECTION D - REFERRING SOURCE", "SECTION E - REFERRED TO"],
         ["PART I. CLIENT INFORMATION", "PART II. MEDICAL ASSISTANCE AND INSURANCE", "PART III. REASON FOR REFERRAL", "PART IV. REFERRED BY",
          "PART V. RECEIVING AGENCY"],
         ["A. Identifying information", "B. Health coverage", "C. Referral information", "D. Referring agency or provider",
          "E. Provider to whom client is referred"]]
RISKS = ["Self-harm", "Harm to others", "Substance use", "None known"]


def build(book):
    rng = book.case_rng
    book.css = CSS + ".t span.v{font:%s}" % book.rng.choice(TYPED)
    case = book.case(specialty="Behavioral Health")
    for _ in range(rng.choice([0, 15, 15])):  # most are on Medicaid
        if "Medicaid" not in case.values["insurance.payer"]:
            case = book.case(specialty="Behavioral Health")
    doc = book.doc("referral", case)
    doc.style["name"] = book.rng.choice(["last", "LAST"])
    place = book.rng.choice(world.PLACES)
    issuer = book.rng.choice([f"{place} County Department of Human Services", f"{case.x['state']} Department of Health and Human Services",
                              f"COUNTY OF {place.upper()} - HEALTH AND WELFARE AGENCY"])
    at_risk = rng.sample(RISKS[:3], 1) if rng.random() < .3 else RISKS[3:]
    doc.page("referral", FORM, issuer=issuer, parts=book.rng.choice(PARTS), risks=RISKS, at_risk=at_risk)
