"""Pharmacy fax: renewal request for a prescription, or a plan's notice that a drug needs prior authorization."""
import world

NON_REFERRAL = True
NUMBER = 3
CSS = """
body{font:10.4pt/1.35 'Liberation Sans'} .page{padding:.6in .7in} h1{font-size:17pt;margin:0 0 2px} .b{border:1.5px solid #000;padding:6px 10px;
margin-top:.12in} .b b{font-size:9.4pt} .g{display:grid;grid-template-columns:1.4in 1fr 1.2in 1fr;gap:3px 8px} .g i{font-style:normal;font-size:9pt}
"""
FACES = ["", "body{font-family:'DejaVu Sans Mono';font-size:9pt}", "body{font-family:'Roboto'}"]
PT = """<div class=b><b>{{ pick(['PATIENT', 'MEMBER']) }}</b><div class=g><i>Name</i><span>{{ s('patient.name') }}</span><i>{{ pick(['DOB',
'Birth date']) }}</i><span>{{ s('patient.birth_date') }}</span><i>Address</i><span>{{ s.addr() }}</span><i>Phone</i><span>{{ s('patient.phone')
}}</span></div></div>"""
RX = """<div class=b><b>PRESCRIBER</b><div class=g><i>Name</i><span>Dr. {{ doc[0] }} {{ doc[2] }}</span><i>NPI</i><span>{{ npi }}</span><i>Fax</i><span>{{
s.ph(x.rec_fax) }}</span><i>Phone</i><span>{{ s.ph(x.rec_phone) }}</span></div></div>"""
REFILL = """<h1>{{ pick(['REFILL AUTHORIZATION REQUEST', 'Prescription Renewal Request']) }}</h1>
<div>{{ store }} #{{ num }} &nbsp; {{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; Ph {{ s.ph(tel) }} &nbsp; Fax {{ s.ph(fax) }}</div>
<div>Sent {{ s.d(x.print_date) }} &nbsp; {{ pick(['Second request', 'First request', 'URGENT - patient is out of medication']) }}</div>""" + PT + RX + """
<div class=b><b>MEDICATION</b><div class=g><i>Drug</i><span>{{ x.meds[0] }}</span><i>Rx number</i><span>{{ rx }}</span><i>Quantity</i><span>{{ pick([30,
60, 90]) }}</span><i>Last filled</i><span>{{ s.d(x.visit) }}</span><i>Refills left</i><span>0</span><i>Pharmacist</i><span>{{ x.contact }},
RPh</span></div></div>
<div class=b><b>PRESCRIBER RESPONSE - fax back to the pharmacy</b><p>{{ s.box(false, 'sq') }}Approve as above with ____ refills
&nbsp; {{ s.box(false, 'sq') }}Approve with changes &nbsp; {{ s.box(false, 'sq') }}Denied, patient needs a visit</p><p>Signature
____________________________ &nbsp; Date ______________</p></div><p style="font-size:8.6pt">This is not a new order. Please answer within two business
days.</p>"""
PA = """<h1>{{ pick(['Prior Authorization Needed', 'PHARMACY PRIOR AUTHORIZATION FORM']) }}</h1>
<div>{{ pick(['Drug coverage review', 'Pharmacy benefit services']) }} &nbsp; Tel {{ s.ph(tel) }} &nbsp; Fax completed form
to {{ s.ph(fax) }} &nbsp; {{ s.d(x.print_date) }} &nbsp; Key {{ rx }}</div>""" + PT + """
<div class=b><b>BENEFIT</b><div class=g><i>Plan</i><span>{{ s('insurance.payer') }}</span><i>Member ID</i><span>{{ s('insurance.member_id') }}</span><i>BIN
/ PCN</i><span>{{ num }}88 / ADV</span><i>Dispensing</i><span>{{ store }}</span></div></div>""" + RX + """
<div class=b><b>DRUG REQUESTED</b><p>{{ x.meds[1] }} &nbsp; quantity {{ pick([30, 60]) }} per {{ pick([30, 90]) }} days</p><p>Diagnosis for this drug
(ICD-10): ____________ &nbsp; Review type: {{ s.box(true, 'sq') }}Standard {{ s.box(false, 'sq') }}Expedited</p><p>Drugs tried and failed:
______________________________________________</p><p>Has the member had an adverse reaction to the preferred
drug? {{ s.box(false, 'sq') }}Yes {{ s.box(false, 'sq') }}No</p></div>
<div class=b><p>Prescriber signature ____________________________ &nbsp; Date ______________</p></div><p style="font-size:8.6pt">Attach chart notes that
support the request. Incomplete forms are returned.</p>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    b.doc("other", c).page("other", r.choice([REFILL, PA]), doc=world.person(r), npi=world.npi(r), tel=world.phone(r, c.x["area"]), fax=world.phone(r,
           c.x["area"]), num=r.randint(1001, 9899), rx=world.digits(r, 7),
                           store=r.choice(["Corner Drug", "HealthWay Pharmacy", "Family Apothecary", "MedMart Pharmacy"]))
