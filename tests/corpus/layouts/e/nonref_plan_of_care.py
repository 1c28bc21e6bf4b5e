"""Home health agency's plan of care, sent to the physician for signature: numbered boxes, orders, goals, no request for a visit."""
import datetime as dt

import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.4in .45in} table{border-collapse:collapse;width:100%;table-layout:fixed;margin-top:-1px} td{border:1px solid
#000;vertical-align:top;padding:3px 5px 9px;line-height:1.36;overflow-wrap:anywhere}
td b{display:block;font-weight:normal;font-size:.8em} .tt{text-align:center;font-weight:bold;font-size:1.15em;padding:4px;border:1px solid
#000} .sm{font-size:.84em;margin-top:5px}
"""
FACES = ["body{font:9.8pt 'Liberation Sans'}", "body{font:9.4pt 'Liberation Mono'} td b{font-family:'Liberation Sans'}",
         "body{font:10.4pt 'Nimbus Roman'}"]
T = """{% macro k(n, lab, v='', w=1) %}<td colspan={{ w }}><b>{{ n }}. {{ lab }}</b>{{ v }}</td>{% endmacro %}
<div class=tt>{{ pick(['HOME HEALTH CERTIFICATION AND PLAN OF CARE', 'Physician Certification / Plan of Treatment',
'HOME HEALTH PLAN OF CARE - SIGNATURE REQUIRED']) }}</div>
<table><tr>{{ k(1, "Patient's HI Claim No.", s('insurance.member_id'), 2) }}{{ k(2, 'Start of Care Date', s.d(soc)) }}{{ k(3, 'Certification
Period', s.d(soc) ~ ' to ' ~ s.d(end), 2) }}{{ k(4, 'Medical Record No.', s('patient.mrn')) }}</tr></table>
<table><tr>{{ k(6, "Patient's Name, Address and Phone", s('patient.name') ~ ', ' ~ s.addr() ~ '  ' ~ s('patient.phone'), 3) }}{{ k(7,
"Provider's Name, Address, Telephone", agency ~ ', ' ~ x.rec_addr ~ ', ' ~ x.city ~ ', ' ~ x.state ~ ' ' ~ x.zip ~ ' 
' ~ s.ph(x.rec_phone), 3) }}</tr>
<tr>{{ k(8, 'Date of Birth', s('patient.birth_date'), 2) }}{{ k(9, 'Sex', s('patient.sex')) }}{{ k(10, 'Medications: Dose / Frequency /
Route', x.meds|join('; '), 3) }}</tr><tr>{{ k(11, 'Principal Diagnosis, ICD-10', dxs(), 3) }}{{ k(13, 'Other Pertinent Diagnoses',
x.history|join(', '), 3) }}</tr><tr>{{ k(14, 'DME and Supplies', pick(['Walker, gloves', 'None', 'Shower chair']), 2) }}{{ k(15, 'Safety
Measures', 'Fall precautions', 2) }}{{ k(16, 'Nutritional Req.', pick(['Regular', 'No added
salt'])) }}{{ k(17, 'Allergies', x.allergy) }}</tr>
<tr>{{ k('18.A', 'Functional Limitations', pick(['Ambulation; endurance', 'Bowel/bladder; hearing']), 3) }}{{ k('18.B', 'Activities
Permitted', pick(['Up as tolerated', 'Transfer
bed/chair']), 3) }}</tr><tr>{{ k(20, 'Prognosis', pick(['Good', 'Fair', 'Guarded']), 2) }}{{ k(19,
'Mental Status', 'Oriented', 2) }}{{ k('5', 'Provider No.', prov, 2) }}</tr><tr>{{ k(21, 'Orders for Discipline and
Treatments', orders, 6) }}</tr><tr>{{ k(22, 'Goals / Rehabilitation Potential / Discharge Plans', pick(['Independent with home program;
discharge to self care.',
'Wound healed; family able to manage.']) ~ ' Rehab potential good.', 6) }}</tr><tr>{{ k(23, "Nurse's Signature and Date of Verbal SOC",
x.contact ~ ', RN  ' ~ s.d(soc), 3) }}{{ k(25, 'Date HHA Received Signed POT', '', 3) }}</tr>
<tr>{{ k(24, "Physician's Name and Address", s('referrer.name') ~ ', ' ~ s('referrer.organization') ~ ', ' ~ x.ref_addr ~ ', ' ~ x.city ~ ' 
NPI ' ~ s('referrer.npi') ~ '  Ph ' ~ s('referrer.phone') ~ '  Fax ' ~ s('referrer.fax'), 3) }}{{
k(26, 'I certify/recertify that this patient is confined to the home and needs intermittent skilled care, and that the services on this plan
are authorized by me.', '', 3) }}</tr><tr>{{ k(27, "Attending Physician's Signature and Date Signed", '', 4) }}{{ k(28, 'Payer',
s('insurance.payer'), 2)
}}</tr></table><p class=sm>{{ pick(['SIGN, DATE AND FAX BACK TO', 'Please sign and return within 7 days to',
'2nd request - sign and fax to']) }} {{ s.ph(x.rec_fax) }}. {{ pick(['No stamped signatures.', 'Thank you for your referrals.']) }} Anyone
who misrepresents essential information
may be subject to fine or imprisonment.</p>"""
ORDERS = ["SN 1w9 for observation, medication teaching and wound care", "PT 2w4, 1w2 evaluate and treat, gait training, home exercise",
          "OT 1w3 for activities of daily living", "HHA 2w6 for personal care"]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    specialty = r.choice(["Physical Therapy", "Cardiology", "Pulmonology", "Neurology"])
    c = b.case(specialty=specialty, drop=False)
    while "insurance.member_id" not in c.values or c.x["age"] < 18:
        c = b.case(specialty=specialty, drop=False)
    d, x = b.doc("other", c), c.x
    soc = x["ref_date"] - dt.timedelta(days=r.randint(2, 20))
    d.page("other", T, soc=soc, end=soc + dt.timedelta(days=59), agency=r.choice(["{} Home Health", "{} Home Care, Inc.",
            "Visiting Nurse Service of {}"]).format(r.choice([x["city"], x["place"]])),
           prov=world.digits(r, 6), orders="; ".join(r.sample(ORDERS, 2)) + ".", dxs=lambda: "; ".join(f"{k} {t}" for k, t in d.dx()))
