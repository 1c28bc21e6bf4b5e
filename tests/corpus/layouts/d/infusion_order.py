"""Infusion suite's order set for intravenous iron or other drugs: drug boxes with J codes, premedication, labs, nursing lines."""
import world

CSS = """
.page{padding:.4in .5in} h1{font-size:1.45em;margin:0} .hd{display:flex;justify-content:space-between;border:2px solid #000;padding:6px 10px}
table{width:100%;border-collapse:collapse;margin-top:.07in} td{border:1px solid #000;padding:3px 6px;vertical-align:top}
td.l{background:#e8e8e8;width:1.28in;font-size:.9em}
.bar{background:#333;color:#fff;padding:2px 7px;margin-top:.09in;font-weight:bold;font-size:.95em} .o{padding:2px 7px;line-height:1.5} .o
.opt{white-space:normal}
"""
FACES = ["body{font:9pt/1.25 'DejaVu Sans Condensed'}",
       "body{font:9.8pt/1.25 'Nimbus Sans'} .bar{background:none;color:#000;border-bottom:2px solid #000}",
         "body{font:9.6pt/1.25 Roboto}", "body{font:10.6pt/1.2 'Liberation Serif'} td.l{background:none;font-weight:bold}"]
T = """<div class=hd><div><h1>{{ drug.title }}</h1>{{ s('recipient.organization') }}<br>{{ pick(['Infusion Suite', 'Ambulatory Infusion',
'Infusion Services']) }}</div><div style="text-align:right">
{{ pick(['Fax orders:', 'Return by fax:']) }} {{ s.ph(x.rec_fax) }}<br>{{ pick(['Questions:', 'Infusion RN:']) }} {{ s.ph(x.rec_phone) }}<br>NPI
{{ x.rec_npi }}</div></div>
<table><tr><td class=l>{{ pick(['Patient (last, first)', 'Patient']) }}<td>{{ s('patient.name', 'last') }}<td class=l>{{ pick(['DOB',
'Date of birth']) }}<td>{{ s('patient.birth_date') }}</tr>
<tr><td class=l>{{ pick(['Phone (to schedule)', 'Patient phone']) }}<td>{{ s('patient.phone') }}<td class=l>Sex / weight<td>{{ s('patient.sex') }}
/ {{ kg }} kg</tr>
<tr><td class=l>{{ pick(['Home address', 'Address']) }}<td>{{ s.addr() }}<td class=l>Allergies<td>{{ x.allergy }}</tr>
<tr><td class=l>{{ pick(['Insurance / plan', 'Medical benefit']) }}<td>{{ s('insurance.payer') }}<td class=l>{{ pick(['Plan ID',
'Member / policy ID']) }}<td>{{ s('insurance.member_id') }}</tr>
{% if s.has('insurance.secondary.payer') %}<tr><td class=l>{{ pick(['Secondary', 'Supplement']) }}<td>{{ s('insurance.secondary.payer') }}<td
class=l>ID<td>{{ s('insurance.secondary.member_id') }}</tr>{% endif %}
<tr><td class=l>{{ pick(['PA status', 'Prior auth']) }}<td>{% if s.has('referral.authorization_number') %}approved, no. {{
s('referral.authorization_number') }}{% else %}{{ pick(['pending', 'infusion suite to obtain',
'not required per plan']) }}{% endif %}<td class=l>Pharmacy benefit<td>BIN 6{{ x.acct[:5] }} PCN ADV</tr></table>
<div class=bar>{{ pick(['1. DIAGNOSIS', 'Diagnosis (required)']) }}</div><div class=o>{% for c, t in dxs %}<div>{{ s.box(c in mine, mark) }}{{
s.code(c) }} {{ t }}</div>{% endfor %}</div>
<div class=bar>{{ pick(['2. REFERRAL', 'Clinical']) }}</div><div class=o>{{ pick(['Specialty', 'Service line']) }}: {{
s('referral.specialty') }} &emsp; {{ pick(['Start', 'Priority']) }}: {{ s.boxes('referral.urgency', [('routine',
'routine (5-7 days)'), ('urgent', 'urgent (48 h)'), ('stat', 'STAT')], mark) }}<br>{{ pick(['Clinical summary', 'Indication',
'Failed therapy / rationale']) }}: {{ s('referral.reason') }}</div>
<div class=bar>{{ pick(['3. MEDICATION', 'Drug order']) }}</div><div class=o>{% for c, t in drug.lines %}<div>{{ s.box(c == pickd[0], mark) }}{{
t }} ({{ c }})</div>{% endfor %}<div>{{ s.box(true, mark) }}Administration
{{ code }} {{ pick(['therapeutic infusion, first hour', 'IV infusion up to 1 hour']) }}</div></div>
<div class=bar>{{ pick(['4. PREMEDICATION (30 min before)', 'Premeds']) }}</div><div class=o>{% for t in ['Acetaminophen 650 mg PO',
'Diphenhydramine 25 mg PO', 'Methylprednisolone 40 mg IV', 'None'] %}<span class=opt>{{ s.box(pick([true, false,
false]), mark) }}{{ t }}</span> {% endfor %}</div><div class=bar>{{ pick(['5. NURSING', 'Nursing / monitoring']) }}</div><div class=o>Vitals
before, at 15 minutes and after. Observe 30 minutes. Anaphylaxis protocol as per suite. Access:
{{ pick(['peripheral IV', 'port', 'PICC']) }}. Labs: {% for t in labs %}{{ t }}{{ ', ' if not loop.last }}{% endfor %} (attached {{
s.d(x.visit) }}).</div>
<table><tr><td class=l>{{ pick(['Prescriber (print)', 'Ordering provider', 'Prescriber']) }}<td>{{ s('referrer.name') }}<td class=l>{{
pick(['Prescriber NPI', 'NPI']) }}<td>{{ s('referrer.npi') }}</tr>
<tr><td class=l>{{ pick(['Practice', 'Clinic']) }}<td>{{ s('referrer.organization') }}<td class=l>{{ pick(['Tel', 'Phone']) }}<td>{{
s('referrer.phone') }}</tr>
<tr><td class=l>Contact for PA<td>{{ x.contact }}<td class=l>{{ pick(['Fax notes to', 'Fax']) }}<td>{{ s('referrer.fax') }}</tr>
<tr><td class=l>Signature<td><span style="font:18pt/1 Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span><td class=l>{{ pick(['Order date',
'Date of order']) }}<td>{{ s('referral.date') }}</tr></table>
<div style="font-size:.82em;margin-top:4px">{{ pick(['Orders expire 12 months after the date above.',
'A signed order, demographics, card copies and last note are needed to schedule.']) }} &nbsp; Suite use: chair ____ date ____ RN ____ verified by
____</div>"""
IRON = dict(title="INTRAVENOUS IRON ORDER", lines=[("J1756", "Iron sucrose 200 mg IV weekly x 5"), ("J1439",
       "Ferric carboxymaltose 750 mg IV x 2, 7 days apart"), ("J1437", "Ferric derisomaltose 1,000 mg IV once")],
            dx=["D50.8", "D50.0", "D50.9", "D63.1", "N18.4"],
                   why=["Hemoglobin 8.4 and ferritin 6 after three months of oral iron, cannot absorb tablets",
            "Heavy menses, ferritin 5, oral iron caused vomiting", "Ferritin 9 in chronic kidney disease, hemoglobin falling over six months"])
