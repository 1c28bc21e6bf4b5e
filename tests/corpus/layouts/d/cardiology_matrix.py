"""Cardiology group's order sheet: a matrix of tests against routine, urgent and STAT, each with its CPT code, most not ordered."""
CSS = """
.page{padding:.4in .5in} .hd{display:grid;grid-template-columns:1.6fr 1fr;border-bottom:2px solid #000;padding-bottom:5px} .hd b{font-size:1.55em}
.r{text-align:right;font-size:.9em} .st{border:1px dashed #000;margin:.09in 0;padding:5px 8px;display:grid;grid-template-columns:1fr 1fr;gap:3px
18px}
.st div{display:flex;gap:6px} .st em{font-style:normal;font-weight:bold;white-space:nowrap} .w{grid-column:1/3}
.m{border-collapse:collapse;width:100%} .m td,.m th{border-bottom:.6px solid #000;padding:2.2px 5px;text-align:center} .m
td:first-child{text-align:left}
.m th{font-size:.88em;border-bottom:2px solid #000} .m .cb{margin:0} .m .g td{background:#e2e2e2;font-weight:bold;text-align:left}
"""
FACES = ["body{font:9.6pt/1.3 Roboto}", "body{font:9.8pt/1.3 'Nimbus Sans'}", "body{font:9.5pt/1.3 Lato} .st{border-style:solid}",
         "body{font:10.6pt/1.25 'Linux Libertine O'} .m th{font-family:'Linux Biolinum O'}"]
