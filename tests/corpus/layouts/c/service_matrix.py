"""A multispecialty group's own referral form: grid of departments x kind of visit with one box ticked; urgency and sex boxes."""
CSS = """
body{font:9.2pt/1.25 'Lato'} .page{padding:.4in .5in} .top{display:flex;justify-content:space-between;border-bottom:4px solid #000;padding-bottom:5px}
.top b{font-size:15.5pt} .top div{font-size:8.6pt}
.m{border-collapse:collapse;width:100%;margin:.07in 0} .m td,.m th{border:1px solid #000;padding:1.6px 5px;text-align:center;font-size:8.6pt}
.m td:first-child,.m th:first-child{text-align:left;font-weight:bold;width:2.3in} .m th{background:#d9d9d9;font-size:8pt} .m .cb{margin:0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.12in} .bx{border:1px solid #000;padding:4px 7px} .bx h5{margin:-4px -7px 4px;background:#000;
color:#fff;font-size:8.8pt;padding:2px 7px} .k{display:flex;gap:5px;margin:2.5px 0;align-items:baseline} .k i{font-style:normal;font-size:8pt;color:#222;
white-space:nowrap} .k span.v{font-size:9.8pt} .wide{margin-top:.09in}
"""
FACES = ["", "body{font-family:'Roboto Condensed';font-size:9.6pt} .k span.v{font-family:'Liberation Serif';font-size:10.5pt}",
           "body{font-family:'Nimbus Sans'}", "body{font-family:'URW Gothic';font-size:8.6pt} .k span.v{font-family:'Nimbus Sans'}"]
T = """{% macro k(lab, v='') %}<div class=k><i>{{ lab }}</i>{{ v }}</div>{% endmacro %}
<div class=top><div><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<div style="text-align:right"><span style="font-size:11pt;font-weight:bold">{{ pick(['REFERRAL TO OUR SPECIALISTS',
'Central Referral Office', 'PROVIDER REFERRAL FORM']) }}</span><br>{{ pick(['Fax this form to', 'Return to our fax']) }} {{ s.ph(x.rec_fax) }}
<br>{{ pick(['Questions?', 'Intake desk']) }} {{ s.ph(x.rec_phone) }}</div></div>
<div class=k style="margin:6px 0"><i>{{ pick(['Urgency of visit', 'Patient must be seen',
'Timeframe']) }}:</i> {{ urg }} <span style="flex:1"></span><i>{{ pick(['Date sent', 'Referral date',
'Form completed on']) }}</i> {{ s('referral.date') }}</div>
<div style="font-size:8.4pt">{{ pick(['Mark ONE box: the row is the department, the column is what you want us to do.',
'Check one box in the grid (department by type of visit).']) }}</div>
<table class=m><tr><th>{{ pick(['Department', 'Clinic', 'Service line']) }}{% for _, t in cols %}<th>{{ t }}{% endfor %}</tr>{% for sp, t in rows %}<tr>
<td>{{ t }}{% for sv, _ in cols %}<td>{{ s.box(sp == spec and sv == serv, mark) }}{% endfor %}</tr>{% endfor %}</table>
{{ k(pick(['Physician requested (leave blank for first available)', 'Specific provider, if any:']), s('recipient.name')) }}
<div class=two><div class=bx><h5>{{ pick(['WHO IS THE PATIENT?', 'PATIENT']) }}</h5>{{ k(pick(['Name', 'Pt. name', 'Legal name']), s('patient.name')) }}
<div class=k><i>{{ pick(['Birthdate', 'Date of birth']) }}</i>{{ s('patient.birth_date') }}<i style="margin-left:.12in">Sex</i>{{ s.boxes('patient.sex',
sexes) }}</div>
{{ k(pick(['Street', 'Mailing address']), s('patient.address.line')) }}{{ k(pick(['City / State / ZIP',
'City, ST, ZIP']), s.csz()) }}{{ k(pick(['Cell or home', 'Phone to reach patient']), s('patient.phone')) }}{{ k(pick(['Alternate contact',
'If no answer call']), alt) }}{{ k('Language', s('patient.language')) }}{{ k(pick(['Your MRN for patient',
'Referring clinic chart #']), s('patient.mrn')) }}</div>
<div class=bx><h5>{{ pick(['HOW IS THE VISIT COVERED?', 'BENEFITS']) }}</h5>{{ k(pick(['Plan',
'Carrier']), s('insurance.payer')) }}{{ k(pick(['ID on card', 'Member/policy #']), s('insurance.member_id')) }}{{ k(pick(['Group',
'Grp #']), s('insurance.group_number')) }}{{ k(pick(['Cardholder', 'Policy holder']), holder) }}
{{ k(pick(['Other plan', '2nd plan']), s('insurance.secondary.payer')) }}{{ k(pick(['Other plan ID',
'2nd plan ID']), s('insurance.secondary.member_id')) }}{{ k(pick(['Pre-authorization', 'Auth. issued']),
s('referral.authorization_number')) }}{{ k(pick(['Workers comp claim', 'Claim # (auto/WC)'])) }}</div></div>
<div class="bx wide"><h5>{{ pick(['CLINICAL', 'WHY ARE YOU SENDING THE PATIENT?']) }}</h5>{{ k(pick(['Presenting problem',
'Main concern', 'Brief clinical summary']), s('referral.reason')) }}
{% for c, t in s.dx() %}{{ k(pick(['ICD-10', 'Dx code']), c ~ '  ' ~ t) }}{% endfor %}{% for c, t in s.cpt() %}
{{ k(pick(['CPT, if known', 'Procedure code']), c ~ '  ' ~ t) }}{% endfor %}
<div class=k><i>Enclosed:</i> {% for t in ['Office notes', 'Labs', 'Imaging', 'Med list', 'Card copy'] %}
<span class=opt>{{ s.box(pick([true, false]), mark) }}{{ t }}</span>{% endfor %}</div></div>
<div class="bx wide"><h5>{{ pick(['WHO IS REFERRING?', 'REFERRED BY']) }}</h5><div class=two style="gap:0 .2in">{{ k(pick(['Clinician',
'Provider (print)']), s('referrer.name')) }}{{ k('NPI', s('referrer.npi')) }}{{ k(pick(['Office',
'Clinic name']), s('referrer.organization')) }}{{ k(pick(['Office line', 'Back line']), s('referrer.phone')) }}{{ k(pick(['Fax for consult notes',
'Office fax']), s('referrer.fax')) }}{{ k(pick(['Direct e-mail', 'Secure address']), s('referrer.direct_address')) }}{{ k(pick(['Form filled in by',
'Contact person']), x.contact) }}{{ k('PCP, if different') }}</div></div>
<div style="font-size:7.6pt;margin-top:5px">{{ pick(['For our use: Sched ______  Appt ____/____/____  Prov ________  Init ____',
'Office use only - received ________ triaged ________ booked ________']) }} &nbsp; Rev. 6/2024</div>"""
ROWS = [("Allergy and Immunology", "Allergy / Asthma"), ("Cardiology", "Heart"), ("Dermatology", "Skin (Dermatology)"), ("Endocrinology",
           "Endocrine / Thyroid"), ("Gastroenterology", "GI"), ("General Surgery", "General Surgery"),
        ("Hematology and Oncology", "Blood & Cancer (Heme/Onc)"), ("Nephrology", "Kidney"), ("Neurology", "Neurology"), ("Orthopedic Surgery",
           "Orthopedics"), ("Otolaryngology", "Ear Nose Throat"), ("Pain Medicine", "Pain Clinic"),
        ("Pulmonology", "Lung / Pulmonary"), ("Rheumatology", "Rheumatology"), ("Urology", "Urology"), ("Podiatry", "Podiatry"), ("Ophthalmology",
           "Eye (Ophthalmology)")]
