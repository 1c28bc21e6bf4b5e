"""Emergency department's referral of a discharged patient to a clinic: arrival, triage level, ED course, how soon to be seen."""
import world

CSS = """
.page{padding:.4in .6in} .hd{border:1px solid #000;display:grid;grid-template-columns:1.2fr 1fr} .hd>div{padding:6px 10px}
.hd>div+div{border-left:1px solid #000}
h1{font-size:1.4em;margin:.12in 0 .03in;text-align:center} .al{text-align:center;font-weight:bold;border:2.5px solid
#000;padding:4px;margin-bottom:.08in}
.r{display:flex;border-bottom:.6px solid #777;padding:2.2px 0} .r>i{font-style:normal;width:1.95in;flex:none} .r>span{flex:1;min-width:0}
h2{font-size:1.05em;margin:.13in 0 0;border-bottom:2px solid #000}
"""
FACES = ["body{font:10.4pt/1.3 'Liberation Sans'} h1,h2{font-family:'Liberation Mono'}", "body{font:9.4pt/1.3 'DejaVu Sans Mono'}",
       "body{font:10.6pt/1.25 Roboto} .r>i{font-family:'Roboto Condensed'}",
         "body{font:11pt/1.22 'Nimbus Roman'} .r>i{font-weight:bold}"]
