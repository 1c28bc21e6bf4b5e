"""One fax, two referrals: a memo-like transmittal sheet, then one page for each of two patients of the same practice."""
CSS = """
body{font:10.3pt/1.3 'Liberation Sans'} .page{padding:.6in .75in} .memo{font-size:12pt} .memo h1{font-size:20pt;border-bottom:5px double #000;
padding-bottom:6px;margin:0 0 .15in} .memo dl,.ref dl{display:grid;margin:0} dd,dt{margin:0} .memo dl{grid-template-columns:1.3in 1fr;row-gap:.07in}
.ref dl{grid-template-columns:1.85in 1fr;row-gap:.035in;column-gap:.14in} .ref dt{text-align:right;font-size:9pt;padding-top:1px} .ref h2{font-size:14pt;
margin:0} .ref h3{font-size:9.4pt;margin:.12in 0 .05in;border-top:1.5px solid #000;padding-top:3px;text-transform:uppercase} .no{position:absolute;
right:.75in;top:.6in;font-size:9pt}
"""
FACES = ["", "body{font-family:'Noto Sans Mono';font-size:8.8pt} .ref dt{font-size:8.3pt} .memo{font-size:10pt}",
           "body{font-family:'P052';font-size:10.6pt}", "body{font-family:'DejaVu Sans';font-size:9pt} .memo{font-size:10.5pt}"]
COVER = """<div class=memo><h1>{{ pick(['Facsimile Transmittal', 'Telecopy Transmittal Sheet', 'Fax Memorandum']) }}</h1><dl>
<dt>Deliver to<dd>{{ s('recipient.organization') }}, {{ pick(['new patient desk', 'scheduling', 'referral intake']) }}</dd><dt>Their fax
<dd>{{ s.ph(x.rec_fax) }}</dd><dt>Sender<dd>{{ x.contact }}<br>{{ s('referrer.organization') }}<br>{{ x.ref_addr }}
<br>{{ x.city }}, {{ x.state }} {{ x.zip }}</dd>
<dt>Call back<dd>{{ s('referrer.phone') }}</dd><dt>{{ pick(['Sender fax', 'Return fax']) }}<dd>{{ s('referrer.fax') }}</dd><dt>Transmitted
<dd>{{ s.d(x.print_date) }}</dd><dt>Sheets<dd>3 including this one</dd><dt>Subject<dd>{{ pick(['Two (2) new referrals',
'2 patients to schedule', 'Referrals x 2']) }}</dd></dl>
<p style="margin-top:.3in">{{ pick(['Two separate patients follow, one sheet each. Please open a chart for each and let us know both appointment dates.',
'Each of the next two pages is a different patient. Kindly schedule them separately.']) }}</p>
<p style="font-size:8.5pt;margin-top:4.2in">{{ legal }}</p></div>"""
LEGAL = ["Privileged health information. Anyone other than the addressee must not read or copy it, and should telephone the sender at once.",
         "Notice: contents protected by federal and state privacy law. Redisclosure without consent is prohibited."]
