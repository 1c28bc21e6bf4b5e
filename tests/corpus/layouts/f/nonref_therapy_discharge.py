"""Physical therapy clinic's discharge summary to the physician who had sent the patient: visits, goals, measures before and after."""
import datetime as dt

import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.55in .65in} .hd{text-align:center;border-bottom:2px solid #000;padding-bottom:6px;line-height:1.3} .hd b{font-size:1.5em}
h1{font-size:1.2em;margin:.13in 0 .08in;text-align:var(--al)}
.g{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in;row-gap:3px} .g b,p b{font-weight:var(--w)}
table{border-collapse:collapse;width:100%;margin:.1in 0} td,th{border:1px solid #000;padding:3px 7px;text-align:left} p{margin:.08in
0;line-height:1.4}
"""
FACES = ["body{font:10.2pt/1.3 'Liberation Sans';--al:center;--w:bold}", "body{font:11pt/1.3 'Liberation Serif';--al:left;--w:bold}",
         "body{font:10pt/1.3 Lato;--al:left;--w:normal}"]
T = """<div class=hd><b>{{ clinic }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; Ph {{ s.ph(x.rec_phone) }}
&nbsp; Fx {{ s.ph(x.rec_fax) }}</div><h1>{{ pick(['PHYSICAL THERAPY DISCHARGE SUMMARY', 'Therapy Discharge Note',
'Discharge Summary - Outpatient PT']) }}</h1><div class=g><span><b>Patient:</b> {{ s('patient.name') }}</span><span><b>Referring
physician:</b> {{ s('referrer.name') }}</span><span><b>DOB:</b> {{ s('patient.birth_date') }}</span><span><b>Practice:</b> {{
s('referrer.organization') }}</span><span><b>Record #:</b> {{ s('patient.mrn') }}</span><span><b>Fax to:</b> {{ s('referrer.fax')
}}</span><span><b>Payer:</b> {{ s('insurance.payer') }}</span><span><b>Start of care:</b> {{ s.d(start)
}}</span><span><b>Treatment diagnosis:</b> {{ s('referral.diagnoses') }}</span><span><b>Date of discharge:</b> {{ s.d(x.ref_date)
}}</span><span><b>Visits:</b> {{ seen }} attended, {{ missed }} cancelled / no show</span><span><b>Authorized visits:</b>
{{ seen + missed + 1 }}</span></div>
<p><b>Subjective:</b> {{ pick(['Patient reports return to usual activity and is comfortable with the home program.', 'Reports 80 percent
improvement; stairs remain slow.', 'Pain now intermittent, sleeps through the night.']) }} Pain {{ p0 }}/10
at evaluation, {{ p1 }}/10 today.</p><table><tr><th>{{ pick(['Measure', 'Test']) }}<th>Initial<th>Discharge<th>Goal</tr>{% for m, a, z, g in
rows %}<tr><td>{{ m }}<td>{{ a }}<td>{{ z }}<td>{{ g }}</tr>{% endfor %}</table>
<p><b>Treatment provided:</b> {{ pick(['therapeutic exercise, manual therapy, neuromuscular re-education, gait training, modalities as
needed', 'joint mobilization, strengthening, balance work and instruction in a home program']) }}.</p>
<p><b>Goals:</b> Short-term goals met {{ pick(['4 of 4', '3 of 3']) }}. Long-term goals met {{ pick(['3 of 4', '2 of 3', '3 of 3'])
}}.</p><p><b>Reason for discharge:</b> {{ pick(['Goals met', 'Maximum benefit reached', 'Plan of care completed',
'Patient did not return after last visit']) }}.</p><p><b>Recommendations:</b> {{ pick(['Continue home exercise program. Follow up with
physician as scheduled.', 'A new prescription is needed should therapy be resumed.']) }} Thank you for this referral.</p>
<p style="margin-top:.3in">{{ who }}, PT, DPT &nbsp; Lic. {{ lic }} &nbsp; {{ s.d(x.ref_date) }}</p><p>{{ pick(['No signature required. For
your records.', 'Physician: please file. No reply is needed.']) }}</p>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Physical Therapy")
    d, x = b.doc("consult_note", c), c.x
    p = world.person(r)
    rows = [("Lower extremity functional scale", f"{r.randint(22, 40)}/80", f"{r.randint(55, 76)}/80", "60/80"),
            ("AROM, limiting plane", f"{r.randint(60, 90)} deg", f"{r.randint(105, 130)} deg", "120 deg"),
            ("Strength", "3+/5", r.choice(["4/5", "4+/5", "5/5"]), "4+/5"), ("Timed up and go", f"{r.randint(14, 22)} s",
                                                                             f"{r.randint(8, 12)} s", "12 s")]
    d.page("clinical_note", T, clinic=f"{r.choice(world.PLACES)} Physical Therapy", rows=rows, who=f"{p[0]} {p[2]}",
           lic="PT" + world.digits(r, 5), seen=r.randint(6, 18), missed=r.randint(0, 4),
           start=x["ref_date"] - dt.timedelta(days=r.randint(40, 95)), p0=r.randint(6, 8), p1=r.randint(0, 3))
