"""Radiology department's own request form: exam check list by modality with printed CPT codes, most of them not ticked."""
import world

CSS = """
body{font:9.2pt/1.28 'Liberation Sans'} .page{padding:.4in .5in} .hd{display:flex;justify-content:space-between;border:2px solid #000;padding:5px 9px}
.hd b{font-size:14pt} .hd div{font-size:8.2pt} .row{display:flex;border:1px solid #000;border-top:0} .row>div{flex:1;border-right:1px solid #000;
padding:2px 6px 3px} .row>div:last-child{border:0}
.row i{font-style:normal;font-size:7.8pt;margin-right:6px} .row .v,.row .a{font-size:9.8pt} .ex{display:grid;grid-template-columns:repeat(4,1fr);
border:1px solid #000;border-top:0} .ex>div{padding:3px 5px;border-right:1px solid #000} .ex>div:last-child{border:0} .ex b{display:block;background:#000;
color:#fff;padding:1px 4px;margin-bottom:3px;font-size:8.8pt} .ex p{margin:2.5px 0;padding-left:.2in;text-indent:-.2in;font-size:8.4pt}
.ex .cb{text-indent:0}
.h{background:#dcdcdc;border:1px solid #000;border-top:0;font-weight:bold;padding:1.5px 6px;font-size:8.8pt}
"""
FACES = ["", "body{font-family:'Roboto Condensed';font-size:9.6pt} .row .v,.row .a{font-family:'Roboto Condensed';font-size:10.4pt}",
           "body{font-family:'DejaVu Sans';font-size:7.9pt} .row .v,.row .a{font-size:8.6pt} .row i{font-size:7.2pt} .ex p{font-size:7.5pt}",
           ".row .v,.row .a{font-family:'Courier Prime';font-size:10.2pt}"]
T = """{% macro c(w, lab, v='') %}<div style="flex:{{ w }}"><i>{{ lab }}</i><span class=a>{{ v }}</span></div>{% endmacro %}
<div class=hd><div><b>{{ s('recipient.organization') }}</b><br>{{ pick(['Department of', 'Division of',
'Outpatient']) }} {{ s('referral.specialty') }}</div><div style="text-align:right">{{ pick(['Scheduling', 'To schedule call']) }} {{ s.ph(x.rec_phone) }}
<br>Fax orders {{ s.ph(x.rec_fax) }}<br>{{ x.rec_addr }}, {{ x.city }} &nbsp;|&nbsp; East Campus {{ s.ph(east) }}</div></div>
<div class=h>{{ pick(['EXAM REQUEST', 'PHYSICIAN ORDER']) }} - {{ stmt }}</div>
{% for p in parts %}{% if p == 'pt' %}<div class=row>{{ c(3, pick(['Patient', 'Patient name',
'Last, first']) if s.style.name in ('last', 'LAST') else 'Patient name', s('patient.name'))
}}{{ c(1.6, pick(['DOB', 'Birth date']), s('patient.birth_date')) }}{{ c(1.5, 'Sex', s.boxes('patient.sex', [('male', 'M'), ('female', 'F')])) }}</div>
<div class=row>{{ c(3, 'Address', s.addr()) }}{{ c(1.4, pick(['Pt. phone', 'Day phone']), s('patient.phone')) }}</div>
<div class=row>{{ c(1.3, pick(['Interpreter language', 'Language']), s('patient.language')) }}{{ c(1,
pick(['MRN', 'Ordering office MRN']), s('patient.mrn')) }}{{ c(1, 'Weight', x.wt ~ ' lb') }}{{ c(1, 'Accession') }}</div>
<div class=row>{{ c(2, pick(['Insurance', 'Plan']), s('insurance.payer')) }}{{ c(1.5, pick(['ID #',
'Policy #']), s('insurance.member_id')) }}{{ c(1.2, 'Grp', s('insurance.group_number')) }}</div>
<div class=row>{{ c(2, '2nd insurance', s('insurance.secondary.payer')) }}{{ c(1.5, '2nd ID #',
s('insurance.secondary.member_id')) }}{{ c(1.6, pick(['Precert / auth #', 'Radiology benefit auth']), s('referral.authorization_number')) }}</div>
{% elif p == 'ord' %}<div class=row>{{ c(2, pick(['Ordering provider', 'Requesting physician',
'Ordered by']), s('referrer.name')) }}{{ c(1.2, 'NPI', s('referrer.npi')) }}{{ c(1.3, pick(['Order date', 'Date of request']), s('referral.date')) }}</div>
<div class=row>{{ c(2, pick(['Ordering office', 'Practice']), s('referrer.organization')) }}{{ c(1.2,
pick(['Ph', 'Office ph']), s('referrer.phone')) }}{{ c(1.2, pick(['Results fax', 'Office fax']), s('referrer.fax')) }}</div>
<div class=row>{{ c(2, 'cc report to', cc) }}{{ c(2.4, pick(['Results by Direct', 'Direct address']), s('referrer.direct_address')) }}</div>
<div class=row>{{ c(2.5, pick(['Priority', 'Read priority', 'Perform']), urg) }}{{ c(1.5, 'Call report to', call) }}</div>
{% else %}<div class=row>{{ c(1, pick(['Indication / history', 'Signs, symptoms, reason for exam', 'Clinical question']), s('referral.reason')) }}</div>
<div class=row>{{ c(1, pick(['ICD-10 (required)', 'Diagnosis']), dx) }}</div>
<div class=h>{{ pick(['MARK EXAM', 'CHECK EXAM(S) WANTED']) }}</div><div class=ex>{% for m, xs in exams %}<div><b>{{ m }}</b>{% for k, t in xs %}
<p>{{ s.box(k in on, mark) }}{{ t }} {{ k }}</p>{% endfor %}<p>{{ s.box(false, mark) }}Other ____________</p></div>{% endfor %}</div>
<div class=row>{{ c(1, 'Contrast allergy', yn[0]) }}{{ c(1, 'Pacemaker / implant', yn[1]) }}{{ c(1,
'Diabetic on metformin', yn[2]) }}{{ c(1, 'Claustrophobic', yn[3]) }}</div><div class=row>{{ c(1,
'Creatinine / date') }}{{ c(1, 'Pregnant / LMP') }}{{ c(1, 'Prior films at') }}</div>{% endif %}{% endfor %}
<div class=row><div style="flex:2"><i>Signature</i><span style="font:18pt/1 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></div>{{ c(1,
'Tech / time') }}{{ c(1, 'Appt date') }}</div><p style="font-size:7.4pt;margin:4px 0">{{ pick(['Arrive 20 minutes early. Bring photo ID and this form.',
'MRI patients: leave jewelry at home. CT with contrast: nothing to eat for 4 hours.']) }} RAD-{{ pick(['07', '212', '19C']) }}</p>"""
MENU = {"MRI": [("70551", "Brain w/o"), ("70553", "Brain w/ + w/o"), ("72141", "C-spine w/o"), ("72148", "L-spine w/o"), ("73721", "Knee / hip w/o"),
           ("73221", "Shoulder w/o")],
        "CT": [("70450", "Head w/o"), ("71250", "Chest w/o"), ("71260", "Chest w/"), ("74176", "Abd/pelvis w/o"), ("74177", "Abd/pelvis w/")],
        "Ultrasound": [("76700", "Abdomen, complete"), ("76705", "Abdomen, limited"), ("76770", "Kidneys"), ("76536", "Thyroid / neck"), ("93970",
           "Venous legs, both")],
        "X-ray / DXA": [("71046", "Chest 2 view"), ("72100", "L-spine 2-3 v"), ("73562", "Knee 3 view"), ("74018", "Abdomen 1 view"), ("77080",
           "Bone density")]}
