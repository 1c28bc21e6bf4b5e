"""Two referrals of one practice in one transmission, each a sheet of dotted leaders, with a short cover before each or no cover at all."""
CSS = """
.page{padding:.6in .8in} .hd{border:2px solid #000;border-radius:9px;padding:6px 14px;display:flex;justify-content:space-between;align-items:center}
.hd b{font-size:1.3em} .hd span{text-align:right;font-size:.88em;line-height:1.3} h1{font-size:1.35em;font-weight:normal;margin:.16in 0 .03in}
h3{font-size:1em;margin:.17in 0 .04in;letter-spacing:.06em} .l{display:flex;align-items:baseline;line-height:1.66}
.l i{flex:1;min-width:.3in;margin:0 5px; border-bottom:2px dotted #444;height:.8em}
.l span:last-child{text-align:right;max-width:4.9in;line-height:1.25} .cov h1{font-size:3em;margin:.1in 0 .25in}
.cov td{padding:6px 22px 6px 0;font-size:1.15em;vertical-align:top} .cov p{margin:.25in 0;line-height:1.45}
"""
COVER = """<div class=cov><h1>{{ c.title }}</h1><table><tr><td>To<td>{{ s('recipient.organization') }}</tr><tr><td>Fax<td>{{ s.ph(x.rec_fax) }}</tr>
<tr><td>From<td>{{ s('referrer.organization') }}</tr><tr><td>Sender<td>{{ x.contact }}</tr><tr><td>{{ c.call }}<td>{{ s('referrer.phone') }}</tr>
<tr><td>Date<td>{{ s.d(x.print_date) }}</tr><tr><td>Pages<td>2</tr><tr><td>Subject<td>{{ c.about }}</tr></table>
<p>{{ c.note }}</p><p style="font-size:.85em">{{ c.small }}</p></div>"""
SHEET = """{% macro l(label, value) %}<div class=l><span>{{ label }}</span><i></i><span>{{ value }}</span></div>{% endmacro %}
<div class=hd><b>{{ s('referrer.organization') }}</b><span>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ w.tel }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp; {{ w.fax }} {{ s('referrer.fax') }}{% endif %}</span></div>
<h1>{{ w.title }} {{ s('referral.specialty') }}</h1>
{{ l(w.date, s('referral.date')) }}{{ l(w.to, s('recipient.organization')) }}{% if s.has('recipient.name') %}{{ l(w.doctor,
s('recipient.name')) }}{% endif %}
{{ l(w.urgency, s('referral.urgency')) }}{{ l(w.service, s('referral.service')) }}
<h3>{{ w.h[0] }}</h3>{{ l(w.name, s('patient.name')) }}{{ l(w.dob, s('patient.birth_date')) }}{{ l(w.sex, s('patient.sex')) }}
{{ l(w.home, s.addr()) }}{{ l(w.phone, s('patient.phone')) }}{% if s.has('patient.mrn') %}{{ l(w.mrn, s('patient.mrn')) }}{% endif %}
<h3>{{ w.h[1] }}</h3>{{ l(w.plan, s('insurance.payer')) }}{{ l(w.member, s('insurance.member_id')) }}
{% if s.has('insurance.group_number') %}{{ l(w.group, s('insurance.group_number')) }}{% endif %}
{% if s.has('referral.authorization_number') %}{{ l(w.auth, s('referral.authorization_number')) }}{% endif %}
<h3>{{ w.h[2] }}</h3>{% for code, words in s.dx() %}{{ l(w.dx ~ (' ' ~ loop.index if loop.length > 1 else ''), code ~ '  ' ~ words) }}{% endfor %}
{{ l(w.why, s('referral.reason')) }}{% for code, words in s.cpt() %}{{ l(w.proc, code ~ '  ' ~ words) }}{% endfor %}
{{ l('Allergies', x.allergy) }}{{ l('Last seen', s.d(x.visit)) }}
<h3>{{ w.h[3] }}</h3>{{ l(w.by, s('referrer.name')) }}{{ l('NPI', s('referrer.npi')) }}{{ l(w.sign, '') }}"""
WORDS = [dict(tel="Phone", fax="Fax", title="Referral to", date="Date", to="Refer to", doctor="Physician", urgency="Urgency",
              service="Requested service", h=["PATIENT", "INSURANCE", "CLINICAL INFORMATION", "REFERRING PROVIDER"], name="Name", dob="Date of birth",
              sex="Sex", home="Address", phone="Phone", mrn="Chart number", plan="Company", member="Member ID", group="Group number",
              auth="Authorization number", dx="Diagnosis", why="Reason for referral", proc="Procedure", by="Name and credentials", sign="Signature"),
         dict(tel="T:", fax="F:", title="Specialist request:", date="Requested", to="Specialist office", doctor="Specialist", urgency="Timeframe",
              service="Please", h=["Who", "Coverage", "Why", "Signed for"], name="Patient", dob="DOB", sex="Gender", home="Lives at",
              phone="Telephone", mrn="MRN", plan="Plan", member="Subscriber number", group="Group", auth="Prior authorization", dx="ICD-10",
              why="Clinical question", proc="CPT", by="Clinician", sign="Initials")]
COVERS = [dict(title="fax", call="Phone", about="New referral", note="Please let us know the date and time once the visit is booked.",
               small="Private health information. If this came to you in error, call the sender and shred all pages."),
          dict(title="FAX COVER", call="Call back", about="Patient referral", note="Kindly confirm receipt. Office notes on request.",
               small="The documents in this transmission are confidential under state and federal law and are meant for the addressee alone.")]
SAME = ["referrer.organization", "referrer.phone", "referrer.fax", "referral.date"]


def build(book):
    pick = book.rng.choice
    book.css = CSS + "body{font:%s}" % pick(["10.8pt 'URW Gothic'", "11.8pt 'Linux Biolinum O'", "11pt 'Nimbus Sans'"])
    words, cover = pick(WORDS), pick(COVERS + [None, None])
    one = book.case()
    two = book.case(place=tuple(one.x[key] for key in ("city", "state", "zip", "area")), today=one.x["ref_date"])
    for key in SAME:
        two.values.pop(key, None)
        if one.has(key):
            two.values[key] = one.values[key]
    two.x.update({key: one.x[key] for key in ("ref_addr", "contact", "print_date", "place")})
    style = None
    for case in (one, two):
        doc = book.doc("referral", case)
        doc.style = style = style or doc.style
        doc.drop("referrer.direct_address", "patient.language", "insurance.secondary.payer", "insurance.secondary.member_id")
        if cover:
            doc.page("cover", COVER, c=cover)
        doc.page("referral", SHEET, w=words)
