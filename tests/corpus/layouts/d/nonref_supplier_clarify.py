"""Pharmacy's or equipment supplier's question about an order it holds: prescriber, patient, item and diagnosis stand there as in an order."""
import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.5in .65in} h1{font-size:1.5em;margin:0;text-align:center} .sub{text-align:center;margin-bottom:.1in}
table{width:100%;border-collapse:collapse;margin-top:.1in} td{border:1px solid #000;padding:4px 7px;vertical-align:top;width:50%}
td u{text-decoration:none;font-weight:bold;display:block;font-size:.86em} .a{margin-top:.12in;border:3px double #000;padding:8px 12px} .a
div{margin:7px 0}
"""
FACES = ["body{font:10.4pt/1.32 'Liberation Sans'}", "body{font:9.6pt/1.3 'DejaVu Sans Condensed'}", "body{font:10.8pt/1.3 'Linux Libertine O'}",
       "body{font:10.2pt/1.3 'Liberation Mono'}"]
T = """<h1>{{ title }}</h1><div class=sub>{{ store }} &bull; {{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Phone {{
s.ph(x.rec_phone) }} &bull; Fax {{ s.ph(x.rec_fax) }} &bull; NPI {{ x.rec_npi }}</div>
<div>{{ pick(['Date', 'Faxed']) }}: {{ s.d(x.print_date) }} &emsp; {{ pick(['Attempt 1 of 3', 'Second request',
'Response needed within 24 hours']) }} &emsp; Pages: 1</div>
<table><tr><td><u>{{ pick(['PRESCRIBER', 'Ordering physician']) }}</u>{{ s('referrer.name') }}<br>{{ s('referrer.organization') }}<br>NPI {{
s('referrer.npi') }}<br>P {{ s('referrer.phone') }} &nbsp; F {{ s('referrer.fax') }}</td>
<td><u>{{ pick(['PATIENT', 'Customer']) }}</u>{{ s('patient.name') }}<br>DOB {{ s('patient.birth_date') }}<br>{{ s.addr() }}<br>{{
s('patient.phone') }}</td></tr>
<tr><td><u>{{ pick(['ORDER AS RECEIVED', 'Rx on file']) }}</u>{{ what }}<br>Written {{ s('referral.date') }}<br>Dx {{
s('referral.diagnoses') }}</td><td><u>{{ pick(['COVERAGE', 'Plan']) }}</u>{{ s('insurance.payer') }}<br>ID {{
s('insurance.member_id') }}<br>Rejected: {{ pick(['70 - not covered', '75 - PA required',
'76 - limit exceeded']) }}</td></tr></table>
<p><b>{{ pick(['We cannot fill this order until the following is answered:', 'CLARIFICATION NEEDED']) }}</b></p>{% for t in asks %}<p
style="margin:5px 0">{{ s.box(true) }}{{ t }}</p>{% endfor %}
<div class=a><b>{{ pick(['PRESCRIBER RESPONSE', 'For office use - fax back']) }}</b><div>{{ s.box(false) }}Dispense as written &emsp; {{
s.box(false) }}Change to: ______________________________________</div><div>{{ s.box(false) }}Cancel order &emsp; {{ s.box(false) }}Patient must be
seen first</div>
<div>Comments ___________________________________________________________</div><div>Signature ____________________________ &nbsp; NPI
________________ &nbsp; Date ___________</div></div>
<p style="font-size:.82em">{{ x.contact }}, {{ pick(['PharmD', 'intake technician', 'RPh']) }} &nbsp; Ticket {{ x.acct }} &nbsp; {{
pick(['This is a question about an existing order, not a new one.', 'If you have not prescribed this, please tell us.']) }}</p>"""
ASKS = ["Quantity exceeds what the plan allows; is a smaller one acceptable?",
       "Diagnosis code does not support the item", "Allergy on file: please confirm that you are aware",
       "Chart note of the last six months is required", "Signature is stamped; an original one is required"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False, specialty=r.choice(["Durable Medical Equipment", "Pulmonology", "Endocrinology", "Cardiology"]))
    supplies = c.values["referral.specialty"] == "Durable Medical Equipment"
    d = b.doc("other", c)
    what = f"{c.procs[0][0]} {c.procs[0][1]}, quantity 1" if supplies else \
        f"{c.x['meds'][0]}, quantity {r.choice([30, 60, 90])}, Rx {world.digits(r, 7)}"
    d.page("other", T, what=what, asks=r.sample(ASKS, r.choice([1, 2, 2])),
           store=f"{c.x['place']} " + ("Medical Supply" if supplies else r.choice(["Pharmacy", "Drug", "Specialty Pharmacy"])),
           title=r.choice(["ORDER CLARIFICATION REQUEST", "PRESCRIBER CLARIFICATION",
                  "Request for Information on Order"] if supplies else ["PRESCRIPTION CLARIFICATION", "Refill / Clarification Request",
                  "PHARMACIST QUERY"]))
