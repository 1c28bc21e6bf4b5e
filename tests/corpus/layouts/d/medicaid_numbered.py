"""State Medicaid agency's own referral form: boxes numbered 1 to 29, the provider first; the patient is called the recipient."""
from payers import MEDICAID
from people import filled

CSS = """
.page{padding:.4in .5in} body{font:8.8pt 'Nimbus Roman'} .hd{display:flex;justify-content:space-between;align-items:flex-start} .hd
b{font-size:11pt}
h1{font-size:13.5pt;text-align:center;margin:.05in 0} table{width:100%;border-collapse:collapse;table-layout:fixed}
td{border:1px solid #000;vertical-align:top;padding:2px 4px 3px;height:.4in} td u{text-decoration:none;display:block;font-size:8.2pt}
td u b{background:#000;color:#fff;padding:0 3px;margin-right:4px;font-size:7.6pt} .sec
td{height:auto;background:#ddd;font-weight:bold;text-align:center;
padding:1px;letter-spacing:1px} .v,.t{font:10.5pt 'Courier Prime Code'} .n{font-size:7.8pt;margin:.05in 0;line-height:1.25}
"""
FACES = ["", "body{font-family:'Nimbus Sans'} .v,.t{font:10pt 'Liberation Mono'}",
       "body,.v,.t{font-family:'Liberation Sans'} td u b{background:none;color:#000}",
         ".v,.t{font:bold 10pt 'Courier Prime Sans'} body{font-family:'Linux Libertine O'}"]
