"""Printout of an EHR's order "Ambulatory referral to ...": the order, then a page with demographics and coverage; small sans text."""
CSS = """body{font:8.4pt 'Roboto'} .page{padding:.42in .5in} .top{display:flex;justify-content:space-between;align-items:flex-start} .top b{font-size:11pt}
.pb{border:1px solid #777;padding:.05in .08in;font-size:8pt;line-height:1.4;min-width:2.6in} h1{font:500 13.5pt 'Roboto';margin:.16in 0 .02in} h2{font:500 9.6pt 'Roboto';background:#e4e8ec;margin:.15in 0 .05in;padding:2px 5px}
.k{display:grid;grid-template-columns:repeat(3,1fr);gap:.055in .2in} .k.two{grid-template-columns:1fr 1fr} .k div{line-height:1.35} i{font-style:normal;color:#444} table{width:100%;border-collapse:collapse} th{font-weight:500;text-align:left;border-bottom:1px solid #000} td,th{padding:2px 5px;vertical-align:top}
p{margin:.04in 0;line-height:1.4} .ft{position:absolute;left:.5in;right:.5in;bottom:.35in;border-top:1px solid #777;font-size:7.4pt;padding-top:3px;display:flex;justify-content:space-between}"""
TOP = """{% macro kv(label, val) %}<div><i>{{ label }}:</i> {{ val }}</div>{% endmacro %}
<div class=top><div><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Ph', 'Phone', 'Main']) }}: {{ s('referrer.phone') }} &nbsp; {{ pick(['Fax', 'Fax', 'F']) }}: {{ s('referrer.fax') }}</div>
<div class=pb><b style="font-size:9.5pt">{{ s('patient.name', 'last') }}</b><br>MRN: {{ s('patient.mrn') }} &nbsp; {{ pick(['DOB', 'Date of birth']) }}: {{ s('patient.birth_date') }}<br>{{ x.age }} y.o. {{ s('patient.sex', 'word') }} &nbsp; CSN: {{ x.acct }}</div></div>"""
FOOT = """<div class=ft><span>Printed by {{ x.contact }} at {{ s.d(x.print_date, '%m/%d/%Y') }} {{ clock }}</span><span>Confidential patient information</span><span>Page {{ n }} of 2</span></div>"""
ORDER = TOP + """<h1>Ambulatory referral to {{ s('referral.specialty') }} {{ refcode }}</h1>
<div class=k>{{ kv('Order ID', orderid) }}{{ kv(pick(['Ordered on', 'Order date', 'Order placed']), s('referral.date')) }}{{ kv('Order status', 'Outpatient - Sent') }}
{{ kv('Priority', s('referral.urgency')) }}{{ kv('Class', 'External Referral') }}{{ kv(pick(['Referral type', 'Type of referral']), s('referral.service')) }}
{{ kv('Expires', s.d(later, '%m/%d/%Y')) }}{{ kv(pick(['Visits requested', '# of visits']), visits) }}{{ kv('Referral reason', 'Specialty Services Required') }}</div>
<h2>Ordering Provider</h2><div class=k>{{ kv(pick(['Authorizing provider', 'Ordering provider']), s('referrer.name', 'cred')) }}{{ kv('NPI', s('referrer.npi')) }}{{ kv('Order entered by', x.contact ~ ', MA') }}
{{ kv('Department', x.place | upper ~ ' PRIM CARE') }}{{ kv('Encounter date', s.d(x.visit)) }}{{ kv('Direct address', s('referrer.direct_address')) }}</div>
<h2>{{ pick(['Referred To', 'Refer to']) }}</h2><div class=k>{{ kv('Provider', s('recipient.name') if s.has('recipient.name') else 'Unspecified') }}{{ kv(pick(['Location', 'Facility']), s('recipient.organization')) }}{{ kv('NPI', x.rec_npi) }}
{{ kv('Address', x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state) }}{{ kv('Phone', s.ph(x.rec_phone)) }}{{ kv('Fax', s.ph(x.rec_fax)) }}</div>
<h2>{{ pick(['Diagnoses', 'Associated Diagnoses', 'Visit Diagnoses for This Order']) }}</h2>
<table><tr><th style="width:60%">Diagnosis<th>ICD-10-CM<th>Rank</tr>{% for c, t in s.dx() %}<tr><td>{{ t }}<td>{{ c }}<td>{{ 'Primary' if loop.first else '' }}</tr>{% endfor %}</table>
{% if s.has('referral.procedures') %}<h2>{{ pick(['Procedures Requested', 'Services']) }}</h2><table><tr><th style="width:60%">Description<th>CPT&reg;<th>Qty</tr>{% for c, t in s.cpt() %}<tr><td>{{ t }}<td>{{ c }}<td>1</tr>{% endfor %}</table>{% endif %}
<h2>{{ pick(['Comments', 'Order Comments', 'Reason for Consult']) }}</h2><p>{{ s('referral.reason', 'bare') }}</p>
<h2>Order Questions</h2><table><tr><th style="width:60%">Question<th>Answer</tr><tr><td>Is the patient aware of this referral?<td>Yes</tr><tr><td>Has the patient been seen by this specialty in the last 3 years?<td>{{ seen }}</tr><tr><td>Who will schedule the appointment?<td>{{ sched }}</tr></table>
<h2>Medications and Allergies</h2><p><i>Current medications:</i> {{ x.meds | join('; ') }}</p><p><i>Allergies:</i> {{ x.allergy }}</p>
<h2>Problem List</h2>{% for t in hist %}<p>{{ t }}</p>{% endfor %}
<p style="margin-top:.2in">Electronically signed by: {{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} &nbsp; {{ s.d(x.ref_date) }} {{ clock }}</p>""" + FOOT
DEMO = TOP + """<h1>Patient Demographics and Coverage</h1>
<h2>Patient</h2><div class="k">{{ kv(pick(['Legal name', 'Patient name']), s('patient.name', 'last')) }}{{ kv(pick(['Birth date', 'Date of birth']), s('patient.birth_date')) }}{{ kv('Legal sex', s('patient.sex')) }}
{{ kv(pick(['Home address', 'Address']), s('patient.address.line')) }}{{ kv('City/State/ZIP', s.csz()) }}{{ kv('County', x.city ~ ' County') }}
{{ kv(pick(['Mobile', 'Home phone', 'Preferred phone']), s('patient.phone')) }}{{ kv('Work phone', 'None on file') }}{{ kv(pick(['Preferred language', 'Language']), s('patient.language')) }}
{{ kv('Marital status', 'Unknown' if x.age > 17 else 'Single') }}{{ kv('Needs interpreter', terp) }}{{ kv('SSN', 'xxx-xx-' ~ x.ssn4) }}</div>
<h2>Emergency Contacts</h2><table><tr><th>Name<th>Relation<th>Phone</tr><tr><td>{{ x.emerg }}<td>{{ rel }}<td>{{ s.ph(x.emerg_phone) }}</tr></table>
<h2>{{ pick(['Guarantor', 'Guarantor Account']) }}</h2><div class="k two">{{ kv('Name', guar) }}{{ kv('Account', 'P/F ' ~ acct2) }}</div>
<h2>{{ pick(['Primary Coverage', 'Coverage 1 (Primary)']) }}</h2><div class=k>{{ kv(pick(['Payer/Plan', 'Payor', 'Plan']), s('insurance.payer')) }}{{ kv(pick(['Subscriber ID', 'Member ID']), s('insurance.member_id')) }}{{ kv('Group number', s('insurance.group_number')) }}
{{ kv('Subscriber', guar) }}{{ kv('Rel to subscriber', 'Child' if x.age < 18 else 'Self') }}{{ kv('Effective from', '01/01/' ~ (x.ref_date.year - 1)) }}
{{ kv(pick(['Authorization #', 'Referral auth number']), s('referral.authorization_number')) }}{{ kv('Claims phone', '800-555-0' ~ tail) }}{{ kv('Payer ID', payerid) }}</div>
{% if s.has('insurance.secondary.payer') %}<h2>{{ pick(['Secondary Coverage', 'Coverage 2 (Secondary)']) }}</h2><div class=k>{{ kv('Payer/Plan', s('insurance.secondary.payer')) }}{{ kv('Subscriber ID', s('insurance.secondary.member_id')) }}{{ kv('Group number', '') }}</div>{% endif %}
<h2>Care Team</h2><table><tr><th>Provider<th>Role<th>Phone</tr><tr><td>{{ pcp }}, MD<td>PCP - General<td>{{ s.ph(pcp_phone) }}</tr><tr><td>{{ x.contact }}<td>Care Coordinator<td></tr></table>
<h2>Preferred Pharmacy</h2><p>{{ pharm }}, {{ x.city }}, {{ x.state }} &nbsp; Phone: {{ s.ph(pharm_phone) }}</p>""" + FOOT


