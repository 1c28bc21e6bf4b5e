"""Claim-form-like grid (after the CMS-1500): numbered cells with a tiny label at top left, INSURED'S decoys."""
import datetime as dt

CSS = """
body{font:7pt 'Liberation Sans'} .page{padding:.5in .55in} .t{display:flex;justify-content:space-between;align-items:flex-end;margin-bottom:.05in}
.t b{font-size:12.5pt}
.g{border:1.4px solid #000;border-bottom:0} .r{display:flex;border-bottom:1px solid #000} .c{border-right:1px solid #000;padding:1px 4px 2px;
min-height:.39in;position:relative} .c:last-child{border-right:0}
.c i{font-style:normal;display:block;font-size:7pt;line-height:1.1;white-space:nowrap} .c p{margin:2px 0 0 7px;font:10.3pt/1.12 'Courier Prime'}
.sh{background:#ddd;font-weight:bold;font-size:7.5pt;text-align:center;padding:1px;border-bottom:1px solid #000}
"""
FACES = ["", ".c p{font:10pt/1.12 'Nimbus Mono PS';font-weight:bold}", ".c p{font:9.8pt/1.15 'Liberation Sans'}",
           ".c p{font:9.3pt/1.15 'DejaVu Sans Mono'} .v{letter-spacing:-.3px}"]
