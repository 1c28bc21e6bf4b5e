"""EHR print-out of 3-4 pages: demographic face sheet first, the referral order on page 2 or 3, encounter, results."""
import world

CSS = """
body{font:9.3pt/1.3 'Roboto'} .page{padding:.45in .55in} .bar{display:flex;justify-content:space-between;font-size:8pt;border-bottom:2px solid #000;
padding-bottom:3px;margin-bottom:.09in} .bar b{font-size:9.5pt} h2{font-size:13pt;margin:.04in 0 .08in}
h3{font-size:9.6pt;background:#e2e2e2;margin:.12in 0 .05in;padding:2px 5px} table{border-collapse:collapse;width:100%} td,th{text-align:left;
vertical-align:top;padding:2px 5px 2px 2px} th{font-weight:bold} .f td:nth-child(odd){font-weight:bold;width:1.42in;font-size:8.6pt}
.l td,.l th{border-bottom:1px solid #999}
.ft{position:absolute;left:.55in;right:.55in;bottom:.35in;font-size:7.4pt;border-top:1px solid #000;padding-top:3px;display:flex;
justify-content:space-between} p{margin:.03in 0}
"""
FACES = ["", "body{font-family:'Liberation Sans Narrow';font-size:10.2pt}", "body{font-family:'DejaVu Sans';font-size:8.3pt}",
           "body{font-family:'Lato';font-size:9.4pt}"]
