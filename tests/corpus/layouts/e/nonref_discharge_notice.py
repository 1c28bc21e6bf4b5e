"""Hospital's notice to the primary care office that its patient went home: stay, diagnoses, medicines, visits already booked."""
import datetime as dt

import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.55in .7in} .hd{text-align:center;border:2px solid #000;border-width:2px 0;padding:5px} .hd b{font-size:1.45em}
.r{display:grid;grid-template-columns:1.75in 1fr;margin-top:4px;line-height:1.35} .r b{font-weight:var(--w)}
h2{font-size:1.05em;margin:.15in 0 .02in;text-decoration:var(--d)} p{margin:.06in 0;line-height:1.4}
table{border-collapse:collapse;width:100%} td,th{text-align:left;border:1px solid #777;padding:3px 6px}
"""
FACES = ["body{font:10.4pt 'Liberation Sans';--w:bold;--d:none}", "body{font:11pt 'Liberation Serif';--w:normal;--d:underline}",
         "body{font:10.4pt Lato;--w:normal;--d:none} h2{background:#ddd;padding:2px 5px}"]
T = """{% macro k(lab, v='') %}<div class=r><b>{{ lab }}</b><span>{{ v }}</span></div>{% endmacro %}
<div class=hd><b>{{ hospital }}</b><br>{{ title }}</div><p>{{ s.d(sent) }} &emsp; {{ pick(['To:', 'PCP:', 'Copy to primary care:']) }} {{
s('referrer.name') }}, {{ s('referrer.organization') }}, fax {{ s('referrer.fax') }}</p>
<p>{{ pick(['This notice is for your information. No action is needed unless stated below.',
'Your patient had a recent hospital encounter. Please update your records.',
'FYI - event notification sent under your practice agreement.']) }}</p>
<h2>{{ pick(['Patient', 'Patient information']) }}</h2>{{ k('Name', s('patient.name')) }}{{ k('Date of birth', s('patient.birth_date')) }}{{
k('Sex', s('patient.sex')) }}{{ k('Phone', s('patient.phone')) }}{{ k('Address', s.addr()) }}{{ k('Hospital MRN', s('patient.mrn')) }}{{
k('Insurance',
s('insurance.payer') ~ (', ' ~ s('insurance.member_id') if s.has('insurance.member_id') else '')) }}
<h2>{{ pick(['Encounter', 'Hospital stay']) }}</h2>{{ k('Class', pick(['Inpatient', 'Observation', 'Emergency'])) }}{{ k('Admitted',
s.d(inn) ~ ' 14:2' ~ pick([1, 5, 9])) }}{{ k('Discharged', s.d(out) ~ ' 11:4' ~ pick([0, 4, 8])) }}{{ k('Disposition',
pick(['Home with self care', 'Home with home health',
'Skilled nursing facility'])) }}{{ k('Attending', attending) }}{{ k('Consultants', s('referral.specialty') ~ ' - ' ~ consult) }}{{
k('Discharge diagnoses', dxs()) }}{{ k('Reason for admission', s('referral.reason')) }}
<h2>{{ pick(['Medicines at discharge', 'Discharge medications']) }}</h2><table><tr><th>Medicine<th>Change</tr>{% for m in x.meds
%}<tr><td>{{ m }}<td>{{ pick(['continue', 'new', 'dose changed']) }}</tr>{% endfor %}</table>
<h2>{{ pick(['Follow-up already arranged', 'Appointments made before discharge']) }}</h2><table><tr><th>With<th>When<th>Phone</tr><tr><td>{{
s('referral.specialty') }}, {{ consult }}<td>{{ s.d(visit) }} {{ pick(['9:20 AM', '2:40 PM']) }}<td>{{ s.ph(x.rec_phone)
}}</tr><tr><td>Primary care<td>{{
pick(['within 7 days - patient will call', 'within 14 days']) }}<td>{{ s('referrer.phone') }}</tr></table>
<p>Allergies: {{ x.allergy }}. Results pending at discharge: {{ pick(['none', 'blood culture, final', 'pathology']) }}.</p><p
style="font-size:.85em;margin-top:.15in">{{ pick(['Sent automatically by the hospital; do not reply to this fax.',
'Questions: Health Information Management']) }} {{ s.ph(x.rec_fax)
}}. {{ pick(['Confidential.', 'Full discharge summary to follow when signed.']) }}</p>"""
TITLES = ["Discharge Notification", "ADT Event Notice: DISCHARGE", "Transition of Care Notice to Primary Care", "PATIENT DISCHARGE ALERT"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False, specialty=r.choice(["Cardiology", "Pulmonology", "Gastroenterology", "Nephrology", "Neurology",
                                               "General Surgery"]))
    d, x = b.doc("other", c), c.x
    p, q = world.person(r), world.person(r)
    out = x["ref_date"]
    d.page("other", T, hospital=r.choice(["{} Regional Hospital", "St. Brendan Hospital of {}",
                                          "{} Memorial Medical Center"]).format(x["city"]), title=r.choice(TITLES), out=out,
                                          inn=out - dt.timedelta(days=r.randint(1, 8)),
           sent=out + dt.timedelta(days=r.randint(0, 2)), attending=f"{p[0]} {p[2]}, MD", consult=f"Dr. {q[0]} {q[2]}",
           visit=out + dt.timedelta(days=r.randint(6, 20)),
           dxs=lambda: "; ".join(f"{t} ({k})" for k, t in d.dx()))