T = """{% macro k(lab, v='') %}<div class=r><i>{{ lab }}</i><span>{{ v }}</span></div>{% endmacro %}
<div class=hd><div><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr.split(',')[0] }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{
pick(['ED', 'ED main', 'Emergency Dept.']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %}<br>{{ pick(['ED fax',
'Fax']) }} {{ s('referrer.fax') }}{% endif %}</div><div>{{ pick(['Pt:', 'Patient', 'Name:']) }} <b>{{ s('patient.name', 'LAST') }}</b><br>{{
pick(['DOB:', 'D.O.B.']) }} {{ s('patient.birth_date') }} &nbsp; {{ x.age }} y {{ s('patient.sex', 'letter') }}<br>
{{ pick(['MR#:', 'MRN:', 'Med Rec:']) }} {{ s('patient.mrn') }}<br>{{ pick(['Visit #:', 'FIN:', 'Acct:']) }} {{ x.acct }}</div></div>
<h1>{{ pick(['EMERGENCY DEPARTMENT FOLLOW-UP REFERRAL', 'ED Discharge Referral', 'REFERRAL FROM THE EMERGENCY DEPARTMENT']) }}</h1>
{% if when %}<div class=al>{{ when }}</div>{% endif %}<h2>{{ pick(['FOLLOW-UP NEEDED', 'Follow up with']) }}</h2>{{ k(pick(['Service',
'Clinic / specialty', 'Follow-up service']), s('referral.specialty')) }}{{ k(pick(['Group on call', 'Practice', 'Location']),
s('recipient.organization')) }}{{ k(pick(['On-call physician', 'Discussed with', 'Provider']), s('recipient.name')) }}{{ k('Clinic phone / fax',
s.ph(x.rec_phone) ~ ' / ' ~ s.ph(x.rec_fax)) }}{{ k(pick(['Requested', 'Clinic to']), s('referral.service')) }}
{% if s.has('referral.procedures') %}{{ k(pick(['Test / procedure', 'Needs']), procs) }}{% endif %}
<h2>{{ pick(['ED VISIT', 'This visit']) }}</h2>{{ k('Arrived', s.d(x.ref_date) ~ ' ' ~ arrived) }}{{ k(pick(['Referral placed', 'Referral date',
'Date referred']), s('referral.date')) }}{{ k('ESI / triage level', pick(['3 - Urgent', '3', '4 - Less urgent', '2 - Emergent'])) }}{{
k(pick(['Chief complaint', 'Reason for referral',
'Problem to be followed']), s('referral.reason')) }}{{ k(pick(['ED diagnosis', 'Final impression', 'Discharge diagnosis']), dxs) }}{{
k('Vitals at discharge', 'BP ' ~ x.bp ~ '  HR ' ~ x.hr ~ '  T ' ~ x.temp ~ '  SpO2 ' ~ x.spo2 ~ '% RA') }}{{ k('ED course', course) }}
{{ k('Past history', x.history|join(', ')) }}{{ k('Condition / disposition', pick(['Stable, home', 'Improved, discharged to home',
'Good, home with family'])) }}
<h2>{{ pick(['CONTACT AND COVERAGE', 'How to reach patient']) }}</h2>{{ k(pick(['Verified phone', 'Call back number for pt', 'Pt phone']),
s('patient.phone')) }}{{ k(pick(['Address', 'Home']), s.addr()) }}{{ k('Language', s('patient.language')) }}{{ k(pick(['Notify', 'ICE contact']),
x.emerg ~ ' '
~ s.ph(x.emerg_phone)) }}{{ k(pick(['Payor', 'Financial class', 'Coverage']), s('insurance.payer')) }}{{ k(pick(['Policy', 'Cert / ID no.',
'Ins. ID']), s('insurance.member_id')) }}{% if s.has('insurance.group_number') %}{{ k('Group', s('insurance.group_number')) }}{% endif %}
{% if s.has('insurance.secondary.payer') %}{{ k(pick(['Payor 2', 'Secondary']), s('insurance.secondary.payer')) }}{{ k(pick(['Policy 2',
'Secondary ID']), s('insurance.secondary.member_id')) }}{% endif %}{% if s.has('referral.authorization_number') %}{{ k('Authorization',
s('referral.authorization_number')) }}{% endif %}{{ k(pick(['PCP', 'PCP of record']), pick(['None', pcp ~ ', MD (not notified)', pcp ~
', NP'])) }}
<h2>{{ pick(['ED PROVIDER', 'Referring']) }}</h2>{{ k(pick(['ED physician', 'Treating provider', 'Attending']), s('referrer.name')) }}{{ k('NPI',
s('referrer.npi')) }}{{ k('Electronically signed', s.d(x.ref_date) ~ ' ' ~ signed ~ ', scribe ' ~ x.contact) }}"""
WHEN = {"urgent": ["URGENT: see within 48 hours", "URGENT FOLLOW-UP: 2-3 DAYS"], "stat": ["STAT: same-day visit, patient is on the way",
       "STAT - must be seen today"], "routine": ["Routine follow-up, 1-2 weeks", "ROUTINE"]}


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty=r.choice(["Cardiology", "Neurology", "Orthopedic Surgery", "Urology", "Ophthalmology", "General Surgery",
           "Otolaryngology", "Gastroenterology", "Pulmonology"]))
    v, x = c.values, c.x
    v["referral.urgency"] = r.choice(["urgent", "urgent", "urgent", "stat", "routine"])
    v["referrer.organization"] = r.choice(["{} Regional Hospital Emergency Department", "{} Memorial Hospital - Emergency",
           "{} General Emergency Department"]).format(x["place"])
    if v["referral.service"] == "transfer_of_care":
        v["referral.service"] = "evaluate_and_treat"
    d = b.doc("referral", c)
    d.drop("referrer.direct_address")
    d._reg("referral.urgency")
    p = world.person(r)
    d.page("referral", T, when=r.choice(WHEN[v["referral.urgency"]]), arrived=f"{r.randint(10, 15)}:{r.randint(10, 59)}",
           signed=f"{r.randint(19, 23)}:{r.randint(10, 59)}", pcp=f"{p[0]} {p[2]}",
           course=r.choice(["CT and labs reviewed, pain controlled, return precautions given.",
           "Labs unremarkable. One liter of saline. Tolerating fluids.", "Observed four hours without change. ECG normal."]),
                  procs=Markup("<br>").join(f"{k} {t}" for k, t in d.cpt()) if d.has("referral.procedures") else "",
           dxs=Markup("<br>").join(Markup("%s  (%s)") % (t, k) for k, t in d.dx()))
