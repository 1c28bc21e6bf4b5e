"""Old printed form filled in on a typewriter over ruled lines; choices are circled by hand."""
CSS = """
body{font:10pt 'Nimbus Roman'} .page{padding:.6in .7in} .ln{display:flex;align-items:flex-end;gap:6px;margin-top:.1in} .ln i{font-style:normal;
white-space:nowrap;font-size:9.6pt} .u{flex:1;border-bottom:1px solid #000;min-height:.21in;padding-left:5px;line-height:1.05}
.u,.ty{font-family:'Courier Prime';font-size:11pt;text-transform:uppercase} .u .v,.ty .v{position:relative} h1{text-align:center;font-size:15pt;
letter-spacing:1px;margin:0} .sub{text-align:center;font-size:9pt;margin:2px 0 .1in} hr{border:0;border-top:2px solid #000;margin:.13in 0 0}
.rule{border-bottom:1px solid #000;min-height:.25in;font:11pt/1.1 'Courier Prime';text-transform:uppercase;padding:.05in 5px 0} .opt{margin-right:.09in}
.circ,.uncirc{padding:0 6px}
"""
FACES = ["", "body{font-family:'Nimbus Sans';font-size:9.4pt}", "body{font-family:'URW Bookman';font-size:9pt} .ln i{font-size:8.8pt}",
           ".u,.rule,.ty{font-family:'Nimbus Mono PS';font-size:10.6pt;font-weight:bold}"]
MAC = """{% macro f(lab, v='', w=1) %}<i>{{ lab }}</i><div class=u style="flex:{{ w }}">{{ v }}</div>{% endmacro %}{% macro ch(lab, o) %}<i>{{ lab }}</i>
<div style="{{ 'line-height:1.7' if o|length > 330 else 'white-space:nowrap' }}">{{ o }}</div>{% endmacro %}"""
TOP = """<h1>{{ pick(['REFERRAL SLIP', 'PATIENT REFERRAL', 'REQUEST FOR CONSULTATION']) }}</h1>
<div class=sub>{{ pick(['(Type or print; circle where choices are given)', 'Circle one where choices appear',
'Please circle the choices that apply']) }}</div>
<div class=ln>{{ f('Date', s('referral.date')) }}{{ ch(pick(['Circle:', 'Priority:', 'When:']),
s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'STAT')], 'circle')) }}</div>
<div class=ln>{{ f(pick(['To Dr.', 'Doctor requested']), s('recipient.name', 'last'), 2) }}{{ f(pick(['Dept. / Specialty',
'Branch of medicine', 'Specialty']), s('referral.specialty'), 2) }}</div>
<div class=ln>{{ f(pick(['At (clinic)', 'Clinic or hospital']), s('recipient.organization')) }}</div>
<div class=ln>{{ ch(pick(['You are asked to:', 'Purpose:']), s.boxes('referral.service', serv, 'circle')) }}</div><hr>"""
PAT = """<div class=ln>{{ f(pick(["Patient", "Patient's name", "Re: patient"]), s('patient.name'),
3) }}{{ ch(pick(['Sex', 'Circle']), s.boxes('patient.sex', [('male', 'M'), ('female', 'F')], 'circle')) }}</div>
<div class=ln>{{ f(pick(['Born', 'Birth date', 'Date born']), s('patient.birth_date')) }}{{ f('Age',
x.age, 0.35) }}{{ f(pick(['Tel.', 'Telephone']), s('patient.phone')) }}</div>
<div class=ln>{{ f(pick(['Address', 'Lives at']), s('patient.address.line')) }}</div><div class=ln>{{ f('City',
s('patient.address.city'), 2) }}{{ f('State', s('patient.address.state'), 0.5) }}{{ f('Zip', s('patient.address.postal_code'), 0.9) }}</div>
<div class=ln>{{ f(pick(['Nearest relative', 'Person to notify']), x.emerg) }}{{ f('Tel.', s.ph(x.emerg_phone)) }}</div>
<div class=ln>{{ f(pick(['Our file no.', 'Chart no.']), s('patient.mrn')) }}{{ ch(pick(['Interpreter',
'Needs interpreter']), 'Yes &nbsp; No'|safe) }}{{ f('Language', s('patient.language')) }}</div><hr>"""
INS = """<div class=ln>{{ f(pick(['Insured with', 'Insurance co.', 'Hospitalization plan']), s('insurance.payer')) }}</div>
<div class=ln>{{ f(pick(['Certificate no.', 'Identification no.', 'Policy no.']), s('insurance.member_id')) }}{{ f(pick(['Group no.',
'Group']), s('insurance.group_number')) }}</div>
<div class=ln>{{ f(pick(['Also insured with', 'Second insurance']), s('insurance.secondary.payer')) }}{{ f('No.',
s('insurance.secondary.member_id'), 0.8) }}</div><div class=ln>{{ f(pick(['Approval no. from plan',
'Plan authorization no.']), s('referral.authorization_number')) }}{{ f('Name of insured', hold) }}</div><hr>"""
CLI = """<div class=ln style="display:block"><i>{{ pick(['Findings and reason for sending patient:',
'Problem for which advice is sought:', 'Complaint and question:']) }}</i></div><div class=rule>{{ s('referral.reason') }}</div>
{% for c, t in s.dx() %}<div class=ln>{{ f(pick(['Diagnosis', 'Impression']), t, 3) }}{{ f('Code', c, 0.9) }}</div>{% endfor %}{% for c, t in s.cpt() %}
<div class=ln>{{ f(pick(['Procedure desired', 'Test desired']), t, 3) }}{{ f('CPT', c, 0.9) }}</div>{% endfor %}
<div class=ln>{{ f('X-rays / laboratory enclosed', pick(['none', 'cbc, cmp', 'see attached'])) }}{{ f('Allergies', x.allergy) }}</div><hr>"""
BY = """<div class=ln>{{ f(pick(['Referred by', 'Sent by']), s('referrer.name'), 2) }}{{ f('NPI', s('referrer.npi'), 1) }}</div>
<div class=ln>{{ f(pick(['Of (practice)', 'Office']), s('referrer.organization')) }}</div>
<div class=ln>{{ f(pick(['Office tel.', 'Our telephone']), s('referrer.phone')) }}{{ f(pick(['Office fax', 'Our fax']), s('referrer.fax')) }}</div>
<div class=ln><i>Signed</i><div class=u style="font:21pt 'Z003';text-transform:none">{{ x.referrer[0][0] }}. {{ x.referrer[2] }}</div>{{ f('Appt. given',
'', 0.6) }}</div>"""