COLS = [("consult", ["Consult", "Opinion / consult"]), ("evaluate_and_treat", ["Evaluate & treat", "Eval / Treat"]), ("procedure", ["Procedure",
           "Procedure only"]), ("diagnostic", ["Testing only", "Diagnostic test"]),
        ("second_opinion", ["Second opinion"]), ("transfer_of_care", ["Take over care", "Transfer care"])]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    rows = r.sample(ROWS, 12)
    rows.sort(key=lambda t: t[1])
    spec = r.choice(rows)[0]
    c = b.case(specialty=spec)
    v, x = c.values, c.x
    v["recipient.organization"] = r.choice(["{} Multispecialty Group", "{} Clinic Physicians", "{} Medical Specialists, P.A.",
           "United Specialists of {}"]).format(x["city"])
    d = b.doc("referral", c)
    d._reg("referral.specialty")
    d._reg("referral.service")
    urg = d.boxes("referral.urgency", [("routine", r.choice(["Routine (next available)", "Routine"])), ("urgent", r.choice(["Urgent (within 1 week)",
           "Urgent"])), ("stat", "STAT (today)")])
    sexes = r.choice([[("female", "F"), ("male", "M"), ("other", "Other")], [("male", "Male"), ("female", "Female")]])
    d.page("referral", T, rows=rows, cols=[(k, r.choice(t)) for k, t in COLS], spec=spec, serv=v["referral.service"], urg=urg, sexes=sexes,
           mark=r.choice(["sq", "sqv", "fill"]),
           alt=r.choice(["", f"{x['emerg']} {d.ph(x['emerg_phone'])}"]), holder=r.choice(["", "self", x["emerg"]]) if x["age"] > 20 else x["emerg"])
