"""Medicaid managed-care plan's referral form: numbered fields in boxed cells, servicing provider, plan use only block."""
import datetime as dt

import world

PLANS = ["{s} Community Health Choice", "BrightPath Medicaid of {s}", "Harborview Family Care (Medicaid)", "CareSource Medicaid", "WellCare of {s} - Medicaid",
         "{s} Medicaid Managed Care", "Sunrise Neighborhood Health Plan", "UnitedHealthcare Community Plan of {s}"]
CSS = """body{font:10.2pt 'Liberation Sans Narrow'} .page{padding:.4in .5in} .hd{display:grid;grid-template-columns:1fr auto;align-items:center;margin-bottom:.07in} .hd b{font-size:16pt} .hd div+div{text-align:right;font-size:9pt}
h1{font-size:13pt;text-align:center;margin:0;padding:3px;border:1.6px solid #000;border-bottom:0} .row{display:flex;border:1px solid #000;border-top:0} .row.first{border-top:1.6px solid #000}
.c{flex:1;border-left:1px solid #000;padding:1px 5px 3px;min-height:.42in} .c:first-child{border-left:0} .c>i{font-style:normal;font-size:7.6pt;display:block;line-height:1.25} .c .v,.c .k{font-family:'Liberation Mono';font-size:9.4pt}
.sec{background:#000;color:#fff;font-weight:bold;padding:1px 6px;letter-spacing:1px;font-size:9.4pt} .n{font-size:7.8pt;line-height:1.2;margin:.06in 0} .p{background:#e4e4e4}"""
FORM = """{% macro c(n, label, value, flex=1) %}<div class=c style="flex:{{ flex }}"><i>{{ n }}. {{ label }}</i><span class=k>{{ value }}</span></div>{% endmacro %}
<div class=hd><div><b>{{ s('insurance.payer') }}</b></div><div>Utilization Management &nbsp; Phone 1-{{ s.ph(um, '{a}-{x}-{n}') }}<br>Fax this form to 1-{{ s.ph(umfax, '{a}-{x}-{n}') }}</div></div>
<h1>{{ title }}</h1>
<div class="row first">{{ c(1, 'Date of request', s('referral.date')) }}<div class=c style="flex:1.5"><i>2. Type of request</i>{{ s.boxes('referral.urgency', urgencies) }}</div>{{ c(3, authword, s('referral.authorization_number'), 1.2) }}</div>
<div class="row sec">SECTION A &mdash; MEMBER</div>
<div class=row>{{ c(4, nameword, s('patient.name', 'last'), 2) }}{{ c(5, idword, s('insurance.member_id'), 1.3) }}{{ c(6, 'Date of birth', s('patient.birth_date')) }}<div class=c style="flex:.9"><i>7. Sex</i>{{ s.boxes('patient.sex', [('male', 'M'), ('female', 'F')]) }}</div></div>
<div class=row>{{ c(8, 'Street address', s('patient.address.line'), 1.6) }}{{ c(9, 'City', s('patient.address.city')) }}{{ c(10, 'State', s('patient.address.state'), 0.4) }}{{ c(11, 'ZIP', s('patient.address.postal_code'), 0.6) }}</div>
<div class=row>{{ c(12, 'Member telephone', s('patient.phone')) }}{{ c(13, 'Language spoken', s('patient.language')) }}{{ c(14, 'Parent / guardian / case manager', x.emerg) }}{{ c(15, 'Their telephone', s.ph(x.emerg_phone)) }}</div>
<div class=row>{{ c(16, 'Other health insurance (TPL)?  Name of carrier', s('insurance.secondary.payer'), 1.5) }}{{ c(17, 'Other carrier policy no.', s('insurance.secondary.member_id')) }}<div class=c><i>18. Accident related?</i>{{ s.box(False) }}Auto &nbsp;{{ s.box(False) }}Work &nbsp;{{ s.box(True) }}No</div></div>
<div class="row sec">SECTION B &mdash; {{ secb }}</div>
<div class=row>{{ c(19, 'Name of provider', s('referrer.name', 'cred'), 1.4) }}{{ c(20, 'NPI', s('referrer.npi')) }}{{ c(21, 'Medicaid provider ID', state_id) }}<div class=c style="flex:.8"><i>22. Member's PCP?</i>{{ s.box(True) }}Yes &nbsp;{{ s.box(False) }}No</div></div>
<div class=row>{{ c(23, 'Group / clinic name', s('referrer.organization'), 1.6) }}{{ c(24, 'Contact person', x.contact) }}{{ c(25, 'Telephone', s('referrer.phone')) }}{{ c(26, 'Fax', s('referrer.fax')) }}</div>
<div class="row sec">SECTION C &mdash; {{ secc }}</div>
<div class=row>{{ c(27, 'Provider name', s('recipient.name'), 1.3) }}{{ c(28, 'Facility / group', s('recipient.organization'), 1.6) }}{{ c(29, 'Specialty', s('referral.specialty'), 1.1) }}</div>
<div class=row>{{ c(30, 'NPI', x.rec_npi) }}{{ c(31, 'Telephone', s.ph(x.rec_phone)) }}{{ c(32, 'Fax', s.ph(x.rec_fax)) }}<div class=c style="flex:1.2"><i>33. In plan network?</i>{{ s.box(True) }}Yes &nbsp;{{ s.box(False) }}No (attach reason)</div></div>
<div class="row sec">SECTION D &mdash; SERVICES</div>
<div class=row><div class=c><i>34. Service requested (check one)</i>{{ s.boxes('referral.service', [('consult', 'Consultation only'), ('evaluate_and_treat', 'Evaluate & treat'), ('procedure', 'Procedure'), ('diagnostic', 'Diagnostic test'), ('second_opinion', 'Second opinion'), ('transfer_of_care', 'Transfer of care')]) }}</div></div>
<div class=row>{{ c(35, 'Visits', visits, 0.4) }}{{ c(36, 'Valid from', s.d(x.ref_date + day * 3), 0.7) }}{{ c(37, 'Valid through', s.d(x.ref_date + day * 93), 0.7) }}
<div class=c style="flex:2"><i>38. {{ pick(['CPT/HCPCS code(s)', 'Procedure code(s) and description']) }}</i>{% for k, t in s.cpt() %}<span class=v>{{ k }} {{ t }}</span>{{ '; ' if not loop.last }}{% endfor %}</div></div>
<div class=row><div class=c style="min-height:.62in"><i>39. {{ pick(['ICD-10-CM diagnosis code(s) and description', 'Diagnosis (ICD-10)']) }}</i>{% for k, t in s.dx() %}<span class=v>{{ k }} {{ t }}</span><br>{% endfor %}</div></div>
<div class=row><div class=c style="min-height:.75in"><i>40. {{ pick(['Clinical information supporting this request (attach notes)', 'Medical necessity / reason for referral', 'Brief history and reason for request']) }}</i>{{ s('referral.reason') }}</div></div>
<div class=row><div class=c style="flex:2"><i>41. Signature of provider or designee</i><span style="font:17pt 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></div>{{ c(42, 'Date signed', s.d(x.ref_date)) }}</div>
<div class="row sec">PLAN USE ONLY</div><div class="row p"><div class=c style="flex:1.6"><i>Decision</i>{{ s.box(False) }}Approved {{ s.box(False) }}Denied {{ s.box(False) }}Pended</div><div class=c><i>Reviewer</i></div><div class=c><i>Date received</i></div><div class=c><i>Tracking no.</i></div></div>
<div class=n>A referral does not guarantee payment. Payment depends on eligibility on the date of service. Verify eligibility at each visit. Urgent means that a delay could seriously jeopardize the life or health of the member (42 CFR 438.210). Misuse of this definition will be referred to the Medical Director.</div>
<div class=n><b>NOTICE:</b> Confidential. If you receive this fax in error, call 1-{{ s.ph(um, '{a}-{x}-{n}') }}. &nbsp; Form UM-217 (07/2024)</div>"""


