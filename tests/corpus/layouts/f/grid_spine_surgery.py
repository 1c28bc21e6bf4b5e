"""Neurosurgery and spine institute's grid: shaded label cell left of each answer cell, two pairs a row, table of conservative care."""
import datetime as dt

CSS = """
.page{padding:.45in .55in} h1{font-size:1.4em;margin:0;text-align:var(--al)} .s{text-align:var(--al);margin:2px 0 7px;font-size:.92em}
table{border-collapse:collapse;width:100%;table-layout:fixed;
margin-bottom:.09in} td,th{border:1px solid var(--ln);padding:4px 6px;vertical-align:top;text-align:left;overflow-wrap:anywhere}
td.l{background:var(--sh);font-weight:var(--w)}
th{background:var(--th);color:var(--tc);font-weight:bold} .m td,.m th{padding:3px 6px} .n{font-size:.82em}
"""
FACES = ["body{font:9.8pt/1.28 'Liberation Sans';--al:left;--ln:#000;--sh:#e6e6e6;--th:#555;--tc:#fff;--w:bold}",
         "body{font:10.2pt/1.28 'Liberation Serif';--al:center;--ln:#000;--sh:#fff;--th:#ddd;--tc:#000;--w:normal}",
         "body{font:9.6pt/1.28 'URW Gothic';font-size:9pt;--al:center;--ln:#666;--sh:#f0f0f0;--th:#fff;--tc:#000;--w:normal}",
         "body{font:10pt/1.28 'Linux Biolinum O';--al:left;--ln:#444;--sh:#ececec;--th:#222;--tc:#fff;--w:bold}"]
