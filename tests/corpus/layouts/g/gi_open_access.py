"""Open-access colonoscopy request of an endoscopy center: dense cells, name in three cells, boxes for indications and for safety screening."""
import world

INDICATIONS = [("Z12.11", "Average-risk screening, age 45+"), ("Z80.0", "Family hx colorectal cancer"), ("Z83.719", "Family hx of polyps"),
    ("Z86.0100", "Personal hx of polyps"), ("R19.5", "Positive FIT / Cologuard"), ("K62.5", "Rectal bleeding"),
    ("D50.9", "Iron deficiency anemia"), ("R19.4", "Change in bowel habit"), ("R19.7", "Chronic diarrhea"), ("R63.4", "Weight loss"),
    ("K51.90", "Ulcerative colitis"), ("K50.90", "Crohn's disease")]
EXAMS = [("45378", "Colonoscopy"), ("G0121", "Screening colonoscopy (Medicare)"), ("43235", "EGD"), ("45330", "Flexible sigmoidoscopy")]
WHY = {"Z12.11": "Never had a colonoscopy, no symptoms, prep instructions given in office", "Z80.0": "Brother diagnosed with colon cancer at age 52",
    "Z83.719": "Mother and sister both had polyps removed before 60", "Z86.0100": "Two adenomas removed five years ago, due for repeat exam",
    "R19.5": "Stool test came back positive last month", "K62.5": "Blood on the tissue for six weeks, no hemorrhoids seen",
    "D50.9": "Hemoglobin 10.1 with low ferritin, no menses, source not found", "R19.4": "Narrow stools since spring, last exam ten years ago elsewhere",
    "R19.7": "Loose stools four times a day since travel, cultures negative", "R63.4": "Lost 18 lb without trying, CT of abdomen unremarkable",
    "K51.90": "Left sided colitis for eleven years, dysplasia surveillance due", "K50.90": "Quiet on infusions, insurer asks for mucosal healing exam"}
