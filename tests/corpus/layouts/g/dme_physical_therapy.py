"""Therapy clinic's prescription pad of half a sheet, English and Spanish: check-boxes of the treatment above, who it is for and the prescriber at the bottom."""
import world

CSS = """
.cb{overflow:hidden} .page{padding:.45in} .pad{border:1.5px solid #000;border-radius:6px;padding:.16in .2in;line-height:1.25}
.hd{text-align:center;border-bottom:2px solid #000;padding-bottom:4px} .hd b{font-size:1.5em} .loc{display:flex;justify-content:space-between;font-size:.85em;margin:4px 0;gap:8px}
.rx{font:bold 25pt/25pt 'DejaVu Serif';float:left;margin-right:10px} .g{display:grid;grid-template-columns:1fr 1fr;gap:3px 10px} .g .opt{margin:0;white-space:normal}
.r{display:flex;gap:.14in;margin-top:.07in} .r>div{min-width:0} .a{border-bottom:1px solid #000;min-height:1.3em;overflow-wrap:anywhere} .r small{display:block;font-size:.82em;line-height:1.2;padding-top:2px}
.k{font-weight:bold;margin:.09in 0 .03in} i{font-style:italic} .two{display:grid;grid-template-columns:1fr 1fr;gap:.2in}
"""
FORM = """
{% macro f(en, es, w=1) %}<div style="flex:{{ w }}"><div class=a>{{ caller() }}</div><small>{{ en }} / <i>{{ es }}</i></small></div>{% endmacro %}
{% macro g(en, es, w=1) %}<div style="flex:{{ w }}"><small>{{ en }} / <i>{{ es }}</i></small><div class=a>{{ caller() }}</div></div>{% endmacro %}
<div class=pad style="width:{{ width }};margin:{{ margin }}">
<div class=hd><b>{{ s('recipient.organization') }}</b><br>{{ pick(['Prescription for Therapy', 'Rehabilitation Prescription', 'Outpatient Therapy Order']) }} &ndash; <i>{{ pick(['Receta para terapia', 'Orden de rehabilitación', 'Orden para terapia']) }}</i></div>
<div class=loc>{% for where, tel in sites %}<span><b>{{ where }}</b><br>T {{ s.ph(tel) }}</span>{% endfor %}<span><b>Fax (all sites)</b><br>{{ s.ph(x.rec_fax) }}</span></div>
<div class=k><span class=rx>&#8478;</span>{{ s.box(True) }}{{ s('referral.specialty') }} / <i>Terapia física</i><br>{{ s.box(False) }}Occupational / <i>Ocupacional</i> &nbsp; {{ s.box(False) }}Speech / <i>Del habla</i></div>
<div style="clear:both;padding-top:3px">{{ serv }} &nbsp; {{ s.box(hep) }}Home program / <i>Ejercicios en casa</i></div>
<div class=g style="margin-top:5px">{% for t, on in mods %}<span class=opt>{{ s.box(on) }}{{ t }}</span>{% endfor %}</div>
<div style="margin-top:6px">{{ pick(['Frequency', 'How often']) }} / <i>Frecuencia</i> <u>&nbsp;{{ times }}&nbsp;</u> x {{ pick(['week', 'wk']) }} &nbsp; {{ pick(['Duration', 'For']) }} / <i>Duración</i> <u>&nbsp;{{ weeks }}&nbsp;</u> {{ pick(['weeks', 'wks']) }}</div>
<div style="margin-top:4px">Precautions / <i>Precauciones</i>: {{ prec }}</div>
<div style="margin-top:6px">{{ pick(['Start', 'Schedule']) }} / <i>{{ pick(['Comenzar', 'Cita']) }}</i>: {{ urg }}</div>
<div class=r>{% call g(pick(['Dx & ICD-10', 'Diagnosis (ICD-10)', 'Diagnosis']), 'Diagnóstico') %}{% for c, w in s.dx() %}{{ w }} <b>{{ c }}</b>{{ '; ' if not loop.last }}{% endfor %}{% endcall %}</div>
<div class=r>{% call g(pick(['Problem / goals', 'Remarks', 'Clinical notes']), 'Notas') %}{{ s('referral.reason', 'bare') }}{% endcall %}</div>
{% if s.has('referral.procedures') %}<div class=r>{% call g('Billing codes authorized', 'Códigos') %}{% for c, w in s.cpt() %}{{ c }} {{ w }}{{ ', ' if not loop.last }}{% endfor %}{% endcall %}</div>{% endif %}
<div class=r style="margin-top:.14in">{% call f(pick(['Patient', 'Patient name', 'Name']), pick(['Paciente', 'Nombre del paciente']), 2) %}{{ s('patient.name') }}{% endcall %}{% call f(pick(['DOB', 'Date of birth']), 'Fecha de nacimiento', 1.2) %}{{ s('patient.birth_date') }}{% endcall %}</div>
<div class=r>{% call f('Tel.', 'Teléfono', 1) %}{{ s('patient.phone') }}{% endcall %}{% call f(pick(['Other contact', 'Emergency contact']), 'Otro contacto', 1.6) %}{{ x.emerg }} {{ s.ph(x.emerg_phone) }}{% endcall %}</div>
<div class=r>{% call f('Insurance', pick(['Seguro', 'Seguro médico']), 1.6) %}{{ s('insurance.payer') }}{% endcall %}{% call f(pick(['ID', 'Policy no.']), 'No. de póliza', 1.1) %}{{ s('insurance.member_id') }}{% endcall %}</div>
{% if comp %}<div class=r>{% call f('Injury date (auto / work comp only)', 'Fecha del accidente', 1) %}{{ s.d(x.visit) if hurt }}{% endcall %}{% call f('Authorization', 'Autorización', 1) %}{{ s('referral.authorization_number') }}{% endcall %}</div>{% endif %}
<div class=r style="margin-top:.16in">{% call f(pick(['Prescriber signature', 'Signature']), 'Firma', 1.5) %}<span style="font:16pt/14pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span>{% endcall %}{% call f('Date', 'Fecha', 1) %}{{ s('referral.date') }}{% endcall %}</div>
<div class=r>{% call f(pick(['Print name', 'Prescriber (print)', 'Physician / NP / PA']), 'Médico', 1.5) %}{{ s('referrer.name') }}{% endcall %}{% call f('NPI', 'NPI', 1) %}{{ s('referrer.npi') }}{% endcall %}</div>
<div class=r>{% call f(pick(['Office', 'Practice']), 'Consultorio', 1.6) %}{{ s('referrer.organization') }}{% endcall %}{% call f('Phone', 'Tel.', 1) %}{{ s('referrer.phone') }}{% endcall %}{% call f('Fax', 'Fax', 1) %}{{ s('referrer.fax') }}{% endcall %}</div>
<div style="font-size:.8em;margin-top:6px;text-align:center">{{ pick(['Bring this slip, photo ID and insurance card. Wear loose clothing.', 'I certify that these services are medically necessary.']) }}
<i>{{ pick(['Traiga esta receta, identificación y tarjeta de seguro.', 'Llegue 15 minutos antes de su cita.']) }}</i></div></div>
"""


