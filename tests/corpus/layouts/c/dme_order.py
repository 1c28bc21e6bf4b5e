"""Detailed written order for durable medical equipment, sent by a clinic to a supplier."""
import world

CSS = """
body{font:10pt/1.3 'Liberation Serif'} .page{padding:.5in .6in} h1{font-size:15pt;margin:0;text-align:center} .st{text-align:center;font-size:9pt;
margin-bottom:.08in} table{width:100%;border-collapse:collapse} .o td,.o th{border:1.5px solid #000;padding:3px 6px;text-align:left;font-size:9.6pt}
.o th{font-size:8.6pt}
.s{border:2px solid #000;margin-top:.1in} .s>b{display:block;border-bottom:2px solid #000;padding:2px 6px;font-size:9.4pt} .s>div{padding:4px 8px;
column-gap:.3in} .q{break-inside:avoid;margin:2px 0} .q em{font-style:normal;font-weight:bold;font-size:9pt;margin-right:5px}
"""
FACES = ["", "body{font-family:'Nimbus Sans Narrow';font-size:10.6pt}", "body{font-family:'Roboto';font-size:9.3pt}",
           ".s>b{background:#000;color:#fff} body{font-family:'Liberation Sans';font-size:9.4pt}",
           "body{font-family:'Linux Libertine O';font-size:10.8pt} .s,.s>b{border-width:1px}"]
