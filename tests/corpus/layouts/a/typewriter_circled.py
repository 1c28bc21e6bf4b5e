"""Typed on a county form: typewriter over ruled lines, choices ringed by hand."""
CSS = """body{font:11pt 'Liberation Serif'} .v{font:11.5pt 'Courier Prime'} .l{margin:.13in 0;border-bottom:1px solid #000;padding-bottom:1px;white-space:nowrap} h1{font-size:15pt;text-align:center;margin:0} .s{text-align:center;font-size:9.5pt} h3{margin:.2in 0 0;text-align:center;font-size:11pt;letter-spacing:2px} .circ{border-width:1.6px}"""
T = """
<h1>{{ s('referrer.organization') }}</h1><div class=s>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &mdash; Tel. {{ s('referrer.phone') }} &mdash; Fax {{ s('referrer.fax') }}</div>
<h3>{{ pick(['CONSULTATION REQUEST','REFERRAL SLIP']) }}</h3>
<div class=l>To: {{ s('recipient.organization') }} &nbsp;&nbsp; Dept. of {{ s('referral.specialty') }}</div>
<div class=l>Date: {{ s('referral.date') }} &nbsp;&nbsp;&nbsp; {{ pick(['Urgency','Priority']) }} (circle one): {{ s.boxes('referral.urgency', [('routine','Routine'),('urgent','Urgent'),('stat','STAT')], 'circle') }}</div>
<h3>PATIENT</h3>
<div class=l>Name: {{ s('patient.name') }} &nbsp;&nbsp; Sex: {{ s.boxes('patient.sex', [('male','M'),('female','F')], 'circle') }} &nbsp; D.O.B.: {{ s('patient.birth_date') }}</div>
<div class=l>Address: {{ s.addr() }}</div>
<div class=l>Telephone: {{ s('patient.phone') }} &nbsp;&nbsp;&nbsp; Chart #: {{ s('patient.mrn') }} &nbsp;&nbsp; Language: {{ s('patient.language') }}</div>
<div class=l>Insurance: {{ s('insurance.payer') }} &nbsp;&nbsp; Policy no.: {{ s('insurance.member_id') }} &nbsp; Group: {{ s('insurance.group_number') }}</div>
<div class=l>Next of kin: <span class=v>{{ x.emerg }}</span> &nbsp;&nbsp; Tel.: <span class=v>{{ s.ph(x.emerg_phone) }}</span></div>
<h3>REQUEST</h3>
<div class=l>Please: {{ s.boxes('referral.service', [('consult','Consult'),('evaluate_and_treat','Evaluate and treat'),('second_opinion','Second opinion'),('procedure','Perform procedure')], 'circle') }}</div>
<div class=l>Diagnosis: <span class=v>{% for c,t in s.dx() %}{{ c }} {{ t[:38] }}{{ '; ' if not loop.last }}{% endfor %}</span></div>
<div class=l style="white-space:normal">Reason: {{ s('referral.reason') }}</div>
<div class=l>Allergies: <span class=v>{{ x.allergy }}</span></div>
<h3>REQUESTED BY</h3>
<div class=l>Physician: {{ s('referrer.name','cred') }} &nbsp;&nbsp; NPI: {{ s('referrer.npi') }}</div>
<div class=l>Signature: <span style="font:20pt 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></div>
"""


def build(b):
    b.css = CSS + b.rng.choice(["", ".v{font-family:'Nimbus Mono PS'}", ".v{font-family:'Noto Sans Mono';font-size:10pt}"])
    c = b.case()
    while len(c.dx) > 2:
        c.values["referral.diagnoses"].pop()
        c.dx.pop()
    d = b.doc("referral", c)
    d.drop("referrer.direct_address", "recipient.name", "referral.procedures", "referral.authorization_number", "insurance.secondary.payer", "insurance.secondary.member_id")
    d.page("referral", T)
