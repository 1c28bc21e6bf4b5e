"""Cancer / blood disorder center's new patient referral packet: intake page, then a records checklist with what is enclosed or to follow."""
CSS = """
.page{padding:.55in .65in} .h{display:flex;gap:.15in;align-items:center} .h svg{width:.55in;height:.55in;flex:none} .h b{font-size:1.55em}
h3{font-size:1.06em;margin:.15in 0 .05in;padding-bottom:2px;border-bottom:1.5px dotted #000} table{width:100%;border-collapse:collapse;table-layout:fixed}
td,th{padding:4px 5px;vertical-align:bottom;overflow-wrap:anywhere;text-align:left}
td.u{border-bottom:.7px solid #000} td.l{white-space:nowrap;font-size:.93em} .ck td,.ck th{border:.7px solid #000;vertical-align:middle}
.ck th{background:#eaeaea} .ft{position:absolute;bottom:.4in;left:.65in;right:.65in;display:flex;justify-content:space-between;font-size:7.6pt}
"""
HD = """<div class=h><svg viewBox="0 0 40 40"><circle cx=20 cy=20 r=18 fill="none" stroke="#000" stroke-width=2 />
<path d="M20 6 C10 16 30 22 20 34 C10 22 30 16 20 6" fill="#555"/></svg><div><b>{{ s('recipient.organization') }}</b><br>
{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;|&nbsp; New patient line {{ s.ph(x.rec_phone) }}
&nbsp;|&nbsp; Intake fax {{ s.ph(x.rec_fax) }}</div></div>"""
P1 = HD + """
{% macro l(t, v, w='1.15in') %}<td class=l style="width:{{ w }}">{{ t }}</td><td class=u>{{ v }}</td>{% endmacro %}
<p style="font-size:1.2em;margin:.12in 0 .02in"><b>{{ pick(['New Patient Referral','NEW PATIENT INTAKE',
'Physician Referral Form - New Patient']) }}</b> &nbsp; {{ s('referral.specialty') }}</p>
<table><tr>{{ l(pick(['Referral date:','Date of this referral:']), s('referral.date'), '1.35in') }}
{{ l(pick(['Physician requested:','Preferred doctor:']), s('recipient.name'), '1.4in') }}</tr></table>
<div style="margin:6px 5px">{{ pick(['Please see:','Timing needed:','Appointment urgency:']) }} {{ urg }}</div>
<h3>{{ pick(['About the patient','Patient information','I. Patient']) }}</h3><table><tr>{{ l('Legal name:', s('patient.name')) }}
{{ l(pick(['Date of birth:','Birthdate:']), s('patient.birth_date')) }}</tr><tr>{{ l('Street:', s('patient.address.line')) }}
{{ l('City/State/Zip:', s.csz()) }}</tr>
<tr>{{ l(pick(['Primary phone:','Day phone:']), s('patient.phone')) }}{{ l(pick(['Sex:','Gender:']), s('patient.sex')) }}</tr><tr>
{{ l('Language:', s('patient.language')) }}{{ l(pick(['Outside MRN:','MRN (your office):']), s('patient.mrn')) }}</tr><tr>{{ l('Caregiver:', x.emerg) }}
{{ l('Caregiver phone:', s.ph(x.emerg_phone)) }}</tr></table>
<div style="margin:6px 5px">Has the patient been told about the suspected diagnosis? <span class=opt>{{ s.box(told) }}Yes &nbsp;{{ s.box(not told) }}No</span>
<span class=opt>Transport help? {{ s.box(False) }}Yes &nbsp;{{ s.box(True) }}No</span></div>
<h3>{{ pick(['Insurance (attach copy of card, both sides)','II. Coverage','Insurance']) }}</h3><table><tr>{{ l('Primary:', s('insurance.payer')) }}
{{ l(pick(['Subscriber ID:','Contract no.:']), s('insurance.member_id')) }}</tr><tr>{{ l('Group no.:', s('insurance.group_number')) }}
{{ l('Authorization no.:', s('referral.authorization_number')) }}</tr><tr>{{ l('Secondary:', s('insurance.secondary.payer')) }}
{{ l('Secondary ID:', s('insurance.secondary.member_id')) }}</tr></table>
<h3>{{ pick(['Clinical summary','Reason for visit','III. Clinical']) }}</h3><table><tr>
{{ l(pick(['Reason:','Question:','Concern:']), s('referral.reason')) }}</tr><tr><td class=l>Diagnosis code:</td><td class=u>{% for c,d in s.dx() %}
<div>{{ c }} {{ d }}</div>{% endfor %}</td></tr>{% if s.has('referral.procedures') %}<tr>
{{ l('CPT requested:', s('referral.procedures')) }}</tr>{% endif %}</table>
<div style="margin:7px 5px">{{ serv }}</div><div style="margin:6px 5px">Prior cancer? {{ s.box(prior) }}Yes {{ s.box(not prior) }}No &emsp;
On blood thinner? {{ s.box(False) }}Yes {{ s.box(True) }}No &emsp; <span class=opt>ECOG: {% for i in range(4) %}{{ s.box(i == ecog) }}{{ i }}
{% endfor %}</span></div>
<h3>{{ pick(['Referring office','IV. Referring physician','Who is referring']) }}</h3><table><tr>{{ l('Physician/APP:', s('referrer.name')) }}
{{ l('NPI:', s('referrer.npi'), '.8in') }}</tr><tr>{{ l('Practice:', s('referrer.organization')) }}{{ l('Phone:', s('referrer.phone'), '.8in') }}</tr><tr>
{{ l('Contact person:', x.contact) }}{{ l('Fax:', s('referrer.fax'), '.8in') }}</tr><tr>{{ l('Direct address:', s('referrer.direct_address')) }}
{{ l('PCP:', pcp, '.8in') }}</tr></table>
<div class=ft><span>Form {{ x.acct[:4] }}-NP</span><span>Page 1 of 2 - checklist follows</span></div>
"""
P2 = HD + """
<p style="font-size:1.15em;margin:.15in 0 .05in"><b>{{ pick(['Records checklist','Records needed before we can schedule',
'Chart assembly checklist']) }}</b></p><p>Patient: <b>{{ s('patient.name') }}</b> &emsp; DOB: {{ s('patient.birth_date') }}</p>
<table class=ck><tr><th>Record<th style="width:.9in">Enclosed<th style="width:.9in">To follow<th style="width:.7in">N/A<th style="width:2.2in">Where / when
done</tr>{% for t,k,w in rows %}<tr><td>{{ t }}<td>{{ s.box(k == 0) }}<td>{{ s.box(k == 1) }}<td>{{ s.box(k == 2) }}<td>{{ w }}</tr>{% endfor %}</table>
<h3>Medications and allergies</h3><p>{{ x.meds|join('; ') }}.</p><p>Allergies: {{ x.allergy }}</p><h3>Other conditions</h3>
<p>{% for c,d in hist %}{{ d }}{{ '; ' if not loop.last else '.' }}{% endfor %}</p>
<h3>Treatment to date for this problem</h3>{% for t in ['Surgery','Chemotherapy','Radiation','Transfusion','Growth factor'] %}<span class=opt>
{{ s.box(False) }}{{ t }}</span> {% endfor %}<span class=opt>{{ s.box(True) }}None</span>
<p style="margin-top:.3in">Slides and films should be sent to Pathology Intake, {{ x.rec_addr }}. Questions about records: ask for {{ nav }},
nurse navigator, {{ s.ph(x.rec_phone) }}. An incomplete packet may delay the first visit.</p>
<p style="margin-top:.3in">Completed by {{ x.contact }} for {{ s('referrer.name') }} &emsp; on {{ s.d(x.print_date) }}</p>
<div class=ft><span>Form {{ x.acct[:4] }}-NP</span><span>Page 2 of 2</span></div>
"""
REC = ["Pathology report(s)", "Slides / blocks", "CBC with differential, last 3", "Chemistry panel", "Iron studies / B12 / folate",
    "CT / PET / MRI reports", "Images on disc", "Operative note", "Last two office notes", "Colonoscopy / EGD report", "Insurance card"]


