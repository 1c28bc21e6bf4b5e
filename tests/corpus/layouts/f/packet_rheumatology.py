"""University rheumatology division's new-patient packet: plain fax cover, the division's referral sheet, note, labs."""
import world

CSS = """
.page{padding:.6in .7in} .cov{font-size:1.15em;line-height:1.9} .cov .big{font-size:3em;font-weight:bold;line-height:1.2}
.cov hr{border:0;border-top:4px solid #000;margin:.15in 0} .dep{border-bottom:2px solid #000;padding-bottom:5px;display:flex;
justify-content:space-between;align-items:flex-end} .dep b{font-size:1.3em} h2{font-size:1.02em;margin:.13in 0 .03in;background:var(--bar);
color:var(--ink);padding:2px 6px} .r{display:flex;align-items:flex-end;margin-top:.05in} .r>i{font-style:normal;margin-right:6px;
white-space:nowrap;align-self:flex-start} .r>u{text-decoration:none;border-bottom:1px solid #555;flex:var(--n,1);min-height:1.25em;
margin-right:.14in} .k2{columns:2} .k2 div{break-inside:avoid} .sm{font-size:.85em} .nt p{margin:.08in 0} table{border-collapse:collapse;
width:100%;margin-top:.1in} td,th{text-align:left;padding:3px 8px;border:1px solid #999}
"""
FACES = ["body{font:10.2pt/1.3 'Liberation Serif';font-size:11pt;--bar:#ddd;--ink:#000}",
         "body{font:10.2pt/1.3 Lato;--bar:#333;--ink:#fff}",
         "body{font:10pt/1.3 'Nimbus Sans';--bar:#fff;--ink:#000}", "body{font:10.8pt/1.3 P052;--bar:#e4e4e4;--ink:#000}"]
