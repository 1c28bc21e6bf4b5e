"""Packet of four sheets, each from another program: fax cover, the office's referral form, the visit note, laboratory results."""
COVERS = ["font:12pt 'URW Bookman'", "font:12pt 'URW Gothic'", "font:12.5pt 'Liberation Serif'"]
FORMS = ["font:9.2pt 'DejaVu Sans Condensed'", "font:10pt 'Liberation Sans'", "font:10pt Lato"]
NOTES = ["font:10.8pt 'Nimbus Roman'", "font:10pt Roboto", "font:10.4pt C059"]
CSS = """
.cov{padding:.9in 1in} .cov h1{font-size:44pt;margin:0 0 .1in;letter-spacing:6px} .cov table{width:100%;border-collapse:collapse;margin:.2in 0}
.cov td{padding:.1in .06in;border-bottom:1px solid #000;vertical-align:top} .cov td:nth-child(odd){width:.95in;font-weight:bold}
.cov .m{border:1.5px solid #000;padding:.15in;min-height:1.4in;line-height:1.45} .cov .c{font-size:8.5pt;line-height:1.4;margin-top:.4in}
.frm{padding:.5in .6in} .frm h2{font-size:1.45em;margin:0 0 .08in} .frm .b{display:grid;grid-template-columns:1fr 1fr;gap:.12in}
.frm fieldset{border:1.2px solid #000;margin:0;padding:.05in .1in .08in;min-width:0} .frm legend{font-weight:bold;padding:0 5px}
.frm p{margin:.075in 0;overflow-wrap:anywhere} .frm i{font-style:normal;text-decoration:underline} .frm .w{grid-column:1/-1}
.nt{padding:.6in .85in} .nt h3{margin:.13in 0 .02in;font-size:1em} .nt p{margin:.03in 0;line-height:1.38}
.nt .t{border-bottom:1px solid #000;padding-bottom:4px}
.lb{padding:.5in .6in;font:9.4pt 'Liberation Mono'} .lb table{width:100%;border-collapse:collapse;margin-top:.1in}
.lb th{text-align:left;border-bottom:1px dashed #000}
.lb td,.lb th{padding:5px 4px} .lb .h{display:grid;grid-template-columns:1fr 1fr;gap:3px .2in;border:1px dashed #000;padding:6px 8px}
"""
COVER = """<h1>{{ pick(['FAX', 'Fax', 'FAX COVER']) }}</h1><div>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}<br>{{ x.city }},
{{ x.state }} {{ x.zip }}</div>
<table><tr><td>To<td>{{ s('recipient.organization') }}{% if s.has('recipient.name') %}<br>{{ s('recipient.name') }}{% endif %}
<td>From<td>{{ x.contact }}</tr>
<tr><td>Fax<td>{{ s.ph(x.rec_fax) }}<td>Fax<td>{{ s('referrer.fax') }}</tr><tr><td>Phone<td>{{ s.ph(x.rec_phone) }}
<td>Phone<td>{{ s('referrer.phone') }}</tr>
<tr><td>Date<td>{{ s('referral.date') }}<td>Pages<td>4 {{ pick(['', 'with cover', '(incl. cover)']) }}</tr>
<tr><td>Re<td colspan=3>{{ pick(['New patient referral', 'Referral and records', 'Referral, please schedule']) }}</tr></table>
<div class=m>{{ pick(['Comments:', 'Message:', 'Notes:']) }}
{{ pick(['Referral form, last note and labs attached. Please call the patient to schedule.',
'Please confirm that you received this and fax the appointment date back to us.',
'Patient is expecting your call. Insurance card will be brought to the visit.']) }}</div>
<div class=c>CONFIDENTIAL: This transmission may contain protected health information. If it reached you in error, notify the sender by telephone
at once
and destroy all pages. Any other use is unlawful.</div>"""
FORM = """<h2>{{ pick(['Referral Request', 'Outgoing Referral', 'Specialty Referral Form']) }}</h2><div class=b>
<fieldset><legend>{{ pick(['Patient', 'Patient information']) }}</legend><p><i>{{ pick(['Patient', 'Name']) }}</i>: {{ s('patient.name') }}</p>
<p><i>{{ pick(['DOB', 'Date of birth']) }}</i>: {{ s('patient.birth_date') }} &emsp; <i>Sex</i>: {{ s('patient.sex') }}</p>
<p><i>Address</i>: {{ s('patient.address.line') }}<br>{{ s.csz() }}</p><p><i>{{ pick(['Phone', 'Cell',
'Home phone']) }}</i>: {{ s('patient.phone') }}</p>
<p><i>{{ pick(['MRN', 'Chart no.']) }}</i>: {{ s('patient.mrn') }}</p><p><i>{{ pick(['Language',
'Interpreter / language']) }}</i>: {{ s('patient.language') }}</p></fieldset>
<fieldset><legend>{{ pick(['Insurance', 'Payer information', 'Coverage']) }}</legend><p><i>{{ pick(['Primary', 'Carrier',
'Plan']) }}</i>: {{ s('insurance.payer') }}</p>
<p><i>{{ pick(['ID', 'Member no.', 'Subscriber ID']) }}</i>: {{ s('insurance.member_id') }}</p>
<p><i>Group</i>: {{ s('insurance.group_number') }}</p>
<p><i>Secondary</i>: {{ s('insurance.secondary.payer') }}</p><p><i>Secondary ID</i>: {{ s('insurance.secondary.member_id') }}</p>
<p><i>{{ pick(['Authorization', 'Auth / referral no.']) }}</i>: {{ s('referral.authorization_number') }}</p></fieldset>
<fieldset><legend>{{ pick(['Refer to', 'Referred to', 'Specialist']) }}</legend><p><i>Specialty</i>: {{ s('referral.specialty') }}</p>
<p><i>{{ pick(['Provider', 'Physician']) }}</i>: {{ s('recipient.name') if s.has('recipient.name') else pick(['any', 'first available']) }}</p>
<p><i>{{ pick(['Practice', 'Location']) }}</i>: {{ s('recipient.organization') }}</p><p><i>Phone</i>: {{ s.ph(x.rec_phone) }}
&emsp; <i>Fax</i>: {{ s.ph(x.rec_fax) }}</p></fieldset>
<fieldset><legend>{{ pick(['Referring provider', 'Referred by', 'Ordering provider']) }}</legend><p><i>Name</i>: {{ s('referrer.name') }}</p>
<p><i>NPI</i>: {{ s('referrer.npi') }}</p><p><i>Practice</i>: {{ s('referrer.organization') }}</p>
<p><i>Phone</i>: {{ s('referrer.phone') }} &emsp; <i>Fax</i>: {{ s('referrer.fax') }}</p>{% if s.has('referrer.direct_address') %}
<p><i>Direct</i>: {{ s('referrer.direct_address') }}</p>{% endif %}</fieldset>
<fieldset class=w><legend>{{ pick(['Request', 'Referral details']) }}</legend><p><i>{{ pick(['Date', 'Referral date',
'Ordered on']) }}</i>: {{ s('referral.date') }} &emsp;
<i>{{ pick(['Urgency', 'Priority']) }}</i>: {{ s('referral.urgency') }} &emsp; <i>{{ pick(['Type',
'Service']) }}</i>: {{ s('referral.service') }}</p>
<p><i>{{ pick(['Reason', 'Reason for referral']) }}</i>: {{ s('referral.reason') }}</p>
<p><i>Diagnoses</i>:</p>{% for c, t in s.dx() %}<p>{{ loop.index }}. {{ t }} [{{ c }}]</p>{% endfor %}
{% if s.has('referral.procedures') %}<p><i>{{ pick(['Procedures', 'CPT']) }}</i>:</p>{% for c, t in s.cpt() %}<p>{{ c }}
- {{ t }}</p>{% endfor %}{% endif %}
<p><i>Visits</i>: {{ pick(['1', '3', '6']) }} &emsp; <i>Expires</i>: {{ pick(['90 days', '6 months', '1 year']) }}</p></fieldset></div>
<p style="margin-top:.35in">Signed: ______________________________</p>"""
NOTE = """<div class=t><b>{{ s('patient.name') }}</b> &emsp; DOB {{ s('patient.birth_date') }} &emsp; Visit {{ s.d(x.visit) }}
&emsp; {{ s('referrer.organization') }}</div>
<h3>{{ pick(['Chief complaint', 'CC', 'Reason for visit']) }}</h3><p>{{ s('referral.reason') }}</p><h3>{{ pick(['History', 'HPI',
'Subjective']) }}</h3>
<p>{{ x.age }}-year-old {{ x.sexword }}. The complaint has been there for {{ x.dur }}
and is about the same as at the last visit. No fever. Appetite and weight are
steady. {{ pick(['Sleep is poor.', 'Works full time.', 'Lives with family.']) }} What was tried at home gave little relief.</p>
<h3>Past history</h3>{% for t in history %}<p>{{ t }}</p>{% endfor %}<h3>Medications</h3>{% for t in x.meds %}<p>{{ t }}</p>{% endfor %}
<h3>Allergies</h3><p>{{ x.allergy }}</p>
<h3>{{ pick(['Exam', 'Objective', 'Physical exam']) }}</h3><p>BP {{ x.bp }}, pulse {{ x.hr }}, temp {{ x.temp }}, weight {{ x.wt }}
lb, oxygen saturation {{ x.spo2 }}%. Alert, in no
distress. Heart regular. Lungs clear. Abdomen soft. No edema.</p><h3>{{ pick(['Assessment and plan', 'Impression / plan', 'A/P']) }}</h3>
{% for c, t in s.dx() %}<p>{{ loop.index }}. {{ t }} ({{ c }})</p>{% endfor %}<p>Refer to {{ s('referral.specialty') }}. Labs reviewed. Return in
{{ pick(['6 weeks',
'3 months', 'one month']) }}.</p><p style="margin-top:.2in">{{ pick(['Signed electronically by', 'Author:', 'E-signed:']) }}
{{ s('referrer.name') }}</p>"""
LAB = """<div><b>{{ lab }}</b></div><div style="margin:.05in 0">{{ pick(['LABORATORY REPORT', 'RESULTS REPORT',
'CLINICAL LABORATORY RESULTS']) }} - FINAL</div>
<div class=h><span>PATIENT: {{ s('patient.name') }}</span><span>ACCESSION: {{ x.acct }}</span><span>DOB: {{ s('patient.birth_date') }}</span>
<span>COLLECTED: {{ s.d(x.visit) }}</span><span>SEX: {{ s('patient.sex') }}</span><span>ORDERED BY: {{ s('referrer.name') }}</span></div>
<table><tr><th>TEST<th>RESULT<th>FLAG<th>UNITS<th>REFERENCE</tr>{% for name, value, flag, unit, low, high in labs %}
<tr><td>{{ name }}<td>{{ value }}<td>{{ flag }}<td>{{ unit }}<td>{{ low }} - {{ high }}</tr>{% endfor %}</table>
<p>{{ pick(['Specimen: serum / EDTA whole blood', 'Fasting: yes', 'Fasting: no']) }}</p><p>*** END OF REPORT ***</p>"""
TESTS = [("WBC", "K/uL", 4, 11, 1), ("HEMOGLOBIN", "g/dL", 12, 16, 1), ("PLATELETS", "K/uL", 150, 400, 0), ("GLUCOSE", "mg/dL", 65, 99, 0),
         ("CREATININE", "mg/dL", .6, 1.3, 2), ("SODIUM", "mmol/L", 136, 145, 0), ("POTASSIUM", "mmol/L", 3.5, 5.1, 1), ("ALT", "U/L", 7, 45, 0),
         ("TSH", "uIU/mL", .4, 4.5, 2), ("CRP", "mg/L", 0, 8, 1)]


def build(book):
    import simple_icd_10_cm as icd10
    pick, rng = book.rng.choice, book.case_rng
    book.css = CSS + ".cov{%s}.frm{%s}.nt{%s}" % (pick(COVERS), pick(FORMS), pick(NOTES))
    doc = book.doc("referral", book.case())
    doc.page("cover", COVER, cls="cov")
    doc.page("referral", FORM, cls="frm")
    doc.page("clinical_note", NOTE, cls="nt", history=[icd10.get_description(code) for code in doc.x["history"]])
    labs = []
    for name, unit, low, high, places in TESTS:
        value = max(0, rng.uniform(low - .12 * (high - low), high + .2 * (high - low)))
        labs.append((name, f"{value:.{places}f}", "L" if value < low else "H" if value > high else "", unit, low, high))
    doc.page("lab", LAB, cls="lb", labs=labs,
             lab=pick(["TRI-COUNTY CLINICAL LABORATORY", "PATHWAY REFERENCE LABS", "Regional Laboratory Services, Inc."]))