CSS = """
.page{padding:.38in .42in} table{border-collapse:collapse;width:100%;table-layout:fixed;margin-top:-1px} td{border:1px solid #000;padding:2px 4px 4px;vertical-align:top;
overflow-wrap:anywhere} 
.cb{overflow:hidden} .c{display:block;font-size:.78em;line-height:1.25} .h{background:#d8d8d8;font-weight:bold;text-align:center;padding:2px}
.v{font-size:1.08em} .hd{display:flex;justify-content:space-between;align-items:flex-start;margin-bottom:.05in} .hd h1{font-size:1.65em;margin:0}
.g{display:grid;grid-template-columns:1fr 1fr 1fr;gap:5px 8px} .g2{display:grid;grid-template-columns:1fr 1fr;gap:5px 14px} .s{font-size:.86em}
"""
FORM = """
{% macro t(cap, w) %}<td colspan={{ w }}><span class=c>{{ cap }}</span>{{ caller() }}</td>{% endmacro %}
<div class=hd><div><h1>{{ pick(['OPEN ACCESS COLONOSCOPY', 'Direct Access Endoscopy Request', 'Open-Access Colonoscopy Referral Form']) }}</h1>
{{ s('recipient.organization') }} &bull; {{ x.rec_addr }}, {{ x.city }} {{ x.state }}</div><div style="text-align:right"><b>{{ pick(['FAX TO', 'Fax back to']) }}: {{ s.ph(x.rec_fax) }}</b><br>
Endoscopy scheduling {{ s.ph(x.rec_phone) }}<br>Prep nurse {{ s.ph(nurse) }}</div></div>
<div class=s style="margin-bottom:4px"><b>{{ pick(['All fields must be complete. Incomplete forms will be returned.', 'Attach last office note, medication list and a copy of
both sides of the insurance card.']) }}</b> A Yes below may mean an office visit first.</div>
<table><tr><td colspan=12 class=h>{{ pick(['PATIENT DEMOGRAPHICS', 'PATIENT']) }}</td></tr>
<tr>{% call t('Last name', 4) %}<span class=v>{{ n[2] }}</span>{% endcall %}{% call t('First name', 4) %}<span class=v>{{ n[0] }}</span>{% endcall %}
{% call t('MI', 1) %}<span class=v>{{ n[1] }}</span>{% endcall %}{% call t(pick(['DOB', 'Birthdate (mm/dd/yyyy)']), 3) %}{{ s('patient.birth_date') }}{% endcall %}</tr>
<tr>{% call t('Street address', 5) %}{{ s('patient.address.line') }}{% endcall %}{% call t('City', 3) %}{{ s('patient.address.city') }}{% endcall %}
{% call t('State', 1) %}{{ s('patient.address.state') }}{% endcall %}{% call t('Zip', 3) %}{{ s('patient.address.postal_code') }}{% endcall %}</tr>
<tr>{% call t(pick(['Cell #', 'Preferred phone']), 3) %}{{ s('patient.phone') }}{% endcall %}{% call t(pick(['Alternate contact / driver', 'Ride home (name, phone)']), 5) %}
{{ x.emerg }} {{ s.ph(x.emerg_phone) }}{% endcall %}{% call t(pick(['Gender', 'Sex']), 2) %}{{ sex }}{% endcall %}{% call t('Language', 2) %}{{ s('patient.language') }}{% endcall %}</tr>
<tr>{% call t(pick(['Primary ins.', 'Insurance company']), 5) %}{{ s('insurance.payer') }}{% endcall %}{% call t('ID #', 4) %}{{ s('insurance.member_id') }}{% endcall %}
{% call t('Group #', 3) %}{{ s('insurance.group_number') }}{% endcall %}</tr>
<tr>{% call t('Secondary ins.', 5) %}{{ s('insurance.secondary.payer') }}{% endcall %}{% call t('ID #', 4) %}{{ s('insurance.secondary.member_id') }}{% endcall %}
{% call t(pick(['Referral / precert #', 'Precert no.']), 3) %}{{ s('referral.authorization_number') }}{% endcall %}</tr>
<tr>{% call t('Policy holder (if not patient)', 5) %}&nbsp;{% endcall %}{% call t('Policy holder DOB', 4) %}&nbsp;{% endcall %}{% call t('Employer', 3) %}&nbsp;{% endcall %}</tr>
<tr><td colspan=12 class=h>{{ pick(['REFERRING OFFICE', 'REFERRING PROVIDER']) }}</td></tr>
<tr>{% call t(pick(['Provider (print)', 'Provider name']), 5) %}{{ s('referrer.name') }}{% endcall %}{% call t(pick(['Practice', 'Office name']), 7) %}{{ s('referrer.organization') }}{% endcall %}</tr>
<tr>{% call t('NPI #', 3) %}{{ s('referrer.npi') }}{% endcall %}{% call t('Office phone', 3) %}{{ s('referrer.phone') }}{% endcall %}{% call t('Office fax', 3) %}{{ s('referrer.fax') }}{% endcall %}
{% call t(pick(["Today's date", 'Date sent']), 3) %}{{ s('referral.date') }}{% endcall %}</tr>
<tr>{% call t('Office contact', 5) %}{{ x.contact }}{% endcall %}{% call t('PCP, if other than above', 4) %}{{ pcp }}{% endcall %}{% call t('PCP phone', 3) %}{{ s.ph(pcp_phone) if pcp }}{% endcall %}</tr>
<tr><td colspan=12 class=h>{{ pick(['EXAM REQUESTED', 'PROCEDURE']) }}</td></tr>
<tr><td colspan=8 style="padding:4px"><div class=g2>{% for c, w in exams %}<span>{{ s.box(c in procs) }}{{ w }} <span class=s>{{ c }}</span></span>{% endfor %}</div></td>
<td colspan=4 style="padding:4px"><span class=c>{{ pick(['Priority', 'How soon?']) }}</span>{{ urg }}</td></tr>
<tr><td colspan=12 style="padding:3px 4px"><span class=c>{{ pick(['Physician requested', 'Endoscopist preference']) }}</span>{% if s.has('recipient.name') %}{{ s('recipient.name') }}{% else %}First available{% endif %}</td></tr>
<tr><td colspan=12 class=h>{{ pick(['INDICATION (check all that apply)', 'DIAGNOSIS / ICD-10 - must check at least one']) }}</td></tr>
<tr><td colspan=12 style="padding:4px"><div class=g>{% for c, w in indications %}<span>{{ s.box(c in codes) }}<b>{{ s.code(c) }}</b> {{ w }}</span>{% endfor %}</div>
<div style="margin-top:5px"><span class=s>{{ pick(['Comments:', 'Brief history:', 'Other / details:']) }}</span> {{ s('referral.reason') }}</div></td></tr>
<tr><td colspan=12 class=h>SAFETY SCREEN</td></tr>
<tr><td colspan=12 style="padding:4px"><div class=g2>{% for q, a in screen %}<span>{{ s.box(a) }}Yes {{ s.box(not a) }}No &nbsp; {{ q }}</span>{% endfor %}</div>
<div style="margin-top:4px">Height ____ Weight <u>{{ x.wt }} lb</u> &nbsp; BMI ____ &nbsp; Allergies: <u>{{ x.allergy }}</u> &nbsp; Latex: ____</div>
<div style="margin-top:3px">Medications: {{ x.meds | join('; ') }}</div></td></tr>
<tr><td colspan=7 style="height:.5in"><span class=c>Provider signature (stamp not accepted)</span><span style="font:16pt/14pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></td>
<td colspan=5 style="background:#eee"><span class=c>ENDOSCOPY OFFICE USE ONLY</span>Rec'd ______ Appt ______ MR# ______</td></tr></table>
"""


