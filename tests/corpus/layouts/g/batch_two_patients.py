"""One practice faxes two patients' referrals at once: cover sheet, then a short form for each, either of two kinds the office keeps."""
CSS = """body{font:11pt 'Liberation Serif'} .page{padding:.7in .8in} .cv h1{font:bold 40pt 'Liberation Serif';margin:0 0 .1in;letter-spacing:6px} .cv .f{border-bottom:1px solid #000;padding:.07in 0;display:flex} .cv .f b{width:1.2in} .cv .two{display:grid;grid-template-columns:1fr 1fr;column-gap:.4in} .cv .m{border:2px solid #000;min-height:2.3in;padding:.15in;margin:.25in 0;line-height:1.5} .cv .c{font-size:9pt;line-height:1.35}
.a{font:10.4pt 'DejaVu Serif Condensed'} .a h2{font:bold 15pt 'DejaVu Serif Condensed';border-bottom:1px solid #000;margin:0;padding-bottom:.04in} .a .s{font-size:8.6pt;margin:.03in 0 .16in} .a table{border-collapse:collapse;width:100%} .a td{padding:.055in .08in;border-bottom:1px dotted #666;vertical-align:top} .a td:first-child{width:1.75in;text-align:right;font-style:italic} .a .sig{margin-top:.35in}
.z{font:10.6pt/1.55 'Nimbus Mono PS';font-weight:bold} .z h2{font:bold 14pt 'Nimbus Mono PS';text-align:center;margin:0} .z pre{font:inherit;margin:0;white-space:pre-wrap} .z .h{margin:.14in 0 .02in;text-decoration:underline} .z div.c{text-align:center}"""
COVER = """<div class=cv><h1>FAX</h1><div class=two><div class=f><b>{{ pick(['To:', 'TO', 'Attn:']) }}</b><span>{{ pick(['Referral Coordinator', 'New Patient Scheduling', 'Intake']) }}</span></div><div class=f><b>{{ pick(['From:', 'FROM', 'Sender:']) }}</b><span>{{ x.contact }}</span></div>
<div class=f><b>Company:</b><span>{{ s('recipient.organization') }}</span></div><div class=f><b>Office:</b><span>{{ s('referrer.organization') }}</span></div><div class=f><b>Fax:</b><span>{{ s.ph(x.rec_fax) }}</span></div><div class=f><b>{{ pick(['Phone:', 'Our phone:']) }}</b><span>{{ s('referrer.phone') }}</span></div>
<div class=f><b>Phone:</b><span>{{ s.ph(x.rec_phone) }}</span></div><div class=f><b>{{ pick(['Fax:', 'Our fax:', 'Return fax:']) }}</b><span>{{ s('referrer.fax') }}</span></div><div class=f><b>Date:</b><span>{{ s.d(x.print_date) }}</span></div><div class=f><b>Pages:</b><span>3 (incl. cover)</span></div></div>
<div class=f><b>Re:</b><span>{{ pick(['2 new referrals', 'Referrals x 2 - separate patients', 'Two patients to schedule']) }}</span></div>
<div class=m><i>Comments:</i><br>{{ pick(['Please schedule both patients and fax back appointment dates. Thanks!', 'Two separate referrals follow, one page each. Records to be sent on request.', 'Both pts are expecting your call. Call me with any insurance questions.']) }}</div>
<p class=c><b>CONFIDENTIALITY NOTICE:</b> The documents accompanying this transmission contain health information that is legally privileged under HIPAA (45 CFR 160 and 164). If you are not the intended recipient, any disclosure, copying or distribution is strictly prohibited. If you have received this in error, notify the sender immediately by telephone and arrange for return or destruction of these documents.</p></div>"""
FORM_A = """<div class=a><h2>{{ s('referrer.organization') }}</h2><p class=s>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;|&nbsp; phone {{ s('referrer.phone') }} &nbsp;|&nbsp; fax {{ s('referrer.fax') }}</p>
<p><b>{{ labels.title }}</b> &nbsp; {{ s('referral.date') }}</p><table>
<tr><td>{{ labels.patient }}<td>{{ s('patient.name') }}</tr><tr><td>Date of birth / sex<td>{{ s('patient.birth_date') }} / {{ s('patient.sex', 'word') }}</tr><tr><td>{{ labels.phone }}<td>{{ s('patient.phone') }}</tr><tr><td>Address<td>{{ s('patient.address.line') }}<br>{{ s.csz() }}</tr>
<tr><td>{{ labels.ins }}<td>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}<br>ID {{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %} &nbsp; Group {{ s('insurance.group_number') }}{% endif %}</tr>{% if s.has('insurance.secondary.payer') %}<tr><td>Secondary<td>{{ s('insurance.secondary.payer') }} &nbsp; ID {{ s('insurance.secondary.member_id') }}</tr>{% endif %}
<tr><td>Auth. number<td>{{ s('referral.authorization_number') }}</tr>
<tr><td>Refer to<td>{{ s('recipient.organization') }}, {{ s('referral.specialty') }}</tr><tr><td>{{ labels.how }}<td>{{ s('referral.urgency') }}</tr><tr><td>For<td>{{ s('referral.service') }}</tr>
<tr><td>{{ labels.why }}<td>{{ s('referral.reason', 'bare') }}</tr><tr><td>Dx<td>{% for c, t in s.dx() %}{{ c }} {{ t }}{% if not loop.last %}<br>{% endif %}{% endfor %}</tr>{% if s.has('referral.procedures') %}<tr><td>Procedure<td>{% for c, t in s.cpt() %}{{ c }} {{ t }}{% if not loop.last %}<br>{% endif %}{% endfor %}</tr>{% endif %}
<tr><td>Contact if no answer<td>{{ x.emerg }}, {{ s.ph(x.emerg_phone) }}</tr><tr><td>Medications<td>{{ x.meds[:3] | join(', ') }}</tr></table>
<p class=sig>{{ s('referrer.name', 'cred') }}{% if s.has('referrer.npi') %} &nbsp; NPI {{ s('referrer.npi') }}{% endif %}</p></div>"""
FORM_B = """<div class=z><h2>*** {{ labels.slip }} ***</h2><div class=c>{{ s('referrer.organization') }}</div><div class=c>Tel {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp;Fax {{ s('referrer.fax') }}{% endif %}</div>
<div class=h>{{ labels.pt }}</div>{{ s('patient.name', 'LAST') }} &nbsp;&nbsp;{{ labels.born }} {{ s('patient.birth_date') }} &nbsp;&nbsp;{{ s('patient.sex', 'letter') }} &nbsp;&nbsp;{% if s.has('patient.mrn') %}{{ labels.acct }} {{ s('patient.mrn') }}{% endif %}<br>{{ s.addr() }}<br>H: {{ s('patient.phone') }} &nbsp;W: {{ s.ph(work) }}
<div class=h>{{ labels.cov }}</div>1) {{ s('insurance.payer') }} &nbsp;{{ labels.id }} {{ s('insurance.member_id') }}{% if s.has('insurance.group_number') %} &nbsp;GRP {{ s('insurance.group_number') }}{% endif %}<br>2) {% if s.has('insurance.secondary.payer') %}{{ s('insurance.secondary.payer') }} &nbsp;{{ labels.id }} {{ s('insurance.secondary.member_id') }}{% else %}none{% endif %}<br>GUARANTOR {{ x.emerg if x.age < 18 else 'SELF' }} &nbsp;{% if s.has('referral.authorization_number') %}AUTH {{ s('referral.authorization_number') }}{% endif %}
<div class=h>REFER TO</div>{% if s.has('recipient.name') %}{{ s('recipient.name') }} - {% endif %}{{ s('recipient.organization') }}<br>DATE {{ s('referral.date') }} &nbsp;STATUS {{ s('referral.urgency') }}<br>{{ s.boxes('referral.service', [('consult', 'CONSULT'), ('evaluate_and_treat', 'EVAL/TREAT'), ('procedure', 'PROCEDURE'), ('diagnostic', 'TESTING')], 'br') }}
<div class=h>{{ labels.prob }}</div>{{ s('referral.reason', 'bare') }}<br>{% for c, t in s.dx() %}ICD {{ c }} {{ t }}<br>{% endfor %}{% for c, t in s.cpt() %}CPT {{ c }} {{ t }}<br>{% endfor %}ALLERGIES: {{ x.allergy }}
<div class=h>ORDERED BY</div>{{ s('referrer.name', 'cred') }}{% if s.has('referrer.npi') %} &nbsp;NPI# {{ s('referrer.npi') }}{% endif %}<br>PCP: {{ pcp }} &nbsp; TAKEN BY: {{ x.contact }}<br><br>SPECIALIST OFFICE: complete and fax back - Appt ___/___/___ Time _____ Dr ______</div>"""


