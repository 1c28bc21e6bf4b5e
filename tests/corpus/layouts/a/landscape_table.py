"""A coordinator's landscape sheet: a table with header rows and the values in the row below."""
CSS = """body{font:10pt 'Nimbus Sans'} .page.land{padding:.45in} table{width:100%;border-collapse:collapse;margin-bottom:.12in} th{background:#e4e4e4;border:1px solid #000;text-align:left;font-size:8.6pt;padding:2px 5px} td{border:1px solid #000;padding:4px 5px;height:.3in;vertical-align:top} h2{margin:0 0 .08in}"""
T = """
<h2>{{ s('referrer.organization') }} &ndash; {{ pick(['Outgoing referral','Referral log sheet','Referral to specialist']) }}</h2>
<table><tr><th>Referral date<th>{{ pick(['Priority','Urgency']) }}<th>Specialty<th>Type of service<th>Authorization #</tr>
<tr><td>{{ s('referral.date') }}<td>{{ s('referral.urgency') }}<td>{{ s('referral.specialty') }}<td>{{ s('referral.service') }}<td>{{ s('referral.authorization_number') }}</tr></table>
<table><tr><th>{{ pick(['Patient','Patient name']) }}<th>DOB<th>Sex<th>Phone<th>Address<th>City, State, Zip<th>MRN</tr>
<tr><td>{{ s('patient.name') }}<td>{{ s('patient.birth_date') }}<td>{{ s('patient.sex') }}<td>{{ s('patient.phone') }}<td>{{ s('patient.address.line') }}<td>{{ s.csz() }}<td>{{ s('patient.mrn') }}</tr></table>
<table><tr><th>Coverage<th>{{ pick(['Payer','Insurance company']) }}<th>{{ pick(['Member ID','Policy #']) }}<th>Group</tr>
<tr><td>Primary<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{ s('insurance.group_number') }}</tr>
<tr><td>Secondary<td>{{ s('insurance.secondary.payer') }}<td>{{ s('insurance.secondary.member_id') }}<td></tr></table>
<table><tr><th style="width:1.2in">ICD-10<th>Diagnosis<th style="width:1.4in">CPT</tr>
{% set dx = s.dx() %}{% for c,t in dx %}<tr><td>{{ c }}<td>{{ t }}<td>{{ s('referral.procedures') if loop.first }}</tr>{% endfor %}</table>
<table><tr><th>{{ pick(['Reason for referral','Clinical question']) }}</tr><tr><td>{{ s('referral.reason') }}</tr></table>
<table><tr><th>Referring provider<th>NPI<th>Office phone<th>Office fax<th>Direct address</tr>
<tr><td>{{ s('referrer.name','cred') }}<td>{{ s('referrer.npi') }}<td>{{ s('referrer.phone') }}<td>{{ s('referrer.fax') }}<td style="font-size:8.5pt">{{ s('referrer.direct_address') }}</tr></table>
<table><tr><th>Referred to provider<th>Referred to practice<th>Practice phone</tr><tr><td>{{ s('recipient.name') }}<td>{{ s('recipient.organization') }}<td>{{ s.ph(x.rec_phone) }}</tr></table>
"""


def build(b):
    b.css = CSS + b.rng.choice(["", "body{font-family:'DejaVu Sans';font-size:8.8pt}", "body{font-family:'Linux Biolinum O';font-size:11pt}"])
    d = b.doc("referral", b.case())
    d.drop("patient.language")
    d.page("referral", T, land=True)
