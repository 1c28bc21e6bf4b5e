"""Small rural office's word-processor sheet: one 'Label: value' a line, blank line between groups, no boxes, no rules."""
CSS = """
.page{padding:.8in 1in;line-height:var(--lh)} h1{font-size:1.3em;margin:0 0 .02in;text-align:var(--al);text-decoration:var(--ul)}
.o{text-align:var(--al);margin-bottom:.2in} b{font-weight:var(--w)} .gap{height:.16in}
"""
FACES = ["body{font:11pt 'Liberation Serif';font-size:12pt;--lh:1.3;--al:center;--ul:underline;--w:bold}",
         "body{font:11pt 'Liberation Sans';--lh:1.4;--al:left;--ul:none;--w:normal}",
         "body{font:11pt 'Courier Prime';--lh:1.3;--al:left;--ul:none;--w:normal}",
         "body{font:11pt Lato;--lh:1.42;--al:center;--ul:none;--w:bold}"]
T = """{% macro p(lab, v='', colon=':') %}<div><b>{{ lab }}{{ colon }}</b> {{ v }}</div>{% endmacro %}
<h1>{{ pick(['REFERRAL', 'Referral to Specialist', 'PATIENT REFERRAL', 'Outside Referral']) }}</h1><div class=o>{{
s('referrer.organization') }}<br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
{{ p(L.date, s('referral.date')) }}{{ p(L.to, s('recipient.organization')) }}{% if s.has('recipient.name') %}{{ p(L.doc,
s('recipient.name')) }}{% endif %}{{ p(L.spec, s('referral.specialty')) }}{{ p(L.tofax, s.ph(x.rec_fax)) }}<div class=gap></div>
{{ p(L.name, s('patient.name')) }}{{ p(L.dob, s('patient.birth_date')) }}{{ p(L.sex, s('patient.sex')) }}{{ p(L.addr, s.addr()) }}{{ p(L.ph,
s('patient.phone')) }}{% if s.has('patient.language') %}{{ p(L.lang, s('patient.language')) }}{% endif %}{% if
s.has('patient.mrn') %}{{ p(L.mrn, s('patient.mrn')) }}{% endif %}{{ p(L.nok, x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}<div class=gap></div>
{{ p(L.payer, s('insurance.payer')) }}{{ p(L.mid, s('insurance.member_id')) }}{% if s.has('insurance.group_number') %}{{ p(L.grp,
s('insurance.group_number')) }}{% endif %}{% if s.has('insurance.secondary.payer') %}{{ p(L.sec,
s('insurance.secondary.payer')) }}{{ p(L.secid, s('insurance.secondary.member_id')) }}{% endif %}{{ p(L.auth,
s('referral.authorization_number') if s.has('referral.authorization_number') else pick(['', 'none needed'])) }}<div class=gap></div>
{% if s.has('referral.urgency') %}{{ p(L.pri, s('referral.urgency')) }}{% endif %}{{ p(L.svc, s('referral.service')) }}{{ p(L.why,
s('referral.reason')) }}{% if s.has('referral.diagnoses') %}{{ p(L.dx, dx) }}{% endif %}{% if
s.has('referral.procedures') %}{{ p(L.px, px) }}{% endif %}{{ p('Allergies', x.allergy) }}{{ p('Meds', x.meds|join(', ')) }}<div
class=gap></div>
{{ p(L.prov, s('referrer.name')) }}{{ p(L.npi, s('referrer.npi')) }}{{ p(L.tel, s('referrer.phone')) }}{% if s.has('referrer.fax') %}{{
p(L.fax, s('referrer.fax')) }}{% endif %}{% if s.has('referrer.direct_address') %}{{ p('Direct',
s('referrer.direct_address')) }}{% endif %}{{ p(L.sent, x.contact) }}<div class=gap></div>
<div>{{ pick(['Please call patient with appt and fax us date/time. Thanks!', 'Notes attached. Please send consult report.', 'Patient prefers
mornings. Thank you.']) }}</div>"""
LABELS = {"date": ["Date", "Date Sent", "Date of Referral"], "to": ["Refer To", "To", "Sending To"],
          "doc": ["Doctor", "Specialist", "Attn"], "spec": ["Specialty", "Department"], "tofax": ["Their Fax", "Fax #", "Specialist Fax"],
          "name": ["Patient", "Patient Name", "Pt Name"], "dob": ["DOB", "Date of Birth"], "sex": ["Sex", "M/F"],
          "addr": ["Address", "Pt Address"], "ph": ["Phone", "Pt Phone", "Home Phone"], "lang": ["Language", "Speaks"],
          "mrn": ["Chart #", "Acct/Chart"], "nok": ["Emergency Contact", "Spouse/Other"], "payer": ["Insurance", "Ins", "Primary Ins"],
          "mid": ["ID #", "Policy #", "Ins ID"], "grp": ["Group", "Grp #"], "sec": ["2nd Ins", "Secondary Ins"],
          "secid": ["2nd ID #", "Secondary Policy #"], "auth": ["Auth #", "Prior Auth", "Referral Auth #"],
          "pri": ["Urgency", "How Soon", "Priority"], "svc": ["Type", "Request", "For"], "why": ["Reason", "Reason for Referral", "CC"],
          "dx": ["Dx", "Diagnosis", "ICD-10"], "px": ["Procedure", "CPT", "Test"], "prov": ["Referring Provider", "Referred By",
                                                                                            "Ordering Dr"], "npi": ["NPI", "NPI #"],
          "tel": ["Our Phone", "Office Phone", "Ph"],
          "fax": ["Our Fax", "Office Fax"], "sent": ["Sent by", "Prepared By"]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    d = b.doc("referral", b.case())
    dx = r.choice([", ", "; "]).join(r.choice(["{0} {1}", "{1} {0}"]).format(*pair) for pair in d.dx())
    px = ", ".join(f"{code} {words}" for code, words in d.cpt())
    d.page("referral", T, L={k: r.choice(v) for k, v in LABELS.items()}, dx=dx, px=px)
