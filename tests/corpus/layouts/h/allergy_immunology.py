"""An allergy practice's own new-patient form, handed out to family doctors: every answer on a line, its small caption beneath."""
import datetime as dt

from markupsafe import Markup

CSS = """
.page{padding:.42in .6in} .lh{text-align:center;border-bottom:3px double #000;padding-bottom:5px}
.lh b{font-size:1.75em;letter-spacing:.5px} .lh div{font-size:.88em} h2{text-align:center;font-size:1.2em;margin:7px 0 3px;font-weight:bold}
.r{display:flex;gap:.16in;margin-top:7px;align-items:flex-end} .r>div{min-width:0} .a{border-bottom:.8px solid #000;min-height:1.35em;padding:0 3px}
.k{font-size:.7em;padding:1px 3px 0;font-style:italic;white-space:nowrap} .sec{font-weight:bold;margin-top:12px;font-variant:small-caps;font-size:1.06em}
.ck{display:grid;grid-template-columns:repeat(4,auto);gap:2px 8px;margin-top:4px;font-size:.93em} .hint{font-size:.83em;text-align:center;margin:0 .2in}
.of{border:1px dashed #000;padding:4px 8px;margin-top:10px;font-size:.82em} .of span{margin-right:.16in;white-space:nowrap}
"""
FORM = """
{% macro f(w, cap, val) %}<div style="flex:{{ w }} 1 0"><div class=a>{{ val }}</div><div class=k>{{ cap }}</div></div>{% endmacro %}
<div class=lh><b>{{ s('recipient.organization') }}</b><div>{{ pick(['Pediatric &amp; Adult Allergy, Asthma and Sinus Care',
'Board Certified in Adult and Pediatric Allergy', 'Asthma &bull; Hay Fever &bull; Food and Drug Reactions'])|safe }}</div>
<div>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;|&nbsp; Appointments {{ s.ph(x.rec_phone) }} &nbsp;|&nbsp; Fax {{ s.ph(x.rec_fax) }}</div></div>
<h2>{{ s('referral.specialty') }} {{ pick(['New Patient Referral', 'Referral Form', 'Physician Referral Sheet']) }}</h2>
<p class=hint>{{ pick(['Fill in every line and fax back with a copy of both sides of the insurance card. We call the family within two business days.',
'Please send office notes, spirometry and any prior skin or blood tests. Incomplete forms delay scheduling.']) }}
Antihistamines must be stopped {{ pick(['5', '7']) }} days before skin testing.</p>
<div class=sec>{{ pick(['About the patient', 'Patient']) }}</div>
<div class=r>{{ f(4, pick(['Patient (last, first, middle)', 'Name of patient', 'Patient full legal name']), s('patient.name')) }}
{{ f(1.5, pick(['Birthdate', 'Date of birth']), s('patient.birth_date')) }}{{ f(1, pick(['Sex', 'M / F', 'Gender']), s('patient.sex')) }}</div>
<div class=r>{{ f(3.4, pick(['Mailing address', 'Street address / apt']), s('patient.address.line')) }}{{ f(1.8, 'City', s('patient.address.city')) }}
{{ f(0.6, 'State', s('patient.address.state')) }}{{ f(1.1, 'Zip', s('patient.address.postal_code')) }}</div>
<div class=r>{{ f(2, pick(['Best daytime phone', 'Cell phone', 'Home phone']), s('patient.phone')) }}
{{ f(2.2, 'Parent or guardian, if a minor' if x.age < 18 else 'Emergency contact', x.emerg) }}
{{ f(1.8, pick(['Their phone', 'Contact phone']), s.ph(x.emerg_phone)) }}{{ f(1.4, pick(['Language spoken', 'Preferred language']), s('patient.language')) }}</div>
<div class=sec>{{ pick(['Coverage', 'Insurance information']) }}</div>
<div class=r>{{ f(3, pick(['Primary carrier', 'Insurance company', 'Name of plan']), s('insurance.payer')) }}
{{ f(2, pick(['ID number', 'Policy / ID no.', 'Member no.']), s('insurance.member_id')) }}{{ f(1.5, pick(['Group', 'Group no.']), s('insurance.group_number')) }}</div>
<div class=r>{{ f(2.4, 'Policy holder, if not the patient', x.emerg if minor else '') }}{{ f(1.3, "Policy holder's birthdate", s.d(holder) if minor else '') }}
{{ f(2.4, pick(['Secondary carrier', 'Other insurance']), s('insurance.secondary.payer')) }}
{{ f(1.8, 'Secondary ID', s('insurance.secondary.member_id')) }}</div>
<div class=sec>{{ pick(['Why is the patient being sent?', 'Problem to be evaluated', 'Reason for visit']) }}</div>
<div class=ck>{% for label, on in problems %}<span>{{ s.box(on) }}{{ label }}</span>{% endfor %}</div>
<div class=r>{{ f(1, pick(['Describe the concern or question for the allergist', 'History in brief / clinical question']), s('referral.reason')) }}</div>
<div class=r>{{ f(1, pick(['Working diagnosis with ICD-10', 'Diagnosis and ICD-10 code']), dx) }}</div>
<div class=r>{{ f(1, pick(['Testing or procedures desired (CPT)', 'Tests wanted, CPT if known']), cpt) }}</div>
<div class=r>{{ f(1.2, 'Drug allergies', x.allergy) }}{{ f(2, 'Current medicines', x.meds[0] ~ '; ' ~ x.meds[1]) }}</div>
<p style="margin:8px 0 0">We ask you to: &nbsp;{{ serv }}</p><p style="margin:4px 0 0">{{ pick(['How soon?', 'Appointment needed:', 'Time frame']) }} &nbsp;{{ urg }}</p>
<div class=sec>{{ pick(['Sent by', 'Referring office', 'Who is referring']) }}</div>
<div class=r>{{ f(2.6, pick(['Referring clinician, printed', 'Name of referring physician / NP / PA']), s('referrer.name')) }}{{ f(1.3, 'NPI', s('referrer.npi')) }}
{{ f(1.5, pick(['Date', "Today's date", 'Date referred']), s('referral.date')) }}</div>
<div class=r>{{ f(3, pick(['Practice', 'Clinic name', 'Office']), s('referrer.organization')) }}{{ f(1.6, pick(['Office phone', 'Telephone']), s('referrer.phone')) }}
{{ f(1.6, pick(['Office fax', 'Fax for our report']), s('referrer.fax')) }}</div>
<div class=r>{{ f(2, 'Signature', sig) }}{{ f(2.6, 'Office address', x.ref_addr) }}{{ f(2, 'Primary care doctor, if someone else', pcp) }}</div>
<div class=of><b>{{ pick(['STAFF ONLY', 'For allergy office use']) }}</b> &nbsp; <span>Rec'd ____/____</span><span>Verified by ______</span><span>Copay $______</span>
<span>Appt ____/____ at ____:____</span><span>Packet mailed [ &nbsp; ]</span><span>Dr. ____________</span></div>
"""
PROBLEMS = [("Hay fever / sinus", "J30"), ("Asthma or wheeze", "J45"), ("Hives, swelling", "L50"), ("Food reaction", "Z91.01"), ("Stinging insect", "T63"),
            ("Eczema", "L20"), ("Medication reaction", "Z88"), ("Frequent infections", "D8")]


