"""Community health centre's form in English and Spanish, the Spanish word after a slash."""
CSS = """body{font:10.5pt 'Lato'} .g{display:grid;grid-template-columns:2.05in 1fr;gap:5px 8px;margin:.08in 0} .g>i{font-style:normal;font-weight:bold;text-align:left} .v{border-bottom:1px solid #777;padding-right:.3in} h2{margin:0;font-size:15pt} h3{margin:.15in 0 0;font-size:11.5pt;border-top:2px solid #000}"""
T = """
<h2>{{ s('referrer.organization') }}</h2><div>Referral form / Formulario de referido</div>
<h3>Patient / Paciente</h3><div class=g><i>Name / Nombre:</i>{{ s('patient.name') }}<i>Date of birth / Fecha de nacimiento:</i>{{ s('patient.birth_date') }}<i>Sex / Sexo:</i>{{ s('patient.sex') }}<i>Phone / Teléfono:</i>{{ s('patient.phone') }}
<i>Address / Dirección:</i><span>{{ s.addr() }}</span><i>Language / Idioma:</i>{{ s('patient.language') }}<i>Record No. / Expediente:</i>{{ s('patient.mrn') }}</div>
<h3>Insurance / Seguro</h3><div class=g><i>Plan / Seguro:</i>{{ s('insurance.payer') }}<i>Member ID / Número de miembro:</i>{{ s('insurance.member_id') }}<i>Group / Grupo:</i>{{ s('insurance.group_number') }}</div>
<h3>Referral / Referido</h3><div class=g><i>Date / Fecha:</i>{{ s('referral.date') }}<i>Specialty / Especialidad:</i>{{ s('referral.specialty') }}<i>Refer to / Referir a:</i>{{ s('recipient.organization') }}<i>Priority / Prioridad:</i>{{ s('referral.urgency') }}
<i>Diagnosis / Diagnóstico:</i><span>{% for c,t in s.dx() %}{{ c }} {{ t }}{% if not loop.last %}<br>{% endif %}{% endfor %}</span><i>Reason / Motivo:</i>{{ s('referral.reason') }}<i>Authorization / Autorización:</i>{{ s('referral.authorization_number') }}</div>
<h3>Referring provider / Proveedor que refiere</h3><div class=g><i>Name / Nombre:</i>{{ s('referrer.name','cred') }}<i>NPI:</i>{{ s('referrer.npi') }}<i>Phone / Teléfono:</i>{{ s('referrer.phone') }}<i>Fax:</i>{{ s('referrer.fax') }}</div>
"""


def build(b):
    b.css = CSS + b.rng.choice(["", "body{font-family:'Liberation Serif';font-size:11pt}"])
    d = b.doc("referral", b.case())
    d.drop("referrer.direct_address", "recipient.name", "referral.procedures", "referral.service", "insurance.secondary.payer", "insurance.secondary.member_id")
    d.page("referral", T)