REF = """{% macro k(lab, v='') %}<dt>{{ lab }}<dd>{{ v }}</dd>{% endmacro %}
<div class=ref><div class=no>{{ L.no }} {{ n }} of 2</div><h2>{{ s('referrer.organization') }}</h2>
<div style="font-size:9pt">{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; {{ L.tel }} {{ s('referrer.phone') }}{% if s.has('referrer.fax')
%} &nbsp; {{ L.fax }} {{ s('referrer.fax') }}{% endif %}</div>
<h3>{{ L.hr }}</h3><dl>{{ k(L.date, s('referral.date')) }}{{ k(L.to, s('recipient.organization')) }}{% if s.has('recipient.name') or L.blank %}
{{ k(L.dr, s('recipient.name')) }}{% endif %}{{ k(L.spec, s('referral.specialty')) }}{{ k(L.serv,
s('referral.service')) }}{{ k(L.urg, s('referral.urgency')) }}{% if s.has('referral.authorization_number') or L.blank %}
{{ k(L.auth, s('referral.authorization_number')) }}{% endif %}</dl>
<h3>{{ L.hp }}</h3><dl>{{ k(L.name, s('patient.name')) }}{{ k(L.dob, s('patient.birth_date')) }}{{ k(L.sex,
s('patient.sex')) }}{{ k(L.addr, s.addr()) }}{{ k(L.ph, s('patient.phone')) }}{% if L.em %}
{{ k('Emergency contact', x.emerg ~ ', ' ~ s.ph(x.emerg_phone)) }}{% endif %}{{ k(L.lang, s('patient.language')) }}{{ k(L.mrn, s('patient.mrn')) }}</dl>
<h3>{{ L.hi }}</h3><dl>{{ k(L.pay, s('insurance.payer')) }}{{ k(L.mid, s('insurance.member_id')) }}{{ k(L.grp,
s('insurance.group_number')) }}{% if s.has('insurance.secondary.payer') %}{{ k(L.pay2, s('insurance.secondary.payer')) }}{{ k(L.mid2,
s('insurance.secondary.member_id')) }}{% endif %}</dl>
<h3>{{ L.hc }}</h3><dl>{{ k(L.why, s('referral.reason')) }}{% for c, t in s.dx() %}{{ k(L.dx if loop.first else '', t ~ ' / ' ~ c) }}{% endfor %}
{% for c, t in s.cpt() %}{{ k(L.cpt if loop.first else '', c ~ ' ' ~ t) }}{% endfor %}{{ k(L.pmh,
x.history|join(', ')) }}{{ k('Allergies', x.allergy) }}</dl>
<h3>{{ L.hb }}</h3><dl>{{ k(L.by, s('referrer.name')) }}{{ k('NPI', s('referrer.npi')) }}{% if s.has('referrer.direct_address') %}
{{ k(L.da, s('referrer.direct_address')) }}{% endif %}</dl><div style="font:20pt 'Z003';margin:.05in 0 0 2in">{{ x.referrer[0] }} {{ x.referrer[2]
}}</div></div>"""
LABELS = dict(no=["Referral", "Patient"], tel=["Tel", "Ph."], fax=["Fax", "Facsimile"], hr=["Referral", "Order"], date=["Written", "Date of order",
           "Referred on"], to=["Send patient to", "Consulting group"], dr=["Attention", "Consultant"], spec=["Discipline", "Specialty clinic",
           "Type of specialist"],
              serv=["Requesting", "Scope"], urg=["Urgency", "Level of urgency", "Priority"], auth=["Authorization", "Plan auth"], hp=["Patient",
           "Demographics"], name=["Name", "Patient name", "Full name"], dob=["Birthday", "Date of birth", "DOB"], sex=["Sex", "Gender"], addr=["Address",
           "Residence"],
              ph=["Phone", "Contact phone"], lang=["Language", "Speaks"], mrn=["Clinic ID", "Record #"], hi=["Payer", "Insurance on file"], pay=["Insurer",
           "Primary coverage"], mid=["Subscriber no.", "ID #"], grp=["Group", "Group #"], pay2=["Secondary insurer", "Secondary coverage"],
           mid2=["Secondary subscriber no.", "Secondary ID #"],
              hc=["Clinical details", "Indication"], why=["Reason", "Reason for visit", "Concern"], dx=["Diagnosis", "Referring diagnosis"],
           cpt=["Procedure", "CPT requested"], pmh=["Other problems (history)", "Past history codes"], hb=["Ordered by", "Referring clinician"],
           by=["Clinician", "Name / credentials"], da=["Direct", "Direct inbox"])


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c1 = b.case()
    x = c1.x
    c2 = b.case(specialty=c1.values["referral.specialty"], place=(x["city"], x["state"], x["zip"], x["area"]))
    for k in [k for k in c2.values if k.startswith("referrer.") or k == "recipient.organization"]:
        c2.values.pop(k)
    c2.values.update({k: v for k, v in c1.values.items() if k.startswith("referrer.") or k in ("recipient.organization", "referral.date")})
    for k in ("referrer", "cred", "ref_addr", "place", "contact", "rec_phone", "rec_fax", "rec_addr", "rec_npi", "ref_date", "print_date", "visit",
           "spec_shown"):
        c2.x[k] = x[k]
    L = {k: r.choice(v) for k, v in LABELS.items()}
    L.update(blank=r.random() < .5, em=r.random() < .6)
    d1 = b.doc("referral", c1)
    d1.page("cover", COVER, legal=r.choice(LEGAL))
    d1.page("referral", REF, L=L, n=1)
    d2 = b.doc("referral", c2)
    d2.style = dict(d1.style)
    d2.page("referral", REF, L=L, n=2)