def build(book):
    r = book.rng
    book.css = CSS + "body{font:%s}" % r.choice(["10pt 'URW Gothic'", "10pt 'URW Bookman'", "11.4pt 'Linux Libertine O'"])
    case = book.case(specialty="Allergy and Immunology")
    doc = book.doc("referral", case)
    doc.drop("patient.mrn", "referrer.direct_address", "referral.authorization_number", "recipient.name")
    serv = doc.boxes("referral.service", [("evaluate_and_treat", "Evaluate and treat"), ("consult", "Consult, send back with advice"),
                                          ("diagnostic", "Test only"), ("second_opinion", "Second opinion"), ("transfer_of_care", "Take over allergy care")])
    urg = doc.boxes("referral.urgency", [("routine", "Routine, next opening"), ("urgent", "Urgent, this week"), ("stat", "STAT - please also call")])
    dx, cpt = (Markup("; ").join(Markup("%s %s") % pair for pair in pairs) or Markup("&nbsp;") for pairs in (doc.dx(), doc.cpt()))
    pcp = book.case(drop=False).x
    codes = [code for code, _ in case.dx] if case.has("referral.diagnoses") else []
    doc.page("referral", FORM, serv=serv, urg=urg, dx=dx, cpt=cpt, minor=case.x["age"] < 18,
             holder=case.x["dob"] - dt.timedelta(days=r.randint(8200, 12800)), problems=[(label, any(c.startswith(p) for c in codes)) for label, p in PROBLEMS],
             sig=Markup('<span style="font:15pt/12pt Z003">%s %s</span>') % (case.x["referrer"][0], case.x["referrer"][2]),
             pcp=r.choice(["", f"Dr. {pcp['recipient'][0]} {pcp['recipient'][2]}"]))
