"""Community health center's sheet in plain words: English label left, Portuguese right, the answer between them."""
CSS = """
.page{padding:.45in .6in} .hd{display:flex;justify-content:space-between;border-bottom:2px solid #000;padding-bottom:4px} .hd
b{font-size:1.35em}
h1{text-align:center;font-size:1.35em;margin:.08in 0 0} h2{text-align:center;font-size:1em;margin:.1in 0
.02in;background:var(--h);padding:1px}
.m{display:grid;grid-template-columns:1.75in 1fr 1.75in;column-gap:.12in;align-items:end} .m>i{font-style:normal;font-size:.93em}
.m>i.p{text-align:right;
font-style:var(--i)} .m>p{margin:0;border-bottom:1px solid #555;min-height:1.55em;padding:3px 4px 0;text-align:var(--a)}
.ft{font-size:.84em;margin-top:.12in}
"""
FACES = ["body{font:10.3pt/1.22 Lato;--h:#e0e0e0;--i:italic;--a:left}",
         "body{font:10.6pt/1.28 'Liberation Sans';--h:#fff;--i:normal;--a:center} h2{border:1px solid #000}",
         "body{font:10.8pt/1.2 'Linux Libertine O';--h:#ddd;--i:italic;--a:left} .m>p{border-bottom-style:dotted}",
         "body{font:10pt/1.28 'DejaVu Sans Condensed';--h:#eee;--i:italic;--a:center}"]