def build(book):
    r, form, c = book.case_rng, book.rng, book.case()
    book.css = CSS + form.choice(["", ".c .v,.c .k{font-family:'Courier Prime';font-size:10.4pt}", ".c .v,.c .k{font-family:'DejaVu Sans';font-size:8.2pt} .sec{background:#bbb;color:#000}"])
    c.values["insurance.payer"] = form.choice(PLANS).format(s=c.x["state"])
    c.values["insurance.member_id"] = r.choice(["", "", "W", "ML"]) + world.digits(r, r.choice([8, 9, 10, 11, 12]))
    if c.values.get("insurance.secondary.payer") == c.values["insurance.payer"]:
        c.values.pop("insurance.secondary.payer")
        c.values.pop("insurance.secondary.member_id")
    doc = book.doc("referral", c)
    doc.drop("patient.mrn", "insurance.group_number", "referrer.direct_address")
    standard = form.choice(["Standard", "Routine", "Standard / non-urgent"])
    doc.page("referral", FORM, um=world.phone(r, "800"), umfax=world.phone(r, "888"), state_id=world.digits(r, 7), visits=r.choice([1, 2, 3, 6]), day=dt.timedelta(days=1),
             urgencies=[("routine", standard), ("urgent", form.choice(["Urgent", "Expedited"])), ("stat", "STAT")],
             title=form.choice(["SPECIALTY REFERRAL FORM", "PCP REFERRAL / AUTHORIZATION REQUEST", "REFERRAL REQUEST FORM"]),
             authword=form.choice(["Authorization no. (if already issued)", "Plan referral no.", "Prior authorization no."]),
             nameword=form.choice(["Member name (Last, First, MI)", "Enrollee name (last, first, middle)"]), idword=form.choice(["Medicaid / member ID no.", "Recipient ID", "Member ID no."]),
             secb=form.choice(["REFERRING PROVIDER", "REQUESTING PROVIDER", "PCP / REFERRED BY"]), secc=form.choice(["REFERRED TO", "SERVICING PROVIDER", "SPECIALIST"]))
