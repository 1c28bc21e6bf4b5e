"""Cloud EHR's referral print: grey PATIENT / FACILITY / ENCOUNTER columns on top, 'Referral to' and message body; chart on page two."""
import world

CSS = """
.page{padding:.55in .6in} .c3{display:grid;grid-template-columns:1.15fr 1.15fr 1fr;column-gap:.22in;border-bottom:2px solid
#666;padding-bottom:.1in} .h{font-size:.86em;letter-spacing:1.4px;
color:#555;text-transform:uppercase;margin-bottom:3px} .kv{display:grid;grid-template-columns:max-content 1fr;column-gap:.12in;row-gap:1px}
.kv i{font-style:normal;color:#444}
.c3 .n{font-size:1.15em;font-weight:bold} h2{font-weight:var(--hw);font-size:1.25em;margin:.17in 0 .05in} h2
small{font-size:.7em;color:#555;font-weight:normal} ul{margin:.03in 0;padding-left:.22in}
.to{display:grid;grid-template-columns:1fr 1fr;column-gap:.3in;background:var(--bg);padding:var(--p);border:var(--bd)}
td,th{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%}
.ft{position:absolute;bottom:.4in;left:.6in;right:.6in;font-size:.8em;color:#444;display:flex;justify-content:space-between}
"""
FACES = ["body{font:9.8pt/1.38 Lato;--hw:bold;--bg:#f1f1f1;--p:8px 10px;--bd:0}",
         "body{font:9.6pt/1.38 Roboto;--hw:300;--bg:#fff;--p:0;--bd:0}",
         "body{font:9.6pt/1.36 'Liberation Sans';--hw:bold;--bg:#fff;--p:8px 10px;--bd:1px solid #999}",
         "body{font:9.2pt/1.36 'DejaVu Sans Condensed';--hw:normal;--bg:#fff;--p:6px 0;--bd:0}"]
