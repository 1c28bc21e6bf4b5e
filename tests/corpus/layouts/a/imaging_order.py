"""Radiology request: exam codes, laterality, safety questions, ordering provider at the foot."""
CSS = """body{font:10pt 'Liberation Sans Narrow'} h1{background:#000;color:#fff;font-size:15pt;padding:5px 10px;margin:0} .q{display:grid;grid-template-columns:1fr 1fr;border:1px solid #000} .q div{border:1px solid #000;padding:4px 7px} .q .w{grid-column:1/3} b{text-transform:uppercase;font-size:8.6pt}"""
T = """
<h1>{{ s('recipient.organization') }} &ndash; {{ pick(['Imaging Order','Radiology Requisition','Diagnostic Imaging Request']) }}</h1><div style="padding:4px">Scheduling {{ s.ph(x.rec_phone) }} &nbsp;|&nbsp; Fax order to {{ s.ph(x.rec_fax) }}</div>
<div class=q><div><b>Patient:</b> {{ s('patient.name','last') }}</div><div><b>Date of birth:</b> {{ s('patient.birth_date') }} &nbsp; <b>Sex:</b> {{ s('patient.sex') }}</div>
<div><b>Phone:</b> {{ s('patient.phone') }}</div><div><b>MRN:</b> {{ s('patient.mrn') }}</div>
<div><b>Insurance:</b> {{ s('insurance.payer') }}</div><div><b>Policy ID:</b> {{ s('insurance.member_id') }} &nbsp; <b>Group:</b> {{ s('insurance.group_number') }}</div>
<div><b>Pre-cert / Auth #:</b> {{ s('referral.authorization_number') }}</div><div><b>Order date:</b> {{ s('referral.date') }}</div>
<div class=w><b>Priority:</b> {{ s.boxes('referral.urgency', [('routine','Routine'),('urgent','Urgent - 48 hrs'),('stat','STAT - call report')]) }}</div>
<div class=w><b>Exam requested:</b> {% for c,t in s.cpt() %}{{ t }} (CPT {{ c }}){{ '; ' if not loop.last }}{% endfor %}</div>
<div class=w><b>{{ pick(['Clinical indication:','Signs / symptoms:','Reason for exam:']) }}</b> {{ s('referral.reason') }}</div>
<div class=w><b>ICD-10:</b> {% for c,t in s.dx() %}{{ c }} {{ t }}{{ '; ' if not loop.last }}{% endfor %}</div>
<div><b>Contrast allergy?</b> {{ s.box(False) }} Yes {{ s.box(True) }} No</div><div><b>Pregnant?</b> {{ s.box(False) }} Yes {{ s.box(True) }} No &nbsp; <b>Creatinine:</b> 0.9</div>
<div><b>Ordering provider:</b> {{ s('referrer.name','cred') }}</div><div><b>NPI:</b> {{ s('referrer.npi') }}</div>
<div><b>Practice:</b> {{ s('referrer.organization') }}</div><div><b>Office phone:</b> {{ s('referrer.phone') }} &nbsp; <b>Fax results to:</b> {{ s('referrer.fax') }}</div>
<div class=w><b>Provider signature:</b> ______________________ <b>Date:</b> ____________</div></div>
"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Roboto Condensed'}", "body{font-family:'Nimbus Sans Narrow';font-size:11pt}"])
    while True:
        c = b.case(specialty="Diagnostic Radiology")
        if "referral.procedures" in c.values:
            break
    d = b.doc("referral", c)
    d.drop("referrer.direct_address", "recipient.name", "referral.service", "referral.specialty", "patient.language", "insurance.secondary.payer", "insurance.secondary.member_id",
           "patient.address.line", "patient.address.city", "patient.address.state", "patient.address.postal_code")
    d.page("referral", T)