T = """{% macro two(a, v, c, w) %}<tr><td class=l>{{ a }}<td>{{ v }}<td class=l>{{ c }}<td>{{ w }}</tr>{% endmacro %}{% macro one(a, v)
%}<tr><td class=l>{{ a }}<td colspan=3>{{ v }}</tr>{% endmacro %}
<h1>{{ s('recipient.organization') }}</h1><div class=s>{{ pick(['Spine and Neurosurgery New Patient Referral', 'Referral Intake - Back, Neck
and Spine', 'Referral Sheet: Surgical and Non-surgical Spine Care']) }} &nbsp; | &nbsp; Fax
{{ s.ph(x.rec_fax) }} &nbsp; | &nbsp; Office {{ s.ph(x.rec_phone) }}</div>
<table><col width=17%><col width=35%><col width=17%><col><tr><th colspan=4>{{ L.rf }}</tr>{{ two(L.date, s('referral.date'), L.pri,
s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'Emergent')])) }}{{ two(L.prov, s('referrer.name'),
'NPI',
s('referrer.npi')) }}{{ two(L.prac, s('referrer.organization'), L.con, x.contact) }}{{ two(L.tel, s('referrer.phone'), L.fax,
s('referrer.fax')) }}</table>
<table><col width=17%><col width=35%><col width=17%><col><tr><th colspan=4>{{ L.pt }}</tr>{{ two(L.name, s('patient.name'), L.dob,
s('patient.birth_date')) }}{{ two(L.sex, s('patient.sex'), L.mrn, s('patient.mrn')) }}{{ two(L.ph, s('patient.phone'), L.lang,
s('patient.language')) }}{{ one(L.addr, s.addr()) }}{{ two('Height / weight', hw, 'Employer', pick(['', 'retired', 'self-employed', x.place
~ ' Freight'])) }}</table>
<table><col width=17%><col width=35%><col width=17%><col><tr><th colspan=4>{{ L.ins }}</tr>{{ two(L.payer, s('insurance.payer'), L.mid,
s('insurance.member_id')) }}{{ two('Secondary', s('insurance.secondary.payer'), 'Secondary ID', s('insurance.secondary.member_id')) }}{{
two(L.grp, s('insurance.group_number'), L.auth, s('referral.authorization_number')) }}{{ two('Injury related?', s.box(False) ~ 'Auto ' ~
s.box(False) ~ 'Work ' ~ s.box(True) ~ 'No', 'Date of injury', '') }}</table>
<table><col width=17%><col width=35%><col width=17%><col><tr><th colspan=4>{{ L.cl }}</tr>{{ two(L.to, s('referral.specialty'), L.surg,
s('recipient.name') if s.has('recipient.name') else 'No preference') }}{{ one(L.why, s('referral.reason')) }}{{ one(L.dx, dx) }}{% if
s.has('referral.procedures') %}{{ one(L.px, px) }}{% endif %}{{ one(L.svc, s.boxes('referral.service', [('consult', 'Consult'),
('evaluate_and_treat', 'Evaluate & treat'), ('procedure', 'Injection / procedure'), ('diagnostic', 'Testing'),
('second_opinion', '2nd opinion'), ('transfer_of_care', 'Transfer')])) }}{{ one('Red flags', s.box(False) ~ 'Bowel/bladder change ' ~
s.box(False) ~ 'Progressive weakness ' ~ s.box(False) ~ 'Cancer history ' ~ s.box(True) ~ 'None') }}</table>
<table class=m><tr><th>{{ pick(['Treatment tried', 'Conservative care']) }}<th>{{ pick(['Where', 'Facility'])
}}<th>From<th>To<th>Helped?</tr>{% for t, f, e in care %}<tr><td>{{ t }}<td>{{ pick([x.place ~ ' Rehab', 'home', 'this office']) }}<td>{{
s.d(f) }}<td>{{ s.d(e) }}<td>{{ pick(['no', 'little', 'briefly']) }}</tr>{% endfor %}<tr><th>Imaging<th>{{ pick(['Where', 'Facility'])
}}<th>Date<th>Report<th>Disc</tr><tr><td>{{ pick(['MRI lumbar', 'MRI cervical', 'X-ray spine']) }}<td>{{ x.place
}} Imaging<td>{{ s.d(x.visit) }}<td>attached<td>patient will bring</tr></table>
<p class=n>{{ pick(['MRI within 12 months is required before a surgical consult.', 'We will contact the patient within 3 business days of
receiving a complete referral.']) }} Surgeon review: ________ Date: ________</p>"""
LABELS = {"rf": ["Referral source", "Referring office"], "date": ["Date", "Referral date"], "pri": ["Priority", "Level of urgency"],
          "prov": ["Referring provider", "Provider"], "prac": ["Practice", "Office name"],
          "con": ["Contact person", "Completed by"], "tel": ["Phone", "Office phone"], "fax": ["Fax", "Office fax"],
          "pt": ["Patient", "Patient demographics"], "name": ["Name", "Patient name"], "dob": ["Date of birth", "DOB"],
          "sex": ["Sex", "Gender"], "mrn": ["Your chart no.", "MRN"], "ph": ["Phone", "Cell / home"],
          "lang": ["Language", "Primary language"], "addr": ["Address", "Mailing address"], "ins": ["Insurance", "Payer"],
          "payer": ["Carrier", "Insurance"], "mid": ["Policy / ID #", "Member ID"], "grp": ["Group #", "Group"],
          "auth": ["Auth / claim #", "Authorization"], "cl": ["Clinical", "Reason for visit"],
          "to": ["Referral to", "Service line"], "surg": ["Physician", "Provider requested"], "why": ["Symptoms", "Reason for referral"],
          "dx": ["ICD-10 / diagnosis", "Diagnosis"], "px": ["CPT requested", "Procedure"],
          "svc": ["Request", "Type of visit"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Pain Medicine")
    while c.x["age"] < 18:
        c = b.case(specialty="Pain Medicine")
    x, d = c.x, b.doc("referral", c)
    d.drop("referrer.direct_address")
    care = []
    for what in r.sample(["Physical therapy", "Chiropractic", "NSAIDs", "Gabapentin", "Epidural injection", "Home exercise"], 3):
        start = x["ref_date"] - dt.timedelta(days=r.randint(90, 260))
        care.append((what, start, start + dt.timedelta(days=r.randint(28, 80))))
    codes = "; ".join(f"{code} {words}" for code, words in d.dx())
    px = "; ".join(f"{code} {words}" for code, words in d.cpt())
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, care=care, dx=codes, px=px,
           hw=f"5'{r.randint(0, 11)}\" / {x['wt']} lb")