T = """{% macro k(lab, v='', cls='') %}<div class="{{ cls }}"><em>{{ lab }}</em><span>{{ v }}</span></div>{% endmacro %}
<div class=hd><div><b>{{ s('recipient.organization') }}</b><br>{{ s('referral.specialty') }} {{ pick(['testing and consult order', 'order sheet',
'- Physician Order for Testing']) }}</div><div class=r>{{ pick(['Scheduling', 'To schedule call']) }} {{ s.ph(x.rec_phone) }}<br>{{
pick(['Orders fax',
'Fax order to']) }} {{ s.ph(x.rec_fax) }}<br>{{ x.rec_addr }}, {{ x.city }}</div></div>
<div class=st>{{ k(pick(['Pt:', 'Patient:', 'Pt. name:']), s('patient.name')) }}{{ k(pick(['DOB:', 'Birth date:']), s('patient.birth_date')) }}
{{ k(pick(['Pt. phone:', 'Contact #:']), s('patient.phone')) }}{{ k(pick(['M / F:', 'Sex:']), s('patient.sex')) }}
{{ k(pick(['Ins:', 'Primary ins:', 'Insurance:']), s('insurance.payer')) }}{{ k(pick(['Ins ID:', 'Policy/ID:', 'ID#:']),
s('insurance.member_id')) }}
{% if s.has('insurance.secondary.payer') %}{{ k(pick(['2nd ins:', 'Secondary ins:']), s('insurance.secondary.payer')) }}{{ k(pick(['2nd ID:',
'Secondary ID#:']),
s('insurance.secondary.member_id')) }}{% endif %}{{ k(pick(['Precert #:', 'PA #:', 'Pre-auth no.:']), s('referral.authorization_number')) }}
{{ k(pick(['Grp:', 'Group#:']), s('insurance.group_number')) }}<div><em>Ht / Wt:</em>{{ ht }} in / {{ x.wt }} lb</div><div><em>Last
creatinine:</em>{{ creat }}</div></div>
<table class=m><tr><th style="text-align:left">{{ pick(['Study', 'Test', 'Examination']) }}<th>CPT{% for t in heads %}<th>{{ t }}{%
endfor %}<th>{{ pick(['Read by us', 'Interp. only']) }}</tr>
{% for g, rows in groups %}<tr class=g><td colspan=6>{{ g }}</tr>{% for c, t in rows %}<tr><td>{{ t }}<td>{{ c }}{% for u in ['routine', 'urgent',
'stat'] %}
<td>{{ s.box(c in wanted and u == urgency, mark) }}{% endfor %}<td>{{ s.box(false, mark) }}</tr>{% endfor %}{% endfor %}</table>
<div class=st style="border:none;padding:0">{{ k(pick(['Consult:', 'Also request:', 'Visit type:']), s.boxes('referral.service', services, mark),
'w') }}
{{ k(pick(['Doctor requested:', 'Cardiologist preferred:']), s('recipient.name'), 'w') }}
{{ k(pick(['Symptom / question:', 'Signs and symptoms:', 'Clinical indication:']), s('referral.reason'), 'w') }}
<div class=w><em>{{ pick(['ICD-10 (must support test):', 'Dx code(s):', 'ICD-10:']) }}</em><span>{% for c, t in s.dx() %}{{ c }} {{ t }}{{ '; ' if
not loop.last }}{% endfor %}</span></div>
<div class=w><em>Risk factors:</em><span>{% for t in ['HTN', 'Lipids', 'DM', 'Smoker', 'Family hx', 'Prior MI / stent', 'Pacemaker'] %}<span
class=opt>{{ s.box(pick([true, false, false]), mark) }}{{ t }}</span> {% endfor %}</span></div>
<div class=w><em>Meds to hold:</em><span>{{ pick(['none', 'beta blocker 24 h', 'caffeine 12 h']) }}</span></div></div>
<div class=st>{{ k(pick(['Ordering MD:', 'Ordering provider:', 'Ordered by:']), s('referrer.name')) }}{{ k('NPI:', s('referrer.npi')) }}
{{ k(pick(['Practice:', 'From office:']), s('referrer.organization')) }}{{ k(pick(['Date ordered:', 'Date:']), s('referral.date')) }}
{{ k(pick(['Office #:', 'Tel:']), s('referrer.phone')) }}{% if s.has('referrer.fax') %}{{ k(pick(['Results fax:', 'Fax report to:']),
s('referrer.fax')) }}{% endif %}
{{ k(pick(['cc report to:', 'Copy to:']), cc) }}<div style="align-items:flex-end"><em>Signature:</em><span style="font:18pt/1 Z003">{{
x.referrer[0][0] }} {{ x.referrer[2] }}</span></div></div>
<div style="font-size:.8em">{{ pick(['Bring photo ID, insurance card and a list of medicines. Wear a two-piece outfit.',
'Incomplete orders cannot be scheduled. Unsigned orders are returned.']) }}
&nbsp; Appt: ____________ &nbsp; Confirmed w/ pt: ____ &nbsp; CV-12 6/24</div>"""
GROUPS = [("ECHO", [("93306", "Echocardiogram, complete"), ("93350", "Stress echo"), ("93312", "Transesophageal echo")]),
          ("STRESS", [("93017", "Treadmill, tracing only"), ("78452", "Nuclear stress (SPECT)")]),
          ("RHYTHM", [("93224", "Holter, 48 h"), ("93270", "Event recorder, 30 day"), ("93000", "ECG, 12 lead")]),
          ("VASCULAR / CT", [("93880", "Carotid duplex"), ("75574", "Coronary CTA"), ("93922", "ABI, both legs")])]


def build(b):
    import world
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Cardiology")
    while c.x["age"] < 18:
        c = b.case(specialty="Cardiology")
    v = c.values
    v["referral.procedures"] = [k for k, _ in c.procs]
    v.setdefault("referral.urgency", "routine")
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.language", "referrer.direct_address", *[f"patient.address.{k}" for k in ("line", "city", "state",
           "postal_code")])
    d._reg("referral.urgency")
    d.cpt()
    p = world.person(r)
    groups = r.sample(GROUPS, 4)
    d.page("referral", T, groups=groups, wanted=v["referral.procedures"], urgency=v["referral.urgency"], mark=r.choice(["sq", "sqv", "uni",
           "br"]),
           heads=r.choice([["Routine", "Urgent", "STAT"], ["Routine", "Urgent (7 d)", "STAT (today)"]]), ht=r.randint(59, 75),
                  creat=f"{r.uniform(.6, 1.4):.1f}",
           cc=r.choice(["", f"Dr. {p[2]}, {world.phone(r, c.x['area'])[2:]}"]), services=[("consult", r.choice(["Consultation",
                  "Office consult"])),
           ("evaluate_and_treat", "Evaluate and treat"), ("diagnostic", r.choice(["Testing only", "Tests only, no visit"])), ("second_opinion",
                  "Second opinion"),
           ("transfer_of_care", "Assume care"), ("procedure", "Procedure")])