COVER = """<div class=cov><div class=big>{{ pick(['FAX', 'Fax', 'FACSIMILE']) }}</div><hr>
TO: {{ s('recipient.organization') }}<br>{{ pick(['ATTN: New Patient Scheduling', 'ATTN: Intake', 'ATTN: Referral Coordinator']) }}<br>
FAX: {{ s.ph(x.rec_fax) }}<hr>FROM: {{ x.contact }}<br>{{ s('referrer.organization') }}<br>TEL: {{ s('referrer.phone') }}<br>
{% if s.has('referrer.fax') %}FAX: {{ s('referrer.fax') }}<br>{% endif %}<hr>DATE: {{ s.d(x.print_date) }}<br>PAGES: 4 with cover<br>
RE: {{ pick(['New patient referral', 'Rheumatology referral', 'NPV request']) }}<hr>
<p style="line-height:1.4">{{ pick(['Hello - please find the completed referral form, most recent office visit and labs. Let us know the
appointment date so we can tell the patient.', 'Completed form and requested records attached. Patient is expecting your call.']) }}</p>
<p class=sm style="line-height:1.35;margin-top:1.3in">The documents accompanying this transmission contain confidential health information
that is legally privileged. If you have received it in error notify the sender immediately and arrange for return or
destruction.</p></div>"""
FORM = """{% macro f(lab, v, n=1) %}<i>{{ lab }}</i><u style="--n:{{ n }}">{{ v }}</u>{% endmacro %}
<div class=dep><div>{{ uni }}<br><b>{{ pick(['Division of', 'Department of Medicine -', 'Clinic for']) }} {{ s('referral.specialty',
'Rheumatology') }}</b>
</div><div class=sm style="text-align:right">New patient referral<br>Return by fax {{ s.ph(x.rec_fax) }}<br>Questions {{ s.ph(x.rec_phone)
}}
</div></div><p class=sm>{{ pick(['Referrals are triaged by a physician. Incomplete forms cannot be scheduled.',
'Please allow 5 business days for review. We do not see patients for fibromyalgia or chronic pain management.']) }}</p>
<h2>{{ heads[0] }}</h2>
<div class=r>{{ f(pick(['Legal name', 'Full legal name', 'Patient']), s('patient.name'), 3) }}{{ f(pick(['DOB', 'Birthdate']),
s('patient.birth_date')) }}</div><div class=r>{{ f(pick(['Street', 'Mailing address']), s('patient.address.line')) }}</div>
<div class=r>{{ f('City / State / Zip', s.csz(), 2) }}{{ f(pick(['Legal sex', 'Sex assigned at birth']), s('patient.sex')) }}</div>
<div class=r>{{ f(pick(['Best phone', 'Preferred phone']), s('patient.phone')) }}{{ f(pick(['Language', 'Preferred language']),
s('patient.language')) }}</div><div class=r>{{ f(pick(['Alternate contact', 'Contact if unable to reach patient']), x.emerg) }}{{ f('Phone',
s.ph(x.emerg_phone)) }}</div>
<h2>{{ heads[1] }}</h2><div class=r>{{ f(pick(['Primary', 'Primary plan']),
s('insurance.payer'), 2) }}{{ f(pick(['ID', 'Policy']), s('insurance.member_id'), 2) }}{{ f('Group', s('insurance.group_number')) }}</div>
<div class=r>{{ f('Secondary', s('insurance.secondary.payer'), 2) }}{{ f('ID', s('insurance.secondary.member_id'), 2) }}</div>
<div class=r>{{ f(pick(['Insurance authorization no. (if plan requires)', 'Referral/auth no.']), s('referral.authorization_number'))
}}</div>
<h2>{{ heads[2] }}</h2><div class=r>{{ f('Name', s('referrer.name'), 2) }}{{
f('NPI', s('referrer.npi')) }}</div><div class=r>{{ f('Practice', s('referrer.organization'), 2) }}{{ f('PCP, if different', '') }}</div>
<div class=r>{{ f('Phone', s('referrer.phone')) }}{{ f('Fax', s('referrer.fax')) }}{{ f(pick(['Date completed', 'Today\\'s date']),
s('referral.date')) }}</div>
<h2>{{ heads[3] }}</h2><div class=r>{{ f(pick(['What question would you like answered?', 'Specific question or concern', 'Main problem']),
s('referral.reason')) }}</div>
<div class=r>{{ f(pick(['ICD-10 and diagnosis', 'Diagnosis w/ ICD-10']), dx()) }}</div>
<div class=r><i>{{ pick(['How soon?', 'Timing']) }}</i><span>{{ s.boxes('referral.urgency', [('routine', pick(['Next available',
'Routine'])), ('urgent', pick(['Urgent (physician call preferred)', 'Urgent, 2 weeks'])), ('stat', 'Emergent - call first')])
}}</span></div>
<div class=r><i>{{ pick(['Visit type', 'We ask you to']) }}</i><span>{{ s.boxes('referral.service', [('consult', 'One-time consult'),
('evaluate_and_treat', 'Evaluate and treat'), ('second_opinion', 'Second opinion'), ('transfer_of_care', 'Transfer care')]) }}</span></div>
<h2>{{ heads[4] }}</h2><div class=k2>{% for t in ['Office notes, last 12 months',
'CBC, CMP, ESR, CRP', 'ANA with titer, RF, CCP', 'Joint X-ray reports', 'Prior rheumatology notes', 'Hepatitis B/C, TB screen'] %}<div>{{
s.box(loop.index in ticks) }}{{ t }}</div>{% endfor %}</div>
<p class=sm>For office use: &nbsp; Rec'd ____ &nbsp; Triage: 1 &nbsp; 2 &nbsp; 3 &nbsp; Reviewed by ______________ &nbsp; Appt
____________</p>"""
NOTE = """<div class=nt><b>{{ s('referrer.organization') }}</b> - Progress Note<br>Patient: {{ s('patient.name') }} &nbsp; DOB: {{
s('patient.birth_date') }} &nbsp; Date of service: {{ s.d(x.visit) }}<p><u>CC</u>: Joint symptoms, {{ x.dur }}.</p><p><u>HPI</u>: {{ x.age
}} year old {{ x.sexword }}. {{ s('referral.reason') }} No rash, no oral ulcers. Takes {{ x.meds[0] }}.</p><p><u>PMH</u>: {{
x.history|join('; ')
}}</p>
<p><u>Medications</u>: {{ x.meds|join('; ') }}</p><p><u>Allergies</u>: {{ x.allergy }}</p><p><u>Vital signs</u>: BP {{ x.bp }} Pulse {{ x.hr
}} Temp {{ x.temp }} Weight {{ x.wt }} lb</p><p><u>Exam</u>: HEENT normal. Lungs clear. Heart regular, no murmur. Extremities: no edema.
MSK:
as above, grip fair.</p><p><u>Impression</u>: {{ words|join('. ') }}.</p><p><u>Plan</u>: Refer rheumatology. Labs drawn. NSAID with food
prn.
RTC 8 weeks.</p><p>{{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} (signed electronically {{ s.d(x.visit) }})</p></div>"""
LAB = """<b>{{ x.place }} Hospital Laboratory</b><br>{{ s('patient.name', 'LAST') }} &nbsp; {{ s('patient.birth_date') }} &nbsp; Ordering:
{{ x.referrer[2] }}, {{ x.referrer[0] }}<br>Drawn {{ s.d(x.visit) }} 09:{{ mm }}<table><tr><th>Component<th>Your value<th>Standard
range</tr>{%
for t, v, ref in rows %}<tr><td>{{ t }}<td>{{ v }}<td>{{ ref }}</tr>{% endfor %}</table><p>Final result.</p>"""

HEADS = [["1. Patient", "2. Insurance (attach copy of card)", "3. Referring clinician", "4. Question for rheumatology",
          "5. Records enclosed"],
         ["Patient", "Insurance", "Referred by", "Clinical information", "Records required"],
         ["A. About the patient", "B. Coverage", "C. Who is referring", "D. Reason", "E. Enclosed"]]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Rheumatology")
    d, x = b.doc("referral", c), c.x
    d.drop("patient.mrn", "referral.procedures", "referrer.direct_address", "recipient.name")
    rows = [("Sed Rate (ESR)", r.randint(4, 90), "0 - 30 mm/hr"), ("C-Reactive Protein", f"{r.uniform(.2, 6):.1f}", "<0.5 mg/dL"),
            ("Rheumatoid Factor", r.randint(8, 140), "<14 IU/mL"), ("CCP Antibody IgG", r.randint(4, 250), "<20 units"),
            ("ANA Screen", r.choice(["Negative", "1:80 speckled", "1:320 homogeneous"]), "Negative"),
            ("Uric Acid", f"{r.uniform(3, 10):.1f}", "3.5 - 7.2 mg/dL"), ("Hemoglobin", f"{r.uniform(10, 15):.1f}", "12.0 - 16.0 g/dL")]
    more = dict(uni=f"University of {r.choice(world.PLACES)} Health", ticks=r.sample(range(1, 7), 3), words=[t for _, t in c.dx], rows=rows,
                heads=r.choice(HEADS),
                mm=r.randint(10, 59), dx=lambda: "; ".join(f"{code} {words}" for code, words in d.dx()))
    for kind, template in [("cover", COVER), ("referral", FORM), ("clinical_note", NOTE), ("lab", LAB)]:
        d.page(kind, template, **more)