def build(b):
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.4pt 'Liberation Sans Narrow'", "9.1pt 'Liberation Sans'", "9.3pt Roboto", "10.2pt 'Roboto Condensed'"])
    c = b.case(specialty="Gastroenterology")
    while not 44 < c.x["age"] < 81:
        c = b.case(specialty="Gastroenterology")
    codes = cr.sample([code for code, _ in INDICATIONS], cr.choice([1, 1, 2]))
    c.dx = [(code, words) for code, words in INDICATIONS if code in codes]
    c.procs = [EXAMS[0 if codes != ["Z12.11"] or cr.random() < .6 else 1]] + EXAMS[2:3] * (cr.random() < .15)
    c.values.update({"referral.diagnoses": [k for k, _ in c.dx], "referral.procedures": [k for k, _ in c.procs], "referral.reason": WHY[codes[0]]})
    if c.values.get("referral.urgency") == "stat":
        c.values["referral.urgency"] = "urgent"
    d = b.doc("referral", c)
    d.drop("patient.mrn", "referrer.direct_address", "referral.service", "referral.specialty")
    given, middle, family = c.x["patient"]
    caps = d.style["name"].isupper()
    n = [part.upper() if caps else part for part in (given, middle[:1], family)]
    d._reg("patient.name")
    b.expect += [(1, "patient.name", part) for part in n]
    d.accept["patient.name"] = [" ".join(part for part in (given, middle[:1], family) if part)]
    d.dx(), d.cpt()
    urg = d.boxes("referral.urgency", [("routine", "Routine"), ("urgent", r.choice(["Urgent (2 wks)", "Expedite"]))])
    sex = d.boxes("patient.sex", [("male", "M"), ("female", "F"), ("other", "X")], sep="")
    questions = ["Heart attack or stent, last 12 mo.", "Defibrillator (ICD)", "Home oxygen", "Dialysis", "Blood thinner", "Sleep apnea / CPAP",
        "Insulin", "Prior trouble with sedation"]
    pcp = " ".join(world.person(cr)[0:3:2]) + ", MD" if cr.random() < .4 else ""
    d.page("referral", FORM, n=n, urg=urg, sex=sex, codes=codes, procs=[k for k, _ in c.procs], exams=EXAMS, indications=INDICATIONS, pcp=pcp,
        pcp_phone=world.phone(cr, c.x["area"]), nurse=world.phone(cr, c.x["area"]), screen=[(q, cr.random() < .15) for q in questions])