def build(b):
    import datetime as dt
    import simple_icd_10_cm as icd
    import world
    r, c = b.case_rng, b.case()
    b.css = CSS + b.rng.choice(["", "body{font:8.2pt 'Liberation Sans'}h1,h2{font-family:'Liberation Sans'}h2{background:none;border-bottom:2px solid #000}", ".k{row-gap:.03in}i{font-weight:bold;color:#000}"])
    d = b.doc("referral", c)
    minor, x = c.x["age"] < 18, c.x
    more = dict(clock=f"{r.randint(8, 11)}:{r.randint(10, 59)} AM", orderid=world.digits(r, 9), refcode=f"[REF{r.randint(10, 140)}]", visits=r.choice([1, 1, 3, 6]),
                later=x["ref_date"] + dt.timedelta(days=365), seen=r.choice(["No", "No", "Unknown"]), sched=r.choice(["Receiving office to call patient", "Patient will call"]),
                hist=[f"{icd.get_description(h)} ({h})" for h in x["history"]], terp="Yes" if c.values.get("patient.language", "English") != "English" else "No",
                rel="Parent" if minor else r.choice(["Spouse", "Sibling", "Child"]), acct2=world.digits(r, 7), tail=r.randint(100, 199), payerid=world.digits(r, 5),
                pcp=" ".join((r.choice(world.FEMALE), r.choice(world.FAMILY))), pcp_phone=world.phone(r, x["area"]), pharm_phone=world.phone(r, x["area"]),
                pharm=r.choice(["CVS/PHARMACY #6120", "WALGREENS DRUG STORE #03318", "Family Care Pharmacy"]))
    more["guar"] = x["emerg"] if minor else f"{x['patient'][2]}, {x['patient'][0]}"
    for n, (kind, page) in enumerate((("referral", ORDER), ("other", DEMO)), 1):
        d.page(kind, page, n=n, **more)