WHY = [(["M54.16"], [["72148"], ["72148", "72100"]], ["Lumbar radiculopathy for {t} with foot weakness, rule out disc herniation",
           "Low back pain shooting to the left calf for {t}, no better after therapy"]),
       (["R10.11", "R10.9"], [["76700"], ["76705"], ["76700", "74177"]], ["Right upper quadrant pain after meals for {t}, evaluate for gallstones",
           "Vague abdominal pain and nausea for {t} with raised alkaline phosphatase"]),
       (["R91.1"], [["71250"]], ["Follow-up of a lung nodule first seen {t} ago",
           "Solid 7 mm nodule in the left lower lobe on a film taken {t} ago, interval check"]),
       (["R51.9"], [["70551"], ["70553"]], ["New daily headache for {t}, worse on lying down, exclude a mass"]), (["M25.562"], [["73721"], ["73562",
           "73721"]], ["Left knee swelling and giving way for {t}, suspected meniscus tear"])]


def build(b):
    import simple_icd_10_cm as icd
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Diagnostic Radiology")
    dx, cps, why = r.choice(WHY)
    dx, cp = r.sample(dx, r.randint(1, len(dx))), r.choice(cps)
    c.values.update({"referral.diagnoses": dx, "referral.procedures": cp, "referral.reason": r.choice(why).format(t=c.x["dur"])})
    names = {k: t for xs in MENU.values() for k, t in xs}
    c.dx, c.procs = [(k, icd.get_description(k)) for k in dx], [(k, names[k]) for k in cp]
    d = b.doc("referral", c)
    d.drop("recipient.name")
    x = c.x
    stmt = r.choice(["please perform the diagnostic study marked below", "diagnostic testing only, one form per patient"])
    d._reg("referral.service", stmt)
    p = world.person(r)
    yes = lambda: Markup('<span style="white-space:nowrap;font-size:8.4pt">%sY %sN</span>') % (d.box(False), d.box(True))
    urg = d.boxes("referral.urgency", [("routine", "Routine"), ("urgent", r.choice(["Urgent", "Urgent (24-48 h)"])), ("stat", r.choice(["STAT",
           "STAT - hold patient"]))])
    parts = r.choice([["pt", "ord", "ex"], ["ord", "pt", "ex"], ["pt", "ex", "ord"]])
    dxs = Markup("; ").join(Markup("<span>%s %s</span>") % t for t in d.dx())
    d.page("referral", T, parts=parts, urg=urg, stmt=stmt, east=world.phone(r, x["area"]), cc=r.choice(["",
           f"{p[0]} {p[2]}, MD, fax {d.ph(world.phone(r, x['area']))}"]), call=r.choice(["", x["contact"]]),
           dx=dxs, exams=list(MENU.items()), on=[k for k, _ in d.cpt()], mark=r.choice(["sq", "sqv", "fill"]), yn=[yes() for _ in range(4)])
