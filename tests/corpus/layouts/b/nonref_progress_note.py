"""Specialist's consultation report sent back to the clinician who had referred the patient (two pages, EHR note style)."""
NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.55in .7in} p{margin:.05in 0;line-height:1.38} h4{margin:.13in 0 .02in;border-bottom:.7px solid #888;font-size:1.04em}
ul{margin:.03in 0;padding-left:.3in} .h{display:flex;justify-content:space-between;border:1px solid #000;padding:6px 10px;line-height:1.35}
.ft{position:absolute;bottom:.4in;left:.7in;right:.7in;font-size:8pt;display:flex;justify-content:space-between}
"""
HD = """<div class=h><div><b>{{ s('patient.name') }}</b><br>DOB {{ s('patient.birth_date') }} &nbsp; {{ s('patient.sex') }}</div>
<div>MRN {{ s('patient.mrn') }}<br>Seen {{ s.d(x.print_date) }}</div><div style="text-align:right">{{ clinic }}<br>{{ s.ph(x.rec_phone) }}</div></div>"""
P1 = HD + """<p style="font-size:1.25em;margin:.12in 0 .03in"><b>{{ pick(['Progress Notes - New Consult','CONSULT NOTE',
'Initial Consultation Report']) }}</b></p><p>{{ pick(['Requested by','Referring clinician','Consult requested by']) }}: {{ y.x.referrer[0] }}
{{ y.x.referrer[2] }}, {{ y.x.cred }}. &nbsp; Author: {{ au }}. &nbsp; Note status: Signed</p>
<h4>Reason for consultation</h4><p>{{ s.case.values['referral.reason'] }}.</p>
<h4>HPI</h4><p>{{ x.age }} y.o. {{ x.sexword }} seen at the request of the primary office. The complaint has been present for {{ x.dur }}
and came on slowly. It varies from day to day and is not tied to meals or position. There has been no fever, weight loss or hospital stay.
The records that came with the referral were reviewed, including the last office note and outside laboratory results.</p>
<h4>Past medical history</h4><ul>{% for h in hist %}<li>{{ h }}</li>{% endfor %}</ul><h4>Medications</h4><ul>{% for m in x.meds %}
<li>{{ m }}</li>{% endfor %}</ul><h4>Allergies</h4><p>{{ x.allergy }}</p>
<h4>Social and family history</h4><p>{{ pick(['Never smoker','Former smoker, quit 2011','Half a pack a day']) }}.
{{ pick(['Rare alcohol','No alcohol','Two drinks a week']) }}. Works as a {{ pick(['teacher','driver','cook','bookkeeper','machinist']) }}.
Father had {{ pick(['diabetes','heart disease','colon cancer','stroke']) }}.</p>
<h4>Review of systems</h4><p>As in the HPI; ten other systems were negative.</p><div class=ft><span>{{ clinic }}</span><span>1 of 2</span></div>"""
P2 = HD + """<h4>Objective</h4><p>BP {{ x.bp }} | Pulse {{ x.hr }} | Temp {{ x.temp }} F | Wt {{ x.wt }} lb | SpO2 {{ x.spo2 }}%</p><p>General:
in no distress. Eyes: anicteric. Neck: supple. Lungs: clear. Heart: regular, no murmur. Abdomen: soft. Extremities: no edema. Neuro: grossly intact. Skin:
no rash.</p>
<h4>Data reviewed</h4><p>CBC and metabolic panel of {{ s.d(x.visit) }} within normal limits.
{{ pick(['Outside imaging was read by me and shows no acute change.','No imaging was available.']) }}</p>
<h4>Assessment and plan</h4>{% for c,t in s.case.dx %}<p><b>{{ t }} ({{ c }})</b>.
{{ pick(['Likely accounts for the symptoms','Stable at present','Contributing']) }}.
{{ pick(['Will obtain further testing before the next visit','Start treatment as listed below','Continue the present regimen']) }}.</p>{% endfor %}
<ul><li>Start {{ pick(med) }}; side effects were discussed.</li><li>Labs today; results to be sent to the primary office.</li>
<li>{{ pick(['Return in 6 weeks','Follow-up visit in 3 months','Return as needed']) }}. No restrictions.</li>{% if sec %}
<li>If there is no improvement I would consider referral to {{ sec }}; I leave this with you.</li>{% endif %}</ul>
<p>{{ pick(['Thank you for the referral of this pleasant patient.','I appreciate the chance to take part in the care of your patient.',
'Thank you for this consultation. Please call with questions.']) }}</p><p style="margin-top:.2in">Electronically signed: {{ au }},
{{ s.d(x.print_date) }}</p><p>cc: {{ y.x.referrer[0] }} {{ y.x.referrer[2] }}, {{ y.x.cred }} (fax {{ s.ph(y.x.rec_fax) }})</p><p style="font-size:.86em">
{{ pick([25, 40, 45]) }} minutes were spent on the day of the visit, including record review and documentation.</p><div class=ft><span>
{{ clinic }}</span><span>2 of 2</span></div>"""


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.3pt 'Liberation Sans'", "10.5pt C059", "10.6pt 'Linux Biolinum O'", "10pt 'DejaVu Sans Condensed'"])
    c = b.case(drop=False)
    y = b.case(drop=False, place=tuple(c.x[k] for k in ("city", "state", "zip", "area")))
    x, d = c.x, b.doc("consult_note", c)
    au = f"{x['recipient'][0]} {x['recipient'][2]}, {x['rcred']}"
    kw = dict(y=y, au=au, clinic=c.values["recipient.organization"], hist=[icd.get_description(h) for h in x["history"]], med=y.x["meds"][:3],
        sec=r.choice(["", "", y.x["spec_shown"]]))
    d.page("clinical_note", P1, **kw)
    d.page("clinical_note", P2, **kw)