BAR = """<div class=bar><div><b>{{ s('patient.name', 'last') }}</b>
<br>{{ ldob }} {{ s('patient.birth_date') }}{% if s.has('patient.mrn') %} &nbsp; {{ lmrn }} {{ s('patient.mrn') }}{% endif %}</div>
<div style="text-align:right">{{ what }}<br>{{ s('referrer.organization') }}</div></div>"""
FOOT = """<div class=ft><span>Printed by {{ x.contact }} [{{ usr }}] on {{ s.d(x.print_date,
'%m/%d/%y') }} {{ clock }}</span><span>Page {{ n }} of {{ of }}</span></div>"""
FACE = """<h2>{{ pick(['Face Sheet', 'Registration Summary', 'Patient Demographics']) }}</h2>
<h3>{{ pick(['Patient Demographics', 'Identity']) }}</h3><table class=f><tr><td>{{ pick(['Legal Name', 'Name']) }}<td>{{ s('patient.name') }}
<td>{{ pick(['Legal Sex', 'Sex', 'Birth Sex']) }}<td>{{ s('patient.sex') }}</tr><tr><td>Date of Birth<td>{{ s('patient.birth_date') }} ({{ x.age }} yrs)
<td>SSN<td>xxx-xx-{{ x.ssn4 }}</tr>
<tr><td>{{ pick(['Permanent Address', 'Home Address']) }}<td>{{ s('patient.address.line') }}<br>{{ s.csz() }}
<td>{{ pick(['Mobile', 'Home Phone', 'Preferred Phone']) }}<td>{{ s('patient.phone') }}</tr><tr>
<td>{{ pick(['Preferred Language', 'Written/Spoken Lang.']) }}<td>{{ s('patient.language') }}<td>Interpreter Needed?<td>{{ interp }}</tr><tr><td>Marital
Status<td>{{ pick(['Married', 'Single', 'Unknown']) }}<td>Religion<td></tr></table>
<h3>Emergency Contacts</h3><table class=l><tr><th>Name<th>Relationship<th>Legal Guardian?<th>Phone</tr><tr><td>{{ x.emerg }}
<td>{{ pick(['Relative', 'Sibling']) }}<td>No<td>{{ s.ph(x.emerg_phone) }}</tr></table>
<h3>{{ pick(['Care Team', 'Providers of Record']) }}</h3><table class=l><tr><th>Role<th>Provider<th>Phone</tr><tr>
<td>{{ pick(['Primary Care Provider (PCP)', 'PCP - General']) }}<td>{{ pcp }}<td>{{ s.ph(pcptel) }}</tr><tr><td>Care Coordinator<td>{{ x.contact }}<td>
</tr></table>
<h3>Guarantor</h3><table class=f><tr><td>Guarantor<td>{{ guar }}<td>Guarantor Acct #<td>{{ x.acct }}</tr><tr><td>Account Type<td>Personal/Family
<td>Guarantor Employer<td></tr></table>
<h3>{{ pick(['Coverage Information', 'Coverages on File']) }}</h3><table class=f><tr><td>{{ pick(['Primary Payer', '1. Payer/Plan']) }}
<td>{{ s('insurance.payer') }}<td>Effective From<td>01/01/{{ x.ref_date.year }}</tr><tr><td>{{ pick(['Subscriber ID', 'Member Number']) }}
<td>{{ s('insurance.member_id') }}<td>Group Number<td>{{ s('insurance.group_number') }}</tr><tr><td>Subscriber<td>{{ guar }}<td>Pt Rel to Subscriber
<td>{{ rel }}</tr>
{% if s.has('insurance.secondary.payer') %}<tr><td>{{ pick(['Secondary Payer', '2. Payer/Plan']) }}<td>{{ s('insurance.secondary.payer') }}
<td>{{ pick(['Subscriber ID (2)', 'Member Number (2)']) }}<td>{{ s('insurance.secondary.member_id') }}</tr>{% endif %}</table>"""
ORDER = """<h2>{{ pick(['Ambulatory Referral to', 'AMB REFERRAL TO', 'External Referral -']) }} {{ s('referral.specialty') }}</h2><p>Order
# {{ ono }} &nbsp; {{ pick(['Status: Sent', 'Status: Active', 'Pending Schedule']) }} &nbsp; Entered
by: {{ x.contact }}, {{ pick(['CMA', 'LPN', 'RN']) }}</p>
<h3>Order Details</h3><table class=f><tr><td>{{ pick(['Order Date', 'Ordered On', 'Date Ordered']) }}<td>{{ s('referral.date') }}<td>Priority
<td>{{ s('referral.urgency') }}</tr><tr><td>{{ pick(['Authorizing Provider', 'Ordering Provider']) }}<td>{{ s('referrer.name') }}
<td>{{ pick(['Provider NPI', 'Authorizing NPI']) }}<td>{{ s('referrer.npi') }}</tr>
<tr><td>{{ pick(['Department', 'Ordering Dept']) }}<td>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}, {{ x.city }} {{ x.state }}
<td>{{ pick(['Dept Phone', 'Department Tel']) }}<td>{{ s('referrer.phone') }}</tr><tr><td>Direct Address<td>{{ s('referrer.direct_address') }}
<td>{{ pick(['Dept Fax', 'Department Fax']) }}<td>{{ s('referrer.fax') }}</tr></table>
<h3>{{ pick(['Referral Information', 'Referred To']) }}</h3><table class=f><tr><td>{{ pick(['To Location/POS', 'Referred-to Facility']) }}
<td>{{ s('recipient.organization') }}<td>{{ pick(['To Provider', 'Referred-to Prov.']) }}<td>{{ s('recipient.name') }}</tr><tr><td>Fac. Phone
<td>{{ s.ph(x.rec_phone) }}<td>Fac. Fax<td>{{ s.ph(x.rec_fax) }}</tr>
<tr><td>{{ pick(['Referral Type', 'Type of Request']) }}<td>{{ s('referral.service') }}<td>{{ pick(['Authorization #', 'Payer Auth #']) }}
<td>{{ s('referral.authorization_number') }}</tr><tr><td>Visits Requested<td>{{ pick([1, 3, 6, 99]) }}<td>Expires<td></tr></table>
<h3>{{ pick(['Associated Diagnoses', 'Dx Association', 'Visit Diagnoses for this Order']) }}</h3><table class=l>{% for k, t in s.dx() %}<tr>
<td style="width:4.6in">{{ t }}{{ ' (primary)' if loop.first }}<td>{{ k }}</tr>{% else %}<tr><td>None entered</tr>{% endfor %}</table>
{% if s.has('referral.procedures') %}<h3>{{ pick(['Procedures Requested', 'Requested Services']) }}</h3><table class=l>{% for k, t in s.cpt() %}<tr>
<td style="width:1in">{{ k }}<td>{{ t }}<td>Qty 1</tr>{% endfor %}</table>{% endif %}
<h3>{{ pick(['Order Questions', 'Questionnaire']) }}</h3><table class=l><tr><td style="width:2.6in">{{ pick(['Reason for referral?',
'What is the clinical question?', 'Indication for visit']) }}<td>{{ s('referral.reason') }}</tr><tr><td>Has the patient been told of this order?<td>Yes</tr>
<tr><td>Preferred appointment time<td></tr></table>
<p style="margin-top:.15in">Electronically signed by {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} at {{ clock }}</p>"""
NOTE = """<h2>{{ pick(['Encounter Summary', 'Progress Notes', 'Office Visit']) }}</h2><p><b>Visit date:</b> {{ s.d(x.visit) }} &nbsp; <b>Seen
by:</b> {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }}</p>
<h3>{{ pick(['Problem List', 'Active Problems']) }}</h3><table class=l><tr><th>Problem<th>Code<th>Noted</tr>{% for k, t in hist %}<tr><td>{{ t }}<td>{{ k }}
<td>{{ x.ref_date.year - loop.index - 1 }}</tr>{% endfor %}</table>
<h3>{{ pick(['Current Outpatient Medications', 'Medications (Active)']) }}</h3><table class=l>{% for m in x.meds %}<tr><td>{{ m }}
<td>Disp {{ pick([30, 60, 90]) }}<td>Refills {{ pick([0, 1, 3]) }}</tr>{% endfor %}</table><h3>Allergies</h3><p>{{ x.allergy }}</p>
<h3>Vitals</h3><p>BP {{ x.bp }} | Pulse {{ x.hr }} | Temp {{ x.temp }} &deg;F | Wt {{ x.wt }} lb | SpO2 {{ x.spo2 }}%</p><h3>Assessment / Plan</h3>
<p>{{ x.age }} y.o. presents for follow-up; symptoms for {{ x.dur }}. General exam without distress, gait steady, mood appropriate. Specialist input needed;
see order. Chronic problems above stable on present therapy. Return to clinic in 3 months, sooner with any change.</p>
<h3>Health Maintenance</h3><p>Influenza vaccine: done. Tetanus: due. Advance directive: not on file.</p>"""
LAB = """<h2>{{ pick(['Results Review', 'Recent Labs']) }}</h2><p>Collected {{ s.d(x.visit) }} 08:14</p><table class=l><tr><th>Component<th>Value<th>Ref
range<th>Units</tr>{% for t, lo, hi, u in labs %}<tr><td>{{ t }}<td>{{ val(lo, hi) }}<td>{{ lo }} - {{ hi }}<td>{{ u }}</tr>{% endfor %}</table>"""
LABS = [("WBC", 3.8, 10.8, "Thous/uL"), ("HGB", 11.7, 15.5, "g/dL"), ("PLT", 140, 400, "Thous/uL"), ("Na", 135, 146, "mmol/L"), ("K", 3.5, 5.3, "mmol/L"),
           ("BUN", 7, 25, "mg/dL"), ("Creatinine", .5, 1.1, "mg/dL"), ("AST", 10, 35, "U/L"), ("LDL calc", 40, 99, "mg/dL")]


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    x = c.x
    p, own = world.person(r), x["age"] > 20 and r.random() < .7 or "edic" in c.values["insurance.payer"]
    lang = c.values.get("patient.language")
    kw = dict(ldob=r.choice(["DOB:", "Born", "Birth Date:"]), lmrn=r.choice(["MRN:", "Med Rec #", "Pt ID:"]),
           usr=f"{r.choice('BDKTW')}{r.randint(1000, 9999)}", clock=f"{r.randint(8, 17)}:{r.randint(10, 59)}",
              pcp=f"{p[0]} {p[2]}, MD", pcptel=world.phone(r, x["area"]), guar=f"{x['patient'][2]}, {x['patient'][0]}" if own else x["emerg"],
           rel="Self" if own else r.choice(["Dependent", "Spouse"] if x["age"] > 25 else ["Child"]),
              interp={None: "", "English": "No"}.get(lang, "Yes"), ono=r.randint(10**8, 10**9), hist=[(k, icd.get_description(k)) for k in x["history"]],
           labs=LABS,
              val=lambda lo, hi: round(r.uniform(lo * .9, hi * 1.1), 1))
    pages = [("other", FACE, "Face Sheet"), ("referral", ORDER, "Referral Order"), ("clinical_note", NOTE, "Encounter")]
    if r.random() < .45:
        pages[1:] = pages[:0:-1]
    if r.random() < .5:
        pages.append(("lab", LAB, "Results"))
    for n, (kind, t, what) in enumerate(pages, 1):
        d.page(kind, BAR + t + FOOT, what=what, n=n, of=len(pages), **kw)