M = """{% macro m(en, pt, v='') %}<i>{{ en }}</i><p>{{ v }}</p><i class=p>{{ pt }}</i>{% endmacro %}"""
HEAD = """<div class=hd><b>{{ s('referrer.organization') }}</b><div style="text-align:right">{{ x.ref_addr }}, {{ x.city }}, {{ x.state
}}<br>{{ s('referrer.phone') }}{% if
s.has('referrer.fax') %} &nbsp; fax {{ s('referrer.fax') }}{% endif %}</div></div><h1>{{
pick(['Specialist visit request / Pedido de consulta com especialista', 'Referral / Encaminhamento',
'Going to a specialist / Encaminhamento ao especialista']) }}</h1>"""
WHO = """<h2>{{ pick(['The patient / O paciente', 'About you / Seus dados']) }}</h2><div class=m>{{ m('Name', 'Nome', s('patient.name'))
}}{{ m('Birthday', pick(['Data de nascimento',
'Nascimento']), s('patient.birth_date')) }}{{ m(pick(['Sex', 'Male or female']), 'Sexo', s.boxes('patient.sex', [('female', 'F'), ('male',
'M'), ('other', pick(['Other', 'X']))])) }}{{
m('Street', 'Rua', s('patient.address.line')) }}{{ m('City, state, ZIP', 'Cidade, estado, CEP', s.csz()) }}{{ m(pick(['Phone',
'Cell phone']), pick(['Telefone', 'Celular']),
s('patient.phone')) }}{{ m(pick(['Language you speak', 'Best language']), pick(['Idioma', 'Que idioma fala']), s('patient.language')) }}{{
m('Clinic number', pick(['Prontu&aacute;rio',
'N&uacute;mero na cl&iacute;nica'])|safe, s('patient.mrn')) }}{{ m(pick(['Someone we can call', 'Family contact']),
'Contato da fam&iacute;lia'|safe, x.emerg ~ ', ' ~ s.ph(x.emerg_phone))
}}</div>"""
PAY = """<h2>{{ pick(['Insurance / Seguro', 'Who pays / Quem paga']) }}</h2><div class=m>{{ m(pick(['Insurance', 'Health plan']),
pick(['Seguro', 'Plano de sa&uacute;de'])|safe,
s('insurance.payer')) }}{{ m(pick(['Number on the card', 'Card number']), pick(['N&uacute;mero do cart&atilde;o',
'N&ordm; do cart&atilde;o'])|safe, s('insurance.member_id')) }}{{
m('Group', 'Grupo', s('insurance.group_number')) }}{{ m('Other insurance', 'Outro seguro', s('insurance.secondary.payer') ~ ' ' ~
s('insurance.secondary.member_id') if
s.has('insurance.secondary.payer') else '') }}{{ m(pick(['Approval number', 'Plan OK number']),
pick(['N&uacute;mero de autoriza&ccedil;&atilde;o', 'Autoriza&ccedil;&atilde;o'])|safe,
s('referral.authorization_number')) }}</div>"""
WHERE = """<h2>{{ pick(['Where you are going / Para onde vai', 'The specialist / O especialista']) }}</h2><div class=m>{{
m(pick(['Kind of doctor', 'Kind of specialist']),
pick(['Especialidade', 'Tipo de m&eacute;dico'])|safe, s('referral.specialty')) }}{{ m('Place', 'Local', s('recipient.organization')) }}{{
m('Doctor', 'M&eacute;dico'|safe,
s('recipient.name')) }}{{ m('Phone / fax there', 'Telefone / fax do local', s.ph(x.rec_phone) ~ ' / ' ~ s.ph(x.rec_fax)) }}{{
m(pick(['How soon', 'When']), pick(['Quando',
'Urg&ecirc;ncia'])|safe, s.boxes('referral.urgency', soon)) }}{{ m('What we ask for', 'O que pedimos', s('referral.service')) }}{{
m(pick(['Why', 'Why you need this visit']),
pick(['Por qu&ecirc;', 'Motivo'])|safe, s('referral.reason')) }}</div>"""
CLINIC = """<h2>{{ pick(['For the clinic / Para uso da cl&iacute;nica', 'Clinic staff fills in / Preenchido pela cl&iacute;nica'])|safe
}}</h2><div class=m>{{ m('Diagnosis, ICD-10',
'Diagn&oacute;stico, CID-10'|safe, dxs()) }}{{ m('Procedure, CPT', 'Procedimento', cpts()) }}{{ m(pick(['Sent by (provider)', 'Provider']),
pick(['Quem encaminha', 'Profissional']),
s('referrer.name')) }}{{ m('NPI', 'NPI', s('referrer.npi')) }}{{ m('Secure e-mail', 'E-mail seguro', s('referrer.direct_address')) }}{{
m(pick(['Date', 'Today']), pick(['Data', 'Hoje']),
s('referral.date')) }}</div>
<div class=ft>{{
pick(['Bring this paper, your insurance card and your medicines. / Traga este papel, o cart&atilde;o do seguro e os seus rem&eacute;dios.',
'If nobody calls you in 10 days, call us. / Se ningu&eacute;m ligar em 10 dias, ligue para n&oacute;s.'])|safe }} {{
pick(['Interpreters are free. / Int&eacute;rprete sem custo.', ''])|safe }}
Help: {{ x.contact }}</div>"""
SOON = [[("routine", "Routine / Normal"), ("urgent", "Urgent / Urgente"), ("stat", "STAT / Hoje")],
        [("stat", "Today / Hoje (STAT)"), ("urgent", "Urgent / Urgente"), ("routine", "Routine / Rotina")]]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    if "patient.language" in c.values:
        c.values["patient.language"] = r.choice(["Portuguese", "Portuguese", c.values["patient.language"]])
    c.values["referrer.organization"] = r.choice(["{} Community Health Center", "{} Neighborhood Health",
                                                  "{} Family Health Services, Inc."]).format(
        r.choice([c.x["city"], c.x["place"]]))
    d = b.doc("referral", c)
    blocks = r.choice([[WHO, PAY, WHERE], [WHO, WHERE, PAY], [WHERE, WHO, PAY]])
    d.page("referral", M + HEAD + "".join(blocks) + CLINIC, soon=r.choice(SOON), dxs=lambda: "; ".join(f"{t}, {k}" for k, t in d.dx()),
           cpts=lambda: "; ".join(f"{t}, {k}" for k, t in d.cpt()))
