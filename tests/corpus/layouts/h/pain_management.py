"""An interventional pain clinic's intake referral: dark band, three columns of check boxes, a list of what must be attached."""
from markupsafe import Markup

CSS = """
.page{padding:.1in .1in .3in} .band{background:#1c1c1c;color:#fff;padding:.22in .5in .15in;display:flex;justify-content:space-between;align-items:flex-end}
.band b{font-size:1.7em} .band div:last-child{text-align:right;font-size:.95em;line-height:1.35} .in{padding:.1in .5in}
h1{font-size:1.35em;letter-spacing:3px;text-transform:uppercase;margin:.02in 0 .08in} .g{display:grid;grid-template-columns:1fr 1fr;gap:0 .3in}
.q{display:flex;border-bottom:1px dotted #333;padding:3.5px 0} .q i{font-style:normal;font-weight:bold;min-width:1.12in;padding-right:6px} .q span{overflow-wrap:anywhere}
.bar{background:#d9d9d9;font-weight:bold;padding:2px 6px;margin:.1in 0 .04in;text-transform:uppercase;font-size:.92em}
.three{display:grid;grid-template-columns:1fr 1.12fr 1fr;gap:.15in} .three>div>div{padding:1.8px 0;padding-left:.2in;text-indent:-.2in} .three .cb{text-indent:0} .three u{text-decoration:none;font-weight:bold;border-bottom:2px solid #000;display:block;margin-bottom:3px}
.att{border:2px solid #000;padding:.06in .12in;margin-top:.1in} .att div{columns:2} .att p{margin:1.5px 0}
"""
FORM = """
{% macro q(k, v) %}<div class=q><i>{{ k }}</i><span>{{ v }}</span></div>{% endmacro %}
<div class=band><div><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }} &bull; {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<div>New referrals fax {{ s.ph(x.rec_fax) }}<br>Office {{ s.ph(x.rec_phone) }}<br>{{ pick(['Mon-Thu 7:30-4:30', 'www.painfree.example', 'Closed 12-1 for lunch']) }}</div></div>
<div class=in><h1>{{ s('referral.specialty') }} {{ pick(['referral', 'referral request', 'consultation request']) }}</h1>
<div class=g><div>{{ q(pick(['Pt name', 'Patient', 'Name']), s('patient.name')) }}{{ q(pick(['DOB', 'D.O.B.', 'Born']), s('patient.birth_date')) }}
{{ q('Sex', s('patient.sex')) }}{{ q(pick(['Phone', 'Cell / home', 'Pt phone']), s('patient.phone')) }}{{ q('Address', s.addr()) }}
{{ q(pick(['Language', 'Interpreter?']), s('patient.language')) }}{{ q('Next of kin', x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}</div>
<div>{{ q(pick(['Referral date', 'Date', 'Date sent']), s('referral.date')) }}{{ q(pick(['Insurance', 'Primary ins.', 'Payor']), s('insurance.payer')) }}
{{ q(pick(['ID #', 'Subscriber ID', 'Policy #']), s('insurance.member_id')) }}{{ q(pick(['Group #', 'Grp']), s('insurance.group_number')) }}
{{ q(pick(['Auth #', 'Pre-cert #']), s('referral.authorization_number')) }}{{ q('2nd ins.', s('insurance.secondary.payer')) }}
{{ q('2nd ID #', s('insurance.secondary.member_id')) }}</div></div>
<div class=g style="margin-top:5px;font-size:.92em"><span>Work injury? {{ s.box(wc) }}Yes {{ s.box(not wc) }}No &nbsp; Claim # {{ x.acct if wc else '____________' }}</span>
<span>Auto accident? {{ s.box(False) }}Yes {{ s.box(True) }}No &nbsp; Adjuster {{ x.contact if wc else '______________' }}</span></div>
<div class=bar>{{ pick(['Check all that apply', 'Clinical information', 'Tell us what you need']) }}</div>
<div class=three><div><u>{{ pick(['Where does it hurt?', 'Pain location']) }}</u>{% for t, on in sites %}<div>{{ s.box(on) }}{{ t }}</div>{% endfor %}</div>
<div><u>{{ pick(['Procedure requested', 'Interventions (CPT)']) }}</u>{% for c, t in procs %}<div>{{ s.box(c in chosen) }}{{ t }} ({{ c }})</div>{% endfor %}
<div>{{ s.box(False) }}Let the specialist decide</div></div>
<div><u>{{ pick(['Already tried', 'Prior treatment']) }}</u>{% for t, on in tried %}<div>{{ s.box(on) }}{{ t }}</div>{% endfor %}</div></div>
<div style="margin-top:8px"><b>{{ pick(['Service:', 'Type of visit:', 'We would like you to:']) }}</b> &nbsp;{{ serv }}</div>
<div style="margin-top:5px"><b>{{ pick(['Priority:', 'Triage:', 'Urgency:']) }}</b> &nbsp;{{ urg }}</div>
<div class=bar>{{ pick(['Diagnosis and reason', 'Medical necessity']) }}</div>
{{ q(pick(['Pain dx / ICD-10', 'Dx code(s)']), dx) }}{{ q(pick(['Reason', 'Pain history', 'Comments']), s('referral.reason')) }}
{{ q('Blood thinners', pick(['None', 'None', 'Aspirin 81 mg', 'Apixaban, cardiology must clear'])) }}{{ q('Allergies', x.allergy) }}
<div class=bar>{{ pick(['Referring provider', 'Referred by']) }}</div>
<div class=g><div>{{ q('Provider', s('referrer.name')) }}{{ q(pick(['Practice', 'Clinic']), s('referrer.organization')) }}
{{ q('NPI #', s('referrer.npi')) }}</div><div>{{ q(pick(['Phone', 'Tel']), s('referrer.phone')) }}{{ q('Fax', s('referrer.fax')) }}
{{ q('Contact', x.contact ~ ', ' ~ pick(['referrals', 'MA', 'front desk'])) }}</div></div>
<div class=att><b>{{ pick(['PLEASE ATTACH', 'MUST BE INCLUDED WITH THIS FORM', 'Please attach the following or the referral is returned:']) }}</b><div>
{% for t in attach %}<p>{{ s.box(rng.random() < 0.5) }}{{ t }}</p>{% endfor %}</div></div>
<p style="font-size:.8em;margin:.07in 0 0">{{ pick(['We do not prescribe opioids at the first visit. A urine drug screen is taken from every new patient.',
'Patients are not accepted for opioid management alone. Two missed visits end the referral.']) }} If you got this fax by mistake call {{ s.ph(x.rec_phone) }}.</p></div>
"""
PROCS = [("62321", "Cervical / thoracic epidural"), ("62323", "Lumbar epidural"), ("64490", "Cervical facet block"), ("64493", "Lumbar facet block"),
         ("64635", "Lumbar RF ablation"), ("27096", "SI joint injection"), ("63650", "Spinal cord stimulator trial"), ("20553", "Trigger points, 3+ muscles")]
