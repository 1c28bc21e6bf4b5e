"""A community health center's outgoing referral sheet, printed small from its practice system: boxes, header rows, tracking log."""
import datetime as dt

import world

CSS = """
.page{padding:.38in .42in} table{width:100%;border-collapse:collapse;table-layout:fixed;margin-top:-.8px} td,th{border:.8px solid #000;padding:3px 4px 2px;vertical-align:top;text-align:left;overflow-wrap:anywhere}
td small{display:block;font-size:.76em;color:#222;line-height:1.25} th{background:#ccc;font-size:.86em} .hd{display:grid;grid-template-columns:1.7fr 1fr;align-items:end;margin-bottom:5px}
.hd b{font-size:1.5em} .hd div:last-child{text-align:right} .st{background:#000;color:#fff;font-weight:bold;padding:1.5px 5px;margin-top:7px;letter-spacing:.6px}
.fine{font-size:.8em;line-height:1.25;margin:5px 0}
"""
FORM = """
{% macro c(k, v, n=1) %}<td colspan={{ n }}><small>{{ k }}</small>{{ v }}</td>{% endmacro %}
<div class=hd><div><b>{{ s('referrer.organization') }}</b><br>A Federally Qualified Health Center &middot; {{ pick(['FTCA deemed facility', 'Section 330 grantee',
'Joint Commission accredited medical home']) }}<br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<div><b style="font-size:1.25em">{{ pick(['OUTGOING REFERRAL', 'REFERRAL OUT', 'Specialty Referral - Outgoing']) }}</b><br>Tracking no. {{ x.acct }}<br>Printed {{ s.d(x.print_date) }} by {{ x.contact }}</div></div>
<div class=st>{{ heads[0] }}</div>
<table><tr>{{ c(pick(['Patient', 'Patient Name (Last, First MI)', 'Legal name']), s('patient.name'), 3) }}{{ c(pick(['DOB', 'Date of Birth']), s('patient.birth_date'), 2) }}{{ c(pick(['Sex', 'Birth sex']), s('patient.sex')) }}
{{ c(pick(['Chart #', 'MRN', 'Pt ID']), s('patient.mrn'), 2) }}</tr>
<tr>{{ c('Street', s('patient.address.line'), 3) }}{{ c('City', s('patient.address.city'), 2) }}{{ c('St', s('patient.address.state')) }}{{ c('ZIP', s('patient.address.postal_code'), 2) }}</tr>
<tr>{{ c(pick(['Phone (home/cell)', 'Primary phone', 'Phone 1']), s('patient.phone'), 2) }}{{ c(pick(['Msg phone', 'Phone 2 (message)']), s.ph(x.emerg_phone), 2) }}{{ c(pick(['Language', 'Preferred lang.']), s('patient.language'), 2) }}
{{ c('Interpreter', pick(['Y', 'N', 'N']), 1) }}{{ c('Responsible party', x.emerg, 1) }}</tr>
<tr>{{ c('Sliding fee level', pick(['A', 'B', 'C', 'D', 'N/A']), 1) }}{{ c('Household', pick([1, 2, 3, 4, 5, 6]), 1) }}{{ c('Migrant/seasonal', pick(['N', 'N', 'Y']), 1) }}{{ c('Homeless', 'N', 1) }}{{ c('Veteran', pick(['N', 'N', 'Y']), 1) }}
{{ c('Transportation need', pick(['Y', 'N']), 1) }}{{ c('SSN (last 4)', 'xxx-xx-' ~ x.ssn4, 2) }}</tr></table>
<div class=st>{{ heads[1] }}</div>
<table><tr><th style="width:.75in">{{ pick(['Rank', 'Coverage', 'Ins']) }}</th><th>{{ pick(['Plan', 'Payer name', 'Insurance Company']) }}</th><th>{{ pick(['Policy / Member ID', 'Insured ID', 'Subscriber No.']) }}</th><th>{{ pick(['Group', 'Group No.']) }}</th><th>{{ pick(['Subscriber', 'Insured']) }}</th></tr>
<tr><td>Primary</td><td>{{ s('insurance.payer') }}</td><td>{{ s('insurance.member_id') }}</td><td>{{ s('insurance.group_number') }}</td><td>{{ 'Self' if x.age > 17 else x.emerg }}</td></tr>
<tr><td>Secondary</td><td>{{ s('insurance.secondary.payer') }}</td><td>{{ s('insurance.secondary.member_id') }}</td><td></td><td></td></tr></table>
<div style="display:grid;grid-template-columns:1fr 1fr;gap:.1in"><div><div class=st>{{ heads[2] }}</div>
<table><tr>{{ c(pick(['Specialty', 'Service line']), s('referral.specialty')) }}{{ c(pick(['Specialist', 'Provider']), s('recipient.name')) }}</tr><tr>{{ c(pick(['Facility', 'Practice', 'Group / Location']), s('recipient.organization'), 2) }}</tr>
<tr>{{ c('Address', x.rec_addr ~ ', ' ~ x.city, 2) }}</tr><tr>{{ c('Phone', s.ph(x.rec_phone)) }}{{ c('Fax', s.ph(x.rec_fax)) }}</tr></table></div>
<div><div class=st>{{ heads[3] }}</div>
<table><tr>{{ c(pick(['Ordering provider', 'Requesting clinician', 'Referring Prov.']), s('referrer.name')) }}{{ c('NPI', s('referrer.npi')) }}</tr><tr>{{ c(pick(['Site phone', 'Phone']), s('referrer.phone')) }}{{ c(pick(['Send consult note to (fax)', 'Return fax', 'Fax']), s('referrer.fax')) }}</tr>
<tr>{{ c('Direct message', s('referrer.direct_address'), 2) }}</tr><tr>{{ c('PCP / care team', pcp) }}{{ c('Referral coordinator', x.contact ~ ' x' ~ x.acct[:3]) }}</tr></table></div></div>
<div class=st>{{ heads[4] }}</div>
<table><tr>{{ c(pick(['Referral date', 'Date ordered', 'Ref date']), s('referral.date')) }}{{ c(pick(['Priority', 'Urgency']), s('referral.urgency')) }}{{ c(pick(['Type of service', 'Request type']), s('referral.service')) }}{{ c(pick(['Auth #', 'Authorization', 'Plan auth no.']), s('referral.authorization_number')) }}
{{ c('Valid thru', s.d(until)) }}{{ c('Visits', pick([1, 2, 3, 6])) }}</tr><tr>{{ c(pick(['Reason / clinical question', 'Reason for referral', 'Notes to consultant']), s('referral.reason'), 6) }}</tr></table>
<table style="margin-top:5px"><tr><th style="width:.3in">#</th><th style="width:.95in">{{ pick(['ICD-10-CM', 'ICD-10', 'Dx Code']) }}</th><th>{{ pick(['Diagnosis', 'Problem description', 'Assessment']) }}</th><th style="width:.9in">Status</th></tr>
{% for k, d in s.dx() %}<tr><td>{{ loop.index }}</td><td>{{ k }}</td><td>{{ d }}</td><td>{{ pick(['Active', 'Chronic', 'New']) }}</td></tr>{% else %}<tr><td>&nbsp;</td><td></td><td></td><td></td></tr>{% endfor %}</table>
<table style="margin-top:5px"><tr><th style="width:.3in">#</th><th style="width:.95in">{{ pick(['CPT/HCPCS', 'Proc Code', 'CPT']) }}</th><th>{{ pick(['Service requested', 'Procedure', 'Description']) }}</th><th style="width:.45in">Units</th><th style="width:.9in">From</th></tr>
{% for k, d in s.cpt() %}<tr><td>{{ loop.index }}</td><td>{{ k }}</td><td>{{ d }}</td><td>1</td><td>{{ s.d(x.ref_date, '%m/%d/%Y') }}</td></tr>{% else %}<tr><td>1</td><td></td><td>Office visit per specialist</td><td></td><td></td></tr>{% endfor %}</table>
<table style="margin-top:5px"><tr>{{ c('Allergies', x.allergy) }}{{ c('Current medications', x.meds|join('; '), 3) }}</tr><tr>{{ c('Last vitals ' ~ s.d(x.visit), 'BP ' ~ x.bp ~ '  HR ' ~ x.hr ~ '  Wt ' ~ x.wt ~ ' lb') }}{{ c('Attachments', pick(['Progress note, labs', 'Labs; imaging report; demographics', 'Progress note']), 2) }}
{{ c('Pharmacy', pharmacy) }}</tr></table>
<p class=fine>Electronically signed by {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} on {{ s.d(x.ref_date) }}. {{ pick(['Specialist: this patient qualifies for the health center discount program. Please call before billing the patient for uncovered services.',
'Please return this sheet by fax with the appointment date so that the loop can be closed.']) }}</p>
<div class=st>{{ heads[5] }}</div>
<table><tr><th>Date</th><th>Sent via</th><th>Appt date / time</th><th>Patient told</th><th>Kept / no show</th><th>Report rec'd</th><th>Initials</th></tr>
<tr>{% for n in range(7) %}<td>&nbsp;</td>{% endfor %}</tr><tr>{% for n in range(7) %}<td>&nbsp;</td>{% endfor %}</tr></table>
<p class=fine>CONFIDENTIAL: Protected health information under 45 CFR Parts 160 and 164; records of substance use treatment may not be redisclosed (42 CFR Part 2). If received in error notify the privacy officer at {{ s.ph(privacy) }} and destroy all copies.</p>
"""
HEADS = [["A. PATIENT", "B. COVERAGE", "C. REFERRED TO", "D. REFERRED FROM", "E. REFERRAL", "REFERRAL TRACKING (health center staff)"],
         ["1. PATIENT DEMOGRAPHICS", "2. INSURANCE", "3. REFER TO", "4. REFERRING SOURCE", "5. REQUEST", "FOR REFERRAL DEPARTMENT USE"],
         ["PATIENT DATA", "PAYER", "CONSULTANT", "REQUESTED BY", "ORDER", "CLOSED LOOP LOG"]]


def build(book):
    r = book.rng
    book.css = CSS + "body{font:%s}" % r.choice(["9.3pt 'Liberation Sans Narrow'", "8.7pt 'Nimbus Sans'", "8.1pt 'DejaVu Sans'"])
    case = book.case()
    x = case.x
    name = book.case_rng.choice(["{p} Community Health Center", "{c} Neighborhood Health Services", "{p} Family Health Centers, Inc.", "{c} Community Health Network"])
    case.values["referrer.organization"] = name.format(p=x["place"], c=x["city"])
    doc = book.doc("referral", case)
    other = book.case(drop=False).x
    doc.page("referral", FORM, heads=r.choice(HEADS), until=x["ref_date"] + dt.timedelta(days=r.choice([90, 180, 365])), pcp=f"{other['referrer'][0]} {other['referrer'][2]}, {other['cred']}",
             pharmacy=r.choice(["In-house 340B", f"{x['place']} Drug", "Main St Pharmacy"]), privacy=world.phone(book.case_rng, x["area"]))
