"""Sleep laboratory's own order form: tests and diagnoses as tick boxes with codes, Epworth and neck size, comorbid conditions."""
import simple_icd_10_cm as icd

TESTS = [("95810", "Attended polysomnogram (diagnostic)"), ("95811", "PAP titration polysomnogram"), ("95806", "Home sleep apnea test, unattended"),
    ("95805", "Multiple sleep latency test (MSLT)"), ("95807", "Attended study, limited channels")]
DX = ["G47.33", "R06.83", "G47.10", "G47.00", "G25.81", "G47.419", "G47.31", "R06.81"]
SHORT = {"G47.33": "Obstructive sleep apnea", "R06.83": "Snoring", "G47.10": "Hypersomnia, unspecified", "G47.00": "Insomnia, unspecified",
    "G25.81": "Restless legs", "G47.419": "Narcolepsy w/o cataplexy",
         "G47.31": "Central sleep apnea, primary", "R06.81": "Apnea, not elsewhere classified"}
WHY = ["Loud snoring with witnessed pauses in breathing for {d} and morning headaches",
    "Falls asleep while driving; daytime sleepiness getting worse over {d}", "Resistant hypertension and unrefreshing sleep for {d}, rule out sleep apnea",
       "On CPAP since 2016, mask pressure no longer controls symptoms for {d}; retitration wanted",
           "Leg kicking and broken sleep during {d}, reported by bed partner"]
CSS = """
.page{padding:.45in .55in} .h{background:#3a3a3a;color:#fff;padding:.1in .15in;display:flex;justify-content:space-between;align-items:center}
.h b{font-size:1.5em} .h span{font-size:.86em;text-align:right} .sec{margin-top:.1in;border-top:2px solid #3a3a3a;padding-top:.04in}
.sec>b:first-child{display:block;font-size:1.02em;margin-bottom:.04in}
.r{display:flex;gap:.15in;margin:.055in 0} .r>div{flex:1;min-width:0;border-bottom:.6px solid #000;overflow-wrap:anywhere}
.r small{font-size:.82em;color:#333;margin-right:5px} .g2{display:grid;grid-template-columns:1fr 1fr;gap:3px .2in}
.g3{display:grid;grid-template-columns:1fr 1fr 1fr;gap:3px .1in}
"""
T = """
{% macro f(l, n=1) %}<div style="flex:{{ n }}"><small>{{ l }}</small>{{ caller() }}</div>{% endmacro %}
<div class=h><div><b>{{ pick(['SLEEP STUDY REQUEST','SLEEP DISORDERS CENTER ORDER FORM','POLYSOMNOGRAPHY ORDER']) }}</b><br>
{{ s('recipient.organization') }}</div><span>{{ x.rec_addr }}, {{ x.city }} {{ x.state }}<br>Scheduling {{ s.ph(x.rec_phone) }}<br>Send by fax to
{{ s.ph(x.rec_fax) }}</span></div>
<div class=r>{% call f(pick(['Order date','Date ordered'])) %}{{ s('referral.date') }}{% endcall %}
{% call f('Clinic / specialty', 1.6) %}{{ s('referral.specialty') }} - Sleep Laboratory{% endcall %}
{% call f(pick(['Interpreting physician requested','Sleep physician']), 1.6) %}{{ s('recipient.name') }}{% endcall %}</div>
<div class=r style="margin-bottom:0"><div style="border:0"><small>Priority</small>{{ s.boxes('referral.urgency', [('routine','Routine'),
('urgent',pick(['Urgent','Urgent (driver / pilot / pre-op)'])),('stat','STAT')]) }}</div></div>
<div class=sec><b>{{ pick(['1. Sleeper','1. Patient','PATIENT']) }}</b><div class=r>
{% call f(pick(['Patient (last, first)','Surname, given name']), 2) %}{{ s('patient.name') }}{% endcall %}
{% call f(pick(['Birth','DOB'])) %}{{ s('patient.birth_date') }}{% endcall %}{% call f('Sex', 0.6) %}{{ s('patient.sex') }}{% endcall %}</div>
<div class=r>{% call f('Address', 2.2) %}{{ s.addr() }}{% endcall %}{% call f(pick(['Phone','Evening phone'])) %}{{ s('patient.phone') }}{% endcall %}</div>
<div class=r>{% call f('Insurance', 1.4) %}{{ s('insurance.payer') }}{% endcall %}{% call f('ID') %}{{ s('insurance.member_id') }}{% endcall %}
{% call f('Group', 0.7) %}{{ s('insurance.group_number') }}{% endcall %}{% call f('Auth #') %}{{ s('referral.authorization_number') }}{% endcall %}</div>
<div class=r>{% call f('Language') %}{{ s('patient.language') }}{% endcall %}
{% call f('Caregiver who will stay overnight (if any)', 2) %}{{ care }}{% endcall %}</div></div>
<div class=sec><b>{{ pick(['2. What to do','SERVICE','2. Service']) }}</b>{{ serv }}<div class=g2 style="margin-top:5px">{% for c,t in tests %}
<div>{{ s.box(c in ticked) }}{{ t }} <b>{{ c }}</b></div>{% endfor %}<div>{{ s.box(False) }}Other test: ______________</div></div></div>
<div class=sec><b>{{ pick(['3. Diagnosis (tick all that apply)','DIAGNOSIS - check box','3. ICD-10 for this order']) }}</b>
<div class=g2>{% for c,t in dxs %}<div>{{ s.box(c in dxt) }}{{ c }} &nbsp;{{ t }}</div>{% endfor %}</div></div>
<div class=sec><b>{{ pick(['4. History','SYMPTOMS AND HISTORY']) }}</b><div class=r style="margin-top:0">
{% call f(pick(['Reason for study','Indication']), 1) %}{{ s('referral.reason') }}{% endcall %}</div>
<div class=g3>{% for t in sym %}<div>{{ s.box(rng.random() < 0.4) }}{{ t }}</div>{% endfor %}</div>
<div class=r>{% call f('Epworth (0-24)') %}{{ ess }}{% endcall %}{% call f('Neck (in.)') %}{{ neck }}{% endcall %}
{% call f('Weight (lb)') %}{{ x.wt }}{% endcall %}{% call f('BP') %}{{ x.bp }}{% endcall %}{% call f('Room air SpO2') %}{{ x.spo2 }}%{% endcall %}</div>
<div class=r>{% call f('Medicines') %}{{ x.meds[:3]|join(', ') }}{% endcall %}</div></div>
<div class=sec><b>{{ pick(['5. Ordering clinician','ORDERED BY']) }}</b><div class=r>{% call f('Printed name', 1.7) %}{{ s('referrer.name') }}{% endcall %}
{% call f('NPI') %}{{ s('referrer.npi') }}{% endcall %}{% call f('Practice', 1.8) %}{{ s('referrer.organization') }}{% endcall %}</div>
<div class=r>{% call f('Office tel.') %}{{ s('referrer.phone') }}{% endcall %}{% call f('Results to fax') %}{{ s('referrer.fax') }}{% endcall %}
{% call f('cc results to') %}{{ cc }}{% endcall %}</div>
<div class=r style="margin-top:.13in">{% call f('Signature', 2) %}<span style="font:17pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span>{% endcall %}
{% call f('Study may be changed to split-night by protocol', 1.6) %}<span class=opt>{{ s.box(True) }}Yes {{ s.box(False) }}No</span>{% endcall %}</div></div>
"""
SYM = ["Snoring", "Witnessed apnea", "Choking arousals", "Morning headache", "Drowsy driving", "Nocturia", "Hypertension", "Atrial fibrillation",
    "Heart failure", "Stroke / TIA", "COPD / oxygen use", "Night shift worker"]