def build(b):
    r = b.rng
    k, ang = r.choice([-2, -1, 1, 2]), r.choice([-.25, -.1, 0.15, 0.3])
    b.css = CSS + r.choice(FACES) + f".u .v{{top:{k}px}} .u,.rule{{transform:rotate({ang * .2:.2f}deg)}}"
    b.css += f".circ{{transform:rotate({r.randint(-5, 5)}deg);display:inline-block;border-width:1.6px}}"
    c = b.case()
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    d.style.update(phone=r.choice(["{a}-{x}-{n}", "({a}) {x}-{n}", "{a}/{x}-{n}"]), date=r.choice(["%-m/%-d/%Y", "%-m-%-d-%y", "%b %-d, %Y", "%-d %b %Y",
           "%m/%d/%Y"]), refname=r.choice(["first", "last"]))
    serv = [("consult", r.choice(["Consult", "Advise only"])), ("evaluate_and_treat", "Evaluate & treat"), ("procedure", r.choice(["Operate / procedure",
           "Do procedure"])), ("diagnostic", r.choice(["Test", "Diagnostic test"])), ("second_opinion", "2nd opinion"), ("transfer_of_care",
           "Take over care")]
    parts = r.choice([[TOP, PAT, INS, CLI, BY], [TOP, PAT, CLI, INS, BY]])
    d.page("referral", MAC + "".join(parts), serv=serv, hold=r.choice(["", "self"]) if c.x["age"] > 20 else c.x["emerg"])
