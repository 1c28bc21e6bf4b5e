"""Community health center form with English labels and their Spanish underneath."""
CSS = """
body{font:9.6pt/1.22 'Liberation Sans'} .page{padding:.45in .55in} h1{font-size:15pt;margin:0;text-align:center} .sb{text-align:center;font-style:italic;
font-size:11pt;margin-bottom:5px} table{width:100%;border-collapse:collapse;table-layout:fixed} td{border:1px solid #000;vertical-align:middle;
padding:2px 5px}
td.k{width:1.48in;font-size:8.4pt;font-weight:bold;background:#f1f1f1} td.k em{display:block;font-weight:normal;font-size:7.8pt} td.v2{font-size:9.9pt}
tr.h td{background:#333;color:#fff;font-weight:bold;font-size:9.2pt;padding:2px 6px} tr.h em{font-weight:normal}
"""
FACES = ["", "body{font-family:'Nimbus Sans Narrow'} td.k{font-size:9.2pt} td.k em{font-size:8.6pt} td.v2{font-size:10.6pt}",
           "body{font-family:'DejaVu Sans'} td.k{font-size:7.6pt} td.k em{font-size:7.2pt} td.v2{font-size:8.5pt}",
           "body{font-family:'Liberation Serif'} td.k{background:#fff} td.v2{font-size:10.6pt}",
           "body{font-family:'Roboto'} tr.h td{background:#fff;color:#000;border-width:2px} td.k em{display:inline} td.k em:before{content:'/ '}"]
