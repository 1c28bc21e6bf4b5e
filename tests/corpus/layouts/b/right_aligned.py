"""Practice-management print: two columns, labels set right against their values, no colons anywhere."""
FONTS = ["font:9.6pt/1.3 Lato", "font:9.4pt/1.3 Roboto", "font:9.8pt/1.25 'Linux Biolinum O'", "font:9.2pt/1.3 'Nimbus Sans'"]
CSS = """
.page{padding:.55in .6in} .top{display:flex;justify-content:space-between;align-items:flex-end;border-bottom:3px double #222;padding-bottom:6px}
.top h1{font-size:17pt;margin:0;font-weight:normal}
.two{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in;margin-top:.1in} .two>div{min-width:0}
h4{margin:.14in 0 .03in;font-size:9pt;letter-spacing:2px;text-transform:uppercase;border-bottom:.6px solid #777}
table.k{width:100%;border-collapse:collapse;table-layout:fixed} table.k td{vertical-align:top;padding:2.2px 0;overflow-wrap:anywhere}
table.k td:first-child{width:1.22in;text-align:right;color:#333;font-size:.88em;padding:3px .12in 0 0}
.bold .v{font-weight:bold} .it td:first-child{font-style:italic}
.foot{position:absolute;bottom:.4in;left:.6in;right:.6in;font-size:7.5pt;display:flex;justify-content:space-between;border-top:.6px solid #777;padding-top:3px}
"""
T = """
<div class=top><h1>{{ s('referrer.organization') }}</h1><div style="text-align:right;font-size:8.5pt">{{ x.ref_addr }}<br>{{ x.city }} {{ x.state }}
{{ x.zip }}</div></div>
<div style="display:flex;justify-content:space-between;margin-top:5px"><b style="font-size:12.5pt">{{ pick(['Outgoing Referral','Specialist Referral',
'Referral to Outside Provider']) }}</b><span style="font-size:8pt">{{ pick(['Batch','Document','Ref slip']) }} {{ x.acct }}</span></div>
{% macro row(l, v) %}<tr><td>{{ l }}</td><td>{{ v }}</td></tr>{% endmacro %}
<div class="two {{ deco }}"><div>
<h4>{{ pick(['Patient','Person referred','Demographics']) }}</h4><table class=k>
{{ row(pick(['Name','Patient','Full name']), s('patient.name')) }}{{ row(pick(['Born','Birthdate','Date of birth']), s('patient.birth_date')) }}
{{ row(pick(['Sex','Gender','Legal sex']), s('patient.sex')) }}
{{ row(pick(['Chart','Account','Patient ID']), s('patient.mrn')) }}{{ row(pick(['Home address','Mailing address','Lives at']), s('patient.address.line')) }}
{{ row('', s.csz(pick(['{c}, {s} {z}','{c} {s}  {z}']))) }}
{{ row(pick(['Best phone','Cell','Telephone']), s('patient.phone')) }}{{ row(pick(['Speaks','Preferred language']), s('patient.language')) }}
{{ row(pick(['Emergency','In emergency call']), x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}</table>
<h4>{{ pick(['Coverage','Payment source','Insurance on file']) }}</h4><table class=k>
{{ row(pick(['Primary plan','Plan','1st carrier']), s('insurance.payer')) }}
{{ row(pick(['Policy no.','Identification','Subscriber no.']), s('insurance.member_id')) }}
{{ row(pick(['Group','Group no.','Employer group']), s('insurance.group_number')) }}{{ row('Relationship', 'Self') }}
{{ row(pick(['Secondary plan','2nd carrier']), s('insurance.secondary.payer')) }}
{{ row(pick(['2nd policy no.','Secondary policy']), s('insurance.secondary.member_id')) }}
{{ row(pick(['Approval no.','Prior auth','Plan approval']), s('referral.authorization_number')) }}</table>
</div><div>
<h4>{{ pick(['Referral','Order','This request']) }}</h4><table class=k>
{{ row(pick(['Written','Date written','Referral made']), s('referral.date')) }}{{ row(pick(['Priority','How soon','Time frame']), s('referral.urgency')) }}
{{ row(pick(['Send to','Discipline','Department']), s('referral.specialty')) }}
{{ row(pick(['Type','Visit type','Asked for']), s('referral.service')) }}{{ row(pick(['Consultant','To be seen by','Specialist']), s('recipient.name')) }}
{{ row(pick(['Practice','Specialist office','Facility']), s('recipient.organization')) }}
{{ row('', x.rec_addr ~ ', ' ~ x.city) }}{{ row(pick(['Specialist fax','Their fax']), s.ph(x.rec_fax)) }}</table>
<h4>{{ pick(['From','Sender','Referring clinician']) }}</h4><table class=k>
{{ row(pick(['Clinician','Provider','Ordered by']), s('referrer.name')) }}{{ row('NPI', s('referrer.npi')) }}
{{ row(pick(['Office phone','Call us at']), s('referrer.phone')) }}{{ row(pick(['Office fax','Reply fax','Return results to fax']), s('referrer.fax')) }}
{{ row(pick(['Secure mail','Direct','Direct mailbox']), s('referrer.direct_address')) }}{{ row(pick(['Prepared by','Clerk']), x.contact) }}</table>
</div></div>
<div class={{ deco }}><h4>{{ pick(['Clinical','Why we are sending this patient','Indication']) }}</h4><table class=k>
{{ row(pick(['Reason','Concern','Question']), s('referral.reason')) }}
{% for c,d in s.dx() %}<tr><td>{{ pick(['Diagnosis','Diagnosis']) }} {{ loop.index }}</td><td><span class=v>{{ c }}</span> &ensp;
{{ d }}</td></tr>{% endfor %}
{% for c,d in s.cpt() %}<tr><td>Procedure {{ loop.index }}</td><td><span class=v>{{ c }}</span> &ensp; {{ d }}</td></tr>{% endfor %}
{{ row('Allergies', x.allergy) }}{{ row('Last seen', s.d(x.visit)) }}{{ row('Medicines', x.meds[:3]|join(', ')) }}</table></div>
<div class=foot><span>Printed {{ s.d(x.print_date) }} by {{ x.contact.split()[0]|lower }}</span><span>
{{ pick(['Please return a consult note within 14 days of the visit',
'Appointment date and time may be faxed back on this sheet']) }}</span><span>1/1</span></div>
"""


def build(b):
    r = b.rng
    b.css = CSS + "body{%s}" % r.choice(FONTS)
    d = b.doc("referral", b.case())
    if r.random() < .5:
        d.drop("insurance.secondary.payer", "insurance.secondary.member_id")
    d.page("referral", T, deco=r.choice(["", "bold", "it", "bold it"]))