DRUGS = [("Hematology and Oncology", IRON), ("Rheumatology", dict(title="BIOLOGIC INFUSION ORDER", lines=[("J1745",
       "Infliximab 3 mg/kg IV week 0, 2, 6, then every 8 weeks"), ("J0129", "Abatacept 750 mg IV every 4 weeks"),
         ("J3262", "Tocilizumab 4 mg/kg IV every 4 weeks")], dx=["M05.9", "M06.09", "L40.59", "M45.9"],
                why=["Active synovitis of both wrists in spite of methotrexate 20 mg weekly",
         "Failed adalimumab after eight months, change of class is planned"])),
         ("Endocrinology", dict(title="OSTEOPOROSIS INFUSION ORDER", lines=[("J3489", "Zoledronic acid 5 mg IV once yearly"), ("J0897",
                "Denosumab 60 mg SC every 6 months")], dx=["M81.0", "M80.08XA", "M81.8"],
         why=["T score of -3.1 with a wrist fracture, could not tolerate alendronate",
                "Second compression fracture although on oral risedronate for two years"]))]


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + r.choice(FACES)
    spec, drug = r.choice(DRUGS)
    c = b.case(specialty=spec)
    while c.x["age"] < 18:
        c = b.case(specialty=spec)
    mine, pickd, code = r.sample(drug["dx"], r.choice([1, 1, 2])), r.choice(drug["lines"]), "96365"
    c.values.update({"referral.diagnoses": mine, "referral.procedures": [pickd[0], code], "referral.reason": r.choice(drug["why"])})
    c.dx, c.procs = [(k, icd.get_description(k)) for k in mine], [(pickd[0], pickd[1]), (code, world.CPT_WORDS[code])]
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.language", "recipient.name", "referrer.direct_address", "insurance.group_number", "referral.service")
    d.dx(), d.cpt()
    d.page("referral", T, drug=drug, mine=mine, pickd=pickd, code=code, dxs=[(k, icd.get_description(k)) for k in drug["dx"]],
           mark=r.choice(["sq", "sqv", "uni", "par"]),
           kg=round(c.x["wt"] / 2.2), labs=r.sample(["CBC", "ferritin", "CMP", "hepatitis B", "TB screen", "calcium", "vitamin D"], 3))