T = """{% macro c(w, lab, v='') %}<div class=c style="flex:{{ w }} 1 0"><i>{{ lab }}</i><p>{{ v }}</p></div>{% endmacro %}
<div class=t><div><b>{{ title }}</b><br>{{ pick(['TYPE OR PRINT - DO NOT WRITE IN SHADED AREAS', 'PLEASE PRINT IN BLACK INK']) }}</div>
<div style="text-align:right">CARRIER USE<br>DCN ________________</div></div>
<div class=g>
<div class=r>{{ c(6.4, '1. TYPE OF COVERAGE', cov) }}{{ c(3.6, "1a. INSURED'S I.D. NUMBER", s('insurance.member_id')) }}</div>
<div class=r>{{ c(3.4, "2. PATIENT'S NAME (Last Name, First Name, Middle)", s('patient.name')) }}{{ c(3,
"3. PATIENT'S BIRTH DATE / SEX", bsex) }}{{ c(3.6, "4. INSURED'S NAME (Last Name, First Name)", ins.name) }}</div>
<div class=r>{{ c(3.4, "5. PATIENT'S ADDRESS (No., Street)", s('patient.address.line')) }}{{ c(3,
"6. PATIENT RELATIONSHIP TO INSURED", rel) }}{{ c(3.6, "7. INSURED'S ADDRESS (No., Street)", ins.addr) }}</div>
<div class=r>{{ c(2.6, 'CITY', s('patient.address.city')) }}{{ c(0.8, 'STATE', s('patient.address.state')) }}{{ c(1.3,
'ZIP CODE', s('patient.address.postal_code')) }}{{ c(1.7, "TELEPHONE", s('patient.phone')) }}{{ c(1.8,
"8. INSURED'S TELEPHONE", ins.tel) }}{{ c(1.8, "8a. LANGUAGE OF PATIENT", s('patient.language')) }}</div>
<div class=r>{{ c(3.4, "9. OTHER INSURANCE PLAN NAME", s('insurance.secondary.payer')) }}{{ c(3,
'10. CONDITION RELATED TO', emp) }}{{ c(3.6, "11. INSURED'S POLICY GROUP NUMBER", s('insurance.group_number')) }}</div>
<div class=r>{{ c(3.4, "9a. OTHER PLAN I.D. NUMBER", s('insurance.secondary.member_id')) }}{{ c(3,
"10d. PATIENT'S ACCOUNT NO.", x.acct) }}{{ c(3.6, "11a. INSURED'S DATE OF BIRTH", ins.dob) }}</div>
<div class=r>{{ c(3.4, "12. PATIENT'S MEDICAL RECORD NO.", s('patient.mrn')) }}{{ c(3, "13. INSURED'S EMPLOYER") }}{{ c(3.6,
'11c. INSURANCE PLAN OR PROGRAM NAME', s('insurance.payer')) }}</div>
<div class=sh>{{ pick(['REFERRAL INFORMATION', 'REFERRING AND SERVICING PROVIDERS']) }}</div>
<div class=r>{{ c(3.6, '14. NAME OF REFERRING PROVIDER', s('referrer.name')) }}{{ c(2, '14a. REFERRING NPI',
s('referrer.npi')) }}{{ c(4.4, '14b. REFERRING PROVIDER ORGANIZATION', s('referrer.organization')) }}</div>
<div class=r>{{ c(2, '15. REFERRING OFFICE PHONE', s('referrer.phone')) }}{{ c(2, '15a. REFERRING OFFICE FAX',
s('referrer.fax')) }}{{ c(4, '15b. DIRECT ADDRESS', s('referrer.direct_address')) }}{{ c(2, '15c. OFFICE CONTACT', x.contact) }}</div>
<div class=r>{{ c(3.3, '16. REFERRED-TO (SERVICING) PROVIDER', s('recipient.name')) }}{{ c(2,
'16a. SERVICING NPI', x.rec_npi if rn else '') }}{{ c(4.7, '16b. SERVICING FACILITY OR GROUP', s('recipient.organization')) }}</div>
<div class=r>{{ c(3, '17. SPECIALTY', s('referral.specialty')) }}{{ c(2, '17a. SERVICING PHONE',
s.ph(x.rec_phone)) }}{{ c(2, '17b. SERVICING FAX', s.ph(x.rec_fax)) }}{{ c(3, '17c. SERVICE LOCATION CITY', x.city) }}</div>
<div class=r>{{ c(1.9, '18. DATE OF REFERRAL', s('referral.date')) }}{{ c(1.9, '18a. DATE LAST SEEN',
s.d(x.visit)) }}{{ c(3.2, '19. PRIORITY', urg) }}{{ c(3, '20. PRIOR AUTHORIZATION NUMBER', s('referral.authorization_number')) }}</div>
<div class=r><div class=c style="flex:1"><i>21. DIAGNOSIS OR NATURE OF ILLNESS (ICD IND. <b>0</b>)</i>{% for k, t in dx %}
<p>{{ 'ABC'[loop.index0] }}. {{ k }} &nbsp;{{ t }}</p>{% endfor %}{% for l in 'ABCD'[dx|length:] %}<p>{{ l }}.</p>{% endfor %}</div></div>
<div class=r><div class=c style="flex:1.4"><i>22. TYPE OF SERVICE</i><p>{{ s('referral.service') }}</p></div><div class=c style="flex:2"><i>23. PROCEDURES
(CPT/HCPCS) &nbsp; MODIFIER &nbsp; UNITS</i>{% for k, t in s.cpt() %}<p>{{ k }} &nbsp; &nbsp; &nbsp;1 &nbsp; {{ t }}</p>{% else %}<p>&nbsp;</p>{% endfor %}
</div></div>
<div class=r><div class=c style="flex:1;min-height:.62in"><i>24. {{ pick(['CLINICAL INDICATION / REMARKS',
'REASON FOR REQUEST (attach notes if needed)']) }}</i><p>{{ s('referral.reason') }}</p></div></div>
<div class=r><div class=c style="flex:5;min-height:.55in"><i>25. SIGNATURE OF REFERRING PROVIDER (I certify that the statements apply to this request)</i>
<p style="font:18pt 'Z003';text-transform:none">{{ x.referrer[0] }} {{ x.referrer[2] }}</p></div>{{ c(2.5,
'26. FEDERAL TAX I.D. NUMBER', tax) }}{{ c(2.5, '27. FOR PLAN USE ONLY') }}</div>
</div><p style="margin:3px 0;font-size:7pt">{{ pick(['FORM RFR-1500-A (08/19)', 'APPROVED FORM 27-REF (02-12)']) }} &nbsp; THIS REQUEST IS NOT A GUARANTEE
OF PAYMENT</p>"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(FACES) + r.choice(["", ".c p{text-transform:uppercase}"])
    c = b.case()
    d = b.doc("referral", c)
    x = c.x
    d.style.update(name=r.choice(["last", "LAST"]), date=r.choice(["%m %d %Y", "%m/%d/%Y", "%m-%d-%Y"]), refname=r.choice(["first", "FIRST", "last"]),
           cb="sq")
    pay = c.values["insurance.payer"]
    kinds = ["MEDICARE", "MEDICAID", "TRICARE", "GROUP HEALTH PLAN", "OTHER"]
    on = next((k for k in kinds[:3] if k.lower() in pay.lower()), "GROUP HEALTH PLAN" if d.has("insurance.group_number") else "OTHER")
    tick = lambda opts, y: Markup(" ").join(Markup('<span class=opt style="font:7.5pt Liberation Sans">%s%s</span>') % (d.box(o == y), o) for o in opts)
    own = on in kinds[:3] or x["age"] > 20 and r.random() < .4
    kin = "SELF" if own else ("SPOUSE" if x["age"] > 25 else "CHILD")
    when = x["dob"] + dt.timedelta(days=r.randint(-1500, 1500)) if kin == "SPOUSE" else x["dob"] - dt.timedelta(days=r.randint(8000, 12000))
    g, f = x["emerg"].split(" ", 1)
    ins = dict(name="SAME", addr="", tel="", dob="") if own else dict(name=f"{f}, {g}", addr=r.choice(["SAME", ""]), tel=d.ph(x["emerg_phone"]),
           dob=d.d(when))
    bsex = Markup("%s &nbsp;%s") % (d("patient.birth_date"), d.boxes("patient.sex", [("male", "M"), ("female", "F")]))
    urg = d.boxes("referral.urgency", [("routine", "ROUTINE"), ("urgent", "URGENT"), ("stat", "STAT")])
    d.page("referral", T, ins=ins, cov=tick(kinds, on), rel=tick(["SELF", "SPOUSE", "CHILD", "OTHER"], kin), emp=tick(["EMPLOYMENT", "AUTO", "NEITHER"],
           "NEITHER"),
           bsex=bsex, urg=urg, dx=d.dx(), rn=r.random() < .6, tax=f"{r.randint(20, 89)}-{r.randint(1000000, 9999999)}",
           title=r.choice(["REFERRAL / PRECERTIFICATION REQUEST", "UNIFORM REFERRAL FORM", "HEALTH PLAN REFERRAL REQUEST"]))