SITES = [("Neck", "M47.812 M50"), ("Mid back", "M54.6"), ("Low back", "M51 M46"), ("Leg / sciatica", "M54.1 M54.3 M51 G57"), ("Head / face", "M54.81"), ("Shoulder / arm", "M25.51"),
         ("Nerve pain", "M79.2 B02 G57"), ("Widespread", "G89"), ("Post-surgical", "M96")]
TRIED = ["NSAIDs", "Physical therapy, 6 weeks", "Chiropractic", "Gabapentin / pregabalin", "Opioids", "Muscle relaxants", "Injections", "Surgery", "TENS / brace"]
ATTACH = ["Last two office notes", "MRI, CT or x-ray reports", "Current medication list", "Front and back of insurance card", "Insurance authorization, if needed",
          "Operative reports (spine)", "State PDMP printout", "Demographic sheet"]


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["9.6pt 'Roboto Condensed'", "9.2pt 'Liberation Sans'", "9.4pt Lato"])
    case = book.case(specialty="Pain Medicine")
    doc = book.doc("referral", case)
    doc.drop("patient.mrn", "recipient.name", "referrer.direct_address")
    codes = [code for code, _ in case.dx] if case.has("referral.diagnoses") else []
    serv = doc.boxes("referral.service", [("consult", "Consult only"), ("evaluate_and_treat", "Evaluate & treat"), ("procedure", "Procedure only"),
                                          ("second_opinion", "2nd opinion"), ("transfer_of_care", "Assume pain care")])
    urg = doc.boxes("referral.urgency", [("routine", "Routine"), ("urgent", "Urgent (1-2 weeks)"), ("stat", "STAT / same day")])
    dx = Markup(", ").join(Markup("<b>%s</b> %s") % pair for pair in doc.dx())
    doc.page("referral", FORM, serv=serv, urg=urg, dx=dx, chosen=[code for code, _ in doc.cpt()], procs=PROCS, rng=cr, wc="orkers" in case.values["insurance.payer"],
             sites=[(t, any(c.startswith(p) for c in codes for p in ps.split())) for t, ps in SITES], tried=[(t, cr.random() < .4) for t in TRIED],
             attach=r.sample(ATTACH, 8))
