"""Two patients of one practice faxed together without a cover: the practice's own one-page outgoing referral, twice."""
import world

CSS = """body{font:10.3pt 'URW Gothic'} .page{padding:.55in .7in} .lh{border-left:14px solid #000;padding-left:.14in} .lh b{font-size:15pt} .lh div{font-size:8.8pt;margin-top:2px} .tt{display:flex;justify-content:space-between;margin:.17in 0 .06in;font-size:12.5pt;font-weight:bold}
.to{border:1px solid #000;padding:6px 10px;line-height:1.45} .q{margin-top:.13in} .q h3{font-size:10.4pt;margin:0 0 .03in} table{border-collapse:collapse;width:100%} td{padding:5px 6px;border-bottom:1px solid #bbb;vertical-align:top} td.k{width:1.55in;text-align:right;font-size:9pt;color:#222}
.two{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in} .two td.k{width:1.15in} .ul{list-style:none;margin:0;padding:0} .ft{position:absolute;left:.7in;right:.7in;bottom:.45in;font-size:7.6pt;text-align:center;border-top:1px solid #000;padding-top:4px}"""
FORM = """<div class=lh><b>{{ s('referrer.organization') }}</b><div>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div><div>{{ w.tel }} {{ s('referrer.phone') }} {% if s.has('referrer.fax') %}&nbsp;{{ w.fax }} {{ s('referrer.fax') }}{% endif %} &nbsp; Referral desk: {{ x.contact }}, ext. {{ ext }}</div></div>
<div class=tt><span>{{ w.title }}</span><span style="font-size:10pt;font-weight:normal">{{ s('referral.date') }}</span></div>
<div class=to>{{ w.to }} <b>{{ s('recipient.organization') }}</b> &nbsp; {{ w.dept }} {{ s('referral.specialty') }}<br>{% if s.has('recipient.name') %}Attn {{ s('recipient.name') }} &nbsp; {% endif %}Ph {{ s.ph(x.rec_phone) }} &nbsp; Fx {{ s.ph(x.rec_fax) }}</div>
<div class="q two"><div><h3>{{ w.who }}</h3><table>
<tr><td class=k>{{ w.name }}<td>{{ s('patient.name') }}</tr><tr><td class=k>{{ w.dob }}<td>{{ s('patient.birth_date') }}</tr><tr><td class=k>{{ w.sex }}<td>{{ s('patient.sex') }}</tr>
<tr><td class=k>{{ w.phone }}<td>{{ s('patient.phone') }}</tr><tr><td class=k>Address<td>{{ s('patient.address.line') }}<br>{{ s.csz() }}</tr>
<tr><td class=k>{{ w.mrn }}<td>{{ s('patient.mrn') }}</tr><tr><td class=k>Language<td>{{ s('patient.language') }}</tr><tr><td class=k>Responsible party<td>{{ x.emerg if x.age < 18 else 'Self' }}</tr></table></div>
<div><h3>{{ w.cover }}</h3><table>
<tr><td class=k>1st<td>{{ s('insurance.payer') }}</tr><tr><td class=k>{{ w.id }}<td>{{ s('insurance.member_id') }}</tr><tr><td class=k>Grp<td>{{ s('insurance.group_number') }}</tr>
<tr><td class=k>2nd<td>{{ s('insurance.secondary.payer') }}</tr><tr><td class=k>{{ w.id }}<td>{{ s('insurance.secondary.member_id') }}</tr>
<tr><td class=k>{{ w.auth }}<td>{{ s('referral.authorization_number') }}</tr><tr><td class=k>In case of emergency<td>{{ x.emerg }}<br>{{ s.ph(x.emerg_phone) }}</tr></table></div></div>
<div class=q><h3>{{ w.ask }}</h3><table>
<tr><td class=k>{{ w.urgent }}<td>{{ s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'STAT')]) }}</tr>
<tr><td class=k>We ask you to<td>{{ s.boxes('referral.service', [('consult', 'consult only'), ('evaluate_and_treat', 'evaluate and treat'), ('procedure', 'do procedure'), ('diagnostic', 'test'), ('second_opinion', 'give 2nd opinion'), ('transfer_of_care', 'assume care')]) }}</tr>
<tr><td class=k>{{ w.why }}<td>{{ s('referral.reason') }}</tr>
<tr><td class=k>{{ w.dx }}<td>{% for c, t in s.dx() %}{{ c }} &nbsp;{{ t }}{% if not loop.last %}<br>{% endif %}{% endfor %}</tr>
{% if s.has('referral.procedures') %}<tr><td class=k>{{ w.cpt }}<td>{% for c, t in s.cpt() %}{{ t }} {{ c }}{% if not loop.last %}<br>{% endif %}{% endfor %}</tr>{% endif %}
<tr><td class=k>Allergies<td>{{ x.allergy }}</tr><tr><td class=k>Meds<td>{{ x.meds[0] }}; {{ x.meds[1] }}; {{ x.meds[2] }}</tr></table></div>
<div class="q two"><div><h3>{{ w.by }}</h3>{{ s('referrer.name', 'cred') }}<br>NPI {{ s('referrer.npi') }}<br><span style="font:20pt 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></div>
<div><h3>Return to us</h3>{{ s.box(False) }}Appt. ___/___/___ &nbsp; Time _____<br>{{ s.box(False) }}Unable to reach patient &nbsp; <br>{{ s.box(False) }}Not a plan we take<br>{{ s.box(False) }}Need more records: ______________</div></div>
<div class=ft>CONFIDENTIAL HEALTH INFORMATION. Unauthorized use or disclosure is prohibited by law. If received in error, telephone {{ s.ph(back) }} collect and shred.</div>"""
WORDS = {"tel": ["Tel", "Ph:", "Phone"], "fax": ["Fax", "Fx:", "Facsimile"], "title": ["Outgoing Referral", "Referral to Specialist", "REFERRAL"], "to": ["Referred to:", "To:", "Send to"],
         "dept": ["Dept:", "For:", "Service:"], "who": ["Patient", "About the patient", "PATIENT"], "name": ["Name", "Patient", "Full name"], "dob": ["Born", "DOB", "Birth date"],
         "sex": ["Sex", "Gender", "M/F"], "phone": ["Phone", "Contact no.", "Cell"], "mrn": ["Chart", "Acct / chart no.", "MRN"], "cover": ["Coverage", "Insurance", "INSURANCE"],
         "id": ["ID", "Member no.", "Policy"], "auth": ["Auth no.", "Referral auth", "Pre-cert #"], "ask": ["What we need", "Request", "REQUEST"], "urgent": ["How soon", "Priority", "Urgency"],
         "why": ["Because", "Reason", "Reason for referral"], "dx": ["Dx", "Diagnosis", "ICD-10"], "cpt": ["Procedure / CPT", "CPT", "Orders"], "by": ["Referring clinician", "Referred by", "Provider"]}


def build(book):
    r, form = book.case_rng, book.rng
    book.css = CSS + form.choice(["", "body{font-family:'C059'}", "body{font-family:'Liberation Sans'} td.k{text-align:left}"])
    one = book.case()
    two = book.case(place=next(town for town in world.CITIES if town[0] == one.x["city"] and town[2] == one.x["zip"]), today=one.x["ref_date"])
    for key in ("referrer.organization", "referrer.phone", "referrer.fax") + (("referrer.name", "referrer.npi") if r.random() < .6 else ()):
        two.values.pop(key, None)
        if key in one.values:
            two.values[key] = one.values[key]
    if two.values["referrer.name"] == one.values["referrer.name"]:
        two.x.update(referrer=one.x["referrer"], cred=one.x["cred"])
    two.x.update({key: one.x[key] for key in ("ref_addr", "contact", "print_date")})
    words = {key: form.choice(choices) for key, choices in WORDS.items()}
    back, ext, style = world.phone(r, "888"), r.randint(11, 89), None
    for case in (one, two):
        doc = book.doc("referral", case)
        doc.drop("referrer.direct_address")
        doc.style = style = style or doc.style
        doc.page("referral", FORM, w=words, back=back, ext=ext)