T = """{% macro q(lab, v='') %}<div class=q><em>{{ lab }}</em>{{ v }}</div>{% endmacro %}
<h1>{{ s('referral.specialty') }} {{ pick(['- Detailed Written Order', 'Prescription', '- Standard Written Order (SWO)']) }}</h1>
<div class=st>{{ s('referrer.organization') }} &bull; {{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
{% for p in parts %}{% if p == 'sup' %}<div class=s><b>{{ pick(['SUPPLIER', 'DISPENSE THROUGH', 'SEND TO SUPPLIER']) }}</b>
<div style="columns:2">{{ q(pick(['Company', 'Supplier name']), s('recipient.organization')) }}{{ q('Location',
x.rec_addr ~ ', ' ~ x.city) }}{{ q('Phone', s.ph(x.rec_phone)) }}{{ q('Intake fax', s.ph(x.rec_fax)) }}{{ q('Supplier NPI',
x.rec_npi if snpi else '') }}{{ q('PTAN', ptan if snpi else '') }}</div></div>
{% elif p == 'ben' %}<div class=s><b>{{ pick(['BENEFICIARY', 'PATIENT RECEIVING EQUIPMENT', 'PATIENT / DELIVERY']) }}</b>
<div style="columns:2">{{ q(pick(['Beneficiary', 'Patient', 'Name']), s('patient.name')) }}{{ q(pick(['Birth date',
'DOB']), s('patient.birth_date')) }}{{ q(pick(['Sex', 'Gender']), s('patient.sex')) }}{{ q(pick(['Height / weight',
'Ht / Wt']), ht ~ ' in / ' ~ x.wt ~ ' lb') }}{{ q(pick(['Deliver to', 'Delivery address', 'Home address']), s.addr()) }}
{{ q(pick(['Patient phone', 'Call before delivery']), s('patient.phone')) }}{{ q(pick(['Caregiver',
'Alternate contact']), x.emerg ~ ' ' ~ s.ph(x.emerg_phone)) }}{{ q('Language', s('patient.language')) }}{{ q(pick(['Clinic MRN',
'Record number']), s('patient.mrn')) }}</div></div>
{% elif p == 'pay' %}<div class=s><b>{{ pick(['PAYER', 'INSURANCE TO BE BILLED']) }}</b><div style="columns:2">{{ q(pick(['Primary payer',
'Bill first']), s('insurance.payer')) }}{{ q(pick(['HIC / MBI / ID', 'Beneficiary ID', 'Member no.']),
s('insurance.member_id')) }}{{ q('Group', s('insurance.group_number')) }}{{ q(pick(['Secondary / supplement',
'Bill second']), s('insurance.secondary.payer')) }}{{ q(pick(['Supplement ID', 'Second ID']),
s('insurance.secondary.member_id')) }}{{ q(pick(['Prior auth #', 'Payer PA number']), s('referral.authorization_number')) }}</div></div>
{% else %}<div class=s><b>{{ pick(['EQUIPMENT ORDERED', 'ITEMS']) }}</b><div style="padding:6px">
<div class=q><em>{{ pick(['Order date', 'Date of order', 'Date ordered']) }}</em>{{ s('referral.date') }} &nbsp;&nbsp; <em>{{ pick(['Delivery',
'Needed', 'Set-up timing']) }}</em>{{ urg }}</div><table class=o><tr><th>HCPCS<th>{{ pick(['Item', 'Description of item']) }}<th>Qty
<th>{{ pick(['Length of need (99 = lifetime)', 'LON (months)']) }}<th>{{ pick(['Rent / buy', 'R or P']) }}</tr>{% for c, t in s.cpt() %}<tr><td>{{ c }}
<td>{{ t }}<td>1<td>{{ pick([99, 99, 12, 13, 6]) }}<td>{{ pick(['R', 'P']) }}</tr>{% endfor %}<tr><td>&nbsp;<td><td><td><td></tr></table>
<div class=q style="margin-top:5px"><em>{{ pick(['Settings / liter flow / size', 'Specifications']) }}</em>{{ sett }}</div></div></div>
<div class=s><b>{{ pick(['MEDICAL NECESSITY', 'CLINICAL JUSTIFICATION']) }}</b><div>{% for c, t in s.dx() %}
{{ q(pick(['Qualifying diagnosis', 'ICD-10']), t ~ '  ' ~ c) }}{% endfor %}{{ q(pick(['Statement of need',
'Why the item is needed', 'Justification']), s('referral.reason')) }}{{ q(pick(['Face-to-face visit',
'Last F2F encounter']), s.d(x.visit)) }}{{ q('Other conditions', hist) }}{{ q(pick(['Room air SpO2 today',
'Office oximetry']), x.spo2 ~ '%') }}</div></div>{% endif %}{% endfor %}
<div class=s><b>{{ pick(['PRESCRIBER ATTESTATION', 'TREATING PRACTITIONER']) }}</b><div><div style="font-size:8.6pt;margin-bottom:4px">I certify that I am
treating this patient and that the equipment above is medically necessary. A copy of this order is kept in the chart.</div>
<div style="columns:2">{{ q(pick(['Prescriber', 'Treating practitioner']), s('referrer.name')) }}{{ q(pick(['Prescriber NPI',
'NPI']), s('referrer.npi')) }}{{ q(pick(['Office phone', 'Prescriber tel.']), s('referrer.phone')) }}{{ q(pick(['Office fax',
'Fax CMN to']), s('referrer.fax')) }}{{ q('Direct', s('referrer.direct_address')) }}{{ q('DEA / Medicaid ID') }}</div>
<div style="display:flex;gap:.4in;align-items:flex-end;margin-top:6px"><span style="flex:2;border-bottom:1px solid #000;font:20pt/1.1 'Z003'">{{
x.referrer[0] }} {{ x.referrer[2] }}</span><span style="flex:1;border-bottom:1px solid #000"></span></div>
<div style="display:flex;gap:.4in;font-size:8pt"><span style="flex:2">{{ pick(['Signature (no stamps)',
'Prescriber signature']) }}</span><span style="flex:1">Date signed</span></div></div></div>"""
NEEDS = [(["G47.33"], ["E0601", "E0562", "A7034"], ["Obstructive sleep apnea on home study with AHI of {n}, start CPAP therapy",
           "Loud snoring and daytime sleepiness, titration study showed AHI of {n} corrected by positive pressure"], ["Fixed 10 cm H2O, medium mask",
           "Auto 5-15 cm H2O", "Humidifier heated, ramp 20 min"]),
         (["J44.9", "J96.11"], ["E1390"], ["Resting oxygen saturation of 8{k} percent on room air, needs home oxygen",
           "Saturation fell to 8{k} percent while walking in the hall and recovered on two liters"], ["2 L/min by nasal cannula, continuous",
           "2 L/min at night and with exertion"]),
         (["R26.89", "I69.351", "M17.0"], ["E0143"], ["Unsteady gait after stroke, requires a wheeled walker for safe ambulation",
           "Two falls in the bathroom this month, cannot walk safely with a cane"], ["Adult, adjustable height", "Bariatric: no"]),
         (["G82.20", "I69.351"], ["K0001"], ["Cannot walk from bed to bathroom and has no strength to use a walker, needs a manual wheelchair in the home"],
           ["18 in seat, elevating leg rests", "Seat width 20 in"])]


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Durable Medical Equipment")
    dx, cp, why, sett = r.choice(NEEDS)
    dx, cp = r.sample(dx, r.randint(1, min(2, len(dx)))), cp[:r.randint(1, len(cp))]
    c.values.update({"referral.diagnoses": dx, "referral.procedures": cp, "referral.reason": r.choice(why).format(n=r.randint(16, 61), k=r.randint(3, 8))})
    c.dx, c.procs = [(k, icd.get_description(k)) for k in dx], [(k, world.CPT_WORDS[k]) for k in cp]
    d = b.doc("referral", c)
    d.drop("recipient.name", "referral.service")
    d.style["cb"] = r.choice(["sq", "line", "uni"])
    urg = d.boxes("referral.urgency", r.choice([[("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT / same day")], [("routine",
           "Routine delivery"), ("urgent", "Urgent (48 h)"), ("stat", "STAT (discharge today)")]]))
    parts = r.choice([["sup", "ben", "pay", "ord"], ["ben", "pay", "ord", "sup"], ["sup", "ord", "ben", "pay"]])
    d.page("referral", T, parts=parts, urg=urg, snpi=r.random() < .6, ptan=world.digits(r, 10), ht=r.randint(59, 75), sett=r.choice(sett),
           hist=", ".join(icd.get_description(h) for h in c.x["history"][:2]))
