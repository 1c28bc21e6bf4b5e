"""Hospital outpatient department's electronic referral summary: tables of data above, a dictated letter below."""
FONTS = ["10.4pt P052", "11pt 'Linux Libertine O'", "10.8pt 'Nimbus Roman'", "10pt 'DejaVu Serif Condensed'"]
CSS = """
.page{padding:.55in .8in;line-height:1.3}
.lh{border-bottom:1px solid #000;padding-bottom:.06in;display:flex;justify-content:space-between;align-items:flex-end}
.lh b{font-size:1.5em;font-variant:small-caps;line-height:1.1}
.lh div:last-child{text-align:right;font-size:.82em;white-space:nowrap;padding-left:.2in}
.ti{display:flex;justify-content:space-between;margin:.08in 0 .05in;font-size:1.12em;font-style:italic}
table{width:100%;border-collapse:collapse;table-layout:fixed;font-size:.88em}
td,th{border:.8px solid #777;padding:3px 6px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:normal;background:#ececec;width:1.15in} table+table{margin-top:.08in} p{margin:.1in 0}
"""
LETTER = """
<div class=lh><div><b>{{ s('referrer.organization') }}</b><br>{{ pick(['Outpatient Department', 'Ambulatory Care Center',
'Outpatient Clinics, Building C']) }}</div>
<div>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>Tel {{ s('referrer.phone') }}<br>Fax {{ s('referrer.fax') }}</div></div>
<div class=ti><span>{{ pick(['Electronic Referral Summary', 'e-Referral Letter',
'Referral Summary for Receiving Provider']) }}</span><span>{{ s('referral.date') }}</span></div>
<table><tr><th>{{ pick(['Patient', 'Patient name', 'Name']) }}<td>{{ s('patient.name') }}<th>{{ pick(['Date of birth', 'DOB', 'Born']) }}
<td>{{ s('patient.birth_date') }}
({{ x.age }} y)</tr><tr><th>Address<td>{{ s('patient.address.line') }}<br>{{ s.csz() }}<th>{{ pick(['Telephone', 'Contact number', 'Phone']) }}
<td>{{ s('patient.phone') }}</tr>
<tr><th>{{ pick(['Hospital no.', 'MRN', 'Medical record']) }}<td>{{ s('patient.mrn') }}<th>{{ pick(['Sex', 'Legal sex']) }}
<td>{{ s('patient.sex') }}</tr>
<tr><th>{{ pick(['Language', 'Speaks']) }}<td>{{ s('patient.language') }}<th>{{ pick(['Next of kin', 'Emergency contact']) }}
<td>{{ x.emerg }}, {{ s.ph(x.emerg_phone) }}</tr></table>
<table><tr><th>{{ pick(['Payer', 'Insurance', 'Primary coverage']) }}<td>{{ s('insurance.payer') }}<th>{{ pick(['Member ID', 'Policy number',
'Subscriber no.']) }}
<td>{{ s('insurance.member_id') }}</tr>
{% if s.has('insurance.group_number') or s.has('referral.authorization_number') %}<tr><th>Group<td>{{ s('insurance.group_number') }}
<th>{{ pick(['Authorization', 'Payer auth. no.']) }}<td>{{ s('referral.authorization_number') }}</tr>{% endif %}
{% if s.has('insurance.secondary.payer') %}
<tr><th>{{ pick(['Second payer', 'Secondary coverage']) }}<td>{{ s('insurance.secondary.payer') }}<th>{{ pick(['Second ID', 'Member ID']) }}
<td>{{ s('insurance.secondary.member_id') }}</tr>{% endif %}</table>
<table><tr><th>{{ pick(['Referred to', 'Receiving clinic', 'To']) }}<td>{{ s('recipient.organization') }}<br>{{ x.rec_addr }}, {{ x.city }}
<th>{{ pick(['Specialty', 'Service',
'Discipline']) }}<td>{{ s('referral.specialty') }}</tr><tr><th>{{ pick(['Priority', 'Urgency', 'Triage level']) }}<td>{{ s('referral.urgency') }}
<th>{{ pick(['Referral type', 'Request type']) }}<td>{{ s('referral.service') }}</tr></table>
<p>Dear {{ s('recipient.name', 'first') if s.has('recipient.name') else pick(['Colleague', 'Doctor', 'Colleagues']) }}:</p>
<p>{{ pick(['Thank you for seeing', 'I would be grateful if you would see', 'Please arrange to see']) }}
this {{ x.age }}-year-old {{ x.sexword }}, who was seen in our
department on {{ s.d(x.visit) }}. {{ pick(['The reason for this referral is as follows:', 'Reason for referral:', 'The question is this:']) }}
{{ s('referral.reason') }}</p>
{% set codes, icd = s.dx(), pick(['ICD-10 ', '', 'code ']) %}{% if codes %}<p>{{ pick(['The working diagnosis is', 'Our diagnoses at this visit were',
'The problem list entries behind this request are']) }}
{% for c, t in codes %}{{ t }} ({{ icd }}{{ c }}){{ '.' if loop.last else ',
' if loop.revindex > 2 else ' and ' }}{% endfor %}</p>{% endif %}
{% set procs = s.cpt() %}{% if procs %}<p>{{ pick(['We ask that you consider', 'Please perform, if you agree,', 'Requested:']) }}
{% for c, t in procs %}{{ t }} ({{ pick(['CPT ', 'CPT ', 'procedure code ']) }}{{ c }}){{ '.' if loop.last else ' and ' }}{% endfor %}</p>{% endif %}
<p>{{ pick(['Background:', 'Of note,', 'Past history includes']) }} {{ history|join('; ') }}. {{ pick(['Current medicines are',
'The medication list shows']) }}
{{ x.meds|join(', ') }}. Allergies: {{ x.allergy }}. At the visit blood pressure was {{ x.bp }}, pulse {{ x.hr }}
and oxygen saturation {{ x.spo2 }} percent.</p>
<p>{{ pick(['The patient has been told of this referral and will wait for your call.',
'Kindly send your findings to the fax number above. We remain responsible for
general follow-up.', 'Results of our tests can be had from the record desk on request.']) }}</p>
<p>{{ pick(['Sincerely,', 'With kind regards,', 'Respectfully,']) }}</p>
<p style="margin-top:.22in">{{ s('referrer.name') }}{% if s.has('referrer.npi') %}<br>NPI
{{ s('referrer.npi') }}{% endif %}{% if s.has('referrer.direct_address') %}<br>{{ s('referrer.direct_address') }}{% endif %}</p>
<p style="font-size:.78em">{{ pick(['Generated', 'Document created']) }} {{ s.d(x.print_date) }} &emsp; Document ID {{ x.acct }}</p>
"""
HOSPITALS = ["{p} Regional Medical Center", "{c} Memorial Hospital", "St. Brendan Hospital of {c}", "{p} University Hospital", "{c} General Hospital"]


def build(book):
    import simple_icd_10_cm as icd10
    book.css = CSS + "body{font:%s}" % book.rng.choice(FONTS)
    case = book.case()
    case.values["referrer.organization"] = book.rng.choice(HOSPITALS).format(p=case.x["place"], c=case.x["city"])
    doc = book.doc("referral", case)
    doc.page("referral", LETTER, history=[icd10.get_description(code).lower() for code in case.x["history"]])
