"""One fax of two patients under a batch list that names both in a table; each referral is half letter, half stub, with the answer slip to return."""
CSS = """
.page{padding:.6in .75in} .ls h1{font-size:1.7em;margin:0} .ls table{border-collapse:collapse;width:100%;margin:.2in 0} .ls td,.ls th{border:1px
solid #000;padding:5px 7px;text-align:left}
.top{border-left:5px solid #000;padding-left:10px;line-height:1.3} .top b{font-size:1.35em}
h2{font-size:1.15em;text-decoration:underline;margin:.2in 0 .06in} p{margin:.05in 0;line-height:1.45}
.cut{border-top:1.5px dashed #000;margin-top:.25in;padding-top:.08in;font-size:.92em} .cut p{line-height:1.8}
"""
FACES = ["body{font:11pt 'Liberation Serif'}", "body{font:10.4pt 'DejaVu Serif Condensed'}", "body{font:10.6pt 'Nimbus Sans'}",
       "body{font:10.6pt 'URW Bookman'}", "body{font:11pt 'Linux Biolinum O'}"]
LIST = """<div class=ls><h1>{{ pick(['Referral batch', 'Outgoing referrals', 'Daily referral list']) }}</h1><p>{{
s('referrer.organization') }}<br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Voice', 'Tel']) }} {{
s('referrer.phone') }}
{% if s.has('referrer.fax') %} / Fax {{ s('referrer.fax') }}{% endif %}</p><p>{{ pick(['For', 'Sent to']) }}: {{ s('recipient.organization') }},
fax {{ s.ph(x.rec_fax) }}<br>{{ pick(['Sent', 'Run date']) }}: {{ s.d(x.print_date) }}<br>By: {{ x.contact }}</p>
<table><tr><th>#<th>Patient<th>Born<th>Pages</tr>{% for n in [1, 2] %}<tr><td>{{ n }}<td>{{ names[n - 1] }}<td>{{ borns[n - 1] }}<td>1</tr>{%
endfor %}</table><p>Total 3 pages with this list. {{ pick(['File each under its own chart.', 'Please confirm that both arrived.']) }}</p></div>"""
REF = """<div class=top><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ L.tel }} {{
s('referrer.phone') }}{% if s.has('referrer.fax') %}, fax {{ s('referrer.fax') }}{% endif %}</div>
<p style="text-align:right">{{ L.date }} {{ s('referral.date') }} &nbsp; ({{ n }}/2)</p><p>{{ L.to }} {{ s('recipient.organization') }}{% if
s.has('recipient.name') %}, {{ s('recipient.name') }}{% endif %}</p>
<h2>{{ L.hp }}</h2><p>{{ s('patient.name') }} ({{ L.dob }} {{ s('patient.birth_date') }}, {{ s('patient.sex', 'word')|lower }}){% if
s.has('patient.mrn') %}, {{ L.mrn }} {{ s('patient.mrn') }}{% endif %}<br>{{ s.addr() }}{% if s.has('patient.phone') %}<br>{{ L.ph }} {{
s('patient.phone') }}{% endif %}
{% if s.has('patient.language') %}; speaks {{ s('patient.language') }}{% endif %}<br>{{ L.em }} {{ x.emerg }}, {{ s.ph(x.emerg_phone) }}</p>
<h2>{{ L.hi }}</h2><p>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %} &ndash; {{ L.mid }} {{ s('insurance.member_id') }}{%
endif %}{% if s.has('insurance.group_number') %} &ndash; {{ L.grp }} {{ s('insurance.group_number') }}{% endif %}
{% if s.has('insurance.secondary.payer') %}<br>{{ L.second }} {{ s('insurance.secondary.payer') }} &ndash; {{ L.mid }} {{
s('insurance.secondary.member_id') }}{% endif %}{% if s.has('referral.authorization_number') %}<br>{{ L.auth }} {{
s('referral.authorization_number') }}{% endif %}</p>
<h2>{{ L.hr }}</h2><p>{{ s('referral.specialty') }}, {{ s('referral.service')|lower }}{% if s.has('referral.urgency') %}. {{ L.urg }} {{
s('referral.urgency') }}{% endif %}</p><p>{{ s('referral.reason') }}</p>
{% if s.has('referral.diagnoses') %}<p>{{ L.dx }}{% for c, t in s.dx() %}<br>&bull; {{ t }}, {{ c }}{% endfor %}</p>{% endif %}{% if
s.has('referral.procedures') %}<p>{{ L.cpt }}{% for c, t in s.cpt() %}<br>&bull; {{ t }}, {{ c }}{% endfor %}</p>{% endif %}
<p>{{ L.other }} {{ x.history|join(', ') }}. Allergies: {{ x.allergy }}.</p><p style="margin-top:.12in"><span style="font:19pt/1 Z003">{{
x.referrer[0] }} {{ x.referrer[2] }}</span><br>{{ s('referrer.name') }}{% if s.has('referrer.npi') %}, NPI {{ s('referrer.npi') }}{% endif %}
{% if s.has('referrer.direct_address') %}<br>{{ s('referrer.direct_address') }}{% endif %}</p>
<div class=cut><p><b>{{ L.slip }}</b> {{ pick(['(complete and fax back)', '(for the specialist)']) }}<br>Appointment date ______________ time
________ with Dr. ______________________<br>[ ] patient declined &nbsp; [ ] unable to reach &nbsp; [ ] need more records &nbsp; Phone
______________</p></div>"""
LABELS = dict(tel=["Tel.", "Phone", "Call"], date=["Written", "Referral date:", "Date:"], to=["Referred to:", "To:", "We refer to:"],
       hp=["Whom we are sending", "The patient", "Patient"], dob=["DOB", "born", "date of birth"], mrn=["our no.", "chart",
              "MRN"], ph=["Phone:", "Reach at", "Cell:"], em=["In an emergency:", "Spouse/relative:", "Alternate contact:"], hi=["Payment",
                     "Insurance", "Who pays"], mid=["ID", "no.", "member"], grp=["group", "grp"], second=["Second plan:", "Secondary:"],
              auth=["Authorized by plan under", "Auth no."], hr=["What we ask", "Request", "Referral"], urg=["Priority:", "Timing:", "Urgency:"],
                     dx=["Diagnoses:", "Diagnosis codes:", "ICD-10:"], cpt=["Procedures:", "Procedure codes:"],
              other=["Also on the problem list:", "Other conditions:"], slip=["REPLY SLIP", "APPOINTMENT CONFIRMATION", "Please return"])


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    one = b.case()
    two = b.case(specialty=one.values["referral.specialty"], place=tuple(one.x[k] for k in ("city", "state", "zip", "area")))
    while two.x["patient"][2] == one.x["patient"][2]:
        two = b.case(specialty=one.values["referral.specialty"], place=tuple(one.x[k] for k in ("city", "state", "zip", "area")))
    shared = [k for k in (*one.values, *two.values) if k.startswith("referrer.") or k in ("recipient.organization", "recipient.name",
           "referral.date")]
    for k in shared:
        two.values.pop(k, None)
    two.values.update({k: one.values[k] for k in shared if k in one.values})
    two.x.update({k: one.x[k] for k in ("referrer", "cred", "recipient", "rcred", "ref_addr", "contact", "rec_phone", "rec_fax", "print_date",
           "spec_shown")})
    docs, L = [b.doc("referral", c) for c in (one, two)], {k: r.choice(v) for k, v in LABELS.items()}
    docs[1].style = docs[0].style
    names, borns = [d._written("patient.name", "last") for d in docs], [d._written("patient.birth_date", None) for d in docs]
    docs[0].page("cover", LIST, names=names, borns=borns)
    for n, d in enumerate(docs, 1):
        d.page("referral", REF, L=L, n=n)
