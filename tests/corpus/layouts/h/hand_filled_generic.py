"""A stock "Referral Form", photocopied many times and a little askew, filled in by hand or typewriter on underlines."""
import world

CSS = """body{font:11.5pt 'Nimbus Roman'} .page{padding:.55in .75in} .in{position:relative} h1{text-align:center;font-size:22pt;margin:0 0 .03in;text-decoration:underline} .l{display:flex;align-items:flex-end;margin-top:.135in}
.l span.b{flex:1;border-bottom:1.2px solid #000;padding-left:6px;margin:0 8px 0 5px;line-height:1} .l.o{align-items:baseline} .para .v{display:block;border-bottom:1.2px solid #000;line-height:1.1;padding:5px 0 0 6px;top:0} .para{margin-top:.13in}
.t{font-size:9pt;text-align:center;font-style:italic} .dot{position:absolute;background:#000;border-radius:50%} .circ{border-width:2px;padding:1px 8px} .fl{margin-top:.14in;border-top:2.5px solid #000;padding-top:.02in}"""
HANDS = [".v,.h{font:17pt 'Z003'}", ".v,.h{font:17.5pt 'Z003'} .l span.b{transform:translateY(2px)}", ".v,.h{font:12pt 'Courier Prime'}", ".v,.h{font:11.6pt 'Nimbus Mono PS';font-weight:bold}",
         ".v,.h{font:12pt 'Courier Prime';letter-spacing:.4px;position:relative;top:-1.5px}", ".v,.h{font:italic 12.5pt 'URW Bookman'}"]
FORM = """{% macro b(label, value, flex=1) %}{{ label }}<span class=b style="flex:{{ flex }}">{{ value }}</span>{% endmacro %}
{% macro h(text) %}<span class=h>{{ text }}</span>{% endmacro %}
{% for px, py, size in dots %}<i class=dot style="left:{{ px }}in;top:{{ py }}in;width:{{ size }}px;height:{{ size }}px"></i>{% endfor %}
<div class=in style="transform:rotate({{ skew }}deg)"><h1>{{ title }}</h1><div class=t>(Please print clearly)</div>
<div class=l>{{ b('Date', s('referral.date', dateform), 0.7) }}{{ b(toword, s('recipient.name') if s.has('recipient.name') else s('recipient.organization'), 1.6) }}</div>
{% if s.has('recipient.name') %}<div class=l>{{ b('Clinic', s('recipient.organization'), 1.6) }}{{ b('Specialty', s('referral.specialty'), 1) }}</div>{% else %}<div class=l>{{ b('Specialty', s('referral.specialty'), 1) }}{{ b('Their fax', h(s.ph(x.rec_fax)), 1) }}</div>{% endif %}
<div class="l fl">{{ b(nameword, s('patient.name', 'first'), 2) }}{{ b(dobword, s('patient.birth_date', dateform), 0.9) }}</div>
<div class="l o">{{ b('Address', s('patient.address.line'), 1) }} {{ sexword }} &nbsp;{{ s.boxes('patient.sex', [('male', 'M'), ('female', 'F')], 'circle') }}</div>
<div class=l>{{ b('City', s('patient.address.city'), 1.6) }}{{ b('State', s('patient.address.state'), 0.5) }}{{ b('Zip', s('patient.address.postal_code'), 0.9) }}</div>
<div class=l>{{ b(phoneword, s('patient.phone'), 1) }}{{ b(altword, h(s.ph(x.emerg_phone)) if alt else '', 1) }}</div>
<div class=l>{{ b(payword, s('insurance.payer'), 1.5) }}{{ b('ID#', s('insurance.member_id'), 1.2) }}</div>
<div class=l>{{ b('Group#', s('insurance.group_number'), 0.8) }}{{ b('Name of insured', h(insured), 1) }}</div>
<div class="fl para">{{ whyword }}{{ s('referral.reason') }}</div>
<div class=para>{{ dxword }}{% for c, t in s.dx() %}<span class=v>{{ t|truncate(44, False, '', 0) }} &nbsp;{{ c }}</span>{% else %}<span class=v>&nbsp;</span>{% endfor %}</div>
{% if s.has('referral.procedures') %}<div class=para>Procedure / test{% for c, t in s.cpt() %}<span class=v>{{ t }} - {{ c }}</span>{% endfor %}</div>{% endif %}
<div class="l o">Please circle: &nbsp; {{ s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'STAT')], 'circle') }}</div>
<div class="l o">{{ s.boxes('referral.service', [('consult', 'Consult only'), ('evaluate_and_treat', 'Evaluate & treat'), ('second_opinion', '2nd opinion'), ('procedure', 'Procedure')], 'circle') }}</div>
<div class=l>{{ b('Allergies', h(x.allergy), 1) }}{{ b('Prior auth #', s('referral.authorization_number'), 1) }}</div>
<div class="l fl">{{ b(byword, s('referrer.name', 'cred' if cred else 'plain'), 1.5) }}{{ b('NPI', s('referrer.npi'), 1) }}</div>
<div class=l>{{ b(officeword, s('referrer.organization'), 1) }}</div>
<div class=l>{{ b('Phone', s('referrer.phone'), 1) }}{{ b('Fax', s('referrer.fax'), 1) }}{{ b('Ask for', h(x.contact.split()[0]), 0.7) }}</div>
<div class=l>{{ b('Signature', sign, 1) }}</div>
<div class=t style="margin-top:.12in">Attach copies of insurance cards, last progress note and pertinent lab / x-ray reports. Appt. _________ at _____</div></div>"""