def build(b):
    import simple_icd_10_cm as icd
    import world
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.6pt Roboto", "10pt 'Liberation Serif'", "9.4pt 'URW Gothic'", "9.3pt 'DejaVu Sans Condensed'"])
    c = b.case(specialty="Hematology and Oncology")
    while c.x["age"] < 18:
        c = b.case(specialty="Hematology and Oncology")
    d, x = b.doc("referral", c), c.x
    urg = d.boxes("referral.urgency", [("stat", "STAT (same day, call first)"), ("urgent", "Urgent (within 1 week)"), ("routine", "Routine (next available)")])
    serv = d.boxes("referral.service", [("consult", "Consult"), ("evaluate_and_treat", "Evaluate and treat"), ("second_opinion", "Second opinion"),
        ("transfer_of_care", "Transfer of care"), ("procedure", "Procedure"), ("diagnostic", "Testing")])
    p, q = world.person(r), world.person(r)
    rows = [(t, r.choice([0, 0, 1, 2]), r.choice(["", "", d.d(x["visit"]), x["city"] + " hospital", x["place"] + " lab"])) for t in REC]
    kw = dict(urg=urg, serv=serv, told=r.random() < .6, prior=r.random() < .2, ecog=r.randint(0, 2), pcp=r.choice(["same", f"{p[0]} {p[2]}, MD"]),
        rows=rows, nav=f"{q[0]} {q[2]}", hist=[(h, icd.get_description(h)) for h in x["history"]])
    d.page("referral", P1, **kw)
    d.page("referral", P2, **kw)
