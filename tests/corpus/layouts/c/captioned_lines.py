"""Health-system intake sheet: each value stands on a rule, its small caption printed under the rule."""
import world

CSS = """
.page{padding:.55in .6in .4in} .hd{display:flex;justify-content:space-between;align-items:flex-end;margin-bottom:.1in} .hd b{font-size:15pt}
.hd div{font-size:8pt;line-height:1.3}
h4{margin:.13in 0 .03in;font-size:9pt;letter-spacing:2px;text-transform:uppercase} .r{display:flex;gap:.16in;margin-top:.045in;align-items:flex-end}
.c .l{border-bottom:1px solid #000;min-height:.215in;font-size:10.5pt;line-height:1.2;padding:0 3px} .c small{display:block;font-size:7.4pt;
line-height:1.15;padding-left:2px}
"""
FACES = ["body,.c .l{font-family:'P052'}", "body{font-family:'Nimbus Sans'} .c .l{font-family:'Courier Prime';font-size:10.5pt}",
           "body{font-family:'Lato'}",
         "body{font-family:'Liberation Sans Narrow'} .c .l{font-family:'Liberation Serif';font-size:11pt}"]
M = """{% macro c(w, cap, v='') %}<div class=c style="flex:{{ w }} 1 0"><div class=l>{{ v }}</div><small>{{ cap }}</small></div>{% endmacro %}"""
SENDER = """<h4>{{ hs }}</h4>
<div class=r>{{ c(4, pick(['Clinician requesting this service (print)', 'Ordering practitioner, print name',
'Name of sending clinician']), s('referrer.name')) }}{{ c(2.2, pick(['Individual NPI', 'Practitioner NPI (type 1)']),
s('referrer.npi')) }}{{ c(2.2, 'Organization NPI (type 2)', gnpi) }}</div>
<div class=r>{{ c(5, pick(['Practice or clinic', 'Sending office']), s('referrer.organization')) }}{{ c(2.2,
pick(['Office telephone', 'Office tel.']), s('referrer.phone')) }}{{ c(2.2, pick(['Office facsimile', 'Send report to (fax)']), s('referrer.fax')) }}</div>
<div class=r>{{ c(4, pick(['Secure mail (Direct)', 'Direct secure messaging address']), s('referrer.direct_address')) }}{{ c(3,
'Person completing this sheet', x.contact) }}{{ c(2, "Completer's extension", ext) }}</div>"""
PATIENT = """<h4>{{ hp }}</h4>
<div class=r>{{ c(5, pick(['Patient: last name, first name, middle', 'Surname, given name, initial']) if s.style.name in ('last',
'LAST') else pick(['Full legal name of patient', 'Patient as named on insurance card']), s('patient.name')) }}
{{ c(2, pick(['Born (date)', 'Birthdate', 'Date of birth']), s('patient.birth_date')) }}{{ c(2.1,
'Sex', s.boxes('patient.sex', [('female', 'F'), ('male', 'M'), ('other', 'X')])) }}</div>
<div class=r>{{ c(4, pick(['Number and street', 'Residence']), s('patient.address.line')) }}{{ c(2.4,
pick(['City or town', 'City']), s('patient.address.city')) }}{{ c(0.8, 'State', s('patient.address.state')) }}{{ c(1.4,
pick(['ZIP', 'Postal code']), s('patient.address.postal_code')) }}</div>
<div class=r>{{ c(2.2, pick(["Patient's telephone", 'Best telephone for patient']), s('patient.phone')) }}{{ c(2,
pick(['Language spoken', 'Preferred language']), s('patient.language')) }}{{ c(2.4, pick(['Notify in emergency',
'Next of kin']), x.emerg) }}{{ c(2, pick(['Their telephone', 'Kin telephone']), s.ph(x.emerg_phone)) }}</div>
<div class=r>{{ c(2, pick(['Chart number', 'Medical record no.']), s('patient.mrn')) }}{{ c(3, 'Employer') }}{{ c(2, 'Marital status') }}</div>"""
COVER = """<h4>{{ hc }}</h4>
<div class=r>{{ c(4, pick(['Insurer', 'Name of health plan', 'First payer']), s('insurance.payer')) }}{{ c(2.6,
pick(['Identification no. on card', 'Subscriber / member no.']), s('insurance.member_id'))
}}{{ c(2.2, pick(['Group', 'Employer group no.']), s('insurance.group_number')) }}</div>
<div class=r>{{ c(4, pick(['Other insurer, if any', 'Second payer']), s('insurance.secondary.payer')) }}{{ c(2.6,
'Identification no., other insurer', s('insurance.secondary.member_id')) }}{{ c(2.2, 'Policyholder if not the patient', holder) }}</div>
<div class=r>{{ c(3, pick(['Plan approval number, if obtained', 'Authorization no. issued by plan']),
s('referral.authorization_number')) }}{{ c(3, 'Approved through (date)') }}{{ c(2, 'Visits approved') }}</div>"""
ASK = """<h4>{{ ha }}</h4>
<div class=r>{{ c(4.6, pick(['Facility or group asked to see the patient', 'Sent to (practice)']),
s('recipient.organization')) }}{{ c(3.2, pick(['Particular physician desired', 'Physician, if one is preferred']),
s('recipient.name')) }}{{ c(2.8, pick(['Field of practice', 'Specialty']), s('referral.specialty')) }}</div>
<div class=r>{{ c(2.6, pick(['What is asked for', 'Kind of service']), s('referral.service')) }}{{ c(3.9,
pick(['How soon', 'Priority']), s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'Stat')]))
}}{{ c(2, pick(['Date of this request', 'Requested on']), s('referral.date')) }}</div>
{% for k, t in s.dx() %}<div class=r>{{ c(1.3, 'ICD-10-CM', k) }}{{ c(7, 'Diagnosis ' ~ loop.index, t) }}</div>{% endfor %}
{% for k, t in s.cpt() %}<div class=r>{{ c(1.3, 'CPT / HCPCS', k) }}{{ c(7, 'Service or test requested', t) }}</div>{% endfor %}
<div class=r>{{ c(1, pick(['Why the patient is being sent', 'Question for the consultant', 'Indication in brief']), s('referral.reason')) }}</div>"""
T = """<div class=hd><div><b>{{ title }}</b><br>{{ pick(['Please print. Return by fax to the receiving office.',
'Complete every line that applies.']) }}</div><div style="text-align:right">{{ form }}<br>Account {{ x.acct }}</div></div>%s
<div class=r style="margin-top:.2in"><div class=c style="flex:3">
<div class=l style="font:20pt 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</div><small>Signature of
clinician</small></div>{{ c(1.4, 'Received by (receiving office)') }}{{ c(1.2, 'Appointment given') }}</div>"""


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    parts = [SENDER, PATIENT, COVER, ASK]
    if r.random() < .5:
        parts = [PATIENT, COVER, ASK, SENDER]
    d.page("referral", M + T % "".join(parts), gnpi=r.choice(["", world.npi(r)]), ext=r.choice(["", f"x{r.randint(101, 499)}"]), holder=r.choice(["", "",
           c.x["emerg"]]),
           title=r.choice(["Outpatient Referral Sheet", "Request for Specialty Services", "Physician-to-Physician Referral"]),
           form=r.choice(["Form 114-B (rev. 3/22)", "HIM-0873 Rev 11/2019", "MR 60-212"]), hs=r.choice(["From", "Sending clinician"]),
           hp=r.choice(["Patient", "About the patient"]),
           hc=r.choice(["Coverage", "Third-party payment"]), ha=r.choice(["Request", "Service requested"]))