def build(b):
    import world
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.3pt Lato", "9.2pt 'Liberation Sans'", "9.4pt 'URW Gothic'", "9.8pt 'Linux Libertine O'"])
    c = b.case(specialty="Pulmonology")
    while c.x["age"] < 18:
        c = b.case(specialty="Pulmonology")
    v = c.values
    codes = r.sample(DX[:6], r.choice([1, 1, 2, 3])) if r.random() < .95 else []
    v["referral.service"] = r.choice(["diagnostic", "diagnostic", "diagnostic", "evaluate_and_treat", "consult"])
    v["referral.reason"] = r.choice(WHY).format(d=c.x["dur"])
    tests = [] if v["referral.service"] == "consult" else r.sample(TESTS[:4], r.choice([1, 1, 2]))
    v["referral.diagnoses"], c.dx, v["referral.procedures"], c.procs = codes, [(k, icd.get_description(k)) for k in codes], [t for t, _ in tests], tests
    for k in ("referral.diagnoses", "referral.procedures"):
        if not v[k]:
            del v[k]
    d = b.doc("referral", c)
    d.drop("insurance.secondary.payer", "insurance.secondary.member_id", "referrer.direct_address", "patient.mrn")
    d.style["name"] = r.choice(["last", "LAST"])
    d.dx(), d.cpt()
    serv = d.boxes("referral.service", [("diagnostic", "Testing only"), ("evaluate_and_treat", "Study, then evaluate and treat"), ("consult",
        "Sleep consultation only")])
    q = world.person(r)
    d.page("referral", T, serv=serv, tests=TESTS, ticked=[t for t, _ in tests], dxs=[(d.code(k), SHORT[k]) for k in DX], dxt=[d.code(k) for k in codes],
        sym=SYM, rng=r, ess=r.randint(6, 22), neck=r.choice([14.5, 15, 16, 16.5, 17, 18]),
           care=r.choice(["", c.x["emerg"], "none"]), cc=r.choice(["", f"{q[0]} {q[2]}, MD"]))
