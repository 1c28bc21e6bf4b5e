"""State disability determination office's request for medical evidence: claimant, period, what to send, voucher."""
import datetime as dt

import world

NON_REFERRAL, NUMBER = True, 2
CSS = """
.page{padding:.6in .8in} .hd{display:flex;justify-content:space-between;line-height:1.35} .hd b{font-size:1.15em}
h1{font-size:1.15em;text-align:center;margin:.22in 0 .12in} p{margin:.1in 0;line-height:1.42}
.b{border:1px solid #000;padding:6px 10px;line-height:1.5} .b b{display:inline-block;min-width:1.6in;font-weight:normal} .vch{border-top:2px
dashed #000;margin-top:.25in;padding-top:.1in;line-height:1.6}
"""
FACES = ["body{font:11pt/1.3 'Liberation Serif';font-size:11.6pt}", "body{font:10.4pt/1.3 'Liberation Sans'}",
         "body{font:10.2pt/1.3 'Courier Prime'}"]
T = """<div class=hd><div><b>{{ pick(['Disability Determination Services', 'Bureau of Disability Determination', 'Disability Adjudication
Section']) }}</b><br>State of {{ x.state }}, Department of Human Services<br>P.O. Box {{ box }}<br>{{ x.city }}, {{
x.state }} {{ x.zip }}</div><div>{{ s.d(x.ref_date, '%B %-d, %Y') }}<br>Examiner: {{ x.contact }}<br>Phone: {{ s.ph(x.rec_phone) }}<br>Fax:
{{ s.ph(x.rec_fax) }}</div></div><br>{{ s('referrer.organization') }}<br>Attn: Medical
Records<br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<h1>{{ pick(['REQUEST FOR MEDICAL EVIDENCE', 'MEDICAL RECORDS
REQUEST', 'Request for Medical Information']) }}</h1>
<div class=b><b>Claimant</b>{{ s('patient.name') }}<br><b>Date of birth</b>{{ s('patient.birth_date') }}<br><b>SSN (last four)</b>{{ x.ssn4
}}<br><b>Case number</b>{{ case }}<br><b>{{ pick(['Your patient number', 'Provider record no.']) }}</b>{{
s('patient.mrn') }}<br><b>Alleged impairments</b>{{ words }}</div>
<p>The person named above has applied for disability benefits and tells us that {{ pick(['your office', 'the above source']) }} provided
treatment. Please send copies of records from <b>{{ s.d(since) }}</b> to the present, including:</p><p>&bull; History, physical
findings and progress notes<br>&bull; Laboratory, X-ray and other test reports<br>&bull; Diagnosis, treatment, response and
prognosis<br>&bull; Consultation reports from specialists to whom you referred the claimant<br>&bull; {{ pick(['Your statement of
what the claimant can still do', 'Hospital discharge summaries']) }}</p><p>Please reply within {{ pick(['10', '14']) }} days. Urgent: the
claim cannot be decided without this evidence. A signed authorization (Form 827) {{ pick(['is enclosed',
'follows by mail']) }}. Records may be faxed with this page on top, or uploaded to the secure web site.</p><div class=vch>Voucher {{ vch }}
&nbsp; Maximum payment $ {{ pick(['18.00', '25.00', '15.00']) }}<br>Payee tax ID ______________ &nbsp; Amount
______ &nbsp; Pages sent ____<br>Signature ____________________________ &nbsp; Date ____________<br>[ &nbsp; ] No records for this
person</div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    while not 18 <= c.x["age"] < 65:
        c = b.case()
    d = b.doc("records_request", c)
    d.page("other", T, words="; ".join(t for _, t in c.dx), box=r.randint(1000, 9900), case=world.digits(r, 7), vch=world.digits(r, 9),
           since=c.x["ref_date"] - dt.timedelta(days=r.choice([365, 545, 730])))