def build(b):
    import world
    r, pick, one = b.case_rng, b.rng.choice, b.case()
    two = b.case(specialty=one.values["referral.specialty"], place=tuple(one.x[key] for key in ("city", "state", "zip", "area")))
    b.css = CSS + pick(["", ".a,.a h2{font-family:'Liberation Sans'}", ".z,.z h2{font-family:'DejaVu Sans Mono';font-weight:normal}.z{font-size:8.9pt}"])
    same = ["referrer.organization", "referrer.phone", "referrer.fax", "recipient.organization", "referral.date"] + (["referrer.name", "referrer.npi", "recipient.name"] if r.random() < .5 else [])
    for key in same:
        two.values.pop(key, None)
        if one.has(key):
            two.values[key] = one.values[key]
    shared = ["ref_addr", "rec_fax", "rec_phone", "rec_addr", "contact", "ref_date", "print_date"] + (["referrer", "recipient", "cred", "rcred"] if "referrer.name" in same else [])
    two.x.update({key: one.x[key] for key in shared})
    labels = {"title": pick(["Referral", "Referral to specialist", "Consultation request"]), "patient": pick(["Patient", "Patient name", "Regarding"]), "phone": pick(["Phone", "Patient phone", "Call patient at"]), "ins": pick(["Insurance", "Insured by", "Health plan"]),
              "how": pick(["How soon", "Urgency", "Priority"]), "why": pick(["Reason", "Reason for visit", "Problem"]), "slip": pick(["REFERRAL SLIP", "OUTGOING REFERRAL", "REFERRAL ORDER"]), "pt": pick(["PATIENT", "PT INFO"]), "born": pick(["DOB", "BORN", "BD"]),
              "acct": pick(["CHART", "MRN", "PT#"]), "cov": pick(["INSURANCE", "COVERAGE"]), "id": pick(["ID", "POL", "ID#"]), "prob": pick(["REASON / DX", "PROBLEM", "INDICATION"])}
    form = pick("AB")
    for case in (one, two):
        d = b.doc("referral", case)
        d.style = dict(d.style, **{key: b.docs[0].style[key] for key in ("date", "phone", "refname", "cb", "dot")})
        d.drop("referrer.direct_address", "patient.language")
        if len(b.docs) == 1:
            d.page("cover", COVER)
        d.page("referral", FORM_A if form == "A" else FORM_B, labels=labels, work=world.phone(r, case.x["area"]), pcp=r.choice(["same", "Dr. " + r.choice(world.FAMILY)]))
        form = pick(["A", "B"])