def build(book):
    from markupsafe import Markup
    r, form, c = book.case_rng, book.rng, book.case()
    pick, x = form.choice, c.x
    book.css = CSS + pick(HANDS) + pick(["", "", "body{font-family:'Liberation Sans';font-size:10.5pt}", "body{font-family:'C059'}"])
    while len(c.dx) > 2:
        c.dx.pop()
        c.values.get("referral.diagnoses", [0]).pop()
    doc = book.doc("referral", c)
    doc.drop("patient.mrn", "patient.language", "referrer.direct_address", "insurance.secondary.payer", "insurance.secondary.member_id")
    doc.style["phone"] = pick(["{a}-{x}-{n}", "({a}) {x}-{n}", "{a} {x} {n}", "{a}.{x}.{n}"])
    patient = f"{x['patient'][0]} {x['patient'][2]}"
    doc.page("referral", FORM, title=pick(["REFERRAL FORM", "Referral Form", "PATIENT REFERRAL"]), skew=round(r.uniform(-.55, .55), 2),
             dots=[(round(r.uniform(.1, 8.2), 2), round(r.uniform(.1, 10.7), 2), r.choice([1.5, 2, 2, 3, 4])) for _ in range(22)],
             dateform=pick(["%-m/%-d/%Y", "%-m-%-d-%Y", "%-m/%-d/%y", "%m/%d/%Y"]), toword=pick(["To:", "Refer to:", "Dr. / Clinic referred to"]), nameword=pick(["Patient's name", "Patient", "Name"]),
             dobword=pick(["DOB", "Birth date", "Date of birth"]), sexword=pick(["Sex", "Sex (circle)"]), phoneword=pick(["Phone (H)", "Home phone", "Tel."]), altword=pick(["(W)", "Work / other", "(C)"]),
             alt=r.random() < .5, payword=pick(["Insurance", "Ins. Co.", "Insurance company"]), insured=r.choice(["self", "same", patient, x["emerg"]]) if "insurance.member_id" in c.values else "",
             whyword=pick(["Reason for referral", "Problem / reason", "Please see this patient for"]), dxword=pick(["Diagnosis", "Dx / ICD-10", "Diagnosis and code"]), cred=form.random() < .6,
             byword=pick(["Referring Dr.", "Referred by", "Referring physician"]), officeword=pick(["Office", "Practice name", "Clinic name"]),
             sign=Markup('<span style="font:21pt Z003">%s</span>') % f"{x['referrer'][0][0]}. {x['referrer'][2]}")