HEAD = """<div class=c3><div><div class=h>Patient</div><div class=n>{{ s('patient.name') }}</div><div class=kv><i>DOB</i><span>{{
s('patient.birth_date') }}</span><i>AGE</i><span>{{ x.age }}
yrs</span><i>SEX</i><span>{{ s('patient.sex') }}</span>{% if s.has('patient.mrn') %}<i>PRN</i><span>{{ s('patient.mrn') }}</span>{% endif
%}</div></div><div><div class=h>{{ L.fac }}</div><div
class=n>{{ s('referrer.organization') }}</div><div class=kv><i>T</i><span>{{ s('referrer.phone') }}</span><i>F</i><span>{{ s('referrer.fax')
}}</span></div>{{ x.ref_addr }}<br>{{ x.city }},
{{ x.state }} {{ x.zip }}</div><div><div class=h>{{ L.enc }}</div><div>{{ L.note }}</div><div class=kv><i>SEEN BY</i><span>{{ x.referrer[0]
}} {{ x.referrer[2] }}</span><i>DATE</i><span>{{
s.d(x.visit) }}</span></div>{{ L.signed }}</div></div>"""
FOOT = """<div class=ft><span>{{ s('patient.name') }} &nbsp; DOB {{ s('patient.birth_date') }}</span><span>{{
tool }} &nbsp; {{ n }} / 2</span></div>"""
ONE = HEAD + """<h2>{{ L.title }} <small>{{ s('referral.date') }}</small></h2><div class=to><div><div class=h>{{ L.to }}</div>{% if
s.has('recipient.name') %}<b>{{ s('recipient.name')
}}</b><br>{% endif %}{{ s('referral.specialty') }}<br>{{ s('recipient.organization') }}<br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{
x.zip }}<br>T {{ s.ph(x.rec_phone) }} &nbsp; F {{
s.ph(x.rec_fax) }}</div><div><div class=h>{{ L.from }}</div><b>{{ s('referrer.name') }}</b><br>{% if s.has('referrer.npi') %}NPI {{
s('referrer.npi') }}<br>{% endif %}{% if
s.has('referrer.direct_address') %}{{ s('referrer.direct_address') }}<br>{% endif %}{{ s('referrer.organization') }}</div></div>
<h2>{{ L.msg }}</h2><div class=kv>{% if s.has('referral.urgency') %}<i>{{ L.pri }}</i><span>{{ s('referral.urgency') }}</span>{% endif
%}<i>{{ L.type }}</i><span>{{ s('referral.service')
}}</span><i>{{ L.why }}</i><span>{{ s('referral.reason') }}</span>{% if s.has('referral.authorization_number') %}<i>{{ L.auth }}</i><span>{{
s('referral.authorization_number') }}</span>{% endif
%}</div>{% if s.has('referral.diagnoses') %}<h2>{{ L.dx }} <small>{{ pick(['attached to this referral', 'for this referral', ''])
}}</small></h2><ul>{% for c, t in s.dx() %}<li>({{ c }}) {{ t
}}</li>{% endfor %}</ul>{% endif %}{% if s.has('referral.procedures') %}<h2>{{ L.px }}</h2><ul>{% for c, t in s.cpt() %}<li>({{ c }}) {{ t
}}</li>{% endfor %}</ul>{% endif %}
<h2>{{ L.con }}</h2><div class=kv><i>{{ L.addr }}</i><span>{{ s.addr() }}</span><i>{{ L.ph }}</i><span>{{ s('patient.phone')
}}</span><i>Email</i><span></span><i>{{ L.lang }}</i><span>{{
s('patient.language') }}</span><i>{{ L.nok }}</i><span>{{ x.emerg }} {{ s.ph(x.emerg_phone) }}</span></div>
<h2>{{ L.pay }}</h2><table><tr><th>Order<th>{{ pick(['Payer', 'Insurance']) }}<th>{{ pick(['Insured ID', 'Member ID', 'Subscriber #'])
}}<th>{{ pick(['Group #', 'Group ID']) }}<th>{{
pick(['Relationship', 'Status']) }}</tr><tr><td>Primary<td>{{ s('insurance.payer') }}<td>{{ s('insurance.member_id') }}<td>{{
s('insurance.group_number') }}<td>{{ pick(['Self', 'Active'])
}}</tr>{% if s.has('insurance.secondary.payer') %}<tr><td>Secondary<td>{{ s('insurance.secondary.payer') }}<td>{{
s('insurance.secondary.member_id') }}<td><td></tr>{% endif %}</table>""" + FOOT
TWO = HEAD + """<h2>{{ pick(['Patient chart summary', 'Attached: chart note', 'Included in this referral']) }}</h2><div
class=h>Allergies</div>{{ x.allergy }}<br><br><div
class=h>Medications</div>{% for m in x.meds %}{{ m }}<br>{% endfor %}<br><div class=h>Vitals</div>BP {{ x.bp }} mmHg &nbsp; Pulse {{ x.hr }}
bpm &nbsp; Temp {{ x.temp }} F &nbsp; Weight {{ x.wt
}} lb &nbsp; O2 {{ x.spo2 }}%<br><br><div class=h>Other problems</div>{{ x.history|join(', ') }}<br><br><div class=h>Subjective</div>{{
s('referral.reason') }} Duration {{ x.dur }}. Review of
systems otherwise negative.<br><br><div class=h>Objective</div>Alert and oriented. Heart and lungs normal on auscultation. No peripheral
edema.<br><br><div class=h>Assessment / plan</div>{% for t
in words %}{{ t }}<br>{% endfor %}Specialist referral sent. Return in {{ pick(['4 weeks', '3 months']) }}.<br><br><div class=h>Family health
history</div>{{ pick(['Father: heart disease. Mother:
healthy.', 'No relevant history recorded.', 'Sister: thyroid disease']) }}""" + FOOT
LABELS = {"fac": ["Facility", "Practice"], "enc": ["Encounter", "Visit"], "note": ["Office Visit", "SOAP Note"],
          "signed": ["Electronically signed", "Note signed"],
          "title": ["Referral", "Outgoing referral", "Referral letter"], "to": ["Referral to", "To", "Recipient"],
          "from": ["Referral from", "From", "Sender"],
          "msg": ["Message", "Referral details", "Referral message"], "pri": ["Urgency", "Priority"], "type": ["Referral type", "Request"],
          "why": ["Reason", "Reason for referral", "Notes"],
          "auth": ["Authorization #", "Prior auth"], "dx": ["Diagnoses", "Dx"], "px": ["Procedures", "Orders"],
          "con": ["Contact information", "Patient contact"], "addr": ["Address", "Home"],
          "ph": ["Mobile phone", "Home phone", "Phone"], "lang": ["Language", "Preferred language"],
          "nok": ["Next of kin", "Emergency contact"], "pay": ["Insurance", "Payment", "Coverage"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    more = dict(L={k: r.choice(v) for k, v in LABELS.items()}, tool=r.choice(["Practice Harmony", "openclinic cloud", "ChartWell"]),
                words=[t for _, t in c.dx])
    d.page("referral", ONE, n=1, **more)
    d.page("clinical_note", TWO, n=2, **more)