def build(b):
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.8pt P052", "10.2pt 'Nimbus Roman'", "9.6pt C059", "10.4pt 'Linux Libertine O'"])
    c = b.case(specialty="Physical Therapy")
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.sex", "patient.language", "patient.address.line", "patient.address.city", "patient.address.state", "patient.address.postal_code",
           "insurance.group_number", "insurance.secondary.payer", "insurance.secondary.member_id", "recipient.name", "referrer.direct_address")
    comp = r.random() < .7
    serv = d.boxes("referral.service", [("evaluate_and_treat", r.choice(["Evaluate & treat", "Eval and treat"]) + " / Evaluar y tratar"), ("consult", "Consult only / Consulta")])
    urg = d.boxes("referral.urgency", [("routine", "Routine / Rutina"), ("urgent", "Urgent / Urgente"), ("stat", "STAT")])
    mods = ["Therapeutic exercise / Ejercicio", "Manual therapy / Terapia manual", "Gait, balance / Marcha, equilibrio", "Ultrasound / Ultrasonido",
            "TENS / Electroestimulación", "Heat, ice / Calor, hielo", "Traction / Tracción", "Aquatic / Acuática"]
    sites = [(cr.choice(["North", "Downtown", "Eastside"]), c.x["rec_phone"]), (cr.choice(["Westgate", "Hospital Plaza", "Mall Road"]), world.phone(cr, c.x["area"]))]
    width = r.choice(["5.9in", "6.3in", "7.55in"])
    d.page("referral", FORM, serv=serv, urg=urg, mods=[(t, cr.random() < .35) for t in mods], sites=sites, comp=comp, hurt=cr.random() < .2, hep=cr.random() < .5,
           times=cr.choice(["1-2", "2", "2-3", "3"]), weeks=cr.choice([4, 6, 8, 12]), width=width, margin=r.choice(["0", "0 auto", ".2in auto"]),
           prec=cr.choice(["none", "WBAT", "fall risk", "no overhead lifting", "cardiac, keep HR < 120"]))
