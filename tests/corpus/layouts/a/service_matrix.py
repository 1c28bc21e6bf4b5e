"""Hospital outpatient centre's form: a matrix of services to tick, priority and sex as boxes, footer with where to fax."""
SPECS = ["Cardiology", "Gastroenterology", "Orthopedic Surgery", "Neurology", "Dermatology", "Endocrinology", "Pulmonology", "Rheumatology", "Nephrology",
         "Urology", "Otolaryngology", "Ophthalmology", "Behavioral Health", "Pain Medicine", "General Surgery", "Gynecology"]
CSS = """body{font:9.6pt 'Roboto'} .hd{display:flex;justify-content:space-between;border-bottom:4px solid #000;padding-bottom:4px} .hd b{font-size:15pt} .m{display:grid;grid-template-columns:repeat(4,1fr);gap:4px 6px;border:1px solid #000;padding:6px}
.f{display:flex;gap:.15in;margin:.085in 0} .f div{white-space:nowrap} .f u{text-decoration:none;border-bottom:1px dotted #000;padding:0 .08in} h4{margin:.14in 0 .03in;font-size:10.5pt;text-transform:uppercase} i{font-style:normal;font-weight:bold}"""
T = """
<div class=hd><b>{{ s('recipient.organization') }}</b><div style="text-align:right">Outpatient Referral Form<br>Central scheduling {{ s.ph(x.rec_phone) }} &nbsp; Fax referrals to {{ s.ph(x.rec_fax) }}</div></div>
<div class=f><div><i>Referral date</i> <u>{{ s('referral.date') }}</u></div><div><i>{{ pick(['Priority','Urgency of visit']) }}</i> {{ s.boxes('referral.urgency', [('routine','Routine'),('urgent','Urgent (1 week)'),('stat','STAT (call us)')]) }}</div></div>
<h4>{{ pick(['Patient information','Patient demographics']) }}</h4>
<div class=f><div><i>Last name</i> <u>{{ last }}</u></div><div><i>First name</i> <u>{{ first }}</u></div>{% if mid %}<div><i>Middle</i> <u>{{ mid }}</u></div>{% endif %}<div><i>DOB</i> <u>{{ s('patient.birth_date') }}</u></div></div>
<div class=f><div><i>Sex</i> {{ s.boxes('patient.sex', [('female','Female'),('male','Male'),('other','Other')]) }}</div><div><i>Phone (home/cell)</i> <u>{{ s('patient.phone') }}</u></div><div><i>MRN</i> <u>{{ s('patient.mrn') }}</u></div></div>
<div class=f><div><i>Address</i> <u>{{ s('patient.address.line') }}</u></div><div><i>City/State/Zip</i> <u>{{ s.csz() }}</u></div></div>
<div class=f><div><i>Insurance</i> <u>{{ s('insurance.payer') }}</u></div><div><i>ID #</i> <u>{{ s('insurance.member_id') }}</u></div><div><i>Group #</i> <u>{{ s('insurance.group_number') }}</u></div></div>
<div class=f><div><i>Interpreter</i> {{ s.box(inter) }} Yes {{ s.box(not inter) }} No</div><div><i>Language</i> <u>{{ s('patient.language') }}</u></div><div><i>Authorization #</i> <u>{{ s('referral.authorization_number') }}</u></div></div>
<h4>Service requested <span style="font-weight:normal;text-transform:none">(check one)</span></h4><div class=m>{{ matrix }}</div>
<div class=f><div><i>Visit type</i> {{ s.boxes('referral.service', [('consult','Consult only'),('evaluate_and_treat','Evaluate and treat'),('procedure','Procedure'),('second_opinion','Second opinion'),('transfer_of_care','Transfer of care'),('diagnostic','Diagnostic test')]) }}</div></div>
<h4>Clinical information</h4>
<div style="margin:.05in 0"><i>Diagnosis (ICD-10 and description)</i><br>{% for c,t in s.dx() %}{{ c }} &nbsp; {{ t }}<br>{% endfor %}</div>
<div style="margin:.05in 0"><i>{{ pick(['Reason for referral / symptoms','Clinical question']) }}</i><br>{{ s('referral.reason') }}</div>
<div style="margin:.05in 0"><i>Please send with this form:</i> {{ s.box(True) }} Office notes {{ s.box(False) }} Imaging {{ s.box(True) }} Labs {{ s.box(False) }} Insurance card</div>
<h4>Referring provider</h4>
<div class=f><div><i>Name</i> <u>{{ s('referrer.name','cred') }}</u></div><div><i>NPI</i> <u>{{ s('referrer.npi') }}</u></div><div><i>Clinic</i> <u>{{ s('referrer.organization') }}</u></div></div>
<div class=f><div><i>Phone</i> <u>{{ s('referrer.phone') }}</u></div><div><i>Fax for reports</i> <u>{{ s('referrer.fax') }}</u></div><div><i>Office contact</i> <u>{{ x.contact }}</u></div></div>
<div class=f><div><i>PCP (if different)</i> <u>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</u></div><div><i>Provider signature</i> <u>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</u></div></div>
"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Liberation Sans Narrow';font-size:10.5pt}", "body{font-family:'Nimbus Sans';font-size:9.2pt}"])
    c = b.case(specialty=r.choice(SPECS[:13]))
    d = b.doc("referral", c)
    d.drop("referrer.direct_address", "recipient.name", "referral.procedures", "insurance.secondary.payer", "insurance.secondary.member_id")
    d.style["cb"] = r.choice(["sq", "sqv", "br", "uni"])
    d._reg("referral.specialty")
    d._reg("patient.name")
    g, m, f = c.x["patient"]
    matrix = Markup("").join(Markup("<div>%s %s</div>") % (d.box(n == c.values["referral.specialty"]), n) for n in SPECS)
    d.page("referral", T, matrix=matrix, first=g, mid=m, last=f, inter=c.values.get("patient.language", "English") != "English")
