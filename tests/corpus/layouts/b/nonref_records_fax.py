"""Release-of-information fax: cover, the request itself and the patient's signed authorization to disclose health records."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.65in .75in} p{margin:.09in 0;line-height:1.38} h1{font-size:1.5em;margin:0 0 .1in}
.g{display:grid;grid-template-columns:1.3in 1fr;row-gap:.07in;margin:.12in 0} .g b{text-align:right;padding-right:.12in}
.bx{border:1px solid #000;padding:.08in .12in;margin:.1in 0} .c3{display:grid;grid-template-columns:1fr 1fr 1fr;gap:5px}
.sig{display:grid;grid-template-columns:2fr 1fr;gap:.3in;margin-top:.2in} .sig div{border-top:1px solid #000;font-size:.86em}
.sig span{margin-bottom:-.25in;font:20pt Z003}
"""
COVER = """<h1>{{ pick(['Facsimile','FAX TRANSMITTAL','Telefax']) }}</h1><p>{{ who }}<br>{{ y.x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</p>
<div class=g><b>Deliver to</b><span>{{ pick(['Medical Records','Health Information Management','Release of Information']) }}</span><b>Fax</b><span>
{{ s.ph(x.rec_fax) }}</span><b>Sent by</b><span>{{ x.contact }}</span><b>Call back</b><span>{{ s.ph(y.x.rec_phone) }}</span><b>On</b><span>
{{ s.d(x.print_date) }}</span><b>Sheets</b><span>3</span><b>About</b><span>{{ pick(['Records request - please reply by fax',
'Request for copies, authorization attached']) }}</span></div>
<div class=bx>{{ pick(['Second request. The first was sent three weeks ago.','Records are needed before the visit on ' ~ s.d(need) ~ '.',
'Please send an invoice if there is a copy fee.']) }}</div><p style="font-size:.85em">The pages that follow are private. If you are not the person named,
please shred them and telephone the sender.</p>"""
REQ = """<h1>{{ pick(['Request for Release of Information','Medical Record Request','Records Retrieval Request']) }}</h1><p>Request ID {{ x.acct }} &emsp;
Date {{ s.d(x.print_date) }} &emsp; Requester: {{ who }}</p>
<div class=g><b>Patient</b><span>{{ s('patient.name') }}</span><b>Birth date</b><span>{{ s('patient.birth_date') }}</span><b>Last 4 SSN</b><span>
{{ x.ssn4 }}</span><b>Dates wanted</b><span>{{ s.d(start) }} through {{ s.d(x.print_date) }}</span><b>Purpose</b><span>{{ purp }}</span></div>
<p>{{ pick(['Please copy the items ticked:','We ask for the following:']) }}</p>
<div class=c3>{% for t in items %}<span>{{ s.box(t in want) }}{{ t }}</span>{% endfor %}</div>
<p>Return the copies by fax to {{ s.ph(y.x.rec_fax) }} or by mail to the address on the cover. If the person was never seen at your facility,
sign here and send this page back: ______________________</p><p>A copy of the authorization is as valid as the original.
State law sets the time for your answer. Thank you.</p><p>{{ x.contact }}<br>{{ pick(['Records Specialist','ROI Clerk','Retrieval Associate']) }}</p>"""
AUTH = """<h1 style="text-align:center">{{ pick(['AUTHORIZATION TO DISCLOSE HEALTH INFORMATION',
'Authorization for Use and Disclosure of Protected Health Information']) }}</h1>
<p>I, <b>{{ s('patient.name') }}</b> (date of birth {{ s('patient.birth_date') }}; telephone {{ s('patient.phone') }}), of {{ s.addr() }},
allow any physician, hospital or clinic that has treated me to disclose the records described below.</p><p><b>To:</b> {{ who }}, {{ y.x.rec_addr }},
{{ x.city }}, {{ x.state }} {{ x.zip }}</p>
<p><b>What may be disclosed:</b> {% for t in want %}{{ t|lower }}{{ ', ' if not loop.last else '.' }}{% endfor %}</p><p><b>Purpose:</b> {{ purp }}</p>
<div class=bx>I also allow the release of (initial each): &nbsp; ____ mental health &nbsp; ____ HIV test results &nbsp; ____ alcohol and drug
treatment &nbsp; ____ genetic tests</div>
<p>I may take back this authorization in writing at any time, except for what was already released. It ends one year from the date I sign. My treatment,
payment and enrollment do not depend on my signing. Information once released may be disclosed again and no longer be protected by federal privacy rules.</p>
<div class=sig><span>{{ x.patient[0] }} {{ x.patient[2] }}</span><span style="font:inherit;padding-top:.15in">{{ s.d(x.visit) }}</span>
<div>Signature of patient or legal representative</div><div>Date</div></div><p style="margin-top:.2in">If signed by someone else,
state the relation: ________________ &emsp; Witness: ________________</p>"""
ITEMS = ["Office notes", "Laboratory results", "Imaging reports", "Operative reports", "Discharge summaries", "Medication list", "Immunizations",
    "Billing records", "Consult letters", "Referral letters", "Pathology", "Images on disc"]


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["11pt 'Liberation Serif'", "10.6pt 'Nimbus Sans'", "11pt P052", "10.5pt Lato"])
    c = b.case(drop=False)
    while c.x["age"] < 18:
        c = b.case(drop=False)
    y = b.case(drop=False, place=tuple(c.x[k] for k in ("city", "state", "zip", "area")))
    d = b.doc("records_request", c)
    f = y.x["patient"][2]
    who = r.choice([f"Law Offices of {y.x['patient'][0]} {f}", f"{f} Records Retrieval, Inc.", f"{y.x['place']} Life Assurance - Underwriting",
        f"{y.x['place']} Orthopedic Institute", f"{c.x['state']} Disability Determination Bureau"])
    purp = r.choice(["continuing care", "at the request of the patient", "insurance application", "legal matter", "disability claim"])
    if "Institute" in who:
        purp = "continuing care"
    want = [t for t in ITEMS if r.random() < .5] or ITEMS[:3]
    kw = dict(y=y, who=who, purp=purp, items=ITEMS, want=want, start=c.x["visit"] - dt.timedelta(days=r.choice([365, 730, 1095])),
        need=c.x["print_date"] + dt.timedelta(days=12))
    if r.random() < .75:
        d.page("cover", COVER, **kw)
    d.page("other", REQ, **kw)
    d.page("other", AUTH, **kw)
