"""Health plan's quality letter to a primary care office: one member's open care gaps with codes that close them and a box to send back."""
import world

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.5in .6in} .hd{display:flex;justify-content:space-between;border-bottom:4px solid #444;padding-bottom:6px} .hd
b{font-size:1.5em} h1{font-size:1.3em;margin:.14in 0 .06in} .g{display:grid;grid-template-columns:1.5fr 1fr;column-gap:.3in;
background:var(--bg);padding:7px 10px;line-height:1.45} table{border-collapse:collapse;width:100%;margin:.12in 0} td,th{border:1px solid
#666;padding:5px 7px;text-align:left;vertical-align:top} th{background:var(--bg)} p{line-height:1.4;margin:.09in 0} .sm{font-size:.84em}
"""
FACES = ["body{font:10.2pt/1.3 Lato;--bg:#eee}", "body{font:10pt/1.3 'Liberation Sans';--bg:#fff}",
         "body{font:10pt/1.3 Roboto;--bg:#e2e2e2}"]
T = """<div class=hd><b>{{ s('insurance.payer') }}</b><span>{{ pick(['Quality Improvement', 'Stars & HEDIS Program', 'Population Health'])
}}<br>Questions: {{ s.ph(line) }}</span></div><h1>{{ pick(['Gaps in Care Notice', 'Member Care Opportunity Report',
'Open Care Gaps for Your Patient']) }}</h1><div class=g><span>Member: {{ s('patient.name') }}<br>Date of birth: {{ s('patient.birth_date')
}}<br>Member ID: {{ s('insurance.member_id') }}<br>Phone on file: {{ s('patient.phone') }}</span><span>Provider: {{
s('referrer.name') }}<br>NPI: {{ s('referrer.npi') }}<br>{{ s('referrer.organization') }}<br>Fax: {{ s('referrer.fax') }}</span></div>
<p>{{ pick(['Our records show that your patient is due for the services below.', 'Claims through ' ~ s.d(x.visit) ~ ' do not show the
following services.']) }} {{ pick(['If already done, send the record so that we can close the gap.',
'Please address them at the next visit.']) }}</p><table><tr><th>{{ pick(['Measure', 'Care gap']) }}<th>{{ pick(['How to close it',
'Action']) }}<th>Codes<th>{{ pick(['Status', 'Office reply']) }}</tr>{% for m, a, k in gaps %}<tr><td>{{ m }}<td>{{ a
}}<td>{{ k }}<td>{{ s.box(False) }}Done on ____<br>{{ s.box(False) }}Scheduled<br>{{ s.box(False) }}Declined</tr>{% endfor %}</table><p>{{
pick(['Fax this page with chart notes to', 'Return completed page to']) }} {{ s.ph(back) }} by {{ due }}.
Office signature ______________________ Date __________</p><p class=sm>This notice is for information. It is not an authorization, a
referral or a promise of payment. The clinician decides what care is right for the patient. Date printed {{ s.d(x.print_date)
}}. Report {{ rep }}.</p>"""
GAPS = [("Diabetes eye exam", "Refer to eye care professional for dilated exam", "92004, 2022F"),
        ("Colorectal cancer screening", "Order FIT kit or refer for colonoscopy", "82274, 45378"),
        ("Kidney health evaluation", "Urine ACR and eGFR", "82043, 80053"),
        ("Controlling blood pressure", "Record BP below 140/90", "3074F, 3078F"), ("A1c control", "A1c this year", "83036, 3044F"),
        ("Statin use in diabetes", "Prescribe or note reason not to", "-"),
        ("Osteoporosis management", "Bone density after fracture", "77080"), ("Depression screening", "PHQ-9 at annual visit", "96127"),
        ("Annual wellness visit", "Schedule visit", "G0439")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    while c.x["age"] < 45:
        c = b.case(drop=False)
    d = b.doc("other", c)
    d.page("other", T, gaps=r.sample(GAPS, r.randint(3, 5)), line=world.phone(r, "800"), back=world.phone(r, "844"),
           due=f"12/{r.randint(10, 31)}/{c.x['ref_date'].year}", rep=world.digits(r, 8))
