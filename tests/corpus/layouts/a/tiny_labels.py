"""Claim-form style grid: a tiny numbered label in the corner of each cell, the value below it, insured's decoys."""
CSS = """body{font:10.5pt 'Liberation Mono'} table{width:100%;border-collapse:collapse;table-layout:fixed} td{border:1.2px solid #000;vertical-align:top;padding:1px 4px 3px;height:.4in;overflow:hidden}
td b{display:block;font:7.3pt 'Liberation Sans';letter-spacing:.2px} .t{font:bold 13pt 'Liberation Sans';text-align:center;margin-bottom:4px} .cap{text-transform:uppercase}"""
T = """
<div class=t>{{ pick(['REQUEST FOR SPECIALTY CARE','CONSULTATION AND REFERRAL RECORD','REFERRAL TRANSMITTAL FORM']) }}</div><table class=cap>
<tr><td colspan=3><b>1. PATIENT'S NAME (Last, First, Middle)</b>{{ s('patient.name','LAST') }}</td><td colspan=2><b>2. PATIENT'S BIRTH DATE</b>{{ s('patient.birth_date') }}</td><td><b>3. SEX</b>{{ s('patient.sex','letter') }}</td></tr>
<tr><td colspan=3><b>4. PATIENT'S ADDRESS (No., Street)</b>{{ s('patient.address.line') }}</td><td colspan=2><b>5. CITY</b>{{ s('patient.address.city') }}</td><td><b>6. STATE</b>{{ s('patient.address.state') }}</td></tr>
<tr><td><b>7. ZIP CODE</b>{{ s('patient.address.postal_code') }}</td><td colspan=2><b>8. TELEPHONE</b>{{ s('patient.phone') }}</td><td colspan=3><b>9. PATIENT'S MEDICAL RECORD NO.</b>{{ s('patient.mrn') }}</td></tr>
<tr><td colspan=3><b>10. INSURANCE PLAN NAME OR PROGRAM NAME</b>{{ s('insurance.payer') }}</td><td colspan=2><b>10a. INSURED'S I.D. NUMBER</b>{{ s('insurance.member_id') }}</td><td><b>10b. GROUP NO.</b>{{ s('insurance.group_number') }}</td></tr>
<tr><td colspan=3><b>11. INSURED'S NAME</b>{{ ins }}</td><td colspan=2><b>11a. INSURED'S DATE OF BIRTH</b>{{ insdob }}</td><td><b>11b. INSURED'S SEX</b>&nbsp;</td></tr>
<tr><td colspan=3><b>12. OTHER INSURANCE PLAN</b>{{ s('insurance.secondary.payer') }}</td><td colspan=3><b>12a. OTHER INSURED'S POLICY NUMBER</b>{{ s('insurance.secondary.member_id') }}</td></tr>
<tr><td colspan=2><b>13. DATE OF REQUEST</b>{{ s('referral.date') }}</td><td colspan=2><b>14. SPECIALTY / SERVICE REQUESTED</b>{{ s('referral.specialty') }}</td><td colspan=2><b>15. PRIOR AUTHORIZATION NUMBER</b>{{ s('referral.authorization_number') }}</td></tr>
<tr><td colspan=6 style="height:.55in"><b>16. REASON FOR REQUEST</b><span style="text-transform:none">{{ s('referral.reason') }}</span></td></tr>
<tr>{% set dx = s.dx() %}{% for n in range(3) %}<td colspan=2 style="height:.55in"><b>17{{ 'abc'[n] }}. DIAGNOSIS CODE (ICD-10-CM)</b>{% if n < dx|length %}{{ dx[n][0] }} <span style="font-size:8.5pt;text-transform:none">{{ dx[n][1][:44] }}</span>{% endif %}</td>{% endfor %}</tr>
<tr><td colspan=2><b>18. URGENCY</b>{{ s('referral.urgency') }}</td><td colspan=4><b>19. PROCEDURE CODES (CPT / HCPCS)</b>{{ s('referral.procedures') }}</td></tr>
<tr><td colspan=3><b>20. NAME OF REFERRING PROVIDER</b>{{ s('referrer.name','cred') }}</td><td colspan=2><b>20a. NPI</b>{{ s('referrer.npi') }}</td><td><b>20b. TAX ID</b>{{ tax }}</td></tr>
<tr><td colspan=3><b>21. REFERRING PRACTICE NAME</b>{{ s('referrer.organization') }}</td><td><b>21a. PHONE</b>{{ s('referrer.phone','{a}-{x}-{n}') }}</td><td colspan=2><b>21b. FAX</b>{{ s('referrer.fax') }}</td></tr>
<tr><td colspan=3><b>22. REFERRED TO (PROVIDER)</b>{{ s('recipient.name') }}</td><td colspan=3><b>22a. REFERRED TO (FACILITY)</b>{{ s('recipient.organization') }}</td></tr>
<tr><td colspan=4><b>23. SIGNATURE OF PROVIDER OR SUPPLIER</b>Signature on file</td><td colspan=2><b>DATE</b>{{ s.d(x.print_date) }}</td></tr></table>
"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Nimbus Mono PS';font-size:11pt}", "body{font:10pt 'Roboto Condensed'}"])
    c = b.case()
    d = b.doc("referral", c)
    d.drop("referrer.direct_address", "referral.service", "patient.language")
    d.style["date"] = r.choice(["%m/%d/%Y", "%m %d %Y", "%m-%d-%Y"])
    other = r.random() < .4
    spouse = f"{c.x['patient'][2]}, {r.choice(['Dana', 'Robin', 'Leslie', 'Jordan'])}"
    d.page("referral", T, ins=spouse if other else "SAME", insdob=d.d(c.x["visit"].replace(year=1961)) if other else "",
           tax=f"{r.randint(10, 98)}-{r.randint(1000000, 9899999)}")
