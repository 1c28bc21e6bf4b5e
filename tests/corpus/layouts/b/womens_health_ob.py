"""Gynecology referral form: gravida / para, LMP, Pap and contraception boxes, columns of reasons, pregnancy section left blank."""
import datetime as dt

CSS = """
.page{padding:.5in .55in} .hd{border-top:6px solid #666;border-bottom:1px solid #666;padding:6px 0;text-align:center}
.hd b{font-size:1.65em;font-weight:normal} .cols{display:grid;grid-template-columns:1.15fr 1fr;gap:.22in;margin-top:.08in} .cols>div{min-width:0}
h4{margin:.12in 0 .04in;font-size:1.05em;font-style:italic;border-bottom:.8px solid #666} .f{display:flex;gap:6px;margin:.06in 0}
.f>span:first-child{white-space:nowrap} .f>div{flex:1;border-bottom:.6px dotted #000;min-width:0;overflow-wrap:anywhere;font-weight:bold}
.nb .f>div{font-weight:normal} .b{border:1px solid #666;padding:.06in .1in;margin-top:.1in}
"""
T = """
{% macro f(t) %}<div class=f><span>{{ t }}</span><div>{{ caller() }}</div></div>{% endmacro %}
<div class=hd><b>{{ pick(["Women's Specialty Referral",'Referral for Gynecologic Care','Gynecology / High-Risk Referral']) }}</b><br>
{{ pick(['Fax completed form to','Return by fax:']) }} {{ s('recipient.organization') }}, {{ s.ph(x.rec_fax) }} &nbsp; Office {{ s.ph(x.rec_phone) }}</div>
<div class="cols {{ nb }}"><div>
<h4>{{ pick(['Patient','Her information','Patient details']) }}</h4>
{% call f(pick(['Name','Patient name (legal)'])) %}{{ s('patient.name') }}{% endcall %}{% call f('DOB') %}{{ s('patient.birth_date') }}
<span style="font-weight:normal">&nbsp; Age {{ x.age }} &nbsp; Sex {{ s('patient.sex') }}</span>{% endcall %}
{% call f(pick(['Address','Residence'])) %}{{ s.addr() }}{% endcall %}
{% call f(pick(['Phone (ok to leave message)','Confidential phone'])) %}{{ s('patient.phone') }}{% endcall %}
{% call f('Partner / emergency contact') %}<span style="font-weight:normal">{{ x.emerg }} {{ s.ph(x.emerg_phone) }}</span>{% endcall %}
{% call f(pick(['Speaks','Language preferred'])) %}{{ s('patient.language') }}{% endcall %}
{% call f(pick(['Your chart no.','Medical record no.'])) %}{{ s('patient.mrn') }}{% endcall %}
{% call f(pick(['Insurance plan','Plan'])) %}{{ s('insurance.payer') }}{% endcall %}
{% call f(pick(['Insurance ID','Policy number'])) %}{{ s('insurance.member_id') }}{% endcall %}
{% call f('Group') %}{{ s('insurance.group_number') }}{% endcall %}{% if s.has('insurance.secondary.payer') %}
{% call f('Second plan / ID') %}{{ s('insurance.secondary.payer') }} / {{ s('insurance.secondary.member_id') }}{% endcall %}{% endif %}
{% call f(pick(['Referral auth. no.','Authorization'])) %}{{ s('referral.authorization_number') }}{% endcall %}
</div><div>
<h4>{{ pick(['Referred by','Your practice','Sending office']) }}</h4>
{% call f('Clinician') %}{{ s('referrer.name') }}{% endcall %}{% call f('NPI') %}{{ s('referrer.npi') }}{% endcall %}
{% call f('Office') %}{{ s('referrer.organization') }}{% endcall %}{% call f('Phone') %}{{ s('referrer.phone') }}{% endcall %}
{% call f('Fax') %}{{ s('referrer.fax') }}{% endcall %}{% if s.has('referrer.direct_address') %}
{% call f('Direct') %}{{ s('referrer.direct_address') }}{% endcall %}{% endif %}
{% call f(pick(['Date of referral','Referral made on'])) %}{{ s('referral.date') }}{% endcall %}
<h4>{{ pick(['Referred to','Appointment with']) }}</h4>
{% call f(pick(['Service','Specialty'])) %}{{ s('referral.specialty') }}{% endcall %}{% call f('Clinician') %}{{ s('recipient.name') }}{% endcall %}
{% call f('Sub-clinic') %}<span style="font-weight:normal">{{ s.box(True) }}Gyn {{ s.box(False) }}MFM {{ s.box(False) }}Urogyn {{ s.box(False) }}REI</span>
{% endcall %}
</div></div>
<div class=b><b>{{ pick(['How soon','Urgency','Triage']) }}</b> &nbsp; {{ urg }}</div>
<div class=b><b>{{ pick(['Requesting','What is needed','Visit is for']) }}</b> &nbsp; {{ serv }}</div>
<h4>{{ pick(['Indication','Reason she is referred','Chief concern']) }}</h4><p style="margin:3px 0 6px">{{ s('referral.reason') }}</p>
{% for c,d in s.dx() %}<p style="margin:2px 0">{{ pick(['ICD-10','ICD-10']) }} {{ c }} &ndash; {{ d }}</p>{% endfor %}{% for c,d in s.cpt() %}
<p style="margin:2px 0">CPT {{ c }} &ndash; {{ d }}</p>{% endfor %}
<div class=cols><div class=nb><h4>Gynecologic history</h4>{% call f('G / P / SAB / Living') %}{{ g }} / {{ p }} / {{ g - p }} / {{ p }}{% endcall %}
{% call f('Last menstrual period') %}{{ lmp }}{% endcall %}{% call f('Last Pap') %}{{ s.d(pap) }} - {{ pick(['normal','ASC-US','NILM, HPV neg',
'normal']) }}{% endcall %}{% call f('Last mammogram') %}{{ s.d(mam) if x.age > 39 else 'n/a' }}{% endcall %}{% call f('Contraception') %}{{ pick(['none',
'oral pill','IUD','tubal','condoms']) if x.age < 51 else 'none' }}{% endcall %}</div>
<div class=nb><h4>{{ pick(['Obstetric section (pregnant patients only)','If pregnant']) }}</h4>{% call f('EDD') %}{% endcall %}
{% call f('Gestational age') %}{% endcall %}{% call f('Prenatal provider') %}{% endcall %}{% call f('Blood type / Rh') %}{% endcall %}
<div style="margin-top:5px">{{ s.box(True) }}Not pregnant</div></div></div>
<div class=b style="font-size:.92em">Enclosed: {% for t in ['Office note','Pap / pathology','Ultrasound report','CBC / TSH',
'Operative reports'] %}<span class=opt>{{ s.box(rng.random() < 0.45) }}{{ t }}</span> {% endfor %} Meds: {{ x.meds[0] }}, {{ x.meds[1] }}. Allergy:
{{ x.allergy }}.</div>
"""


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.6pt P052", "9.4pt Lato", "9.8pt 'Linux Biolinum O'", "9.2pt 'Nimbus Sans'"])
    c = b.case(specialty="Obstetrics and Gynecology")
    while c.x["age"] < 18:
        c = b.case(specialty="Obstetrics and Gynecology")
    d, x = b.doc("referral", c), c.x
    d.style["name"] = r.choice(["first", "last", "FIRST"])
    urg = d.boxes("referral.urgency", [("routine", "Routine"), ("urgent", r.choice(["Urgent, 1 week", "Urgent"])), ("stat", r.choice(["STAT / today",
        "STAT"]))])
    serv = d.boxes("referral.service", [("consult", "Consult"), ("evaluate_and_treat", "Evaluate + treat"), ("procedure", "Procedure"), ("diagnostic",
        "Testing"), ("second_opinion", "2nd opinion"), ("transfer_of_care", "Transfer of care")])
    p = r.randint(0, 4)
    back = lambda lo, hi: x["ref_date"] - dt.timedelta(days=r.randint(lo, hi))
    d.page("referral", T, nb=r.choice(["", "nb"]), urg=urg, serv=serv, g=p + r.randint(0, 2), p=p, lmp=d.d(back(5,
        40)) if x["age"] < 51 else "postmenopausal", pap=back(200, 1500), mam=back(60, 700), rng=r)