T = """{% set n = namespace(i=0) %}{% macro q(lab, v='', span=4) %}{% set n.i = n.i + 1 %}<td colspan={{ span }}><u><b>{{ n.i }}</b>{{
lab }}</u>{{ v }}</td>{% endmacro %}
{% macro t(v) %}<span class=t>{{ v }}</span>{% endmacro %}
<div class=hd><div><b>{{ agency }}</b><br>{{ pick(['Division of Medical Assistance', 'Medicaid Managed Care Bureau',
'Bureau of Program Integrity']) }}</div>
<div style="text-align:right">{{ form }}<br>{{ pick(['Provider inquiry', 'Help line']) }}: 1-800-555-0{{ 140 + x.age % 50 }}</div></div>
<h1>{{ pick(['PRIMARY CARE REFERRAL FOR SPECIALTY SERVICES', 'MEDICAID REFERRAL FORM', 'PCP / SPECIALIST REFERRAL']) }}</h1>
<p class=n>{{ pick(['Type or print. Complete items 1 through 29. Do not send with claim; the
specialist keeps a copy and bills using the number in item 2.',
'All items must be completed. Referrals are void after 180 days or when the number of visits in item 27 has been used.']) }}</p><table>
<tr class=sec><td colspan=12>PART I &ndash; {{ pick(['REFERRING PROVIDER', 'PRIMARY CARE PROVIDER']) }}</td></tr>
<tr>{{ q(pick(['Referring provider (name and title)', 'Name of PCP / medical home practitioner']), s('referrer.name'), 5) }}{{ q('Referring NPI',
s('referrer.npi'), 3) }}
{{ q('Medicaid provider no.', t(mpn), 4) }}</tr>
<tr>{{ q(pick(['Clinic or group', 'Practice / group name']), s('referrer.organization'), 6) }}{{ q('Telephone', s('referrer.phone'), 3) }}{{
q('Fax', s('referrer.fax'), 3) }}</tr>
<tr class=sec><td colspan=12>PART II &ndash; {{ pick(['RECIPIENT', 'RECIPIENT INFORMATION']) }}</td></tr>
<tr>{{ q(pick(["Recipient's last name, first name, MI", 'Recipient name (last, first, middle)']), s('patient.name', style_name), 6) }}
{{ q(pick(['Medicaid ID', 'Recipient ID no. (as on card)', 'Recipient Medicaid number']), s('insurance.member_id'), 3) }}{{ q('Date of birth',
s('patient.birth_date'), 3) }}</tr>
<tr>{{ q('Sex', s.boxes('patient.sex', [('male', 'M'), ('female', 'F')], mark), 2) }}{{ q(pick(['Residence (street)', 'Street address']),
s('patient.address.line'), 5) }}
{{ q('City, state and ZIP', s.csz('{c} {s} {z}'), 5) }}</tr>
<tr>{{ q(pick(['Daytime telephone', 'Recipient telephone']), s('patient.phone'), 3) }}{{ q(pick(['Head of household / payee',
'Parent, guardian or payee']), t(head), 4) }}
{{ q(pick(['Plan or program', 'MCO / coverage group']), s('insurance.payer'), 5) }}</tr>
<tr>{{ q(pick(['Other insurance (TPL) - carrier', 'Third party coverage']), s('insurance.secondary.payer'), 6) }}{{ q(pick(['Other policy no.',
'TPL policy number']), s('insurance.secondary.member_id'), 3) }}
{{ q('Case no. / county', t(county), 3) }}</tr>
<tr class=sec><td colspan=12>PART III &ndash; {{ pick(['REFERRAL', 'SERVICE REQUESTED']) }}</td></tr>
<tr>{{ q(pick(['Referred to (facility)', 'Facility or group referred to']), s('recipient.organization'), 5) }}{{
q(pick(['Referred to (practitioner)', 'Specialist, if known']), s('recipient.name'), 4) }}
{{ q('Type of specialist', s('referral.specialty'), 3) }}</tr>
<tr>{{ q(pick(['Diagnosis (ICD-10-CM and narrative)', 'ICD-10-CM code(s) with description']), dxs, 7) }}{{ q(pick(['Urgent?', 'Level']),
s.boxes('referral.urgency', levels, mark), 5) }}</tr>
<tr style="height:.62in">{{ q(pick(['Reason for referral and pertinent findings', 'State why specialty care is needed']), s('referral.reason'),
12) }}</tr>
<tr>{{ q(pick(['Scope (check one)', 'This referral is for']), s.boxes('referral.service', scope, mark), 8) }}{{ q(pick(['Procedure code(s)',
'CPT / HCPCS, if any']), s('referral.procedures'), 4) }}</tr>
<tr>{{ q('Number of visits', t(visits), 2) }}{{ q('Prior approval no. (if required)', s('referral.authorization_number'), 4) }}{{
q(pick(['Date referral made', 'Date of referral']), s('referral.date'), 6) }}</tr>
</table><p class=n>{{ pick(['I certify that the services are medically necessary and that I have discussed this referral with the recipient.',
'Payment will be from federal and state funds. Any false statement may be prosecuted under applicable law.']) }}</p>
<table><tr><td colspan=8><u>Signature of referring provider</u><span style="font:19pt/1 Z003">{{ x.referrer[0] }} {{
x.referrer[2] }}</span></td><td colspan=4><u>Date signed</u>{{ t(s.d(x.print_date)) }}</td></tr>
<tr class=sec><td colspan=12>AGENCY USE ONLY</td></tr><tr><td colspan=4><u>Received</u></td><td colspan=4><u>Reviewer ID</u></td><td
colspan=4><u>Disposition / effective dates</u></td></tr></table>"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x, v = c.x, c.values
    v["insurance.payer"] = r.choice(MEDICAID[0]).format(state=x["state"])
    v["insurance.member_id"] = filled(r, r.choice(MEDICAID[1]))
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.language", "insurance.group_number", "referrer.direct_address")
    if v.get("insurance.secondary.payer", "").find("edicaid") >= 0:
        d.drop("insurance.secondary.payer", "insurance.secondary.member_id")
    d.style["date"] = r.choice(["%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"])
    levels = [("routine", "No - routine"), ("urgent", "Yes - urgent"), ("stat", "Emergent")] if r.random() < .5 else [("routine", "Routine"),
             ("urgent", "Urgent"), ("stat", "STAT")]
    scope = [("consult", "Consult only"), ("evaluate_and_treat", "Evaluate/treat"), ("diagnostic", "Testing"), ("procedure", "Procedure"),
             ("second_opinion", "2nd opinion"), ("transfer_of_care", "Assume care")]
    dxs = Markup("<br>").join(Markup('<span class=t>%s %s</span>') % (k, t[:46]) for k, t in d.dx())
    head = x["emerg"] if x["age"] < 19 or r.random() < .3 else "same"
    d.page("referral", T, agency=r.choice(["DEPARTMENT OF HUMAN SERVICES", "DEPARTMENT OF SOCIAL SERVICES", "STATE HEALTH CARE AUTHORITY"]),
           form=r.choice(["DMA-3047 (07/23)", "Form 17-P, rev. 3-22", "MCD 402 (R 10-24)"]), mpn=filled(r, "!######"), levels=levels, scope=scope,
                  dxs=dxs,
           head=head, county=filled(r, "!####-##"), visits=r.choice([1, 2, 3, 6, 12]), mark=r.choice(["sq", "br", "uni"]),
           style_name=r.choice(["LAST", "last"]))
