"""One fax, two patients of the same practice: a cover sheet, then a one-page referral for each."""
CSS = """body{font:10.5pt 'Nimbus Roman'} h1{font-size:26pt;margin:.1in 0} .c td{padding:6px 10px;font-size:12pt} h2{font-size:14pt;margin:0;border-bottom:3px double #000} .b{columns:2;column-gap:.4in;margin:.1in 0} .b div{break-inside:avoid;margin:.05in 0} .b b{display:inline-block;min-width:1.25in} p{margin:.08in 0}"""
COVER = """<h1>Facsimile</h1><table class=c><tr><td>Recipient:<td>{{ s('recipient.organization') }}</tr><tr><td>Recipient fax:<td>{{ s.ph(x.rec_fax) }}</tr><tr><td>Sender:<td>{{ x.contact }}, {{ s('referrer.organization') }}</tr><tr><td>Call back:<td>{{ s('referrer.phone') }}</tr><tr><td>Sent:<td>{{ s.d(x.print_date) }}</tr><tr><td>Sheets:<td>3 including this one</tr></table><p>Two referrals enclosed. Please call with appointment times.</p><p style="font-size:9pt">This facsimile contains confidential health information. If you are not the intended recipient, notify the sender and destroy it.</p>"""
T = """<h2>{{ s('referrer.organization') }} &mdash; {{ pick(['Referral','Specialist referral']) }}</h2><p>Referred {{ s('referral.date') }} to {{ s('referral.specialty') }}, {{ s('recipient.organization') }}</p>
<div class=b><div><b>Patient</b> {{ s('patient.name') }}</div><div><b>Born</b> {{ s('patient.birth_date') }}</div><div><b>Gender</b> {{ s('patient.sex','word') }}</div><div><b>Phone</b> {{ s('patient.phone') }}</div><div><b>Record no.</b> {{ s('patient.mrn') }}</div>
<div><b>Plan</b> {{ s('insurance.payer') }}</div><div><b>Member no.</b> {{ s('insurance.member_id') }}</div><div><b>Group no.</b> {{ s('insurance.group_number') }}</div><div><b>Urgency</b> {{ s('referral.urgency') }}</div><div><b>Prior auth</b> {{ s('referral.authorization_number') }}</div></div>
<p><b>Diagnosis codes:</b> {% for c,t in s.dx() %}{{ c }} ({{ t }}){{ ', ' if not loop.last }}{% endfor %}</p><p><b>Reason for consultation:</b> {{ s('referral.reason') }}</p>
<p><b>Referring clinician:</b> {{ s('referrer.name','cred') }} &nbsp; <b>NPI:</b> {{ s('referrer.npi') }} &nbsp; <b>Fax:</b> {{ s('referrer.fax') }}</p>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Liberation Sans';font-size:10pt}"])
    one, two = b.case(), b.case()
    same = ["referrer.organization", "referrer.phone", "referrer.fax", "recipient.organization", "referral.specialty", "referral.date"]
    for k in same:
        if k in one.values:
            two.values[k] = one.values[k]
        else:
            two.values.pop(k, None)
    two.x.update({k: one.x[k] for k in ("spec_shown", "rec_fax", "contact", "ref_date", "print_date")})
    for n, c in enumerate((one, two)):
        d = b.doc("referral", c)
        d.drop("referrer.direct_address", "recipient.name", "referral.procedures", "referral.service", "patient.language", "insurance.secondary.payer",
               "insurance.secondary.member_id", "patient.address.line", "patient.address.city", "patient.address.state", "patient.address.postal_code")
        if n == 0:
            d.page("cover", COVER)
        d.page("referral", T)
