"""Landscape sheet from a practice-management system: bands of table rows with several columns each."""
import world

CSS = """
body{font:9.4pt/1.25 'Roboto Condensed'} .page.land{padding:.4in .5in} .ttl{display:flex;justify-content:space-between;align-items:flex-end;
margin-bottom:5px} .ttl b{font-size:14pt} table{border-collapse:collapse;width:100%;margin-bottom:.095in;table-layout:auto}
caption{text-align:left;font-weight:bold;font-size:9pt;padding:2px 4px;border:1px solid #000;border-bottom:0;background:#cfcfcf}
th,td{border:1px solid #000;text-align:left;vertical-align:top;padding:2.5px 5px} th{font-size:8pt;font-weight:bold;background:#f0f0f0} td{font-size:9.8pt}
"""
FACES = ["", "body,td{font-family:'Liberation Sans Narrow'}",
           "body{font-family:'DejaVu Sans'} td{font-size:8.4pt;font-family:'DejaVu Sans'} th,caption{font-size:7.4pt}",
           "body,td{font-family:'Linux Biolinum O'}", "th,td{border-width:0 0 1px 0} caption{border:0;background:#000;color:#fff}"]
HEAD = """<div class=ttl><div><b>{{ pick(['Outgoing Referral Detail', 'Referral Transmittal Record', 'Referral Summary Sheet']) }}</b></div>
<div style="font-size:8.3pt">Record {{ rec }} &nbsp; Run {{ s.d(x.print_date, '%m/%d/%Y') }} &nbsp; User {{ x.contact.split()[0]|upper }}</div></div>"""
REQ = """<table><caption>{{ pick(['Referral', 'Request']) }}</caption><tr><th>{{ pick(['Created', 'Ref. date']) }}
<th>{{ pick(['Ref. specialty', 'Specialty needed', 'Specialty']) }}<th>{{ pick(['Service', 'Service class']) }}<th>{{ pick(['Urgency', 'Pri.']) }}
<th>{{ pick(['Auth no.', 'Carrier auth']) }}<th>Visits<th>Start<th>End<th>Status</tr>
<tr><td>{{ s('referral.date') }}<td>{{ s('referral.specialty') }}<td>{{ s('referral.service') }}<td>{{ s('referral.urgency') }}
<td>{{ s('referral.authorization_number') }}<td>{{ pick([1, 2, 4, 12]) }}<td><td><td>{{ pick(['Open', 'Sent', 'Pending appt']) }}</tr></table>"""
PAT = """<table><caption>{{ pick(['Patient', 'Patient record']) }}</caption><tr><th>{{ pick(['Patient (Last, First)',
'Patient']) if s.style.name in ('last', 'LAST') else 'Patient' }}<th>{{ pick(['Birth date', 'DOB']) }}<th>{{ pick(['Sex', 'Gender']) }}
<th>{{ pick(['Chart', 'Pt. no.', 'MRN']) }}<th>{{ pick(['Tel.', 'Home tel.', 'Phone 1']) }}<th>{{ pick(['Lang.', 'Language']) }}<th>Address<th>City<th>St
<th>Zip</tr>
<tr><td>{{ s('patient.name') }}<td>{{ s('patient.birth_date') }}<td>{{ s('patient.sex') }}<td>{{ s('patient.mrn') }}<td>{{ s('patient.phone') }}
<td>{{ s('patient.language') }}<td>{{ s('patient.address.line') }}<td>{{ s('patient.address.city') }}<td>{{ s('patient.address.state') }}
<td>{{ s('patient.address.postal_code') }}</tr></table>"""
INS = """<table><caption>{{ pick(['Insurance', 'Responsible parties']) }}</caption><tr><th>{{ pick(['Rank', 'Order']) }}
<th>{{ pick(['Company', 'Carrier name', 'Plan']) }}<th>{{ pick(['Policy ID', 'ID', 'Insured ID']) }}<th>{{ pick(['Group', 'Group no.']) }}
<th>{{ pick(['Insured', 'Subscriber']) }}<th>Rel.<th>Carrier phone</tr>
<tr><td>{{ rank[0] }}<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{ s('insurance.group_number') }}<td>{{ sub }}<td>{{ rel }}
<td>{{ s.ph(inst) }}</tr>
{% if s.has('insurance.secondary.payer') %}<tr><td>{{ rank[1] }}<td>{{ s('insurance.secondary.payer') }}<td>{{ s('insurance.secondary.member_id') }}<td>
<td>{{ sub }}<td>{{ rel }}<td></tr>{% else %}<tr><td>{{ rank[1] }}<td>{{ pick(['none', '', '-']) }}<td><td><td><td><td></tr>{% endif %}</table>"""
PRO = """<table><caption>{{ pick(['Providers', 'Provider cross reference']) }}</caption><tr><th>{{ pick(['Role', 'Provider type']) }}<th>Name<th>NPI
<th>{{ pick(['Practice', 'Group / location']) }}<th>Phone<th>Fax<th>Direct address</tr>{% for p in pros %}<tr>
{% if p == 'ref' %}<td>{{ pick(['Referring', 'Referred by', 'Referred from']) }}<td>{{ s('referrer.name') }}<td>{{ s('referrer.npi') }}
<td>{{ s('referrer.organization') }}<td>{{ s('referrer.phone') }}<td>{{ s('referrer.fax') }}<td>{{ s('referrer.direct_address') }}
{% elif p == 'rec' %}<td>{{ pick(['Referred to', 'Refer-to']) }}<td>{{ s('recipient.name') }}<td>{{ x.rec_npi }}<td>{{ s('recipient.organization') }}
<td>{{ s.ph(x.rec_phone) }}<td>{{ s.ph(x.rec_fax) }}<td>
{% else %}<td>{{ pick(['PCP of record', 'Primary care']) }}<td>{{ pcp.name }}<td>{{ pcp.npi }}<td>{{ pcp.org }}<td>{{ s.ph(pcp.tel) }}
<td>{{ s.ph(pcp.fax) }}<td>{% endif %}</tr>{% endfor %}</table>"""
DX = """<table><caption>{{ pick(['Diagnosis / procedure lines', 'Coding']) }}</caption><tr><th>Ln<th>Type<th>Code<th>Description<th>Qty
</tr>{% for c, t in s.dx() %}<tr><td>{{ loop.index }}<td>ICD-10<td>{{ c }}<td>{{ t }}<td></tr>{% endfor %}{% for c, t in s.cpt() %}<tr><td>{{ loop.index }}
<td>CPT<td>{{ c }}<td>{{ t }}<td>1</tr>{% endfor %}</table>
<table><tr><th style="width:1.5in">{{ pick(['Referral reason', 'Reason text', 'Notes to specialist']) }}<td>{{ s('referral.reason') }}</tr><tr><th>Office
comment<td>{{ pick(['Patient prefers mornings.', 'Notes sent separately.', '']) }}</tr></table>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    x = c.x
    d.style["phone"] = r.choice(["{a}-{x}-{n}", "({a}) {x}-{n}", "{a}{x}{n}", "{a}.{x}.{n}"])
    p = world.person(r)
    pcp = dict(name=f"{p[0]} {p[2]}, MD", npi=world.npi(r), org=r.choice(["Corner Street Clinic", "Valley Primary Care", "Dr. %s private practice" % p[2]]),
           tel=world.phone(r, x["area"]), fax=world.phone(r, x["area"]))
    own = x["age"] > 20 and r.random() < .7 or "edic" in c.values["insurance.payer"]
    parts = [REQ, PAT, INS, PRO, DX]
    if r.random() < .5:
        parts = [PAT, INS, REQ, DX, PRO]
    pros = r.choice([["ref", "rec", "pcp"], ["pcp", "ref", "rec"], ["rec", "ref"]])
    d.page("referral", HEAD + "".join(parts), land=True, rec=r.randint(10000, 99999), rank=r.choice([("1", "2"), ("Prim", "Sec"), ("P", "S")]),
           sub="Patient" if own else x["emerg"],
           rel="Self" if own else r.choice(["Spouse"] if x["age"] > 25 else ["Child"]), inst="+1800" + world.digits(r, 7), pcp=pcp, pros=pros)