M = """{% macro k(en, es) %}<td class=k>{{ en }}<em>{{ es }}</em></td>{% endmacro %}{% macro one(en, es, v='') %}<tr>{{ k(en, es) }}
<td class=v2 colspan=3>{{ v }}</td></tr>{% endmacro %}
{% macro two(a, b, v, c, d, w) %}<tr>{{ k(a, b) }}<td class=v2>{{ v }}</td>{{ k(c, d) }}<td class=v2>{{ w }}</td></tr>{% endmacro %}{% macro h(en, es) %}
<tr class=h><td colspan=4>{{ en }} <em>/ {{ es }}</em></td></tr>{% endmacro %}"""
HEAD = """<div style="display:flex;justify-content:space-between;font-size:8.6pt;margin-bottom:6px"><span><b style="font-size:11pt">{{
s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</span><span style="text-align:right">{{ pick(['Tel.',
'Phone / Teléfono', 'Call / Llame']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %}<br>Fax {{ s('referrer.fax') }}{% endif %}</span></div>
<h1>{{ pick(['Referral to a Specialist', 'Specialty Care Referral']) }}</h1><div class=sb>{{ pick(['Referencia a un especialista',
'Remisión a atención especializada']) }}</div><table><colgroup><col style="width:1.5in"><col><col style="width:1.5in"><col></colgroup>"""
PAT = """{{ h('Patient', 'Paciente') }}{{ one(pick(['Patient name', 'Full name']), pick(['Nombre del paciente',
'Nombre completo']), s('patient.name')) }}{{ two(pick(['Date of birth', 'Birth date']), 'Fecha de nacimiento',
s('patient.birth_date'), 'Sex', 'Sexo', s.boxes('patient.sex', [('female', pick(['F / Fem.', 'Female / Mujer'])), ('male', pick(['M / Masc.', 'Male /
Hombre']))])) }}
{{ one(pick(['Street address', 'Home address']), pick(['Domicilio', 'Dirección']), s('patient.address.line')) }}{{ one(pick(['City, state, ZIP']),
pick(['Ciudad, estado, código postal']), s.csz()) }}{{ two(pick(['Patient phone', 'Telephone']),
pick(['Teléfono del paciente', 'Teléfono']), s('patient.phone'), pick(['Message phone', 'Emergency contact']), pick(['Para recados', 'En caso de
emergencia']), x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}
{{ one(pick(['Preferred language', 'Language spoken']), pick(['Idioma preferido', 'Idioma']),
lang) }}{{ two(pick(['Clinic no.', 'Chart number']), pick(['Núm. de expediente', 'Núm. de clínica']),
s('patient.mrn'), pick(['Household size', 'Sliding fee level']), pick(['Personas en el hogar', 'Nivel de descuento']), pick(['', '3', 'B'])) }}"""
INS = """{{ h(pick(['Insurance', 'Health coverage']), pick(['Seguro médico', 'Cobertura'])) }}{{ two(pick(['Insurance company',
'Health plan']), pick(['Compañía de seguro', 'Plan de salud']), s('insurance.payer'), pick(['Member ID', 'Policy number']), pick(['Núm. de miembro', 'Núm.
de póliza']), s('insurance.member_id')) }}{{ two('Group number', 'Núm. de grupo', s('insurance.group_number'),
pick(['Insured person', 'Policyholder']), pick(['Asegurado', 'Titular']), hold) }}
{{ two(pick(['Other insurance', 'Second plan']), pick(['Otro seguro', 'Segundo plan']), s('insurance.secondary.payer'),
pick(['ID, other insurance', 'Second plan ID']), pick(['Núm. del otro seguro', 'Núm. del segundo plan']), s('insurance.secondary.member_id'))
}}{{ one(pick(['Authorization number', 'Plan approval no.']), pick(['Núm. de autorización']), s('referral.authorization_number')) }}"""
REF = """{{ h(pick(['Referral', 'Specialist visit']), pick(['Referencia', 'Consulta con el especialista'])) }}{{ two(pick(['Date',
'Referral date']), 'Fecha', s('referral.date'), pick(['Type of specialist', 'Specialty']), pick(['Tipo de especialista', 'Especialidad']),
s('referral.specialty')) }}{{ one(pick(['Specialist office', 'Send patient to']), pick(['Consultorio del especialista',
'Enviar al paciente a']), s('recipient.organization')) }}
{{ two(pick(['Doctor', 'Specialist']), pick(['Doctor', 'Especialista']), s('recipient.name'),
pick(['Specialist phone', 'Office phone of specialist']), 'Teléfono del especialista', s.ph(x.rec_phone))
}}{{ one(pick(['Priority', 'How soon']), pick(['Prioridad', 'Qué tan pronto']), s.boxes('referral.urgency',
[('routine', 'Routine / De rutina'), ('urgent', 'Urgent / Urgente'), ('stat', 'STAT / Inmediato')]))
}}{{ one(pick(['Service requested', 'Purpose of visit']), pick(['Servicio solicitado', 'Propósito']), s.boxes('referral.service', serv)) }}
{{ one(pick(['Reason for visit', 'Health problem']), pick(['Motivo de la consulta', 'Problema de salud']),
s('referral.reason')) }}{{ one(pick(['Diagnosis (ICD-10)', 'Diagnoses and codes']), 'Diagnóstico', dx) }}{% if s.has('referral.procedures') %}
{{ one(pick(['Procedure (CPT)', 'Test or procedure code']), pick(['Procedimiento', 'Prueba o procedimiento']), cpt) }}{% endif %}"""
BY = """{{ h(pick(['Referring provider', 'Provider at this clinic']), pick(['Proveedor que refiere',
'Proveedor de esta clínica'])) }}{{ two(pick(['Provider name', 'Name']), 'Nombre', s('referrer.name'),
'NPI', 'Núm. NPI', s('referrer.npi')) }}{{ one(pick(['Direct address', 'Secure e-mail']), pick(['Correo seguro (Direct)']), s('referrer.direct_address')) }}
{{ two(pick(['Signature']), 'Firma', sig, pick(['Referral clerk', 'Case worker']), pick(['Encargada de referencias',
'Trabajadora de caso']), x.contact) }}"""
FOOT = """</table><p style="font-size:8.2pt;margin:6px 0">{{ note }}</p><p style="font-size:8.2pt;margin:10px 0 0">
{{ pick(['Patient signature / Firma del paciente', 'Patient or guardian / Paciente o tutor']) }} ______________________________ &nbsp;
{{ pick(['Date / Fecha', 'Fecha']) }} ______________</p>"""
NOTES = ["Bring this paper and your insurance card to the visit. / Traiga este papel y su tarjeta de seguro a la cita.",
         "If you do not get a call in two weeks, call us. / Si no le llaman en dos semanas, llámenos."]


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    x = c.x
    d = b.doc("referral", c)
    d.style["cb"] = r.choice(["sq", "sqv", "fill", "br", "uni"])
    lang, lg = d("patient.language"), c.values.get("patient.language")
    if r.random() < .6:
        bx = lambda on, t: Markup('<span class=opt>%s%s</span>') % (d.box(on), t)
        lang = Markup(" ").join([bx(lg == "English", "English / Inglés"), bx(lg == "Spanish", "Spanish / Español"), bx(bool(lg) and lg not in ("English",
           "Spanish"), "Other / Otro:")])
        if lg in ("English", "Spanish"):
            d._reg("patient.language")
        elif lg:
            lang += d("patient.language")
    serv = [("consult", "Consult / Consulta"), ("evaluate_and_treat", "Evaluate and treat / Evaluar y tratar"), ("procedure", "Procedure / Procedimiento"),
           ("diagnostic", "Diagnostic test / Prueba"), ("second_opinion", "Second opinion / Segunda opinión"), ("transfer_of_care",
           "Transfer of care / Transferir atención")]
    dx = Markup("<br>").join(Markup("%s - %s") % t for t in d.dx())
    cpt = Markup("<br>").join(Markup("%s %s") % t for t in d.cpt())
    sig = Markup("<span style=\"font:17pt/1 'Z003'\">%s %s</span>") % (x["referrer"][0], x["referrer"][2])
    body = r.choice([[PAT, INS, REF, BY], [REF, PAT, INS, BY], [BY, PAT, REF, INS]])
    d.page("referral", M + HEAD + "".join(body) + FOOT, lang=lang, serv=serv, dx=dx, cpt=cpt, sig=sig, note=r.choice(NOTES), hold=r.choice(["",
           "Same / Mismo"]) if x["age"] > 20 else x["emerg"])
