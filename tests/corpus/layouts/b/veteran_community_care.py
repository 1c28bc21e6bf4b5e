"""Community care authorization from a veterans' facility: referral number, many dates, standardized episode of care text; two pages."""
import datetime as dt

import world

CSS = """
.page{padding:.6in .7in} h1{font-size:1.25em;margin:.05in 0 .02in;text-align:center}
.st{border:1px solid #000;padding:4px 8px;text-align:center;font-size:.9em}
h2{font-size:1.02em;background:#000;color:#fff;margin:.13in 0 .05in;padding:2px 6px;text-transform:uppercase}
.plain h2{background:none;color:#000;border-top:2px solid #000;border-bottom:1px solid #000;padding:2px 0}
.e{margin:2.5px 0;line-height:1.25;overflow-wrap:anywhere} .e b{display:inline-block;min-width:2.25in;padding-right:6px} .two{columns:2;column-gap:.25in}
.two .e b{min-width:1.5in} ol{margin:.04in 0;padding-left:.3in} li{margin:.035in 0}
.ft{position:absolute;bottom:.4in;left:.7in;right:.7in;border-top:1px solid #000;font-size:7.6pt;display:flex;justify-content:space-between;padding-top:2px}
"""
P1 = """
{% macro e(t) %}<div class=e><b>{{ t }}:</b>{{ caller() }}</div>{% endmacro %}
<div class=st>DEPARTMENT OF VETERANS AFFAIRS &ndash; {{ pick(['OFFICE OF COMMUNITY CARE','COMMUNITY CARE SERVICE']) }}</div><h1>
{{ pick(['Community Care Referral and Authorization','Authorized Referral to Community Provider','Community Care - Authorization for Episode of Care']) }}</h1>
<div class="{{ deco }}"><h2>{{ pick(['Authorization','Referral summary']) }}</h2>
{% call e(pick(['Referral / Authorization No','Authorization (VA Referral) Number'])) %}{{ s('referral.authorization_number') }}{% endcall %}
{% call e('Unique consult ID') %}{{ ucid }}{% endcall %}
<div class=two>{% call e(pick(['Referral date','Referral issued'])) %}{{ s('referral.date') }}{% endcall %}
{% call e('Valid from') %}{{ s.d(x.ref_date) }}{% endcall %}{% call e('Valid through') %}{{ s.d(exp) }}{% endcall %}
{% call e('Clinically indicated') %}{{ s.d(cid) }}{% endcall %}{% call e('Veteran opt-in') %}{{ s.d(x.visit) }}{% endcall %}
{% call e('Printed') %}{{ s.d(x.print_date) }}{% endcall %}</div>
{% call e(pick(['Urgency','Priority of request'])) %}{{ s('referral.urgency') }}{% endcall %}
{% call e(pick(['Category of care','Specialty'])) %}{{ s('referral.specialty') }}{% endcall %}
{% call e(pick(['Service requested','Type of request'])) %}{{ s('referral.service') }}{% endcall %}{% call e('SEOC') %}{{ seoc }}{% endcall %}
<h2>Veteran</h2>{% call e(pick(['Name (last, first, middle)','Veteran name'])) %}{{ s('patient.name') }}{% endcall %}<div class=two>
{% call e('Date of birth') %}{{ s('patient.birth_date') }}{% endcall %}{% call e('Birth sex') %}{{ s('patient.sex') }}{% endcall %}
{% call e(pick(['Phone','Residence phone'])) %}{{ s('patient.phone') }}{% endcall %}{% call e('Facility MRN') %}{{ s('patient.mrn') }}{% endcall %}</div>
{% call e('Residential address') %}{{ s.addr() }}{% endcall %}{% if s.has('patient.language') %}
{% call e('Language preference') %}{{ s('patient.language') }}{% endcall %}{% endif %}{% call e('Next of kin') %}{{ x.emerg }},
{{ s.ph(x.emerg_phone) }}{% endcall %}
{% call e('Payer') %}{{ s('insurance.payer') }}{% endcall %}{% call e(pick(['Member ID (EDIPI)',
'Member identifier'])) %}{{ s('insurance.member_id') }}{% endcall %}{%
if s.has('insurance.secondary.payer') %}{% call e('Secondary (other health insurance)') %}{{ s('insurance.secondary.payer') }}, ID
{{ s('insurance.secondary.member_id') }}{% endcall %}{% endif %}
<h2>{{ pick(['Referring VA provider and facility','Referred from']) }}</h2>
{% call e(pick(['Referring provider','Ordering provider'])) %}{{ s('referrer.name') }}{% endcall %}
{% call e('Provider NPI') %}{{ s('referrer.npi') }}{% endcall %}{% call e('Facility') %}{{ s('referrer.organization') }}, station {{ stn }}{% endcall %}
{% call e('Facility community care phone') %}{{ s('referrer.phone') }}{% endcall %}
{% call e(pick(['Facility community care fax','Return records to fax'])) %}{{ s('referrer.fax') }}{% endcall %}{% if s.has('referrer.direct_address') %}
{% call e('Direct (VHIE) address') %}{{ s('referrer.direct_address') }}{% endcall %}{% endif %}
{% call e('Assigned VA primary care') %}{{ pcp }} (not the referring provider){% endcall %}
<h2>{{ pick(['Referred to','Community provider']) }}</h2>{% call e('Provider') %}{{ s('recipient.name') }}{% endcall %}
{% call e('Practice') %}{{ s('recipient.organization') }}{% endcall %}{% call e('Address / phone') %}{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} &nbsp;
{{ s.ph(x.rec_phone) }}{% endcall %}{% call e('Provider NPI') %}{{ x.rec_npi }}{% endcall %}
<h2>{{ pick(['Clinical','Consult request']) }}</h2>{% call e(pick(['Provisional diagnosis','Diagnosis'])) %}{% for c,d in s.dx() %}{{ d }} (ICD-10
{{ c }}){{ '; ' if not loop.last }}{% endfor %}{% endcall %}{% call e('Reason for request') %}{{ s('referral.reason') }}{% endcall %}{%
if s.has('referral.procedures') %}{% call e('Requested CPT / HCPCS') %}{% for c,d in s.cpt() %}{{ c }} {{ d }}{{ '; '
if not loop.last }}{% endfor %}{% endcall %}{% endif %}
</div><div class=ft><span>Referral {{ s('referral.authorization_number') }}</span><span>Page 1 of 2</span></div>
"""
P2 = """
<div class="{{ deco }}"><div class=e><b>Referral / Authorization No:</b>{{ s('referral.authorization_number') }}</div>
<div class=e><b>Veteran:</b>{{ s('patient.name') }}</div>
<h2>Standardized episode of care</h2><div class=e><b>Title:</b>{{ seoc }}</div><div class=e><b>Duration:</b>{{ days }} days from the first appointment</div>
<div class=e><b>Description:</b>This authorization covers the services associated with the specialty identified for this episode of care,
including all medical care listed below that is relevant to the referred condition.</div>
<ol><li>Initial outpatient evaluation for the referred condition on this consult.</li><li>Follow-up visits as needed, up to {{ vis }}
within the episode.</li><li>Diagnostic imaging and laboratory studies relevant to the referred condition.</li>
<li>Outpatient procedures in the office or ambulatory setting, when clinically indicated.</li><li>Pre-operative clearance,
when a procedure is scheduled.</li><li>Anesthesia consultation related to a procedure.</li></ol>
<div class=e>Not included: inpatient admission, durable medical equipment other than urgent or emergent items, and services for another condition.
Request these on a separate request for services form sent to the facility.</div>
<h2>Instructions to the community provider</h2><ol><li>Schedule the Veteran within 30 days of the clinically indicated date,
or tell the facility that this cannot be done.</li><li>Return the record of the first visit within 30 days.
Report critical findings by telephone at once.</li><li>Prescriptions beyond a 14 day supply go to the VA pharmacy.</li>
<li>Do not collect a copayment from the Veteran. Claims are filed electronically with the regional administrator with the referral number in the prior
authorization field, within 180 days of service.</li><li>Claims questions: {{ s.ph(claims) }} (this line does not schedule).</li><li>If the Veteran speaks
of self-harm, dial 988 and press 1.</li></ol>
<h2>Signed</h2><div class=e>/es/ {{ s('referrer.name', 'FIRST') }}, {{ s.d(x.ref_date) }} {{ tm }}</div><div class=e>Processed by {{ x.contact }},
{{ pick(['MSA','Program Support Assistant','RN, Care Coordination']) }}, {{ s.d(x.print_date) }}</div></div>
<div class=ft><span>Referral {{ s('referral.authorization_number') }}</span><span>Page 2 of 2</span></div>
"""


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["9.6pt 'Liberation Serif'", "9pt 'Nimbus Sans'", "9.2pt 'Liberation Sans'",
        "9.2pt 'Noto Sans Mono';letter-spacing:-.35px"])
    c = b.case()
    while c.x["age"] < 23 or c.values["referral.specialty"] == "Obstetrics and Gynecology" and c.x["age"] > 60:
        c = b.case()
    v, x = c.values, c.x
    v["insurance.payer"], v["insurance.member_id"] = r.choice(["VA Community Care Network", "VA Community Care",
        "Veterans Affairs Community Care"]), world.digits(r, 10)
    v["referral.authorization_number"], v["referrer.organization"] = "VA" + world.digits(r, 10), f"{x['place']} VA Medical Center"
    d = b.doc("referral", c)
    d.drop("insurance.group_number", *(["insurance.secondary.payer", "insurance.secondary.member_id"] if r.random() < .5 else []))
    d.style["name"], d.style["refname"] = r.choice(["LAST", "last"]), r.choice(["first", "FIRST", "last"])
    q, days, stn = world.person(r), r.choice([90, 120, 180, 365]), str(r.randint(501, 691))
    kw = dict(deco=r.choice(["", "plain"]), ucid=f"{stn}_{world.digits(r, 7)}", exp=x["ref_date"] + dt.timedelta(days=days),
        cid=x["ref_date"] + dt.timedelta(days=r.randint(3, 28)), seoc=f"{v['referral.specialty']} Comprehensive, {r.choice(['1.2.8', '1.4.1', '2.0.3'])}",
              stn=stn, pcp=f"{q[0]} {q[2]}, {r.choice(['MD', 'NP'])}", days=days, vis=r.choice([3, 6, 8]), claims=world.phone(r, "877"),
                  tm=f"{r.randint(8, 17):02d}:{r.randint(0, 59):02d}")
    d.page("referral", P1, **kw)
    d.page("referral", P2, **kw)
